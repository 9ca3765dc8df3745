# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a desk together from its folder: rules, cabinet, scanner, token, province, log.

Apart from ``app.py`` because the training room, the terminal and tests put desks together too, with other parts.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer_desk import paths, settings, signing
from digitizer_desk.assemble.keys import TRAINING_KEY, keeper, training_root
from digitizer_desk.assemble.province import (
    SECRETS,
    keep_province_secret,
    province_link,
    province_profile,
    province_secrets,
)
from digitizer_desk.desk import Desk
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import load_manifests
from digitizer_desk.devices.network.address import NetworkScanner
from digitizer_desk.devices.network.reach import reach
from digitizer_desk.devices.scanner import Scanner
from digitizer_desk.devices.token import Token
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice, find_modules
from digitizer_desk.devices.token_manifest import load_manifests as load_token_manifests
from digitizer_desk.devices.twain.client import TwainScanner
from digitizer_desk.devices.twain.joined import Joined
from digitizer_desk.devices.twain.workers import TwainWorker, find_workers
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import error
from digitizer_desk.rules.load import Rulebook, load_rulebook
from digitizer_desk.rules.packs.editions import Editions, PackRef
from digitizer_desk.rules.packs.read import Pack
from digitizer_desk.rules.sampling import Scheme, load_sampling
from digitizer_desk.rules.work_types import WorkTypes, load_work_types
from digitizer_desk.signing.trust import load_folder
from digitizer_desk.steps.trial.room import sweep
from digitizer_desk.store import backup
from digitizer_desk.store.cabinet import Cabinet, open_cabinet
from digitizer_desk.store.sql.database import Upgrading, unseen
from digitizer_desk.store.vault import FILE as VAULT
from digitizer_desk.store.vault import create_vault, is_orphaned, new_passphrase, open_vault, recover_vault
from digitizer_desk.store.vault import renew_passphrase as wrap_anew

if TYPE_CHECKING:
    from digitizer_desk.signing.lasting.timestamps import TimestampService

__all__ = [
    "SECRETS",
    "TRAINING_KEY",
    "keep_province_secret",
    "keeper",
    "province_link",
    "province_profile",
    "province_secrets",
    "training_root",
]


def now() -> datetime:
    """The present moment in Vietnam time."""
    return datetime.now(VIETNAM)


def rulebook(place: paths.DeskPaths, packed: Mapping[str, bytes] | None = None) -> Rulebook:
    """The law as data: what came with the program, then what the province added, then the files of packs."""
    own = paths.resources()
    return load_rulebook(
        [own / "regulations", place.site / "regulations"], [own / "procedures", place.site / "procedures"], packed or {}
    )


def rulebook_with(pack: Pack) -> Rulebook:
    """A pack on top of what came with the program: what a desk without a site folder would work by.

    Raises:
        DeskError: ``rules.unreadable``.
    """
    own = paths.resources()
    return load_rulebook([own / "regulations"], [own / "procedures"], pack.files)


def editions(place: paths.DeskPaths, plain: Rulebook, cabinet: Cabinet) -> Editions:
    """The rules as the packs in the cabinet make them, on top of what came with the program and the site's."""

    def kept() -> tuple[PackRef, ...]:
        return tuple(PackRef(one.id, one.sequence, one.valid_from) for one in cabinet.packs.all())

    def load(packs: Sequence[Pack]) -> Rulebook:
        # two packs may call their files alike
        files = {
            name.replace("/", f"/{pack.manifest.id}/", 1): data for pack in packs for name, data in pack.files.items()
        }
        return rulebook(place, files)

    return Editions(plain, kept, cabinet.packs.content, load)


def work_types(place: paths.DeskPaths, book: Rulebook) -> WorkTypes:
    """The ways of scanning: what came with the program, then the site's; all within the law."""
    return load_work_types([paths.resources() / "worktypes", place.site / "worktypes"], book.regulations)


def sampling(place: paths.DeskPaths) -> Scheme:
    """The tables lots are judged by: what came with the program, or the site's.

    Raises:
        DeskError: ``rules.unreadable``.
    """
    return load_sampling([paths.resources() / "sampling", place.site / "sampling"])


