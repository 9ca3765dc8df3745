# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where the clerk's mark will stand on each document that waits, before the PIN is asked for (R24, R26).

Apart from signing because a person may have to choose, and must not do so while the token is open.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Officer
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.place import Placement, Room, first_page, room_on
from digitizer_desk.steps.sign import POINTS_A_MM, mark_lines, waiting


@dataclass(frozen=True, slots=True)
class MarkRoom:
    """Page 1 of a document that waits, and places for its mark.

    ``page``: uint8 (H, W, 3) RGB of about 75 dpi; ``box_mm``: (width, height) of the mark, which keeps ``margin_mm``
    from the page's edges. ``proposals``: the best place in the corner first, then better ones further away.
    """

    component_id: str
    title: str
    page: Pixels
    lines: tuple[str, ...]
    room: Room
    box_mm: tuple[float, float]
    margin_mm: float
    proposals: tuple[Placement, ...]
    must_choose: bool

    def at(self, left_mm: float, top_mm: float) -> Placement:
        """The place nearest to this one that the page has, with what lies under it."""
        return self.room.at(left_mm, top_mm, self.box_mm, self.margin_mm)


def rooms(desk: Desk, dossier_id: str, by: Officer, crowded: Collection[str] = ()) -> tuple[MarkRoom, ...]:
    """The room for the mark on every document that waits for the clerk's signature, in their order.

    ``must_choose`` where the best place in the corner would cover something, and for the components in ``crowded``,
    which signing found so.

    Raises:
        DeskError: ``store.page_missing``, ``store.page_altered``, ``file.altered``, ``image.*``.
    """
    dossier = desk.cabinet.dossiers.load(dossier_id)
    rule = desk.law_of(dossier).signature
    found: list[MarkRoom] = []
    for component in waiting(desk, dossier_id):
        page, size_pt = first_page(_first(desk, component))
        room = room_on(page, (size_pt[0] / POINTS_A_MM, size_pt[1] / POINTS_A_MM))
        box = (rule.width_mm, rule.height_mm)
        places = room.proposals(box, rule.margin_mm, rule.corner)
        captured_at = max(one.scanned_at for one in component.pages)
        found.append(
            MarkRoom(
                component_id=component.id,
                title=component.title,
                page=page,
                lines=mark_lines(by, captured_at, desk.mark_note),
                room=room,
                box_mm=box,
                margin_mm=rule.margin_mm,
                proposals=places,
                must_choose=places[0].covers or component.id in crowded,
            )
        )
    return tuple(found)


def _first(desk: Desk, component: Component) -> bytes:
    """A PDF whose page 1 is the one the mark will stand on; of scanned pages the first alone is put in."""
    if component.file is not None:
        return desk.cabinet.files.data(component.file.sha256)
    page = component.pages[0]
    info = PdfInfo(title="", author="", subject="", keywords="", made_at=page.scanned_at)
    return build_pdf([PdfPage(desk.cabinet.pages.jpeg(page), page.sheet_mm, page.turn)], info)
