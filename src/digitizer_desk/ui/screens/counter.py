# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The counter: components on the left, pages in the middle, data on the right. Shows; asks the window to act.

Apart from the main window, which runs the steps: this screen only shows values and says what the clerk wants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from digitizer_desk.dossier.batch import Half
from digitizer_desk.dossier.model import Channel, Component, Dossier, Field, Page
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.dossier.stage import halves, next_half, stage, waits_for_backs
from digitizer_desk.rules.fields import Gaps
from digitizer_desk.rules.regulation import Procedure, ProcedureComponent, Regulation
from digitizer_desk.ui import theme
from digitizer_desk.ui.models import advice, came_as_file
from digitizer_desk.ui.models.components import ComponentLine, line
from digitizer_desk.ui.models.counting import must_count_again, standing_words, turn_steps
from digitizer_desk.ui.models.pages import PAGE, PageDelegate, PageModel
from digitizer_desk.ui.models.signing import Run
from digitizer_desk.ui.widgets.component_list import ComponentList
from digitizer_desk.ui.widgets.field_form import FieldForm, HintLine
from digitizer_desk.ui.widgets.forms.drop_down import DropDown
from digitizer_desk.ui.widgets.forms.sides_box import SidesBox
from digitizer_desk.ui.widgets.panels.titled import titled
from digitizer_desk.ui.widgets.status_line import StatusLine
from digitizer_desk.ui.widgets.work_line import TurnCard, WorkLine

#: px at 100 %: three columns between the two sides at 1366
PAGE_WIDTH = 166


