# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From a profile to the connector it names.

Apart from the connectors, which do not know each other, and from the assembly, which knows none of them by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from digitizer_desk.dossier.model import Parcel
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Health, Keep, Later, ProvinceLink, keep_nothing
from digitizer_desk.province.profile import Profile, Secrets, passage


def _now() -> datetime:
    return datetime.now(UTC)


class NotSet:
    """Stands where no connector can be made: nothing is sent, and every call says so."""

    def __init__(self, detail: str) -> None:
        """``detail`` is for IT: a code and a key, no secret."""
        self._detail = detail

    def health(self) -> Health:
        return Health(reachable=False, code="province.not_set", detail=self._detail)

    def look(self, parcel: Parcel) -> Later:
        return Later("province.not_set", attempt=False, pause_all=True, detail=self._detail)

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Later:
        return self.look(parcel)


def link_of(
    profile: Profile, secrets: Secrets, beside: Path, *, bytes_per_s: int = 0, clock: Callable[[], datetime] = _now
) -> ProvinceLink | None:
    """The connector of a profile; None for a folder, which is handed over by a person. Nothing is sent yet.

    ``bytes_per_s`` limits what leaves this office, whatever connector sends it (0 = no limit).
    """
    match profile.kind:
        case "folder":
            return None
        case _:
            return GatewayLink(replace(_gateway(profile, secrets, beside), bytes_per_s=bytes_per_s), clock=clock)


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
    )
