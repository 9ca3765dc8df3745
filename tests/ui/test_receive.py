# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from digitizer_desk.dossier.model import AccountCheck, Applicant, ApplicantKind, Channel
from digitizer_desk.errors import error
from digitizer_desk.rules.load import load_rulebook
from digitizer_desk.ui.models.receipt import NOTHING, count_words, say_code, say_owner, say_paper
from digitizer_desk.ui.screens.receive import ReceiveDialog
from gallery.at_once import AtOnce
from gallery.dress import dress
from gallery.people import DOSSIER, NOW
from ui.plain_looks import assert_good_looks

RESOURCES = Path(__file__).parents[2] / "resources"
BOOK = load_rulebook([RESOURCES / "regulations"], [RESOURCES / "procedures"])
LAW = BOOK.in_force(NOW.date())
BIRTH = BOOK.procedure("1.001193")
QD20 = "H08.12.5-261121-0007"
CARD = "045190001234||Nguyễn Thị Hường|12031990|Nữ|Thôn 2, xã Sông Mây|25042021"
ENTER = Qt.Key.Key_Return


class Counter:
    """The step behind the dialog, and the hand at its keys: ``slow`` types like a person, ``scan`` like a scanner."""

    def __init__(self, qtbot, layout: str = "") -> None:
        self.qtbot = qtbot
        self.now = 0.0
        self.pause = 0.2
        self.receipts: list = []
        self.opened: list = []
        self.fault: BaseException | None = None
        self.lane = AtOnce()
        self.known: dict[str, object] = {}
        self.dialog = ReceiveDialog(
            *(BOOK.procedures, BOOK.search, LAW, self.receive, self.lane),
            known=self.known.get,
            layout=layout,
            today=NOW.date,
            clock=self.clock,
        )
        self.dialog.received.connect(self.opened.append)
        qtbot.addWidget(self.dialog)
        with qtbot.waitActive(self.dialog):
            self.dialog.show()
            self.dialog.activateWindow()

    def clock(self) -> float:
        self.now += self.pause
        return self.now

    def receive(self, receipt):
        if self.fault is not None:
            raise self.fault
        self.receipts.append(receipt)
        return "the dossier"

    def type(self, text: str, *, enter: bool = True) -> None:
        type_letters(text)
        if enter:
            self.press(ENTER)

    def scan(self, text: str) -> None:
        self.now += self.pause
        self.pause = 0.004
        type_letters(text)
        self.press(ENTER)
        self.pause = 0.2

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(focus(), key, modifier)

    def commit(self) -> None:
        self.press(ENTER, Qt.KeyboardModifier.ControlModifier)


def focus():
    return QApplication.focusWidget()


