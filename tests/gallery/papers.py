# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossiers, pages and parcels of invented people, drawn and filled the same way each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from digitizer_desk.dossier.finding import Colour, DpiSource, Finding, PageMeasures, Region
from digitizer_desk.dossier.model import Component, Page, Parcel, ParcelState
from digitizer_desk.rules.check import check_page
from digitizer_desk.rules.load import load_rulebook
from digitizer_desk.rules.regulation import Regulation
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
        title="Căn cước công dân của cha, mẹ",
        mandatory=True,
        form="ban_chinh",
        declared=4,
        pages=pages,
    )


def checked() -> Component:
    """Six pages: two fine, one blurred, one skewed, two fine."""
    return component(page(1), page(2), page(3, BLURRED), page(4, SKEWED), page(5), page(6))


_LINES = (
    ("Số / No.:", "0451 •••• ••34"),
    ("Họ và tên / Full name:", "NGUYỄN THỊ HƯỜNG"),
    ("Ngày sinh / Date of birth:", "12/03/1990"),
    ("Giới tính / Sex:", "Nữ"),
    ("Quốc tịch / Nationality:", "Việt Nam"),
    ("Quê quán / Place of origin:", "Xã Bình Minh, huyện Cẩm Khê"),
    ("Nơi thường trú / Place of residence:", "Thôn 3, phường Sông Mây"),
    ("Ngày cấp / Date of issue:", "25/04/2021"),
)


def pixels(shown: Page) -> NDArray[np.uint8]:
    """A drawn sheet of an invented person, at half the stated size; smeared where the page was found blurred.

    Needs a QApplication, as fonts do.
    """
    width, height = shown.width // 2, shown.height // 2
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor(252, 251, 247))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if any(finding.word == SKEWED.word for finding in shown.findings):
        painter.translate(width / 2, height / 2)
        painter.rotate(3.2)
        painter.translate(-width / 2, -height / 2)
    _write(painter, width)
    painter.end()
    array = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())[:, : 3 * width]
    sheet = array.reshape(height, width, 3).copy()
    for finding in shown.findings:
        if finding.region is not None:
            _smear(sheet, finding.region)
    return sheet


def _write(painter: QPainter, width: int) -> None:
    font = QFont("Noto Sans")

    def line(text: str, top: int, size: int, *, left: int = 110, bold: bool = False, centre: bool = False) -> None:
        font.setPixelSize(size)
        font.setBold(bold)
        painter.setFont(font)
        where = Qt.AlignmentFlag.AlignHCenter if centre else Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, top, width - 2 * left if centre else width - left, 2 * size), where, text)

    painter.setPen(QColor(40, 40, 44))
    line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 120, 34, bold=True, centre=True)
    line("Độc lập - Tự do - Hạnh phúc", 172, 28, centre=True)
    line("CĂN CƯỚC CÔNG DÂN", 290, 46, bold=True, centre=True)
    painter.drawRect(QRect(110, 400, 240, 320))
    for row, (label, value) in enumerate(_LINES):
        painter.setPen(QColor(110, 110, 116))
        line(label, 400 + 104 * row, 22, left=400)
        painter.setPen(QColor(30, 30, 34))
        line(value, 432 + 104 * row, 32, left=400, bold=row == 1)
    painter.setPen(QPen(QColor(196, 36, 44), 7))
    painter.drawEllipse(QPoint(880, 1420), 120, 120)
    font.setPixelSize(22)
    painter.setFont(font)
    painter.drawText(QRect(790, 1395, 180, 60), Qt.AlignmentFlag.AlignCenter, "MẪU\nTẬP HUẤN")
    painter.setPen(QColor(110, 110, 116))
    line("MẪU TẬP HUẤN · người và số không có thật", 1660, 22, centre=True)


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
