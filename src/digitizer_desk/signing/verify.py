# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Is this signature whole, whose is it, and was its certificate good when it was made.

Apart from ``sign.py`` because it must judge files nobody here made. All cryptography and the analysis of later
revisions are pyHanko's; what counts as good is decided here.

Which moment counts: the earliest time a trusted timestamp proves, be it the signature's own or one of the document laid
over it; without one the signing time the signer states (never later than ``at``). A timestamp is itself judged at the
time the next one over it proves, so that a chain of them outlives the certificates they were made with. Revocation
without a proven time is asked for ``at``: a stolen key could state any time.
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import pdf_date, pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import error
from digitizer_desk.signing.contexts import ASK, NEED, NOT_ASKED, PATIENCE, Anchors, context
from digitizer_desk.signing.revisions import later_revisions
from digitizer_desk.signing.sign import CAPTURED_AT, ROLE, ROLES
from digitizer_desk.signing.verdict import Behind, SignatureCheck, Verification

__all__ = ["SignatureCheck", "Verification", "verify_pdf", "verify_stream"]

#: what pyHanko raises on files that are no proper PDF, or whose signature is no proper CMS
UNREADABLE = (PdfError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
_SIGNING_USE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
#: a date of ISO 32000-1, 7.9.4, its marks and offset as loosely as they are found written
_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(?P<zone>[Zz+-])(?:(?P<hours>\d\d)'?(?P<minutes>\d\d)?'?)?)?",
    re.ASCII,
)
_ANY_USE = KeyUsageConstraints(key_usage=set())
_WHOLE_REVISION = (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)


def verify_pdf(pdf: bytes, *, trust: Sequence[bytes], offline: bool, at: datetime, file: str = "") -> Verification:
    """:func:`verify_stream` for a PDF in memory.

    Raises:
        DeskError: as :func:`verify_stream`.
    """
    with BytesIO(pdf) as source:  # closed: pyHanko's objects go round in circles and would keep a large file
        return verify_stream(source, trust=trust, offline=offline, at=at, file=file)


def verify_stream(
    source: BinaryIO, *, trust: Sequence[bytes], offline: bool, at: datetime, file: str = ""
) -> Verification:
    """Check every signature of a PDF in a seekable stream.

    ``trust`` are roots (DER or PEM), and what lies between them and the signers. ``offline``: no network; then
    revocation is told only from what the file itself carries, and unknown does not make a signature bad (R28). Damage
    inside a signature is a finding, not an error.

    Raises:
        DeskError: ``image.unreadable`` no PDF; ``image.damaged`` cut off or broken; ``image.encrypted``.
    """
    if at.tzinfo is None:
        raise ValueError("moment of verification without a time zone")
    source.seek(0)
    if b"%PDF-" not in source.read(1024):
        raise error("image.unreadable", "no PDF header", file=file)
    try:
        reader = PdfFileReader(source, strict=False)
        if reader.encrypted:
            raise error("image.encrypted", file=file)
        fields = list(enumerate_sig_fields(reader, filled_status=True))
        hybrid = bool(reader.xrefs.hybrid_xrefs_present)
        reader.root["/Pages"]["/Count"]
    except UNREADABLE as problem:
        raise error("image.damaged", type(problem).__name__, file=file) from problem
    judge = _Judge(reader, Anchors.of(trust), offline, at)
    verdicts = asyncio.run(judge.all(fields))
    return Verification(
        tuple(check for check, _ in verdicts),
        # two tables of objects in one file: readers may show different pages
        any(changed for _, changed in verdicts) or (hybrid and bool(verdicts)),
        later_revisions(reader, [check for check, _ in verdicts]),
    )


