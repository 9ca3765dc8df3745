# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files at the counter's window: by key, by drop, through the watched folder; refusals are told and nothing is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.dossier.model import Applicant, Channel
from digitizer_desk.lanes import Lanes
from digitizer_desk.settings import IntakeChoice
from digitizer_desk.steps import receive
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import BY_ID
from digitizer_desk.ui.main_window import MainWindow
from digitizer_desk.ui.screens.tray import TrayDialog
from stand_ins.files import jpeg, pdf, signed_pdf, tiff
from stand_ins.machines import ScriptedToken
from steps.conftest import Bench, bench  # noqa: F401 - the fixture


@pytest.fixture
def window(qtbot: QtBot, bench: Bench, tmp_path: Path) -> Iterator[MainWindow]:  # noqa: F811
    (tmp_path / "share").mkdir()
    choice = IntakeChoice(folder=str(tmp_path / "share"), still_seconds=0.0)
    desk = replace(bench.desk, settings=bench.desk.settings.model_copy(update={"intake": choice}))
    receipt = receive.Receipt(
        "000.00.12.H08-261121-0009", "1.001193", Applicant("Nguyễn Thị Hường"), channel=Channel.ELECTRONIC
    )
    dossier = receive.receive(desk, receipt, bench.officer)
    make_application(paths.resources(), "light")
    lanes = Lanes()
    bridge = Bridge(lanes)
    shown = MainWindow(desk, bridge)
    shown.resize(1366, 728)
    shown.show()
    shown._log_in("an", "mat-khau-dai")
    qtbot.waitUntil(lambda: shown.officer is not None, timeout=10_000)
    shown.intake._timer.stop()
    shown.rooms.open(dossier.id)
    qtbot.waitUntil(lambda: shown.rooms.work.dossier is not None, timeout=10_000)
    yield shown
    shown.watch.stop()
    shown.intake.close()
    bridge.close()
    lanes.close()
    shown.deleteLater()


