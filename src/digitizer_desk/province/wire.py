# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One HTTP exchange: a request goes out, a whole small answer comes back, or it is said how far things went.

Apart from ``http.py`` because what a socket can do (refuse, stall, break, flood) is the same whatever is asked; with
``connections`` the only place that knows urllib3.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    IncompleteRead,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from digitizer_desk.errors import error
from digitizer_desk.province.connections.punctual import punctual
from digitizer_desk.province.pace import Pace

#: a host that does not even take the connection within this many seconds is not there
CONNECT_S = 10.0
#: bytes a second below which a download counts as stalled
SLOWEST = 4096
#: a connection nobody used for so long is not used again, seconds
_RESTED_S = 2.0
#: bytes handed to the connection at once: fewer steps than its usual 16 KiB, and a stop is still heard soon
_AT_ONCE = 64 << 10
#: digits of the largest count of bytes there can be
_LONGEST_COUNT = 18
_PORT = {"http": 80, "https": 443}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}

Progress = Callable[[int, int], None]


class Trouble(Enum):
    """Why there is no answer."""

    UNREACHED = "unreached"  # nothing was sent: no network, no such name, refused
    NO_PASSAGE = "no_passage"  # nothing was sent: the host let us wait for a connection
    CERTIFICATE = "certificate"  # nothing was sent: the host could not prove who it is
    STALLED = "stalled"  # something was sent; then silence
    CUT = "cut"  # something was sent; then the connection broke
    UNREADABLE = "unreadable"  # bytes came that are no HTTP answer, or too many of them


class NoAnswer(Exception):
    """No answer of use. ``detail`` names the kind of failure only: no address, no header, no content."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble.value}: {detail}")
        self.trouble = trouble
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. ``headers`` have lower-case names; ``body`` is as sent, never decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """The media type without parameters, lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What proves this desk to the host: chain and key (PEM files), the key's password or ''."""

    chain: Path
    key: Path | None = None
    password: str = field(default="", repr=False)


class _Counted(io.RawIOBase):
    """The body as a stream that tells how much of it was taken, and gives no more than its pace allows."""

    def __init__(self, data: bytes | memoryview, progress: Progress, pace: Pace) -> None:
        super().__init__()
        self._view = memoryview(data)
        self._at = 0
        self._progress = progress
        self._pace = pace

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size is None or size < 0 else min(len(self._view), self._at + size)
        piece = bytes(self._view[self._at : end])
        if self._at:
            # the piece before is on its way only now that the next one is asked for
            self._progress(self._at, len(self._view))
        self._pace.take(len(piece))
        self._at = end
        return piece


