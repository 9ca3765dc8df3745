# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Page 1 with the mark on it, to be looked at, moved and agreed to.

Apart from the signing dialog because it asks another question, and must have its answer before the PIN is typed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from digitizer_desk.imaging.place import Placement
from digitizer_desk.steps.signatures.room import MarkRoom
from digitizer_desk.ui import theme
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.picture import as_image
from digitizer_desk.ui.widgets.signs import role_colour
from digitizer_desk.ui.widgets.status_line import StatusLine

_STEP_MM = 1.0
_FAR_MM = 10.0
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MarkedPage(QWidget):
    """Paints page 1 as large as it fits, and the mark as it will stand there.

    Signals:
        pointed(float, float): the page was pressed there; mm from its top left.
    """

    pointed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room: MarkRoom | None = None
        self._place: Placement | None = None
        self.setMinimumSize(300, 430)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(600, 520)

    def show_mark(self, room: MarkRoom, place: Placement) -> None:
        self._room, self._place = room, place
        self.update()

    def _sheet(self, room: MarkRoom) -> tuple[QRectF, float]:
        """Where the page is painted, and pixels a mm."""
        width, height = room.room.sheet_mm
        scale = min((self.width() - 2) / width, (self.height() - 2) / height)
        shown = QRectF(0, 0, width * scale, height * scale)
        shown.moveCenter(QPointF(self.rect().center()))
        return shown, scale

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._room is None or self._place is None:
            return
        room, place = self._room, self._place
        shown, scale = self._sheet(room)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.drawImage(shown, as_image(room.page))
        painter.setPen(QPen(role_colour("idle"), 1.0))
        painter.drawRect(shown)
        left, top = shown.left() + place.left_mm * scale, shown.top() + place.top_mm * scale
        box = QRectF(left, top, room.box_mm[0] * scale, room.box_mm[1] * scale)
        painter.setPen(QPen(role_colour("stop" if place.covers else "ok"), 2.0))
        painter.drawRect(box.adjusted(-2, -2, 2, 2))
        _write(painter, box, room.lines)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event)

    def _point(self, event: QMouseEvent) -> None:
        """The mark's middle goes where the mouse is."""
        if self._room is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        shown, scale = self._sheet(self._room)
        at = (event.position() - shown.topLeft()) / scale
        width, height = self._room.box_mm
        self.pointed.emit(at.x() - width / 2, at.y() - height / 2)


def _write(painter: QPainter, box: QRectF, lines: Sequence[str]) -> None:
    """The words of the mark, black as they will be on paper, as large as the box allows."""
    font = painter.font()
    font.setPixelSize(max(5, int(box.height() / (1.25 * max(1, len(lines))))))
    painter.setFont(font)
    widest = max(painter.fontMetrics().horizontalAdvance(line) for line in lines)
    if widest > box.width():
        font.setPixelSize(max(5, int(font.pixelSize() * box.width() / widest)))
        painter.setFont(font)
    painter.setPen(Qt.GlobalColor.black)
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, "\n".join(lines))


class PlaceSheet(QDialog):
    """Asks for one document after the other where its mark goes. Enter takes, Esc leaves; what was taken stays taken.

    A place that covers something must be agreed to twice.
    """

    def __init__(self, rooms: Sequence[MarkRoom], parent: QWidget | None = None) -> None:
        """``rooms`` is not empty."""
        super().__init__(parent)
        self._rooms = tuple(rooms)
        self._number = 0
        self._proposal = 0
        self._warned = False
        self.chosen: dict[str, Placement] = {}
        self.setWindowTitle("Chỗ đặt dấu ký")
        self.setMinimumWidth(680)
        theme.open_at(self, 700, 720)
        self.title = QLabel()
        self.title.setFont(theme.bold(self.font(), 1.2))
        self.title.setWordWrap(True)
        self.page = MarkedPage()
        self.page.pointed.connect(self._move_to)
        self.line = StatusLine()
        self.line.setMinimumHeight(2 * self.fontMetrics().lineSpacing())  # the page keeps its size whatever is said
        keys = QLabel("Phím mũi tên: dời 1 mm · Shift+mũi tên: dời 10 mm · Phím cách: chỗ gợi ý khác")
        keys.setWordWrap(True)
        self.leave = ActButton("Esc  Bỏ qua")
        self.take = ActButton("Enter  Đặt ở đâ&y", next_act=True)
        self.leave.clicked.connect(self.reject)
        self.take.clicked.connect(self._taken)
        for button in (self.leave, self.take):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # arrows, space and Enter belong to the page
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.page, 1)
        column.addWidget(self.line)
        column.addWidget(keys)
        column.addLayout(buttons)
        self._begin()

    @property
    def place(self) -> Placement:
        """Where the mark of the document shown stands now."""
        return self._place

    def _begin(self) -> None:
        room = self._rooms[self._number]
        count = f" ({self._number + 1}/{len(self._rooms)})" if len(self._rooms) > 1 else ""
        self.title.setText(f"{room.title}{count}")
        # when the corner has no room the first of the places that have is shown at once
        self._proposal = next((i for i, one in enumerate(room.proposals) if not one.covers), 0)
        self._show(room.proposals[self._proposal])

    def _show(self, place: Placement) -> None:
        self._place = place
        self._warned = False
        room = self._rooms[self._number]
        self.page.show_mark(room, place)
        where = f"Cách mép trái {place.left_mm:.0f} mm, mép trên {place.top_mm:.0f} mm."
        if place.covers:
            self.line.show_state("stop", f"Dấu đang che nội dung của trang. {where}")
        elif room.must_choose:
            self.line.show_state("ok", f"Góc trên trái không còn chỗ trống; chỗ này trống. {where}")
        else:
            self.line.show_state("ok", f"Chỗ này trống. {where}")
        self.page.setAccessibleName(f"Trang 1. {self.line.words}")

    def _move_to(self, left_mm: float, top_mm: float) -> None:
        self._show(self._rooms[self._number].at(left_mm, top_mm))

    def _next_proposal(self) -> None:
        proposals = self._rooms[self._number].proposals
        self._proposal = (self._proposal + 1) % len(proposals)
        self._show(proposals[self._proposal])

    def _taken(self) -> None:
        if self._place.covers and not self._warned:
            self._warned = True
            self.line.show_state("stop", "Dấu sẽ che nội dung của trang. Nhấn Enter lần nữa nếu vẫn đặt ở đây.")
            return
        self.chosen[self._rooms[self._number].component_id] = self._place
        if self._number + 1 == len(self._rooms):
            self.accept()
            return
        self._number += 1
        self._begin()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None:
            far = _FAR_MM if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP_MM
            self._move_to(self._place.left_mm + step[0] * far, self._place.top_mm + step[1] * far)
        elif event.key() == Qt.Key.Key_Space:
            self._next_proposal()
        elif event.key() in _ENTER:
            if not event.isAutoRepeat():
                self._taken()
        else:
            super().keyPressEvent(event)
