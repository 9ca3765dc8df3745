# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of Văn thư's work and of results: what waits, signing with the agency's token, lists with bad cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.file import FileSignature, PaperFile
from digitizer_desk.dossier.model import Component
from digitizer_desk.dossier.result import Cancelled, CopyForm, ListedResult, PaperKind
from digitizer_desk.errors import error
from digitizer_desk.imaging.place import render
from digitizer_desk.steps.results.listed import BadCell, ReadLines
from digitizer_desk.steps.signatures.survey import Waiting
from digitizer_desk.ui.models.signing import PaperToSign, SigningAsks, SigningOrder
from digitizer_desk.ui.screens.agency.certifying import CertifyingScreen
from digitizer_desk.ui.screens.agency.document import DocumentView
from digitizer_desk.ui.screens.agency.list_model import Signed
from digitizer_desk.ui.screens.agency.older import OlderResults
from digitizer_desk.ui.screens.agency.results import ResultSheet, WordsSheet
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.widgets.picture import Picture, picture_of
from gallery.at_once import AtOnce
from gallery.paper_states import counter
from gallery.papers import component, page
from gallery.people import CLERK, NOW, OFFICE, certificate
from gallery.states import HELP, Choice, Outcome, Token, press, state
from stand_ins.files import pdf

MARK = f"SAO Y; {OFFICE}; 21/11/2026; 15:20:07 +07:00"
_TITLES = (
    ("000.00.12.H08-261118-0012", True, "Tờ khai đăng ký khai sinh", PaperKind.COMPONENT, 2),
    ("000.00.12.H08-261118-0012", True, "Giấy chứng sinh", PaperKind.COMPONENT, 1),
    ("000.00.12.H08-261118-0012", True, "Giấy khai sinh", PaperKind.RESULT, 1),
    ("000.00.12.H08-261118-0013", True, "Căn cước của cha, mẹ", PaperKind.COMPONENT, 4),
    ("000.00.12.H08-261118-0013", True, "Tờ trình giải quyết", PaperKind.INTERMEDIATE, 1),
    ("000.00.12.H08-261121-0007", False, "Giấy chứng nhận kết hôn", PaperKind.COMPONENT, 2),
)


def documents(**problems: Any) -> tuple[Waiting, ...]:
    """Six documents of three dossiers; ``d3=`` gives the fourth one a problem or a share of ink."""
    made = []
    for number, (code, granted, title, kind, pages) in enumerate(_TITLES):
        one = Waiting(code, code, granted, f"c{number}", title, kind, pages, f"{number}", CLERK, ink=0.0)
        told = problems.get(f"d{number}")
        if isinstance(told, float):
            one = replace(one, ink=told)
        elif told is not None:
            one = replace(one, problem=told)
        made.append(one)
    return tuple(made)


def screen(waiting: tuple[Waiting, ...], mark: str = MARK) -> CertifyingScreen:
    made = CertifyingScreen()
    made.show_mark(mark)
    made.show_waiting(waiting)
    return made


@state("agency-ready", shown=True)
def agency_ready() -> QWidget:
    return screen(documents())


@state("agency-mixed", shown=True)
def agency_mixed() -> QWidget:
    stranger = error("result.signatures_bad", component="", why="Chữ ký của Hoàng Văn Bình chưa được tin cậy")
    made = screen(
        documents(d1=0.04, d2=stranger, d3=error("dossier.not_filled", component="", fields="")),
    )
    made.model.toggle(5)
    return made


@state("agency-partly-done")
def agency_partly() -> QWidget:
    made = screen(documents())
    made.model.note(
        {
            "c0": Signed(at=NOW),
            "c1": Signed(at=NOW + timedelta(seconds=2)),
            "c2": Signed(problem=error("signature.copy_no_room", component="Giấy khai sinh")),
        }
    )
    made.show_waiting(documents()[2:])
    return made


@state("agency-nothing")
def agency_nothing() -> QWidget:
    return screen(())


@state("agency-no-seal")
def agency_no_seal() -> QWidget:
    made = CertifyingScreen()
    made.forms[CopyForm.SEAL].setChecked(True)
    made.show_failure(error("signature.seal_missing"))
    return made


def agency_order() -> SigningOrder:
    papers = tuple(PaperToSign(one.component_id, one.title, one.pages) for one in documents())
    return SigningOrder(
        dossier_code="",
        papers=papers,
        mark=MARK,
        signer=OFFICE,
        kind="chữ ký số của cơ quan",
        title="Ký của cơ quan: 6 tài liệu của 3 hồ sơ",
        corner="Góc trên phải trang 1",
    )


class Agency(Token):
    """The agency's token; the dialog has the agency's order."""

    def dialog(self) -> SigningDialog:
        asks = SigningAsks(run=self.lane, choices=self.look, sign=self.sign, help_for=lambda _c: HELP)
        made = SigningDialog(agency_order(), asks)
        made._look()
        return made


