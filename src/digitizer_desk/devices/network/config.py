# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The settings folder of one driver host: only the backends it needs, and only the addresses it is to ask.

Apart from ``client.py`` because this is SANE's language of files: dll.conf, airscan.conf, net.conf.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from digitizer_desk.devices.network.address import NetworkScanner

#: libsane's own folder of settings, where no SANE_CONFIG_DIR says otherwise
_SYSTEM_CONFIG = Path("/etc/sane.d")
#: seconds a saned has to take the call; the backend's own patience is minutes
_CONNECT_SECONDS = 5


@contextmanager
def own_settings(
    parent: Path,
    env: Mapping[str, str],
    backends: Sequence[str],
    *,
    discover: bool,
    network: Sequence[NetworkScanner] = (),
) -> Iterator[dict[str, str]]:
    """The environment of a host that loads these backends only: opening is instant, no other vendor code runs.

    The folder is each host's own, made in ``parent`` and gone with the host: a search and a batch may run at the same
    time. ``discover``: airscan may look for scanners that announce themselves. ``network``: the addresses to be listed.
    """
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="sane-", dir=parent))
    try:
        (folder / "dll.conf").write_text("".join(f"{name}\n" for name in backends), "utf-8")
        for name in backends:
            text = _base_settings(name, env) + _added(name, discover, network)
            if text:
                (folder / f"{name}.conf").write_text(text, "utf-8")
        yield {**env, "SANE_CONFIG_DIR": str(folder)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _added(backend: str, discover: bool, network: Sequence[NetworkScanner]) -> str:
    if backend == "airscan":
        return "" if discover else "\n[options]\ndiscovery = disable\nws-discovery = off\n"
    if backend == "net":
        hosts = "".join(f"{scanner.host}\n" for scanner in network if scanner.is_saned)
        return f"\nconnect_timeout = {_CONNECT_SECONDS}\n{hosts}"
    return ""


def config_folders(env: Mapping[str, str]) -> list[Path]:
    """Where libsane's settings are looked for, first match first."""
    given = env.get("SANE_CONFIG_DIR", os.environ.get("SANE_CONFIG_DIR", ""))
    return [Path(part) for part in given.split(os.pathsep) if part] or [_SYSTEM_CONFIG]


def _base_settings(backend: str, env: Mapping[str, str]) -> str:
    """What IT has set for this backend (USB numbers, firmware, addresses): it stays in force."""
    for folder in config_folders(env):
        file = folder / f"{backend}.conf"
        if file.is_file():
            extra = sorted((folder / f"{backend}.d").glob("*.conf"))
            return "\n".join(part.read_text("utf-8", "replace") for part in (file, *extra))
    return ""
