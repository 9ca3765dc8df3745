# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Connections whose answer must begin in time: status and headers too, not only each piece of them.

Apart from ``wire.py``, which watches the bodies: a time-out of a socket counts from the last byte that came. A peer
that drips its headers byte by byte never meets it, and would hold the line for days.
"""

from __future__ import annotations

import socket
import threading

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import HTTPResponse

#: an answer may begin this many times as late as one silence may last
_SILENCES = 2.0


class _Watch:
    """Cuts a socket unless it is stopped in time. ``late`` tells that it did."""

    def __init__(self, sock: socket.socket, seconds: float) -> None:
        self.late = False
        self._sock = sock
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def _cut(self) -> None:
        self.late = True
        try:
            # past a TLS layer's own shutdown, which is not made for another thread
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        except OSError:  # it is over anyway
            return

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


class _Punctual(HTTPConnection):
    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 itself: the standard library's differs
        # the pool has set the patience for reading by now; the socket's own is still that for connecting
        if self.sock is None or self.timeout is None:
            return super().getresponse()
        with _Watch(self.sock, self.timeout * _SILENCES) as watch:
            try:
                answer = super().getresponse()
            except Exception as cut:
                if watch.late:
                    raise TimeoutError("headers drip") from cut
                raise
        if watch.late:  # http.client takes a cut for the end of the headers
            answer.close()
            raise TimeoutError("headers drip")
        return answer


class _PunctualTls(_Punctual, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Punctual


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _PunctualTls


def punctual(pool: urllib3.PoolManager) -> urllib3.PoolManager:
    """The same pool, its connections of this kind."""
    pool.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
    return pool
