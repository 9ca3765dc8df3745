# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A proxy as offices have them: CONNECT only, with a name and password when told; it may refuse."""

from __future__ import annotations

import base64
import contextlib
import shutil
import socket
import socketserver
import threading


class _Asked(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        line, headers = self.rfile.readline().decode(), {}
        while (header := self.rfile.readline().decode().strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        proxy: ConnectProxy = self.server.proxy
        proxy.asked.append(line.split()[1])
        known = "Basic " + base64.b64encode(":".join(proxy.login or ()).encode()).decode()
        if proxy.login and headers.get("proxy-authorization") != known:
            self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        if not proxy.lets:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        host, _, port = line.split()[1].rpartition(":")
        with socket.create_connection((host, int(port))) as far:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._back, args=(far,), daemon=True)
            back.start()
            with contextlib.suppress(OSError):
                while piece := self.connection.recv(1 << 16):
                    far.sendall(piece)
                far.shutdown(socket.SHUT_WR)
            back.join(5)

    def _back(self, far: socket.socket) -> None:
        with contextlib.suppress(OSError), far.makefile("rb", buffering=0) as source:
            shutil.copyfileobj(source, self.wfile)
            self.connection.shutdown(socket.SHUT_WR)


class ConnectProxy:
    """While entered it runs on loopback; ``asked`` are the targets of CONNECT."""

    def __init__(self, login: tuple[str, str] | None = None, *, lets: bool = True) -> None:
        self.login, self.lets = login, lets
        self.asked: list[str] = []
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Asked)
        self._server.daemon_threads = True
        self._server.proxy = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> ConnectProxy:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
