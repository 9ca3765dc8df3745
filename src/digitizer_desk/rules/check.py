# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Measures and facts against the limits of a regulation: findings come out.

Apart from ``imaging``, which measures and knows no law. No number of the law stands here: each comes from the
regulation together with its severity and its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digitizer_desk.dossier.finding import Colour, Finding, PageMeasures, Region
from digitizer_desk.dossier.model import Component, NoteSide, Page
from digitizer_desk.dossier.stage import notes_paired
from digitizer_desk.rules.regulation import Limit, Regulation

_COLOURS = {Colour.COLOUR: "màu", Colour.GREY: "xám", Colour.BILEVEL: "đen trắng"}
_EDGES = {"left": "trái", "right": "phải", "top": "trên", "bottom": "dưới"}
_CORNERS = {"tl": "trên trái", "tr": "trên phải", "bl": "dưới trái", "br": "dưới phải"}
_FULL_TURN = 360
_BYTES_PER_MB = 1024 * 1024


def check_page(
    measures: PageMeasures, regulation: Regulation, *, turn: int = 0, note: NoteSide = NoteSide.NONE
) -> tuple[Finding, ...]:
    """Judge one page by its measures; the worst findings first.

    Args:
        turn: clockwise degrees the page is already shown turned by.
        note: what the clerk said about a note stuck on the page; once said, the note is no finding any more (R14).
    """
    limits = regulation.page
    found = [
        *_resolution(measures, limits),
        *_colour(measures, limits["colour"]),
        *_sharpness(measures, limits),
        *_edges("cut_edge", measures.cut_edges, _EDGES, limits),
        *_edges("damaged_corner", measures.damaged_corners, _CORNERS, limits),
    ]
    if measures.skew_deg is not None:
        found += _most("page", limits["skew"], abs(measures.skew_deg), digits=1)
    if not measures.blank:
        found += _least("page", limits["light"], measures.light, digits=2)
    if measures.real_dpi is not None:
        found += _least("page", limits["real_resolution"], measures.real_dpi, digits=0)
    if measures.blank:
        found.append(_finding("page", limits["blank"], "trắng", ""))
    if measures.rotation is not None and (measures.rotation + turn) % _FULL_TURN:
        degrees = (measures.rotation + turn) % _FULL_TURN
        found.append(_finding("page", limits["not_upright"], f"{degrees}°", "0°"))
    if measures.note and note is NoteSide.NONE:
        found.append(_finding("page", limits["note"], "có giấy ghi chú", ""))
    return _worst_first(found)


def check_kept_page(page: Page, regulation: Regulation) -> tuple[Finding, ...]:
    """Judge a kept page as it stands now, its turn and its note included; nothing while it has no measures."""
    if page.measures is None:
        return ()
    return check_page(page.measures, regulation, turn=page.turn, note=page.note)


