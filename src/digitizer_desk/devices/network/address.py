# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A scanner's address as people give it, and the one form in which it is kept.

Apart from ``reach.py`` because this asks nobody: settings are checked with it, off the network.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from digitizer_desk.errors import DeskError, error

#: a saned listens here; its clients cannot be told of another port
SANED_PORT = 6566
_PATH = "/eSCL"
_LONGEST = 253
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_SAFE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")


@dataclass(frozen=True, slots=True)
class NetworkScanner:
    """A scanner added by address. ``url`` is http(s)://…/eSCL, unix://SOCKET/eSCL or saned://HOST; ``model`` what an
    eSCL scanner says it is, by which its manifest is matched."""

    name: str
    url: str
    model: str = ""

    @property
    def is_saned(self) -> bool:
        return self.url.startswith("saned://")

    @property
    def host(self) -> str:
        """The host as SANE writes it: an IPv6 address in brackets."""
        return self.url.partition("://")[2].partition("/")[0]

    @property
    def id(self) -> str:
        """The name SANE opens it by, without any search. A saned named by its host alone gives its first scanner."""
        return f"net:{self.host}" if self.is_saned else f"airscan:escl:{_plain(self.name or self.host)}:{self.url}"


def place_of(device: str) -> tuple[str, int] | None:
    """(host, TCP port) that a SANE name with its address in it leads to; None for any other name."""
    if match := re.match(r"net:(?:\[([^]]*)\]|([^:\[]+))", device):
        return match[1] or match[2], SANED_PORT
    if device.startswith(("airscan:escl:", "airscan:wsd:")) and device.count(":") > 3:
        parts = urlsplit(device.split(":", 3)[3])
        with contextlib.suppress(ValueError):
            if parts.scheme in ("http", "https") and parts.hostname:
                return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    return None


def driver_of(device: str) -> str:
    """The backend that drives the scanner of this SANE name: behind a saned, the one over there."""
    far = re.fullmatch(r"net:(?:\[[^]]*\]|[^:\[]+):(.+)", device)
    return (far[1] if far else device).partition(":")[0]


def _plain(name: str) -> str:
    """SANE carries plain letters only, and a colon would end the name: «Quầy 1» becomes Quay 1."""
    letters = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isalnum() or c in " ._-()" else " " for c in letters).split()) or "eSCL"


def candidates(address: str) -> tuple[str, ...]:
    """The urls an address may mean, likeliest first: a full url is itself, a bare host may be eSCL or a saned.

    Takes IP, host, host:port, ``[IPv6]:port``, http(s) urls, ``unix://``, ``saned://host``, SANE's ``net:host`` and
    ``airscan:escl:NAME:URL``.

    Raises:
        DeskError: ``scanner.address_bad`` with the address.
    """
    text = address.strip()
    try:
        if text.startswith("airscan:escl:"):
            text = text.split(":", 3)[3]
        if text.startswith(("net:", "saned://")):
            host, port = _host(text.removeprefix("net:").removeprefix("saned://").rstrip("/"))
            if port not in (None, SANED_PORT):
                raise ValueError("another port")
            return (f"saned://{host}",)
        if "://" in text:
            return (_url(text),)
        host, port = _host(text)
    except (ValueError, IndexError) as problem:
        # as it was typed: an address is no secret, but a password in it would be
        raise error("scanner.address_bad", address=re.sub(r"//[^/]*@", "//…@", text)[:80]) from problem
    if port == SANED_PORT:
        return (f"saned://{host}",)
    if port is not None:
        return (f"http://{host}:{port}{_PATH}", f"https://{host}:{port}{_PATH}")
    web = (
        f"http://{host}{_PATH}",
        f"http://{host}:8080{_PATH}",
        f"http://{host}:9095{_PATH}",
        f"https://{host}{_PATH}",
    )
    return (*web, f"saned://{host}")


def is_kept_form(url: str) -> bool:
    """Whether this is an address in the one form in which settings keep it."""
    try:
        return candidates(url) == (url,)
    except DeskError:
        return False


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.username or parts.password or parts.query or parts.fragment or not _SAFE_PATH.fullmatch(parts.path):
        raise ValueError("more than host, port and path")
    path = parts.path.rstrip("/") or _PATH
    if parts.scheme == "unix":
        if not re.fullmatch(r"[A-Za-z0-9._-]+", parts.netloc):
            raise ValueError("no name of a socket")
        return f"unix://{parts.netloc}{path}"
    if parts.scheme not in ("http", "https"):
        raise ValueError("neither http nor https")
    host, port = _host(parts.netloc)
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{path}"


def _host(text: str) -> tuple[str, int | None]:
    """(host, port or None); IPv6 in brackets.

    Raises:
        ValueError: neither an IP address nor a host name, or a port out of range.
    """
    port: int | None = None
    if re.fullmatch(r"\[[^]]*\](:\d{1,5})?|[^:]*:\d{1,5}", text):
        head, colon, tail = text.rpartition(":")
        if colon and not text.endswith("]"):
            text, port = head, int(tail)
            if not 1 <= port <= 65535:
                raise ValueError("port out of range")
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if "%" in bare:
        # a zone is a matter of one machine's network cards, and may hold any letter
        raise ValueError("zone")
    if ":" in bare:
        return f"[{ipaddress.IPv6Address(bare)}]", port
    if re.fullmatch(r"[0-9.]+", bare):
        return str(ipaddress.IPv4Address(bare)), port
    name = bare.lower().rstrip(".")
    if text != bare or not name or len(name) > _LONGEST or not all(_LABEL.fullmatch(part) for part in name.split(".")):
        raise ValueError("no host name")
    return name, port