class Wire:
    """Requests to one host. TLS is verified always; redirects, compressed answers and proxies of the environment
    are never used. Not shared between threads."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        ca_file: Path | None,
        timeout_s: float,
        max_reply_bytes: int,
        proxy_url: str = "",
        proxy_login: tuple[str, str] | None = None,
        client: ClientCertificate | None = None,
        pace: Pace | None = None,
    ) -> None:
        """``ca_file`` (PEM) takes the place of the system's roots. Plain HTTP is allowed to this very machine only.
        ``proxy_login`` is user and password for the proxy itself. ``pace`` limits the bodies that go out; shared by
        all that use the same line.

        Raises:
            DeskError: ``province.not_set`` when the address, a header, the CA file, the client's certificate or the
                proxy cannot be used.
        """
        self._base = checked_address(base_url)
        self._headers = dict(headers)
        if any(not _fit_for_header(value) for value in self._headers.values()):
            # http.client would refuse too, but with the value in its message
            raise error("province.not_set", "a header value is empty or has letters no header may have")
        self._timeout = urllib3.Timeout(connect=min(timeout_s, CONNECT_S), read=timeout_s)
        self._timeout_s = timeout_s
        self._pace = pace or Pace(0)
        self._most = max_reply_bytes
        self._deep, self._used = 0, 0.0
        # reading the system's roots takes a tenth of a second: not for this very machine
        secured = self._base.startswith("https:") or proxy_url or ca_file or client
        context = trusting(ca_file, client) if secured else None
        self._pool: urllib3.PoolManager
        if proxy_url:
            known = {"Proxy-Authorization": basic(*proxy_login)} if proxy_login else None
            try:
                self._pool = punctual(
                    urllib3.ProxyManager(proxy_url, proxy_headers=known, ssl_context=context, blocksize=_AT_ONCE)
                )
            except (HTTPError, ValueError) as problem:
                raise error("province.not_set", f"proxy cannot be used: {type(problem).__name__}") from None
        else:
            self._pool = punctual(urllib3.PoolManager(ssl_context=context, blocksize=_AT_ONCE))

    @contextmanager
    def conversation(self) -> Iterator[None]:
        """One connection for what is asked inside, closed at the end of the outermost.

        One that rested for a while may be half dead, and a request lost on it would look like an unknown outcome: it
        is not used again.
        """
        self._deep += 1
        try:
            yield
        finally:
            self._deep -= 1
            if not self._deep:
                self._pool.clear()

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | memoryview | None = None,
        media: str = "",
        progress: Progress | None = None,
        headers: Mapping[str, str] | None = None,
        most: int = 0,
    ) -> Answer:
        """Send one request and read its whole answer. ``progress`` may raise to stop sending; that passes through.
        ``headers`` are those of this request alone; ``most`` bytes the answer may have where it is no small one.

        Raises:
            NoAnswer: nothing usable came back.
        """
        payload: bytes | _Counted | None = None
        sent = {**self._headers, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = media
            sent["Content-Length"] = str(len(body))
            if progress is not None:
                payload = _Counted(body, progress, self._pace)
            else:
                self._pace.take(len(body))
                payload = bytes(body)
        with self._response(method, path, payload, sent) as response:
            whole = self._read(response, method, most)
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, whole)

    def fetch(self, path: str, *, most: int, headers: Mapping[str, str] | None = None) -> tuple[Answer, str, int]:
        """Get something larger than an answer and keep only its hash: (answer, SHA-256 hex, bytes). The answer's body
        is whole when the status is not 200.

        Raises:
            NoAnswer: nothing usable came back, it broke off, was longer than ``most`` bytes or came too slowly.
        """
        digest, size, began = hashlib.sha256(), 0, time.monotonic()
        with self._response("GET", path, None, {**self._headers, **(headers or {})}) as response:
            known = {k.lower(): v for k, v in response.headers.items()}
            if response.status != 200:
                return Answer(response.status, known, self._read(response, "GET")), "", 0
            if response.headers.get("Content-Encoding"):
                raise NoAnswer(Trouble.UNREADABLE, "compressed")
            while piece := response.read1(256 << 10):
                digest.update(piece)
                size += len(piece)
                if size > most:
                    raise NoAnswer(Trouble.UNREADABLE, "longer than what was sent")
                if time.monotonic() - began > self._timeout_s + size / SLOWEST:
                    raise NoAnswer(Trouble.STALLED, "answer drips")
            if digits(response.headers.get("Content-Length", "")) not in (None, size):
                raise NoAnswer(Trouble.CUT, "answer shorter than announced")
        return Answer(200, known, b""), digest.hexdigest(), size

    def address(self, path: str) -> str:
        """The whole address of a path."""
        return self._base + path

    def below(self, path: str, location: str) -> str:
        """A ``Location`` answered to ``path``, as a path for :meth:`ask`; '' when it leads to another host or out of
        the base address: what is sent there carries our login."""
        try:
            base, there = urlsplit(self._base), urlsplit(urljoin(self._base + path, location.strip()))
            ports = [parts.port or _PORT.get(parts.scheme) for parts in (base, there)]
        except ValueError:  # no address at all
            return ""
        # a province behind a proxy that ends TLS often names itself with http: the host is what matters
        usual = base.port is None and there.port is None
        same = base.hostname == there.hostname and (ports[0] == ports[1] or usual)
        if not same or not there.path.startswith(base.path + "/"):
            return ""
        return there.path[len(base.path) :] + (f"?{there.query}" if there.query else "")

    @contextmanager
    def _response(
        self, method: str, path: str, payload: bytes | _Counted | None, headers: Mapping[str, str]
    ) -> Iterator[urllib3.BaseHTTPResponse]:
        """One exchange; what goes wrong inside is a :class:`NoAnswer`, and the connection is then not used again."""
        if time.monotonic() - self._used > _RESTED_S:
            self._pool.clear()
        with _as_no_answer():
            response = self._pool.request(
                method,
                self._base + path,
                body=payload,
                headers=headers,
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                yield response
            except BaseException:
                response.close()
                raise
            response.release_conn()
            self._used = time.monotonic()

    def _read(self, response: urllib3.BaseHTTPResponse, method: str, most: int = 0) -> bytes:
        if response.headers.get("Content-Encoding"):
            raise NoAnswer(Trouble.UNREADABLE, "compressed")
        if method == "HEAD":
            return b""
        # a peer that drips one byte a second never meets the socket's own timeout
        deadline = time.monotonic() + self._timeout_s
        whole = bytearray()
        while piece := response.read1(64 << 10):
            whole += piece
            if len(whole) > (most or self._most):
                raise NoAnswer(Trouble.UNREADABLE, "answer too long")
            if time.monotonic() > deadline + (len(whole) / SLOWEST if most else 0.0):
                raise NoAnswer(Trouble.STALLED, "answer drips")
        if digits(response.headers.get("Content-Length", "")) not in (None, len(whole)):
            raise NoAnswer(Trouble.CUT, "answer shorter than announced")
        return bytes(whole)


def digits(text: str) -> int | None:
    """A count of bytes as a header tells it; None for what is none. One longer than any file is told as too many."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if len(text) <= _LONGEST_COUNT else 1 << 62


