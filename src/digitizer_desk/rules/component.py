# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A component as a whole against the limits of a regulation: counts, notes, blank backs, pages that are too alike or
not alike enough.

Apart from the pages because none of these can be seen on one page alone.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from digitizer_desk.dossier.finding import Comparisons, Finding
from digitizer_desk.dossier.model import Component, NoteSide, Page
from digitizer_desk.dossier.stage import notes_paired
from digitizer_desk.rules.check import check_count, check_pdf, check_size
from digitizer_desk.rules.limits import finding_of, least, most, text_of, worst_first
from digitizer_desk.rules.regulation import Limit, Regulation

_NOTHING_COMPARED = Comparisons()


def check_component(
    component: Component,
    regulation: Regulation,
    compared: Comparisons = _NOTHING_COMPARED,
    *,
    size: int | None = None,
) -> tuple[Finding, ...]:
    """Judge a component as a whole: counts, notes, blank backs, twins, double feeds, replaced pages, cast, size.

    Args:
        size: bytes its file will have, where somebody knows better than the sum of its pages.
        compared: what its pages are to each other, when somebody compared the pictures; pages with the very same
            bytes are found without it.
    """
    limits, pages = regulation.component, component.pages
    found: list[Finding] = []
    if pages and component.expected is None:
        found.append(finding_of("component", limits["not_declared"], f"{len(pages)} trang", ""))
    if component.expected is not None:
        found += check_count(component.expected, sum(not page.unread for page in pages), regulation)
    if not notes_paired(pages):
        found.append(finding_of("component", limits["note_pair"], "chưa đủ hai bản", "hai bản liền nhau"))
    through = _shown_through(compared, limits["show_through"])
    found += _blank_backs(pages, through, limits["blank_backs"])
    found += _through(pages, through, limits["show_through"])
    found += _twins(pages, compared, limits["duplicate_page"])
    found += _double_feeds(pages, regulation)
    found += _replaced(pages, compared, limits["replaced"])
    found += _cast(pages, limits["cast"])
    if component.file is not None:
        found += check_pdf(component.file.pdf_version, False, regulation)
    found += check_size(_bytes(component) if size is None else size, regulation)
    return worst_first(found)


def _bytes(component: Component) -> int:
    if component.document is not None:
        return component.document.size
    return component.file.size if component.file is not None else sum(page.size for page in component.pages)


def may_drop_blank_back(
    component: Component, regulation: Regulation, compared: Comparisons = _NOTHING_COMPARED
) -> bool:
    """Whether blank backs may go: only when *every* back is blank, or shows its front's seal and nothing else (R15)."""
    return _all_backs_blank(component.pages, _shown_through(compared, regulation.component["show_through"]))


def _shown_through(compared: Comparisons, limit: Limit) -> Mapping[str, str]:
    """Page id -> id of the other side whose seal it shows and nothing else."""
    return {pair.page: pair.other for pair in compared.through if limit.beats(pair.alike, pair.counter)}


def _all_backs_blank(pages: Sequence[Page], through: Mapping[str, str]) -> bool:
    def blank(page: Page) -> bool:
        return page.measures is not None and (page.measures.blank or page.id in through)

    backs, fronts = pages[1::2], pages[::2]
    even = len(pages) % 2 == 0 and bool(backs)
    return even and all(map(blank, backs)) and not all(map(blank, fronts))