def scanner(place: paths.DeskPaths, env: Mapping[str, str] | None = None) -> Scanner:
    """Scanners of this machine, each batch in a host process of its own: TWAIN on Windows, SANE elsewhere."""
    manifests = load_manifests([paths.drivers() / "scanners", place.site / "scanners"])
    log = place.logs / "scanner-host.log" if place.logs.is_dir() else None
    workers = _twain_workers(place)
    twain = TwainScanner(manifests, workers, log=log)
    if sys.platform == "win32":
        return twain

    def added() -> tuple[NetworkScanner, ...]:
        # read anew each time: a scanner added in the settings is there at the next search
        chosen = settings.read(place.settings_file, place.fixed_settings)
        return tuple(NetworkScanner(one.name, one.url, one.model) for one in chosen.network_scanners)

    sane = SaneScanner(manifests, env=dict(env or {}), config_folder=place.scanner_config, log=log, network=added)
    return Joined(twain, sane) if workers else sane


def _twain_workers(place: paths.DeskPaths) -> tuple[TwainWorker, ...]:
    chosen = settings.read(place.settings_file, place.fixed_settings).twain
    own = "" if getattr(sys, "frozen", False) or sys.maxsize < 1 << 32 else sys.executable
    pythons = {64: chosen.python_64, 32: chosen.python_32}
    program = Path(chosen.program) if chosen.program else paths.twain_program()
    return find_workers(program, pythons, windows=sys.platform == "win32", own_python=own)


def add_scanner(place: paths.DeskPaths, address: str, name: str = "", *, seconds: float = 8.0) -> NetworkScanner:
    """Ask for a scanner at this address, then keep it in the settings. No cabinet is needed: IT does this first.

    Blocks for ``seconds`` at most beside the look-up of a host name: for a lane, never the window thread.

    Raises:
        DeskError: ``scanner.address_bad``, ``scanner.unreachable``, ``scanner.not_a_scanner``, ``scanner.denied``,
            ``settings.unreadable``.
    """
    answer = reach(address, seconds=seconds)
    title = nfc(" ".join(name.split()))
    found = NetworkScanner(
        title or answer.model or answer.url.partition("://")[2].partition("/")[0], answer.url, answer.model
    )
    settings.add_scanner(place.settings_file, found)
    return found


def token(place: paths.DeskPaths, module: str | None, env: Mapping[str, str] | None = None) -> Token:
    """Tokens through PKCS#11: one named module, or the candidates of all manifests."""
    manifests = load_token_manifests([paths.drivers() / "tokens", place.site / "tokens"])
    log = place.logs / "token-host.log" if place.logs.is_dir() else None
    modules = (ModuleChoice(module),) if module else find_modules(manifests)
    return Pkcs11Token(modules, env=env, log=log, manifests=manifests)


def stamp_font() -> bytes:
    """The font of the visible mark: every Vietnamese letter, 1000 units an em."""
    return (paths.resources() / "fonts" / "Tinos-Desk.ttf").read_bytes()


def trusted(place: paths.DeskPaths, files: Sequence[Path] = ()) -> tuple[bytes, ...]:
    """Root certificates (DER) that count: the site's; and the training root where nothing but training is concerned.

    That is: this desk is a training desk, every file lies in a training room, or this machine has only ever been
    trained on.
    """
    roots = load_folder(place.site / "trust")
    room = training_root(place)
    if room is None and files:
        rooms = {_room_of(file) for file in files}
        room = rooms.pop() if len(rooms) == 1 else None
    if room is None and not is_set_up(place) and (paths.training_data() / TRAINING_KEY).is_file():
        room = paths.training_data()
    return roots + (load_folder(room / "token") if room else ())


def _room_of(file: Path) -> Path | None:
    return next((p for p in file.resolve().parents if (p / TRAINING_KEY).is_file()), None)


def is_set_up(place: paths.DeskPaths) -> bool:
    """Whether a cabinet has been made in this folder, be it damaged since: then it is not made anew."""
    return (place.cabinet / VAULT).is_file() or is_orphaned(place.cabinet)


def is_away(place: paths.DeskPaths) -> bool:
    """Whether this machine keeps the key of a cabinet in this folder, and there is none: its disk is most likely not
    connected. A new one made in its place would look as if everything were gone.

    Raises:
        DeskError: ``store.key_missing`` when the keeper cannot be asked.
    """
    return not is_set_up(place) and keeper(place).load() is not None


def set_up(place: paths.DeskPaths, *, anew: bool = False) -> str:
    """Make the folders and the vault of a new desk. Returns the recovery passphrase, to be printed once.

    ``anew``: somebody decided to make another cabinet although the one of this folder is away. Its key stays beside
    the new one, so it opens again when its disk is back.

    Raises:
        DeskError: ``store.away`` unless ``anew``; those of :func:`~digitizer_desk.store.vault.create_vault`.
    """
    if not anew and is_away(place):
        raise error("store.away", folder=str(place.data))
    place.make()
    passphrase = new_passphrase()
    create_vault(place.cabinet, passphrase, keeper(place))
    return passphrase


