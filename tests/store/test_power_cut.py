# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Power cuts, full disks, kills and crowds: nothing that was kept is lost, nothing is there by half."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from digitizer_desk import durable
from digitizer_desk.dossier.model import Dossier, Metadata, Page, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.store import disk
from digitizer_desk.store.cabinet import Cabinet
from soak import rounds
from store.room import Room
from store.samples import CLERK, START, make_dossier, new_page, pack, pdf_of, picture

SRC = Path(__file__).resolve().parents[2] / "src"


class PowerCut(BaseException):
    """Not an Exception: nobody may catch it and tidy up, for after a real cut nobody would."""


class Cutter:
    """Cuts the power at the n-th operation of disk or database, and keeps it cut."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self, *_: object) -> None:
        self.left -= 1
        if self.left <= 0:
            raise PowerCut

    @property
    def struck(self) -> bool:
        return self.left <= 0


@contextmanager
def power(cabinet: Cabinet, cutter: Cutter) -> Iterator[None]:
    engine = cabinet.database.engine
    moments = ("before_cursor_execute", "commit")
    durable.tap = cutter.step
    for moment in moments:
        event.listen(engine, moment, cutter.step)
    try:
        yield
    except PowerCut:
        pass
    finally:
        durable.tap = None
        for moment in moments:
            event.remove(engine, moment, cutter.step)


class Story:
    """A small day: what was promised is written down the moment a call returned."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.document = ""
        self.packed = ""
        self.claimed = False
        self.confirmed = False

    def play(self, cabinet: Cabinet) -> None:
        for seed in (1, 2):
            page = cabinet.pages.keep("d1c1", picture(seed), new_page(), CLERK)
            self.pages[page.sha256] = picture(seed)
        cabinet.pages.turn(page.id, 90, CLERK)
        again = cabinet.pages.keep("d1c1", picture(3), new_page(), CLERK, replaces=page.id)
        self.pages[again.sha256] = picture(3)
        cabinet.pages.undo("d1", CLERK)
        with cabinet.transaction():
            cabinet.dossiers.set_metadata("d1c1", Metadata((), CLERK.id, START, "doc-d1c1"), CLERK)
            parcel = pack(cabinet, "d1", "d1c1")
        self.confirmed, self.packed, self.document = True, parcel.id, parcel.file_sha256
        cabinet.outbox.claim(parcel.id)
        self.claimed = True

    def holds(self, cabinet: Cabinet) -> None:
        """Everything promised is there; what was not is there wholly or not at all."""
        assert cabinet.journal.check().ok
        assert not list(cabinet.folder.rglob("*.part"))
        component = cabinet.dossiers.load("d1").component("d1c1")
        versions = {v.sha256 for page in component.pages for v in cabinet.pages.versions(page.id)}
        assert self.pages.keys() <= versions
        for sha256 in versions:
            assert hashlib.sha256(cabinet.pages.jpeg(sha256)).hexdigest() == sha256
        for found in cabinet.pages.recovered():
            assert found.component_id == "d1c1"
            assert hashlib.sha256(cabinet.pages.jpeg(found.sha256)).hexdigest() == found.sha256
        together = {component.metadata is None, component.document is None, component.parcel is None}
        assert len(together) == 1, "one commit"
        if self.confirmed:
            assert component.parcel is not None
            assert component.document is not None
            assert (component.parcel.id, component.document.sha256) == (self.packed, self.document)
        if component.document is not None:
            assert cabinet.documents.pdf(component.document) == pdf_of("d1c1")
            assert component.document.pages == component.page_list
        if self.claimed:
            assert [p.state for p in cabinet.outbox.unsettled()] == [ParcelState.SENDING]