class _Judge:
    """Judges the signatures of one file, in the order they were made."""

    def __init__(self, reader: Any, anchors: Anchors, offline: bool, at: datetime) -> None:
        self._reader = reader
        self._anchors = anchors
        self._offline = offline
        self._at = at
        self._store = read_store(reader)
        #: trusted document timestamps: the revision each closes, the time it proves, who gave it
        self._proofs: list[tuple[int, datetime, str]] = []
        self._last_stamp = -1

    async def all(self, fields: list[Any]) -> list[tuple[SignatureCheck, bool]]:
        """The checks, and for each whether something was changed that it does not allow."""
        whole, broken = [], []
        for name, _, reference in fields:
            try:
                whole.append(EmbeddedPdfSignature(self._reader, reference.get_object(), name))
            except UNREADABLE:
                broken.append((_broken(reference), False))
        whole.sort(key=lambda one: one.signed_revision)
        verdicts: dict[int, tuple[SignatureCheck, bool]] = {}
        stamps = [one for one in whole if one.sig_object_type == "/DocTimeStamp"]
        self._last_stamp = max((one.signed_revision for one in stamps), default=-1)
        # from the last one back: each is judged at the time the one over it proves
        for one in reversed(stamps):
            verdicts[id(one)] = await self._one(one)
            check = verdicts[id(one)][0]
            if check.good and check.signed_at is not None and one.coverage in _WHOLE_REVISION:
                self._proofs.append((one.signed_revision, check.signed_at, check.signer))
        for one in whole:
            if id(one) not in verdicts:
                verdicts[id(one)] = await self._one(one)
        return [verdicts[id(one)] for one in whole] + broken

    def _covered(self, revision: int) -> tuple[datetime, str] | None:
        """The earliest proof that this revision existed."""
        return min(((time, giver) for closes, time, giver in self._proofs if closes > revision), default=None)

    async def _one(self, embedded: Any) -> tuple[SignatureCheck, bool]:
        try:
            if embedded.sig_object_type == "/DocTimeStamp":
                return await self._timestamp(embedded)
            return await self._signature(embedded)
        except (*UNREADABLE, SignatureValidationError):
            return _broken(embedded.sig_field, _holder(embedded)), True

    async def _signature(self, embedded: Any) -> tuple[SignatureCheck, bool]:
        certificate = embedded.signer_cert
        _settle_time(embedded.sig_object)
        stated = embedded.self_reported_timestamp
        covered = self._covered(embedded.signed_revision)
        stamps_at = covered[0] if covered else self._at
        first = await self._validate(embedded, self._at, NOT_ASKED, stamps_at, look_for_changes=True)
        stamp = first.timestamp_validity
        stamped = stamp is not None and stamp.intact and stamp.valid
        # anybody can hang a timestamp on: one that is not trusted proves no time, and takes nothing away
        own = (stamp.timestamp, _name(stamp.signing_cert)) if stamped and stamp.trusted else None
        proof = min((one for one in (own, covered) if one is not None), default=None)
        moment = proof[0] if proof else (min(stated, self._at) if stated is not None else self._at)
        begin, end = certificate.not_valid_before, certificate.not_valid_after
        inside = begin <= moment <= end
        # expired is told by valid_at: the chain is judged for a time in which the certificate was good
        status = await self._validate(embedded, min(max(moment, begin), end), NOT_ASKED, stamps_at)
        asked = proof[0] if proof else (self._at if begin <= self._at <= end else min(max(moment, begin), end))
        check = SignatureCheck(
            role=_role(embedded.sig_object),
            signer=_holder(embedded),
            intact=bool(status.intact and status.valid),
            covers_whole_file=embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trusted=bool(status.trusted),
            valid_at=moment if inside else None,
            signed_at=stated,
            captured_at=_captured(embedded.sig_object),
            revocation=await self._revocation(embedded, asked, stamps_at) if status.trusted else "unknown",
            level=await self._level(embedded, stamped, asked if status.trusted else None, stamps_at),
            behind=_behind(embedded, proof),
        )
        return check, not first.intact or self._changed(embedded)

    def _changed(self, embedded: Any) -> bool:
        """Whether something came behind this signature that it does not allow; after validation only."""
        if embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE:
            return False
        # bytes behind the last revision change no object, but nobody signed them
        last = bool(embedded.signed_revision == self._reader.xrefs.total_revisions - 1)
        return last or not embedded.summarise_integrity_info()["docmdp_ok"]

    async def _timestamp(self, embedded: Any) -> tuple[SignatureCheck, bool]:
        covered = self._covered(embedded.signed_revision)
        moment = covered[0] if covered else self._at
        status = await self._validate_stamp(embedded, moment, NOT_ASKED, look_for_changes=True)
        changed = not status.intact or self._changed(embedded)
        revocation = "unknown"
        if status.trusted and not (self._offline and self._store is None):
            asked = await self._validate_stamp(embedded, moment, ASK)
            revocation = "revoked" if asked.revoked else "good" if asked.trusted else "unknown"
        check = SignatureCheck(
            role="timestamp",
            signer=_holder(embedded),
            intact=bool(status.intact and status.valid),
            covers_whole_file=embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trusted=bool(status.trusted),
            valid_at=status.timestamp if status.trusted else None,
            signed_at=status.timestamp,
            captured_at=None,
            revocation=revocation,
            level="",
            behind=_behind(embedded, covered),
        )
        return check, changed

    async def _validate_stamp(
        self, embedded: Any, moment: datetime, policy: Any, *, look_for_changes: bool = False
    ) -> Any:
        judged_by = self._context(moment, policy)
        try:
            return await async_validate_pdf_timestamp(embedded, judged_by, skip_diff=not look_for_changes)
        finally:
            await judged_by.aclose()

    async def _revocation(self, embedded: Any, moment: datetime, stamps_at: datetime) -> str:
        if self._offline and self._store is None:
            return "unknown"
        status = await self._validate(embedded, moment, ASK, stamps_at)
        if status.revoked:
            return "revoked"
        return "good" if status.trusted else "unknown"

    async def _validate(
        self, embedded: Any, moment: datetime, policy: Any, stamps_at: datetime, *, look_for_changes: bool = False
    ) -> Any:
        judged_by, stamps = self._context(moment, policy), self._context(stamps_at, NOT_ASKED)
        try:
            return await async_validate_pdf_signature(
                embedded, judged_by, stamps, key_usage_settings=_use(embedded), skip_diff=not look_for_changes
            )
        finally:
            await judged_by.aclose()
            await stamps.aclose()

    def _context(self, moment: datetime, policy: Any) -> Any:
        fetch = not self._offline and policy is not NOT_ASKED
        return context(self._anchors, moment, policy, fetch=fetch, store=self._store, patience=PATIENCE)

    async def _level(self, embedded: Any, stamped: bool, moment: datetime | None, stamps_at: datetime) -> str:
        """PAdES baseline level (EN 319 142-1): of a trusted signature by whether its proofs are all in the file, of
        another (``moment`` None) by what is there at all; how good it is, the other values tell."""
        closed = self._last_stamp > embedded.signed_revision
        if not (stamped or closed):
            return "B-B"
        proofs = self._store is not None and bool(self._store.ocsps or self._store.crls)
        if proofs and moment is not None:
            judged_by = context(self._anchors, moment, NEED, store=self._store)
            stamps = context(self._anchors, stamps_at, NEED, store=self._store)
            status = await async_validate_pdf_signature(
                embedded, judged_by, stamps, key_usage_settings=_use(embedded), skip_diff=True
            )
            stamp = status.timestamp_validity
            proofs = bool(status.trusted or status.revoked) and (stamp is None or bool(stamp.trusted))
        if proofs:
            return "B-LTA" if closed else "B-LT"
        return "B-T"


