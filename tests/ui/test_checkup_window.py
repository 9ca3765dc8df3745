# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The doctor inside and the sheet for the help desk; the key card."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths, settings
from digitizer_desk.app import main
from digitizer_desk.checkup.looks import examine, looks, sources_of
from digitizer_desk.checkup.sheet import facts_sheet, failures
from digitizer_desk.errors import error
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps import officers
from digitizer_desk.ui.application import _Shown, make_application
from digitizer_desk.ui.card import sheet as key_card
from digitizer_desk.ui.card.groups import caps, key_groups
from digitizer_desk.ui.card.sizes import PAGES, CardSize
from digitizer_desk.ui.commands import COMMANDS
from digitizer_desk.ui.help.sheet import HelpSheet
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.setup.checkup import CheckupSheet, FactsSheet
from steps.conftest import Bench, set_up
from ui.plain_looks import assert_good_looks

WAIT = 20_000
#: what a sheet for others must never hold: the holder of the token, labels, serials, the agency
PRIVATE = ("Lê Văn An", "4711", "0001", "UBND", "10.1.2.3", "Hường", "001185000123", "246810")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with set_up(tmp_path_factory.mktemp("checkup")) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, one: Bench) -> Iterator[MainWindow]:
    make_application(paths.resources(), "light")
    settings.write(one.place.settings_file, one.desk.settings)
    lanes = Lanes()
    made = _Shown(one.desk, lanes, "")
    made.show(one.desk)
    assert made.window is not None
    made.window._enter(officers.log_in(one.desk, "an", "mat-khau-dai"))
    yield made.window
    made.window.give_way()
    lanes.close()


def over(kind: type[QDialog], act: Callable[[QDialog], bool]) -> None:
    """Look at the sheet of this kind as soon as it is there, until ``act`` has had enough of it."""

    def look() -> None:
        sheet = next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)
        try:
            enough = sheet is not None and act(sheet)
        except BaseException:
            assert sheet is not None
            sheet.reject()  # a test that fails must not wait for ever
            raise
        if not enough:
            QTimer.singleShot(20, look)

    look()


def test_every_look_answers_by_itself_though_others_fail(one: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> tuple[()]:
        raise error("scanner.driver_missing", driver="sane")

    monkeypatch.setattr(one.scanner, "find", broken)
    parts = {part.name: part for part in examine(sources_of(one.desk))}
    assert parts["Máy quét"].state == "bad"
    assert parts["Máy quét"].words.startswith("scanner.driver_missing: ")
    assert parts["USB Token"].state == "ok"
    assert parts["Kho dữ liệu"].state == "warn"  # no second place for copies
    assert "Hệ thống tỉnh" in parts
    assert {look.lane for look in looks(sources_of(one.desk))} == {"pool", "scanner", "token", "network"}


def test_the_doctor_inside_is_reached_from_f1_and_can_be_copied_and_saved(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(tmp_path / "kt"), "Văn bản (*.txt)"))
    seen: list[str] = []

    def press(sheet: QDialog) -> bool:
        assert isinstance(sheet, HelpSheet)
        sheet._ask("checkup")
        return True

    def read(sheet: QDialog) -> bool:
        assert isinstance(sheet, CheckupSheet)
        if None in sheet.parts:
            return False
        assert_good_looks(sheet)
        assert sheet.again.isEnabled()
        sheet.copy.click()
        seen.append(QGuiApplication.clipboard().text())
        sheet.save.click()
        assert "Đã lưu" in sheet.answer.words
        sheet.accept()
        return True

    over(HelpSheet, press)
    over(CheckupSheet, read)
    window.do("help")
    assert "✔ USB Token: 1 chứng thư ký" in seen[0]
    assert (tmp_path / "kt.txt").read_text("utf-8") == seen[0]


def test_the_sheet_for_the_help_desk_is_reached_from_the_settings(window: MainWindow) -> None:
    seen: list[str] = []

    def read(sheet: QDialog) -> bool:
        assert isinstance(sheet, FactsSheet)
        if not sheet.text():
            return False
        assert_good_looks(sheet)
        seen.append(sheet.text())
        sheet.accept()
        return True

    over(FactsSheet, read)
    window.do("settings")
    assert window.rooms.side is not None
    window.rooms.side.screen.act_asked.emit("sheet")  # type: ignore[attr-defined]
    assert "PHIÊN BẢN" in seen[0]


def test_the_sheet_names_nobody(one: Bench) -> None:
    address = settings.ScannerAddress(name="Thử Theo kịch bản", url="http://10.1.2.3:80/eSCL")
    from dataclasses import replace

    chosen = one.desk.settings.model_copy(
        update={"unit": settings.Unit(code="000.00.12.H08", name="UBND phường"), "network_scanners": (address,)}
    )
    desk = replace(one.desk, settings=chosen)
    one.received()
    (one.place.logs / "desk.log").write_text(
        "2026-11-21T09:00:00.000 ERROR scanner.jam: trang của Nguyễn Thị Hường 001185000123\n"
        "2026-11-21T09:05:00.000 ERROR scanner.jam\n"
        "2026-11-21T09:06:00.000 INFO province.offline\n"
        "2026-11-21T09:07:00.000 ERROR bug 7F3A\n"
        "Traceback: Lê Văn An\n",
        "utf-8",
    )
    text = facts_sheet(desk)
    for word in PRIVATE:
        assert word not in text, word
    assert not re.search(r"\d{9,}", text)
    assert "scanner.jam: 2 lần" in text
    assert "trục trặc 7F3A" in text
    assert "province.offline" not in text  # only what failed
    assert "máy mạng" in text  # a name typed here is not told
    for title in ("MÁY QUÉT", "USB TOKEN", "KHO DỮ LIỆU", "HÀNG CHỜ GỬI"):
        assert title in text


