# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""F2 filled by a hand scanner: what opens without a key, and everything that must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from digitizer_desk.dossier.incoming.waiting import WaitingDossier
from digitizer_desk.dossier.model import Applicant, ApplicantKind, Channel, CodeKind, Dossier
from gallery.at_once import AtOnce
from gallery.dress import dress
from gallery.people import DOSSIER, NOW
from ui.plain_looks import assert_good_looks
from ui.test_receive import BIRTH, CARD, Counter, focus

LAYOUT = "<code>|<procedure>|<name>"
OTHER_CODE = "000.00.12.H08-261121-0008"
OWNER = Applicant("Nguyễn Thị Hường", ApplicantKind.PERSON, "045190001234", "12/03/1990")
LISTED = WaitingDossier(DOSSIER, BIRTH.code, BIRTH.title, OWNER)
FULL = f"{DOSSIER}|{BIRTH.code}|NGUYỄN THỊ HƯỜNG"
BARE = f"{DOSSIER}|{BIRTH.code}|"


@pytest.fixture
def desk(qtbot, qapp) -> Counter:
    dress(qapp, dark=False)
    return Counter(qtbot, LAYOUT)


@pytest.fixture
def form(desk):
    return desk.dialog.form


def opened_alone(desk: Counter) -> bool:
    assert desk.dialog.opened_alone == bool(desk.opened)
    return desk.dialog.opened_alone


def test_a_whole_receipt_opens(desk):
    desk.scan(FULL)
    assert opened_alone(desk)
    (receipt,) = desk.receipts
    assert (receipt.code, receipt.procedure, receipt.applicant.name) == (DOSSIER, BIRTH.code, "NGUYỄN THỊ HƯỜNG")


@pytest.mark.parametrize("order", [(BARE, CARD), (CARD, BARE), (CARD, FULL)])
def test_receipt_and_card_open_in_either_order(desk, order):
    desk.scan(order[0])
    assert not opened_alone(desk)
    assert desk.dialog.note.words == ""
    desk.scan(order[1])
    assert opened_alone(desk)
    assert desk.receipts[0].applicant == OWNER


def test_the_code_of_a_listed_dossier_opens(desk):
    desk.known[DOSSIER] = LISTED
    desk.scan(DOSSIER)
    assert opened_alone(desk)
    assert desk.receipts[0].applicant == OWNER


def test_it_waits_for_what_the_cabinet_knows(desk):
    desk.dialog._run = held = AtOnce("get")
    desk.known["slow"] = held
    desk.scan(FULL)
    assert not opened_alone(desk)
    held.held[-1].end(None)
    assert opened_alone(desk)


def test_a_hand_that_came_meanwhile_keeps_it_open(desk, form):
    desk.dialog._run = held = AtOnce("get")
    desk.scan(FULL)
    form.name.setFocus()
    desk.type("Nam", enter=False)
    held.held[-1].end(None)
    assert not opened_alone(desk)


# -- what is doubtful -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [DOSSIER, f"{DOSSIER}|{BIRTH.code}", f"{FULL}|x", f"1234/2019|{BIRTH.code}|Lò Thị Mây"]
)
def test_a_receipt_of_another_make_gives_its_code_at_most(desk, form, text):
    desk.scan(text)
    desk.scan(CARD)
    assert not opened_alone(desk)
    assert form.procedure.chosen is None


def test_typing_never_opens(desk, form):
    desk.known[DOSSIER] = LISTED
    desk.type(DOSSIER)
    assert form.name.text() == OWNER.name
    assert not opened_alone(desk)


def test_a_procedure_chosen_by_a_hand_waits_for_the_hand(desk, form):
    form.procedure.box.setText("khai sinh")
    form.code.setFocus()
    desk.scan(DOSSIER)
    desk.scan(CARD)
    assert not opened_alone(desk)


