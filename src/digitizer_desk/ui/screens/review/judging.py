# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One page large, one key for what is to be said of it. What the machine found stays hidden until the human has judged.

Apart from the overview because here the eye rests on paper and the hand on one row of keys.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.review import LotPage, SignedPage, Verdict
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import sentence
from digitizer_desk.messages.review import lot_heading, verdict_words
from digitizer_desk.rules.sampling import Fault
from digitizer_desk.steps.review.judging import Progress
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run, Running
from digitizer_desk.ui.screens.review import lines as words
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.page_view import PageView
from digitizer_desk.ui.widgets.panels.facts import FactList
from digitizer_desk.ui.widgets.panels.landing import Landing
from digitizer_desk.ui.widgets.panels.panel import Panel
from digitizer_desk.ui.widgets.picture import Picture, picture_of
from digitizer_desk.ui.widgets.status_line import StatusLine

_PICTURES = 4
_SIDE = 372
Facts = tuple[tuple[str, str], ...]


class Judging(Landing):
    """The pages of one lot, one after the other.

    Signals:
        judged(object, str, str): a LotPage, the id of the fault ('' = good), the supervisor's words.
        undo_asked(): take back the last judgement.
        conclude_asked(): the sample is seen or a limit passed: on to the verdict.
    """

    judged = Signal(object, str, str)
    undo_asked = Signal()
    conclude_asked = Signal()

    keys_words = (
        "← →  trang    Z  phóng to    Backspace  sửa lần trước    Esc  để sau, không mất gì    ‼  lỗi nghiêm trọng"
    )

    def __init__(
        self,
        run: Run,
        load: Callable[[SignedPage], NDArray[Any]],
        facts: Callable[[SignedPage], Facts],
        parent: QWidget | None = None,
    ) -> None:
        """``load`` decodes a page's pixels, ``facts`` says what the paper should show; both run on the pool lane."""
        super().__init__(parent)
        self._run, self._load, self._facts = run, load, facts
        self._progress: Progress | None = None
        self._faults: tuple[Fault, ...] = ()
        self._place = 0
        self._busy = False
        self._waiting: Fault | None = None
        self._pictures: OrderedDict[str, Picture] = OrderedDict()
        self.heading = QLabel()
        self.heading.setFont(theme.bold(self.font()))
        self.heading.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("Đã xem")
        self.where = QLabel()
        self.where.setWordWrap(True)
        self.where.setFont(theme.bold(self.font()))
        self.facts = FactList()
        self.good = ActButton("Space  Đạt", next_act=True)
        self.good.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.good.clicked.connect(self._space)
        self.buttons: dict[str, ActButton] = {}
        self._grid = QGridLayout()
        self.note = QLineEdit()
        theme.inset(self.note)
        self.note.setAccessibleName("Ghi chú cho cán bộ")
        self.note.setPlaceholderText("G  Ghi chú cho cán bộ")
        self.note.setMinimumSize(300, 36)
        self.note.returnPressed.connect(self._note_done)
        self.said, self.machine, self.limits, self.critical = (StatusLine() for _ in range(4))
        self.view = PageView()
        self.conclude = ActButton("Enter  Kết luận lô…", next_act=True)
        self.conclude.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.conclude.clicked.connect(self.conclude_asked)
        self.keys = QLabel(self.keys_words)
        self.keys.setWordWrap(True)
        self._arrange()
        self.land_on((self.view,))
        self.view.installEventFilter(self)

    def _arrange(self) -> None:
        top = QVBoxLayout()
        top.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(18)
        line.addWidget(self.heading, 1)
        line.addWidget(self.limits)
        line.addWidget(self.critical)
        top.addLayout(line)
        top.addWidget(self.bar)
        self._grid.setSpacing(6)
        told = QScrollArea()  # a paper with many fields must not make the window higher
        told.setWidget(self.facts)
        told.setWidgetResizable(True)
        self.facts.setAutoFillBackground(False)
        told.viewport().setAutoFillBackground(False)
        told.setFrameShape(QFrame.Shape.NoFrame)
        told.setMinimumHeight(self.fontMetrics().height() * 3)
        told.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = QVBoxLayout()
        side.setSpacing(8)
        paper = Panel()
        paper.column.addWidget(self.where)
        paper.column.addWidget(told, 1)
        side.addWidget(paper, 1)
        side.addWidget(self.good)
        side.addLayout(self._grid)
        for state in (self.said, self.machine):
            side.addWidget(state)
        panel = QWidget()
        panel.setMinimumWidth(_SIDE)  # more where the buttons need it at large type
        panel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        panel.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.view, 1)
        middle.addWidget(panel)
        bottom = QHBoxLayout()
        bottom.setSpacing(14)
        bottom.addWidget(self.note)
        bottom.addWidget(self.keys, 1)
        bottom.addWidget(self.conclude)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(middle, 1)
        column.addLayout(bottom)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_lot(self, progress: Progress, faults: tuple[Fault, ...]) -> None:
        """A lot at the first page nobody judged; pictures of another lot are forgotten."""
        if self._progress is None or self._progress.lot.id != progress.lot.id:
            self._pictures.clear()
        self._faults = faults
        self._make_buttons()
        self._place = min(progress.next_place, len(progress.to_see) - 1)
        self.show_progress(progress, self._place)

    def show_progress(self, progress: Progress, place: int | None = None) -> None:
        """The same lot after a judgement: on to the next page, or to ``place``."""
        self._progress, self._busy = progress, False
        if place is None:
            place = min(progress.next_place, len(progress.to_see) - 1)
        looking = progress.lot.verdict is Verdict.REFUSED
        what = "Xem lại mọi trang của lô bị trả" if looking else lot_heading(progress.lot)
        self.heading.setText(f"{what} · đã xem {progress.seen}/{len(progress.to_see)}")
        self.bar.setRange(0, len(progress.to_see))
        self.bar.setValue(progress.seen)
        over = progress.serious > progress.lot.accept
        self.limits.show_state("stop" if over else "idle", words.counts_line(progress), "" if over else "info")
        grave = f"Nghiêm trọng {progress.critical}/0"
        self.critical.show_state("stop" if progress.critical else "idle", grave, "" if progress.critical else "info")
        self._show_end(progress, looking)
        self.show_place(place)

    def _show_end(self, progress: Progress, looking: bool) -> None:
        decided = progress.verdict is not Verdict.OPEN
        self.conclude.setVisible(not looking)
        self.conclude.allow(decided and not looking, "Kết luận được khi xem hết mẫu, hoặc khi lỗi quá mức nhận.")
        if looking:
            text = "Enter: về danh sách lô" if progress.done else self.keys_words
        elif decided:
            early = progress.seen < progress.lot.sample_size
            text = verdict_words(progress.lot, progress.serious, progress.critical)
            text += " Có thể trả lô ngay." if early else ""
        else:
            text = self.keys_words
        self.keys.setText(text)

    def show_place(self, place: int) -> None:
        """Page ``place`` (from 0) of those to be seen."""
        progress = self._progress
        if progress is None or not 0 <= place < len(progress.to_see):
            return
        self._place, self._waiting = place, None
        page = progress.to_see[place]
        self.where.setText(f"{place + 1}/{len(progress.to_see)} · {words.place_words(page)}")
        self.said.show_state(*words.said_words(page, self._faults))
        looking = progress.lot.verdict is Verdict.REFUSED
        shown = page.judgement is not None or looking
        self.machine.show_state(*(words.machine_words(page) if shown else ("idle", "Máy: hiện sau khi bạn chọn")))
        self.note.clear()
        for button in (self.good, *self.buttons.values()):
            button.allow(page.judgement is None, "Trang này đã chấm. Backspace: sửa lần trước.")
        self._show_space(page, progress, looking=looking)
        self.note.setEnabled(page.judgement is None)
        self.facts.say("")
        self._fetch_facts(page)
        self._fill(page)
        if place + 1 < len(progress.to_see):
            self._fetch(progress.to_see[place + 1])

    def _show_space(self, page: LotPage, progress: Progress, *, looking: bool) -> None:
        """The space bar: a page is good; looking back at one that was judged, on to the first that was not."""
        back = page.judgement is not None and not progress.done
        self.good.setText("Space  Trang chưa xem" if back else "Space  Đạt")
        if back:
            self.good.allow(True, "")
        self.good.set_next_act(looking or progress.verdict is Verdict.OPEN)

    def _space(self) -> None:
        page, progress = self.page, self._progress
        if page is None or progress is None:
            return
        if page.judgement is None:
            self._judge(None)
        elif not progress.done:
            self.show_place(progress.next_place)

    @property
    def page(self) -> LotPage | None:
        """The page that is looked at."""
        return self._progress.to_see[self._place] if self._progress is not None and self._progress.to_see else None

    def _make_buttons(self) -> None:
        if tuple(self.buttons) == tuple(fault.id for fault in self._faults):
            return
        for old in self.buttons.values():
            old.deleteLater()
        self.buttons = {}
        for place, fault in enumerate(self._faults):
            grave = " ‼" if fault.rule == "refuse" else ""
            button = ActButton(f"{fault.key}  {fault.name}{grave}")
            button.setAccessibleName(f"{fault.name}, lỗi {fault.kind_name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _on=False, fault=fault: self._judge(fault))
            self._grid.addWidget(button, place // 2, place % 2)
            self.buttons[fault.id] = button

    def _fetch_facts(self, page: LotPage) -> None:
        def told(task: Running) -> None:
            if self.page is None or self.page.page != page.page:
                return
            try:
                self.facts.show_facts(task.result())
            except DeskError as problem:
                self.facts.say(sentence(problem))

        self._run("pool", self._facts, page.page, on_done=told)

    def _fill(self, page: LotPage) -> None:
        picture = self._pictures.get(page.page.sha256)
        if picture is not None:
            self.view.show_picture(picture, page.page.turn, name=words.place_words(page))
        else:
            self.view.show_words("Đang mở trang…")
            self._fetch(page)

    def _fetch(self, page: LotPage) -> None:
        if page.page.sha256 in self._pictures:
            return

        def loaded(task: Running) -> None:
            here = self.page is not None and self.page.page.sha256 == page.page.sha256
            try:
                self._pictures[page.page.sha256] = task.result()
            except DeskError as problem:
                if here:
                    self.view.show_words(sentence(problem))
                return
            while len(self._pictures) > _PICTURES:
                self._pictures.popitem(last=False)
            if here and self.page is not None:
                self._fill(self.page)

        self._run("pool", self._open, page.page, on_done=loaded)

    def _open(self, page: SignedPage) -> Picture:
        return picture_of(self._load(page))

    # -- judging ------------------------------------------------------------------------------------------------

    def _judge(self, fault: Fault | None) -> None:
        page = self.page
        if page is None or page.judgement is not None or self._busy:
            return
        if fault is not None and fault.asks_note and not self.note.text().strip():
            self._waiting = fault
            self.note.setPlaceholderText("Ghi rõ lỗi rồi nhấn Enter")
            self.note.setFocus()
            return
        self._busy = True
        self.judged.emit(page, fault.id if fault is not None else "", self.note.text())

    def refused(self) -> None:
        """The judgement was not kept: the page may be judged again."""
        self._busy = False

    def _note_done(self) -> None:
        self.view.setFocus()
        self.note.setPlaceholderText("G  Ghi chú cho cán bộ")
        fault, self._waiting = self._waiting, None
        if fault is not None and self.note.text().strip():
            self._judge(fault)

    def leave_note(self) -> bool:
        """Esc in the words: back to the page, nothing is judged. False when the page has the keys already."""
        if not self.note.hasFocus():
            return False
        self._waiting = None
        self.note.setPlaceholderText("G  Ghi chú cho cán bộ")
        self.view.setFocus()
        return True

    # -- keys ---------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Arrows turn pages here; the view would scroll by them."""
        if watched is self.view and event.type() == event.Type.KeyPress and self._key(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.note.hasFocus() or not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        key, fault = event.key(), next((one for one in self._faults if one.key == event.text()), None)
        if key == Qt.Key.Key_Space:
            self._space()
        elif fault is not None:
            self._judge(fault)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.show_place(self._place + (1 if key == Qt.Key.Key_Right else -1))
        elif key == Qt.Key.Key_Backspace:
            self.undo_asked.emit()
        elif key == Qt.Key.Key_G:
            self.note.setFocus()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._progress is not None:
            if self._progress.verdict is not Verdict.OPEN:
                self.conclude_asked.emit()
        else:
            return False
        return True
