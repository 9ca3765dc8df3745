# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The way to the province: its profile, what we show it, and the link made of both.

Apart from the desk because the settings, the trial and ``doctor`` ask for these alone.
"""

from __future__ import annotations

from digitizer_desk import paths, settings
from digitizer_desk.assemble.keys import keeper
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import DeskError
from digitizer_desk.province.connect import NotSet, link_of
from digitizer_desk.province.link import ProvinceLink
from digitizer_desk.province.profile import Profile, Secrets, Tls
from digitizer_desk.province.profile import read as read_profile
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.keepers import SystemKeeper, SystemSecrets

#: names of what we show to a province, in the order of :class:`~digitizer_desk.province.profile.Secrets`
SECRETS = (
    "province.secret",
    "province.secret.key",
    "province.secret.proxy",
    "province.secret.portal",
    "province.secret.lgsp",
)


def province_link(place: paths.DeskPaths, chosen: settings.Settings, cabinet: Cabinet) -> ProvinceLink | None:
    """The way to the province, or None while none is set or papers are handed over in a folder. What is wrong with a
    profile or a secret is told by each call: it must not keep the counter from opening."""
    try:
        profile = province_profile(place, chosen)
        if profile is None:
            return None
        limit = chosen.sending.bytes_per_s
        secrets, parcels = province_secrets(place, cabinet), cabinet.outbox.of_dossier
        return link_of(profile, secrets, place.provinces, bytes_per_s=limit, parcels=parcels)
    except DeskError as problem:
        return NotSet(f"{problem.code} {problem.facts}")


def province_profile(place: paths.DeskPaths, chosen: settings.Settings) -> Profile | None:
    """What the site says about its province: the profile it named, else the few lines of the settings.

    Raises:
        DeskError: ``province.profile_unreadable``.
    """
    province = chosen.province
    if province.profile:
        return read_profile(place.provinces / f"{province.profile}.toml")
    if not province.base_url:
        return None
    return Profile(
        kind="gateway",
        name=province.name,
        address=province.base_url,
        desk_id=province.desk_id,
        timeout_s=province.timeout_s,
        settle_s=province.settle_s,
        tls=Tls(ca=province.ca_file),
    )


def province_secrets(place: paths.DeskPaths, cabinet: Cabinet) -> Secrets:
    """What we show to the province: from the system's secret store, else from the encrypted cabinet."""
    shelf = _system_secrets(place)

    def one(name: str) -> str:
        return (shelf.get(name) if shelf else None) or cabinet.settings.get(name) or ""

    return Secrets(*(one(name) for name in SECRETS))


def keep_province_secret(
    place: paths.DeskPaths, cabinet: Cabinet, name: str, text: str, by: Officer | str = "terminal"
) -> None:
    """Keep one of :data:`SECRETS` where this machine keeps such things best."""
    shelf = _system_secrets(place)
    if shelf is None:
        cabinet.settings.put(name, text, by)
    else:
        shelf.put(name, text)
        cabinet.settings.put(name, None, by)


def _system_secrets(place: paths.DeskPaths) -> SystemSecrets | None:
    return SystemSecrets(place.data.resolve().as_posix()) if isinstance(keeper(place), SystemKeeper) else None
