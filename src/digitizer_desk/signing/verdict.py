# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of the signatures of a file, as frozen values.

Apart from ``verify.py``, which finds it out: terminal, windows and steps need the answer and none of the cryptography.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from digitizer_desk.dossier.model import VIETNAM

#: keys of ``verify --json``, in the order of the contract
_KEYS = (
    "role",
    "signer",
    "intact",
    "covers_whole_file",
    "trusted",
    "valid_at",
    "signed_at",
    "captured_at",
    "revocation",
    "level",
)


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a signature, for a person who asks why.

    ``revision`` counts from 1: the state of the file this signature closed. ``proven_at``: the file was signed no later
    than this, by a trusted timestamp; ``proven_by`` who gave it. ``not_before``/``not_after``: the certificate's time.
    """

    revision: int = 0
    issuer: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    proven_at: datetime | None = None
    proven_by: str = ""


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
    behind: Behind = Behind()

    @property
    def good(self) -> bool:
        return self.intact and self.trusted and self.valid_at is not None and self.revocation != "revoked"

    @property
    def clock_off(self) -> timedelta | None:
        """Stated signing time less proven time, None when one is not known. A document may be stamped long after it
        was signed, so only a time stated *later* than the proof shows a wrong clock."""
        if self.signed_at is None or self.behind.proven_at is None:
            return None
        return self.signed_at - self.behind.proven_at


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the file after the first signature. ``kind``: signature | timestamp | evidence | unsigned."""

    number: int
    kind: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class Verification:
    """``valid``: there is a signature, all are good, and nothing was changed that signatures do not allow.

    ``revisions`` tells what came after the first signature, oldest first.
    """

    signatures: tuple[SignatureCheck, ...]
    modified_after_signing: bool
    revisions: tuple[Revision, ...] = ()

    @property
    def valid(self) -> bool:
        return bool(self.signatures) and all(s.good for s in self.signatures) and not self.modified_after_signing

    @property
    def people(self) -> tuple[SignatureCheck, ...]:
        """The signatures of people and offices, without timestamps."""
        return tuple(s for s in self.signatures if s.role != "timestamp")

    @property
    def held_until(self) -> datetime | None:
        """When the last trusted archive timestamp's certificate ends: by then there must be a newer one."""
        stamps = [s for s in self.signatures if s.role == "timestamp" and s.good]
        return stamps[-1].behind.not_after if stamps else None

    @property
    def complete(self) -> bool:
        """Every signature carries its proofs and a trusted timestamp closes the file: nothing can be added."""
        last = self.signatures[-1] if self.signatures else None
        closed = last is not None and last.role == "timestamp" and last.good and last.covers_whole_file
        return closed and all(s.level == "B-LTA" for s in self.people)

    @property
    def level(self) -> str:
        """The least level of its signatures, '' without any."""
        return min((s.level for s in self.people), key=LEVELS.index, default="")

    def as_json(self) -> dict[str, Any]:
        """The keys of ``verify --json`` (without ``file``), times as ISO 8601 in Vietnam time."""
        return {
            "signatures": [{name: _plain(getattr(check, name)) for name in _KEYS} for check in self.signatures],
            "modified_after_signing": self.modified_after_signing,
            "valid": self.valid,
        }


#: PAdES baseline levels (EN 319 142-1), least first
LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")


def _plain(value: Any) -> Any:
    return value.astimezone(VIETNAM).isoformat(timespec="seconds") if isinstance(value, datetime) else value
