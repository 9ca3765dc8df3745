# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Draw every state of every screen, light and dark, for people to look at.

python tests/gallery/make_pictures.py                     all states to build/pictures, and a contact sheet
python tests/gallery/make_pictures.py --main              the main ones
python tests/gallery/make_pictures.py --only signing      those whose name begins so

all_pictures.py does this for every theme and scale.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from gallery.camera import SIZE, contact_sheet, on_desk, save, set_screen  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="Draw every state of every screen.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "pictures")
    parser.add_argument("--only", default="", help="names that begin with this")
    parser.add_argument("--theme", choices=("light", "dark", "both"), default="both")
    parser.add_argument("--scale", type=float, default=1.0, help="1.5 = a screen set to 150 %%")
    parser.add_argument("--main", action="store_true", help="only the main states")
    wanted = parser.parse_args()
    set_screen(wanted.scale)
    themes = ("light", "dark") if wanted.theme == "both" else (wanted.theme,)
    made = draw(wanted.out, themes, wanted.only, main_only=wanted.main)
    if made:
        contact_sheet(sorted(made), wanted.out / "contact-sheet.webp")
    print(f"{len(made)} pictures in {wanted.out}")
    return 0 if made else 1


def draw(out: Path, themes: tuple[str, ...], only: str, *, main_only: bool) -> list[Path]:
    """Render the states to PNG files named ``<state>-<theme>.png``; dialogs are drawn over a plain desk."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QDialog

    from digitizer_desk import paths
    from digitizer_desk.ui.application import make_application
    from digitizer_desk.ui.widgets.panels.landing import Landing
    from gallery.dress import dress
    from gallery.everything import SHOWN, STATES

    application = make_application(paths.resources(), "light")
    application.setCursorFlashTime(0)
    out.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    for theme in themes:
        dress(application, dark=theme == "dark")
        for name, build in STATES.items():
            if not name.startswith(only) or (main_only and name not in SHOWN):
                continue
            widget = build()
            if not isinstance(widget, QDialog):
                widget.resize(*SIZE)
            elif not widget.testAttribute(Qt.WidgetAttribute.WA_Resized):
                widget.adjustSize()
            widget.show()
            widget.activateWindow()  # as it is used: what has the keys is framed
            QTest.qWaitForWindowActive(widget, 2000)
            if isinstance(widget, Landing) or widget.focusProxy() is not None or widget.focusWidget() is None:
                widget.setFocus()
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


if __name__ == "__main__":
    raise SystemExit(main())
