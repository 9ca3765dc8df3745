# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Measures and facts against the limits of a regulation: findings come out.

Apart from ``imaging``, which measures and knows no law. No number of the law stands here: each comes from the
regulation together with its severity and its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from digitizer_desk.dossier.finding import Colour, Finding, PageMeasures
from digitizer_desk.dossier.model import NoteSide, Page
from digitizer_desk.rules.limits import finding_of, least, most, text_of, worst_first
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
        found += most("page", limits["skew"], abs(measures.skew_deg), digits=1)
    if not measures.blank:
        found += least("page", limits["light"], measures.light, digits=2)
        if measures.ink_tone is not None:
            found += most("page", limits["faint"], measures.ink_tone, digits=2)
    found += most("page", limits["overscan"], max(measures.backing_mm), digits=0)
    if measures.streaks:
        found += most("page", limits["streak"], len(measures.streaks), digits=0, region=measures.streaks[0])
    if measures.seal_strength is not None:
        found += least("page", limits["seal"], measures.seal_strength, digits=2, region=measures.seal_region)
    if measures.real_dpi is not None:
        found += least("page", limits["real_resolution"], measures.real_dpi, digits=0)
    if measures.blank:
        found.append(finding_of("page", limits["blank"], "trắng", ""))
    if measures.rotation is not None and (measures.rotation + turn) % _FULL_TURN:
        degrees = (measures.rotation + turn) % _FULL_TURN
        found.append(finding_of("page", limits["not_upright"], f"{degrees}°", "0°"))
    if measures.note and note is NoteSide.NONE:
        found.append(finding_of("page", limits["note"], "có giấy ghi chú", ""))
    return worst_first(found)


def check_kept_page(page: Page, regulation: Regulation) -> tuple[Finding, ...]:
    """Judge a kept page as it stands now, its turn and its note included; nothing while it has no measures."""
    if page.measures is None:
        return ()
    return check_page(page.measures, regulation, turn=page.turn, note=page.note)


def check_count(need: int, have: int, regulation: Regulation) -> tuple[Finding, ...]:
    """Judge the pictures there are (``have``) against those there must be (TT 01/2023 Điều 8 khoản 2 điểm a, c)."""
    if have == need:
        return ()
    limit = regulation.component["too_few_pages" if have < need else "too_many_pages"]
    facts = (("have", str(have)), ("need", str(need)), ("difference", str(abs(have - need))))
    return (finding_of("component", limit, f"{have} trang", f"{need} trang", facts=facts),)


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
        found.append(finding_of("file", wanted, version or "không rõ", f"từ {wanted.value}"))
    if encrypted:
        found.append(finding_of("file", regulation.file["encrypted"], "có mật khẩu", "không"))
    scale = regulation.file["scale"]
    for number, (box, sheet) in enumerate(boxes, start=1):
        off = max(abs(box[0] / sheet[0] - 1), abs(box[1] / sheet[1] - 1))
        if scale.max is not None and off > scale.max:
            value, limit = f"lệch {text_of(off * 100, 1)} %", f"±{text_of(scale.max * 100, 1)} %"
            found.append(finding_of("file", scale, value, limit, facts=(("sheet", str(number)),)))
    found += check_size(size, regulation)
    return worst_first(found)


def _resolution(measures: PageMeasures, limits: Mapping[str, Limit]) -> list[Finding]:
    """Below the law's least is a fault; between that and the good value only a remark, never both."""
    dpi = min(measures.dpi)
    return least("page", limits["min_dpi"], dpi, digits=0) or least("page", limits["good_dpi"], dpi, digits=0)


def _colour(measures: PageMeasures, limit: Limit) -> list[Finding]:
    if measures.colour.value == limit.value:
        return []
    wanted = Colour(limit.value) if limit.value else Colour.COLOUR
    return [finding_of("page", limit, _COLOURS[measures.colour], _COLOURS[wanted])]


def _sharpness(measures: PageMeasures, limits: Mapping[str, Limit]) -> list[Finding]:
    if measures.sharpness is None or measures.blank:
        return []
    return least("page", limits["sharpness"], measures.sharpness, digits=2, region=measures.blur_region) or least(
        "page", limits["good_sharpness"], measures.sharpness, digits=2, region=measures.blur_region
    )


def _edges(name: str, places: tuple[str, ...], words: Mapping[str, str], limits: Mapping[str, Limit]) -> list[Finding]:
    if not places:
        return []
    value = ", ".join(words[place] for place in places)
    return [finding_of("page", limits[name], value, "đủ")]


def check_size(size: int, regulation: Regulation) -> list[Finding]:
    """Judge the bytes of a file, or of what will be one (R20)."""
    limit = regulation.file["file_size"]
    if limit.max is None or size <= limit.max:
        return []
    value, most = (f"{text_of(n / _BYTES_PER_MB, 1)} MB" for n in (size, limit.max))
    return [finding_of("file", limit, value, f"≤ {most}")]


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isdigit())
