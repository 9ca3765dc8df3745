# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from digitizer_desk.dossier.finding import Colour
from digitizer_desk.dossier.model import Keep, NoteSide
from digitizer_desk.dossier.repair import Mended, Repair
from digitizer_desk.errors import error
from digitizer_desk.steps.parts.mending import Mend, Proposal, offered
from digitizer_desk.ui.models.measures import measure_rows, worst
from digitizer_desk.ui.models.pages import badge
from digitizer_desk.ui.screens.inspector import Inspector
from digitizer_desk.ui.screens.keep_page import KeepPage, KeepReason, may_keep
from digitizer_desk.ui.widgets.page_view import Frame, PageView, Zoom
from digitizer_desk.ui.widgets.picture import as_image, picture_of
from gallery.papers import BLURRED, MEASURES, SKEWED, checked, component, law_in_force, page, pixels

REASONS = (KeepReason("faint", "Giấy gốc mờ"), KeepReason("torn", "Giấy rách"), KeepReason("other", "Khác"))


LAW = law_in_force()
LIMITS = LAW.page


class Task:
    def __init__(self, step: Any, args: tuple[Any, ...]) -> None:
        self._step, self._args = step, args

    def stop(self) -> None: ...

    def result(self) -> Any:
        return self._step(*self._args)


class Pool:
    """Runs a step at once, or when the test says so."""

    def __init__(self) -> None:
        self.held: list[Any] | None = None
        self.runs = 0

    def __call__(self, lane: str, step: Any, *args: Any, on_done: Any = None, **_: Any) -> Task:
        assert lane == "keys"
        self.runs += 1
        task = Task(step, args)
        if self.held is None:
            on_done(task)
        else:
            self.held.append(lambda: on_done(task))
        return task


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def inspector(qtbot, pool) -> Inspector:
    made = Inspector(pool, pixels, lambda _id: (page(3, BLURRED), page(3, version=2)))
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show_component(checked(), "p3", limits=LIMITS, reasons=REASONS)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def heard(signal: Any) -> list[Any]:
    told: list[Any] = []
    signal.connect(lambda *args: told.append(args))
    return told


# -- pixels to pictures -----------------------------------------------------------------------------------------------


def test_an_array_becomes_an_image_without_a_copy():
    array = np.zeros((40, 31, 3), np.uint8)
    array[5, 7] = (10, 20, 30)
    image = as_image(array)
    assert image.pixelColor(7, 5) == QColor(10, 20, 30)
    assert np.shares_memory(np.asarray(image.constBits()), array)


def test_the_array_lives_as_long_as_its_image_and_no_longer():
    class Watched(np.ndarray):
        pass

    array = np.full((64, 64), 200, np.uint8).view(Watched)
    gone = weakref.ref(array)
    copy = QImage(as_image(array))
    del array
    gc.collect()
    assert copy.pixelColor(9, 9) == QColor(200, 200, 200)
    del copy
    gc.collect()
    assert gone() is None


def test_a_view_with_gaps_and_odd_widths_come_out_right():
    wide = np.zeros((10, 64), np.uint8)
    wide[:, :33] = np.arange(33, dtype=np.uint8)
    image = as_image(wide[:, :33])
    assert [image.pixelColor(x, 9).red() for x in (0, 16, 32)] == [0, 16, 32]


@pytest.mark.parametrize("array", [np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4), np.uint16), np.zeros(4, np.uint8)])
def test_anything_else_is_refused(array):
    with pytest.raises(ValueError, match="not a page"):
        as_image(array)


def test_levels_halve_down_to_screen_size():
    picture = picture_of(np.full((3508, 2480, 3), 255, np.uint8))
    assert [level.width() for level in picture.levels] == [2480, 1240, 620]
    assert [picture.level_for(scale) for scale in (2.0, 1.0, 0.51, 0.5, 0.26, 0.25, 0.1)] == [0, 0, 0, 1, 1, 2, 2]


