# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What makes a signature count in ten years, added without the token: proof of time, proofs of revocation, and a
timestamp over all of it.

Apart from signing because it needs a network and no key. One upgrade is one extra revision, in this order: a timestamp
over the last signature goes into the room that was left in it; the proofs for every signature, and for the timestamps,
go into one new revision; a document timestamp closes that revision. Another order leaves something unproven.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.signers.pdf_signer import TimestampDSSContentSettings
from pyhanko.sign.validation.dss import DocumentSecurityStore

from digitizer_desk.durable import whole_file
from digitizer_desk.errors import DeskError, error
from digitizer_desk.signing.contexts import Anchors
from digitizer_desk.signing.lasting.proofs import Proofs, gather
from digitizer_desk.signing.lasting.timestamps import CheckedTimestamper, TimestampService
from digitizer_desk.signing.verdict import Verification
from digitizer_desk.signing.verify import verify_stream

#: hex digits kept free for a document timestamp with its certificates
_STAMP_ROOM = 16384
_PIECE = 1 << 20
#: what no later run will mend: a timestamp would only prove it
_HOPELESS = ("signature.revoked", "signature.not_in_time")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What an upgrade came to.

    ``changed``: bytes were added. ``level``: the least level of the file's signatures. ``missing``: code of what keeps
    it from B-LTA, '' when nothing does; another run may add it. ``held_until``: when the newest archive timestamp's
    certificate ends, by then it must be renewed.
    """

    changed: bool
    level: str
    missing: str = ""
    held_until: datetime | None = None


def upgrade_pdf(
    pdf: bytes,
    service: TimestampService,
    *,
    trust: Sequence[bytes],
    clock: Callable[[], datetime],
    renew_within: timedelta | None = None,
) -> tuple[bytes, Upgraded]:
    """:func:`upgrade_stream` for a PDF in memory: the upgraded bytes, or the same ones.

    Raises:
        DeskError: as :func:`upgrade_stream`.
    """
    stream = BytesIO()
    stream.write(pdf)
    found = upgrade_stream(stream, service, trust=trust, clock=clock, renew_within=renew_within)
    return stream.getvalue(), found


def upgrade_file(
    source: Path,
    target: Path,
    service: TimestampService,
    *,
    trust: Sequence[bytes],
    clock: Callable[[], datetime],
    renew_within: timedelta | None = None,
) -> Upgraded:
    """:func:`upgrade_stream` from one file into another, which appears whole or not at all. A file that needs nothing
    is copied as it is.

    Raises:
        DeskError: as :func:`upgrade_stream`; ``file.not_found``, ``store.disk_full``, ``file.not_written``.
    """
    if not source.is_file():
        raise error("file.not_found", file=source.name)
    with source.open("rb") as original, whole_file(target) as stream:
        shutil.copyfileobj(original, stream, _PIECE)
        return upgrade_stream(
            stream, service, trust=trust, clock=clock, renew_within=renew_within, file=source.name
        )  # fmt: skip


def upgrade_stream(
    stream: BinaryIO,
    service: TimestampService,
    *,
    trust: Sequence[bytes],
    clock: Callable[[], datetime],
    renew_within: timedelta | None = None,
    file: str = "",
) -> Upgraded:
    """Bring every signature of a PDF to B-LTA, in place; safe to repeat: what is there is not added again.

    The stream is readable, writable and seekable. Not a byte that a signature covers changes. When a timestamp can be
    had but the proofs cannot, the file gets the timestamp alone (B-T) and ``missing`` says so. ``renew_within``: a file
    whose archive timestamp ends within that time gets a new one over everything.

    Raises:
        DeskError: ``file.not_signed``; ``signature.broken`` when a signature is not whole, before or after;
            ``signature.timestamp_offline``, ``signature.timestamp_wrong``, ``signature.clock`` when no timestamp could
            be had at all (the stream is as it was); ``signature.revoked``, ``signature.not_in_time`` for the
            signer's certificate; ``signature.chain_incomplete``; ``image.*`` for what is no PDF.
        OSError: the stream cannot be written.
    """
    before = _judged(stream, trust, clock(), file)
    renew = renew_within is not None and is_due(before, clock(), renew_within)
    if before.complete and not renew:
        return Upgraded(False, before.level, held_until=before.held_until)
    size = stream.seek(0, 2)
    work = _Upgrade(stream, service, Anchors.of(trust), clock)
    try:
        missing = asyncio.run(work.run(before))
    except BaseException:
        work.undo(size)
        raise
    after = _judged(stream, trust, clock(), file)
    if not missing and not after.complete:
        missing = "signature.evidence_missing"
    return Upgraded(work.changed, after.level, missing, after.held_until)


def is_due(found: Verification, now: datetime, within: timedelta) -> bool:
    """Whether the archive timestamp must be renewed: it ends within this time, or has ended."""
    until = found.held_until
    return until is not None and until - now <= within


def _judged(stream: BinaryIO, trust: Sequence[bytes], at: datetime, file: str) -> Verification:
    found = verify_stream(stream, trust=trust, offline=True, at=at, file=file)
    if not found.people:
        raise error("file.not_signed", file=file)
    if found.modified_after_signing or not all(s.intact for s in found.signatures):
        raise error("signature.broken", "not whole")
    return found


class _Upgrade:
    """One upgrade of one stream."""

    def __init__(
        self, stream: BinaryIO, service: TimestampService, anchors: Anchors, clock: Callable[[], datetime]
    ) -> None:
        self._stream = stream
        self._service = service
        self._anchors = anchors
        self._clock = clock
        self._stamper = CheckedTimestamper(service, anchors, clock)
        self._overwritten: tuple[int, bytes] | None = None
        self.changed = False

    async def run(self, before: Verification) -> str:
        """Do what can be done. Returns the code of what could not, or ''."""
        await self._stamp_last()
        try:
            proofs = await asyncio.wait_for(
                gather(self._stream, self._anchors, self._stamper, self._service, before, self._clock()),
                self._service.wait_s,
            )
            await self._close(proofs)
        except TimeoutError:
            return self._left_open("signature.evidence_missing", None)
        except DeskError as problem:
            if problem.code in _HOPELESS:
                raise
            return self._left_open(problem.code, problem)
        return ""

    def _left_open(self, code: str, problem: DeskError | None) -> str:
        """A timestamp on the signature alone is worth keeping; without even that the file stays as it was."""
        if not self.changed:
            raise problem or error(code)
        return code

    def undo(self, size: int) -> None:
        """The stream as it was before."""
        self._stream.truncate(size)
        if self._overwritten is not None:
            self._stream.seek(self._overwritten[0])
            self._stream.write(self._overwritten[1])

    async def _stamp_last(self) -> None:
        """A timestamp over the last signature's value, into the digits left free in it. Only the last one's can be
        written to: an earlier one's are covered by the later signature."""
        found = PdfFileReader(self._stream, strict=False).embedded_signatures
        last = max(found, key=lambda one: one.signed_revision)
        size = self._stream.seek(0, 2)
        start, gap, end = _gap(last)
        if last.sig_object_type == "/DocTimeStamp" or end != size or _has_stamp(last.signer_info):
            return
        content = cms.ContentInfo.load(last.pkcs7_content)
        signer = content["content"]["signer_infos"][0]
        digest = hashlib.sha256(signer["signature"].native).digest()
        token = await self._stamper.async_timestamp(digest, "sha256")
        stamp = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
        kept = list(signer["unsigned_attrs"]) if signer["unsigned_attrs"].native else []
        signer["unsigned_attrs"] = cms.CMSAttributes([*kept, stamp])
        digits = content.dump(force=True).hex().encode()
        if len(digits) > gap:
            return  # somebody else's signature left no room: the document timestamp will do
        self._stream.seek(start)
        self._overwritten = (start, self._stream.read(gap))
        self._stream.seek(start)
        self._stream.write(digits.ljust(gap, b"0"))
        self.changed = True

    async def _close(self, proofs: Proofs) -> None:
        """Proofs and a document timestamp as one revision; none of it when the timestamp fails."""
        size = self._stream.seek(0, 2)
        try:
            writer = IncrementalPdfFileWriter(self._stream, strict=False)
            for paths, judged_by in proofs.found:
                DocumentSecurityStore.supply_dss_in_writer(
                    writer, None, paths=paths, validation_context=judged_by, embed_roots=True
                )
            # the context of the timestamper alone goes in: it has been asked everything already
            await PdfTimeStamper(self._stamper).async_timestamp_pdf(
                writer,
                "sha256",
                proofs.stamper,
                bytes_reserved=_STAMP_ROOM,
                in_place=True,
                chunk_size=_PIECE,
                dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
                embed_roots=True,
            )
        except BaseException:
            self._stream.truncate(size)
            raise
        finally:
            await proofs.close()
        self.changed = True


def _gap(embedded: Any) -> tuple[int, int, int]:
    """Where the signature's hex digits begin, how many there is room for, and where its byte range ends."""
    _, before, after, rest = (int(number) for number in embedded.byte_range)
    return before + 1, after - before - 2, after + rest


def _has_stamp(signer: Any) -> bool:
    unsigned = signer["unsigned_attrs"]
    return bool(unsigned.native) and any(one["type"].native == "signature_time_stamp_token" for one in unsigned)