def read_store(reader: Any) -> Any:
    """The file's evidence store (DSS), or None when there is none that can be read."""
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None
    except UNREADABLE as problem:
        logging.getLogger(__name__).info("evidence store not readable: %s", type(problem).__name__)
        return None


def _use(embedded: Any) -> KeyUsageConstraints:
    """A certificate that names no usage is made for any (RFC 5280, 4.2.1.3)."""
    return _SIGNING_USE if embedded.signer_cert.key_usage_value is not None else _ANY_USE


def _role(dictionary: Any) -> str:
    """By our own entry, which lies under the signature; anything else is somebody else's signature."""
    said = str(dictionary.get(ROLE, "")).removeprefix("/")
    return said if said in ROLES else "other"


def _settle_time(dictionary: Any) -> None:
    """Write the time a signature states (/M) as pyHanko reads it, or leave it out: it takes a signature for broken
    whose date has no offset, which ISO 32000-1 7.9.4 allows, or is written otherwise. Only in memory: no signed byte is
    read from here."""
    if "/M" not in dictionary:
        return
    moment = _date(str(dictionary["/M"]).strip())
    if moment is None:
        del dictionary["/M"]
    else:
        dictionary[pdf_name("/M")] = pdf_date(moment)


def _date(written: str) -> datetime | None:
    """A date of a PDF; one without an offset is of Vietnam. None when it is none."""
    found = _DATE.fullmatch(written)
    if found is None:
        return None
    parts = zip(found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)
    year, month, day, hour, minute, second = (int(part) if part else least for part, least in parts)
    ahead = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    try:
        zone = timezone(-ahead if found["zone"] == "-" else ahead) if found["zone"] else VIETNAM
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


def _captured(dictionary: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(dictionary[CAPTURED_AT]))
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _holder(embedded: Any) -> str:
    try:
        return _name(embedded.signer_cert)
    except UNREADABLE:
        return ""


def _name(certificate: Any, part: str = "subject") -> str:
    name = getattr(certificate, part).native
    return unicodedata.normalize("NFC", str(name.get("common_name") or name.get("organization_name") or ""))


def _behind(embedded: Any, proof: tuple[datetime, str] | None) -> Behind:
    certificate = embedded.signer_cert
    return Behind(
        revision=embedded.signed_revision + 1,
        issuer=_name(certificate, "issuer"),
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        proven_at=proof[0] if proof else None,
        proven_by=proof[1] if proof else "",
    )


def _broken(field: Any, signer: str = "") -> SignatureCheck:
    """A signature that cannot even be read: zeros where a token was pulled, cut off, nonsense."""
    try:
        dictionary = field.get_object()["/V"]
        role, captured = _role(dictionary), _captured(dictionary)
    except UNREADABLE:
        role, captured = "other", None
    return SignatureCheck(role, signer, False, False, False, None, None, captured, "unknown", "B-B")
