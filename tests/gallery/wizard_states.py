# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The first-run wizard: each view as it stands when it is reached, is done, or met a failure."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from digitizer_desk import settings
from digitizer_desk.checkup.looks import Part as Seen
from digitizer_desk.errors import error
from digitizer_desk.steps.trial.course import Course, Part, Told
from digitizer_desk.ui.screens.setup.checkup import CheckupSheet, FactsSheet
from digitizer_desk.ui.screens.setup.table import BY_KEY, HOURS, Kind, Value, resolutions
from digitizer_desk.ui.screens.setup.wizard import WizardScreen
from digitizer_desk.ui.screens.setup.wizard_table import VIEWS, Kept, View, facts_of
from digitizer_desk.ui.widgets.picture import as_image
from gallery.papers import SKEWED, page, pixels
from gallery.states import state

_SCANNER = "airscan:e0:fi-8170"
_NEW = settings.Settings()
_SET = settings.Settings(
    unit=settings.Unit(code="000.00.12.H08", name="UBND phường Bến Thông", counter="3"),
    scanner=settings.ScannerChoice(id=_SCANNER, source="feeder", dpi=300),
    province=settings.ProvinceChoice(
        name="Kho dữ liệu tỉnh Mẫu", base_url="https://so-hoa.mau.gov.vn", desk_id="quay-3"
    ),
)
_TOLD = {
    "colour": "Màu 24 bit, do quy định",
    "data": "/home/mot-cua/.local/share/DigitizerDesk",
    "rules_of": "Thông tư 05/2025/TT-BNV, từ 01/07/2025",
}


def _wizard(
    chosen: settings.Settings, kept: Kept, *, closed: dict[str, str] | None = None, locked: tuple[str, ...] = ()
) -> WizardScreen:
    made = WizardScreen()
    made.set_choices("scanner.id", ((_SCANNER, "RICOH fi-8170"),))
    made.set_choices("scanner.dpi", resolutions(200))
    made.set_choices("scanner.work_type", (("", "Do thủ tục và loại giấy"),))

    def value(key: str) -> Value:
        if BY_KEY[key].kind in (Kind.TOLD, Kind.HIDDEN) or key == HOURS:
            return _TOLD.get(key, "")
        found = settings.value_of(chosen, key)
        assert found is None or isinstance(found, str | int | float)
        return found

    made.show_values(value, lambda key: (closed or {}).get(key, ""))
    made.show_state(facts_of(chosen, locked), kept)
    return made


def _at(view: View) -> Kept:
    """Everything before this view is done."""
    return Kept(view, frozenset(VIEWS[: VIEWS.index(view)]))


@state("wizard-1-unit")
def unit() -> QWidget:
    """A desk fresh from its box."""
    return _wizard(_NEW, Kept())


@state("wizard-1-fixed")
def fixed() -> QWidget:
    """The province's file has filled and locked its rows; the step is ticked already."""
    by = "Do UBND tỉnh Mẫu quy định"
    locked = ("unit.code", "unit.name", "province.base_url")
    return _wizard(_SET, Kept(), closed=dict.fromkeys(locked, by), locked=locked)


@state("wizard-2-try")
def scanner_found() -> QWidget:
    """The machine is there: a sheet is to be tried."""
    made = _wizard(_SET, _at(View.SCANNER))
    made.pages["scanner"].say("ok", "Thấy 1 máy quét.")
    return made


@state("wizard-2-scanner", shown=True)
def scanner() -> QWidget:
    """A sheet was tried: shown and judged, kept nowhere."""
    kept = _at(View.SCANNER)
    made = _wizard(_SET, replace(kept, held=kept.held | {View.SCANNER}))
    part = made.pages["scanner"]
    part.say("mind", "Lệch 3,2° · 2480 × 3508 điểm, 300 dpi, 2,1 giây")
    part.sheet.show_sheet(QPixmap.fromImage(as_image(pixels(page(3, SKEWED)))))
    return made


@state("wizard-3-token")
def token() -> QWidget:
    """A certificate was read; nobody asked for a PIN."""
    kept = _at(View.TOKEN)
    made = _wizard(_SET, replace(kept, held=kept.held | {View.TOKEN}))
    certificate = "Lê Văn An · CA phục vụ các cơ quan nhà nước G2 · hạn 23/06/2027, còn 214 ngày"
    made.tell({"token": "Ban Cơ yếu", "certificate": certificate, "modules": "Ban Cơ yếu, VNPT-CA"})
    made.pages["token"].say("ok", "Token dùng được.")
    return made


@state("wizard-4-province")
def province() -> QWidget:
    """The province answered: how fast, by which certificate, with which rules here."""
    kept = _at(View.PROVINCE)
    made = _wizard(_SET, replace(kept, held=kept.held | {View.PROVINCE}))
    made.pages["province"].say(
        "ok",
        "Đã nối với «Kho dữ liệu tỉnh Mẫu» trong 0,2 giây · chứng thư máy chủ đúng so-hoa.mau.gov.vn, "
        "còn hạn đến 12/03/2027.",
    )
    return made


def _course(*told: Told) -> Course:
    course = Course()
    for part, one in zip(Part, told, strict=False):
        course = course.done(part, one)
    return course


