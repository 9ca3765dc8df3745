# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The status strip at the foot of every window: fixed places that share the room there is.

Apart from the frame's other parts because it alone stays while everything above it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from digitizer_desk.ui.widgets import signs

#: px: the most one place takes at 100 %, the edges of the strip, the gap between two places
_PLACE, _EDGE, _GAP = 300, 12, 18
#: px of a place beside its words: sign and padding
_BESIDE = 40
#: px the strip can be narrowed to
_LEAST = 640


class StatusStrip(QFrame):
    """Four fixed places: scanner, token, network and outbox, saved; and who is working.

    Signals:
        place_asked(str): scanner, token, outbox or officer.
    """

    place_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(_EDGE, 0, _EDGE, 2)
        row.setSpacing(_GAP)
        self._places: dict[str, QPushButton] = {}
        self._states: dict[str, tuple[str, str, str]] = {}
        for name in ("scanner", "token", "outbox", "officer", "saved"):
            button = QPushButton()
            button.setFlat(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(self._asking(name))
            if name == "officer":
                row.addStretch(1)
            row.addWidget(button)
            self._places[name] = button
        self._grow()

    def _asking(self, name: str) -> Callable[[], None]:
        return lambda: self.place_asked.emit(name)

    def _grow(self) -> None:
        self.setFixedHeight(max(34, self.fontMetrics().lineSpacing() + 6))

    def show_state(self, place: str, role: str, words: str, sign: str = "") -> None:
        """Change one place; nothing blinks."""
        if self._states.get(place) == (role, words, sign):
            return
        self._states[place] = (role, words, sign)
        button = self._places[place]
        button.setAccessibleName(words)
        button.setIcon(signs.icon(sign or signs.role_sign(role), signs.role_colour(role)))
        self._fit()

    def _fit(self) -> None:
        """Whole words where all of them have room; else the longest are cut, and told by a tip."""
        shown = {place: words for place, (_role, words, _sign) in self._states.items() if words}
        metrics = self.fontMetrics()
        wide = [min(_PLACE, metrics.horizontalAdvance(words)) for words in shown.values()]
        room = self.width() - 2 * _EDGE - _GAP * len(self._places) - _BESIDE * len(shown)
        most = _most(wide, room) if self.testAttribute(Qt.WidgetAttribute.WA_Resized) else _PLACE
        for place, words in shown.items():
            button = self._places[place]
            short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, most)
            if button.text() != short:
                button.setText(short)
            button.setToolTip(words if short != words else "")

    def words(self, place: str) -> str:
        return self._states.get(place, ("", "", ""))[1]

    def role(self, place: str) -> str:
        """ok, mind, stop, work or idle; '' while nothing is known."""
        return self._states.get(place, ("",))[0]

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._grow()
            self._fit()
        elif event.type() == QEvent.Type.PaletteChange:
            for place, (role, _words, sign) in self._states.items():
                self._places[place].setIcon(signs.icon(sign or signs.role_sign(role), signs.role_colour(role)))


def _most(wide: Sequence[int], room: int) -> int:
    """The most px each may take so that all together fit into ``room``: short ones leave theirs to long ones."""
    left, waiting = room, sorted(wide)
    while waiting and waiting[0] * len(waiting) <= left:
        left -= waiting.pop(0)
    return _PLACE if not waiting else max(0, left // len(waiting))
