# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The contract of a connector: a parcel goes out step by step, a typed reply comes back.

Apart from the connectors because provinces differ and the outbox must not: each province's way is one more module
behind these three calls (R48), and every answer it can get is one of six outcomes.

A connector takes a parcel through at most five steps (:class:`Step`). What came of each is a :class:`Trail`, which the
step layer keeps durably and hands back with the parcel: a desk that was killed in between asks the province about the
open step, it never sends blindly.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from digitizer_desk.dossier.model import Parcel
from digitizer_desk.province.trail import Trail


class Outcome(StrEnum):
    """All that can come of a delivery. DONE and ALREADY are :class:`Accepted`, REFUSED and CONFLICT are
    :class:`Rejected`, RETRY and NEEDS_LOGIN are :class:`Later`."""

    DONE = "done"
    ALREADY = "already"  # it was there from an earlier try: found, compared, not sent again
    RETRY = "retry"
    NEEDS_LOGIN = "needs_login"  # the whole queue rests until somebody mends the login
    REFUSED = "refused"
    CONFLICT = "conflict"  # another file stands in its place at the province


class Proof(StrEnum):
    """How it is known that the province has these very bytes; nothing less counts as received."""

    SERVER_HASH = "server_hash"  # the province computed the SHA-256
    DOWNLOAD = "download"  # fetched back and hashed here, where the province gives no hash


@dataclass(frozen=True, slots=True)
class Accepted:
    """The province has it, unchanged: ``sha256`` was computed by the province or from what it gave back, and equals the
    one sent (R46); ``proof`` tells which."""

    number: str
    sha256: str
    result_code: str
    at: datetime
    already: bool = False  # it had it from an earlier try
    proof: Proof = Proof.SERVER_HASH
    address: str = ""  # where the file can be fetched from, with a login; '' when that is not known

    @property
    def outcome(self) -> Outcome:
        return Outcome.ALREADY if self.already else Outcome.DONE


@dataclass(frozen=True, slots=True)
class Rejected:
    """The province refused this one parcel; a person must look. ``said`` are its own words, or '' when it gave none."""

    code: str  # province.rejected | province.too_large | province.forbidden | province.conflict
    said: str

    @property
    def outcome(self) -> Outcome:
        return Outcome.CONFLICT if self.code == "province.conflict" else Outcome.REFUSED


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. ``code`` is a ``province.*`` error code; ``attempt`` is False when there was no network at all;
    ``pause_all`` when every other parcel would meet the same (login, certificate, old version)."""

    code: str
    attempt: bool
    pause_all: bool = False
    after_seconds: float | None = None
    detail: str = ""

    @property
    def outcome(self) -> Outcome:
        return Outcome.NEEDS_LOGIN if self.code == "province.login" else Outcome.RETRY


Reply = Accepted | Rejected | Later

#: commits a trail before the call returns; called before each request that may take effect and after each step
Keep = Callable[[Trail], None]


def keep_nothing(_trail: Trail) -> None:
    """For callers that try a connection and send nothing of worth."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a cheap question showed."""

    reachable: bool
    name: str = ""
    training: bool = False
    max_bytes: int | None = None
    clock_difference: float | None = None  # seconds, theirs minus ours
    code: str = ""  # province.* when not reachable or not usable
    contract: str = ""  # version of the contract the other side speaks, '' when it tells none
    detail: str = ""  # kind of failure, for IT: no address, no content


@runtime_checkable
class KeepsLine(Protocol):
    """A link that can use one connection for several calls."""

    def line(self) -> AbstractContextManager[None]:
        """While entered connections stay open between calls."""
        ...


def one_line(link: ProvinceLink) -> AbstractContextManager[None]:
    """For a round of sending: where the link can, its parcels share a connection."""
    return link.line() if isinstance(link, KeepsLine) else nullcontext()


class ProvinceLink(Protocol):
    """Blocking calls for the network lane. None raises for what a province or a network does; see Reply."""

    def health(self) -> Health: ...

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Does the province already hold this parcel? None = certainly not. Always asked before sending again."""
        ...

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Reply:
        """Take the parcel from where ``parcel.trail`` says it stands to its receipt. ``progress(sent, total)`` in
        bytes of the PDF; what the province already has counts as sent."""
        ...


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A real file that was sent and does not stay: ``sent`` bytes arrived; ``gone``: the province itself says so."""

    sent: int
    gone: bool


@runtime_checkable
class CanRehearse(Protocol):
    """A connector whose province can take a file and give it up again: not every province has such a way, and none
    must be sent a trial as if it were a paper."""

    def rehearse(self, data: bytes, progress: Callable[[int, int], None]) -> Rehearsed | Later | None:
        """Send ``data`` so that it never becomes a file there, and take it back. None when this province has no such
        way: then nothing was sent. ``progress`` as in ``deliver``; it may raise to stop, what arrived is taken back.
        """
        ...
