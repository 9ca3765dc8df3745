# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The data of a component (TT 01/2023 Điều 9): one box a field, its problem under it, saved as it is typed.

Apart from the counter because a form has its own keys: Enter goes to the next box that still wants something.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import Field, FieldSource
from digitizer_desk.rules.fields import FieldProblem
from digitizer_desk.rules.regulation import FieldRule
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets import signs

#: what was typed is saved this long after the last key
_SAVE_MS = 500


class HintLine(QLabel):
    """What is to be known about the box one stands in. Room for the longest is kept: nothing moves when it speaks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setContentsMargins(12, 4, 12, 6)
        self._hints: tuple[str, ...] = ()

    def set_rules(self, rules: Sequence[FieldRule]) -> None:
        """All that may have to be said here."""
        self._hints = tuple(rule.hint for rule in rules if rule.hint)
        self._fit()

    def _fit(self) -> None:
        """As high as the longest hint is in this width."""
        margins = self.contentsMargins()
        room = QRect(0, 0, max(1, self.width() - margins.left() - margins.right()), 10_000)
        measure, how = self.fontMetrics().boundingRect, int(Qt.TextFlag.TextWordWrap)
        highest = max((measure(room, how, hint).height() for hint in self._hints), default=0)
        self.setFixedHeight(highest + margins.top() + margins.bottom() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class FieldForm(QScrollArea):
    """Boxes for the fields of a regulation.

    Signals:
        edited(object): tuple of Field, half a second after the last key and on leaving a box.
        accept_asked(): Enter in the last box.
        hint_asked(str): what the regulation says about the box one stands in; '' when in none.
    """

    edited = Signal(object)
    accept_asked = Signal()
    hint_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("Dữ liệu của thành phần")
        self._boxes: dict[str, QLineEdit] = {}
        self._notes: dict[str, QLabel] = {}
        self._rows: dict[str, QWidget] = {}
        self._rules: tuple[FieldRule, ...] = ()
        self._sources: dict[str, FieldSource] = {}
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self._save)
        self._dirty = False

    def set_rules(self, rules: Sequence[FieldRule]) -> None:
        """The fields to ask for; the boxes are made anew only when these change."""
        if tuple(rules) == self._rules:
            return
        self._rules = tuple(rules)
        self._boxes, self._notes, self._rows = {}, {}, {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(7)
        for rule in self._rules:
            label = QLabel(rule.label + (" *" if rule.required else ""))
            label.setWordWrap(True)  # a name of the law must not push the boxes past the edge of a narrow column
            box = QLineEdit()
            box.setMinimumHeight(32)
            theme.inset(box)
            box.setToolTip(rule.hint)  # no placeholder: the words of the law are longer than any box
            box.setAccessibleName(rule.label)
            box.setAccessibleDescription(rule.hint)
            box.textEdited.connect(self._typed)
            box.editingFinished.connect(self._save)
            box.installEventFilter(self)
            label.setBuddy(box)
            note = QLabel()
            note.setWordWrap(True)
            note.setVisible(False)
            row = QWidget()
            inner = QVBoxLayout(row)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(2)
            for widget in (label, box, note):
                inner.addWidget(widget)
            column.addWidget(row)
            self._boxes[rule.name], self._notes[rule.name], self._rows[rule.name] = box, note, row
        column.addStretch(1)
        self.setWidget(inside)

    def show_fields(self, fields: Sequence[Field], visible: Sequence[str] | None = None) -> None:
        """Fill the boxes; those not ``visible`` are hidden (a substitute that is not wanted)."""
        self._timer.stop()
        self._dirty = False
        for field in fields:
            box = self._boxes.get(field.name)
            if box is not None:
                self._sources[field.name] = field.source
                if box.text() != field.value:
                    box.setText(field.value)
                box.setCursorPosition(0)
        for name, row in self._rows.items():
            row.setVisible(visible is None or name in visible)
            self._notes[name].setVisible(False)

    def set_open(self, is_open: bool) -> None:
        """Closed while the signature has to come first (R23): shown in grey."""
        for box in self._boxes.values():
            box.setReadOnly(not is_open)
            box.setEnabled(is_open)

    def save_now(self) -> None:
        """Hand out what was typed and not yet saved: another component is about to be shown in these boxes."""
        self._save()

    def values(self) -> dict[str, str]:
        return {name: box.text() for name, box in self._boxes.items()}

    def sources(self) -> dict[str, FieldSource]:
        return dict(self._sources)

    def show_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Words under the boxes they belong to."""
        worst: dict[str, FieldProblem] = {}
        for problem in problems:
            if problem.name not in worst or problem.severity is Severity.FAULT:
                worst[problem.name] = problem
        for name, note in self._notes.items():
            found = worst.get(name)
            note.setVisible(found is not None)
            if found is not None:
                note.setText(found.words)
                palette = QPalette(self.palette())
                role = "stop" if found.severity is Severity.FAULT else "mind"
                palette.setColor(QPalette.ColorRole.WindowText, signs.role_colour(role))
                note.setPalette(palette)

    def focus_first_open(self, problems: Sequence[FieldProblem] = ()) -> None:
        """Into the first box that still wants something, else the first one."""
        wanted = {p.name for p in problems if p.severity is Severity.FAULT}
        order = [r.name for r in self._rules if self._boxes[r.name].isVisibleTo(self)]
        empty = [n for n in order if n in wanted] or [
            r.name for r in self._rules if r.required and r.name in order and not self._boxes[r.name].text()
        ]
        name = (empty or order[:1] or [""])[0]
        if name:
            self._boxes[name].setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.ensureWidgetVisible(self._boxes[name])

    def _typed(self, _text: str) -> None:
        box = self.sender()
        for name, known in self._boxes.items():
            if known is box:
                self._sources[name] = FieldSource.TYPED
        self._dirty = True
        self._timer.start()

    def _save(self) -> None:
        self._timer.stop()
        if not self._dirty:
            return
        self._dirty = False
        self.edited.emit(
            tuple(
                Field(name, box.text(), self._sources.get(name, FieldSource.TYPED)) for name, box in self._boxes.items()
            )
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut) and isinstance(watched, QLineEdit):
            self.hint_asked.emit(watched.toolTip() if event.type() is QEvent.Type.FocusIn else "")
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._next(watched)
                return True
        return super().eventFilter(watched, event)

    def _next(self, box: QObject) -> None:
        """To the next empty required box after this one; past the last: accept."""
        self._save()
        names = [r for r in self._rules if self._boxes[r.name].isVisibleTo(self)]
        here = next((i for i, r in enumerate(names) if self._boxes[r.name] is box), 0)
        for rule in names[here + 1 :]:
            if rule.required and not self._boxes[rule.name].text():
                self._boxes[rule.name].setFocus(Qt.FocusReason.TabFocusReason)
                self.ensureWidgetVisible(self._boxes[rule.name])
                return
        self.accept_asked.emit()
