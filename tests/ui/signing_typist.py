# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A desk with its signing window and a software token, as a process of its own that is told one key at a time.

Arguments: a folder for the desk, the token's library. Prints ``ready``; each line is a hex code point (a key press) or
``enter`` (signs; answers when the dialog says it is done, with the number of signed documents), ``close`` or ``quit``.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from dataclasses import replace
from pathlib import Path


def main() -> None:
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    from digitizer_desk.devices.token_client import Pkcs11Token
    from digitizer_desk.devices.token_manifest import ModuleChoice
    from digitizer_desk.lanes import Lanes
    from digitizer_desk.steps import sign
    from digitizer_desk.ui.bridge import Bridge
    from digitizer_desk.ui.models.signing_desk import asks_for, order_for
    from digitizer_desk.ui.screens.signing import SigningDialog
    from digitizer_desk.ui.widgets.signing.sheet import State
    from steps.conftest import set_up
    from steps.test_sign_and_send import _captured

    app = QApplication(sys.argv[:1])
    with set_up(Path(sys.argv[1])) as bench, Pkcs11Token([ModuleChoice(sys.argv[2])]) as token:
        dossier = _captured(bench)
        desk = replace(bench.desk, token=token)
        lanes = Lanes()
        bridge = Bridge(lanes)
        order = order_for(dossier.code, sign.waiting(desk, dossier.id), bench.officer)
        dialog = SigningDialog(order, asks_for(desk, dossier.id, bench.officer, bridge.run))
        dialog.show()

        def until(*states: State) -> None:
            end = time.monotonic() + 60
            while dialog.state not in states and time.monotonic() < end:
                app.processEvents()
                time.sleep(0.01)
            assert dialog.state in states, (dialog.state, dialog.words())

        until(State.READY)
        os.write(1, b"ready\n")
        while (line := os.read(0, 16).strip()) != b"quit":
            answer = b"ok"
            if line == b"enter":
                dialog._sign()
                until(State.DONE)
                answer = str(len(dialog.signed_ids)).encode()
            elif line == b"close":
                dialog.close()
                dialog.deleteLater()
                app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
                app.processEvents()
                gc.collect()
            else:
                event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, chr(int(line, 16)))
                QApplication.sendEvent(dialog.sheet.pin.field, event)
            os.write(1, answer + b"\n")
        bridge.close()
        lanes.close()


if __name__ == "__main__":
    main()