def test_a_cut_at_any_moment_loses_nothing_that_was_kept(room: Room) -> None:
    """The process ends at its n-th operation, for every n."""
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.close()
    shutil.copytree(room.folder, room.folder.parent / "before")
    seen_recovered = 0
    for n in range(1, 2000):
        shutil.rmtree(room.folder)
        shutil.copytree(room.folder.parent / "before", room.folder)
        cabinet, story, cutter = room.open(), Story(), Cutter(n)
        with power(cabinet, cutter):
            story.play(cabinet)
        # the process is gone: only its locks go with it, nothing is tidied
        left = room.folder.parent / "left"
        shutil.rmtree(left, ignore_errors=True)
        shutil.copytree(room.folder, left)
        cabinet.close()
        after = room.open(left)
        story.holds(after)
        recovered = after.pages.recovered()
        seen_recovered += len(recovered)
        for found in recovered:
            after.pages.adopt(found, "d1c1", CLERK)
        after.close()
        if not cutter.struck:
            break
    else:
        pytest.fail("the story never came to its end")
    assert n > 100
    assert seen_recovered > 5, "some cuts fall between file and row"
    assert story.claimed


class ForgetfulDisk:
    """Remembers what was made durable: content by a sync of the file, a name by a sync of its folder afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.synced: set[Path] = set()
        self.named: set[Path] = set()
        self.durable: set[Path] = set()

    def hear(self, operation: str, path: Path) -> None:
        if operation == "sync":
            self.synced.add(path.with_name(path.name.removesuffix(durable.PART)))
        elif operation == "rename" and path in self.synced:
            self.named.add(path)
        elif operation == "sync_folder":
            self.durable |= {name for name in self.named if name.parent == path}

    def forget_in(self, copy: Path) -> None:
        """Take from a copy of the folder every sealed file whose content or name was not made durable."""
        for path in copy.rglob("*.sealed"):
            if self.folder / path.relative_to(copy) not in self.durable:
                path.unlink()


def test_a_disk_that_forgets_what_was_not_synced_breaks_no_promise(room: Room) -> None:
    """Tells the discipline from luck: without either sync, pages that have a row would be missing here."""
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    forgetful = ForgetfulDisk(room.folder)
    for seed in range(6):
        durable.tap = forgetful.hear
        try:
            cabinet.pages.keep("d1c1", picture(seed), new_page(), CLERK)
        finally:
            durable.tap = None
        copy = room.folder.parent / f"cut{seed}"
        shutil.copytree(room.folder, copy)
        forgetful.forget_in(copy)
        after = room.open(copy)
        pages = after.dossiers.load("d1").component("d1c1").pages
        assert [after.pages.jpeg(page) for page in pages] == [picture(s) for s in range(seed + 1)]
        after.close()


CHILD = """
import sys
from pathlib import Path
from store.make_schema_file import KEY
from store.room import Clock
from store.samples import CLERK, new_page, picture
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.vault import Vault
cabinet = open_cabinet(Path(sys.argv[1]), Vault(KEY), Clock())
seed = int(sys.argv[2])
print("open", flush=True)
while True:
    seed += 1
    page = cabinet.pages.keep("d1c1", picture(seed, 60_000), new_page(), CLERK)
    print(page.id, page.sha256, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
def test_every_page_a_killed_desk_said_it_kept_is_there(room: Room) -> None:
    from digitizer_desk.store.vault import Vault
    from store.make_schema_file import KEY

    room.vault = Vault(KEY)
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.close()
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(SRC), str(SRC.parent / "tests")))}
    chance = random.Random(20261121)
    told: list[tuple[str, str]] = []
    for turn in range(rounds(60)):
        command = [sys.executable, "-c", CHILD, str(room.folder), str(turn * 10_000)]
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "open\n"
            patience = threading.Timer(chance.uniform(0.0, 0.25), child.send_signal, (signal.SIGKILL,))
            patience.start()
            lines = child.stdout.read().splitlines(keepends=True)
            patience.join()
        told += [(line.split()[0], line.split()[1]) for line in lines if line.endswith("\n")]
        cabinet = room.open()
        kept = {page.id: page for page in cabinet.dossiers.load("d1").component("d1c1").pages}
        for page_id, sha256 in told:
            assert kept[page_id].sha256 == sha256
            assert hashlib.sha256(cabinet.pages.jpeg(sha256)).hexdigest() == sha256
        assert len(kept) + len(cabinet.pages.recovered()) <= len(told) + 1 + turn
        assert cabinet.journal.check().ok
        for found in cabinet.pages.recovered():
            cabinet.pages.adopt(found, "d1c2", CLERK)
        cabinet.close()
    assert told


