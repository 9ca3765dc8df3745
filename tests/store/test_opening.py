# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Opening a cabinet on a good and on a bad day; upgrades; what lies on the disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from digitizer_desk.errors import DeskError
from digitizer_desk.store import disk, upgrades
from digitizer_desk.store.cabinet import BEFORE_UPGRADES, DATABASE, LAST_BACKUP, SEALED, Cabinet, open_cabinet
from digitizer_desk.store.sql.database import SCHEMA, connect
from digitizer_desk.store.sql.schema import metadata
from digitizer_desk.store.vault import Vault
from stand_ins.disks import small_disk
from store.make_schema_file import DATA, KEY
from store.room import Clock, Room
from store.samples import (
    CLERK,
    FAULT,
    IDENTIFIER,
    JPEG_HEAD,
    MEASURES,
    NAME,
    make_dossier,
    new_page,
    pack,
    pdf_of,
    picture,
)

SRC = Path(__file__).resolve().parents[2] / "src"


def refusal(room: Room) -> DeskError:
    with pytest.raises(DeskError) as refused:
        room.open()
    return refused.value


def test_one_desk_a_folder(room: Room) -> None:
    cabinet = room.open()
    assert refusal(room).code == "store.locked"
    cabinet.settings.put("a", "1")
    cabinet.close()
    cabinet.close()
    assert room.open().settings.get("a") == "1"


def test_another_process_is_another_desk(room: Room) -> None:
    code = f"""
import contextlib
import os
from pathlib import Path
from digitizer_desk.store import disk
from digitizer_desk.errors import DeskError
try:
    disk.try_lock(Path({str(room.folder / disk.LOCK)!r}))
except DeskError as problem:
    print(problem.code)
"""
    env = os.environ | {"PYTHONPATH": str(SRC)}

    def other() -> str:
        return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout

    cabinet = room.open()
    assert other() == "store.locked\n"
    cabinet.close()
    assert other() == ""


def test_pragmas_that_durability_and_secrecy_rest_on(cabinet: Cabinet) -> None:
    with cabinet.database.reading() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store", "user_version")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "temp_store": 2,
        "user_version": SCHEMA,
    }


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_this_user_may_read_it(cabinet: Cabinet) -> None:
    cabinet.dossiers.add(make_dossier(), CLERK)
    page = cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    path = cabinet.shelf.path_of(page.sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((cabinet.folder / SEALED).stat().st_mode) == 0o700
    for file in cabinet.folder.glob(DATABASE + "*"):
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name


def test_half_written_files_are_swept_away_at_opening(room: Room) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    page = cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    half = cabinet.shelf.path_of(page.sha256).with_suffix(".sealed.part")
    half.write_bytes(b"half")
    cabinet.close()
    cabinet = room.open()
    assert not half.exists()
    assert cabinet.pages.jpeg(page) == picture(1)


@pytest.mark.parametrize("place", [5, 5000, 20000])
def test_a_damaged_file_is_said_after_an_unclean_end_with_the_last_backup(room: Room, place: int) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.close()
    (room.folder / disk.LOCK).write_bytes(b"in use")
    (room.folder / LAST_BACKUP).write_text("2026-11-21T08:00:00+07:00")
    file = room.folder / DATABASE
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    problem = refusal(room)
    assert (problem.code, problem.facts) == ("store.damaged", {"backup_at": "2026-11-21T08:00:00+07:00"})
    content[place] ^= 1
    file.write_bytes(content)
    assert room.open().dossiers.load("d1"), "mended, and the lock was given back"


def test_a_file_under_another_key_is_damaged_for_us(room: Room) -> None:
    room.open().close()
    with pytest.raises(DeskError, match=r"store\.damaged"):
        open_cabinet(room.folder, Vault(bytes(32)), room.clock)


def test_a_newer_file_is_left_alone(room: Room) -> None:
    cabinet = room.open()
    cabinet.settings.put("a", "1")
    with cabinet.database.writing() as connection:
        connection.execute(text(f"PRAGMA user_version = {SCHEMA + 1}"))
    cabinet.close()
    before = (room.folder / DATABASE).read_bytes()
    assert refusal(room).code == "store.newer"
    assert (room.folder / DATABASE).read_bytes() == before


# upgrades


def test_the_upgrades_lead_to_the_tables_in_schema_py(cabinet: Cabinet) -> None:
    with cabinet.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_number_in_the_file_is_the_newest_upgrade() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(upgrades.__file__).parent))
    config.set_main_option("path_separator", "os")
    heads = ScriptDirectory.from_config(config).get_heads()
    assert heads == [f"{SCHEMA:04d}"]


