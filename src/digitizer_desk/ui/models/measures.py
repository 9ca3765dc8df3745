# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was measured on a page beside what the law asks, as rows of words.

Apart from the inspector so that every measure, found faulty or not, is tested as plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from digitizer_desk.dossier.finding import Colour, Finding, PageMeasures, Severity
from digitizer_desk.dossier.model import Page

_COLOURS = {Colour.COLOUR: "màu", Colour.GREY: "xám", Colour.BILEVEL: "đen trắng"}
_EDGES = {"left": "trái", "right": "phải", "top": "trên", "bottom": "dưới"}
_CORNERS = {"tl": "trên trái", "tr": "trên phải", "bl": "dưới trái", "br": "dưới phải"}
_NOT_MEASURED = "không đo được"

#: role and icon of a row; a page kept in spite of a finding shows the pen
_MARKS = {
    Severity.FAULT: ("stop", "x"),
    Severity.WARNING: ("mind", "alert"),
    Severity.INFO: ("idle", "info"),
}
_ORDER = {"stop": 0, "mind": 1, "idle": 2, "ok": 3}


class LimitLike(Protocol):
    """``rules.regulation.Limit``: its number or word, if it has one, its unit and its source in the law."""

    @property
    def value(self) -> str | None: ...

    @property
    def min(self) -> float | None: ...

    @property
    def max(self) -> float | None: ...

    @property
    def unit(self) -> str: ...

    @property
    def source(self) -> str: ...


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One line: what, how much, what is allowed, by which law. ``kept`` is the reason of the clerk who keeps it."""

    name: str
    value: str
    limit: str
    role: str
    icon: str
    law: str
    finding: Finding | None = None
    kept: str = ""

    @property
    def spoken(self) -> str:
        """The row as a sentence for a screen reader."""
        verdict = {"ok": "đạt", "mind": "cảnh báo", "stop": "không đạt", "idle": ""}[self.role]
        parts = (self.name, self.value, f"cần {self.limit}" if self.limit else "", self.kept or verdict)
        return ", ".join(part for part in parts if part)


def measure_rows(page: Page, limits: Mapping[str, LimitLike]) -> tuple[MeasureRow, ...]:
    """Every measure of a page in the order they are shown; () while it has not been measured.

    ``limits`` are the regulation's limits on a page by name: they say what was asked where nothing was found.
    """
    measures = page.measures
    if measures is None:
        return ()
    rows: list[MeasureRow] = []
    taken: set[str] = set()
    for name, words, value in _values(measures):
        finding = next((f for f in page.findings if f.word in words), None)
        limit = next((limits[word] for word in words if word in limits), None)
        if finding is not None:
            taken.add(finding.rule)
        rows.append(_row(page, name, value, finding, limit))
    for finding in page.findings:
        if finding.rule not in taken:
            rows.append(_row(page, _OTHERS.get(finding.word, finding.word), finding.value, finding, None))
    return tuple(rows)


def changed(old: Page, new: Page) -> str:
    """What measures differ between two pictures of a page: "Độ lệch 2,3° → 0,0° · Độ sáng 0,71 → 0,98"."""
    if old.measures is None or new.measures is None:
        return ""
    before = {name: value for name, _, value in _values(old.measures)}
    now = {name: value for name, _, value in _values(new.measures)}
    told = [f"{name} {before[name]} → {now[name]}" for name in before if name in now and before[name] != now[name]]
    return " · ".join(told)


def worst(rows: tuple[MeasureRow, ...]) -> int:
    """The row to look at first."""
    return min(range(len(rows)), key=lambda n: _ORDER[rows[n].role], default=0)


_OTHERS = {"note": "Giấy ghi chú", "seal": "Dấu đỏ", "show_through": "Thấm mặt sau", "duplicate_page": "Trang trùng"}


def _row(page: Page, name: str, value: str, finding: Finding | None, limit: LimitLike | None) -> MeasureRow:
    if finding is None:
        role, icon = ("idle", "info") if value == _NOT_MEASURED else ("ok", "check")
        return MeasureRow(name, value, _limit_words(limit), role, icon, limit.source if limit else "")
    role, icon = _MARKS[finding.severity]
    kept = next((keep.reason for keep in page.keeps if keep.rule == finding.rule), "")
    if kept:
        role, icon = "mind", "pen"
    return MeasureRow(name, value, finding.limit, role, icon, finding.law, finding, f"Giữ: {kept}" if kept else "")


def _values(m: PageMeasures) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """(name, words of the rules that judge it, value as text)."""
    across, down = (round(n) for n in m.dpi)
    rows = [
        ("Độ phân giải", ("min_dpi", "good_dpi"), f"{across} dpi" if across == down else f"{across} × {down} dpi"),
        ("Chế độ màu", ("colour",), _COLOURS[m.colour]),
        ("Độ nét", ("sharpness", "good_sharpness"), _number(m.sharpness, 2)),
        ("Độ lệch", ("skew",), _number(m.skew_deg, 1, "°")),
        ("Mép giấy", ("cut_edge",), _places("mất mép", m.cut_edges, _EDGES)),
        ("Góc giấy", ("damaged_corner",), _places("hỏng góc", m.damaged_corners, _CORNERS)),
        ("Độ sáng", ("light",), _number(m.light, 2)),
        ("Chiều giấy", ("not_upright",), _upright(m.rotation)),
        ("Nền quanh giấy", ("overscan",), f"{_number(max(m.backing_mm), 0)} mm"),
        ("Nội dung", ("blank", "show_through"), "trắng" if m.blank else "có chữ"),
    ]
    if m.real_dpi is not None:
        rows.append(("Chi tiết thật", ("real_resolution",), f"{round(m.real_dpi)} dpi"))
    return tuple(rows)


def _number(value: float | None, digits: int, unit: str = "") -> str:
    return _NOT_MEASURED if value is None else f"{value:z.{digits}f}".replace(".", ",") + unit


def _places(lost: str, places: tuple[str, ...], names: Mapping[str, str]) -> str:
    return f"{lost} {', '.join(names[place] for place in places)}" if places else "đủ"


def _upright(rotation: int | None) -> str:
    if rotation is None:
        return _NOT_MEASURED
    return "thuận" if rotation == 0 else f"quay {rotation}°"


def _limit_words(limit: LimitLike | None) -> str:
    if limit is None:
        return ""
    gap = "" if limit.unit in ("", "°") else " "
    if limit.min is not None:
        return f"≥ {_plain(limit.min)}{gap}{limit.unit}"
    if limit.max is not None:
        return f"≤ {_plain(limit.max)}{gap}{limit.unit}"
    return _COLOURS.get(Colour(limit.value), "") if limit.value in set(Colour) else ""


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")
