# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Tries the way to a province one stretch after the other and names the first that is broken: for IT, not for sending.

Apart from the wire, which only has to know that it does not get through; here the question is why.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from digitizer_desk.errors import DeskError
from digitizer_desk.province.connect import carrier_of, link_of
from digitizer_desk.province.link import Health
from digitizer_desk.province.national.link import NationalLink
from digitizer_desk.province.profile import Passage, Profile, Secrets, passage, usable_proxy
from digitizer_desk.province.wire import CONNECT_S, basic, checked_address, trusting

State = Literal["ok", "warn", "bad"]

#: a server certificate that ends sooner is worth a word
SOON = timedelta(days=30)
#: clocks further apart than this make times in records doubtful, seconds
CLOCKS_S = 120.0

#: how long a server has to object to a missing certificate, seconds
_ALERT_S = 0.5

#: OpenSSL's numbers of what is wrong with a chain, as far as IT can do something different about each
_CHAIN = {
    9: "tls_not_yet",
    10: "tls_expired",
    18: "tls_self_signed",
    19: "tls_unknown_ca",
    20: "tls_unknown_ca",
    21: "tls_unknown_ca",
    62: "tls_name",
    64: "tls_name",
}
#: what the province said to the cheap question
_HEALTH = {
    "province.login": "login",
    "province.forbidden": "rights",
    "province.rejected": "rights",
    "province.old_version": "old_version",
    "province.reply_unreadable": "contract",
    "province.server_busy": "busy",
    "province.timeout": "silent",
    "province.offline": "cut",
}
#: what of a profile cannot be used, by how the detail begins -> the word for it
_UNUSABLE = {"CA file": "ca_file", "client certificate": "client_file", "proxy": "proxy_address", "address": "address"}
_UNUSABLE["no password of the portal"] = "portal_secret"


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of the way. ``code`` is a word of ``messages.probes``; ``facts`` fill it: host names, dates, no
    secrets."""

    code: str
    state: State
    facts: Mapping[str, str] = field(default_factory=dict)
    portal: bool = False  # of the way to the national portal, not of the one the files take


def probe(
    profile: Profile, secrets: Secrets, beside: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> tuple[Stretch, ...]:
    """Every stretch that holds, and the first that does not; for the national portal of both ways. Blocks for some
    seconds at worst."""
    if profile.kind == "folder":
        return (Stretch("folder", "ok"),)
    if profile.kind == "national":
        return tuple(_both(profile, secrets, beside, clock))
    return tuple(_walk(profile, secrets, beside, clock))


def _both(profile: Profile, secrets: Secrets, beside: Path, clock: Callable[[], datetime]) -> Iterator[Stretch]:
    try:
        yield from _walk(carrier_of(profile, beside), secrets, beside, clock)
    except DeskError as problem:
        yield Stretch("carrier", "bad", {"file": str(problem.facts["file"]), "where": str(problem.facts["where"])})
    for stretch in _walk(profile, secrets, beside, clock):
        yield replace(stretch, portal=True)
    if not profile.national.second_message:
        yield Stretch("second_message", "warn", portal=True)


def _walk(profile: Profile, secrets: Secrets, beside: Path, clock: Callable[[], datetime]) -> Iterator[Stretch]:
    way = passage(profile, secrets, beside)
    try:
        target = urlsplit(checked_address(profile.address))
        context = trusting(way.ca_file, way.client) if target.scheme == "https" else None
    except DeskError as problem:
        yield Stretch(_unusable(problem.detail), "bad")
        return
    if way.proxy_url and not usable_proxy(way.proxy_url):
        yield Stretch("proxy_address", "bad")
        return
    try:
        yield from _line(target, way, context, clock())
    except _Broken as broken:
        yield Stretch(broken.code, "bad", broken.facts)
        return
    # nothing is sent here, so no parcels are asked for
    link = link_of(profile, secrets, beside, clock=clock, parcels=lambda _dossier: ())
    assert link is not None
    if not isinstance(link, NationalLink):
        yield from _answers(link.health())
        return
    health = link.portal_health()
    yield from _answers(health)
    if not health.code:
        yield from _catalogue(link, tuple(sorted(set(profile.codes.procedures.values()))))


def _catalogue(link: NationalLink, procedures: tuple[str, ...]) -> Iterator[Stretch]:
    """Whether the portal knows the procedures the profile maps to; that it answers at all shows the rights."""
    if not procedures:
        return
    unknown, code = link.unknown(procedures)
    if code:
        yield Stretch(_HEALTH.get(code, "cut"), "bad", {"why": "LayThuTuc"})
    elif unknown:
        yield Stretch("catalogue", "bad", {"codes": ", ".join(unknown)})
    else:
        yield Stretch("catalogue", "ok", {"many": str(len(procedures))})


class _Broken(Exception):
    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def _line(target: SplitResult, way: Passage, context: ssl.SSLContext | None, now: datetime) -> Iterator[Stretch]:
    """Name, connection, proxy, certificate.

    Raises:
        _Broken: the stretch that does not hold.
    """
    first = urlsplit(way.proxy_url) if way.proxy_url else target
    host = first.hostname or ""
    port = first.port or (443 if first.scheme == "https" else 80)
    through_proxy = "proxy_" if way.proxy_url else ""
    address = _found(host, port, through_proxy)
    yield Stretch(f"{through_proxy}dns", "ok", {"host": host, "address": address})
    with _reached(host, port, through_proxy) as line:
        yield Stretch(f"{through_proxy}tcp", "ok", {"host": host, "port": str(port)})
        if context is None:
            return
        if way.proxy_url:
            _tunnel(line, target, way)
            yield Stretch("proxy", "ok", {"host": host})
        yield _certified(line, context, target.hostname or "", now)


def _found(host: str, port: int, through_proxy: str) -> str:
    try:
        return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])
    except (OSError, UnicodeError):
        raise _Broken(f"{through_proxy}dns", host=host) from None


def _reached(host: str, port: int, through_proxy: str) -> socket.socket:
    try:
        return socket.create_connection((host, port), CONNECT_S)
    except TimeoutError:
        raise _Broken(f"{through_proxy}tcp_silent", host=host, port=str(port)) from None
    except OSError:
        raise _Broken(f"{through_proxy}tcp", host=host, port=str(port)) from None


def _tunnel(line: socket.socket, target: SplitResult, way: Passage) -> None:
    there = f"{target.hostname}:{target.port or 443}"
    login = [f"Proxy-Authorization: {basic(*way.proxy_login)}"] if way.proxy_login else []
    lines = [f"CONNECT {there} HTTP/1.1", f"Host: {there}", *login, "", ""]
    heard = b""
    try:
        line.sendall("\r\n".join(lines).encode("ascii"))
        # byte by byte: what follows the blank line belongs to TLS
        while not heard.endswith(b"\r\n\r\n") and len(heard) < 16_384 and (one := line.recv(1)):
            heard += one
    except OSError:
        heard = b""
    status = heard.partition(b" ")[2][:3].decode("ascii", "replace")
    if status == "407":
        raise _Broken("proxy_login")
    if status != "200":
        raise _Broken("proxy", status=status or "không trả lời")


def _certified(line: socket.socket, context: ssl.SSLContext, host: str, now: datetime) -> Stretch:
    try:
        with context.wrap_socket(line, server_hostname=host) as secured:
            shown = secured.getpeercert() or {}
            _let_in(secured)
    except ssl.SSLCertVerificationError as problem:
        code = _CHAIN.get(problem.verify_code, "tls_chain")
        raise _Broken(code, host=host, why=problem.verify_message) from None
    except (OSError, ssl.SSLError) as problem:
        raise _Broken("tls", host=host, why=getattr(problem, "reason", "") or type(problem).__name__) from None
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    state: State = "warn" if ends - now < SOON else "ok"
    return Stretch("tls_soon" if state == "warn" else "tls", state, {"host": host, "until": f"{ends:%d/%m/%Y}"})


def _let_in(secured: ssl.SSLSocket) -> None:
    """With TLS 1.3 a server that misses our certificate says so only after its own handshake is over."""
    secured.settimeout(_ALERT_S)
    try:
        if not secured.recv(1):
            raise _Broken("client_certificate", why="máy chủ đóng ngay sau khi bắt tay")
    except TimeoutError:
        return  # it waits for our question
    except (OSError, ssl.SSLError) as problem:
        raise _Broken("client_certificate", why=getattr(problem, "reason", "") or type(problem).__name__) from None


def _unusable(detail: str) -> str:
    return next((word for begins, word in _UNUSABLE.items() if detail.startswith(begins)), "secret")


def _answers(health: Health) -> Iterator[Stretch]:
    """Login, rights, version and clock, as one cheap question shows them."""
    if health.code:
        code = _HEALTH.get(health.code, "cut")
        if health.code == "province.certificate":
            # the chain held a moment ago: the server wants to see ours
            code = "client_certificate"
        if health.code == "province.not_set":
            code = _unusable(health.detail)
        status = re.search(r"status (\d{3})", health.detail)
        yield Stretch(code, "bad", {"why": f"mã {status[1]}" if status else "không có mã"})
        return
    yield Stretch("login", "ok", {"name": health.name})
    if health.contract:
        yield Stretch("contract", "ok", {"version": health.contract})
    if health.clock_difference is not None:
        apart = abs(health.clock_difference)
        words = f"{apart:.0f} giây" if apart < 120 else f"{apart / 60:.0f} phút"
        way = "sau" if health.clock_difference > 0 else "trước"
        state: State = "bad" if apart > CLOCKS_S else "ok"
        yield Stretch("clock", state, {"apart": words, "way": way})
