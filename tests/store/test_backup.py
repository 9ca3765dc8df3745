# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The second copy: whole or not at all, and a cabinet again on another machine."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from digitizer_desk import durable
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.store.backup import BackupInfo, back_up, last_backup, restore
from digitizer_desk.store.cabinet import Cabinet, open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import create_vault, open_vault
from store.room import Room
from store.samples import CLERK, PASSPHRASE, START, freeze, make_dossier, new_page, pack, pdf_of, picture


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def full(cabinet: Cabinet) -> Cabinet:
    """A cabinet with three pages, a document and a waiting parcel."""
    cabinet.dossiers.add(make_dossier(), CLERK)
    for seed in range(3):
        cabinet.pages.keep("d1c1", picture(seed), new_page(), CLERK)
    pack(cabinet, "d1", "d1c1")
    return cabinet


def brought_back(room: Room, stick: Path, name: str = "again") -> Cabinet:
    keeper = FileKeeper(room.folder.parent / f"{name}.key")
    restore(stick, room.folder.parent / name, PASSPHRASE, keeper)
    vault = open_vault(room.folder.parent / name, keeper)
    cabinet = open_cabinet(room.folder.parent / name, vault, room.clock)
    room.opened.append(cabinet)
    return cabinet


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_comes_back_on_another_machine(full: Cabinet, room: Room, stick: Path) -> None:
    head = full.journal.head()
    info = back_up(full, stick)
    assert (info.at, info.files, info.new_files, info.folder) == (START, 4, 4, stick)
    assert last_backup(stick) == BackupInfo(info.at, stick, info.generation, 4, info.size, 0)
    again = brought_back(room, stick)
    there, here = again.dossiers.load("d1"), full.dossiers.load("d1")
    component, original = there.component("d1c1"), here.component("d1c1")
    assert (component.pages, component.document) == (original.pages, original.document)
    assert [again.pages.jpeg(page) for page in component.pages] == [picture(seed) for seed in range(3)]
    assert component.document is not None
    assert again.documents.pdf(component.document) == pdf_of("d1c1")
    assert again.journal.check(known=head).ok
    assert again.journal.entries()[0].action == "restored"
    assert again.pages.recovered() == ()
    assert [line.action for line in full.journal.entries(limit=1)] == ["backed_up"]
    assert (full.folder / "last-backup").read_text() == START.isoformat()


def test_what_waited_is_asked_about_before_it_goes_out_again(full: Cabinet, room: Room, stick: Path) -> None:
    back_up(full, stick)
    (waiting,) = full.outbox.all()
    again = brought_back(room, stick)
    assert [(p.id, p.state) for p in again.outbox.unsettled()] == [(waiting.id, ParcelState.SENDING)]
    assert again.outbox.due(START) == ()


def test_only_new_files_are_copied_and_old_generations_go(full: Cabinet, room: Room, stick: Path) -> None:
    for number in range(5):
        room.clock.pass_time(hours=1)
        full.pages.keep("d1c2", picture(100 + number), new_page(), CLERK)
        info = back_up(full, stick, keep=2)
        assert info.new_files == (5 if number == 0 else 1)
    assert sorted(path.name[:6] for path in (stick / "generations").iterdir()) == ["000004", "000005"]
    assert len(brought_back(room, stick).dossiers.load("d1").component("d1c2").pages) == 5


def test_files_no_kept_generation_names_are_taken_away(full: Cabinet, stick: Path) -> None:
    back_up(full, stick, keep=1)
    document = freeze(full, "d1", "d1c3")
    gone = full.shelf.path_of(document.sha256)
    back_up(full, stick, keep=1)
    copy = stick / "sealed" / gone.parent.name / gone.name
    assert copy.exists()
    gone.unlink()
    back_up(full, stick, keep=2)
    assert copy.exists(), "an older kept generation still names it"
    back_up(full, stick, keep=1)
    assert not copy.exists()


def test_a_clock_set_back_does_not_make_an_old_backup_the_newest(full: Cabinet, room: Room, stick: Path) -> None:
    first = back_up(full, stick)
    room.clock.pass_time(days=-30)
    full.pages.keep("d1c2", picture(9), new_page(), CLERK)
    second = back_up(full, stick)
    newest = last_backup(stick)
    assert newest is not None
    assert (newest.generation, newest.at < first.at) == (second.generation, True)


