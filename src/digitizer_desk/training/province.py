# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A province of one's own: starts the practice server as a process, and is that process.

Apart because a desk in training, a test and a person at a terminal start it the same way; the desk then talks to it
over HTTP as to any province. ``python -m digitizer_desk --training province --dir DIR``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import sqlite3
import ssl
import subprocess
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from digitizer_desk.errors import error
from digitizer_desk.training.gateway.books import Books, database_of, entries, file_of
from digitizer_desk.training.gateway.door import Door
from digitizer_desk.training.gateway.faults import Fault, Faults
from digitizer_desk.training.gateway.offers import Offers
from digitizer_desk.training.gateway.server import Province, Server
from digitizer_desk.training.gateway.uploads import Uploads

NAME = "Tỉnh mô phỏng"
#: for a server started by hand; a token on the command line can be read by every user of the machine
TOKEN_VARIABLE = "DIGITIZER_DESK_PROVINCE_TOKEN"  # noqa: S105 - a name, no token
_MAX_BYTES = 64 << 20


class Copy(NamedTuple):
    """One parcel as the province has it: the SHA-256 it computed, and where the file lies."""

    parcel_id: str
    sha256: str
    path: Path


def stored_parcels(folder: Path) -> list[Copy]:
    """What a practice province has received, oldest first. Read from its disk, so it may run or be dead."""
    if not database_of(folder).exists():
        return []
    with contextlib.closing(sqlite3.connect(database_of(folder), timeout=10)) as database:
        return [Copy(e.parcel_id, e.sha256, file_of(folder, e.sha256)) for e in reversed(entries(database))]


