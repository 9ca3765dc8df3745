# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Packs of rules: from a stick or from the province, believed only when signed by whom the settings name, kept whole.

Apart from reading a pack (``rules/packs``) because here it is decided whether its word counts: signature, pinned
certificate, chain, time, number, and that the desk can work by it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import CODES, DeskError, error
from digitizer_desk.province.incoming.reading import (
    MOST_PACK_BYTES,
    MOST_SIGNATURE_BYTES,
    FetchedPack,
    OfferedPack,
    reading_of,
)
from digitizer_desk.province.link import Later
from digitizer_desk.rules.packs.read import Pack, read_pack
from digitizer_desk.store.incoming.packs import KeptPack

if TYPE_CHECKING:
    from digitizer_desk.signing.detached import Detached

#: the signature lies beside its pack under this ending
SIGNATURE = ".p7s"


@dataclass(frozen=True, slots=True)
class TakenPack:
    """What came of a pack: ``new`` is False when this very one was kept already."""

    pack: KeptPack
    new: bool


@dataclass(frozen=True, slots=True)
class FetchedPacks:
    """What was taken, and the first thing that was in the way."""

    taken: tuple[TakenPack, ...] = ()
    problem: DeskError | None = None

    @property
    def code(self) -> str:
        return self.problem.code if self.problem is not None else ""


def take_file(desk: Desk, file: Path, by: Officer | str) -> TakenPack:
    """Bring in a pack from a file; its signature lies beside it (``FILE.p7s``).

    Raises:
        DeskError: ``file.not_found``, ``pack.*``; whatever is wrong, the packs kept stay as they are.
    """
    beside = file.with_name(file.name + SIGNATURE)
    content = _read(file, MOST_PACK_BYTES)
    if not beside.is_file():
        raise _refused(desk, file.name, content, error("pack.unsigned", file=file.name), by)
    return take(desk, content, _read(beside, MOST_SIGNATURE_BYTES), file.name, by)


def _read(file: Path, most: int) -> bytes:
    try:
        if file.stat().st_size > most:
            raise error("pack.unreadable", "too large", file=file.name, where="quá lớn")
        return file.read_bytes()
    except OSError as problem:
        raise error("file.not_found", type(problem).__name__, file=file.name) from problem


def take(desk: Desk, content: bytes, signature: bytes, name: str, by: Officer | str) -> TakenPack:
    """Judge a pack and keep it, whole or not at all; from its first day on it judges what is received then.

    Raises:
        DeskError: ``pack.*``, journaled.
    """
    try:
        signer = _believed(desk, content, signature, name)
        pack = read_pack(content, name)
        kept = _as_kept(desk, pack, content, signer)
        _refuse_older(desk, kept)
        if desk.editions is not None:
            desk.editions.trial(pack)
        new = desk.cabinet.packs.add(kept, content, signature, by)
    except DeskError as problem:
        if problem.code.startswith("pack."):
            raise _refused(desk, name, content, problem, by) from None
        raise
    if desk.editions is not None:
        desk.editions.look_again()
        desk.edition_today()  # loaded here, off the window thread
    return TakenPack(kept, new)


def _refused(desk: Desk, name: str, content: bytes, problem: DeskError, by: Officer | str) -> DeskError:
    desk.cabinet.packs.refused(name, hashlib.sha256(content).hexdigest(), problem.code, by)
    return problem


def _believed(desk: Desk, content: bytes, signature: bytes, name: str) -> Detached:
    """Who signed, once that is somebody whose word counts."""
    pinned = {one.lower() for one in desk.settings.packs.signers}
    if not pinned:
        raise error("pack.not_pinned")
    try:
        found = signing.check_detached(signature, hashlib.sha256(content).digest())
    except ValueError:
        raise error("pack.unsigned", "no detached CMS", file=name) from None
    if not found.fits:
        raise error("pack.altered", file=name)
    if hashlib.sha256(found.certificate).hexdigest() not in pinned:
        raise error("pack.stranger", file=name, signer=found.signer)
    judged = signing.standing(signature, trust=desk.trust, at=desk.clock())
    if not judged.trusted:
        raise error("pack.untrusted", file=name, signer=found.signer)
    if not judged.in_time:
        raise error("pack.expired", file=name, signer=found.signer, until=judged.until.date())
    return found


def _as_kept(desk: Desk, pack: Pack, content: bytes, signer: Detached) -> KeptPack:
    told = pack.manifest
    return KeptPack(
        told.id,
        told.sequence,
        told.title,
        told.valid_from,
        hashlib.sha256(content).hexdigest(),
        signer.signer,
        hashlib.sha256(signer.certificate).hexdigest(),
        desk.clock(),
    )


def _refuse_older(desk: Desk, pack: KeptPack) -> None:
    """Said before the pack is tried: an old one must not be told to be broken."""
    newest = desk.cabinet.packs.newest(pack.id)
    same = any((one.id, one.sha256) == (pack.id, pack.sha256) for one in desk.cabinet.packs.all())
    if pack.sequence <= newest and not same:
        raise error("pack.older", title=pack.title, sequence=pack.sequence, kept=newest)


def fetch(desk: Desk, by: Officer | str = "desk", *, again: bool = False) -> FetchedPacks:
    """Fetch what the province offers and is newer than what is kept.

    A pack that was refused is not fetched again until something of it or of the settings changes, or with ``again``.

    Raises:
        DeskError: ``store.*``.
    """
    reading = reading_of(desk.link)
    if not desk.settings.packs.signers and not again:
        return FetchedPacks()  # nothing could be believed
    offered = reading.packs()
    if isinstance(offered, Later):
        return FetchedPacks(problem=_in_the_way(offered, ""))
    taken: list[TakenPack] = []
    first: DeskError | None = None
    for one in offered:
        if one.sequence <= desk.cabinet.packs.newest(one.id) or (not again and _known_bad(desk, one)):
            continue
        came = reading.pack(one)
        if isinstance(came, Later):
            first = first or _in_the_way(came, one.id)
            continue
        try:
            taken.append(_take_offered(desk, one, came, by))
        except DeskError as problem:
            if not problem.code.startswith("pack."):
                raise
            desk.cabinet.packs.remember_bad(one.id, _name_of(desk, one), desk.clock())
            first = first or problem
    return FetchedPacks(tuple(taken), first)


def _in_the_way(answer: Later, name: str) -> DeskError:
    facts = {fact: name if fact == "file" else "" for fact in CODES[answer.code]}
    return error(answer.code, answer.detail, **facts)


def _take_offered(desk: Desk, offered: OfferedPack, came: FetchedPack, by: Officer | str) -> TakenPack:
    return take(desk, came.content, came.signature, f"{offered.id}-{offered.sequence}", by)


def _name_of(desk: Desk, offered: OfferedPack) -> str:
    """An offered pack and what it was judged by."""
    words = (offered.sha256, *desk.settings.packs.signers, *(hashlib.sha256(one).hexdigest() for one in desk.trust))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _known_bad(desk: Desk, offered: OfferedPack) -> bool:
    return desk.cabinet.packs.bad(offered.id) == _name_of(desk, offered)
