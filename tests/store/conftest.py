# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A cabinet for every test, with the keys of one vault: stretching a passphrase takes 0.15 s each time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from digitizer_desk.dossier.model import Dossier
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import Vault, create_vault
from store.room import Clock, Room
from store.samples import PASSPHRASE, make_dossier


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
