# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Draw every state of every screen, light and dark, for people to look at.

python tests/gallery/make_pictures.py                     all states to build/pictures, and a contact sheet
python tests/gallery/make_pictures.py --docs              the chosen ones to docs/pictures
python tests/gallery/make_pictures.py --only signing      those whose name begins so
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1366, 768)
_THUMB = (455, 256)
_TITLE = 34


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw every state of every screen.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    parser.add_argument("--only", default="", help="names that begin with this")
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="both")
    parser.add_argument("--scale", type=float, default=1.0, help="1.5 = a screen set to 150 %%")
    parser.add_argument("--docs", action="store_true", help="the chosen pictures to docs/pictures")
    wanted = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_SCALE_FACTOR"] = str(wanted.scale)
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    out = ROOT / "docs" / "pictures" if wanted.docs else wanted.out
    themes = ("light", "dark") if wanted.theme == "both" else (wanted.theme,)
    made = draw(out, themes, wanted.only, chosen_only=wanted.docs)
    if not wanted.docs and made:
        contact_sheet(made, out / "contact-sheet.png")
    print(f"{len(made)} pictures in {out}")
    return 0 if made else 1


def draw(out: Path, themes: tuple[str, ...], only: str, *, chosen_only: bool) -> list[Path]:
    """Render the states to PNG files named ``<state>-<theme>.png``; dialogs are drawn over a plain desk."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtWidgets import QApplication, QDialog

    from gallery.dress import dress
    from gallery.everything import SHOWN, STATES

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setCursorFlashTime(0)
    out.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for theme in themes:
        dress(application, dark=theme == "dark")
        for name, build in STATES.items():
            if not name.startswith(only) or (chosen_only and name not in SHOWN):
                continue
            widget = build()
            if isinstance(widget, QDialog):
                widget.adjustSize()
            else:
                widget.resize(*SIZE)
            widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            widget.show()
            for _ in range(3):
                application.processEvents()
            shot = widget.grab()
            if isinstance(widget, QDialog):
                shot = on_desk(shot, widget.windowTitle())
            file = out / f"{name}-{theme}.png"
            save(shot, file)
            made.append(file)
            widget.close()
            widget.deleteLater()
            application.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return made


def on_desk(shot: QPixmap, title: str) -> QPixmap:
    """A dialog in the middle of a plain desk, its title above it as a window manager would show it."""
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QPainter, QPixmap
    from PySide6.QtWidgets import QApplication

    ratio, size, palette = shot.devicePixelRatio(), shot.deviceIndependentSize(), QApplication.palette()
    desk = QPixmap(round(SIZE[0] * ratio), round(SIZE[1] * ratio))
    desk.setDevicePixelRatio(ratio)
    desk.fill(palette.dark().color())
    left, top = round((SIZE[0] - size.width()) / 2), round((SIZE[1] - size.height()) / 2)
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
    from PIL import Image
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    shot.save(buffer, "PNG")
    picture = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE).save(
        file, optimize=True
    )


def contact_sheet(files: list[Path], to: Path) -> None:
    """All pictures small on one sheet, light beside dark."""
    from PIL import Image

    columns = 4
    rows = (len(files) + columns - 1) // columns
    sheet = Image.new("RGB", (columns * (_THUMB[0] + 8), rows * (_THUMB[1] + 8)), "#808080")
    for place, file in enumerate(sorted(files)):
        small = Image.open(file).convert("RGB").resize(_THUMB, Image.Resampling.LANCZOS)
        sheet.paste(small, (place % columns * (_THUMB[0] + 8) + 4, place // columns * (_THUMB[1] + 8) + 4))
    sheet.quantize(256).save(to, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
