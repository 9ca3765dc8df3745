# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Copies leave this machine only when the province has confirmed all of a dossier; all of them leave, or none (R57)."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digitizer_desk.devices.process import surroundings
from digitizer_desk.dossier.file import Origin
from digitizer_desk.dossier.model import Dossier, Parcel
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.intake.files import FilePicture
from soak import soaking
from store.room import Room
from store.samples import CLERK, START, make_dossier, new_page, pack, picture

LONG_AFTER = timedelta(days=100)


def sent(cabinet: Cabinet, component_id: str, seed: int = 0, version: int = 1) -> Parcel:
    """Scan two pages, sign, send, and have it confirmed."""
    dossier_id = component_id.partition("c")[0]
    for number in (1, 2):
        cabinet.pages.keep(component_id, picture(seed + number), new_page(), CLERK)
    return confirm(cabinet, pack(cabinet, dossier_id, component_id, version))


def confirm(cabinet: Cabinet, parcel: Parcel, minutes: int = 5) -> Parcel:
    return cabinet.outbox.accepted(parcel.id, f"BN-{minutes}", "", START + timedelta(minutes=minutes))


def lying(cabinet: Cabinet) -> int:
    return len(list(cabinet.shelf.files()))


@pytest.fixture
def later(room: Room) -> Callable[[Cabinet], Cabinet]:
    """The cabinet a hundred days on, opened anew."""

    def reopened(cabinet: Cabinet) -> Cabinet:
        cabinet.close()
        room.clock.pass_time(days=100)
        return room.open()

    return reopened


def test_a_confirmed_dossier_leaves_whole_and_says_so_when_it_is_opened(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet]
) -> None:
    first, second = sent(cabinet, "d1c1"), sent(cabinet, "d1c2", seed=10)
    cabinet = later(cabinet)
    assert lying(cabinet) == 6
    assert [(one.dossier_id, one.at) for one in cabinet.removal.confirmed()] == [("d1", second.accepted_at)]
    left = cabinet.removal.remove("d1", CLERK)
    assert left is not None
    assert (left.files, lying(cabinet)) == (6, 0)
    kept = cabinet.dossiers.load("d1")
    assert kept.removed_at == START + LONG_AFTER
    component = kept.component("d1c1")
    assert component.parcel == first, "the receipt stays"
    assert component.document is not None, "and the hash"
    assert len(component.pages) == 2
    for read in (lambda: cabinet.pages.jpeg(component.pages[0]), lambda: cabinet.documents.pdf(component.document)):
        with pytest.raises(DeskError) as caught:
            read()
        assert caught.value.code == "store.removed"
    line = cabinet.journal.entries("dossier:d1")[0]
    assert (line.action, line.by, line.facts["files"]) == ("copies_removed", "clerk", 6)
    assert first.file_sha256 in line.facts["documents"]
    assert cabinet.journal.check().ok
    assert cabinet.removal.confirmed() == ()
    assert cabinet.removal.remove("d1", CLERK) is None
    assert cabinet.pages.recovered() == ()


def waits(cabinet: Cabinet) -> None:
    pack(cabinet, "d1", "d1c3")


def on_its_way(cabinet: Cabinet) -> None:
    cabinet.outbox.claim(pack(cabinet, "d1", "d1c3").id)


def returned(cabinet: Cabinet) -> None:
    cabinet.outbox.rejected(pack(cabinet, "d1", "d1c3").id, "province.rejected", "mờ")


def scanned_only(cabinet: Cabinet) -> None:
    cabinet.pages.keep("d1c3", picture(99), new_page(), CLERK)


def page_replaced(cabinet: Cabinet) -> None:
    page = cabinet.dossiers.load("d1").component("d1c1").pages[0]
    cabinet.pages.keep("d1c1", picture(98), new_page(), CLERK, replaces=page.id)


def signed_again(cabinet: Cabinet) -> None:
    first = cabinet.documents.versions("d1c1")[-1]
    pdf = b"with another signature"
    newer = replace(first, version=2, sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf))
    cabinet.documents.freeze_again(first, pdf, newer, CLERK)


def corrected_and_waiting(cabinet: Cabinet) -> None:
    pack(cabinet, "d1", "d1c1", version=2)


@pytest.mark.parametrize(
    "unsent", [waits, on_its_way, returned, scanned_only, page_replaced, signed_again, corrected_and_waiting]
)
def test_what_was_never_sent_never_leaves_by_itself(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet], unsent: Callable[[Cabinet], None]
) -> None:
    sent(cabinet, "d1c1")
    unsent(cabinet)
    cabinet = later(cabinet)
    before = lying(cabinet)
    assert cabinet.removal.confirmed() == ()
    assert cabinet.removal.remove("d1", CLERK) is None
    assert lying(cabinet) == before
    assert cabinet.dossiers.load("d1").removed_at is None


def test_what_another_dossier_uses_stays_until_that_one_leaves(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet]
) -> None:
    cabinet.dossiers.add(make_dossier(2), CLERK)
    sent(cabinet, "d1c1")
    page = cabinet.pages.keep("d2c1", picture(1), new_page(), CLERK)
    cabinet = later(cabinet)
    left = cabinet.removal.remove("d1", CLERK)
    assert left is not None
    assert left.files == 2, "one of three is shared"
    assert cabinet.pages.jpeg(page) == picture(1)
    confirm(cabinet, pack(cabinet, "d2", "d2c1"))
    cabinet = later(cabinet)
    assert cabinet.removal.remove("d2", CLERK) is not None
    assert lying(cabinet) == 0