def type_letters(text: str) -> None:
    """Any letter as a key; the test keyboard of Qt knows ASCII only."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(focus(), QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


@pytest.fixture
def desk(qtbot, qapp) -> Counter:
    dress(qapp, dark=False)
    return Counter(qtbot)


@pytest.fixture
def form(desk):
    return desk.dialog.form


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "role", "words"),
    [
        (DOSSIER, "ok", "Mã đúng mẫu cũ · ngày 21/11/2026"),
        (QD20, "ok", "Mã đúng mẫu QĐ 20/2020 · ngày 21/11/2026"),
        ("1234/2019", "mind", "Mã cũ: kiểm tra lại với giấy tiếp nhận"),
        ("000.00.12.H08-261332-0007", "stop", "Mã hồ sơ không đúng dạng. Tắt bộ gõ tiếng Việt"),
        ("mã đây", "stop", "Mã hồ sơ không đúng dạng."),
        ("", "idle", ""),
    ],
)
def test_a_code_is_judged_at_once(code, role, words):
    said = say_code(code)
    assert said.role == role
    assert said.words.startswith(words)


def test_a_code_names_its_agency_where_a_pack_does():
    names = {"000.00.12.H08": "UBND phường Bến Thông"}
    assert say_code(DOSSIER, lambda code: names.get(code, "")).words.endswith("UBND phường Bến Thông")
    assert say_code("1234/2019", lambda code: names.get(code, "?")).words == say_code("1234/2019").words


@pytest.mark.parametrize(
    ("owner", "role", "words"),
    [
        (Applicant("A"), "idle", ""),
        (Applicant("A", identifier="045190001234"), "ok", "Số định danh đúng mẫu"),
        (
            Applicant("A", identifier="045190001234", born_or_founded="12/03/1991"),
            "mind",
            "Năm sinh trong số định danh",
        ),
        (Applicant("A", identifier="0451900012"), "mind", "Mã số thuế"),
        (Applicant("A", identifier="12345"), "mind", "Số định danh có 12 chữ số"),
        (Applicant("A", born_or_founded="30/02/1990"), "mind", "Không phải ngày."),
        (Applicant("A", born_or_founded="12/03/2027"), "mind", "Ngày này chưa đến."),
        (Applicant("A", ApplicantKind.ORGANISATION, "0100109106"), "ok", "Mã số thuế đúng chữ số kiểm tra"),
        (Applicant("A", ApplicantKind.ORGANISATION, "0100109107"), "mind", "Mã số thuế sai chữ số kiểm tra."),
        (Applicant("A", ApplicantKind.ORGANISATION, "045190001234"), "mind", "Tổ chức đang dùng số định danh cá nhân."),
        (Applicant("A", ApplicantKind.ORGANISATION, "", "2050"), "mind", "Năm này chưa đến."),
    ],
)
def test_doubts_about_the_owner_have_words(owner, role, words):
    said = say_owner(owner, LAW, NOW.date())
    assert said.role == role
    assert said.words.startswith(words)


def test_a_paper_says_whether_it_is_wanted_and_why_not():
    by_code = {part.code: say_paper(part, LAW, Channel.PAPER).words for part in BIRTH.components}
    assert by_code["KS.01"] == "bắt buộc · thường 2 mặt"
    assert by_code["KS.05"] == "nếu có · thường 1 mặt"
    assert by_code["KS.06"] == "không quét: giấy này chỉ xuất trình để đối chiếu"
    assert count_words(BIRTH, LAW, Channel.PAPER) == "3 bắt buộc, 2 nếu có, 1 không quét"
    assert count_words(BIRTH, LAW, Channel.ELECTRONIC) == "6 không quét"


def test_the_usual_form_may_refuse_a_paper_too():
    part = replace(BIRTH.components[0], form="secret")
    assert say_paper(part, LAW, Channel.PAPER).words == "không quét: giấy tờ mật: không được quét, không lưu ảnh"


# -- keys -------------------------------------------------------------------------------------------------------------


def test_the_whole_receipt_by_keys(desk, form):
    for text in (DOSSIER, "Nguyen Thi Huong"):
        desk.type(text)
    desk.press(ENTER)  # person
    for text in ("045190001234", "12031990", "khai sinh"):
        desk.type(text)
    desk.press(Qt.Key.Key_Left)  # account: from "not checked" to "no"
    desk.press(ENTER)
    desk.press(ENTER)
    (receipt,) = desk.receipts
    assert receipt.code == DOSSIER
    assert receipt.procedure == "1.001193"
    owner = Applicant("Nguyen Thi Huong", ApplicantKind.PERSON, "045190001234", "12/03/1990")
    assert receipt.applicant == owner
    assert receipt.channel is Channel.PAPER
    assert receipt.account_check is AccountCheck.NO
    assert desk.opened == ["the dossier"]
    assert not desk.dialog.isVisible()


def test_control_and_enter_opens_from_anywhere(desk, form):
    form.code.setText(QD20)
    form.name.setText("Trần Văn Bình")
    form.procedure.box.setFocus()
    desk.type("ket hon", enter=False)
    desk.commit()
    assert desk.receipts[0].procedure == "1.000894"


def test_escape_closes_and_opens_nothing(desk):
    desk.press(Qt.Key.Key_Escape)
    assert not desk.dialog.isVisible()
    assert desk.opened == []


def test_procedures_are_found_without_marks_and_chosen_by_arrows(desk, form):
    form.procedure.box.setFocus()
    assert form.procedure.chosen is None
    desk.press(ENTER)
    assert desk.dialog.note.words.startswith("Chưa chọn thủ tục.")
    desk.type("dang ky", enter=False)
    first = form.procedure.chosen
    desk.press(Qt.Key.Key_Down)
    assert form.procedure.chosen not in (None, first)
    desk.press(Qt.Key.Key_Up)
    assert form.procedure.chosen == first
    desk.type("xyz", enter=False)
    assert form.procedure.chosen is None
    assert form.procedure.none.isVisible()
    desk.commit()
    assert desk.receipts == []


def test_the_papers_follow_the_choice(desk, form):
    assert desk.dialog.papers.lines == []
    form.procedure.box.setText("khai sinh")
    assert [title for title, _line in desk.dialog.papers.lines] == [part.title for part in BIRTH.components]
    assert desk.dialog.papers.count.text() == "3 bắt buộc, 2 nếu có, 1 không quét"
    form.channel.buttons[Channel.ELECTRONIC].setChecked(True)
    assert form.channel_line.words == "Hồ sơ nộp trực tuyến: không quét tại quầy."
    assert all("không quét" in line.words for _title, line in desk.dialog.papers.lines)
    form.channel.buttons[Channel.PAPER].setChecked(True)
    assert not form.channel_line.isVisible()


def test_an_organisation_is_asked_other_things(desk, form):
    form.kind.buttons[ApplicantKind.ORGANISATION].setChecked(True)
    assert form.born.accessibleName() == "Năm thành lập"
    assert form.identifier.placeholderText() == "Mã số thuế"
    form.identifier.setText("0100109107")
    assert "sai chữ số kiểm tra" in form.owner_line.words


# -- hand scanner -----------------------------------------------------------------------------------------------------


def test_a_scanned_receipt_is_taken_as_one(desk, form):
    desk.scan(f"https://dvc.tinh.vn/hs?ma={DOSSIER.lower()}")
    assert form.code.text() == DOSSIER
    assert form.code_line.words.startswith("Mã đúng mẫu cũ")
    assert focus() is form.name


def test_an_old_code_may_be_scanned_too(desk, form):
    desk.scan("1234/2019-HS")
    assert form.code.text() == "1234/2019-HS"
    assert form.code_line.role == "mind"


def test_a_garbled_scan_is_told_and_scanned_again(desk, form):
    desk.scan("000.00.12 H08 261121 0007")
    assert desk.dialog.note.words.startswith("Mã hồ sơ không đúng dạng.")
    assert focus() is form.code
    desk.scan(DOSSIER)
    assert form.code.text() == DOSSIER
    assert desk.dialog.note.words == ""


def test_the_same_keys_by_hand_are_no_scan(desk, form):
    desk.type(CARD[:30])
    assert form.name.text() == ""
    assert form.code.text() == CARD[:30]


@pytest.mark.parametrize("field", ["code", "name", "identifier"])
def test_a_citizen_card_fills_the_owner_in(desk, form, field):
    getattr(form, field).setFocus()
    desk.scan(CARD)
    assert form.name.text() == "Nguyễn Thị Hường"
    assert form.identifier.text() == "045190001234"
    assert form.born.text() == "12/03/1990"
    assert form.code.text() == ""
    assert focus() is form.code
    assert form.owner_line.role == "ok"


def test_after_card_and_code_the_procedure_is_next(desk, form):
    desk.scan(DOSSIER)
    desk.scan(CARD)
    assert focus() is form.procedure.box


def test_a_receipt_scanned_into_the_name_goes_to_the_code(desk, form):
    form.name.setFocus()
    desk.scan(DOSSIER)
    assert form.code.text() == DOSSIER
    assert form.name.text() == ""


def test_a_number_scanned_into_its_field_stays_there(desk, form):
    form.identifier.setFocus()
    desk.scan("045190001234")
    assert form.identifier.text() == "045190001234"
    assert form.code.text() == ""


# -- failures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ready(desk, form) -> Counter:
    form.code.setText(DOSSIER)
    form.name.setText("Trần Văn Bình")
    form.procedure.box.setText("khai sinh")
    return desk


@pytest.mark.parametrize(
    ("emptied", "words"), [("code", "Mã hồ sơ không đúng dạng."), ("name", "Chưa có tên chủ hồ sơ.")]
)
def test_what_is_missing_is_told_at_its_field(ready, emptied, words):
    field = getattr(ready.dialog.form, emptied)
    field.clear()
    ready.commit()
    assert ready.dialog.note.words.startswith(words)
    assert focus() is field
    assert ready.receipts == []


@pytest.mark.parametrize(
    ("fault", "words", "field"),
    [
        (error("dossier.code_taken", code=DOSSIER), "Hồ sơ này đã có.", "code"),
        (error("rules.none_in_force", day="21/11/2026"), "", ""),
        (error("officer.not_allowed", role="clerk"), "Việc này không thuộc vai trò của bạn.", ""),
        (error("store.disk_full"), "", ""),
        (RuntimeError("secret detail"), "", ""),
    ],
)
def test_a_refusal_keeps_everything_typed(ready, fault, words, field):
    ready.fault = fault
    ready.commit()
    assert ready.dialog.isVisible()
    assert ready.dialog.note.words.startswith(words)
    assert ready.dialog.note.words
    assert "secret" not in ready.dialog.note.words
    assert not field or focus() is getattr(ready.dialog.form, field)
    assert ready.dialog.form.name.text() == "Trần Văn Bình"
    assert_good_looks(ready.dialog)
    ready.fault = None
    ready.commit()
    assert ready.opened == ["the dossier"]


def test_a_taken_code_is_looked_for_by_its_key(qtbot, ready):
    asked = []
    ready.dialog.find_asked.connect(asked.append)
    ready.press(Qt.Key.Key_F3)
    assert asked == []
    assert ready.dialog.isVisible()
    ready.fault = error("dossier.code_taken", code=DOSSIER)
    ready.commit()
    ready.press(Qt.Key.Key_F3)
    assert asked == [DOSSIER]
    assert not ready.dialog.isVisible()


def test_it_is_opened_once_and_an_answer_after_closing_does_nothing(ready):
    ready.dialog._run = held = AtOnce("receive")
    ready.commit()
    ready.commit()
    assert len(held.held) == 1
    assert ready.dialog.go.text() == "Đang mở…"
    ready.dialog.reject()
    held.held[0].end("the dossier")
    assert ready.opened == []


# -- looks ------------------------------------------------------------------------------------------------------------


def test_looks_and_size(qapp, ready):
    ready.dialog.resize(1000, 620)
    qapp.processEvents()
    assert (ready.dialog.width(), ready.dialog.height()) == (1000, 620)
    assert_good_looks(ready.dialog)
    form = ready.dialog.form
    form.identifier.setText("097190001234")
    form.born.setText("12/03/1991")
    form.channel.buttons[Channel.ELECTRONIC].setChecked(True)
    ready.fault = error("dossier.code_taken", code=DOSSIER)
    ready.commit()
    for _ in range(3):
        qapp.processEvents()
    assert ready.dialog.height() <= 640
    assert_good_looks(ready.dialog)
    dress(qapp, dark=True)
    assert_good_looks(ready.dialog)
    dress(qapp, dark=False)


def test_tab_goes_down_the_form(desk, form):
    order = []
    for _ in range(9):
        order.append(focus())
        desk.press(Qt.Key.Key_Tab)
    person, unchecked = form.kind.buttons[ApplicantKind.PERSON], form.account.buttons[AccountCheck.NOT_DONE]
    assert order == [
        *(form.code, form.name, person, form.identifier, form.born, form.procedure.box, unchecked),
        *(form.channel.buttons[Channel.PAPER], desk.dialog.go),
    ]


def test_nothing_said_takes_no_colour():
    assert NOTHING.role == "idle"
