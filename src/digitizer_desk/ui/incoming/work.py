# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Waiting dossiers and reuse of papers: the two rooms joined to their steps, and what a look at the province changes.

Apart from the screens (rows and words); the province itself is asked by the watch, here only when somebody presses F5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.waiting import WaitingLine
from digitizer_desk.dossier.model import Dossier, Officer
from digitizer_desk.errors import CODES, DeskError, error
from digitizer_desk.lanes import Lane, Task
from digitizer_desk.messages import sentence
from digitizer_desk.messages.incoming import decision_words, withdrawn_words
from digitizer_desk.steps.incoming import reuse, sync, waiting
from digitizer_desk.steps.incoming.sync import Looked
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.rooms import STOP_FIRST
from digitizer_desk.ui.screens.incoming.reuse import ReuseScreen
from digitizer_desk.ui.screens.incoming.waiting import WaitingScreen
from digitizer_desk.ui.side.room import SideRoom
from digitizer_desk.ui.widgets.frame import Notice

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow

_CHOOSE = Notice("mind", "Mở hồ sơ và chọn thành phần trước (F3), rồi tra kho (Ctrl+Shift+U).", "find")


#: no answer that says more than "not now"
_NOT_NOW = ("province.offline", "province.timeout", "province.server_busy", "province.reply_unreadable")


def _told(code: str) -> DeskError:
    """Why the list could not be had, for somebody who looks at the one kept."""
    return error("waiting.offline") if code in _NOT_NOW else error(code, **dict.fromkeys(CODES[code], ""))


