# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From a profile to the connector it names.

Apart from the connectors, which do not know each other, and from the assembly, which knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from digitizer_desk import __version__
from digitizer_desk.dossier.model import Parcel
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.incoming.reading import NotConnected, Reading
from digitizer_desk.province.link import Health, Keep, Later, ProvinceLink, keep_nothing
from digitizer_desk.province.national.link import NationalLink, Parcels
from digitizer_desk.province.national.portal import Portal, headers_of
from digitizer_desk.province.pace import Pace
from digitizer_desk.province.profile import Profile, Secrets, passage, read
from digitizer_desk.province.systems.opencps import OpenCpsLink
from digitizer_desk.province.systems.td import TdLink
from digitizer_desk.province.wire import Wire


def _now() -> datetime:
    return datetime.now(UTC)


class NotSet:
    """Stands where no connector can be made: nothing is sent, and every call says so."""

    def __init__(self, detail: str) -> None:
        """``detail`` is for IT: a code and a key, no secret."""
        self._detail = detail

    @property
    def reading(self) -> Reading:
        return NotConnected()

    def health(self) -> Health:
        return Health(reachable=False, code="province.not_set", detail=self._detail)

    def look(self, parcel: Parcel) -> Later:
        return Later("province.not_set", attempt=False, pause_all=True, detail=self._detail)

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Later:
        return self.look(parcel)


def link_of(
    profile: Profile,
    secrets: Secrets,
    beside: Path,
    *,
    bytes_per_s: int = 0,
    clock: Callable[[], datetime] = _now,
    parcels: Parcels | None = None,
) -> ProvinceLink | None:
    """The connector of a profile; None for a folder, which is handed over by a person. Nothing is sent yet.

    ``bytes_per_s`` limits what leaves this office, whatever connector sends it (0 = no limit). ``parcels`` gives all
    parcels of a dossier: the national portal is only ever told of whole dossiers, so nothing is sent there without it.
    """
    try:
        if profile.kind == "national":
            return _national(profile, secrets, beside, Pace(bytes_per_s), clock, parcels)
        return _made(profile, secrets, beside, Pace(bytes_per_s), clock)
    except DeskError as problem:
        return NotSet(problem.detail)


def carrier_of(profile: Profile, beside: Path) -> Profile:
    """The profile of the connector that brings the files the national portal is told of.

    Raises:
        DeskError: ``province.profile_unreadable``.
    """
    carrier = read(beside / f"{profile.national.after}.toml")
    if carrier.kind in ("national", "folder"):
        raise error(
            "province.profile_unreadable", "brings no files", file=f"{profile.national.after}.toml", where="kind"
        )
    return carrier


def _national(
    profile: Profile,
    secrets: Secrets,
    beside: Path,
    pace: Pace,
    clock: Callable[[], datetime],
    parcels: Parcels | None,
) -> ProvinceLink:
    """Raises:
    DeskError: ``province.not_set``, ``province.profile_unreadable``.
    """
    if parcels is None or not secrets.portal:
        raise error("province.not_set", "no password of the portal" if parcels else "no parcels")
    carrier = _made(carrier_of(profile, beside), secrets, beside, pace, clock)
    assert carrier is not None
    wire = _wire_to(profile, secrets, beside, pace, profile.address, headers_of(profile, secrets))
    portal = Portal(profile, wire, secrets, lambda address: _wire_to(profile, secrets, beside, pace, address, {}))
    return NationalLink(profile, carrier, portal, parcels, clock)


def _made(
    profile: Profile, secrets: Secrets, beside: Path, pace: Pace, clock: Callable[[], datetime]
) -> ProvinceLink | None:
    match profile.kind:
        case "folder":
            return None
        case "opencps":
            return OpenCpsLink(profile, _wire(profile, secrets, beside, pace), secrets.login, clock)
        case "td":
            return TdLink(profile, _wire(profile, secrets, beside, pace), secrets.login, clock)
        case _:
            return GatewayLink(_gateway(profile, secrets, beside), clock=clock, pace=pace)


def _wire(profile: Profile, secrets: Secrets, beside: Path, pace: Pace) -> Wire:
    """The way to a system of others.

    Raises:
        DeskError: ``province.not_set``.
    """
    if not secrets.login:
        raise error("province.not_set", "no password")
    own = {"opencps": {"groupId": str(profile.opencps.group)}, "td": {"Tenant": profile.td.tenant}}
    base = profile.address.rstrip("/") + (profile.opencps.base if profile.kind == "opencps" else "")
    return _wire_to(profile, secrets, beside, pace, base, own[profile.kind])


def _wire_to(
    profile: Profile, secrets: Secrets, beside: Path, pace: Pace, address: str, headers: Mapping[str, str]
) -> Wire:
    way = passage(profile, secrets, beside)
    return Wire(
        address,
        {"Accept": "application/json", "User-Agent": f"digitizer-desk/{__version__}", **headers},
        ca_file=way.ca_file,
        timeout_s=profile.timeout_s,
        max_reply_bytes=4 << 20,
        proxy_url=way.proxy_url,
        proxy_login=way.proxy_login,
        client=way.client,
        pace=pace,
    )


def _gateway(profile: Profile, secrets: Secrets, beside: Path) -> GatewayProfile:
    way = passage(profile, secrets, beside)
    return GatewayProfile(
        name=profile.name,
        base_url=profile.address,
        desk_id=profile.desk_id,
        secret=secrets.login,
        ca_file=way.ca_file,
        timeout_s=profile.timeout_s,
        settle_s=profile.settle_s,
        proxy_url=way.proxy_url,
        proxy_login=way.proxy_login,
        client=way.client,
        client_id=profile.login.user if profile.login.way == "oauth2" else "",
        token_url=profile.login.token_address,
        scope=profile.login.scope,
        piece_bytes=profile.piece_mb << 20,
        codes=profile.codes,
    )
