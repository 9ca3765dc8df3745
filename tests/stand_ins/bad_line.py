# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A bad line: a TCP proxy that cuts, slows and lies at random, by a seed; it counts what was sent through it.

It lies as lines do in offices: a log-in page instead of an answer, a proxy's 502 for what arrived well, a bit that
turned over on the way. It cannot speak the province's own words: on a real line TLS sees to that.
"""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections import Counter
from typing import Self

#: what happens to a connection -> how often, in a hundred
FATES = {
    "through": 62,
    "refused": 4,
    "cut": 10,  # after some of the bytes that went up
    "reply_lost": 7,  # everything arrived, no answer comes back
    "reply_cut": 4,
    "slow": 5,
    "log_in_page": 3,
    "bad_gateway": 3,  # everything arrived, a proxy answers 502
    "bit_turned": 2,
}
_PIECE = 1 << 16
_PAGE = b"<html><body>Dang nhap de vao mang</body></html>"
_ANSWER = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"


class BadLine:
    """Listens on loopback and passes on to ``target`` (port). ``went_up`` counts what the desk sent."""

    def __init__(self, target: int, seed: int, *, outages: float = 0.03) -> None:
        """``outages``: how often, of all connections, the whole line goes down for up to a second."""
        self._target = target
        self._chance = random.Random(seed)
        self._outages = outages
        self._lock = threading.Lock()
        self._down_until = 0.0
        self._open: set[socket.socket] = set()
        self.went_up = 0
        self.fates: Counter[str] = Counter()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._door.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()
        with self._lock:
            left = list(self._open)
        for one in left:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while True:
            try:
                desk, _address = self._door.accept()
            except OSError:
                return
            with self._lock:
                fate, after = self._draw()
            thread = threading.Thread(target=self._serve, args=(desk, fate, after), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
            thread.start()

    def _draw(self) -> tuple[str, int]:
        """What happens to the next connection, and after how many bytes."""
        now = time.monotonic()
        if self._chance.random() < self._outages:
            self._down_until = now + self._chance.uniform(0.1, 1.0)
        fate = self._chance.choices(list(FATES), list(FATES.values()))[0]
        after = int(self._chance.expovariate(1 / 200_000))
        if now < self._down_until:
            fate = "refused"
        self.fates[fate] += 1
        return fate, after

    def _serve(self, desk: socket.socket, fate: str, after: int) -> None:
        with contextlib.suppress(OSError), desk:
            if fate == "refused":
                return
            if fate == "log_in_page":
                desk.recv(_PIECE)
                desk.sendall(_ANSWER % (b"200 OK", len(_PAGE), _PAGE))
                return
            with socket.create_connection(("127.0.0.1", self._target)) as province:
                pair = {desk, province}
                with self._lock:
                    self._open |= pair
                try:
                    down = threading.Thread(target=self._down, args=(province, desk, fate), daemon=True)
                    down.start()
                    self._up(desk, province, fate, after)
                    down.join()
                finally:
                    with self._lock:
                        self._open -= pair

    def _up(self, desk: socket.socket, province: socket.socket, fate: str, after: int) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while piece := desk.recv(_PIECE):
                if fate == "cut" and passed + len(piece) > after:
                    piece = piece[: max(0, after - passed)]
                if fate == "bit_turned" and passed == 0:
                    piece = _turned(piece)
                if fate == "slow":
                    time.sleep(0.01)
                province.sendall(piece)
                passed += len(piece)
                with self._lock:
                    self.went_up += len(piece)
                if fate == "cut" and passed >= after:
                    break
        for one in (province, *((desk,) if fate == "cut" else ())):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR if fate == "cut" else socket.SHUT_WR)

    @staticmethod
    def _down(province: socket.socket, desk: socket.socket, fate: str) -> None:
        with contextlib.suppress(OSError):
            while piece := province.recv(_PIECE):
                if fate == "reply_lost":
                    break
                if fate == "bad_gateway":
                    desk.sendall(_ANSWER % (b"502 Bad Gateway", len(_PAGE), _PAGE))
                    break
                if fate == "reply_cut":
                    desk.sendall(piece[: len(piece) // 2])
                    break
                desk.sendall(piece)
        with contextlib.suppress(OSError):
            desk.shutdown(socket.SHUT_RDWR)


def _turned(piece: bytes) -> bytes:
    """One bit of the file turned over; never of the request's head, which TLS would guard."""
    head = piece.find(b"\r\n\r\n") + 4
    if not piece.startswith(b"PUT /v1/files/") or head < 4 or len(piece) < head + 200:
        return piece
    return piece[: head + 100] + bytes([piece[head + 100] ^ 1]) + piece[head + 101 :]
