# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A process of its own that types keys it is told one by one, so that the PIN as a whole is never its input.

Reads lines: a hex code point = one key press, ``take``, ``wipe``, ``quit``; answers each with ``ok``.
``plain`` as argument types into an ordinary password field instead and calls ``text()``: the control that shows
that the search of the memory finds what there is to find.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication, QLineEdit

    from digitizer_desk.devices.token import PinState
    from digitizer_desk.ui.widgets.pin_field import PinField

    plain = sys.argv[1:] == ["plain"]
    app = QApplication(sys.argv[:1])
    field: QLineEdit
    if plain:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
    else:
        field = PinField(state=PinState(least=4, most=32))
    field.show()
    field.setFocus()
    app.processEvents()
    kept = None

    def press(code: int) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, chr(code))
            QApplication.sendEvent(field, event)

    while (line := os.read(0, 16).strip()) != b"quit":
        if line == b"take":
            if isinstance(field, PinField):
                kept = field.take()
            else:
                kept = field.text()
                field.clear()
        elif line == b"wipe":
            if isinstance(field, PinField):
                assert kept is not None
                kept.wipe()
            kept = None
            field.close()
            field.deleteLater()
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            app.processEvents()
            gc.collect()
        else:
            press(int(line, 16))
            app.processEvents()
        os.write(1, b"ok\n")


if __name__ == "__main__":
    main()