def test_failures_are_counted_by_code_the_latest_first() -> None:
    lines = [
        "2026-11-21T09:00:00.000 ERROR token.removed: x",
        "2026-11-21T10:00:00.000 WARNING store.disk_low",
        "2026-11-21T11:00:00.000 ERROR token.removed",
        "not a line of the log: token.removed",
        "2026-11-21T11:00:00.000 ERROR some.thing else.where",
    ]
    assert [(f.code, f.times) for f in failures(lines)] == [("token.removed", 2), ("store.disk_low", 1)]


def test_every_command_stands_once_on_the_card() -> None:
    rows = [row for group in key_groups() for row in group.rows]
    names = [row.name for row in rows]
    for command in COMMANDS:
        if command.keys:
            assert names.count(command.name) >= 1, command.id
    with_keys = [c for c in COMMANDS if c.keys]
    assert len(rows) == len(with_keys) + 1  # Ctrl+1…9 is in no table
    assert caps("Ctrl++") == ("Ctrl", "+")
    assert caps("Ctrl+Shift+V") == ("Ctrl", "Shift", "V")
    assert caps("F4") == ("F4",)


def words_on(card: bytes) -> tuple[int, str]:
    with pypdfium2.PdfDocument(io.BytesIO(card)) as document:
        return len(document), document[0].get_textpage().get_text_bounded()


def test_the_card_is_one_page_with_every_name_and_legible(qapp: QApplication) -> None:
    make_application(paths.resources(), "light")
    pages, text = words_on(key_card.pdf())
    assert pages == 1
    plain = " ".join(text.split())
    for command in COMMANDS:
        if command.keys:
            assert command.name in plain, command.id
    image = QImage(1240, 1754, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    assert key_card.draw(painter, 1122, 1636, 150) >= 7.0  # points
    painter.end()


@pytest.mark.parametrize(("size", "cards", "sheet_mm"), [("a5", 1, (148, 210)), ("a5x2", 2, (297, 210))])
def test_a_small_card_holds_every_name(qapp: QApplication, size: str, cards: int, sheet_mm: tuple[int, int]) -> None:
    make_application(paths.resources(), "light")
    made = key_card.pdf(CardSize(size))
    pages, text = words_on(made)
    assert pages == 1
    plain = " ".join(text.split())
    for command in COMMANDS:
        if command.keys:
            assert plain.count(command.name) >= cards, command.id
    with pypdfium2.PdfDocument(io.BytesIO(made)) as document:
        assert tuple(round(side / 72 * 25.4) for side in document[0].get_size()) == sheet_mm
    page = PAGES[CardSize(size)]
    inner = [(side - 2 * page.margin) / 25.4 * 150 for side in sheet_mm]
    image = QImage(*(round(side) for side in inner), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    assert key_card.draw_page(painter, CardSize(size), *inner, 150) >= 6.0  # points
    painter.end()


def test_the_size_is_asked_for_in_the_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    make_application(paths.resources(), "light")
    parent = QWidget()
    qtbot.addWidget(parent)
    asked: list[list[str]] = []

    def choose(_parent: QWidget, _title: str, _label: str, words: list[str], *_rest: object) -> tuple[str, bool]:
        asked.append(words)
        return words[len(asked) - 1], len(asked) < 3

    monkeypatch.setattr(QInputDialog, "getItem", choose)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / f"{len(asked)}.pdf"), "PDF (*.pdf)"))
    assert key_card.saved(parent) == ("ok", "Đã lưu «1.pdf».")
    assert key_card.saved(parent) == ("ok", "Đã lưu «2.pdf».")
    assert key_card.saved(parent) is None
    assert len(asked[0]) == len(CardSize)
    sizes = []
    for file in sorted(tmp_path.iterdir()):
        with pypdfium2.PdfDocument(file) as document:
            sizes.append(round(document[0].get_size()[0] / 72 * 25.4))
    assert sizes == [210, 148]


def test_the_card_from_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], qapp: QApplication
) -> None:
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(tmp_path / "none"))
    assert main(["keys", "--pdf", str(tmp_path / "card.pdf")]) == 0
    assert words_on((tmp_path / "card.pdf").read_bytes())[0] == 1
    assert main(["keys", "--pdf", str(tmp_path / "small.pdf"), "--size", "a5"]) == 0
    assert len((tmp_path / "small.pdf").read_bytes()) < len((tmp_path / "card.pdf").read_bytes())
    assert main(["keys", "--pdf", str(tmp_path / "no.pdf"), "--size", "a3"]) == 2
    assert not (tmp_path / "no.pdf").exists()
    assert main(["keys", "--json"]) == 0
    told = capsys.readouterr().out
    assert '"key": "F4"' in told
    (tmp_path / "folder").mkdir()
    assert main(["keys", "--pdf", str(tmp_path / "folder")]) == 2
    assert list((tmp_path / "folder").iterdir()) == []
    assert not (tmp_path / "none").exists()  # nothing is set up by asking for a card
