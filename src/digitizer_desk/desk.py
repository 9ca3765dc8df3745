# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The joined parts that steps need, as one frozen value.

Apart from ``app.py`` (which makes it) so that a step can be called with any desk, real or made for a test.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from digitizer_desk.devices.scanner import Scanner
from digitizer_desk.devices.token import Token
from digitizer_desk.dossier.model import VIETNAM, Dossier
from digitizer_desk.errors import error
from digitizer_desk.paths import DeskPaths
from digitizer_desk.province.link import ProvinceLink
from digitizer_desk.rules.load import Rulebook
from digitizer_desk.rules.packs.editions import Edition, Editions
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.rules.sampling import Scheme
from digitizer_desk.rules.work_types import WorkTypes
from digitizer_desk.settings import Settings
from digitizer_desk.store.cabinet import Cabinet

if TYPE_CHECKING:
    from digitizer_desk.signing.lasting.timestamps import TimestampService


def _no_sampling() -> Scheme:
    raise error("rules.unreadable", "no sampling scheme", file="sampling", where="id")


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the desk. ``link`` is None while no province is set; ``trust`` are root certificates (DER);
    ``stamp_font`` the font file of the visible mark; ``clock`` gives timezone-aware times; ``stamps`` where timestamps
    come from, None while no address is set. ``sampling`` reads the tables lots are judged by: it may fail, and a
    counter goes on without it. ``trial``: the desk of a trial of the whole process, whose cabinet is thrown away."""

    settings: Settings
    paths: DeskPaths
    rulebook: Rulebook
    cabinet: Cabinet
    scanner: Scanner
    token: Token
    link: ProvinceLink | None
    clock: Callable[[], datetime]
    stamp_font: bytes
    trust: tuple[bytes, ...] = ()
    work_types: WorkTypes = field(default_factory=WorkTypes)
    training: bool = False
    trial: bool = False
    stamps: TimestampService | None = None
    sampling: Callable[[], Scheme] = _no_sampling
    editions: Editions | None = None  # the rules as the province's packs make them; None: there are no packs
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("digitizer_desk"))

    @property
    def mark_note(self) -> str:
        """What every visible mark made at this desk says beside the name; '' at a real one."""
        return "KÝ THỬ" if self.trial else "TẬP HUẤN" if self.training else ""

    def law_of(self, dossier: Dossier) -> Regulation:
        """The regulation a dossier was received under: it never changes for that dossier (R62)."""
        return self.book_of(dossier).regulation(dossier.rules_id)

    def book_of(self, dossier: Dossier) -> Rulebook:
        """The rules as they were when a dossier was received: packs that came later are none of its.

        Raises:
            DeskError: ``pack.unusable`` when a pack it was begun under cannot be loaded any more.
        """
        if not dossier.packs or self.editions is None:
            return self.rulebook
        return self.editions.of(dossier.packs).book

    def edition_today(self) -> Edition:
        """The rules for what is received now."""
        if self.editions is None:
            return Edition("", self.rulebook)
        return self.editions.on(self.clock().astimezone(VIETNAM).date())

    def book_today(self) -> Rulebook:
        """The rulebook for what is received now."""
        return self.edition_today().book

    def law_today(self) -> Regulation:
        """The regulation in force for a dossier received now: the province's choice, or by its dates.

        Raises:
            DeskError: ``rules.none_in_force``.
        """
        if self.settings.regulation:
            return self.book_today().regulation(self.settings.regulation)
        return self.book_today().in_force(self.clock().date())