def test_the_backup_opens_with_nothing_that_lies_on_it(full: Cabinet, room: Room, stick: Path) -> None:
    back_up(full, stick)
    key = room.keeper.path.read_bytes().strip()
    for name, content in files(stick).items():
        assert key not in content
        assert room.vault._data_key not in content, name
        for plain in (picture(1)[:10], b"%PDF-1.", b"SQLite format", "HƯỜNG".encode()):
            assert plain not in content, name
    keeper = FileKeeper(room.folder.parent / "other.key")
    with pytest.raises(DeskError, match="passphrase_wrong"):
        restore(stick, room.folder.parent / "again", "WRONG", keeper)
    assert not (room.folder.parent / "again").exists()
    assert not keeper.path.exists()


def test_it_is_not_restored_over_anything(full: Cabinet, room: Room, stick: Path) -> None:
    back_up(full, stick)
    keeper = FileKeeper(room.folder.parent / "other.key")
    before = files(room.folder)
    with pytest.raises(DeskError, match=r"file\.exists"):
        restore(stick, room.folder, PASSPHRASE, keeper)
    assert files(room.folder).keys() == before.keys()
    (room.folder.parent / "empty").mkdir()
    restore(stick, room.folder.parent / "empty", PASSPHRASE, keeper)
    assert (room.folder.parent / "empty" / "cabinet.db").is_file()


