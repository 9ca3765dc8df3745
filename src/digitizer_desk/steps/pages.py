# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a clerk does with kept pages: remove, move, turn, undo. Nothing is ever thrown away here.

Apart from ``scan.py`` because no machine runs; each act is one line in the journal (R16) and can be undone.
"""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Dossier, NoteSide, Officer
from digitizer_desk.steps.check import judge_again
from digitizer_desk.steps.officers import clerk_only


def remove(desk: Desk, dossier_id: str, page_id: str, by: Officer) -> Dossier:
    """Take a page out of its component. The picture stays in the cabinet: removal is a mark.

    Raises:
        DeskError: ``dossier.frozen`` when the component is being sent or was received.
    """
    clerk_only(by)
    desk.cabinet.pages.remove(page_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def move(desk: Desk, dossier_id: str, page_id: str, index: int, by: Officer) -> Dossier:
    """Put a page at position ``index`` (0-based) of its component (R16: journaled).

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    desk.cabinet.pages.move(page_id, index, by)
    return desk.cabinet.dossiers.load(dossier_id)


def turn(desk: Desk, dossier_id: str, page_id: str, degrees: int, by: Officer) -> Dossier:
    """Turn a page clockwise by 90, 180 or 270 degrees more; the picture itself is not touched.

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    desk.cabinet.pages.turn(page_id, degrees, by)
    return judge_again(desk, dossier_id, page_id)


def mark_note(desk: Desk, dossier_id: str, page_id: str, side: NoteSide, by: Officer) -> Dossier:
    """Say that this picture shows the sheet with, or without, the note stuck on it (R14).

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    desk.cabinet.pages.set_note(page_id, side, by)
    return judge_again(desk, dossier_id, page_id)


def use_version(desk: Desk, dossier_id: str, page_id: str, version: int, by: Officer) -> Dossier:
    """Show an older (or newer) scan of the same page again.

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    desk.cabinet.pages.use_version(page_id, version, by)
    return desk.cabinet.dossiers.load(dossier_id)


def undo(desk: Desk, dossier_id: str, by: Officer) -> tuple[Dossier, str]:
    """Take back the last act on this dossier's pages. The second value names it, '' when there is none.

    Raises:
        DeskError: ``dossier.frozen``.
    """
    clerk_only(by)
    what = desk.cabinet.pages.undo(dossier_id, by)
    return desk.cabinet.dossiers.load(dossier_id), what or ""


def redo(desk: Desk, dossier_id: str, by: Officer) -> tuple[Dossier, str]:
    """Do again what was undone last."""
    clerk_only(by)
    what = desk.cabinet.pages.redo(dossier_id, by)
    return desk.cabinet.dossiers.load(dossier_id), what or ""