# -- the view ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def view(qtbot) -> PageView:
    made = PageView()
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    qtbot.waitExposed(made)
    made.show_picture(picture_of(pixels(page(1))))
    return made


def test_a_page_fits_and_keeps_fitting_when_the_window_changes(view, qtbot):
    small = view.scale_factor
    assert view.mapFromScene(view.sceneRect()).boundingRect().height() <= 702
    view.resize(900, 1100)
    qtbot.waitUntil(lambda: view.scale_factor > small)


def test_full_size_is_pixel_for_pixel_and_z_toggles(view, qtbot):
    view.set_zoom(Zoom.FULL)
    assert view.scale_factor == pytest.approx(1.0)
    view.set_zoom(Zoom.DOUBLE)
    assert view.scale_factor == pytest.approx(2.0)
    qtbot.keyClick(view, Qt.Key.Key_Z)
    assert view.zoom is Zoom.FIT
    qtbot.keyClick(view, Qt.Key.Key_Z)
    assert view.zoom is Zoom.FULL


def test_ctrl_and_the_wheel_zoom_within_bounds(view):
    fit = view.scale_factor

    def wheel(steps: int) -> None:
        event = QWheelEvent(
            QPointF(200, 200),
            view.mapToGlobal(QPointF(200, 200)),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), event)

    wheel(1)
    assert view.scale_factor == pytest.approx(fit * 1.25)
    assert view.zoom is Zoom.FREE
    wheel(-1)
    wheel(-1)
    assert view.zoom is Zoom.FIT
    for _ in range(40):
        wheel(1)
    assert view.scale_factor <= 8.0


def test_a_turned_page_lies_on_its_side_with_its_frames(view):
    upright = view.sceneRect()
    frame = Frame(BLURRED.region, "Mờ", QColor("red"))
    view.show_picture(picture_of(pixels(page(1))), 90, (frame,))
    turned = view.sceneRect()
    assert (turned.width(), turned.height()) == (upright.height(), upright.width())
    drawn = next(item for item in view.items() if type(item).__name__ == "_FrameItem")
    place = drawn.sceneBoundingRect()
    # the top of the page has become its right side
    assert (turned.right() - 12 - place.right()) / (turned.width() - 24) == pytest.approx(0.30, abs=0.01)
    assert (place.top() - turned.top() - 12) / (turned.height() - 24) == pytest.approx(0.12, abs=0.01)


def test_two_views_look_at_the_same_place_whatever_their_resolution(view, qtbot):
    other = PageView()
    qtbot.addWidget(other)
    other.resize(600, 700)
    other.show()
    other.show_picture(picture_of(np.full((3508, 2480, 3), 255, np.uint8)))
    view.looked.connect(other.follow)
    other.looked.connect(view.follow)
    view.set_zoom(Zoom.FULL)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 3)
    one, two = view.look(), other.look()
    assert two.times_fit == pytest.approx(one.times_fit, rel=0.01)
    assert (two.x, two.y) == pytest.approx((one.x, one.y), abs=0.01)
    assert other.scale_factor == pytest.approx(view.scale_factor / 2, rel=0.02)


def test_the_page_is_painted(view):
    shot = view.grab().toImage()
    white = sum(
        shot.pixelColor(x, y).lightness() > 240 for x in range(0, shot.width(), 9) for y in range(0, shot.height(), 9)
    )
    assert white > 2000


# -- measures ---------------------------------------------------------------------------------------------------------


def test_every_measure_has_a_row_with_its_limit_and_law():
    rows = {row.name: row for row in measure_rows(page(1, BLURRED), LIMITS)}
    assert (rows["Độ phân giải"].value, rows["Độ phân giải"].limit, rows["Độ phân giải"].role) == (
        "300 dpi",
        "≥ 200 dpi",
        "ok",
    )
    assert (rows["Độ nét"].value, rows["Độ nét"].role) == ("0,21", "stop")
    assert (rows["Độ nét"].limit, rows["Độ nét"].law) == (BLURRED.limit, BLURRED.law)
    assert rows["Độ lệch"].value == "0,4°"
    assert (rows["Chế độ màu"].value, rows["Chế độ màu"].limit) == ("màu", "màu")
    assert rows["Độ nét"].spoken == f"Độ nét, 0,21, cần {BLURRED.limit}, không đạt"


