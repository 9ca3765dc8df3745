# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who keeps the key of a cabinet: a training room's file, the system's secret store, or a file outside the data.

Apart because what the province is shown lies where the key lies.
"""

from __future__ import annotations

from pathlib import Path

import platformdirs

from digitizer_desk import paths
from digitizer_desk.store.keepers import FileKeeper, KeyKeeper, SystemKeeper

#: a desk whose parent folder holds this file is a training desk; the file is its key
TRAINING_KEY = "training.key"


class RoomKeeper(FileKeeper):
    """Keeps the key of a training room: its file marks the room, and is empty until the room has a key."""

    def load(self) -> bytes | None:
        return None if self.path.is_file() and not self.path.stat().st_size else super().load()


def training_root(place: paths.DeskPaths) -> Path | None:
    """The folder of the training room this desk stands in, or None for a real desk."""
    folder = place.data.parent
    return folder if (folder / TRAINING_KEY).is_file() else None


def keeper(place: paths.DeskPaths) -> KeyKeeper:
    """Who keeps the data key: the training room's file, the system's secret store, or a file outside the data."""
    room = training_root(place)
    if room is not None:
        return RoomKeeper(room / TRAINING_KEY)
    name = place.data.resolve().as_posix()
    system = SystemKeeper(name)
    if system.usable():
        return system
    config = Path(platformdirs.user_config_dir("DigitizerDesk", appauthor=False))
    return FileKeeper(config / f"{name.strip('/').replace('/', '_').replace(':', '')}.key")
