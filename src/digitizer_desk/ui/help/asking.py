# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Who asked for help, and where: the screen behind the frame, or the small window that lies over it.

Apart from the window because F1 must work in every place, also where no officer is logged in and no command holds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from digitizer_desk import paths
from digitizer_desk.ui.commands import in_force
from digitizer_desk.ui.help.guide import GuideWindow
from digitizer_desk.ui.help.sheet import HelpSheet, Told
from digitizer_desk.ui.help.topics import topic_of

if TYPE_CHECKING:
    from digitizer_desk.messages.help import ScreenHelp
    from digitizer_desk.ui.main_window import MainWindow


class Help(QObject):
    """F1 and Shift+F1 of one window. ``hint``: the accounts of a training desk.

    ``ways`` are buttons that lead on from F1 to other rooms: id -> words on the button, what it does.
    """

    def __init__(self, window: MainWindow, hint: str) -> None:
        super().__init__(window)
        self._window, self._hint = window, hint
        self._guide: GuideWindow | None = None
        self.ways: dict[str, tuple[str, Callable[[], None]]] = {}

    def do(self, command_id: str) -> bool:
        """Do a command, if it is one of help. Also without an officer: nothing of a dossier is told then."""
        if command_id not in ("help", "guide"):
            return False
        topic = topic_of(self._window.screens.currentWidget())
        if topic is not None:
            if command_id == "guide":
                self.read(topic.chapter)
            else:
                self._show(self._told(topic), topic, self._window)
        return True

    def takes(self, watched: QObject, event: QEvent) -> bool:
        """F1 in a small window, where the window's own keys sleep."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.key() != Qt.Key.Key_F1:
            return False
        sheet = QApplication.activeModalWidget()
        if not isinstance(sheet, QDialog) or isinstance(sheet, HelpSheet) or not isinstance(watched, QWidget):
            return False
        topic = topic_of(sheet)
        if topic is None:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._read_over(sheet, topic.chapter)
        else:
            self._show(Told(topic), topic, sheet)
        return True

    def _told(self, topic: ScreenHelp) -> Told:
        window = self._window
        if window.officer is None or window.locked:
            return Told(topic, hint=self._hint)
        side = window.rooms.side
        here = in_force(window.rooms.place, window.officer.roles, side.acts if side is not None else ())
        ways = tuple((way, words) for way, (words, _act) in self.ways.items())
        return Told(topic, window.banner.notices, window.rooms.next_act()[0], here, self._hint, ways)

    def _show(self, told: Told, topic: ScreenHelp, over: QWidget) -> None:
        sheet = HelpSheet(told, over)
        try:
            sheet.exec()
        finally:
            sheet.deleteLater()
        if sheet.guide and over is self._window:
            self.read(topic.chapter)
        elif sheet.guide:
            self._read_over(over, topic.chapter)
        elif sheet.asked in self.ways:
            self.ways[sheet.asked][1]()
        elif sheet.chosen and not self._window.locked:
            self._window.do(sheet.chosen)

    def read(self, chapter: str) -> None:
        """The guides beside the work: a window of its own that may stay open."""
        if self._guide is None:
            self._guide = GuideWindow(paths.guides(), self._window)
        self._guide.show_chapter(chapter)
        self._guide.show()
        self._guide.raise_()
        self._guide.activateWindow()

    def _read_over(self, over: QWidget, chapter: str) -> None:
        """The same over a small window, which would not let a second one be used."""
        guide = GuideWindow(paths.guides(), over)
        guide.show_chapter(chapter)
        try:
            guide.exec()
        finally:
            guide.deleteLater()