def test_the_worst_row_comes_first_to_the_eye():
    rows = measure_rows(page(1, SKEWED, BLURRED), LIMITS)
    assert rows[worst(rows)].name == "Độ nét"
    assert rows[worst(measure_rows(page(1), LIMITS))].role == "ok"


def test_what_could_not_be_measured_is_not_called_good():
    unknown = replace(MEASURES, sharpness=None, rotation=None, colour=Colour.GREY, cut_edges=("left", "top"))
    rows = {row.name: row for row in measure_rows(page(1, measures=unknown), {})}
    assert rows["Độ nét"].role == "idle"
    assert rows["Độ nét"].value == rows["Chiều giấy"].value == "không đo được"
    assert rows["Mép giấy"].value == "mất mép trái, trên"
    assert rows["Chế độ màu"].value == "xám"


def test_a_page_kept_in_spite_says_why():
    from gallery.people import NOW

    kept = replace(page(1, BLURRED), keeps=(Keep(BLURRED.rule, "Giấy gốc mờ", "o1", NOW),))
    row = next(row for row in measure_rows(kept, LIMITS) if row.finding is not None)
    assert (row.role, row.icon, row.kept) == ("mind", "pen", "Giữ: Giấy gốc mờ")


def test_a_page_not_measured_yet_has_no_rows():
    assert measure_rows(page(1, measures=None), LIMITS) == ()


# -- the screen -------------------------------------------------------------------------------------------------------


def test_it_shows_the_page_asked_for_with_verdicts_beside(inspector):
    assert inspector.heading.text() == "Giấy tờ của cha, mẹ · trang 3/6"
    assert [inspector.strip.item(row).text() for row in range(6)][2:4] == ["3  Mờ", "4  Lệch 3,2°"]
    assert inspector.view.has_page
    assert inspector.measures.law.text() == f"Căn cứ: {BLURRED.law}"
    spoken = inspector.strip.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Trang 3, Mờ"