class Counter(QWidget):
    """The screen a clerk keeps open all day.

    Signals:
        component_chosen(str), page_chosen(), page_opened(str), form_chosen(str), sides_declared(int),
        sides_counted(int) (typed after a count that was not proved), fields_edited(object), accept_asked().
    """

    component_chosen = Signal(str)
    page_chosen = Signal()
    page_opened = Signal(str)
    form_chosen = Signal(str)
    sides_declared = Signal(int)
    sides_counted = Signal(int)
    fields_edited = Signal(object)
    accept_asked = Signal()

    def __init__(
        self, run: Run, make_thumbnail: Callable[[Page, int], NDArray[np.uint8]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._dossier: Dossier | None = None
        self._law: Regulation | None = None
        self._procedure: Procedure | None = None
        self.current = ""
        self.scanning = ""
        self._gaps: Mapping[str, Gaps] = {}
        self._counted: tuple[str, int | None, bool] = ("", None, False)
        self._showing = False
        self._offered: tuple[object, ...] = ()
        self.components = ComponentList()
        self.components.chosen.connect(self.component_chosen)
        self.model = PageModel(run, make_thumbnail, self)
        self.pages = self._page_list()
        self.set_page_width(PAGE_WIDTH, self.devicePixelRatioF())
        self.form = FieldForm()
        self.form.edited.connect(self.fields_edited)
        self.form.accept_asked.connect(self.accept_asked)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(titled("THÀNH PHẦN HỒ SƠ", self.components))
        split.addWidget(self._middle())
        self.hint = HintLine()
        self.form.hint_asked.connect(self.hint.setText)
        self._data = titled("DỮ LIỆU", self.form, self.hint)
        split.addWidget(self._data)
        split.setSizes([300, 740, 326])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _page_list(self) -> QListView:
        view = QListView()
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setSpacing(4)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setAccessibleName("Các trang đã quét")
        view.setModel(self.model)
        view.selectionModel().currentChanged.connect(lambda *_: None if self._showing else self.page_chosen.emit())
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.activated.connect(lambda index: self.page_opened.emit(index.data(PAGE).id))
        return view

    def _middle(self) -> QWidget:
        box = QWidget()
        self.title = QLabel()
        self.title.setFont(theme.bold(self.font(), 1.07))
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.title.setMinimumWidth(PAGE_WIDTH)
        self.forms = DropDown()
        self.forms.setAccessibleName("Hình thức nộp")
        self.forms.setMinimumHeight(34)
        # as broad as a usual form: the longest of the list would leave no room for the name of the paper
        self.forms.setSizeAdjustPolicy(DropDown.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.forms.setMinimumContentsLength(18)
        self.forms.setMinimumWidth(PAGE_WIDTH)  # large type on a small screen takes from it first
        self.forms.activated.connect(lambda row: self.form_chosen.emit(self.forms.itemData(row)))
        self.sides = SidesBox(self.pages, self.components)
        self.sides.lineEdit().returnPressed.connect(self._sides_entered)
        self.sides.editingFinished.connect(self._sides_left)
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self.title, 1)
        row.addWidget(self.forms)
        self.sides_label = QLabel("Giấy:")
        self.sides_label.setBuddy(self.sides)
        row.addWidget(self.sides_label)
        row.addWidget(self.sides)
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setFont(theme.bold(self.font(), 1.2))
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        self.work_line, self.turn_card = WorkLine(), TurnCard()
        column.addWidget(self.work_line)
        column.addWidget(self.turn_card)
        column.addWidget(self.empty, 1)
        column.addWidget(self.pages, 1)
        self.size_line = StatusLine()
        self.size_line.setContentsMargins(12, 4, 12, 6)
        self.size_line.hide()
        column.addWidget(self.size_line)
        return box

    def show_size(self, role: str, words: str) -> None:
        """What the file of the chosen component weighs; nothing while '' ."""
        self.size_line.setVisible(bool(words))
        self.size_line.show_state(role, words)

    def _sides_entered(self) -> None:
        """Enter: the number shown is what the clerk counted, also when it was only proposed."""
        if self.sides.value() > 0:
            (self.sides_counted if self._again() else self.sides_declared).emit(self.sides.value())

    def _again(self) -> bool:
        """Whether the number must be counted and typed anew: none is proposed then."""
        return self.component is not None and must_count_again(self.component)

    def ask_sides(self) -> None:
        """Into the box of sides: that number is what is wanted next."""
        self.sides.begin()

    def _sides_left(self) -> None:
        """Leaving the box keeps what was typed; a mere proposal stays one."""
        component = self.component
        before = component.declared if component is not None else None
        if self._again():
            return  # a second count is given by Enter alone, never by walking past
        if self.sides.value() > 0 and self.sides.value() != (before or self._proposed()):
            self.sides_declared.emit(self.sides.value())

    def _proposed(self) -> int:
        """The sides such a paper usually has, to be confirmed by counting; 0 when nobody knows."""
        part = self._part()
        return part.sides or 0 if part is not None else 0

    def _part(self) -> ProcedureComponent | None:
        component = self.component
        parts = self._procedure.components if self._procedure is not None else ()
        return next((p for p in parts if component is not None and p.code == component.code), None)

    # -- what is shown -------------------------------------------------------------------------------------------

    def show_dossier(self, dossier: Dossier, law: Regulation, procedure: Procedure | None) -> None:
        """Show this dossier, or what has become of the one shown."""
        self._law, self._procedure = law, procedure
        self.form.set_rules(law.fields)
        self.hint.set_rules(law.fields)
        if self._dossier is None or dossier.id != self._dossier.id:
            self.form.save_now()
            self.current = dossier.components[0].id
        self._dossier = dossier
        self._show()

    def show_component(self, component_id: str) -> None:
        self.form.save_now()  # while ``current`` is still the component it was typed for
        self.current = component_id
        self._show()

    def show_scanning(self, component_id: str) -> None:
        """Which component is being scanned into; '' when none."""
        self.scanning = component_id
        if self._dossier is not None:
            self._show()

    @property
    def component(self) -> Component | None:
        return self._dossier.component(self.current) if self._dossier is not None and self.current else None

    @property
    def lines(self) -> tuple[ComponentLine, ...]:
        if self._dossier is None or self._law is None:
            return ()
        law, gaps = self._law, self._gaps
        parts = self._dossier.components
        return tuple(line(c, law, scanning=c.id == self.scanning, gaps=gaps.get(c.id)) for c in parts)

    def show_gaps(self, gaps: Mapping[str, Gaps]) -> None:
        """What the data of the components lack, by component."""
        self._gaps = gaps
        self.components.show_lines(self.lines, self.current)

    def _show(self) -> None:
        component, law = self.component, self._law
        if component is None or law is None:
            return
        self.components.show_lines(self.lines, self.current)
        self.title.setText(f"{component.number}  {component.title}")
        self.title.setToolTip(" · ".join(filter(None, (component.title, came_as_file.describe(component)))))
        self._show_forms(component, law)
        self.sides.blockSignals(True)
        again = self._again()
        counted = (component.id, component.expected, again)
        if counted != self._counted:  # a page that comes in must not wipe a number that is being typed
            self._counted = counted
            self.sides.setValue(0 if again else component.expected or self._proposed())
        usual = not component.expected and self._proposed()
        self.sides_label.setText("Đếm lại giấy:" if again else "Giấy, thường là:" if usual else "Giấy:")
        self.sides.blockSignals(False)
        may_scan = law.may_scan(component) and component.not_digitised is None and not component.is_reused
        self.sides.setEnabled(may_scan and component.file is None)
        self._show_pages(component)
        has_pages = bool(component.pages)
        if not has_pages and self.window().focusWidget() is self.pages:  # also while a dialog has the keys
            self.components.setFocus()  # else they go to whatever stands next, a button among it
        self.pages.setVisible(has_pages)
        self.empty.setVisible(not has_pages)
        self.empty.setText(self._empty_words(component, law))
        self.work_line.setVisible(may_scan)
        self.work_line.show_count(*standing_words(component))
        self._show_turning(component)

    def _show_pages(self, component: Component) -> None:
        """The page that was chosen stays so; where it was taken out, the one that came into its place."""
        chosen = self.selected_id()
        self._showing = True
        self.model.set_pages(component.pages)
        if self.model.row_of(chosen) >= 0 or not self.pages.currentIndex().isValid():
            self.select(chosen)
        self._showing = False
        if self.selected_id() != chosen:
            self.page_chosen.emit()

    def _show_turning(self, component: Component) -> None:
        fronts, backs = halves(component)
        stack = component.stack
        to_turn = stack is not None and waits_for_backs(component) and next_half(component) is Half.BACKS and not backs
        self.turn_card.setVisible(to_turn and self.scanning != component.id)
        if to_turn and stack is not None:
            self.turn_card.show_steps(
                f"Đã quét {len(fronts)} mặt trước. Bây giờ quét mặt sau", turn_steps(stack.turned)
            )

    def _show_forms(self, component: Component, law: Regulation) -> None:
        part = self._part()
        ids = list(dict.fromkeys([component.form, *(part.forms if part else [f.id for f in law.forms])]))
        before, self._offered = self._offered, (law.id, self.forms.font().key(), *ids)  # the first is the one chosen
        if before == self._offered:
            return
        self.forms.clear()
        for form_id in (i for i in ids if i):
            self.forms.addItem(law.form(form_id).label, form_id)
        self.forms.setCurrentIndex(max(0, self.forms.findData(component.form)))
        self.forms.setToolTip(self.forms.currentText())
        self.forms.view().setMinimumWidth(self.forms.view().sizeHintForColumn(0) + 24)
        now = law.form(component.form) if component.form else None
        self.forms.setEnabled(now is None or now.may_scan or now.overridable)

    def _empty_words(self, component: Component, law: Regulation) -> str:
        if not law.may_scan(component):
            return f"Không quét thành phần này:\n{law.form(component.form).reason}"
        if component.not_digitised is not None:
            reason = next((r.label for r in law.left_out_reasons if r.id == component.not_digitised.reason), "")
            return f"Không số hóa: {reason}"
        if component.is_reused and component.reused is not None:
            paper = component.reused.paper
            return f"Tái sử dụng, không cần quét:\n{paper.title} {paper.number}".rstrip()
        if self.scanning == component.id:
            return "Đang quét…"
        handed_in = component.kind is PaperKind.COMPONENT
        if self._dossier is not None and self._dossier.channel is Channel.ELECTRONIC and handed_in:
            return "Hồ sơ nộp trực tuyến: không quét tại quầy.\nNhấn Ctrl+O, hoặc kéo tệp vào đây"
        return "Đặt giấy vào khay, nhấn F4 để quét"

    def show_fields(self, fields: Sequence[Field], visible: Sequence[str], *, is_open: bool, why: str = "") -> None:
        """Fill the data side. Closed while another step comes first; ``why`` says so in its title."""
        self.form.show_fields(fields, visible)
        self.open_fields(is_open, why)

    def open_fields(self, is_open: bool, why: str = "") -> None:
        """Let data be typed, or say why not: a step of the law changes it without the fields being filled anew."""
        self.form.set_open(is_open)
        self.hint.setVisible(is_open)  # nothing to be said about boxes nobody can stand in: more of them are seen
        label = self._data.findChild(QLabel, "title")
        if label is not None:
            label.setText(f"DỮ LIỆU · {why}" if why else "DỮ LIỆU")

    def finish_typing(self) -> None:
        """Hand in what stands in a box and was not yet taken: the window is going."""
        self.form.save_now()
        if self.sides.hasFocus():
            self.sides.clearFocus()

    def stage_now(self) -> str:
        """The step the chosen component is at."""
        component = self.component
        if component is None or self._law is None:
            return ""
        return stage(component, self._law.order, self._law.may_scan(component))

    # -- pages ---------------------------------------------------------------------------------------------------

    def selected_id(self) -> str:
        index = self.pages.currentIndex()
        return index.data(PAGE).id if index.isValid() else ""

    def selected(self) -> Page | None:
        index = self.pages.currentIndex()
        return index.data(PAGE) if index.isValid() else None

    def select(self, page_id: str) -> None:
        """Select a page, else the worst, else the last one."""
        row = self.model.row_of(page_id)
        if row < 0:
            faulty = [i for i, page in enumerate(self.model.pages) if page.open_faults or page.unread]
            row = faulty[0] if faulty else len(self.model.pages) - 1
        if row >= 0:
            index = self.model.index(row)
            self.pages.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def take_focus(self) -> None:
        """Into the pages, or the list of components while there are none."""
        (self.pages if self.model.pages else self.components).setFocus()

    def select_worst(self) -> None:
        """After a batch: the first page that has to be mended, if there is one."""
        faulty = next((page.id for page in self.model.pages if page.open_faults or page.unread), "")
        if faulty:
            self.select(faulty)

    def rescan_target(self) -> int:
        """Row of the page F6 would scan again; -1: none."""
        return advice.rescan_target(self.model.pages, self.selected_id())

    def set_page_width(self, width: int, ratio: float) -> None:
        """Width of the pictures in px (120-320) on a screen of this pixel ratio."""
        self.model.set_side(round(width * 1.414 * ratio))
        self.pages.setItemDelegate(PageDelegate(width, self.pages))
        self.pages.setGridSize(QSize())