class LocalProvince:
    """A practice province in its own process, listening on loopback; it ends with this program."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        certificate: tuple[Path, Path] | None = None,
        max_bytes: int = _MAX_BYTES,
        token_seconds: float = 3600.0,
        client_ca: Path | None = None,
    ) -> None:
        """Start it on what ``folder`` holds already. ``port`` 0 takes a free one; ``certificate`` (chain and key, PEM)
        makes it speak TLS; ``token_seconds`` is how long a token of its OAuth 2.0 endpoint lasts; with ``client_ca``
        (PEM) it wants to see a certificate of that authority.

        Raises:
            DeskError: ``province.offline`` when it does not come up.
        """
        self._folder = folder
        extra: list[str] = []
        if certificate:
            extra += ["--certificate", str(certificate[0]), "--key", str(certificate[1])]
        if client_ca:
            extra += ["--client-ca", str(client_ca)]
        frozen = getattr(sys, "frozen", False)
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable,
                *(("--training", "province") if frozen else ("-m", __name__)),
                *("--dir", str(folder), "--port", str(port), "--max-bytes", str(max_bytes)),
                *("--token-seconds", str(token_seconds)),
                *extra,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=os.name == "posix",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "PYTHONUTF8": "1"},
        )
        try:
            started = self._hear()
        except ConnectionError:
            self.close()
            raise error("province.offline", "the practice province did not start", waiting=0) from None
        self.port: int = started["port"]
        self.url: str = started["url"]
        self.token: str = started["token"]

    def __repr__(self) -> str:
        return f"LocalProvince({self.url!r})"

    @property
    def folder(self) -> Path:
        """Where it keeps what it received."""
        return self._folder

    @property
    def pid(self) -> int:
        return self._child.pid

    def fault(self, kind: str, times: int = 1, *, on: str = "any", seconds: float = 2.0, after: int = 0) -> None:
        """Let something go wrong: a kind of ``gateway.faults.KINDS``, at the next ``times`` requests ``on`` that
        place; or ``offline``, until :meth:`clear_faults`.

        Raises:
            ValueError: no such fault.
        """
        self._tell(do="fault", kind=kind, times=times, on=on, seconds=seconds, after=after)

    def offer(self, what: str, **values: Any) -> None:
        """Let the province have something to say: ``wait`` (dossier), ``withdraw`` (code, said), ``decide`` (decision),
        ``paper`` (owner, paper), ``pack`` (id, sequence, file; its signature lies beside it as ``.p7s``).

        Raises:
            ValueError: not understood.
        """
        self._tell(do="offer", what=what, **values)

    def reuses(self) -> list[dict[str, Any]]:
        """The records of reuse that have arrived, oldest first."""
        with contextlib.closing(Offers(self._folder, lambda: datetime.now(UTC))) as offers:
            return offers.reuses()

    def clear_faults(self) -> None:
        """No more faults; on line again."""
        self._tell(do="clear")

    def go_offline(self) -> None:
        """Refuse every connection, as if the line were down."""
        self._tell(do="offline")

    def go_online(self) -> None:
        """Be there again, at the same address."""
        self._tell(do="online")

    def copies(self) -> list[Copy]:
        """What has arrived, oldest first."""
        return stored_parcels(self._folder)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._child.kill()
        self.close()

    def close(self) -> None:
        """End it. Safe to call twice."""
        with contextlib.suppress(OSError):
            self._child.stdin.close()  # type: ignore[union-attr]
        try:
            self._child.wait(5.0)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()  # type: ignore[union-attr]

    def __enter__(self) -> LocalProvince:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, **message: Any) -> None:
        self._child.stdin.write(json.dumps(message) + "\n")  # type: ignore[union-attr]
        self._child.stdin.flush()  # type: ignore[union-attr]
        said = self._hear()
        if not said["ok"]:
            raise ValueError(said["why"])

    def _hear(self) -> dict[str, Any]:
        line = self._child.stdout.readline()  # type: ignore[union-attr]
        if not line.endswith("\n"):
            raise ConnectionError("the practice province ended")
        heard: dict[str, Any] = json.loads(line)
        return heard


class _Running:
    """The serving side: a server that can leave the network and come back on the same port."""

    def __init__(self, province: Province, port: int, tls: ssl.SSLContext | None) -> None:
        self._province = province
        self._tls = tls
        self._server: Server | None = None
        self.port = port
        self.on_line()

    def on_line(self) -> None:
        if self._server is None:
            self._server = Server(self._province, self.port, self._tls)
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def off_line(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def _do(running: _Running, faults: Faults, offers: Offers, line: str) -> None:
    """One control line. Control goes over the parent's pipe and not over HTTP: nobody else can reach it.

    Raises:
        ValueError: not understood.
    """
    match json.loads(line):
        case {"do": "clear"}:
            faults.clear()
            running.on_line()
        case {"do": "offline"} | {"do": "fault", "kind": "offline"}:
            running.off_line()
        case {"do": "online"}:
            running.on_line()
        case {"do": "offer", **message}:
            offers.obey({str(name): value for name, value in message.items()})
        case {
            "do": "fault",
            "kind": str(kind),
            "times": int(times),
            "on": str(on),
            "seconds": float(seconds) | int(seconds),
            "after": int(after),
        }:
            faults.add(Fault(kind, times, on, seconds, after))
        case _:
            raise ValueError("not understood")


def serve(arguments: Sequence[str] | None = None) -> int:
    """Serve until standard input closes: so it ends with whoever started it, however that one ends.

    Linux' parent-death signal is not used: it fires when the *thread* that started the child ends.
    """
    options = _options(arguments)
    folder: Path = options.dir
    folder.mkdir(parents=True, exist_ok=True)
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
        if options.client_ca:
            tls.load_verify_locations(options.client_ca)
            tls.verify_mode = ssl.CERT_REQUIRED
    token = options.token or os.environ.get(TOKEN_VARIABLE) or _kept_token(folder)
    faults, books = Faults(), Books(folder, lambda: datetime.now(UTC))
    offers = Offers(folder, lambda: datetime.now(UTC))
    province = Province(
        name=options.name,
        door=Door(token, options.token_seconds),
        max_bytes=options.max_bytes,
        books=books,
        offers=offers,
        uploads=Uploads(folder, books, lambda: datetime.now(UTC)),
        clock=lambda: datetime.now(UTC),
        faults=faults,
    )
    try:
        running = _Running(province, options.port, tls)
    except OSError as problem:
        print(f"province.offline: {problem.strerror}", file=sys.stderr)  # noqa: T201 - a program of its own
        return 3
    url = f"{'https' if tls else 'http'}://127.0.0.1:{running.port}"
    _say(port=running.port, url=url, token=token)
    try:
        if options.alone:
            threading.Event().wait()
        _obey(running, faults, offers)
    except KeyboardInterrupt:
        pass
    faults.clear()
    running.off_line()
    offers.close()
    books.close()
    return 0


def _obey(running: _Running, faults: Faults, offers: Offers) -> None:
    for line in sys.stdin:
        try:
            _do(running, faults, offers, line)
        except (ValueError, OSError) as problem:
            _say(ok=False, why=str(problem))
        else:
            _say(ok=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="digitizer-desk --training province", description="Tỉnh mô phỏng")
    parser.add_argument("--dir", type=Path, required=True, help="nơi giữ những gì nhận được")
    parser.add_argument("--port", type=int, default=0, help="cổng trên 127.0.0.1; 0 là cổng còn trống")
    parser.add_argument("--token", default="", help=f"mã truy cập; tốt hơn là đặt biến {TOKEN_VARIABLE}")
    parser.add_argument("--name", default=NAME, help="tên hiện trên trang")
    parser.add_argument("--max-bytes", type=int, default=_MAX_BYTES, help="tệp lớn nhất được nhận (byte)")
    parser.add_argument("--token-seconds", type=float, default=3600.0, help="hạn của mã OAuth 2.0 (giây)")
    parser.add_argument("--certificate", type=Path, help="chứng thư TLS (PEM)")
    parser.add_argument("--key", type=Path, help="khóa của chứng thư (PEM)")
    parser.add_argument("--client-ca", type=Path, help="CA của chứng thư mà bàn số hóa phải đưa ra (PEM)")
    parser.add_argument("--alone", action="store_true", help="chạy mãi, không theo tiến trình mẹ")
    return parser.parse_args(arguments)


def _kept_token(folder: Path) -> str:
    """The token of this folder, made once: a desk set up against it stays set up."""
    path = folder / "token"
    with contextlib.suppress(FileNotFoundError):
        return path.read_text("ascii").strip()
    token = secrets.token_urlsafe(24)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as target:
        target.write(token)
        target.flush()
        os.fsync(descriptor)
    return token


def _say(**message: Any) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(serve())