def spoil(file: Path, harm: str) -> None:
    content = file.read_bytes()
    if harm == "remove":
        file.unlink()
    else:
        file.write_bytes(content[:-1] if harm == "cut" else content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(
    ("which", "harm"),
    [("cabinet.db", "flip"), ("cabinet.db", "remove"), ("vault.json", "cut"), ("manifest.json", "flip")],
)
def test_a_spoiled_backup_is_refused_and_leaves_no_half(
    full: Cabinet, room: Room, stick: Path, which: str, harm: str
) -> None:
    back_up(full, stick)
    spoil(sorted(stick.glob(f"generations/*/{which}"))[0], harm)
    with pytest.raises(DeskError, match=r"store\.restore_failed"):
        restore(stick, room.folder.parent / "again", PASSPHRASE, FileKeeper(room.folder.parent / "other.key"))
    assert not list(room.folder.parent.glob("again*"))


@pytest.mark.parametrize("harm", ["flip", "remove"])
def test_one_spoiled_page_keeps_no_other_from_coming_back(full: Cabinet, room: Room, stick: Path, harm: str) -> None:
    back_up(full, stick)
    component = full.dossiers.load("d1").component("d1c1")
    bad = component.pages[1]
    spoil(stick / "sealed" / full.shelf.path_of(bad.sha256).relative_to(full.shelf.folder), harm)
    info = restore(stick, room.folder.parent / "again", PASSPHRASE, FileKeeper(room.folder.parent / "again.key"))
    assert (info.files, info.damaged, info.passed_over) == (3, 1, 0)
    again = room.open(room.folder.parent / "again")
    assert again.dossiers.load("d1").component("d1c1").pages == component.pages
    for seed, page in enumerate(component.pages):
        if page == bad:
            with pytest.raises(DeskError, match=r"store\.page_missing"):
                again.pages.jpeg(page)
        else:
            assert again.pages.jpeg(page) == picture(seed)


@pytest.mark.parametrize("which", ["cabinet.db", "manifest.json"])
def test_the_backup_before_comes_back_when_the_newest_is_spoiled(
    full: Cabinet, room: Room, stick: Path, which: str
) -> None:
    older = back_up(full, stick)
    room.clock.pass_time(hours=1)
    full.dossiers.add(make_dossier(2), CLERK)
    newer = back_up(full, stick)
    spoil(stick / "generations" / newer.generation / which, "cut" if which != "manifest.json" else "remove")
    info = restore(stick, room.folder.parent / "again", PASSPHRASE, FileKeeper(room.folder.parent / "again.key"))
    assert (info.generation, info.at, info.passed_over, info.damaged) == (older.generation, START, 1, 0)
    again = room.open(room.folder.parent / "again")
    assert [line.id for line in again.dossiers.recent(9)] == ["d1"]
    assert again.journal.check().ok


def test_a_stick_that_is_pulled_out_while_it_is_read_is_no_damage(
    full: Cabinet, room: Room, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(full, stick)
    read = Path.read_bytes

    def gone(path: Path) -> bytes:
        if path.suffix == ".sealed":
            shutil.rmtree(stick, ignore_errors=True)
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", gone)
        with pytest.raises(DeskError, match=r"store\.restore_failed"):
            restore(stick, room.folder.parent / "again", PASSPHRASE, FileKeeper(room.folder.parent / "other.key"))
    assert not list(room.folder.parent.glob("again*"))


def test_a_manifest_that_names_another_journal_is_refused(full: Cabinet, room: Room, stick: Path) -> None:
    back_up(full, stick)
    (manifest,) = stick.glob("generations/*/manifest.json")
    facts = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(facts | {"journal_head": "0" * 64}))
    with pytest.raises(DeskError, match="no whole backup"):
        restore(stick, room.folder.parent / "again", PASSPHRASE, FileKeeper(room.folder.parent / "other.key"))


def test_a_stick_that_is_not_there_or_the_wrong_place_is_refused(full: Cabinet, room: Room, stick: Path) -> None:
    for folder in (stick / "pulled out", full.folder, full.folder / "vault"):
        with pytest.raises(DeskError) as refused:
            back_up(full, folder)
        assert (refused.value.code, refused.value.facts) == ("store.backup_failed", {"folder": str(folder)})
    assert not (stick / "pulled out").exists()
    assert last_backup(stick / "pulled out") is None
    assert last_backup(stick) is None
    with pytest.raises(DeskError, match="no whole backup"):
        restore(stick, room.folder.parent / "again", PASSPHRASE, room.keeper)


def test_two_desks_do_not_share_a_folder(full: Cabinet, room: Room, stick: Path) -> None:
    keeper = FileKeeper(room.folder.parent / "other.key")
    vault = create_vault(room.folder.parent / "other", "OTHER", keeper)
    other = open_cabinet(room.folder.parent / "other", vault, room.clock)
    room.opened.append(other)
    back_up(other, stick)
    before = files(stick)
    with pytest.raises(DeskError, match="another cabinet"):
        back_up(full, stick)
    assert files(stick) == before


def test_only_our_own_half_written_files_are_swept_from_a_stick(full: Cabinet, stick: Path) -> None:
    back_up(full, stick)
    theirs, ours = stick / "film.mkv.part", stick / "sealed" / "00" / "x.sealed.part"
    unfinished = stick / "generations" / "000009-20261121T090000.part"
    theirs.write_bytes(b"x")
    ours.parent.mkdir(exist_ok=True)
    ours.write_bytes(b"x")
    unfinished.mkdir()
    back_up(full, stick)
    assert (theirs.exists(), ours.exists(), unfinished.exists()) == (True, False, False)


@pytest.mark.parametrize(("number", "code"), [(errno.EIO, "store.backup_failed"), (errno.ENOSPC, "store.disk_full")])
def test_wherever_the_stick_fails_the_backup_before_stays_good(
    full: Cabinet, room: Room, stick: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """The stick fails at its n-th operation, for every n; each try starts from what the one before left."""
    back_up(full, stick)
    full.pages.keep("d1c2", picture(9), new_page(), CLERK)
    codes = []
    for n in range(1, 200):
        left = [n]

        def fail(operation: str, path: Path, left: list[int] = left) -> None:
            if stick in path.parents or path == stick:
                left[0] -= 1
                if left[0] == 0:
                    raise OSError(number, os.strerror(number))

        with monkeypatch.context() as bad_stick:
            bad_stick.setattr(durable, "tap", fail)
            try:
                back_up(full, stick)
            except DeskError as problem:
                codes.append(problem.code)
        assert last_backup(stick) is not None
        if left[0] > 0:
            break
        if n % 4 == 0:
            again = brought_back(room, stick, f"again{n}")
            assert len(again.dossiers.load("d1").component("d1c1").pages) == 3
    assert len(codes) >= 10
    assert set(codes) == {code}
    assert len(brought_back(room, stick).dossiers.load("d1").component("d1c2").pages) == 1


def test_work_goes_on_while_a_copy_is_made(
    full: Cabinet, room: Room, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy: list[Callable[[], object]] = [lambda: full.pages.keep("d1c2", picture(9), new_page(), CLERK)]

    def work(operation: str, path: Path) -> None:
        if operation == "rename" and path.name == "cabinet.db" and busy:
            busy.pop()()

    monkeypatch.setattr(durable, "tap", work)
    back_up(full, stick)
    assert not busy
    monkeypatch.setattr(durable, "tap", None)
    again = brought_back(room, stick)
    assert not again.dossiers.load("d1").component("d1c2").pages, "the copy is of the moment before"
    assert len(again.pages.recovered()) == 1, "its picture came along and can be put in place"


def test_a_backup_of_a_newer_program_is_not_passed_over_for_an_older_one(
    full: Cabinet, room: Room, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(full, stick)
    back_up(full, stick)
    monkeypatch.setattr("digitizer_desk.store.sql.database.SCHEMA", 9)
    with pytest.raises(DeskError, match=r"store\.newer"):
        restore(stick, room.folder.parent / "again", PASSPHRASE, FileKeeper(room.folder.parent / "other.key"))
    assert not list(room.folder.parent.glob("again*"))
