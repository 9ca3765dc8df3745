# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What all windows share: buttons that keep their size, keys that stay legible, rows chosen in lists at rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import digitizer_desk.ui
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.components import ComponentLine
from digitizer_desk.ui.screens.setup.wizard import WizardScreen
from digitizer_desk.ui.widgets.buttons import ActButton, ChoiceButton
from digitizer_desk.ui.widgets.component_list import ComponentList
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.forms.rows_table import dress_rows
from digitizer_desk.ui.widgets.panels.nothing import Nothing
from digitizer_desk.ui.widgets.panels.ticks import OneOf, QuietButton, Tick
from digitizer_desk.ui.widgets.panels.two_lines import dress_two_lines
from gallery.everything import STATES

#: who locked a setting is a name, not a sentence
CLOSED_BY = ("Chỉ vai trò CNTT được đổi",)


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dark(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[bool]:
    theme.apply(qapp, dark=request.param)
    yield bool(request.param)
    theme.apply(qapp, dark=False)


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2: the ratio of two relative luminances."""

    def light(colour: QColor) -> float:
        parts = []
        for channel in (colour.redF(), colour.greenF(), colour.blueF()):
            parts.append(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    above, below = sorted((light(one), light(other)), reverse=True)
    return (above + 0.05) / (below + 0.05)


@pytest.mark.parametrize("next_act", [False, True])
def test_key_and_words_of_a_button_are_legible(dark: bool, qtbot: QtBot, next_act: bool) -> None:
    button = ActButton("F5  Gửi ngay", next_act=next_act)
    qtbot.addWidget(button)
    ground, words, key, _edge = button._colours()
    assert contrast(words, ground) >= 4.5
    assert contrast(key, ground) >= 4.5
    assert key != words, "the key stands back behind the verb"


def test_a_row_chosen_in_a_list_without_the_keys_is_legible_and_not_the_colour_of_the_next_act(dark: bool) -> None:
    palette = QApplication.palette()
    resting = palette.color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight)
    words = palette.color(QPalette.ColorGroup.Inactive, QPalette.ColorRole.HighlightedText)
    assert contrast(words, resting) >= 4.5
    assert resting != theme.highlight()


@pytest.mark.parametrize(
    "name",
    [
        "agency-document",
        "agency-no-seal",
        "first-run-phrase",
        "help-counter",
        "older-results-empty",
        "returned",
        "reuse",
        "reuse-chosen",
        "review-judged",
        "settings-clerk",
        "signing-several",
        "waiting-empty",
        "wizard-2-try",
        "wizard-5-running",
    ],
)
def test_a_closed_button_says_why(qtbot: QtBot, name: str) -> None:
    window = STATES[name]()
    qtbot.addWidget(window)
    window.show()
    closed = [b for b in window.findChildren(QAbstractButton) if b.isVisible() and not b.isEnabled()]
    assert closed
    for button in closed:
        assert button.toolTip().endswith(".") or button.toolTip() in CLOSED_BY, button.text()
        assert button.accessibleDescription() == button.toolTip()


@pytest.mark.parametrize("name", [n for n in STATES if n.startswith("wizard-") and n != "wizard-5-running"])
def test_one_button_of_a_step_is_filled_and_it_can_be_pressed(qtbot: QtBot, name: str) -> None:
    window = STATES[name]()
    assert isinstance(window, WizardScreen)
    qtbot.addWidget(window)
    window.resize(1366, 598)
    window.show()
    filled = [button for button in window.findChildren(ActButton) if button.isVisible() and button.next_act]
    assert [button for button in filled if button.isEnabled()] == [window.next_act]


def test_a_button_that_opens_again_says_nothing(qtbot: QtBot) -> None:
    button = ActButton("F9  KÝ")
    qtbot.addWidget(button)
    button.allow(False, "Chưa có tài liệu nào.")
    button.allow(True, "Chưa có tài liệu nào.")
    assert (button.isEnabled(), button.toolTip(), button.accessibleDescription()) == (True, "", "")


def test_a_choice_that_is_taken_pushes_no_neighbour(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    line = QHBoxLayout(row)
    buttons = [ChoiceButton("Chờ gửi 12"), ChoiceButton("Đã nhận 47")]
    for button in buttons:
        line.addWidget(button)
    line.addStretch(1)
    row.resize(600, 60)
    row.show()
    places = [button.geometry() for button in buttons]
    buttons[0].setChecked(True)
    QApplication.processEvents()
    assert [button.geometry() for button in buttons] == places
    assert buttons[0].font().bold()


def test_a_button_gives_up_its_padding_before_its_words(qtbot: QtBot) -> None:
    button = ActButton("Ctrl+Shift+B  Báo cáo tháng")
    qtbot.addWidget(button)
    words = button.fontMetrics().horizontalAdvance("Ctrl+Shift+B  Báo cáo tháng")
    assert words < button.minimumSizeHint().width() < button.sizeHint().width()


def test_a_button_looks_like_the_next_act_only_while_it_is(qtbot: QtBot) -> None:
    button = ActButton("Enter  Mở hồ sơ")
    qtbot.addWidget(button)
    grounds = []
    for told in (False, True, False):
        button.set_next_act(told)
        shot = QImage(QSize(200, 40), QImage.Format.Format_RGB32)
        button.resize(200, 40)
        button.render(shot)
        grounds.append(shot.pixelColor(8, 20))
    assert grounds[0] == grounds[2]
    assert grounds[1] == theme.highlight()


def test_what_stands_in_an_empty_list_is_all_told(qtbot: QtBot) -> None:
    made = Nothing("Danh sách trống.", "Nhấn F5.", "list")
    qtbot.addWidget(made)
    made.resize(400, 300)
    assert made.accessibleName() == made.text() == "Danh sách trống. Nhấn F5."
    made.say("")
    assert made.text() == ""


def test_the_second_line_of_a_row_stands_back(dark: bool, qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    dress_two_lines(rows)
    rows.addItems(["Lê Văn An (an)\ncán bộ một cửa", "Đỗ Thị Mai (mai)\nvăn thư"])
    rows.resize(300, 200)
    assert rows.sizeHintForRow(0) >= 2 * rows.fontMetrics().height()
    shot = rows.grab().toImage()
    height = rows.sizeHintForRow(1)
    upper, lower = (
        {shot.pixelColor(x, rows.frameWidth() + height + y).name() for x in range(200) for y in band}
        for band in (range(8, height // 2), range(height // 2 + 2, height - 4))
    )
    front = QApplication.palette().color(QPalette.ColorRole.Text).name()
    quiet = QApplication.palette().color(QPalette.ColorRole.PlaceholderText).name()
    assert front in upper
    assert quiet in lower
    assert front not in lower


def test_a_table_follows_another_palette_and_larger_type_while_it_is_open(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, dark=False)
    table = QTableWidget(1, 2)
    qtbot.addWidget(table)
    table.setHorizontalHeaderLabels(["Hồ sơ", "Dung lượng"])
    table.setItem(0, 0, QTableWidgetItem("000.00.12.H08-261121-0007"))
    dress_rows(table, "Gói gửi tỉnh", (260,), 36)
    table.resize(500, 200)
    table.show()

    def ground() -> QColor:
        heading = table.horizontalHeader()
        return heading.viewport().grab().toImage().pixelColor(2, 2)

    def height() -> int:
        return table.verticalHeader().sectionSize(0)

    try:
        assert (ground().name(), height()) == (qapp.palette().base().color().name(), 36)
        light = ground()
        theme.apply(qapp, dark=True)
        assert ground() == qapp.palette().base().color() != light
        theme.apply(qapp, dark=False, scale=1.75)
        qapp.processEvents()
        assert table.font().pixelSize() == qapp.font().pixelSize() == round(theme.TEXT * 1.75)
        assert height() > table.fontMetrics().height()
        assert 260 < table.columnWidth(0) < 500, "broader, and the last column keeps its room"
        assert table.horizontalHeader().font().pixelSize() == table.font().pixelSize()
        theme.apply(qapp, dark=False)
        qapp.processEvents()
        assert (height(), table.columnWidth(0)) == (36, 260)
    finally:
        theme.apply(qapp, dark=False)


def test_words_of_a_heading_stand_over_the_words_of_its_column(dark: bool, qtbot: QtBot) -> None:
    table = QTableWidget(1, 1)
    qtbot.addWidget(table)
    table.setHorizontalHeaderLabels(["HHHH"])
    table.setItem(0, 0, QTableWidgetItem("HHHH"))
    dress_rows(table, "Một cột", (), 36)
    table.resize(300, 120)
    table.show()
    base = QApplication.palette().base().color()

    def first_ink(view: QWidget) -> int:
        shot = view.grab().toImage()
        return next(x for x in range(shot.width()) if any(shot.pixelColor(x, y) != base for y in range(8, 24)))

    assert abs(first_ink(table.horizontalHeader().viewport()) - first_ink(table.viewport())) <= 1


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_words_begin_at_one_left_edge_in_text_fields_and_drop_downs(
    dark: bool, qtbot: QtBot, qapp: QApplication, scale: float
) -> None:
    theme.apply(qapp, dark=dark, scale=scale)
    field, choice = QLineEdit("HHHH"), DropDown()
    theme.inset(field)
    choice.addItem("HHHH")
    lefts = []
    for control in (field, choice):
        qtbot.addWidget(control)
        control.resize(400, 60)
        shot = control.grab().toImage()
        words = control.palette().color(QPalette.ColorRole.Text).lightnessF()
        inked = (x for x in range(4, 60) if abs(shot.pixelColor(x, 30).lightnessF() - words) < 0.25)
        lefts.append(next(inked))
    assert abs(lefts[0] - lefts[1]) <= 1, lefts


def test_every_drop_down_is_of_the_one_hand() -> None:
    ui = Path(digitizer_desk.ui.__file__).parent
    plain = re.compile(r"\bQComboBox\(")
    assert [file.name for file in ui.rglob("*.py") if plain.search(file.read_text("utf-8"))] == []


@pytest.mark.parametrize("kind", [Tick, OneOf, QuietButton, DropDown, QLineEdit, ActButton, ChoiceButton])
def test_what_has_the_keys_is_framed(dark: bool, qtbot: QtBot, kind: type[QWidget]) -> None:
    """In the picture, not in the style's promise; whether the keys came by Tab, by a click or by the program."""
    whole = QWidget()
    qtbot.addWidget(whole)
    before, control = QLineEdit(), kind()
    column = QVBoxLayout(whole)
    for widget in (before, control):
        column.addWidget(widget)
    control.setFixedSize(200, 44)
    whole.show()
    whole.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    plain = whole.grab(control.geometry()).toImage()
    control.setFocus()
    assert control.hasFocus()
    framed = whole.grab(control.geometry()).toImage()
    changed = sum(plain.pixel(100, y) != framed.pixel(100, y) for y in range(8))
    assert changed >= 1
    edges = [framed.pixelColor(100, y) for y in range(8) if plain.pixel(100, y) != framed.pixel(100, y)]
    assert max(contrast(edge, plain.pixelColor(100, 12)) for edge in edges) >= 3.0


def test_small_controls_are_of_the_one_hand() -> None:
    ui = Path(digitizer_desk.ui.__file__).parent
    plain = re.compile(r"\b(QCheckBox|QRadioButton|QToolButton)\(\S")
    found = {file.name for file in ui.rglob("*.py") if plain.search(file.read_text("utf-8"))}
    assert found <= {"ticks.py"}, found


def test_the_component_with_the_keys_is_framed(dark: bool, qtbot: QtBot) -> None:
    whole, rows, other = QWidget(), ComponentList(), QLineEdit()
    qtbot.addWidget(whole)
    column = QVBoxLayout(whole)
    for widget in (rows, other):
        column.addWidget(widget)
    rows.show_lines([ComponentLine("a", 1, "Tờ khai", "2/2", "ok", "check", "đạt", "sign")], "a")
    whole.resize(320, 300)
    whole.show()
    whole.activateWindow()
    other.setFocus()
    qtbot.waitUntil(other.hasFocus)
    plain = rows.viewport().grab().toImage()
    rows.setFocus()
    framed = rows.viewport().grab().toImage()
    row = rows.visualItemRect(rows.item(0))
    edge = framed.pixelColor(row.center().x(), row.top() + 1)
    assert edge != plain.pixelColor(row.center().x(), row.top() + 1)
    assert contrast(edge, plain.pixelColor(row.center().x(), row.top() + 5)) >= 3.0


def test_words_keep_off_the_edge_of_every_text_field() -> None:
    ui = Path(digitizer_desk.ui.__file__).parent
    texts = {file.name: file.read_text("utf-8") for file in ui.rglob("*.py")}
    made = [name for name, text in texts.items() if re.search(r"\bQLineEdit\(", text)]
    assert len(made) > 10
    assert [name for name in made if "theme.inset(" not in texts[name]] == []
    assert [name for name, text in texts.items() if "setTextMargins(" in text] == ["theme.py"]
