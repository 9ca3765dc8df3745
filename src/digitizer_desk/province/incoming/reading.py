# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What can be read at a province: waiting dossiers, later decisions, stored papers, packs of rules.

Apart from ``link.py`` because a province that only takes parcels is a whole province: every call here is optional,
and a kind that cannot answers so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from digitizer_desk.dossier.incoming.decision import Decision
from digitizer_desk.dossier.incoming.reuse import Reusable
from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.province.link import Later, Rejected

#: a pack is some hundred kilobytes; more is no pack
MOST_PACK_BYTES = 4 << 20
MOST_SIGNATURE_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Listed:
    """The whole list of waiting dossiers. ``mark`` names this very list; ``withdrawn``: the province's words about
    dossiers it took back, by code; ``passed_over``: lines whose code cannot be read."""

    dossiers: tuple[WaitingDossier, ...]
    mark: str = ""
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The list is the one with the mark that was asked about."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions that followed. Ask again with ``mark``; ``more``: at once."""

    decisions: tuple[Decision, ...]
    mark: str
    more: bool = False


@dataclass(frozen=True, slots=True)
class ReuseTaken:
    """The province has noted the reuse; ``number`` is its receipt."""

    number: str


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """A pack that can be fetched: id, number, and the SHA-256 (hex) of its bytes."""

    id: str
    sequence: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FetchedPack:
    """A pack and the detached signature over it (CMS, DER), as they came: nothing is checked yet but the hash."""

    content: bytes
    signature: bytes


class Reading:
    """What a province that only takes parcels answers: nothing is offered. Connectors override what theirs offers.

    Blocking calls for the network lane; none raises for what a province or a network does.
    """

    why = "province.not_offered"

    def waiting(self, mark: str) -> Listed | Unchanged | Later:
        """The dossiers waiting at this counter. ``mark``: of the list known already, '' for none."""
        return not_offered(self.why)

    def decisions(self, after: str) -> Decided | Later:
        """Decisions about this desk's parcels that followed ``after`` ('' = from the first)."""
        return not_offered(self.why)

    def papers(self, owner: str) -> tuple[Reusable, ...] | Later:
        """Papers of the person or organisation with this number. The number goes out in a body, in no address."""
        return not_offered(self.why)

    def tell_reuse(self, reuse_id: str, body: str) -> ReuseTaken | Rejected | Later:
        """Tell that a component is a stored paper. The same id with the same body is harmless to repeat."""
        return not_offered(self.why)

    def packs(self) -> tuple[OfferedPack, ...] | Later:
        """The packs of rules that can be fetched, the newest of each id."""
        return not_offered(self.why)

    def pack(self, offered: OfferedPack) -> FetchedPack | Later:
        """One pack, whole: its bytes have the hash that was offered."""
        return not_offered(self.why)


class NotConnected(Reading):
    """Stands where no province can be asked at all."""

    why = "province.not_set"


@runtime_checkable
class Reads(Protocol):
    """A connector that can read something."""

    @property
    def reading(self) -> Reading: ...


def reading_of(link: object) -> Reading:
    """What can be read through a link; nothing, for a kind that only takes parcels or while none is set."""
    return link.reading if isinstance(link, Reads) else Reading()


def not_offered(why: str = Reading.why) -> Later:
    return Later(why, attempt=False)
