# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where data, logs, resources and driver manifests lie.

Apart from the rooms so that none of them looks up a path by itself: ``app.py`` hands them what they need.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parents[1]


def resources() -> Path:
    """The folder of regulations, procedures, fonts, icons and contracts: inside the wheel, or the checkout's."""
    inside = _PACKAGE / "_resources"
    return inside if inside.is_dir() else _CHECKOUT / "resources"


def drivers() -> Path:
    """The folder of scanner and token manifests: inside the wheel, or the checkout's."""
    inside = _PACKAGE / "_drivers"
    return inside if inside.is_dir() else _CHECKOUT / "drivers"


def guides() -> Path:
    """The folder of the guides and their pictures: inside the wheel, or the checkout's."""
    inside = _PACKAGE / "_guides"
    return inside if inside.is_dir() else _CHECKOUT / "docs"


def twain_program() -> Path:
    """The folder of the TWAIN worker, a program of its own: beside the frozen desk, or the checkout's."""
    if getattr(sys, "frozen", False):
        return Path(sys.executable).resolve().parent / "twain"
    return _CHECKOUT / "drivers" / "twain"


@dataclass(frozen=True, slots=True)
class DeskPaths:
    """The places of one desk. Everything personal lies sealed inside ``cabinet``."""

    data: Path

    @property
    def cabinet(self) -> Path:
        return self.data / "cabinet"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def settings_file(self) -> Path:
        return self.data / "settings.toml"

    @property
    def fixed_settings(self) -> Path:
        """What the province sets for its desks, and nobody changes at the desk."""
        return self.site / "settings.toml"

    @property
    def scanner_config(self) -> Path:
        """Written anew for every batch: the one backend the host may load."""
        return self.data / "sane"

    @property
    def provinces(self) -> Path:
        """Profiles of provinces, and the certificates they name."""
        return self.site / "provinces"

    @property
    def site(self) -> Path:
        """What the province adds: regulations, procedures, manifests."""
        return self.data / "site"

    @property
    def trial(self) -> Path:
        """Where a trial of the whole process keeps its sealed files while it lasts."""
        return self.data / "trial"

    def make(self) -> None:
        """Create the folders, readable by this user only."""
        for folder in (self.data, self.cabinet, self.logs, self.scanner_config):
            folder.mkdir(parents=True, exist_ok=True)
            if os.name == "posix":
                folder.chmod(0o700)


def desk_data() -> Path:
    """The real desk's data folder; ``DIGITIZER_DESK_DATA`` overrides it."""
    set_folder = os.environ.get("DIGITIZER_DESK_DATA")
    return Path(set_folder) if set_folder else Path(platformdirs.user_data_dir("DigitizerDesk", appauthor=False))


def training_data() -> Path:
    """The training desk's folder: another one, so that practice never lies among real dossiers."""
    return Path(platformdirs.user_data_dir("DigitizerDesk-Training", appauthor=False))