def test_four_threads_keep_pages_read_and_write_at_once(cabinet: Cabinet, dossier: Dossier) -> None:
    kept: dict[str, list[str]] = {}
    problems: list[BaseException] = []

    def work(part: str, first: int) -> None:
        try:
            for seed in range(first, first + 12):
                page = cabinet.pages.keep(part, picture(seed), new_page(), CLERK)
                kept.setdefault(part, []).append(page.id)
                assert cabinet.pages.jpeg(page) == picture(seed)
                assert page.id in [p.id for p in cabinet.dossiers.load("d1").component(part).pages]
                with cabinet.transaction():
                    cabinet.dossiers.set_declared(part, seed, CLERK)
                    cabinet.pages.turn(page.id, 90, CLERK)
        except BaseException as problem:
            problems.append(problem)

    parts = ["d1c1", "d1c2", "d1c3", "d1c1"]
    threads = [threading.Thread(target=work, args=(part, 100 * i)) for i, part in enumerate(parts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    now = cabinet.dossiers.load("d1")
    for component in now.components:
        assert sorted(p.id for p in component.pages) == sorted(kept[component.id])
        assert {p.turn for p in component.pages} == {90}
    assert cabinet.journal.check().count == 1 + 4 * 12 * 3


# a full disk


@contextmanager
def small_disk(place: Path) -> Iterator[bool]:
    """A disk of 3 MB at ``place``; says False where mounting is refused."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    mount = shutil.which("mount") if os.name == "posix" else None
    mounted = mount is not None and subprocess.run(command, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def fail_after(writes: int) -> Callable[[str, Path], None]:
    """What stands in for a small disk: after so many files there is no space."""
    left = [writes]

    def fail(operation: str, path: Path) -> None:
        if operation == "write":
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "no space left")

    return fail


def test_a_full_disk_is_said_and_loses_nothing(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    with small_disk(tmp_path / "small") as real:
        record_property("disk", "tmpfs of 3 MB" if real else "writes made to fail")
        print("full disk:", "tmpfs of 3 MB" if real else "writes made to fail")
        folder = tmp_path / "small" / "cabinet"
        shutil.copytree(room.folder, folder)
        cabinet = room.open(folder)
        cabinet.dossiers.add(make_dossier(), CLERK)
        if not real:
            monkeypatch.setattr(durable, "tap", fail_after(5))
        pages: list[Page] = []

        def scan() -> None:
            for seed in range(100):
                pages.append(cabinet.pages.keep("d1c1", picture(seed, 100_000), new_page(), CLERK))

        with pytest.raises(DeskError) as full:
            scan()
        assert full.value.code == "store.disk_full"
        assert len(pages) >= 3
        assert not list(folder.rglob("*.part"))
        for seed, page in enumerate(pages):
            assert cabinet.pages.jpeg(page) == picture(seed, 100_000)
        cabinet.close()
        monkeypatch.setattr(durable, "tap", None)
        again = room.open(folder)
        assert again.dossiers.load("d1").component("d1c1").pages == tuple(pages)
        assert again.journal.check().ok
        again.close()


def test_a_disk_too_full_for_a_row_is_said_and_the_cabinet_works_again_when_there_is_room(
    room: Room, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "small") as real:
        if not real:
            pytest.skip("mounting is refused here")
        folder = tmp_path / "small" / "cabinet"
        shutil.copytree(room.folder, folder)
        cabinet = room.open(folder)
        cabinet.dossiers.add(make_dossier(), CLERK)
        ballast = tmp_path / "small" / "ballast"
        ballast.write_bytes(bytes(disk.free_bytes(folder)))
        lines = cabinet.journal.head()
        with pytest.raises(DeskError, match=r"store\.disk_full"):
            cabinet.settings.put("much", "x" * 500_000)
        assert (cabinet.settings.get("much"), cabinet.journal.head()) == (None, lines)
        ballast.unlink()
        cabinet.settings.put("much", "x" * 500_000)
        cabinet.close()
        again = room.open(folder)
        assert again.settings.get("much") == "x" * 500_000
        again.close()
