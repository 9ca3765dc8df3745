# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The second copy: to a stick, a second disk or a share, encrypted as the first, and the way back from it.

Apart from the cabinet because it must be readable when the cabinet is not. In the folder lie ``sealed/`` (the sealed
files, copied once each) and ``generations/`` (for each backup a copy of the database, the passphrase-wrapped key and a
manifest with the SHA-256 of everything). A generation gets its name when it is whole, so the newest name is the newest
whole backup; the machine's own copy of the key never leaves the machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy import select, update

from digitizer_desk import durable
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.store import disk
from digitizer_desk.store.cabinet import DATABASE, LAST_BACKUP, SEALED, Cabinet
from digitizer_desk.store.files.shelf import SUFFIX
from digitizer_desk.store.journal import Journal
from digitizer_desk.store.keepers import KeyKeeper
from digitizer_desk.store.sql.database import Database
from digitizer_desk.store.sql.schema import parcels
from digitizer_desk.store.vault import FILE as VAULT_FILE
from digitizer_desk.store.vault import Vault, recover_vault, vault_id

GENERATIONS, FILES, MANIFEST = "generations", "sealed", "manifest.json"


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """A whole backup. ``files`` sealed files of ``size`` bytes belong to it, ``new_files`` were copied for it. Of one
    that was restored: ``damaged`` more were spoiled or missing; ``passed_over`` newer backups could not be opened."""

    at: datetime
    folder: Path
    generation: str
    files: int
    size: int
    new_files: int = 0
    damaged: int = 0
    passed_over: int = 0