@pytest.mark.parametrize(
    ("scans", "words"),
    [
        ((f"{DOSSIER}|9.999999|",), "Thủ tục «9.999999» ghi trên giấy tiếp nhận không có trên máy này."),
        ((CARD, f"{DOSSIER}|{BIRTH.code}|Lò Thị Mây"), "Tên chủ hồ sơ khác giấy tiếp nhận («Lò Thị Mây»)."),
        ((CARD.replace("Hường", "Hương"), FULL), "Tên chủ hồ sơ khác giấy tiếp nhận"),
        ((BARE, CARD.replace("12031990", "12031991")), ""),  # the sheet doubts the number in words of its own
        ((f"{DOSSIER}|{BIRTH.code}|Nguy?n Th? H??ng",), ""),  # what many hand scanners make of Vietnamese
        ((f"{DOSSIER}|{BIRTH.code}|Lò 7",), ""),
    ],
)
def test_what_was_told_twice_must_agree(qapp, desk, scans, words):
    for text in scans:
        desk.scan(text)
    assert not opened_alone(desk)
    assert desk.dialog.note.words.startswith(words)
    assert bool(desk.dialog.note.words) == bool(words)
    for _ in range(3):
        qapp.processEvents()
    assert_good_looks(desk.dialog)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"applicant": replace(OWNER, name="")}, ""),
        ({"applicant": replace(OWNER, identifier="045190001")}, ""),
        ({"procedure": "9.999999"}, "Thủ tục «9.999999» ghi trên danh sách chờ của tỉnh không có trên máy này."),
        ({"channel": Channel.ELECTRONIC}, ""),
    ],
)
def test_a_list_that_says_too_little_or_too_much_opens_nothing(desk, change, words):
    desk.known[DOSSIER] = replace(LISTED, **change)
    desk.scan(DOSSIER)
    assert not opened_alone(desk)
    assert desk.dialog.note.words.startswith(words)


def test_a_list_that_contradicts_the_receipt_opens_nothing(desk):
    desk.known[DOSSIER] = replace(LISTED, applicant=replace(OWNER, name="Lò Thị Mây"))
    desk.scan(FULL)
    assert not opened_alone(desk)
    assert "«NGUYỄN THỊ HƯỜNG»" in desk.dialog.note.words


def test_a_receipt_scanned_by_mistake_leaves_nothing_behind(desk, form):
    desk.known[OTHER_CODE] = replace(LISTED, code=OTHER_CODE, channel=Channel.ELECTRONIC)
    desk.scan(f"{OTHER_CODE}|9.999999|")
    assert form.name.text() == OWNER.name
    form.channel.buttons[Channel.PAPER].setChecked(True)
    form.code.clear()
    form.code.setFocus()
    assert form.name.text() == ""
    desk.scan(f"{DOSSIER}|{BIRTH.code}|Lò Thị Mây")
    assert opened_alone(desk)
    assert desk.receipts[0].applicant == Applicant("Lò Thị Mây")


def test_a_code_that_is_here_shows_whose_it_is(qtbot, desk):
    asked = []
    desk.dialog.find_asked.connect(asked.append)
    desk.known[DOSSIER] = Dossier(
        *("d1", DOSSIER, CodeKind.OLD, BIRTH.code, BIRTH.title, OWNER, NOW, "officer", "law"),
    )
    desk.scan(FULL)
    assert not opened_alone(desk)
    assert desk.dialog.note.words.startswith(f"Hồ sơ này đã có: {OWNER.name}, {BIRTH.title}.")
    assert_good_looks(desk.dialog)
    desk.scan(CARD)
    assert desk.dialog.note.words.startswith("Hồ sơ này đã có"), "it holds as long as the code stands there"
    desk.press(Qt.Key.Key_F3)
    assert asked == [DOSSIER]


def test_keys_an_input_program_rewrote_open_nothing(desk, form):
    """It types a backspace and another letter: the keys are not what the box holds."""
    form.code.textChanged.connect(lambda text: form.code.setText(text.replace("ƯỜ", "ỪƠ")) if "ƯỜ" in text else None)
    desk.scan(FULL)
    assert not opened_alone(desk)
    assert desk.dialog.note.words.startswith("Chữ máy quét mã đưa vào không còn nguyên vẹn.")
    assert form.code.text() == DOSSIER
    assert focus() is form.procedure.box
    assert_good_looks(desk.dialog)
    form.code.clear()
    form.code.setFocus()


def test_a_scan_into_the_search_leaves_the_search_as_it_was(desk, form):
    form.procedure.box.setFocus()
    desk.type("dang ky", enter=False)
    desk.press(Qt.Key.Key_Down)
    chosen, text = form.procedure.chosen, form.procedure.box.text()
    desk.scan(CARD)
    assert (form.procedure.chosen, form.procedure.box.text()) == (chosen, text)
    assert form.name.text() == OWNER.name
    form.procedure.box.setFocus()
    desk.scan(DOSSIER)
    assert form.code.text() == DOSSIER
    assert (form.procedure.chosen, form.procedure.box.text()) == (chosen, text)
    assert not opened_alone(desk)


def test_a_refusal_stays_in_the_sheet(desk):
    desk.fault = RuntimeError("x")
    desk.scan(FULL)
    assert not opened_alone(desk)
    assert desk.dialog.isVisible()
    assert desk.dialog.note.words
