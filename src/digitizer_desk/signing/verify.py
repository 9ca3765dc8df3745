# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Is this signature whole, whose is it, and was its certificate good when it was made.

Apart from ``sign.py`` because it must judge files nobody here made. All cryptography and the analysis of later
revisions are pyHanko's; what counts as good is decided here.

Which moment counts: the time of a trusted signature timestamp; without one the signing time the signer states (never
later than ``at``). Revocation without a timestamp is asked for ``at``: a stolen key could state any time.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import pem, x509
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
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import error
from digitizer_desk.signing.sign import CAPTURED_AT, ROLE, ROLES

#: what pyHanko raises on files that are no proper PDF, or whose signature is no proper CMS
_UNREADABLE = (PdfError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
_SIGNING_USE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_ANY_USE = KeyUsageConstraints(key_usage=set())
_ASK_REVOCATION = RevocationCheckingPolicy(
    RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
)


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What is known of one signature, in the words of ``verify --json``.

    ``role``: clerk | organisation | timestamp | other. ``signer`` is the certificate's CN. ``intact``: the signed bytes
    and the signature fit. ``trusted``: a chain to a given root, made for signing. ``valid_at``: the moment the
    certificate was held against, None when it was expired or not yet valid then. ``signed_at``, ``captured_at``: as
    stated. ``revocation``: good | revoked | unknown. ``level``: B-B | B-T | B-LT | B-LTA, '' for a timestamp.
    """

    role: str
    signer: str
    intact: bool
    covers_whole_file: bool
    trusted: bool
    valid_at: datetime | None
    signed_at: datetime | None
    captured_at: datetime | None
    revocation: str
    level: str

    @property
    def good(self) -> bool:
        return self.intact and self.trusted and self.valid_at is not None and self.revocation != "revoked"


@dataclass(frozen=True, slots=True)
class Verification:
    """``valid``: there is a signature, all are good, and nothing was changed that signatures do not allow."""

    signatures: tuple[SignatureCheck, ...]
    modified_after_signing: bool

    @property
    def valid(self) -> bool:
        return bool(self.signatures) and all(s.good for s in self.signatures) and not self.modified_after_signing

    def as_json(self) -> dict[str, Any]:
        """The keys of ``verify --json`` (without ``file``), times as ISO 8601 in Vietnam time."""
        names = SignatureCheck.__slots__
        return {
            "signatures": [{name: _plain(getattr(check, name)) for name in names} for check in self.signatures],
            "modified_after_signing": self.modified_after_signing,
            "valid": self.valid,
        }


def verify_pdf(pdf: bytes, *, trust: Sequence[bytes], offline: bool, at: datetime, file: str = "") -> Verification:
    """Check every signature of a PDF.

    ``trust`` are roots (DER or PEM). ``offline``: no network; then revocation is told only from what the file itself
    carries, and unknown does not make a signature bad (R28). Damage inside a signature is a finding, not an error.

    Raises:
        DeskError: ``image.unreadable`` no PDF; ``image.damaged`` cut off or broken; ``image.encrypted``.
    """
    if at.tzinfo is None:
        raise ValueError("moment of verification without a time zone")
    if b"%PDF-" not in pdf[:1024]:
        raise error("image.unreadable", "no PDF header", file=file)
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=False)
        if reader.encrypted:
            raise error("image.encrypted", file=file)
        fields = list(enumerate_sig_fields(reader, filled_status=True))
        hybrid = bool(reader.xrefs.hybrid_xrefs_present)
        reader.root["/Pages"]["/Count"]
    except _UNREADABLE as problem:
        raise error("image.damaged", type(problem).__name__, file=file) from problem
    judge = _Judge(reader, [_certificate(one) for one in trust], offline, at)
    verdicts = asyncio.run(judge.all(fields))
    return Verification(
        tuple(check for check, _ in verdicts),
        # two tables of objects in one file: readers may show different pages
        any(changed for _, changed in verdicts) or (hybrid and bool(verdicts)),
    )


class _Judge:
    """Judges the signatures of one file, in the order they were made."""

    def __init__(self, reader: Any, roots: list[x509.Certificate], offline: bool, at: datetime) -> None:
        self._reader = reader
        self._roots = roots
        self._offline = offline
        self._at = at
        try:
            self._store: DocumentSecurityStore | None = DocumentSecurityStore.read_dss(reader)
        except NoDSSFoundError:
            self._store = None
        except _UNREADABLE as problem:
            logging.getLogger(__name__).info("evidence store not readable: %s", type(problem).__name__)
            self._store = None
        self._last_timestamp = -1

    async def all(self, fields: list[Any]) -> list[tuple[SignatureCheck, bool]]:
        """The checks, and for each whether something was changed that it does not allow."""
        whole, broken = [], []
        for name, _, reference in fields:
            try:
                whole.append(EmbeddedPdfSignature(self._reader, reference.get_object(), name))
            except _UNREADABLE:
                broken.append((_broken(reference), False))
        whole.sort(key=lambda one: one.signed_revision)
        stamps = [one.signed_revision for one in whole if one.sig_object_type == "/DocTimeStamp"]
        self._last_timestamp = max(stamps, default=-1)
        return [await self._one(one) for one in whole] + broken

    async def _one(self, embedded: Any) -> tuple[SignatureCheck, bool]:
        try:
            if embedded.sig_object_type == "/DocTimeStamp":
                return await self._timestamp(embedded)
            return await self._signature(embedded)
        except (*_UNREADABLE, SignatureValidationError):
            return _broken(embedded.sig_field, _holder(embedded)), True

    async def _signature(self, embedded: Any) -> tuple[SignatureCheck, bool]:
        certificate = embedded.signer_cert
        stated = embedded.self_reported_timestamp
        first = await self._validate(embedded, self._at, NO_REVOCATION, look_for_changes=True)
        stamp = first.timestamp_validity
        stamped = stamp is not None and stamp.intact and stamp.valid
        # anybody can hang a timestamp on: one that is not trusted proves no time, and takes nothing away
        proven = stamp.timestamp if stamped and stamp.trusted else None
        moment = proven or (min(stated, self._at) if stated is not None else self._at)
        begin, end = certificate.not_valid_before, certificate.not_valid_after
        inside = begin <= moment <= end
        # expired is told by valid_at: the chain is judged for a time in which the certificate was good
        status = await self._validate(embedded, min(max(moment, begin), end), NO_REVOCATION)
        asked = proven or (self._at if begin <= self._at <= end else min(max(moment, begin), end))
        check = SignatureCheck(
            role=_role(embedded.sig_object),
            signer=_holder(embedded),
            intact=bool(status.intact and status.valid),
            covers_whole_file=embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trusted=bool(status.trusted),
            valid_at=moment if inside else None,
            signed_at=stated,
            captured_at=_captured(embedded.sig_object),
            revocation=await self._revocation(embedded, asked) if status.trusted else "unknown",
            level=self._level(embedded, stamped),
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
        context = self._context(self._at, NO_REVOCATION)
        try:
            status = await async_validate_pdf_timestamp(embedded, context)
        finally:
            await context.aclose()
        check = SignatureCheck(
            role="timestamp",
            signer=_holder(embedded),
            intact=bool(status.intact and status.valid),
            covers_whole_file=embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE,
            trusted=bool(status.trusted),
            valid_at=status.timestamp if status.trusted else None,
            signed_at=status.timestamp,
            captured_at=None,
            revocation="unknown",
            level="",
        )
        return check, not status.intact or self._changed(embedded)

    async def _revocation(self, embedded: Any, moment: datetime) -> str:
        if self._offline and self._store is None:
            return "unknown"
        status = await self._validate(embedded, moment, _ASK_REVOCATION)
        if status.revoked:
            return "revoked"
        return "good" if status.trusted else "unknown"

    async def _validate(
        self, embedded: Any, moment: datetime, policy: RevocationCheckingPolicy, *, look_for_changes: bool = False
    ) -> Any:
        context, stamps = self._context(moment, policy), self._context(self._at, NO_REVOCATION)
        try:
            return await async_validate_pdf_signature(
                embedded, context, stamps, key_usage_settings=_use(embedded), skip_diff=not look_for_changes
            )
        finally:
            await context.aclose()
            await stamps.aclose()

    def _context(self, moment: datetime, policy: RevocationCheckingPolicy) -> Any:
        settings = {
            "trust_roots": self._roots,
            "moment": moment,
            "allow_fetching": not self._offline and policy is not NO_REVOCATION,
            "revinfo_policy": CertRevTrustPolicy(policy, retroactive_revinfo=True),
        }
        if self._store is not None:
            return self._store.as_validation_context(settings)
        return ValidationContext(**settings, crls=(), ocsps=())

    def _level(self, embedded: Any, stamped: bool) -> str:
        """PAdES baseline level by what is there (EN 319 142-1); how good it is, the other values tell."""
        closed = self._last_timestamp > embedded.signed_revision
        evidence = self._store is not None and bool(self._store.ocsps or self._store.crls)
        if evidence and closed:
            return "B-LTA"
        if evidence and stamped:
            return "B-LT"
        return "B-T" if stamped or closed else "B-B"


def _certificate(data: bytes) -> x509.Certificate:
    if pem.detect(data):
        data = pem.unarmor(data)[2]
    return x509.Certificate.load(data)


def _use(embedded: Any) -> KeyUsageConstraints:
    """A certificate that names no usage is made for any (RFC 5280, 4.2.1.3)."""
    return _SIGNING_USE if embedded.signer_cert.key_usage_value is not None else _ANY_USE


def _role(dictionary: Any) -> str:
    """By our own entry, which lies under the signature; anything else is somebody else's signature."""
    said = str(dictionary.get(ROLE, "")).removeprefix("/")
    return said if said in ROLES else "other"


def _captured(dictionary: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(dictionary[CAPTURED_AT]))
    except (KeyError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None


def _holder(embedded: Any) -> str:
    try:
        name = embedded.signer_cert.subject.native
    except _UNREADABLE:
        return ""
    return unicodedata.normalize("NFC", str(name.get("common_name") or name.get("organization_name") or ""))


def _broken(field: Any, signer: str = "") -> SignatureCheck:
    """A signature that cannot even be read: zeros where a token was pulled, cut off, nonsense."""
    try:
        dictionary = field.get_object()["/V"]
        role, captured = _role(dictionary), _captured(dictionary)
    except _UNREADABLE:
        role, captured = "other", None
    return SignatureCheck(role, signer, False, False, False, None, None, captured, "unknown", "B-B")


def _plain(value: Any) -> Any:
    return value.astimezone(VIETNAM).isoformat(timespec="seconds") if isinstance(value, datetime) else value