def _blank_backs(pages: Sequence[Page], through: Mapping[str, str], limit: Limit) -> list[Finding]:
    if not _all_backs_blank(pages, through):
        return []
    count = str(len(pages) // 2)
    return [finding_of("component", limit, f"{count} mặt sau trắng", "", facts=(("count", count),))]


def _through(pages: Sequence[Page], through: Mapping[str, str], limit: Limit) -> list[Finding]:
    return [
        finding_of("component", limit, f"trang {number}", "", facts=(("page", str(number)),))
        for number, page in enumerate(pages, start=1)
        if page.id in through
    ]


def _twins(pages: Sequence[Page], compared: Comparisons, limit: Limit) -> list[Finding]:
    number = {page.id: place for place, page in enumerate(pages, start=1)}
    alike = {
        pair.page: pair.other
        for pair in reversed(compared.twins)
        if limit.max is not None and pair.alike > limit.max and number.get(pair.other, len(pages)) < number[pair.page]
    }
    seen: dict[str, str] = {}
    found: list[Finding] = []
    for page in pages:
        earlier = alike.get(page.id) or seen.get(page.sha256)
        seen.setdefault(page.sha256, page.id)
        if earlier is None or _with_and_without(page, pages[number[earlier] - 1]):
            continue
        facts = (("page", str(number[page.id])), ("other", str(number[earlier])))
        value = f"trang {number[page.id]} giống trang {number[earlier]}"
        found.append(finding_of("component", limit, value, "", facts=facts))
    return found


def _with_and_without(one: Page, other: Page) -> bool:
    """The two captures the law wants of a sheet with a note are alike because they must be."""
    return {one.note, other.note} == {NoteSide.WITH, NoteSide.WITHOUT}


def _double_feeds(pages: Sequence[Page], regulation: Regulation) -> list[Finding]:
    """Pages longer than the others of their width, or, where there are none, than the sheet that was asked for."""
    limit = regulation.component["double_feed"]
    if limit.max is None:
        return []
    sizes = sorted(_sheet(page) for page in pages)
    widths = [width for width, _length in sizes]
    lengths: dict[tuple[int, int], list[float]] = {}
    asked = regulation.scan.sheet_mm
    found: list[Finding] = []
    for number, page in enumerate(pages, start=1):
        width, length = _sheet(page)
        alike = bisect_left(widths, width - limit.max), bisect_right(widths, width + limit.max)
        if alike not in lengths:  # a few widths, many pages: asked after each page that comes in
            lengths[alike] = sorted(size[1] for size in sizes[alike[0] : alike[1]])
        if alike[1] - alike[0] > 2:
            usual = _median_without(lengths[alike], length)
        elif abs(width - asked[0]) <= limit.max:
            usual = asked[1]
        else:
            continue
        if length - usual > limit.max:
            facts = (("page", str(number)), ("more", text_of(length - usual, 0)))
            found += most("component", limit, length - usual, digits=0, facts=facts)
    return found


def _median_without(ranked: Sequence[float], one: float) -> float:
    """The median of sorted values without one of them."""
    here, rest = bisect_left(ranked, one), len(ranked) - 1

    def at(index: int) -> float:
        return ranked[index if index < here else index + 1]

    return at(rest // 2) if rest % 2 else (at(rest // 2 - 1) + at(rest // 2)) / 2


def _sheet(page: Page) -> tuple[float, float]:
    return page.measures.sheet_mm if page.measures is not None and page.measures.sheet_mm else page.sheet_mm


def _replaced(pages: Sequence[Page], compared: Comparisons, limit: Limit) -> list[Finding]:
    alike = {pair.page: pair.alike for pair in compared.replaced}
    found: list[Finding] = []
    for number, page in enumerate(pages, start=1):
        if page.id in alike:
            low = least("component", limit, alike[page.id], digits=2)
            found += [finding_of("component", limit, f.value, f.limit, facts=(("page", str(number)),)) for f in low]
    return found


def _cast(pages: Sequence[Page], limit: Limit) -> list[Finding]:
    """So many pages in a row off in one direction: the machine, not the paper."""
    run: list[tuple[float, float]] = []
    for number, page in enumerate(pages, start=1):
        cast = page.measures.cast if page.measures is not None else None
        off = cast is not None and limit.max is not None and math.hypot(*cast) > limit.max
        if cast is None or not off or (run and math.dist(cast, run[-1]) > math.hypot(*cast) / 2):
            run = []
        if cast is not None and off:
            run.append(cast)
            if len(run) == limit.count:
                facts = (("page", str(number - limit.count + 1)),)
                return [finding_of("component", limit, _tint(cast), "", facts=facts)]
    return []


def _tint(cast: tuple[float, float]) -> str:
    a, b = cast
    if abs(a) > abs(b):
        return "hồng" if a > 0 else "xanh lá"
    return "vàng" if b > 0 else "xanh lam"
