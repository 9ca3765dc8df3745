# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages and components get their findings; a page may be kept in spite of one, with a reason.

Apart from scanning because pages are also checked later: after a power cut, after a turn, when a file comes in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import Comparisons, Finding, PageMeasures, Region
from digitizer_desk.dossier.model import VIETNAM, Component, Dossier, Keep, Officer, Page
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import error
from digitizer_desk.imaging.compare import compare_pages
from digitizer_desk.imaging.master import decode
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.rules import check as rules_check
from digitizer_desk.rules.component import check_component as judge_component
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.rules.watch import MachineHint, watch_machine
from digitizer_desk.steps.officers import clerk_only


def check_kept(desk: Desk, law: Regulation, page: Page, pixels: Any, *, bilevel: bool = False) -> Page:
    """Measure a kept page and judge it by the dossier's own law. ``pixels``: uint8 (H, W, 3) RGB or (H, W) grey."""
    return judge_kept(desk, law, page, measure_page(pixels, dpi=page.dpi, sheet_mm=page.sheet_mm, bilevel=bilevel))


def judge_kept(desk: Desk, law: Regulation, page: Page, measures: PageMeasures) -> Page:
    """Judge a kept page that was measured elsewhere, and write both down."""
    findings = rules_check.check_page(measures, law, turn=page.turn, note=page.note)
    return desk.cabinet.pages.set_measures(page.id, measures, findings)


def judge_again(desk: Desk, dossier_id: str, page_id: str) -> Dossier:
    """Judge a page anew after it was turned or its note was named: the measures stand, the findings may not."""
    dossier = desk.cabinet.dossiers.load(dossier_id)
    page = next(p for c in dossier.components for p in c.pages if p.id == page_id)
    if page.measures is None:
        return dossier
    findings = rules_check.check_kept_page(page, desk.law_of(dossier))
    if findings == page.findings:  # the usual case: nothing to write, and a key waits for this
        return dossier
    judged = desk.cabinet.pages.set_measures(page_id, page.measures, findings)
    return _with_page(dossier, judged)


def _with_page(dossier: Dossier, page: Page) -> Dossier:
    """The dossier just read, one of its pages as it was written since."""
    parts = (
        replace(c, pages=tuple(page if p.id == page.id else p for p in c.pages))
        if any(p.id == page.id for p in c.pages)
        else c
        for c in dossier.components
    )
    return replace(dossier, components=tuple(parts))


def check_component(desk: Desk, dossier: Dossier, component: Component, size: int | None = None) -> tuple[Finding, ...]:
    """Findings of the component as a whole: sides declared against pages kept, pairs of notes, blank backs, twins,
    double feeds, pages replaced by another paper, size. No picture is opened.

    Args:
        size: bytes its file will have, where its pages were weighed; else the sum of its pictures stands for it.
    """
    return judge_compared(desk, dossier, component, compare_component(desk, component), size)


def judge_compared(
    desk: Desk, dossier: Dossier, component: Component, compared: Comparisons, size: int | None = None
) -> tuple[Finding, ...]:
    """The same for a component whose pages were compared already, by :func:`compare_component`."""
    return judge_component(component, desk.law_of(dossier), compared, size=size)


def compare_component(desk: Desk, component: Component) -> Comparisons:
    """What the pages of a component are to each other and to the versions they replaced."""
    before = {}
    for page in component.pages:
        came = page.mended.of if page.mended is not None else page.version
        if came > 1:
            versions = desk.cabinet.pages.versions(page.id)
            older = [v.measures for v in versions if v.version < came and v.mended is None and v.measures is not None]
            if older:
                before[page.id] = older[-1]
    return compare_pages(component.pages, before)


def check_unmeasured(desk: Desk, dossier_id: str) -> Dossier:
    """Measure pages a cut kept from being measured. Called when a dossier is opened.

    Raises:
        DeskError: ``store.page_missing``, ``store.page_altered``.
    """
    dossier = desk.cabinet.dossiers.load(dossier_id)
    law = desk.law_of(dossier)
    kept = [page for component in dossier.components for page in component.pages]
    waiting = [page for page in kept if page.measures is None and not page.unread]
    for page in waiting:
        check_kept(desk, law, page, decode(desk.cabinet.pages.jpeg(page)))
    return desk.cabinet.dossiers.load(dossier_id) if waiting else dossier


def keep_anyway(
    desk: Desk, dossier_id: str, page_id: str, rule: str, reason: str, by: Officer, note: str = ""
) -> Dossier:
    """Keep a page in spite of a finding; the decision is journaled and shown to the supervisor.

    Raises:
        DeskError: ``dossier.keep_forbidden`` when the law does not allow it, ``dossier.reason_missing``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    law = desk.law_of(dossier)
    page = next(p for c in dossier.components for p in c.pages if p.id == page_id)
    finding = next((f for f in page.findings if f.rule == rule), None)
    if finding is None or not finding.keep_allowed:
        raise error("dossier.keep_forbidden", rule=rule)
    known = {r.id: r.label for r in law.keep_reasons}
    words = nfc(note.strip()) or known.get(reason, "")
    if not words:
        raise error("dossier.reason_missing")
    desk.cabinet.pages.add_keep(page_id, Keep(rule=rule, reason=words, by=by.id, at=desk.clock()), by)
    return desk.cabinet.dossiers.load(dossier_id)


def machine_hints(desk: Desk, scanner: str) -> tuple[MachineHint, ...]:
    """Reasons to clean this scanner, from its last kept pages of any dossier, with the pages that show them.

    Args:
        scanner: as pages name it (``Page.scanner``).
    """
    rule = desk.law_today().machine
    return watch_machine(desk.cabinet.pages.recent(scanner, rule.pages), rule)


def hints_today(desk: Desk) -> tuple[MachineHint, ...]:
    """Hints on the machine that scanned last, but for those somebody put off for today."""
    scanner = desk.cabinet.pages.last_scanner()
    today = desk.clock().astimezone(VIETNAM).date().isoformat()
    found = machine_hints(desk, scanner) if scanner else ()
    return tuple(hint for hint in found if desk.cabinet.settings.get(_hint_key(hint)) != today)


def put_off_hint(desk: Desk, hint: MachineHint, by: Officer) -> None:
    """Say nothing more of this trouble of this machine until tomorrow; journaled."""
    today = desk.clock().astimezone(VIETNAM).date().isoformat()
    desk.cabinet.settings.put(_hint_key(hint), today, by)


def _hint_key(hint: MachineHint) -> str:
    return f"hint_put_off:{hint.trouble.value}:{hint.scanner}"


def hint_pages(desk: Desk, hint: MachineHint) -> tuple[Page, ...]:
    """The pictures a hint rests on, newest first, as they were scanned: they may have been replaced since."""
    recent = desk.cabinet.pages.recent(hint.scanner, desk.law_today().machine.pages)
    pages = tuple(page for page in recent if page.id in hint.pages)
    region = hint.region
    if region is None:
        return pages
    return tuple(p for p in pages if p.measures is not None and any(_meet(s, region) for s in p.measures.streaks))


def _meet(one: Region, other: Region) -> bool:
    """Whether two places overlap across the feed."""
    return one.left <= other.right and other.left <= one.right