class IncomingWork(QObject):
    """Both rooms of one window."""

    def __init__(self, desk: Desk, bridge: Bridge, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._window = desk, bridge, window
        self._officer: Officer | None = None
        self._asked = 0  # an answer to an earlier question is none
        self.waiting, self.reuse = WaitingScreen(), ReuseScreen()
        self.rooms = (
            SideRoom(
                "waiting",
                self.waiting,
                "Hồ sơ chờ ở quầy",
                Place.INCOMING,
                self._enter_waiting,
                acts={"reload": self.fetch},
            ),
            SideRoom(
                "reuse",
                self.reuse,
                "Tái sử dụng giấy tờ",
                Place.INCOMING,
                self._enter_reuse,
                acts={"reload": self.look_up, "remove": self.reuse.take_back},
            ),
        )
        self._line: WaitingLine | None = None  # of the dossier at the counter
        self._of = ""
        window.rooms.work.told_elsewhere.append(self.notices)
        window.rooms.work.changed.connect(self._look_at_counter)
        self.waiting.searched.connect(lambda _words: self._show_list())
        self.waiting.fetch_asked.connect(self.fetch)
        self.waiting.chosen.connect(self._open)
        self.reuse.look_asked.connect(self.look_up)
        self.reuse.chosen.connect(self._use)
        self.reuse.undo_asked.connect(self._undo)

    def _do(self, lane: Lane, step: Callable[..., Any], *args: Any, good: Callable[[Any], None],
            bad: Callable[[DeskError], None]) -> None:  # fmt: skip
        """Run a step; failures with words go to ``bad``, others are bugs."""

        def done(task: Task[Any]) -> None:
            try:
                found = task.result()
            except DeskError as problem:
                bad(problem)
            except Exception as problem:
                self._window.show_bug(problem)
            else:
                good(found)

        self._bridge.run(lane, step, *args, on_done=done)

    # -- waiting dossiers ---------------------------------------------------------------------------------------------

    def _enter_waiting(self, officer: Officer) -> bool:
        if self._window.rooms.work.scanning:
            self._window.rooms.work.flashed.emit(STOP_FIRST)
            return False
        self._officer = officer
        self._show_list()
        return True

    def _show_list(self) -> None:
        words = self.waiting.box.text()
        show, fault = self.waiting.show_list, self.waiting.show_problem
        self._do("pool", waiting.listed, self._desk, words, good=show, bad=fault)

    def fetch(self) -> None:
        """Ask the province for everything, now."""
        if not self.waiting.fetch.isEnabled():
            return
        self.waiting.show_fetching()

        def came(looked: Looked) -> None:
            code = looked.code("dossiers") if self._desk.link is not None else "province.not_set"
            self.waiting.show_fetched(_told(code) if code else None)
            self.looked(looked)
            self._show_list()

        def failed(problem: DeskError) -> None:
            self.waiting.show_fetched(problem)
            self._show_list()

        self._do("network", sync.look, self._desk, good=came, bad=failed)

    def _open(self, line: WaitingLine) -> None:
        if self._officer is None:
            return
        rooms = self._window.rooms
        if line.dossier_id:
            rooms.open(line.dossier_id)
            return

        def opened(dossier: Dossier) -> None:
            rooms.take(dossier)

        code = line.dossier.code
        self._do("pool", waiting.take, self._desk, code, self._officer, good=opened, bad=self.waiting.show_problem)

    def notices(self) -> list[Notice]:
        """What is to be said of the dossier at the counter."""
        words = withdrawn_words(self._line) if self._line is not None else ""
        return [Notice("stop", words, "waiting")] if words else []

    def _look_at_counter(self) -> None:
        """Another dossier lies there: is it still on the province's list?"""
        dossier = self._window.rooms.work.dossier
        if dossier is None or dossier.id == self._of:
            return
        self._of, self._line = dossier.id, None

        def known(line: WaitingLine | None) -> None:
            if line is not None and line.dossier_id == self._of and line != self._line:
                self._line = line
                self._window.refresh()

        self._do("pool", self._desk.cabinet.waiting.get, dossier.code, good=known, bad=self.failed)

    # -- papers used again --------------------------------------------------------------------------------------------

    def _enter_reuse(self, officer: Officer) -> bool:
        rooms = self._window.rooms
        if rooms.work.scanning:
            rooms.work.flashed.emit(STOP_FIRST)
            return False
        if rooms.at_start or rooms.work.dossier is None or rooms.counter.component is None:
            rooms.work.flashed.emit(_CHOOSE)
            return False
        self._officer = officer
        self.reuse.show_component(rooms.work.dossier, rooms.counter.component)
        self.look_up()
        return True

    def look_up(self) -> None:
        """Ask the store for the papers of the applicant of the dossier at the counter."""
        dossier = self._window.rooms.work.dossier
        if dossier is None or self._officer is None:
            return
        self._asked += 1
        number = self._asked
        self.reuse.show_asking()

        def found(answer: reuse.Found) -> None:
            if number == self._asked:
                self.reuse.show_found(answer)

        def failed(problem: DeskError) -> None:
            if number == self._asked:
                self.reuse.show_problem(problem)

        self._do("network", reuse.look_up, self._desk, dossier.id, self._officer, good=found, bad=failed)

    def _use(self, reference: str) -> None:
        found, component = self.reuse.found, self._window.rooms.counter.component
        if found is not None and component is not None and self._officer is not None:
            args = (self._desk, found, component.id, reference, self._officer)
            self._do("pool", reuse.choose, *args, good=self._chosen, bad=self.reuse.show_problem)

    def _undo(self) -> None:
        dossier, component = self._window.rooms.work.dossier, self._window.rooms.counter.component
        if dossier is not None and component is not None and self._officer is not None:
            args = (self._desk, dossier.id, component.id, self._officer)
            self._do("pool", reuse.undo, *args, good=self._chosen, bad=self.reuse.show_problem)

    def _chosen(self, dossier: Dossier) -> None:
        """The counter shows it at once; a choice also leads back there, to the next paper."""
        component = self._window.rooms.counter.component
        self._window.rooms.work.refresh()
        if component is None:
            return
        now = dossier.component(component.id)
        self.reuse.show_component(dossier, now)
        here = self._window.rooms.side
        if now.is_reused:
            if here is not None and here.screen is self.reuse:
                self._window.rooms.do("back")
            words = f"Tái sử dụng «{now.title}»: không cần quét. Ctrl+Shift+U để bỏ chọn khi chưa báo tỉnh."
            self._window.rooms.work.flashed.emit(Notice("ok", words, answers=True))

    # -- what a look at the province changed --------------------------------------------------------------------------

    def looked(self, looked: Looked) -> None:
        """The watch, or F5, asked the province: say what is new, show it where it is seen."""
        rooms = self._window.rooms
        for one in looked.decided[-1:]:
            more = f" (và {len(looked.decided) - 1} việc khác, xem Ctrl+H)" if len(looked.decided) > 1 else ""
            rooms.work.flashed.emit(Notice("mind", f"{decision_words(one)}{more}", "outbox"))
        for taken in looked.packs[-1:]:
            words = f"Đã nhận gói quy định «{taken.pack.title}», hiệu lực từ {taken.pack.valid_from:%d/%m/%Y}."
            rooms.work.flashed.emit(Notice("ok", words))
        pack = looked.code("packs")
        if pack.startswith("pack."):
            self._desk.log.warning("pack not taken: %s", pack)
        if looked.decided:
            rooms.outgoing.refresh()
        self._of = ""  # the list may say something else of it now
        self._look_at_counter()
        if rooms.work.dossier is not None and not rooms.work.scanning:
            rooms.work.refresh()
        if rooms.side is not None and rooms.side.screen is self.waiting:
            self._show_list()

    def failed(self, problem: DeskError) -> None:
        """A look could not be made at all: the cabinet failed under it."""
        self._window.rooms.work.flashed.emit(Notice("stop", sentence(problem)))
