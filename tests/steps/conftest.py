# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A desk made of stand-ins around a real cabinet: steps are tested by calling them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM, Applicant, Dossier, Officer
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers, receive
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import create_vault
from stand_ins.machines import ScriptedProvince, ScriptedScanner, ScriptedToken

CODE = "000.00.12.H08-261121-0007"
PROCEDURE = "1.001193"


class Clock:
    """Moves one second at each look, and further when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def forward(self, **kwargs: float) -> None:
        self.now += timedelta(**kwargs)


@dataclass(frozen=True)
class Bench:
    """The desk and the machines behind it."""

    desk: Desk
    clock: Clock
    scanner: ScriptedScanner
    token: ScriptedToken
    province: ScriptedProvince
    officer: Officer
    place: DeskPaths

    def received(self, code: str = CODE, procedure: str = PROCEDURE) -> Dossier:
        applicant = Applicant("Nguyễn Thị Hường", identifier="001185000123", born_or_founded="02/03/1985")
        return receive.receive(self.desk, receive.Receipt(code, procedure, applicant), self.officer)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with set_up(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def one_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """One desk for all tests of a file: to make one takes a second, for its keys are slow to make by design."""
    with set_up(tmp_path_factory.mktemp("one-desk")) as made:
        yield made


@pytest.fixture
def shared(one_desk: Bench) -> Bench:
    """The desk of the file, its scanner as new; every dossier must have a code of its own (:func:`fresh`)."""
    one_desk.scanner.__init__(one_desk.clock)  # type: ignore[misc]
    return one_desk


_codes = count(1000)


def fresh(bench: Bench) -> Dossier:
    """A dossier nobody has worked on."""
    return bench.received(f"000.00.12.H08-261121-{next(_codes):04d}")


@contextmanager
def set_up(tmp_path: Path) -> Iterator[Bench]:
    """A desk in an empty folder, with its first officer."""
    clock, place = Clock(), DeskPaths(tmp_path / "desk")
    place.make()
    vault = create_vault(place.cabinet, "mot hai ba bon nam sau", FileKeeper(tmp_path / "key"))
    cabinet = open_cabinet(place.cabinet, vault, clock)
    scanner, token, province = ScriptedScanner(clock), ScriptedToken("Lê Văn An"), ScriptedProvince()
    book = assemble.rulebook(place)
    desk = Desk(
        settings=settings.Settings(scanner=settings.ScannerChoice(id="scripted:0", source="feeder", dpi=200)),
        paths=place,
        rulebook=book,
        cabinet=cabinet,
        scanner=scanner,
        token=token,
        link=province,
        clock=clock,
        stamp_font=assemble.stamp_font(),
        trust=(token.der,),
        work_types=assemble.work_types(place, book),
    )
    officer = officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
    yield Bench(desk, clock, scanner, token, province, officer, place)
    cabinet.close()
