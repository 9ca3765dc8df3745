# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A second start raises the window that is open already, instead of telling the clerk to look for it.

Apart from the cabinet's own lock, which says that somebody has it open: here that somebody is asked to come forward.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

_ANSWER_MS = 2000
_KNOCK, _HERE = b"raise\n", b"here\n"


def _name(data: Path) -> str:
    """One name for one data folder; it says nothing of the folder."""
    return f"digitizer-desk-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:24]}"


class DoorBell(QObject):
    """Listens while this window has the cabinet open. Only the same user of the machine can ring.

    ``ring`` is called on the window thread when another start asks for the window.
    """

    def __init__(self, data: Path, ring: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ring = ring
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._knocked)
        name = _name(data)
        QLocalServer.removeServer(name)  # left by a cut: the cabinet's lock is ours, so nobody else listens
        self.listening = self._server.listen(name)

    def _knocked(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda caller=caller: self._heard(caller))
            caller.disconnected.connect(caller.deleteLater)
            if caller.bytesAvailable():
                self._heard(caller)

    def _heard(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine() or bytes(caller.readLine(len(_KNOCK) + 1).data()) != _KNOCK:
            return
        caller.write(_HERE)
        caller.flush()
        self._ring()

    def close(self) -> None:
        self._server.close()


def raise_first(data: Path) -> bool:
    """Ask whoever has this data folder open to come forward. False when nobody answers within two seconds."""
    socket = QLocalSocket()
    socket.connectToServer(_name(data))
    if not socket.waitForConnected(_ANSWER_MS):
        return False
    socket.write(_KNOCK)
    socket.flush()
    answered = socket.waitForReadyRead(_ANSWER_MS) and bytes(socket.readAll().data()) == _HERE
    socket.disconnectFromServer()
    return answered


def come_forward(window: QWidget) -> None:
    """The window, also when it was made small, in front of all others."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
