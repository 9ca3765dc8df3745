# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One HTTP exchange: a request goes out, a whole small answer comes back, or it is said how far things went.

Apart from ``http.py`` because what a socket can do (refuse, stall, break, flood) is the same whatever is asked; the
only module that knows urllib3.
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

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
from digitizer_desk.province.pace import Pace

#: a host that does not even take the connection within this many seconds is not there
CONNECT_S = 10.0
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


class _Counted(io.RawIOBase):
    """The body as a stream that tells how much of it was taken, and gives no more than its pace allows."""

    def __init__(self, data: bytes, progress: Progress, pace: Pace) -> None:
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
        pace: Pace | None = None,
    ) -> None:
        """``ca_file`` (PEM) takes the place of the system's roots. Plain HTTP is allowed to this very machine only.
        ``pace`` limits the bodies that go out; shared by all that use the same line.

        Raises:
            DeskError: ``province.not_set`` when the address, a header, the CA file or the proxy cannot be used.
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
        try:
            context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        except (OSError, ssl.SSLError) as problem:
            raise error("province.not_set", f"CA file cannot be used: {type(problem).__name__}") from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._pool: urllib3.PoolManager
        if proxy_url:
            try:
                self._pool = urllib3.ProxyManager(proxy_url, ssl_context=context)
            except (HTTPError, ValueError) as problem:
                raise error("province.not_set", f"proxy cannot be used: {type(problem).__name__}") from None
        else:
            self._pool = urllib3.PoolManager(ssl_context=context)

    @contextmanager
    def conversation(self) -> Iterator[None]:
        """One connection for what is asked inside, closed at the end.

        A connection kept for the next parcel, minutes later, may be half dead, and a request lost on it would look
        like an unknown outcome.
        """
        try:
            yield
        finally:
            self._pool.clear()

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, media: str = "", progress: Progress | None = None
    ) -> Answer:
        """Send one request and read its whole answer. ``progress`` may raise to stop sending; that passes through.

        Raises:
            NoAnswer: nothing usable came back.
        """
        headers = dict(self._headers)
        payload: bytes | _Counted | None = body
        if body is not None:
            headers["Content-Type"] = media
            headers["Content-Length"] = str(len(body))
            if progress is not None:
                payload = _Counted(body, progress, self._pace)
            else:
                self._pace.take(len(body))
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
                whole = self._read(response, method)
            except BaseException:
                response.close()
                raise
            response.release_conn()
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, whole)

    def _read(self, response: urllib3.BaseHTTPResponse, method: str) -> bytes:
        if response.headers.get("Content-Encoding"):
            raise NoAnswer(Trouble.UNREADABLE, "compressed")
        if method == "HEAD":
            return b""
        # a peer that drips one byte a second never meets the socket's own timeout
        deadline = time.monotonic() + self._timeout_s
        whole = bytearray()
        while piece := response.read1(64 << 10):
            whole += piece
            if len(whole) > self._most:
                raise NoAnswer(Trouble.UNREADABLE, "answer too long")
            if time.monotonic() > deadline:
                raise NoAnswer(Trouble.STALLED, "answer drips")
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and int(announced) != len(whole):
            raise NoAnswer(Trouble.CUT, "answer shorter than announced")
        return bytes(whole)


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
