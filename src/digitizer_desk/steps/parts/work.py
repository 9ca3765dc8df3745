# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which work type a paper is scanned with, and what that means for the scanner.

Apart from scanning because the counter shows the choice long before a sheet moves.
"""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import Backing, Mode, ScanSettings, Source
from digitizer_desk.dossier.model import Component, Dossier, Officer
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.errors import error
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.rules.work_types import Once, WorkType, breach
from digitizer_desk.steps.officers import clerk_only

_REMEMBERED = "work_type:"


def chosen(desk: Desk, dossier: Dossier, component: Component) -> WorkType:
    """What the clerk chose last for this kind of paper; else what the procedure, the work types themselves or the
    desk's settings name for it; else the first of all."""
    types = desk.work_types
    remembered = desk.cabinet.settings.get(_REMEMBERED + component.paper_type) if component.paper_type else None
    named = next(
        (
            part.work_type
            for p in desk.book_of(dossier).procedures
            if p.code == dossier.procedure
            for part in p.components
            if part.code == component.code
        ),
        "",
    )
    return (
        types.get(remembered)
        or types.get(named)
        or types.for_paper(component.paper_type)
        or (types.for_results if component.kind is PaperKind.RESULT else None)
        or types.get(desk.settings.scanner.work_type)
        or types.first
    )


def choose(desk: Desk, component: Component, work_type_id: str, by: Officer) -> WorkType:
    """Scan this kind of paper so from now on, at this desk.

    Raises:
        DeskError: ``officer.not_allowed``.
        KeyError: no such work type.
    """
    clerk_only(by)
    found = desk.work_types.get(work_type_id)
    if found is None:
        raise KeyError(work_type_id)
    if component.paper_type:
        desk.cabinet.settings.put(_REMEMBERED + component.paper_type, work_type_id, by)
    return found


def is_locked(desk: Desk, work_type: WorkType) -> bool:
    """Whether the administrator keeps clerks from changing this work type, even for one batch."""
    locked = desk.settings.work_types.locked
    return "*" in locked or work_type.id in locked


def changed(desk: Desk, law: Regulation, component: Component, work_type: WorkType, once: Once) -> WorkType:
    """The work type as it is for one batch.

    Raises:
        DeskError: ``rules.work_type_locked``; ``dossier.scan_refused`` when it goes below the dossier's own law.
    """
    if once.changes and is_locked(desk, work_type):
        raise error("rules.work_type_locked", name=work_type.name)
    made = once.on(work_type)
    broken = breach(made, law)
    if broken is not None:
        raise error("dossier.scan_refused", component=component.title, why=f"«{made.name}»: {broken[1]}")
    return made


def one_sided(desk: Desk) -> bool:
    """Whether the scanner of this desk has a feeder that sees one side only. Opens the device: ask once.

    Raises:
        DeskError: ``scanner.*`` when it cannot be asked.
    """
    if not desk.settings.scanner.id:
        return False
    sources = desk.scanner.capabilities(desk.settings.scanner.id).sources
    return Source.FEEDER in sources and Source.FEEDER_DUPLEX not in sources


def scan_settings(
    desk: Desk, law: Regulation, work_type: WorkType, source: Source | None, max_pages: int | None
) -> ScanSettings:
    """What the scanner is asked for: the work type first, then the desk's settings, then the law."""
    here = desk.settings.scanner
    return ScanSettings(
        source=source or Source(work_type.source or here.source or law.scan.source),
        mode=Mode(work_type.mode or law.scan.mode),
        dpi=work_type.dpi or here.dpi or law.scan.dpi,
        sheet_mm=work_type.sheet_mm or here.sheet_mm,
        max_pages=max_pages,
        double_feed_stop=work_type.double_feed_stop,
        backing=Backing(work_type.backing),
        keep_background=work_type.keep_background,
        overscan=work_type.overscan,
        auto_length=work_type.auto_length,
    )
