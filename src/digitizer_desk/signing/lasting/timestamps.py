# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Asking for a timestamp (RFC 3161), and believing nothing that comes back until it was checked.

Apart from ``upgrade.py`` because a server that is down, slow or lying must look the same from everywhere: an error
with its code, and no timestamp.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import error
from digitizer_desk.signing.contexts import NOT_ASKED, PATIENCE, Anchors, context

#: what asn1crypto raises on bytes that are no answer
_NO_ANSWER = (ValueError, TypeError, LookupError, AttributeError)
_GRANTED = ("granted", "granted_with_mods")


@dataclass(frozen=True, slots=True)
class TimestampService:
    """Where timestamps come from.

    ``wait_s``: seconds one timestamp, and the proofs of one document, may take. ``clock_s``: seconds this machine's
    clock may differ from the server's; more means that one of them is wrong, and nobody can tell which.
    """

    url: str
    wait_s: float = 20.0
    clock_s: float = 300.0

    @property
    def question_s(self) -> float:
        """Seconds a single question to an OCSP responder or for a revocation list may take: when one is silent there
        must be time left to ask the other."""
        return min(PATIENCE, self.wait_s / 3)


class CheckedTimestamper(HTTPTimeStamper):  # type: ignore[misc]
    """Asks one service. ``clock`` is this machine's, ``anchors`` whom to trust.

    pyHanko's own client compares the nonce and nothing else, and stumbles over a wrong one.
    """

    def __init__(self, service: TimestampService, anchors: Anchors, clock: Callable[[], datetime]) -> None:
        super().__init__(service.url, timeout=service.wait_s)
        self._service = service
        self._anchors = anchors
        self._clock = clock

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token over this digest, checked: granted, ours, about this digest, now, by somebody trusted.

        Raises:
            DeskError: ``signature.timestamp_offline`` (no answer in time), ``signature.timestamp_wrong``,
                ``signature.clock``.
        """
        nonce, request = self.request_cms(message_digest, md_algorithm)
        try:
            answer = await self.async_request_tsa_response(request)
        except (TimestampRequestError, TimeoutError) as problem:
            raise error("signature.timestamp_offline", type(problem.__cause__ or problem).__name__) from problem
        except _NO_ANSWER as problem:
            raise error("signature.timestamp_wrong", "no timestamp answer") from problem
        try:
            token, info = _opened(answer)
            if not hmac.compare_digest(info["message_imprint"]["hashed_message"].native, message_digest):
                raise error("signature.timestamp_wrong", "about another document")
            if info["nonce"].native != nonce:
                raise error("signature.timestamp_wrong", "answer to another question")
            made_at = info["gen_time"].native
        except _NO_ANSWER as problem:
            raise error("signature.timestamp_wrong", "no timestamp answer") from problem
        self._compare_clocks(made_at)
        await self._require_trust(token, message_digest)
        self._register_dummy(md_algorithm, token)  # saves the question pyHanko asks to learn size and certificate
        return token

    def _compare_clocks(self, theirs: datetime) -> None:
        ours = self._clock()
        if abs(theirs - ours) > timedelta(seconds=self._service.clock_s):
            raise error("signature.clock", "", ours=_shown(ours), theirs=_shown(theirs))

    async def _require_trust(self, token: cms.ContentInfo, digest: bytes) -> None:
        judged_by = context(self._anchors, self._clock(), NOT_ASKED)
        try:
            found = await validate_tst_signed_data(token["content"], judged_by, lambda _algorithm: digest)
        except (SignatureValidationError, *_NO_ANSWER) as problem:
            raise error("signature.timestamp_wrong", type(problem).__name__) from problem
        finally:
            await judged_by.aclose()
        if not (found["intact"] and found["valid"]):
            raise error("signature.timestamp_wrong", "broken")
        if found.get("validation_path") is None or found.get("trust_problem_indic") is not None:
            raise error("signature.timestamp_wrong", "nobody trusted gave it")


def _opened(answer: tsp.TimeStampResp) -> tuple[cms.ContentInfo, Any]:
    if answer["status"]["status"].native not in _GRANTED:
        raise error("signature.timestamp_wrong", "refused")
    token = answer["time_stamp_token"]
    return token, token["content"]["encap_content_info"]["content"].parsed


def _shown(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
