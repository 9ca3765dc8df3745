# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossiers, pages and parcels of invented people, drawn and filled the same way each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitizer_desk.dossier.finding import Colour, DpiSource, Finding, PageMeasures, Region
from digitizer_desk.dossier.model import Component, Page, Parcel, ParcelState
from digitizer_desk.dossier.text import fold
from digitizer_desk.rules.check import check_page
from digitizer_desk.rules.load import load_rulebook
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.outgoing.look import Queue
from digitizer_desk.store.tray.look import Drawer, Seen, Totals
from digitizer_desk.training.papers import PEOPLE, draw_paper
from gallery.people import DOSSIER, NOW

MEASURES = PageMeasures(
    width=2480,
    height=3508,
    dpi=(300.0, 300.0),
    dpi_source=DpiSource.PAPER,
    colour=Colour.COLOUR,
    sharpness=0.72,
    skew_deg=0.4,
    blank=False,
    rotation=0,
    cut_edges=(),
    damaged_corners=(),
    light=0.93,
    red_seal=True,
    note=False,
    ink=0.06,
)

_SMEARED = replace(MEASURES, sharpness=0.21, blur_region=Region(0.12, 0.3, 0.7, 0.52))
_TILTED = replace(MEASURES, skew_deg=3.2)


def law_in_force() -> Regulation:
    """The built-in regulation of the fixed day."""
    resources = Path(__file__).parents[2] / "resources"
    return load_rulebook([resources / "regulations"], [resources / "procedures"]).in_force(NOW.date())


def _found(measures: PageMeasures) -> Finding:
    return check_page(measures, law_in_force())[0]


BLURRED = _found(_SMEARED)
SKEWED = _found(_TILTED)


def page(number: int, *findings: Finding, measures: PageMeasures | None = MEASURES, version: int = 1) -> Page:
    """Page ``number`` of a component, as measured."""
    for finding in findings:
        if measures is not None and finding.word == BLURRED.word:
            measures = replace(measures, sharpness=_SMEARED.sharpness)
        if measures is not None and finding.word == SKEWED.word:
            measures = replace(measures, skew_deg=_TILTED.skew_deg)
    return Page(
        id=f"p{number}",
        sha256=f"{number:032d}{version:032d}",
        width=2480,
        height=3508,
        dpi=(300.0, 300.0),
        sheet_mm=(210.0, 297.0),
        scanned_at=NOW - timedelta(minutes=4 - 2 * version, seconds=number),
        scanner="fi-8170",
        size=1_400_000,
        version=version,
        measures=measures,
        findings=findings,
    )


def component(*pages: Page) -> Component:
    """The third paper of the birth registration."""
    return Component(
        id="c3",
        number=3,
        code="CC",
        title="Giấy tờ của cha, mẹ",
        mandatory=True,
        form="ban_chinh",
        declared=4,
        pages=pages,
    )


def checked() -> Component:
    """Six pages: two fine, one blurred, one skewed, two fine."""
    return component(page(1), page(2), page(3, BLURRED), page(4, SKEWED), page(5), page(6))


_SIDES = ("can_cuoc_truoc", "can_cuoc_sau", "giay_ket_hon")