def checked_address(base_url: str) -> str:
    """The base address without its last slash.

    Raises:
        DeskError: ``province.not_set`` unless it is https, or http to this very machine; without user or query.
    """
    try:
        parts = urlsplit(base_url.strip())
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise error("province.not_set", "address cannot be read") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not host or not safe or parts.username is not None or parts.query or parts.fragment:
        raise error("province.not_set", "address must be https://host[:port][/path]")
    return parts.geturl().rstrip("/")


def basic(user: str, password: str) -> str:
    """Name and password as RFC 7617 has them, in UTF-8."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def trusting(ca_file: Path | None, client: ClientCertificate | None) -> ssl.SSLContext:
    """How every connection is secured: TLS 1.2 at least, chain and name always verified.

    Raises:
        DeskError: ``province.not_set`` when one of the files cannot be used.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as problem:
        raise error("province.not_set", f"CA file cannot be used: {type(problem).__name__}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if client is not None:
        try:
            # without a password of its own OpenSSL would ask for one at the terminal
            context.load_cert_chain(client.chain, client.key, password=lambda: client.password)
        except (OSError, ssl.SSLError, ValueError) as problem:
            raise error("province.not_set", f"client certificate cannot be used: {type(problem).__name__}") from None
    return context


def _fit_for_header(value: str) -> bool:
    return bool(value.strip()) and value.isascii() and value.isprintable()


@contextmanager
def _as_no_answer() -> Iterator[None]:
    """Turn every failure of the connection into :class:`NoAnswer`, without its text: that may quote what was sent."""
    try:
        yield
    except (NewConnectionError, ProxyError) as problem:  # urllib3 counts the first among the timeouts
        raise NoAnswer(Trouble.UNREACHED, type(problem).__name__) from None
    except ConnectTimeoutError:
        raise NoAnswer(Trouble.NO_PASSAGE) from None
    except SSLError as problem:
        raise _of_tls(problem) from None
    except ReadTimeoutError:
        raise NoAnswer(Trouble.STALLED) from None
    except (IncompleteRead, ProtocolError) as problem:
        raise _of_protocol(problem) from None
    except (HTTPError, http.client.HTTPException) as problem:
        raise NoAnswer(Trouble.UNREADABLE, type(problem).__name__) from None
    except TimeoutError:
        raise NoAnswer(Trouble.STALLED) from None


def _of_tls(problem: SSLError) -> NoAnswer:
    cause = problem.args[0] if problem.args else None
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
        return NoAnswer(Trouble.CUT, type(cause).__name__)
    reason = getattr(cause, "reason", "") or type(cause).__name__
    return NoAnswer(Trouble.CERTIFICATE, str(reason))


def _of_protocol(problem: HTTPError) -> NoAnswer:
    cause = problem.args[-1] if problem.args else None
    if isinstance(cause, TimeoutError):
        return NoAnswer(Trouble.STALLED, "while sending")
    if isinstance(cause, http.client.HTTPException) and not isinstance(
        cause, http.client.RemoteDisconnected | http.client.IncompleteRead
    ):
        return NoAnswer(Trouble.UNREADABLE, type(cause).__name__)
    return NoAnswer(Trouble.CUT, type(cause).__name__)
