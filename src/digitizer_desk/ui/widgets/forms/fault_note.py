# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A refusal in place: what happened, why, what to do, beside the field it is about.

Apart because every form says its failures in the same three lines, and never in a window of its own.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from digitizer_desk.errors import DeskError, error
from digitizer_desk.messages import Message, words
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.status_line import announce


class FaultNote(QWidget):
    """Hidden until it has something to say; ``clear`` hides it again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._message: Message | None = None
        self._icon = QLabel()
        self._what = QLabel()
        self._rest = QLabel()
        font = self._what.font()
        font.setBold(True)
        self._what.setFont(font)
        column = QVBoxLayout()
        column.setSpacing(2)
        for label in (self._what, self._rest):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        self.hide()

    @property
    def words(self) -> str:
        """All that is said, '' while nothing is."""
        return str(self._message) if self._message is not None else ""

    def show_fault(self, fault: DeskError) -> None:
        """Say what a failure means; also spoken to screen readers."""
        self.show_message(words(fault))

    def show_message(self, message: Message) -> None:
        """Say three lines of one's own."""
        self._message = message
        self._what.setText(message.what)
        self._rest.setText("\n".join(line for line in (message.why, message.do) if line))
        self.setAccessibleName(str(message))
        self._tint()
        self.show()
        announce(self, str(message), urgent=True)

    def clear(self) -> None:
        """Say nothing."""
        self._message = None
        self.setAccessibleName("")
        self.hide()

    def _tint(self) -> None:
        colour = signs.role_colour("stop")
        self._icon.setPixmap(signs.pixmap("x", self.fontMetrics().height(), colour, self.devicePixelRatioF()))
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self._what.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._what.setPalette(QPalette())
            self._tint()


def fault_of(problem: BaseException) -> DeskError:
    """The failure to be shown for whatever a step raised: a bug has words as well."""
    return problem if isinstance(problem, DeskError) else error("program.bug", type(problem).__name__, number="0000")