@pytest.mark.parametrize("file", sorted(DATA.glob("schema-*.db")), ids=lambda file: file.stem)
def test_a_file_of_every_schema_opens_with_all_that_was_in_it(tmp_path: Path, file: Path) -> None:
    shutil.copy(file, tmp_path / DATABASE)
    told: list[tuple[int, int]] = []
    cabinet = open_cabinet(tmp_path, Vault(KEY), Clock(), lambda step, steps: told.append((step, steps)))
    steps = SCHEMA - int(file.stem.removeprefix("schema-"))
    assert told == [(step, steps) for step in range(steps + 1) if steps]
    try:
        dossier = cabinet.dossiers.by_code("000.00.12.H08-261121-0001")
        assert dossier is not None
        component = dossier.component("d1c1")
        (page,) = component.pages
        assert (page.measures, page.findings, page.turn) == (MEASURES, (FAULT,), 90)
        assert component.metadata is not None
        assert component.metadata.get("ho_ten") == "Lê Văn An"
        assert component.document is not None
        assert cabinet.outbox.all() == (component.parcel,)
        assert cabinet.officers.all() == (CLERK,)
        assert cabinet.settings.get("story") == "7"
        assert cabinet.journal.check().ok
        assert (tmp_path / BEFORE_UPGRADES).exists() == (file.stem != f"schema-{SCHEMA:04d}")
        part = dossier.component("d1c2") if file.stem >= "schema-0002" else None
        if part is not None:
            assert part.file is not None
            assert (part.file.name, part.file.signatures[0].signer, part.is_whole) == ("khai.pdf", "Sở", True)
            assert [arrival.name for arrival in cabinet.arrivals.waiting()] == ["SCAN_0001.jpg"]
        else:
            assert page.origin is None
            assert cabinet.arrivals.waiting() == ()
        if part is not None:
            cabinet.pages.undo("d1", CLERK)  # the file that came in last
        with pytest.raises(DeskError, match="signed"):  # the turn is known, and lies before the signature
            cabinet.pages.undo("d1", CLERK)
    finally:
        cabinet.close()


def older(room: Room) -> None:
    """Make the file look as if an upgrade were still to come: one that fails, for its tables are there."""
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    with cabinet.database.writing() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("PRAGMA user_version = 0"))
    cabinet.close()


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(room: Room) -> None:
    older(room)
    with pytest.raises(Exception, match="already exists"):
        room.open()
    driver = connect(room.folder / DATABASE, room.vault.database_key)
    try:
        assert driver.execute("SELECT count(*) FROM alembic_version").fetchone() == (0,)
        assert driver.execute("SELECT id FROM dossiers").fetchall() == [("d1",)]
    finally:
        driver.close()


def test_before_an_upgrade_the_file_is_copied(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.close()
    monkeypatch.setattr("digitizer_desk.store.sql.database.SCHEMA", SCHEMA + 1)
    room.open().close()
    (copy,) = (room.folder / BEFORE_UPGRADES).iterdir()
    driver = connect(copy, room.vault.database_key)
    try:
        assert driver.execute("PRAGMA user_version").fetchone() == (SCHEMA,)
        assert driver.execute("SELECT id FROM dossiers").fetchall() == [("d1",)]
    finally:
        driver.close()


# at rest (R55)


def test_nothing_personal_lies_plain_in_the_folder(cabinet: Cabinet, room: Room) -> None:
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.settings.put("secret", "tuyệt mật 4711")
    for seed in range(3):
        cabinet.pages.keep("d1c1", picture(seed), new_page(), CLERK)
    pack(cabinet, "d1", "d1c1")
    plain = [NAME, IDENTIFIER, "tuyệt mật 4711", "Đăng ký khai sinh", "261121", "page_kept", "CREATE TABLE"]
    needles = [word.encode() for word in plain] + [
        JPEG_HEAD,
        b"%PDF-",
        picture(1)[50:80],
        pdf_of("d1c1")[:30],
        b"SQLite",
    ]

    def search() -> int:
        files = [path for path in room.folder.rglob("*") if path.is_file()]
        for path in files:
            content = path.read_bytes()
            for needle in needles:
                assert needle not in content, (path.name, needle)
                assert not any(word in path.as_posix() for word in ("d1c1", IDENTIFIER))
        return len(files)

    open_files = search()
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in room.folder.iterdir())
    assert open_files >= 4 + 3
    cabinet.close()
    search()
    assert disk.free_bytes(room.folder / "not" / "there") > 0


@pytest.mark.parametrize("left", [0, 16384, 32768])
def test_a_full_disk_is_told_as_full_and_never_as_damage(room: Room, tmp_path: Path, left: int) -> None:
    """SQLite's own word for it is "input/output error": taken for damage, a good cabinet would be put aside."""
    with small_disk(tmp_path / "small", 2 << 20) as place:
        shutil.copytree(room.folder, place / "cabinet")
        cabinet = room.open(place / "cabinet")
        cabinet.dossiers.add(make_dossier(), CLERK)
        cabinet.close()
        filler = place / "filler"
        with filler.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
            while stream.write(bytes(4096)):
                pass
        os.truncate(filler, filler.stat().st_size - left)
        with pytest.raises(DeskError) as told, contextlib.closing(room.open(place / "cabinet")) as opened:
            opened.pages.keep("d1c1", picture(1, 200_000), new_page(), CLERK)
        assert told.value.code == "store.disk_full"
        filler.unlink()
        cabinet = room.open(place / "cabinet")
        assert cabinet.dossiers.load("d1").code == make_dossier().code
        cabinet.close()