def file(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def count(window: MainWindow) -> int:
    component = window.rooms.counter.component
    return len(component.pages) if component is not None else -1


def idle(window: MainWindow) -> Callable[[], bool]:
    return lambda: not window.intake.busy


def answer(kind: type[QWidget], use: Callable[[QWidget], None]) -> QTimer:
    """Use the next dialog of this kind when it opens."""

    def look() -> None:
        sheet = QApplication.activeModalWidget()
        if isinstance(sheet, kind):
            timer.stop()
            use(sheet)

    timer = QTimer(interval=30)
    timer.timeout.connect(look)
    timer.start()
    return timer


def test_ctrl_o_opens_the_choice_and_a_pdf_becomes_the_component(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = file(tmp_path, "khai.pdf", pdf(2))

    def choose(sheet: QWidget) -> None:
        assert isinstance(sheet, QFileDialog)
        typed = sheet.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(typed, QLineEdit)
        typed.setText(str(path))
        QTest.keyClick(typed, Qt.Key.Key_Return)

    timer = answer(QFileDialog, choose)
    assert BY_ID["intake"].keys == ("Ctrl+O",)
    window.do("intake")
    qtbot.waitUntil(lambda: not timer.isActive() and idle(window)() and count(window) == 2, timeout=20_000)
    line = window.rooms.counter.lines[0]
    assert line.count == "PDF 2/2"
    assert line.stage == "sign"
    assert "tệp PDF «khai.pdf»" in window.rooms.counter.title.toolTip()


def test_the_banner_of_an_electronic_dossier_leads_to_the_key(window: MainWindow) -> None:
    assert window.rooms.next_act()[0] == "intake"
    assert "Ctrl+O" in window.banner.shown.text  # type: ignore[union-attr]
    assert "Ctrl+O" in window.rooms.counter.empty.text()


def test_files_dropped_on_the_counter_come_in_and_undo_takes_them_out(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    told = QMimeData()
    told.setUrls([QUrl.fromLocalFile(str(file(tmp_path, f"trang{i}.jpg", jpeg(i)))) for i in (2, 1)])
    how = (Qt.DropAction.CopyAction, told, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter, drop = QDragEnterEvent(QPoint(400, 300), *how), QDropEvent(QPointF(400, 300), *how)
    QApplication.sendEvent(window.rooms.counter, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window.rooms.counter, drop)
    assert drop.isAccepted()
    qtbot.waitUntil(lambda: count(window) == 2, timeout=20_000)
    assert window.rooms.counter.lines[0].count == "tệp 2/?"
    window.do("undo")
    qtbot.waitUntil(lambda: count(window) == 0, timeout=10_000)


def test_a_refusal_stays_on_the_banner_until_another_component(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    bad = [file(tmp_path, "a.jpg", jpeg(1)), file(tmp_path, "b.pdf", pdf(2)[:4000])]
    window.intake.take(bad)
    qtbot.waitUntil(lambda: window.intake._refusal is not None, timeout=20_000)
    assert window.banner.shown is not None
    assert window.banner.shown.text.startswith("Chưa nhập tệp nào. «b.pdf» bị hỏng.")
    assert count(window) == 0
    window.do("next")
    assert window.intake._refusal is None


def test_a_pdf_in_place_of_pages_is_asked_and_enter_keeps_the_pages(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.intake.take([file(tmp_path, "a.jpg", jpeg(1))])
    qtbot.waitUntil(lambda: count(window) == 1, timeout=20_000)
    asked = answer(QMessageBox, lambda box: QTest.keyClick(box, Qt.Key.Key_Return))
    window.intake.take([file(tmp_path, "b.pdf", pdf(2))])
    qtbot.waitUntil(lambda: not asked.isActive() and idle(window)(), timeout=20_000)
    assert count(window) == 1

    def agree(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if b.text() == "Thay tất cả").click()

    answer(QMessageBox, agree)
    window.intake.take([tmp_path / "b.pdf"])
    qtbot.waitUntil(lambda: count(window) == 2, timeout=20_000)
    window.do("remove")
    qtbot.waitUntil(lambda: count(window) == 0, timeout=10_000)
    window.do("undo")
    qtbot.waitUntil(lambda: count(window) == 2, timeout=10_000)


def test_a_gap_is_named_with_its_page_and_what_to_do(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.intake.take([file(tmp_path, "fax.tif", tiff(3, broken=2))])
    qtbot.waitUntil(lambda: count(window) == 3, timeout=20_000)
    qtbot.waitUntil(lambda: window.banner.shown is not None and "Trang 2" in window.banner.shown.text, timeout=10_000)
    assert window.rooms.counter.lines[0].words == "trang 2 không đọc được"


def test_whose_signatures_a_pdf_brought_is_said(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    data = signed_pdf(ScriptedToken("Sở Tư pháp"), window._desk.stamp_font)
    window.intake.take([file(tmp_path, "khai.pdf", data)])
    qtbot.waitUntil(lambda: count(window) == 2, timeout=20_000)
    assert "Sở Tư pháp" in window.rooms.counter.title.toolTip()
    assert any("Sở Tư pháp" in notice.text for notice in window.rooms.work.notices())


def test_what_the_scanner_pushes_goes_to_the_open_component_and_else_to_the_tray(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    def look() -> None:
        window.intake.look()
        qtbot.waitUntil(lambda: not window.intake._looking, timeout=20_000)

    file(tmp_path / "share", "early.jpg", jpeg(1))
    look()
    assert [arrival.name for arrival in window.intake.waiting] == ["early.jpg"]
    file(tmp_path / "share", "now.jpg", jpeg(2))
    look()
    qtbot.waitUntil(lambda: count(window) == 1, timeout=10_000)
    assert any("Ctrl+Shift+O" in notice.text for notice in window.intake.notices())

    def place(sheet: QWidget) -> None:
        assert isinstance(sheet, TrayDialog)
        qtbot.waitUntil(lambda: not sheet.paper.pixmap().isNull(), timeout=20_000)
        QTest.keyClick(sheet, Qt.Key.Key_Return)

    answer(TrayDialog, place)
    window.do("tray")
    qtbot.waitUntil(lambda: count(window) == 2, timeout=20_000)
    qtbot.waitUntil(lambda: window.intake.waiting == (), timeout=10_000)


def test_behind_the_lock_nothing_is_placed_by_itself(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.intake.look()
    qtbot.waitUntil(lambda: not window.intake._looking, timeout=20_000)
    window.lock()
    assert window.intake._target is None
    file(tmp_path / "share", "now.jpg", jpeg(2))
    window.intake.look()
    qtbot.waitUntil(lambda: len(window.intake.waiting) == 1, timeout=20_000)
    window._log_in("an", "mat-khau-dai")
    qtbot.waitUntil(lambda: window.intake._target is not None, timeout=10_000)
