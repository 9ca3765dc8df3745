# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The frame around every screen: header, banner, key bar, status strip.

Apart from the main window, which decides what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from digitizer_desk.dossier.finding import Finding
from digitizer_desk.ui import theme
from digitizer_desk.ui.commands import BY_ID, Command
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.buttons import HEIGHT, ActButton

#: px in the key bar: between two buttons, beside and above them; the width it lays them for before it has one
_GAP, _EDGE, _ABOVE, _SCREEN = 8, 12, 6, 1366


class Ground(QFrame):
    """A filled strip in the colour of a role; repaints itself when the palette changes."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setAutoFillBackground(True)
        self._fill()

    @property
    def role(self) -> str:
        return self._role

    def set_role(self, role: str) -> None:
        if role != self._role:
            self._role = role
            self._fill()

    def _fill(self) -> None:
        back, front = theme.ground(self._role)
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Window, back)
        palette.setColor(QPalette.ColorRole.WindowText, front)
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()


class Header(Ground):
    """Which dossier lies on the desk and at which step it is. Green when everything has arrived."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("work", parent)
        self._what = QLabel()
        self._what.setFont(theme.bold(self.font(), 1.07))
        self._what.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._step = QLabel()
        self._step.setFont(theme.bold(self.font(), 1.07))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.addWidget(self._what, 1)
        row.addWidget(self._step)
        self._full = ""
        self._grow()

    def _grow(self) -> None:
        self.setFixedHeight(max(44, round(1.07 * self.fontMetrics().lineSpacing()) + 8))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow()

    def show_words(self, what: str, step: str = "", role: str = "work") -> None:
        """``what`` is cut with an ellipsis when the window is narrow, the step never."""
        self.set_role(role)
        self._full = what
        self._step.setText(step)
        self.setAccessibleName(f"{what}. {step}")
        self._fit()

    def words(self) -> str:
        return f"{self._full} {self._step.text()}".strip()

    def _fit(self) -> None:
        room = self.width() - self._step.sizeHint().width() - 48
        metrics = self._what.fontMetrics()
        self._what.setText(metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, max(100, room)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class TrainingBand(Ground):
    """A band over the whole window that no one can take for a real desk."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("training", parent)
        text = QLabel("TẬP HUẤN — máy quét, token và tỉnh đều là mô phỏng; không có giá trị pháp lý")
        text.setFont(theme.bold(self.font()))
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.addWidget(text)
        self.setAccessibleName(text.text())


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the banner. ``rank`` decides which of several is shown (stop before mind before work …)."""

    role: str
    text: str
    act: str = ""  # id of the command that helps
    finding: Finding | None = None  # what it rests on, for F1
    answers: bool = False  # a key just pressed: it is shown for a moment whatever else stands there

    @property
    def rank(self) -> int:
        return ("stop", "mind", "work", "ok", "idle").index(self.role)


class Banner(Ground):
    """The one worst message, how many more there are, and the key that helps. Empty: takes no attention.

    Signals:
        act_asked(str): id of a command.
    """

    act_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("idle", parent)
        self._fit()
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._more = QLabel()
        self._button = ActButton()
        self._button.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._more)
        row.addWidget(self._button)
        self._notices: tuple[Notice, ...] = ()
        self._passing: Notice | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._passed)
        self._standing: tuple[Notice | None, int] | None = None  # what is shown, and how many more there are
        self._show()

    def _fit(self) -> None:
        """Room for two lines of any size of type, so that nothing below moves when words get longer."""
        self.setFixedHeight(max(52, 2 * self.fontMetrics().lineSpacing() + 12))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
        elif event.type() == QEvent.Type.PaletteChange and hasattr(self, "_standing"):
            self._standing = None  # every colour is another
            self._show()

    def show_notices(self, notices: Sequence[Notice]) -> None:
        """What is true now; the worst is shown."""
        self._notices = tuple(sorted(notices, key=lambda n: n.rank))
        self._show()

    def flash(self, notice: Notice, seconds: float = 4.0) -> None:
        """A message that passes by itself, unless something worse stands there."""
        self._passing = notice
        self._timer.start(round(seconds * 1000))
        self._show()

    def clear(self) -> None:
        """Nothing to say, nothing left over."""
        self._passing, self._notices = None, ()
        self._show()

    def _passed(self) -> None:
        self._passing = None
        self._show()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Everything that holds now, the message shown first."""
        first = self.shown
        return () if first is None else (first, *(n for n in self._notices if n.text != first.text))

    @property
    def shown(self) -> Notice | None:
        """The message now shown."""
        worst = self._notices[0] if self._notices else None
        passing = self._passing
        # an answer to a key just pressed is always shown; good news only where nothing else has to be said
        if passing is not None and (
            worst is None or passing.answers or passing.role in ("stop", "mind") or passing.rank <= worst.rank
        ):
            return passing
        return worst

    def _show(self) -> None:
        notice = self.shown
        others = len(self._notices) - (1 if notice in self._notices else 0)
        if self._standing == (notice, others):
            return
        self._standing = (notice, others)
        if notice is None:
            self.set_role("idle")
            self.setVisible(False)
            return
        self.setVisible(True)
        self.set_role(notice.role)
        front = theme.ground(notice.role)[1]
        sign = {"ok": "check", "mind": "alert", "stop": "x", "work": "play", "idle": "info"}[notice.role]
        self._icon.setPixmap(signs.pixmap(sign, 22, front, self.devicePixelRatioF()))
        self._text.setText(notice.text)
        self.setAccessibleName(notice.text)
        self._more.setText(f"+{others}" if others > 0 else "")
        command = BY_ID.get(notice.act)
        self._button.setVisible(command is not None)
        if command is not None:
            self._button.setText(f"{command.keys[0]}  {command.name}")
            self._button.setAccessibleName(command.name)

    def _ask(self) -> None:
        notice = self.shown
        if notice is not None and notice.act:
            self.act_asked.emit(notice.act)


class KeyBar(QFrame):
    """The commands of this screen as big buttons with their keys; the next step is filled.

    Signals:
        asked(str): id of a command.
    """

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.buttons: dict[str, QPushButton] = {}
        self._commands: tuple[Command, ...] = ()
        self._state: tuple[str, frozenset[str], tuple[tuple[str, str], ...]] = ("", frozenset(), ())

    def show_commands(
        self,
        commands: Sequence[Command],
        *,
        next_id: str,
        off: frozenset[str] = frozenset(),
        renamed: dict[str, str] | None = None,
    ) -> None:
        """Rebuild only when something changed: buttons never move under a hand."""
        state = (next_id, off, tuple(sorted((renamed or {}).items())))
        if tuple(commands) == self._commands and state == self._state:
            return
        self._commands, self._state = tuple(commands), state
        for old in self.buttons.values():
            old.hide()
            old.deleteLater()
        self.buttons = {}
        for command in commands:
            words = (renamed or {}).get(command.id) or f"{command.keys[0]}  {command.bar}"
            button = ActButton(words, next_act=command.id == next_id)
            button.setMinimumHeight(HEIGHT + 4)
            button.setEnabled(command.id not in off)
            button.setToolTip(f"{command.name} ({command.keys[0]}): {command.help}")
            button.setAccessibleName(command.name)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self._asking(command.id))
            button.setParent(self)
            button.show()
            self.buttons[command.id] = button
        self._lay()

    def _lines(self) -> list[list[QPushButton]]:
        """As many lines as the type wants, with the same number of buttons each: one at 100 %."""
        buttons = list(self.buttons.values())
        room = (self.width() if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else _SCREEN) - 2 * _EDGE
        lines = 1
        while lines < len(buttons) and any(_needs(line) > room for line in _split(buttons, lines)):
            lines += 1
        return _split(buttons, lines)

    def _lay(self) -> None:
        """Place the buttons by hand: a layout would have to be taken apart whenever the number of lines changes."""
        lines = self._lines()
        high = max((max(b.minimumHeight(), b.sizeHint().height()) for b in self.buttons.values()), default=0)
        self.setFixedHeight(2 * _ABOVE + len(lines) * high + _GAP * max(0, len(lines) - 1))
        room = self.width() - 2 * _EDGE
        for row, line in enumerate(lines):
            left = _EDGE
            for button, wide in zip(line, _widths(line, room - _GAP * (len(line) - 1)), strict=True):
                button.setGeometry(left, _ABOVE + row * (high + _GAP), wide, high)
                left += wide + _GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._lay()

    def minimumSizeHint(self) -> QSize:
        """Any width that holds the broadest button: the others go on in the next line."""
        broad = max((button.minimumSizeHint().width() for button in self.buttons.values()), default=0)
        return QSize(broad + 2 * _EDGE, self.minimumHeight())

    def _asking(self, command_id: str) -> Callable[[], None]:
        return lambda: self.asked.emit(command_id)


def _split(buttons: Sequence[QPushButton], lines: int) -> list[list[QPushButton]]:
    """In this number of lines, as evenly as it goes, the longer ones first."""
    each, more = divmod(len(buttons), lines)
    ends = [0]
    for line in range(lines):
        ends.append(ends[-1] + each + (1 if line < more else 0))
    return [list(buttons[start:end]) for start, end in pairwise(ends)]


def _needs(line: Sequence[QPushButton]) -> int:
    return sum(button.minimumSizeHint().width() for button in line) + _GAP * (len(line) - 1)


def _widths(line: Sequence[QPushButton], room: int) -> list[int]:
    """All alike, the next act twice as broad, none narrower than its words."""
    shares = [2 if isinstance(button, ActButton) and button.next_act else 1 for button in line]
    widths = [button.minimumSizeHint().width() for button in line]
    narrow = set(range(len(line)))  # those whose share is more than their words need
    while narrow:
        left = room - sum(widths[at] for at in range(len(line)) if at not in narrow)
        unit = max(0, left) / sum(shares[at] for at in narrow)
        broad = {at for at in narrow if widths[at] > unit * shares[at]}
        if not broad:
            for at in narrow:
                widths[at] = int(unit * shares[at])
            break
        narrow -= broad
    return widths
