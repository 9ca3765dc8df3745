# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Page 1 with and without room for the clerk's mark, and the windows that ask for its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import cv2
from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.model import Document
from digitizer_desk.imaging.place import room_on
from digitizer_desk.steps.signatures.renew import Held
from digitizer_desk.steps.signatures.room import MarkRoom
from digitizer_desk.training.papers import PEOPLE, draw_paper
from digitizer_desk.ui.widgets.signing.place import PlaceSheet
from digitizer_desk.ui.widgets.signing.renewals import RenewalsSheet
from gallery.papers import law_in_force, queue
from gallery.people import CLERK, DOSSIER, NOW
from gallery.states import Token, flags, state


def mark_room(component_id: str, title: str, *, crowded: bool = False) -> MarkRoom:
    """Page 1 of a paper; ``crowded``: a stamp of receipt and a table stand where the mark should."""
    law = law_in_force().signature
    page = cv2.resize(draw_paper("giay_chung_sinh", PEOPLE[0], 4), (620, 877), interpolation=cv2.INTER_AREA)
    if crowded:
        for top in range(24, 230, 16):
            cv2.putText(page, "So den: 0412   Ngay: 21/11/2026", (24, top), cv2.FONT_HERSHEY_PLAIN, 0.9, (60, 60, 70))
            cv2.line(page, (20, top + 4), (316, top + 4), (60, 60, 70), 1)
    room = room_on(page, (210.0, 297.0))
    box = (law.width_mm, law.height_mm)
    places = room.proposals(box, law.margin_mm, law.corner)
    lines = (CLERK, "21/11/2026 09:38:12 +07:00")
    return MarkRoom(component_id, title, page, lines, room, box, law.margin_mm, places, places[0].covers)


def held_soon(number: int, *, here_only: bool = True) -> Held:
    """A document whose archive timestamp ends in ``number`` weeks."""
    parcel = replace(queue()[0], dossier_code=DOSSIER, component_title="Giấy chứng sinh")
    document = Document(f"d{number}", 2, "0" * 64, 812_000, (), NOW)
    return Held(parcel, document, NOW + timedelta(weeks=number), here_only)


@state("signatures-renewals")
def signatures_renewals() -> QWidget:
    made = RenewalsSheet(cast(Any, SimpleNamespace(stamps=object())), None)
    made.show_due([held_soon(1), held_soon(9), held_soon(14, here_only=False)])
    return made


@state("signing-place", shown=True)
def signing_place() -> QWidget:
    return PlaceSheet([mark_room("c2", "Giấy chứng sinh", crowded=True)])


@state("signing-place-covers")
def signing_place_covers() -> QWidget:
    made = PlaceSheet([mark_room("c2", "Giấy chứng sinh", crowded=True), mark_room("c1", "Tờ khai")])
    made._move_to(20, 20)
    made._taken()
    return made


@state("signing-no-room")
def signing_no_room() -> QWidget:
    token = Token(flags())
    token.rooms = (mark_room("c2", "Giấy chứng sinh", crowded=True),)
    made = token.dialog()
    made.sheet.room.look()
    return made