def check_component(
    component: Component, regulation: Regulation, *, duplicates: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Judge a component as a whole: counts, notes, blank backs, twins, size.

    Args:
        duplicates: page id -> id of the earlier page it looks like, when somebody compared the pictures; pages with
            the very same bytes are found without it.
    """
    limits, pages = regulation.component, component.pages
    found: list[Finding] = []
    if pages and component.expected is None:
        found.append(_finding("component", limits["not_declared"], f"{len(pages)} trang", ""))
    if component.expected is not None:
        found += check_count(component.expected, sum(not page.unread for page in pages), regulation)
    if not notes_paired(pages):
        found.append(_finding("component", limits["note_pair"], "chưa đủ hai bản", "hai bản liền nhau"))
    found += _blank_backs(pages, limits["blank_backs"])
    found += _twins(pages, duplicates or {}, limits["duplicate_page"])
    if component.file is not None:
        found += check_pdf(component.file.pdf_version, False, regulation)
    found += _file_size(_bytes(component), regulation)
    return _worst_first(found)


def _bytes(component: Component) -> int:
    if component.document is not None:
        return component.document.size
    return component.file.size if component.file is not None else sum(page.size for page in component.pages)


def check_count(need: int, have: int, regulation: Regulation) -> tuple[Finding, ...]:
    """Judge the pictures there are (``have``) against those there must be (TT 01/2023 Điều 8 khoản 2 điểm a, c)."""
    if have == need:
        return ()
    limit = regulation.component["too_few_pages" if have < need else "too_many_pages"]
    facts = (("have", str(have)), ("need", str(need)), ("difference", str(abs(have - need))))
    return (_finding("component", limit, f"{have} trang", f"{need} trang", facts=facts),)


def check_pdf(
    version: str | None,
    encrypted: bool,
    regulation: Regulation,
    *,
    size: int = 0,
    boxes: Sequence[tuple[tuple[float, float], tuple[float, float]]] = (),
) -> tuple[Finding, ...]:
    """Judge the facts of a PDF file (R11, R12, R20).

    Args:
        version: as header or catalogue say, "1.4"; None when it could not be read.
        size: of the file, in bytes; 0 when it is not to be judged.
        boxes: for each page whose sheet is known, (page box, sheet), each (width, height) in mm.
    """
    found: list[Finding] = []
    wanted = regulation.file["pdf_version"]
    if version is None or _version(version) < _version(wanted.value or ""):
        found.append(_finding("file", wanted, version or "không rõ", f"từ {wanted.value}"))
    if encrypted:
        found.append(_finding("file", regulation.file["encrypted"], "có mật khẩu", "không"))
    scale = regulation.file["scale"]
    for number, (box, sheet) in enumerate(boxes, start=1):
        off = max(abs(box[0] / sheet[0] - 1), abs(box[1] / sheet[1] - 1))
        if scale.max is not None and off > scale.max:
            value, limit = f"lệch {_text(off * 100, 1)} %", f"±{_text(scale.max * 100, 1)} %"
            found.append(_finding("file", scale, value, limit, facts=(("sheet", str(number)),)))
    found += _file_size(size, regulation)
    return _worst_first(found)


def may_drop_blank_back(component: Component) -> bool:
    """Whether blank backs may go: only when *every* back of the component is blank (R15)."""
    return _all_backs_blank(component.pages)


def _resolution(measures: PageMeasures, limits: Mapping[str, Limit]) -> list[Finding]:
    """Below the law's least is a fault; between that and the good value only a remark, never both."""
    dpi = min(measures.dpi)
    return _least("page", limits["min_dpi"], dpi, digits=0) or _least("page", limits["good_dpi"], dpi, digits=0)


def _colour(measures: PageMeasures, limit: Limit) -> list[Finding]:
    if measures.colour.value == limit.value:
        return []
    wanted = Colour(limit.value) if limit.value else Colour.COLOUR
    return [_finding("page", limit, _COLOURS[measures.colour], _COLOURS[wanted])]


def _sharpness(measures: PageMeasures, limits: Mapping[str, Limit]) -> list[Finding]:
    if measures.sharpness is None or measures.blank:
        return []
    return _least("page", limits["sharpness"], measures.sharpness, digits=2, region=measures.blur_region) or _least(
        "page", limits["good_sharpness"], measures.sharpness, digits=2, region=measures.blur_region
    )


def _edges(name: str, places: tuple[str, ...], words: Mapping[str, str], limits: Mapping[str, Limit]) -> list[Finding]:
    if not places:
        return []
    value = ", ".join(words[place] for place in places)
    return [_finding("page", limits[name], value, "đủ")]


def _all_backs_blank(pages: Sequence[Page]) -> bool:
    backs = pages[1::2]
    fronts = pages[::2]
    return (
        len(pages) % 2 == 0
        and bool(backs)
        and all(page.measures is not None and page.measures.blank for page in backs)
        and not all(page.measures is not None and page.measures.blank for page in fronts)
    )


def _blank_backs(pages: Sequence[Page], limit: Limit) -> list[Finding]:
    if not _all_backs_blank(pages):
        return []
    count = str(len(pages) // 2)
    return [_finding("component", limit, f"{count} mặt sau trắng", "", facts=(("count", count),))]


def _twins(pages: Sequence[Page], duplicates: Mapping[str, str], limit: Limit) -> list[Finding]:
    number = {page.id: place for place, page in enumerate(pages, start=1)}
    seen: dict[str, str] = {}
    found: list[Finding] = []
    for page in pages:
        earlier = duplicates.get(page.id) or seen.get(page.sha256)
        seen.setdefault(page.sha256, page.id)
        if earlier in number and number[earlier] < number[page.id]:
            facts = (("page", str(number[page.id])), ("other", str(number[earlier])))
            value = f"trang {number[page.id]} giống trang {number[earlier]}"
            found.append(_finding("component", limit, value, "", facts=facts))
    return found


def _file_size(size: int, regulation: Regulation) -> list[Finding]:
    limit = regulation.file["file_size"]
    if limit.max is None or size <= limit.max:
        return []
    value, most = (f"{_text(n / _BYTES_PER_MB, 1)} MB" for n in (size, limit.max))
    return [_finding("file", limit, value, f"≤ {most}")]


def _least(group: str, limit: Limit, value: float, *, digits: int, region: Region | None = None) -> list[Finding]:
    if limit.min is None or value >= limit.min * (1 - limit.tolerance):
        return []
    shown = _unit(_below(value, limit.min, digits), limit.unit)
    return [_finding(group, limit, shown, f"≥ {_unit(_text(limit.min, digits), limit.unit)}", region=region)]


def _most(group: str, limit: Limit, value: float, *, digits: int) -> list[Finding]:
    if limit.max is None or value <= limit.max:
        return []
    shown = _text(value, digits)
    if shown == _text(limit.max, digits):
        shown = _text(value, digits + 1)
    return [_finding(group, limit, _unit(shown, limit.unit), f"≤ {_unit(_text(limit.max, digits), limit.unit)}")]


def _below(value: float, limit: float, digits: int) -> str:
    """The value with so many digits, and one more when rounding would show the limit itself."""
    shown = _text(value, digits)
    return _text(value, digits + 1) if shown == _text(limit, digits) else shown


def _text(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def _unit(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit in ("", "°") else f"{number} {unit}"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())


def _finding(
    group: str,
    limit: Limit,
    value: str,
    allowed: str,
    *,
    region: Region | None = None,
    facts: tuple[tuple[str, str], ...] = (),
) -> Finding:
    return Finding(
        rule=f"{group}.{limit.name}",
        severity=limit.severity,
        value=value,
        limit=allowed,
        law=limit.source,
        keep_allowed=limit.keep_allowed,
        region=region,
        facts=facts,
    )


def _worst_first(found: Sequence[Finding]) -> tuple[Finding, ...]:
    order = ("fault", "warning", "info")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
