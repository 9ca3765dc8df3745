# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files that arrived and belong nowhere yet: a person puts each into a component, or says that it belongs to none.

Apart from ``folder.py`` because here a clerk decides, and answers for it.
"""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.apart import Reader, ReadPage
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.steps.intake.source import Source, from_tray
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.store.intake.arrivals import Arrival


def waiting(desk: Desk) -> tuple[Arrival, ...]:
    """What lies in the tray, oldest first."""
    return desk.cabinet.arrivals.waiting()


def source(desk: Desk, arrival: Arrival) -> Source:
    """An arrival as a file to bring in."""
    return from_tray(desk, arrival.sha256, arrival.name)


def preview(desk: Desk, arrival: Arrival, longest: int) -> Pixels:
    """Its first readable page, small: uint8 (H, W, 3) RGB, ``longest`` pixels on its longer side.

    Raises:
        DeskError: ``image.*`` when no page can be read, ``store.*``.
    """
    bad: DeskError | None = None
    with Reader() as reader:
        for said in reader.read(desk.cabinet.arrivals.data(arrival.sha256), arrival.name):
            if isinstance(said, ReadPage):
                return thumbnail(said.jpeg, longest, said.turn)
            bad = said if isinstance(said, DeskError) else bad
    raise bad or error("image.empty", file=arrival.name)


def drop(desk: Desk, arrival: Arrival, by: Officer) -> tuple[Arrival, ...]:
    """Take an arrival out of the tray, journaled; its bytes stay in the cabinet. Returns what is left in the tray.

    Raises:
        DeskError: ``file.in_use``, ``officer.not_allowed``.
    """
    clerk_only(by)
    desk.cabinet.arrivals.drop(arrival.sha256, by)
    return desk.cabinet.arrivals.waiting()