_SCANNED = Told("scanned", facts={"width": 2480, "height": 3508, "dpi": 300, "seconds": 2.1})
_PDF = Told("pdf_made", facts={"kilobytes": 812})
_SIGNED = Told("signed", facts={"kilobytes": 861})
_DATA = Told("data_taken", facts={"fields": 9})


@state("wizard-5-running")
def running() -> QWidget:
    """Under way: the sheet is there, the signature is next."""
    made = _wizard(_SET, _at(View.TRIAL))
    course = _course(_SCANNED, Told("sheet_fine"), _PDF).begun(Part.SIGN)
    made.trial.show_course(course, running=True)
    made.trial.show_sheet(QPixmap.fromImage(as_image(pixels(page(1)))))
    made.show_state(facts_of(_SET, ()), _at(View.TRIAL), busy=True)
    return made


@state("wizard-5-passed", shown=True)
def passed() -> QWidget:
    """Everything works, nothing stays."""
    kept = _at(View.TRIAL)
    made = _wizard(_SET, replace(kept, held=kept.held | {View.TRIAL}))
    sent = Told("sent_and_taken_back", facts={"name": "Kho dữ liệu tỉnh Mẫu", "kilobytes": 861, "seconds": 1.4})
    made.trial.show_course(
        _course(_SCANNED, Told("sheet_fine"), _PDF, _SIGNED, _DATA, sent, Told("removed")), running=False
    )
    made.trial.show_sheet(QPixmap.fromImage(as_image(pixels(page(1)))))
    return made


@state("wizard-5-failed")
def failed() -> QWidget:
    """The cover stands open: what, why, what to do; the rest is untried."""
    made = _wizard(_SET, _at(View.TRIAL))
    course = Course().failed(Part.SCAN, error("scanner.cover_open")).done(Part.REMOVE, Told("removed"))
    made.trial.show_course(course, running=False)
    return made


@state("wizard-6-done")
def done() -> QWidget:
    """The end: one thing was put off."""
    held = frozenset(VIEWS) - {View.PROVINCE, View.DONE}
    return _wizard(_SET.model_copy(update={"province": settings.ProvinceChoice()}), Kept(
        View.DONE, held, frozenset({View.PROVINCE})
    ))  # fmt: skip


_PARTS: tuple[tuple[Seen, ...], ...] = (
    (
        Seen("Chương trình", "ok", "1.0.0 · Python 3.12.8"),
        Seen("Đồng hồ", "ok", "21/11/2026 09:41:03 +0700"),
    ),
    (Seen("Quy định", "ok", "tt05-2025, áp dụng từ 01/07/2025; 9 thủ tục"),),
    (
        Seen(
            "Máy quét",
            "warn",
            "chưa thấy máy nào. Bật máy, cắm dây, kiểm tra gói sane-airscan hoặc trình điều khiển",
        ),
    ),
    (Seen("USB Token", "ok", "1 chứng thư ký, sớm nhất còn 214 ngày"),),
    (Seen("Kho dữ liệu", "warn", "nhật ký 412 dòng nguyên vẹn; 3 gói chờ gửi; sao lưu: chưa đặt nơi sao lưu"),),
    (
        Seen("Hệ thống tỉnh: tên máy chủ", "ok", "so-hoa.mau.gov.vn là 203.0.113.7"),
        Seen(
            "Hệ thống tỉnh: chứng thư máy chủ",
            "bad",
            "chứng thư của so-hoa.mau.gov.vn đã hết hạn. Kiểm tra ngày giờ máy này; nếu đúng, báo tỉnh gia hạn",
        ),
    ),
    (Seen("Ổ đĩa", "ok", "còn 212 GB"),),
)
_LOOKS = ("Chương trình", "Quy định", "Máy quét", "USB Token", "Kho dữ liệu", "Hệ thống tỉnh", "Ổ đĩa")


@state("checkup", shown=True)
def checkup() -> QWidget:
    """All machines have answered: one part does not work."""
    made = CheckupSheet(_LOOKS)
    for place, parts in enumerate(_PARTS):
        made.show_parts(place, parts)
    return made


@state("facts-sheet")
def facts() -> QWidget:
    """What a help desk gets, read before it leaves."""
    made = FactsSheet()
    made.show_text(
        "PHIẾU THÔNG TIN MÁY · Bàn số hóa\nLập lúc 09:41 ngày 21/11/2026\n\nPHIÊN BẢN\n"
        "  Chương trình 1.0.0, kho bậc 9\n  Hệ điều hành Linux 6.8.0 x86_64\n\nMÁY QUÉT\n"
        "  FUJITSU fi-8170, airscan, mô tả fujitsu-fi, đang dùng\n\nUSB TOKEN\n  Ban Cơ yếu, mô tả bcy, khóa rsa\n"
        "  Chứng thư còn 214 ngày\n\nKHO DỮ LIỆU\n  412 tệp, 356 MB\n\nHÀNG CHỜ GỬI\n"
        "  Chờ 3, đang gửi 0, tỉnh đã nhận 47, cần xử lý 1\n\nLỖI GẦN ĐÂY\n"
        "  scanner.jam: 2 lần, gần nhất 08:58 ngày 21/11/2026\n"
    )
    return made
