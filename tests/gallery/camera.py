# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The screen pictures are taken on, and the files they become. Apart from the states, which only build widgets."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1366, 768)
_TITLE = 34
_THUMB = (480, 270)
_COLUMNS = 4
_GAP = 10
_NAME = 24
_FONT = ROOT / "resources" / "fonts" / "ui"


def set_screen(scale: float) -> None:
    """Before Qt starts: a screen that shows 1366 x 768 at this scale. Offscreen alone has one of 800 x 800."""
    width, height = (round(side * scale) for side in SIZE)
    one = {"name": "one", "x": 0, "y": 0, "width": width, "height": height}
    one |= {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    file = Path(tempfile.gettempdir()) / f"gallery-screen-{width}.json"
    file.write_text(json.dumps({"screens": [one]}), "utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={file}"
    os.environ["QT_SCALE_FACTOR"] = str(scale)


def on_desk(shot: QPixmap, title: str) -> QPixmap:
    """A dialog in the middle of a plain desk, its title above it as a window manager would show it."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QApplication

    ratio, size, palette = shot.devicePixelRatio(), shot.deviceIndependentSize(), QApplication.palette()
    desk = QPixmap(round(SIZE[0] * ratio), round(SIZE[1] * ratio))
    desk.setDevicePixelRatio(ratio)
    desk.fill(palette.dark().color())
    left = round((SIZE[0] - size.width()) / 2)
    top = max(_TITLE, round((SIZE[1] - size.height() + _TITLE) / 2))
    bar = QRectF(left, top - _TITLE, size.width(), _TITLE)
    painter = QPainter(desk)
    painter.setFont(QApplication.font())
    painter.fillRect(bar, palette.mid())
    painter.setPen(palette.windowText().color())
    painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, title)
    painter.drawPixmap(left, top, shot)
    painter.end()
    return desk


def save(shot: QPixmap, file: Path) -> None:
    """Write a pixmap with a palette of 256 colours: a screen loses nothing by it, and files stay small."""
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    shot.save(buffer, "PNG")
    picture = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(
        file, optimize=True
    )


def contact_sheet(files: Sequence[Path], to: Path) -> None:
    """All pictures small on one sheet, the name of its state under each. ``to`` is a .webp file."""
    font = ImageFont.truetype(next(_FONT.glob("*Regular*.ttf")), 15)
    rows = (len(files) + _COLUMNS - 1) // _COLUMNS
    across, down = _THUMB[0] + _GAP, _THUMB[1] + _NAME + _GAP
    sheet = Image.new("RGB", (_COLUMNS * across + _GAP, rows * down + _GAP), "#4A5056")
    pen = ImageDraw.Draw(sheet)
    for place, file in enumerate(files):
        left, top = place % _COLUMNS * across + _GAP, place // _COLUMNS * down + _GAP
        small = Image.open(file).convert("RGB").resize(_THUMB, Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top))
        pen.text((left + 2, top + _THUMB[1] + 2), file.stem, fill="#FFFFFF", font=font)
    sheet.save(to, quality=78, method=6)