def test_keys_act_on_the_page(inspector, qtbot):
    told = {
        name: heard(getattr(inspector, name))
        for name in ("rescan_asked", "turn_asked", "remove_asked", "back_asked", "page_shown")
    }
    view = inspector.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_F6)
    qtbot.keyClick(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert told["rescan_asked"] == told["turn_asked"] == told["remove_asked"] == [("p3",)]
    assert told["page_shown"] == [("p4",), ("p6",), ("p1",)]
    assert told["back_asked"] == [()]


def test_the_list_leaves_the_keys_of_the_picture_to_it(inspector, qtbot):
    """The list has the keys when the screen opens; letters must not be taken for a search in it."""
    qtbot.waitUntil(lambda: inspector.view.has_page)
    strip, view = inspector.strip, inspector.view
    strip.setFocus()
    row, before = strip.currentRow(), view.scale_factor
    qtbot.keyClick(strip, Qt.Key.Key_Plus)
    assert view.scale_factor > before
    qtbot.keyClick(strip, Qt.Key.Key_Minus)
    assert view.scale_factor == pytest.approx(before)
    view.set_zoom(Zoom.FIT)
    qtbot.keyClick(strip, Qt.Key.Key_Z)
    assert view.zoom is Zoom.FULL
    assert strip.currentRow() == row
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert strip.currentRow() == row + 1


def test_only_the_repairs_that_help_are_offered(inspector, qtbot):
    assert not any(button.isVisible() for button in inspector.mends.values())
    inspector.show_component(checked(), "p4", offers=lambda page: offered(page, LAW))
    assert [mend for mend, button in inspector.mends.items() if button.isVisible()] == [Mend.STRAIGHTEN]
    told = heard(inspector.mend_asked)
    inspector.mends[Mend.STRAIGHTEN].click()
    assert told == [("p4", Mend.STRAIGHTEN)]
    assert inspector.mends[Mend.STRAIGHTEN].text() == "Ctrl+D  Chỉnh thẳng"


def proposal() -> Proposal:
    before = page(4, SKEWED)
    made = page(4, measures=replace(MEASURES, skew_deg=0.0), version=2)
    after = replace(made, version=1, mended=Mended(1, Repair(skew_deg=3.2)))
    return Proposal(before, after, Mend.STRAIGHTEN, b"", pixels(after))


def test_a_proposal_is_shown_with_what_it_changes_and_taken_by_enter(inspector, qtbot, pool):
    taken, chosen = heard(inspector.mend_taken), heard(inspector.version_chosen)
    wanted = proposal()
    runs = pool.runs
    inspector.show_proposal(wanted, picture_of(wanted.pixels))
    assert pool.runs == runs + 1  # the page as it is; what is proposed lies nowhere and is at hand
    assert inspector.compare.changes.text() == "Độ lệch 3,2° → 0,0°"
    assert inspector.compare.new_line.words.startswith("SAU KHI CHỈNH THẲNG   Đạt")
    assert not inspector.compare.again.isVisible()
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_F6)  # nothing to scan again: it was not scanned
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_Return)
    assert (taken, chosen) == ([(wanted,)], [])
    assert not inspector.comparing


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Escape])
def test_a_proposal_left_changes_nothing(inspector, qtbot, key):
    taken, chosen = heard(inspector.mend_taken), heard(inspector.version_chosen)
    wanted = proposal()
    inspector.show_proposal(wanted, picture_of(wanted.pixels))
    qtbot.keyClick(inspector.compare.new_view, key)
    assert (taken, chosen, inspector.comparing) == ([], [], False)
    inspector.show_rescanned(page(3, BLURRED), page(3, version=2))  # and the next comparison is one of versions again
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_Return)
    assert (taken, chosen) == ([], [("p3", 2)])


def test_a_page_of_a_note_pair_says_which_it_is(inspector):
    seen = replace(MEASURES, note=True)
    pages = (page(1, measures=seen), replace(page(2), note=NoteSide.WITHOUT), page(3))
    inspector.show_component(component(*pages), "p1")
    assert inspector.note.isVisible()
    inspector.strip.setCurrentRow(2)
    assert not inspector.note.isVisible()
    assert badge(pages[1])[1] == "Không ghi chú"


def test_a_removed_page_gives_its_place_to_the_next(inspector):
    left = replace(checked(), pages=tuple(p for p in checked().pages if p.id != "p3"))
    inspector.show_component(left)
    assert inspector.page is not None
    assert inspector.page.id == "p4"
    assert inspector.heading.text().endswith("trang 3/5")
    inspector.show_component(component())
    assert inspector.page is None
    assert not inspector.rescan.isEnabled()


def test_the_picture_is_decoded_on_the_pool_and_a_late_one_is_not_shown(inspector, pool, qtbot):
    pool.held = []
    inspector.strip.setCurrentRow(4)
    assert not inspector.view.has_page
    inspector.strip.setCurrentRow(5)
    late, wanted = pool.held
    late()
    assert not inspector.view.has_page
    wanted()
    assert inspector.view.has_page


def test_a_page_seen_before_needs_no_decoding(inspector, pool):
    runs = pool.runs
    inspector.strip.setCurrentRow(3)
    inspector.strip.setCurrentRow(2)
    assert pool.runs == runs + 1