def restore(place: paths.DeskPaths, folder: Path, passphrase: str) -> backup.BackupInfo:
    """Make the cabinet of a new machine out of a backup. Tells what came back and what did not.

    Raises:
        DeskError: ``file.exists`` (there is a cabinet here), ``store.passphrase_wrong``, ``store.restore_failed``.
    """
    place.data.mkdir(parents=True, exist_ok=True)
    info = backup.restore(folder, place.cabinet, passphrase, keeper(place))
    place.make()
    return info


def recover(place: paths.DeskPaths, passphrase: str) -> None:
    """Give this machine the key of its cabinet again, by the passphrase that was printed.

    Raises:
        DeskError: ``store.passphrase_wrong``, ``store.key_missing``, ``store.damaged``.
    """
    recover_vault(place.cabinet, passphrase, keeper(place))


def renew_passphrase(desk: Desk) -> str:
    """Another recovery passphrase for the cabinet of a desk, journaled; the one printed before opens nothing here any
    more, only the backups made until now. Returns it, to be printed once.

    Raises:
        DeskError: ``store.key_missing``, ``store.damaged``, ``store.disk_full``; the one before stays good.
    """
    passphrase = new_passphrase()
    wrap_anew(desk.paths.cabinet, open_vault(desk.paths.cabinet, keeper(desk.paths)), passphrase)
    desk.cabinet.journal.append("passphrase_renewed", "vault:", "terminal")
    return passphrase


@contextmanager
def opened(place: paths.DeskPaths, upgrading: Upgrading = unseen) -> Iterator[Desk]:
    """The real desk of a folder, joined; closed again at the end. ``upgrading`` hears of an older cabinet's upgrade.

    Raises:
        DeskError: ``settings.unreadable``, ``rules.*``, ``manifest.*``, ``store.*``.
    """
    with opened_with(place, lambda _s: scanner(place), lambda: token(place, None), upgrading=upgrading) as desk:
        yield desk


@contextmanager
def opened_with(
    place: paths.DeskPaths,
    make_scanner: Callable[[settings.Settings], Scanner],
    make_token: Callable[[], Token],
    *,
    clock: Callable[[], datetime] = now,
    training: bool = False,
    upgrading: Upgrading = unseen,
) -> Iterator[Desk]:
    """A desk with these machines."""
    place.make()
    log = _log(place)
    chosen = settings.read(place.settings_file, place.fixed_settings)
    book = rulebook(place)
    cabinet = open_cabinet(place.cabinet, open_vault(place.cabinet, keeper(place)), clock, upgrading)
    sweep(place.trial, cabinet, log)
    tokens = make_token()
    packed = editions(place, book, cabinet)
    types = work_types(place, packed.on(clock().astimezone(VIETNAM).date()).book)
    for refusal in types.refused:
        log.warning("%s %s", refusal, refusal.facts)
    try:
        yield Desk(
            settings=chosen,
            paths=place,
            rulebook=book,
            cabinet=cabinet,
            scanner=make_scanner(chosen),
            token=tokens,
            link=province_link(place, chosen, cabinet),
            clock=clock,
            stamp_font=stamp_font(),
            trust=trusted(place),
            work_types=types,
            training=training,
            stamps=timestamps(chosen),
            sampling=lambda: sampling(place),
            editions=packed,
            log=log,
        )
    finally:
        tokens.close()
        cabinet.close()
        for handler in list(log.handlers):
            handler.close()
            log.removeHandler(handler)


def rejoined(desk: Desk, chosen: settings.Settings) -> Desk:
    """The same desk with other settings: what is made of them is made anew, cabinet and machines stay open."""
    return replace(
        desk, settings=chosen, link=province_link(desk.paths, chosen, desk.cabinet), stamps=timestamps(chosen)
    )


def timestamps(chosen: settings.Settings) -> TimestampService | None:
    """Where timestamps come from, or None while no address is set."""
    service = chosen.timestamps
    return signing.TimestampService(service.url, service.wait_s, service.clock_s) if service.url else None


def _log(place: paths.DeskPaths) -> logging.Logger:
    """The desk's log: acts and ids, no person. One logger for each folder, so that two desks in a test stay apart."""
    log = logging.getLogger(f"digitizer_desk.{place.data.resolve().as_posix().replace('.', '_')}")
    log.setLevel(logging.INFO)
    log.propagate = False
    handler = RotatingFileHandler(place.logs / "desk.log", maxBytes=2_000_000, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S"))
    log.addHandler(handler)
    if os.name == "posix":
        Path(handler.baseFilename).chmod(0o600)
    return log