class _File(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    sha256: str
    size: int


class _Manifest(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    format: Literal[1]
    at: str
    journal_count: int
    journal_head: str
    database: _File
    vault: _File
    sealed: dict[str, _File]


def back_up(cabinet: Cabinet, folder: Path, keep: int = 7) -> BackupInfo:
    """Copy an open cabinet while work goes on, and keep the newest ``keep`` generations.

    ``folder`` must exist: a stick that was pulled out must not become a folder on the inner disk.

    Raises:
        DeskError: ``store.backup_failed``, ``store.disk_full``; the backup before stays whole.
    """
    if not folder.is_dir() or cabinet.folder.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise error("store.backup_failed", "no such folder, or one inside the cabinet", folder=str(folder))
    with _failures(folder):
        _drop_unfinished(folder)
        before = _newest(folder)
        if before and vault_id(before[0]) != vault_id(cabinet.folder):
            # its files would be taken for nobody's and swept away
            raise error("store.backup_failed", "the folder holds another cabinet's backup", folder=str(folder))
        at = cabinet.clock()
        part = _start_generation(folder, at)
        # the head before the copy: the copy then holds at least this much of the journal
        count, head = cabinet.journal.head()
        cabinet.database.copy_to(part / DATABASE)
        durable.write_whole(part / VAULT_FILE, (cabinet.folder / VAULT_FILE).read_bytes())
        known = before[1].sealed if before else {}
        sealed, new = _copy_sealed(cabinet.folder / SEALED, folder / FILES, known)
        manifest = _Manifest(
            format=1,
            at=at.isoformat(),
            journal_count=count,
            journal_head=head,
            database=_facts(part / DATABASE),
            vault=_facts(part / VAULT_FILE),
            sealed=sealed,
        )
        durable.write_whole(part / MANIFEST, manifest.model_dump_json().encode())
        final = part.with_name(part.name.removesuffix(durable.PART))
        durable.put_in_place(part, final)
        _forget_old(folder, keep)
    durable.write_whole(cabinet.folder / LAST_BACKUP, at.isoformat().encode())
    cabinet.journal.append("backed_up", "cabinet:", "desk", files=len(sealed), new=new)
    return _info(folder, final.name, manifest, new)


def last_backup(folder: Path) -> BackupInfo | None:
    """The newest whole backup in a folder, or None when there is none or the folder is out of reach."""
    with contextlib.suppress(OSError):
        newest = _newest(folder)
        if newest is not None:
            return _info(folder, newest[0].name, newest[1], 0)
    return None


def restore(folder: Path, target: Path, passphrase: str, keeper: KeyKeeper) -> BackupInfo:
    """Make a cabinet out of the newest backup whose database and journal are whole. ``target`` must be empty or not
    there.

    Everything is compared with the manifest on the way. A backup whose database is spoiled is passed over for the one
    before; a single sealed file that is spoiled or missing keeps no other from coming back. Both are in the answer, to
    be told. What waited to be sent may have been sent since the backup: it is marked as on its way, so that the
    province is asked before anything goes out a second time.

    Raises:
        DeskError: ``file.exists`` (the target is not empty), ``store.passphrase_wrong``, ``store.restore_failed`` (no
            backup here whose database is whole, or the place went away), ``store.newer`` (made by a newer program),
            ``store.disk_full``; the target is then untouched.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise error("file.exists", file=target.name)
    part = target.with_name(target.name + durable.PART)
    with _failures(folder, "store.restore_failed"):
        try:
            for passed_over, generation in enumerate(_newest_first(folder)):
                shutil.rmtree(part, ignore_errors=True)
                manifest = _read(generation)
                if manifest is None or not _opens(generation, manifest, part, passphrase, keeper):
                    continue
                damaged = _copy_back(folder, manifest, part)
                if target.exists():
                    target.rmdir()
                durable.put_in_place(part, target)
                info = _info(folder, generation.name, manifest, 0)
                return replace(info, files=info.files - damaged, damaged=damaged, passed_over=passed_over)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        shutil.rmtree(part, ignore_errors=True)
        raise error("store.restore_failed", "no whole backup", folder=str(folder))


def _opens(generation: Path, manifest: _Manifest, part: Path, passphrase: str, keeper: KeyKeeper) -> bool:
    """Bring back key and database of a generation; False when one of them is not as it was.

    Raises:
        DeskError: ``store.passphrase_wrong``, ``store.disk_full``; ``store.newer``: it is whole, and an older one would
            lose what lies between.
    """
    try:
        for name, facts in ((VAULT_FILE, manifest.vault), (DATABASE, manifest.database)):
            if not _copied(generation / name, part / name, facts):
                return False
        _prove(part, recover_vault(part, passphrase, keeper), manifest)
    except DeskError as problem:
        if problem.code != "store.damaged":
            raise
        return False
    return True


def _copy_back(folder: Path, manifest: _Manifest, part: Path) -> int:
    """Bring the sealed files back. Returns how many are spoiled or missing: each is told when its page is opened.

    Raises:
        OSError: the place itself went away: that is no damage to its files.
    """
    damaged = 0
    for name, facts in manifest.sealed.items():
        if not _copied(folder / FILES / name, part / SEALED / name, facts):
            os.listdir(folder / GENERATIONS)
            damaged += 1
    return damaged


def _copied(source: Path, target: Path, facts: _File) -> bool:
    """Copy a file that is as the manifest says; False when it is not, or cannot be read."""
    try:
        data = source.read_bytes()
    except OSError:
        return False
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        return False
    durable.write_whole(target, data)
    return True


def _prove(part: Path, vault: Vault, manifest: _Manifest) -> None:
    """Check the copied database and its journal; what may have been sent since is now to be asked about.

    Raises:
        DeskError: ``store.damaged``, ``store.newer``.
    """
    database = Database(part / DATABASE, vault.database_key)
    at = datetime.fromisoformat(manifest.at)
    journal = Journal(database, lambda: datetime.now(at.tzinfo or UTC))
    try:
        database.check(thorough=True)
        if not journal.check((manifest.journal_count, manifest.journal_head)).ok:
            raise error("store.damaged", "the journal is not whole", backup_at=manifest.at)
        with database.writing() as connection:
            waiting = parcels.c.state == ParcelState.WAITING.value
            asked = len(connection.execute(select(parcels.c.id).where(waiting)).all())
            connection.execute(update(parcels).where(waiting).values(state=ParcelState.SENDING.value))
            journal.append("restored", "cabinet:", "desk", backup_at=manifest.at, to_ask=asked)
    finally:
        database.close()


def _start_generation(folder: Path, at: datetime) -> Path:
    """A new, unfinished generation, named so that names sort by time whatever the clock did."""
    last = max((_number(path.name) for path in _finished(folder)), default=0)
    part = folder / GENERATIONS / f"{last + 1:06d}-{at:%Y%m%dT%H%M%S}{durable.PART}"
    durable.make_folder(part)
    return part


def _copy_sealed(source: Path, target: Path, known: dict[str, _File]) -> tuple[dict[str, _File], int]:
    """Copy the sealed files that are not there yet. Sealed files never change, so the name tells."""
    sealed: dict[str, _File] = {}
    new = 0
    for path in sorted(source.glob(f"??/*{SUFFIX}")):
        name = f"{path.parent.name}/{path.name}"
        copy = target / name
        facts = known.get(name)
        if facts is None or not copy.is_file() or copy.stat().st_size != facts.size:
            data = path.read_bytes()
            durable.write_whole(copy, data)
            facts = _File(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
            new += 1
        sealed[name] = facts
    return sealed, new


def _forget_old(folder: Path, keep: int) -> None:
    """Drop generations beyond the newest, and sealed files no kept one names (R57)."""
    finished = sorted(_finished(folder), key=lambda path: _number(path.name))
    for old in finished[: -max(keep, 1)]:
        shutil.rmtree(old)
    named: set[str] = set()
    for kept in finished[-max(keep, 1) :]:
        manifest = _read(kept)
        if manifest is None:
            return  # one that cannot be read might name anything
        named |= manifest.sealed.keys()
    for path in (folder / FILES).glob(f"??/*{SUFFIX}"):
        if f"{path.parent.name}/{path.name}" not in named:
            disk.remove(path)


def _drop_unfinished(folder: Path) -> None:
    """Only in our own folders: on a stick others may have half-written files too."""
    durable.sweep(folder / FILES)
    for path in (folder / GENERATIONS).glob(f"*{durable.PART}"):
        shutil.rmtree(path)


def _finished(folder: Path) -> list[Path]:
    found = (folder / GENERATIONS).glob("*-*")
    return [path for path in found if path.is_dir() and path.suffix != durable.PART and _number(path.name)]


def _number(name: str) -> int:
    first = name.partition("-")[0]
    return int(first) if first.isdecimal() else 0


def _newest(folder: Path) -> tuple[Path, _Manifest] | None:
    for path in _newest_first(folder):
        manifest = _read(path)
        if manifest is not None:
            return path, manifest
    return None


def _newest_first(folder: Path) -> list[Path]:
    return sorted(_finished(folder), key=lambda path: _number(path.name), reverse=True)


def _read(generation: Path) -> _Manifest | None:
    try:
        return _Manifest.model_validate_json((generation / MANIFEST).read_bytes())
    except (ValidationError, OSError):
        return None


def _facts(path: Path) -> _File:
    with path.open("rb") as file:
        return _File(sha256=hashlib.file_digest(file, "sha256").hexdigest(), size=path.stat().st_size)


def _info(folder: Path, generation: str, manifest: _Manifest, new: int) -> BackupInfo:
    return BackupInfo(
        at=datetime.fromisoformat(manifest.at),
        folder=folder,
        generation=generation,
        files=len(manifest.sealed),
        size=sum(facts.size for facts in manifest.sealed.values()) + manifest.database.size,
        new_files=new,
    )


@contextlib.contextmanager
def _failures(folder: Path, code: str = "store.backup_failed") -> Iterator[None]:
    """Whatever the second disk does is one of two errors: ``store.disk_full``, or ``code``."""
    try:
        with durable.full_is_an_error():
            yield
    except DeskError as problem:
        if problem.code in ("store.damaged", "store.conflict"):
            raise error(code, problem.detail, folder=str(folder)) from problem
        raise
    except OSError as problem:
        raise error(code, type(problem).__name__, folder=str(folder)) from problem