@state("agency-sign-ready")
def agency_sign_ready() -> QWidget:
    return Agency(Choice(certificate(holder=OFFICE))).typed()


@state("agency-sign-wrong-owner")
def agency_wrong_owner() -> QWidget:
    problem = error("token.not_agency", holder=CLERK, office=OFFICE)
    return Agency(Choice(certificate(), problem)).dialog()


@state("agency-sign-no-token")
def agency_no_token() -> QWidget:
    return Agency().dialog()


@state("agency-sign-partly")
def agency_sign_partly() -> QWidget:
    token = Agency(Choice(certificate(holder=OFFICE)))
    made = token.signing()
    refused = (("c2", error("signature.copy_no_room", component="Giấy khai sinh")),)
    token.lane.held[-1].end(Outcome(("c0", "c1", "c3", "c4", "c5"), refused=refused))
    return made


@state("agency-document")
def agency_document() -> QWidget:
    def draw(page: int) -> Picture:
        return picture_of(render(pdf(2), page, 100.0))

    return DocumentView("Giấy khai sinh · 000.00.12.H08-261118-0012", 2, draw, AtOnce())


# -- results ----------------------------------------------------------------------------------------------------------


def listed(number: int, name: str, owner: str, taken: bool = False) -> ListedResult:
    values = (("so_ky_hieu", f"{number}/2021"), ("ten_giay_to", name), ("ho_ten", owner))
    code = f"000.00.12.H08-210722-{1000 + number}"
    return ListedResult(f"l{number}", code, "1.001193", "person", values, "ab" * 32, number, NOW, "c" if taken else "")


def older(*lines: ListedResult, bad: tuple[BadCell, ...] = ()) -> OlderResults:
    def bring(_file: Path) -> ReadLines:
        if bad:
            raise error("result.list_bad", file="danh-sach-2021.xlsx", rows=len({cell.row for cell in bad}))
        return ReadLines("danh-sach-2021.xlsx", lines, ())

    made = OlderResults(lambda _words: lines, bring, lambda _file: ReadLines("", (), bad), AtOnce())
    if bad:
        made.take(Path("danh-sach-2021.xlsx"))
    return made


@state("older-results", shown=True)
def older_results() -> QWidget:
    return older(
        listed(15, "Giấy khai sinh", "Nguyễn Thị Hường"),
        listed(16, "Giấy chứng nhận đăng ký kết hôn", "Trần Văn Bình"),
        listed(17, "Giấy chứng nhận đăng ký hộ kinh doanh", "Lê Thị Ngọc Ánh"),
        listed(11, "Giấy khai sinh", "Phạm Đức Thắng", taken=True),
    )


@state("older-results-empty")
def older_empty() -> QWidget:
    return older()


@state("older-results-bad", shown=True)
def older_bad() -> QWidget:
    return older(
        bad=(
            BadCell(4, "E", "Số định danh", "Ô ở dạng số nên có thể mất số 0 ở đầu. Đổi ô sang dạng chữ rồi nhập lại."),
            BadCell(7, "I", "Ngày cấp", "Không phải ngày. Nhập dd/MM/yyyy, ví dụ 25/04/2021."),
            BadCell(7, "L", "Thời hạn có hiệu lực", "Kết quả đã hết hiệu lực ngày 22/07/2022."),
            BadCell(19, "H", "Số, ký hiệu", "Trùng với dòng 12."),
        )
    )


@state("result-add")
def result_add() -> QWidget:
    return ResultSheet("Kết quả: Đăng ký khai sinh")


@state("result-cancel")
def result_cancel() -> QWidget:
    ask = "Hủy hiệu lực «Giấy khai sinh»? Tệp vẫn được giữ để tra cứu; tỉnh được báo ở lần gửi tới."
    made = WordsSheet("Hủy hiệu lực kết quả", ask, "&Lý do, số văn bản hủy", "Hủy hiệu lực")
    for letter in "QĐ 12/QĐ-UBND: cấp sai họ tên":
        press(made.said, letter)
    return made


def result(**changes: Any) -> Component:
    made = replace(component(page(1)), form="", title="Giấy khai sinh", kind=PaperKind.RESULT)
    return replace(made, **changes)


@state("counter-result-cancelled")
def counter_result_cancelled() -> QWidget:
    return counter(result(cancelled=Cancelled("thu", NOW, "QĐ 12/QĐ-UBND: cấp sai họ tên")))


@state("counter-result-untrusted")
def counter_result_untrusted() -> QWidget:
    signature = FileSignature("Hoàng Văn Bình", "other", NOW, False, True)
    file = PaperFile("ab" * 32, 1000, "ket-qua.pdf", 2, "1.7", "", NOW, (signature,))
    return counter(result(file=file))