def test_a_file_that_went_back_to_the_tray_stays_when_the_dossier_leaves(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet]
) -> None:
    pushed, _new = cabinet.arrivals.keep("SCAN_0007.jpg", picture(70), START, CLERK)
    origin = Origin(pushed.sha256, 1, 1, False)
    brought = FilePicture(cabinet.files.seal(picture(71)), 2000, new_page(), origin, None)
    cabinet.files.attach("d1c1", [brought], CLERK)
    cabinet.pages.undo("d1", CLERK)  # it was another citizen's
    assert cabinet.arrivals.waiting() == (pushed,)
    sent(cabinet, "d1c1")
    cabinet = later(cabinet)
    assert cabinet.removal.remove("d1", CLERK) is not None
    assert cabinet.arrivals.data(cabinet.arrivals.waiting()[0].sha256) == picture(70)


def test_a_dossier_that_came_back_to_life_can_be_worked_on_and_leaves_again(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet]
) -> None:
    sent(cabinet, "d1c1")
    cabinet = later(cabinet)
    cabinet.removal.remove("d1", CLERK)
    for seed, page in enumerate(cabinet.dossiers.load("d1").component("d1c1").pages, 1):
        again = cabinet.pages.keep("d1c1", picture(seed), new_page(), CLERK, replaces=page.id)
        assert cabinet.pages.jpeg(again) == picture(seed), "the very same picture, scanned anew"
    assert cabinet.removal.confirmed() == ()
    parcel = pack(cabinet, "d1", "d1c1", version=2)
    cabinet.outbox.accepted(parcel.id, "BN-9", "", START + timedelta(days=101))
    cabinet = later(cabinet)
    assert [one.dossier_id for one in cabinet.removal.confirmed()] == ["d1"]
    assert cabinet.removal.remove("d1", CLERK) is not None
    assert lying(cabinet) == 0


def test_content_put_here_just_now_is_not_let_go(cabinet: Cabinet, dossier: Dossier) -> None:
    """Between the file and the row that names it there is a moment in which nobody may take the file away."""
    sent(cabinet, "d1c1")
    assert cabinet.removal.remove("d1", CLERK) is None
    assert lying(cabinet) == 3


def test_content_put_here_while_it_is_leaving_stays(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(cabinet, "d1c1")
    cabinet = later(cabinet)
    drop = cabinet.shelf.drop

    def meanwhile(sha256s: set[str]) -> tuple[str, ...]:
        scan = threading.Thread(target=cabinet.shelf.put, args=(picture(1),))
        scan.start()
        scan.join()
        return drop(sha256s)

    monkeypatch.setattr(cabinet.shelf, "drop", meanwhile)
    cabinet.removal.remove("d1", CLERK)
    assert lying(cabinet) == 1
    page = cabinet.pages.keep("d1c2", picture(1), new_page(), CLERK)
    cabinet = later(cabinet)
    assert cabinet.pages.jpeg(page) == picture(1)


def test_a_commit_that_fails_lets_nothing_leave(
    cabinet: Cabinet, dossier: Dossier, later: Callable[[Cabinet], Cabinet], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(cabinet, "d1c1")
    cabinet = later(cabinet)
    with monkeypatch.context() as broken:
        broken.setattr(cabinet.journal, "append", lambda *_a, **_k: (_ for _ in ()).throw(OSError("no")))
        with pytest.raises(OSError, match="no"):
            cabinet.removal.remove("d1", CLERK)
    assert cabinet.removal.finish() == 0
    assert lying(cabinet) == 3
    assert cabinet.dossiers.load("d1").removed_at is None
    assert cabinet.removal.remove("d1", CLERK) is not None


def test_a_kill_at_any_line_leaves_all_or_none(room: Room, tmp_path: Path) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), "clerk")
    sent(cabinet, "d1c1")
    cabinet.close()

    def run(folder: Path, line: int) -> subprocess.CompletedProcess[str]:
        shutil.copytree(room.folder, folder)
        call = [sys.executable, "-m", "store.removal_child", str(folder), str(room.keeper.path), str(line)]
        return subprocess.run(call, capture_output=True, text=True, check=False, env=surroundings({}))

    lived = run(tmp_path / "whole", 0)
    assert lived.returncode == 0, lived.stderr
    lines = int(lived.stdout)
    assert lines > 60
    shots = range(1, lines + 1) if soaking() else sorted(random.Random(57).sample(range(1, lines + 1), 5))
    seen = set()
    for shot in shots:
        died = run(tmp_path / f"shot-{shot}", shot)
        assert died.returncode == -9, died.stderr
        after = room.open(tmp_path / f"shot-{shot}")
        dossier, here = after.dossiers.load("d1"), lying(after)
        assert (dossier.removed_at is None, here) in ((True, 3), (False, 0)), f"at line {shot}"
        told = [line for line in after.journal.entries("dossier:d1") if line.action == "copies_removed"]
        assert len(told) == (dossier.removed_at is not None)
        assert after.journal.check().ok
        seen.add(here)
        after.close()
        shutil.rmtree(tmp_path / f"shot-{shot}")
    print(f"{len(shots)} kills in {lines} lines; left {sorted(seen)} files")