@lru_cache(maxsize=16)
def _drawn(number: int, skewed: bool) -> NDArray[np.uint8]:
    person = PEOPLE[(number - 1) // len(_SIDES) % len(PEOPLE)]
    return draw_paper(_SIDES[(number - 1) % len(_SIDES)], person, number, dpi=150, fault="skew" if skewed else None)


def pixels(shown: Page) -> NDArray[np.uint8]:
    """A paper of an invented person, drawn at half the stated size; smeared where the page was found blurred."""
    words = {finding.word for finding in shown.findings}
    sheet = _drawn(int(shown.id[1:]), SKEWED.word in words).copy()
    for finding in shown.findings:
        if finding.region is not None:
            _smear(sheet, finding.region)
    return sheet


def _smear(sheet: NDArray[np.uint8], region: Region) -> None:
    """Blur a part of the sheet in place by a moving mean of 13 pixels each way."""
    height, width = sheet.shape[:2]
    rows = slice(int(region.top * height), int(region.bottom * height))
    columns = slice(int(region.left * width), int(region.right * width))
    part = sheet[rows, columns].astype(np.float32)
    for axis in (0, 1):
        part = sum(np.roll(part, step, axis) for step in range(-6, 7)) / 13
    sheet[rows, columns] = part.astype(np.uint8)


_TITLES = (
    "Tờ khai đăng ký khai sinh",
    "Giấy chứng sinh",
    "Căn cước công dân của cha, mẹ",
    "Giấy chứng nhận kết hôn",
    "Giấy xác nhận tình trạng hôn nhân",
)


def parcel(number: int, state: ParcelState = ParcelState.WAITING, **changes: object) -> Parcel:
    """Parcel ``number``, made that many minutes ago."""
    made = Parcel(
        id=f"parcel-{number:04d}",
        dossier_id=f"d{number // 4}",
        dossier_code=f"{DOSSIER[:-4]}{1 + number // 4:04d}",
        component_id=f"c{number}",
        component_title=_TITLES[number % len(_TITLES)],
        document_id=f"doc{number}",
        version=1,
        file_sha256="0" * 64,
        file_size=640_000 + 317_000 * (number % 9),
        body="{}",
        digest="0" * 64,
        made_at=NOW - timedelta(minutes=number),
        state=state,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def queue(accepted: int = 47, waiting: int = 9) -> tuple[Parcel, ...]:
    """A busy morning: two came back, one is on its way, one tries again, the rest waits or was received."""
    returned = parcel(
        1,
        ParcelState.REJECTED,
        error="province.rejected",
        said="Thiếu mặt sau giấy chứng nhận kết hôn",
        component_title="Giấy chứng nhận kết hôn",
        version=2,
        tries=1,
    )
    large = parcel(2, ParcelState.NEEDS_PERSON, error="province.too_large", tries=1, file_size=31_400_000)
    sending = parcel(3, ParcelState.SENDING)
    again = parcel(4, error="province.server_busy", tries=2, next_try_at=NOW + timedelta(minutes=6))
    waits = [parcel(5 + n) for n in range(waiting)]
    done = [
        parcel(
            20 + n,
            ParcelState.ACCEPTED,
            receipt=str(884_213 - n),
            accepted_at=NOW - timedelta(minutes=20 + n),
            tries=1,
        )
        for n in range(accepted)
    ]
    return (returned, large, sending, again, *waits, *done)


class Tray:
    """An out-tray in memory, newest first as given: what the cabinet's tray is to a window."""

    def __init__(self, parcels: Sequence[Parcel]) -> None:
        self.parcels = tuple(parcels)
        self.asked: list[tuple[str, ...]] = []

    def _in(self, drawer: Drawer, parcel: Parcel, overdue_before: datetime) -> bool:
        wanted = {
            Drawer.ATTENTION: (ParcelState.REJECTED, ParcelState.NEEDS_PERSON),
            Drawer.WAITING: (ParcelState.WAITING, ParcelState.SENDING),
            Drawer.ACCEPTED: (ParcelState.ACCEPTED,),
            Drawer.SUPERSEDED: (ParcelState.SUPERSEDED,),
        }
        if drawer is Drawer.OVERDUE:
            late = parcel.made_at < overdue_before
            return late and parcel.state not in (ParcelState.ACCEPTED, ParcelState.SUPERSEDED)
        return drawer is Drawer.ALL or parcel.state in wanted[drawer]

    def find(self, drawer: Drawer, words: Sequence[str], overdue_before: datetime) -> tuple[str, ...]:
        """As :meth:`digitizer_desk.store.outbox.Outbox.find`."""
        here = [p for p in self.parcels if self._in(drawer, p, overdue_before)]
        key = {p.id: fold(f"{p.dossier_code} {p.component_title} {p.receipt} {p.said}") for p in here}
        return tuple(p.id for p in here if all(word in key[p.id] for word in words))

    def rows(self, ids: Sequence[str]) -> dict[str, Seen]:
        """As :meth:`digitizer_desk.store.outbox.Outbox.rows`."""
        self.asked.append(tuple(ids))
        wanted = set(ids)
        return {p.id: Seen(p) for p in self.parcels if p.id in wanted}

    def queue(self, **facts: object) -> Queue:
        """The queue as it stands now."""
        overdue = NOW - timedelta(hours=24)
        waits = [p for p in self.parcels if self._in(Drawer.WAITING, p, overdue)]
        left = [p for p in self.parcels if p.state not in (ParcelState.ACCEPTED, ParcelState.SUPERSEDED)]
        tries = [p.next_try_at for p in waits if p.next_try_at is not None]
        totals = Totals(
            drawers={drawer: len(self.find(drawer, (), overdue)) for drawer in Drawer},
            bytes_left=sum(p.file_size for p in waits),
            sending=sum(p.state is ParcelState.SENDING for p in waits),
            oldest=min((p.made_at for p in left), default=None),
            next_try_at=min(tries) if tries and len(tries) == len(waits) else None,
        )
        return replace(Queue(NOW, totals, overdue), **facts)  # type: ignore[arg-type]
