# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Proofs that the certificates of a file were good: OCSP answers, revocation lists, and the certificates between.

Apart from writing them into the file because everything must be in hand before the first byte is added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.dss import collect_validation_info
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathError,
    RevokedError,
    ValidationError,
)

from digitizer_desk.errors import DeskError, error
from digitizer_desk.signing.contexts import NEED, Anchors, context
from digitizer_desk.signing.lasting.timestamps import CheckedTimestamper, TimestampService
from digitizer_desk.signing.verdict import SignatureCheck, Verification


@dataclass(slots=True)
class Proofs:
    """``found``: for each signature its certificate paths and the context that holds what was fetched for them;
    ``stamper``: the context for the timestamp that will close the file."""

    found: list[tuple[list[Any], Any]] = field(default_factory=list)
    stamper: Any = None

    async def close(self) -> None:
        """Give up the connections."""
        for _, judged_by in self.found:
            await judged_by.aclose()
        if self.stamper is not None:
            await self.stamper.aclose()


async def gather(
    stream: BinaryIO,
    anchors: Anchors,
    stamper: CheckedTimestamper,
    service: TimestampService,
    known: Verification,
    now: datetime,
) -> Proofs:
    """Everything that still is to be proven: of signatures below B-LTA, of the newest timestamp, and of the service.

    ``known`` tells what the file carries; a signature's proofs are asked for the time that is proven for it, else for
    ``now``.

    Raises:
        DeskError: ``signature.revoked``, ``signature.evidence_missing``, ``signature.chain_incomplete``,
            ``signature.not_in_time``; what the timestamper raises.
    """
    proofs = Proofs()
    checks = {check.behind.revision: check for check in known.signatures}
    embedded = sorted(PdfFileReader(stream, strict=False).embedded_signatures, key=lambda one: one.signed_revision)
    try:
        for one in embedded:
            check = checks[one.signed_revision + 1]
            if check.level == "B-LTA" or (check.role == "timestamp" and one is not embedded[-1]):
                continue
            judged_by = context(anchors, _moment(check, now), NEED, fetch=True, patience=service.question_s)
            proofs.found.append(([], judged_by))
            proofs.found[-1][0].extend(await _asked(collect_validation_info(one, judged_by)))
        proofs.stamper = context(anchors, now, NEED, fetch=True, patience=service.question_s)
        await _asked(_paths(stamper, proofs.stamper))
    except BaseException:
        await proofs.close()
        raise
    return proofs


def _moment(check: SignatureCheck, now: datetime) -> datetime:
    """The time proven for a signature; a timestamp tells its own."""
    return check.behind.proven_at or (check.valid_at if check.role == "timestamp" else None) or now


async def _paths(stamper: CheckedTimestamper, judged_by: Any) -> list[Any]:
    return [path async for path in stamper.validation_paths(judged_by)]


async def _asked(question: Any) -> list[Any]:
    """The answer, or our error for what certificate checking raises."""
    try:
        return list(await question)
    except RevokedError as problem:
        raise error("signature.revoked") from problem
    except InsufficientRevinfoError as problem:
        raise _missing(problem) from problem
    except (ExpiredError, NotYetValidError) as problem:
        raise error("signature.not_in_time", type(problem).__name__) from problem
    except (PathError, ValidationError) as problem:
        raise error("signature.chain_incomplete", type(problem).__name__) from problem


def _missing(problem: Exception) -> DeskError:
    return error("signature.evidence_missing", type(problem).__name__)
