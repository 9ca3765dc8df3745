# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A cabinet for every test, with the keys of one vault: stretching a passphrase takes 0.15 s and is tested by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from store.samples import PASSPHRASE, START, make_dossier

from digitizer_desk.dossier.model import Dossier
from digitizer_desk.store.cabinet import Cabinet, open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import Vault, create_vault


@dataclass
class Clock:
    """A clock that goes on only when told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **kw: float) -> None:
        self.now += timedelta(**kw)


@dataclass
class Room:
    """A place where cabinets stand: the first lies in ``folder``; all that were opened are closed at the end."""

    folder: Path
    vault: Vault
    keeper: FileKeeper
    clock: Clock
    opened: list[Cabinet] = field(default_factory=list)

    def open(self, folder: Path | None = None) -> Cabinet:
        cabinet = open_cabinet(folder or self.folder, self.vault, self.clock)
        self.opened.append(cabinet)
        return cabinet


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, FileKeeper, Vault]:
    place = tmp_path_factory.mktemp("keys")
    keeper = FileKeeper(place / "desk.key")
    return place / "cabinet", keeper, create_vault(place / "cabinet", PASSPHRASE, keeper)


@pytest.fixture
def room(tmp_path: Path, keys: tuple[Path, FileKeeper, Vault]) -> Iterator[Room]:
    shutil.copytree(keys[0], tmp_path / "cabinet")
    room = Room(tmp_path / "cabinet", keys[2], keys[1], Clock())
    yield room
    for cabinet in room.opened:
        cabinet.close()


@pytest.fixture
def cabinet(room: Room) -> Cabinet:
    return room.open()


@pytest.fixture
def dossier(cabinet: Cabinet) -> Dossier:
    dossier = make_dossier()
    cabinet.dossiers.add(dossier, "clerk")
    return dossier


@pytest.fixture
def reopen(room: Room) -> Callable[[Cabinet], Cabinet]:
    def again(cabinet: Cabinet) -> Cabinet:
        cabinet.close()
        return room.open()

    return again
