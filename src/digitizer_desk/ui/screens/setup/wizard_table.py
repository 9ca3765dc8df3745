# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The first-run wizard as one frozen table without Qt: which views there are, in which order, when one may go on.

Apart from the window so that order and conditions are tested without one. A view is done when the facts say so; what
was put off and where somebody stopped is kept, so that the wizard goes on where it was left.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from digitizer_desk.settings import Settings


class View(StrEnum):
    """The six views. The first four are sections of the settings, by the same ids."""

    UNIT = "unit"
    SCANNER = "scanner"
    TOKEN = "token"  # noqa: S105 - a view, no secret
    PROVINCE = "province"
    TRIAL = "trial"
    DONE = "done"


class Mark(StrEnum):
    """How a view stands. FIXED: the province set it, nothing is to be done."""

    OPEN = "open"
    DONE = "done"
    FIXED = "fixed"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Page:
    """One view: its title in the row of steps, what is to be done there, what is said while it is not done, and the
    words of the button that puts it off ('' = nothing to put off). ``test``: the button that gets it done, '' where
    filling the fields is enough; ``wanted``: the fields that may not stay empty."""

    view: View
    title: str
    lead: str
    missing: str = ""
    later: str = "Làm sau"
    test: str = ""
    wanted: tuple[str, ...] = ()


PAGES = (
    Page(
        View.UNIT,
        "Đơn vị",
        "Tên và mã này được ghi vào mọi gói gửi. Ô có khóa do tỉnh quy định.",
        "Nhập mã đơn vị và tên cơ quan.",
        wanted=("unit.code", "unit.name"),
    ),
    Page(
        View.SCANNER,
        "Máy quét",
        "Bật máy quét, chọn máy, đặt một tờ giấy thử rồi bấm «Quét thử».",
        "Chọn máy quét rồi quét thử một trang.",
        test="trial",
    ),
    Page(
        View.TOKEN,
        "Token",
        "Cắm USB Token của bạn. Bước này chỉ đọc chứng thư, không hỏi mã PIN.",
        "Cắm token, rồi bấm «Tìm lại token».",
        test="find_token",
    ),
    Page(
        View.PROVINCE,
        "Hệ thống tỉnh",
        "Địa chỉ và khóa truy cập do tỉnh cấp.",
        "Nhập địa chỉ và khóa truy cập, rồi bấm «Thử kết nối».",
        "Làm sau khi có mạng",
        test="try_province",
        wanted=("province.base_url",),
    ),
    Page(
        View.TRIAL,
        "Thử cả quy trình",
        "Đặt một tờ giấy thử có chữ, không phải giấy của người dân. Hồ sơ thử được xóa ngay sau đó.",
        "Thử xong mới đi tiếp được; chưa tiện thì làm sau.",
        test="begin",
    ),
    Page(View.DONE, "Xong", "Bàn đã sẵn sàng. Việc để lại làm sau mở được từ Thiết lập hoặc thanh trạng thái."),
)
BY_VIEW = {page.view: page for page in PAGES}
VIEWS = tuple(page.view for page in PAGES)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the desk itself, read from its settings each time. ``fixed``: views the province has filled."""

    unit_named: bool = False
    scanner_chosen: bool = False
    province_set: bool = False
    fixed: frozenset[View] = frozenset()


def facts_of(chosen: Settings, locked: Collection[str]) -> Facts:
    """The facts of these settings; ``locked``: keys the province's own file sets."""
    unit = bool(chosen.unit.code and chosen.unit.name)
    province = bool(chosen.province.profile or chosen.province.base_url)
    fixed = set()
    if unit and {"unit.code", "unit.name"} <= set(locked):
        fixed.add(View.UNIT)
    if province and {"province.profile", "province.base_url"} & set(locked):
        fixed.add(View.PROVINCE)
    return Facts(unit, bool(chosen.scanner.id), province, frozenset(fixed))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered between two starts: the view one stands at, those whose test held (a sheet was scanned, a
    certificate read, the province answered, the trial passed), those put off, and whether the wizard was ended."""

    at: View = View.UNIT
    held: frozenset[View] = frozenset()
    later: frozenset[View] = frozenset()
    ended: bool = False

    def text(self) -> str:
        """As it is kept in the cabinet."""
        held, later = ([view.value for view in VIEWS if view in some] for some in (self.held, self.later))
        return json.dumps({"at": self.at.value, "held": held, "later": later, "ended": self.ended})


def kept_from(text: str | None) -> Kept | None:
    """What was kept; None when no wizard was ever begun. What cannot be read begins anew."""
    if text is None:
        return None
    try:
        told = json.loads(text)
        held, later = (frozenset(View(view) for view in told[name]) for name in ("held", "later"))
        return Kept(View(told["at"]), held, later, told["ended"] is True)
    except (ValueError, KeyError, TypeError):
        return Kept()


def done(view: View, facts: Facts, kept: Kept) -> bool:
    """Whether nothing is to be done in this view any more."""
    held = view in kept.held
    return {
        View.UNIT: facts.unit_named,
        View.SCANNER: facts.scanner_chosen and held,
        View.TOKEN: held,
        View.PROVINCE: facts.province_set and (held or view in facts.fixed),
        View.TRIAL: held,
        View.DONE: True,
    }[view]


def next_act(facts: Facts, kept: Kept) -> str:
    """The one button to press now: the test of this view while it has not held, else '' for going on. Where no
    scanner is chosen one is looked for first."""
    if done(kept.at, facts, kept):
        return ""
    if kept.at is View.SCANNER and not facts.scanner_chosen:
        return "find_scanner"
    return BY_VIEW[kept.at].test


def mark(view: View, facts: Facts, kept: Kept) -> Mark:
    """How a view is shown in the row of steps."""
    if view is View.DONE:
        return Mark.DONE if kept.ended else Mark.OPEN
    if done(view, facts, kept):
        return Mark.FIXED if view in facts.fixed else Mark.DONE
    return Mark.LATER if view in kept.later else Mark.OPEN


def after(view: View) -> View:
    """The view behind this one; the last one stays."""
    return VIEWS[min(VIEWS.index(view) + 1, len(VIEWS) - 1)]


def before(view: View) -> View:
    """The view in front of this one; the first one stays."""
    return VIEWS[max(VIEWS.index(view) - 1, 0)]


def gone_on(facts: Facts, kept: Kept) -> Kept:
    """One view further, where this one is done; else nothing changes."""
    if not done(kept.at, facts, kept):
        return kept
    return replace(kept, at=after(kept.at), later=kept.later - {kept.at}, ended=kept.ended or kept.at is View.DONE)


def put_off(facts: Facts, kept: Kept) -> Kept:
    """This view later, on to the next. What is done is not put off."""
    later = kept.later if done(kept.at, facts, kept) else kept.later | {kept.at}
    return replace(kept, at=after(kept.at), later=later)


def tested(kept: Kept, view: View, held: bool) -> Kept:
    """What a test in this view showed: a machine that answers no more is no longer set up."""
    return replace(kept, held=kept.held | {view} if held else kept.held - {view})