def test_a_page_altered_on_disk_is_told_in_its_place(qtbot, pool):
    def broken(_page: Any) -> Any:
        raise error("store.page_altered", page=3)

    made = Inspector(pool, broken)
    qtbot.addWidget(made)
    made.show_component(checked(), "p3", limits=LIMITS)
    assert not made.view.has_page
    assert made.view.accessibleDescription()


def test_zoom_survives_changing_the_page(inspector, qtbot):
    qtbot.mouseClick(inspector.zooms[Zoom.FULL], Qt.MouseButton.LeftButton)
    inspector.strip.setCurrentRow(3)
    assert inspector.view.zoom is Zoom.FULL
    assert [zoom for zoom, button in inspector.zooms.items() if button.isChecked()] == [Zoom.FULL]


# -- comparing --------------------------------------------------------------------------------------------------------


def test_a_rescan_is_compared_and_enter_takes_the_new_one(inspector, qtbot):
    chosen = heard(inspector.version_chosen)
    inspector.show_rescanned(page(3, BLURRED), page(3, version=2))
    assert inspector.comparing
    assert inspector.compare.old_line.words.startswith("BẢN CŨ  09:39   Mờ")
    assert inspector.compare.new_line.words.startswith("BẢN MỚI  09:41   Đạt")
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_Return)
    assert chosen == [("p3", 2)]
    assert not inspector.comparing


def test_left_keeps_the_old_one_and_f6_scans_again(inspector, qtbot):
    chosen, again = heard(inspector.version_chosen), heard(inspector.rescan_asked)
    inspector.show_rescanned(page(3, BLURRED), page(3, version=2))
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_F6)
    assert again == [("p3",)]
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_Left)
    assert chosen == [("p3", 1)]


def test_escape_leaves_the_comparison_before_the_inspector(inspector, qtbot):
    back = heard(inspector.back_asked)
    inspector.show_rescanned(page(3, BLURRED), page(3, version=2))
    qtbot.keyClick(inspector.compare.new_view, Qt.Key.Key_Escape)
    assert not inspector.comparing
    assert back == []
    qtbot.keyClick(inspector.view, Qt.Key.Key_Escape)
    assert back == [()]


def test_older_versions_are_fetched_when_there_are_any(inspector, qtbot):
    assert not inspector.older.isVisible()
    inspector.show_component(component(page(3, version=2)), "p3")
    assert inspector.older.isVisible()
    qtbot.mouseClick(inspector.older, Qt.MouseButton.LeftButton)
    assert inspector.comparing
    assert inspector.compare.old is not None
    assert inspector.compare.old.version == 1


# -- keeping in spite -------------------------------------------------------------------------------------------------


def test_only_findings_the_law_lets_a_clerk_decide_on_are_asked_for():
    firm = replace(BLURRED, rule="page.colour", keep_allowed=False)
    assert may_keep(page(1, firm, BLURRED, SKEWED)) == (BLURRED,)
    assert may_keep(page(1)) == ()


def test_keeping_needs_a_reason(qtbot):
    dialog = KeepPage(3, (BLURRED, SKEWED), REASONS)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.keep.isEnabled()
    dialog.choices[1].setChecked(True)
    assert dialog.keep.isEnabled()
    assert (dialog.rule, dialog.reason, dialog.words) == (BLURRED.rule, "torn", "")
    dialog.which.setCurrentIndex(1)
    assert dialog.rule == SKEWED.rule


def test_a_reason_in_own_words(qtbot):
    dialog = KeepPage(3, (BLURRED,), REASONS)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.keyClicks(dialog.note, "  ")
    assert not dialog.keep.isEnabled()
    qtbot.keyClicks(dialog.note, "dong dau")
    assert dialog.keep.isEnabled()
    assert (dialog.reason, dialog.words) == ("other", "dong dau")


def test_a_page_without_such_a_finding_cannot_be_kept_in_spite(inspector):
    assert inspector.keep.isEnabled()
    inspector.strip.setCurrentRow(0)
    assert not inspector.keep.isEnabled()
