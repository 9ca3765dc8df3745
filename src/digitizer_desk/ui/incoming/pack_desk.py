# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Packs of rules as the settings show and take them: IT alone brings one in.

Apart from the settings' own work because the words about a pack are many and its section is one of ten.
"""

from __future__ import annotations

from pathlib import Path

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.dossier.text import format_date
from digitizer_desk.errors import error
from digitizer_desk.messages import sentence
from digitizer_desk.steps.incoming import packs
from digitizer_desk.steps.incoming.packs import TakenPack
from digitizer_desk.steps.officers import need


def told(desk: Desk) -> str:
    """The packs in force today, one a line, and those this program cannot use any more."""
    today = desk.edition_today().key.split()
    lines = [
        f"{one.title}, số {one.sequence}, từ {format_date(one.valid_from)}"
        for one in desk.cabinet.packs.all()
        if f"{one.id}#{one.sequence}" in today
    ]
    bad = [sentence(problem) for problem in desk.editions.bad] if desk.editions is not None else []
    return "\n".join((*lines, *bad)) or "Không có"


def take(desk: Desk, file: Path, by: Officer) -> str:
    """Bring in a pack from a file, and say what came of it.

    Raises:
        DeskError: ``officer.not_allowed``, ``pack.*``, ``file.not_found``.
    """
    need(by, Role.IT)
    return _words(packs.take_file(desk, file, by))


def fetch(desk: Desk, by: Officer) -> str:
    """Fetch what the province offers, and say what came; '' when nothing is new.

    Raises:
        DeskError: ``officer.not_allowed``, ``pack.*``, ``province.*``.
    """
    need(by, Role.IT)
    if desk.link is None:
        raise error("province.not_set")
    found = packs.fetch(desk, by, again=True)
    if found.problem is not None and not found.taken:
        raise found.problem
    return " ".join(_words(one) for one in found.taken)


def _words(taken: TakenPack) -> str:
    one = taken.pack
    if not taken.new:
        return f"Gói «{one.title}» số {one.sequence} đã có từ trước."
    return f"Đã nhận gói «{one.title}» số {one.sequence}, hiệu lực từ {format_date(one.valid_from)}. Ký: {one.signer}."
