# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A desk that watches a folder and is killed at a chosen line of the watching: run by ``test_intake_kill``.

PYTHONPATH=src:tests python -m steps.folder_child ROOT LINE   (LINE 0: live, and print how many lines there were)
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from digitizer_desk import assemble, settings
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM, Applicant, Dossier, Officer
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers, receive
from digitizer_desk.steps.intake import folder
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import create_vault, open_vault
from stand_ins.machines import ScriptedProvince, ScriptedScanner, ScriptedToken

CODE = "000.00.12.H08-261121-0007"
#: code in which each line is a place to die: the watching, and what it asks of the cabinet
_AIMED = ("/steps/intake/", "/store/intake/", "/store/files/", "/store/disk.py", "/durable.py")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def open_desk(root: Path, *, after: str = "remove") -> Desk:
    """The desk of a folder, made when it is not there yet."""
    clock, place, keeper = Clock(), DeskPaths(root / "desk"), FileKeeper(root / "key")
    place.make()
    new = not (place.cabinet / "vault.json").is_file()
    vault = create_vault(place.cabinet, "mot hai ba bon nam sau", keeper) if new else open_vault(place.cabinet, keeper)
    token = ScriptedToken("Lê Văn An")
    desk = Desk(
        settings=settings.Settings(
            intake=settings.IntakeChoice(folder=str(root / "share"), after=after, still_seconds=0.0)
        ),
        paths=place,
        rulebook=assemble.rulebook(place),
        cabinet=open_cabinet(place.cabinet, vault, clock),
        scanner=ScriptedScanner(clock),
        token=token,
        link=ScriptedProvince(),
        clock=clock,
        stamp_font=assemble.stamp_font(),
        trust=(token.der,),
    )
    (root / "share").mkdir(exist_ok=True)
    if new:
        officer = officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
        receive.receive(desk, receive.Receipt(CODE, "1.001193", Applicant("Trần Văn Bình")), officer)
    return desk


def dossier_of(desk: Desk) -> Dossier:
    found = desk.cabinet.dossiers.by_code(CODE)
    assert found is not None
    return found


def clerk(desk: Desk) -> Officer:
    return desk.cabinet.officers.all()[0]


def watch(desk: Desk, before: folder.Look | None, target: folder.Target | None) -> folder.Look:
    return folder.look(desk, before, lambda: target, clerk(desk), sentence, lambda _e: None, lambda: False)


def open_component(desk: Desk) -> folder.Target:
    dossier = dossier_of(desk)
    return folder.Target(dossier.id, dossier.components[0].id, desk.clock())


def main(root: Path, line: int) -> None:
    desk = open_desk(root)
    target = open_component(desk)
    before = watch(desk, None, target)
    for file in (root / "coming").iterdir():  # the scanner pushes while the component lies open
        file.replace(root / "share" / file.name)
    passed = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal passed
        if not any(aim in frame.f_code.co_filename for aim in _AIMED):
            return None
        if event == "line":
            passed += 1
            if passed == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    watch(desk, before, replace(target))
    sys.settrace(None)
    print(passed)
    desk.cabinet.close()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    except DeskError as problem:
        sys.exit(f"{problem.code}: {problem.detail}")
