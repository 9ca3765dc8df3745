# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The contract with the other side: a parcel goes out, a typed reply comes back.

Apart from HTTP so that provinces, which differ, are each one more module behind these calls (R48).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from digitizer_desk.dossier.model import Parcel


@dataclass(frozen=True, slots=True)
class Accepted:
    """The province has it, unchanged: ``sha256`` is the hash *it* computed and equals the one sent (R46)."""

    number: str
    sha256: str
    result_code: str
    at: datetime
    already: bool = False  # it had it from an earlier try


@dataclass(frozen=True, slots=True)
class Rejected:
    """The province refused this one parcel; a person must look. ``said`` are its own words, or '' when it gave none."""

    code: str  # province.rejected | province.too_large | province.forbidden
    said: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. ``code`` is a ``province.*`` error code; ``attempt`` is False when there was no network at all;
    ``pause_all`` when every other parcel would meet the same (login, certificate, old version)."""

    code: str
    attempt: bool
    pause_all: bool = False
    after_seconds: float | None = None
    detail: str = ""


Reply = Accepted | Rejected | Later


@dataclass(frozen=True, slots=True)
class Health:
    """What a cheap question showed."""

    reachable: bool
    name: str = ""
    training: bool = False
    max_bytes: int | None = None
    clock_difference: float | None = None  # seconds, theirs minus ours
    code: str = ""  # province.* when not reachable or not usable


class ProvinceLink(Protocol):
    """Blocking calls for the network lane. None raises for what a province or a network does; see Reply."""

    def health(self) -> Health: ...

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Does the province already hold this parcel? None = certainly not. Always asked before sending again."""
        ...

    def deliver(self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None]) -> Reply:
        """Send the PDF and its record. ``progress(sent, total)`` in bytes."""
        ...
