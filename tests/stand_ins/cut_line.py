# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A line between desk and province that counts what the desk sends and breaks where it is told."""

from __future__ import annotations

import contextlib
import socket
import threading


class CutLine:
    """Forwards to ``port`` of this machine. ``sent`` counts bytes from the desk; the line breaks once when it reaches
    ``cut_at`` and works again afterwards. With ``hold_at`` it stands still there: ``held`` is set, until ``go_on``."""

    def __init__(self, port: int, cut_at: int | None = None, hold_at: int | None = None) -> None:
        self.hold_at = hold_at
        self.held, self.go_on = threading.Event(), threading.Event()
        self.sent = 0
        self.cuts = 0
        self.cut_at = cut_at
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)

    def __enter__(self) -> CutLine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._port))
            threading.Thread(target=self._carry, args=(desk, far, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, desk, False), daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket, outward: bool) -> None:
        try:
            while piece := here.recv(64 << 10):
                if outward:
                    if self.cut_at is not None and self.sent + len(piece) >= self.cut_at:
                        piece = piece[: self.cut_at - self.sent]
                        self.cut_at = None
                        self.cuts += 1
                        self.sent += len(piece)
                        there.sendall(piece)
                        break
                    self.sent += len(piece)
                    if self.hold_at is not None and self.sent >= self.hold_at:
                        self.held.set()
                        self.go_on.wait()
                there.sendall(piece)
        except OSError:
            pass
        for end in (here, there):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
