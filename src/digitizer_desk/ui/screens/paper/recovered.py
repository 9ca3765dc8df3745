# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages a cut left whole but without a place: each is looked at, then put where it belongs, or aside.

Apart from the tray of files: these were scanned for a dossier that is known, so Enter puts all of them back at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.steps.tidy import Stray
from digitizer_desk.ui import theme
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.screens.tray import asked
from digitizer_desk.ui.widgets.buttons import ActButton
from digitizer_desk.ui.widgets.forms.preview import SheetPreview
from digitizer_desk.ui.widgets.panels.wrap_row import WrapRow

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RecoveredDialog(QDialog):
    """Stays open until every page has a place or the clerk leaves; who joins it says what is left.

    Signals:
        back_asked(object): tuple of Stray, to be put where they were scanned for.
        here_asked(object): a Stray, into the component that lies open.
        aside_asked(object): a Stray, among the pages taken out of its dossier.
    """

    back_asked = Signal(object)
    here_asked = Signal(object)
    aside_asked = Signal(object)

    def __init__(
        self,
        strays: Sequence[Stray],
        here: str,
        preview: Callable[[Stray], NDArray[np.uint8]],
        run: Run,
        parent: QWidget | None = None,
    ) -> None:
        """``here``: title of the component that lies open, '' when none does. ``preview`` runs on the pool lane."""
        super().__init__(parent)
        self.setWindowTitle("Trang đã khôi phục")
        self.resize(940, 640)
        self._preview, self._here = preview, here
        self.strays: tuple[Stray, ...] = ()
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setFont(theme.bold(self.font()))
        self.list = QListWidget()
        self.list.setAccessibleName("Trang chưa xếp vào hồ sơ")
        self.list.setMinimumWidth(360)
        self.list.setSpacing(4)
        self.list.setWordWrap(True)
        self.paper = SheetPreview(run, "Trang đang chọn")
        self.aside, self.later = ActButton("Del  Bỏ trang này"), ActButton("Esc  Để sau")
        self.one = ActButton("Shift+Enter  Chỉ xếp trang này")
        self.here = ActButton("Ctrl+Enter  Xếp vào phần đang mở")
        self.here.setToolTip(f"Xếp trang này vào «{here}»")
        self.here.setVisible(bool(here))
        self.all = ActButton(next_act=True)
        self._arrange()
        self.all.clicked.connect(self._put_all_back)
        self.one.clicked.connect(self._put_one_back)
        self.here.clicked.connect(self._put_here)
        self.aside.clicked.connect(self._put_aside)
        self.later.clicked.connect(self.reject)
        self.list.currentRowChanged.connect(self._show)
        self.show_strays(strays)
        self.list.setFocus()

    def _arrange(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.list)
        middle.addWidget(self.paper, 1)
        row = WrapRow()
        row.add(self.aside)
        row.push()
        for button in (self.later, self.here, self.one, self.all):
            row.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self.told)
        column.addLayout(middle, 1)
        column.addWidget(row)

    def show_strays(self, strays: Sequence[Stray], refused: str = "") -> None:
        """What still has no place; ``refused`` says why something could not be done. None left: closes itself."""
        self.strays = tuple(strays)
        if not self.strays:
            self.accept()
            return
        row = max(0, self.list.currentRow())
        self.told.setText(
            refused
            or f"Máy tắt đột ngột khi đang quét: {len(self.strays)} trang còn nguyên nhưng chưa nằm trong hồ sơ nào."
        )
        self.list.blockSignals(True)
        self.list.clear()
        for number, stray in enumerate(self.strays, start=1):
            item = QListWidgetItem(line_of(number, stray))
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, len(self.strays) - 1))
        self.list.blockSignals(False)
        self.all.setText(f"Enter  Xếp tất cả {len(self._placed)} trang vào hồ sơ")
        self.all.setEnabled(bool(self._placed))
        self._show(self.list.currentRow())

    @property
    def _placed(self) -> tuple[Stray, ...]:
        """Those whose dossier is here."""
        return tuple(stray for stray in self.strays if stray.dossier_id)

    def chosen(self) -> Stray | None:
        row = self.list.currentRow()
        return self.strays[row] if 0 <= row < len(self.strays) else None

    def _show(self, _row: int) -> None:
        stray = self.chosen()
        for button in (self.one, self.aside):
            button.setEnabled(stray is not None and bool(stray.dossier_id))
        if stray is not None:
            self.paper.show_sheet(self._preview, stray)

    def _put_all_back(self) -> None:
        if self._placed:
            self.back_asked.emit(self._placed)

    def _put_one_back(self) -> None:
        stray = self.chosen()
        if stray is not None and stray.dossier_id:
            self.back_asked.emit((stray,))

    def _put_here(self) -> None:
        stray = self.chosen()
        if stray is not None and self._here:
            self.here_asked.emit(stray)

    def _put_aside(self) -> None:
        stray = self.chosen()
        if stray is not None and stray.dossier_id and aside_asked(stray, self):
            self.aside_asked.emit(stray)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ENTERS:
            if modifiers == Qt.KeyboardModifier.ControlModifier:
                self._put_here()
            elif modifiers == Qt.KeyboardModifier.ShiftModifier:
                self._put_one_back()
            elif not modifiers:
                self._put_all_back()
        elif event.key() == Qt.Key.Key_Delete:
            self._put_aside()
        else:
            super().keyPressEvent(event)


def line_of(number: int, stray: Stray) -> str:
    """When it was scanned and for what."""
    at = stray.page.scanned_at.astimezone(VIETNAM)
    again = " · quét lại" if stray.page.replaces else ""
    where = f"«{stray.title}»\nHồ sơ {stray.dossier_code}" if stray.dossier_id else "Hồ sơ không có trên máy này"
    return f"{number}. Quét lúc {at:%H:%M ngày %d/%m/%Y}{again}\n{where}"


def aside_asked(stray: Stray, parent: QWidget) -> bool:
    """Leave it out? Journaled, and it stays in reach; not to do it is what Enter means."""
    at = stray.page.scanned_at.astimezone(VIETNAM)
    return asked(
        parent,
        f"Bỏ trang quét lúc {at:%H:%M ngày %d/%m/%Y}?\n\nTrang vẫn được giữ: mở hồ sơ {stray.dossier_code}, "
        "nhấn Ctrl+Del để xem và lấy lại.",
        "Bỏ trang",
        "Giữ lại",
    )
