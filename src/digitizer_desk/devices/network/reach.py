# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Does a scanner answer at this address, and which ones announce themselves: asked with a time limit.

Apart from the drivers: they wait for minutes, and their only word for every reason is an input/output error.
"""

from __future__ import annotations

import errno
import http.client
import re
import select
import socket
import struct
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from digitizer_desk.devices.network.address import SANED_PORT, candidates
from digitizer_desk.devices.process import surroundings
from digitizer_desk.devices.sane.counter import connect
from digitizer_desk.errors import DeskError, error

_MOST_BYTES = 1 << 20
_DISCOVERY_SECONDS = 20.0
#: SANE network protocol (SANE standard 1.06, chapter 5): request 0 opens the talk; version 1.0, protocol 3
_INIT = struct.pack(">II", 0, (1 << 24) | 3)
_DENIED = 11


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answered: the address in the form to keep, and the model an eSCL scanner gives of itself."""

    url: str
    model: str = ""


def reach(address: str, *, seconds: float = 5.0) -> Answer:
    """Ask every place the address may mean, all at once, each for at most ``seconds``; the likeliest that answers.

    Raises:
        DeskError: ``scanner.address_bad``; ``scanner.unreachable`` (nobody answers in time); ``scanner.not_a_scanner``
            (somebody does, but is none); ``scanner.denied`` (a saned that does not know this machine).
    """
    urls = candidates(address)
    with ThreadPoolExecutor(len(urls), thread_name_prefix="scanner-reach") as pool:
        results = list(pool.map(lambda url: _ask(url, seconds), urls))
    for result in results:
        if isinstance(result, Answer):
            return result
    for code in ("scanner.denied", "scanner.not_a_scanner"):
        if code in results:
            raise error(code, address=address.strip())
    raise error("scanner.unreachable", address=address.strip(), seconds=round(seconds))


def _ask(url: str, seconds: float) -> Answer | str:
    """The answer of one place, or the code that says why there is none."""
    try:
        return _ask_saned(url, seconds) if url.startswith("saned://") else _ask_escl(url, seconds)
    except (http.client.HTTPException, EOFError):
        return "scanner.not_a_scanner"
    except (OSError, UnicodeError):
        # refused, timed out, no such name, no route: for the clerk it is one thing
        return "scanner.unreachable"


def _ask_escl(url: str, seconds: float) -> Answer | str:
    connection = connect(url, seconds)
    try:
        connection.request("GET", urlsplit(url).path.rstrip("/") + "/ScannerCapabilities")
        answer = connection.getresponse()
        text = answer.read(_MOST_BYTES).decode("utf-8", "replace") if answer.status == 200 else ""
    finally:
        connection.close()
    if not re.search(r"<(\w+:)?ScannerCapabilities\b", text):
        return "scanner.not_a_scanner"
    model = re.search(r"<\w+:MakeAndModel>\s*([^<]{1,100}?)\s*<", text)
    # it goes into the settings and onto the screen: letters only
    return Answer(url, "".join(letter for letter in model[1] if letter.isprintable()) if model else "")


def _ask_saned(url: str, seconds: float) -> Answer | str:
    host = urlsplit(url).hostname or ""
    with socket.create_connection((host, SANED_PORT), timeout=seconds) as line:
        user = b"desk\0"
        line.sendall(_INIT + struct.pack(">I", len(user)) + user)
        got = b""
        while len(got) < 8:
            more = line.recv(8 - len(got))
            if not more:
                raise EOFError
            got += more
    status, version = struct.unpack(">II", got)
    if status == _DENIED:
        return "scanner.denied"
    return Answer(url) if status == 0 and version >> 24 == 1 else "scanner.not_a_scanner"


def listens(place: tuple[str, int], stop: Callable[[], bool], *, seconds: float = 5.0) -> bool:
    """Whether anybody takes a call at (host, port) within ``seconds``; asked before a driver is, which would wait for
    minutes. False at once when ``stop`` says True, several times a second."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        return False
    deadline = time.monotonic() + seconds
    with socket.socket(family, kind, protocol) as line:
        line.setblocking(False)
        answer = line.connect_ex(address)
        while answer in (errno.EINPROGRESS, errno.EWOULDBLOCK) and not stop() and time.monotonic() < deadline:
            if select.select([], [line], [line], 0.1)[1:] != ([], []):
                answer = line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return answer == 0


def announced(env: Mapping[str, str], program: str = "airscan-discover") -> dict[tuple[str, str], str]:
    """(protocol, name) -> url of the scanners that announce themselves (mDNS, WS-Discovery), by airscan's own search.

    airscan numbers what it finds anew each time; an address stays. Names that two scanners share are left out. Empty
    when the program is not installed or finds no end.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the driver's own program
            [program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_DISCOVERY_SECONDS,
            check=True,
            env=surroundings(env),
        )
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[tuple[str, str], str] = {}
    twice: set[tuple[str, str]] = set()
    for name, url, protocol in re.findall(
        r"^\s*(.+?)\s*=\s*(\w+://\S+?),\s*(eSCL|WSD)\s*$", done.stdout.decode("utf-8", "replace"), re.MULTILINE
    ):
        key = (protocol.lower(), name.strip('"'))
        twice |= {key} & found.keys()
        found[key] = url
    return {key: url for key, url in found.items() if key not in twice and _usable(key[0], url)}


def _usable(protocol: str, url: str) -> bool:
    try:
        return protocol == "wsd" or bool(candidates(url))
    except DeskError:
        return False
