# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from digitizer_desk.devices.token import Certificate, Pin, PinState
from digitizer_desk.devices.token_manifest import PinLimits, Quirk, TokenManifest
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError, error
from digitizer_desk.lanes import Lanes
from digitizer_desk.steps.signatures.room import MarkRoom
from digitizer_desk.ui.models.signing import SigningAsks, TokenHelp, flag_lines, length_words, token_facts
from digitizer_desk.ui.models.signing_desk import asks_for, help_from, order_for
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.widgets.signing.sheet import State
from gallery.papers import checked
from gallery.people import CLERK, DOSSIER, certificate, order


@dataclass(frozen=True)
class Choice:
    certificate: Certificate
    problem: DeskError | None = None
    days_left: int = 214


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    title: str


@dataclass(frozen=True)
class Outcome:
    signed: tuple[str, ...]
    error: DeskError | None = None
    stopped: bool = False
    over_ink: tuple[str, ...] = ()
    refused: tuple[tuple[str, DeskError], ...] = ()


class Task:
    def __init__(self, result: Any) -> None:
        self._result = result
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True

    def result(self) -> Any:
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result


@dataclass
class Table:
    """A token lane that runs at once, except for the signature, which waits until the test lets it end."""

    choices: Any = ()
    help: TokenHelp = field(default_factory=TokenHelp)
    pins: list[bytes] = field(default_factory=list)
    looks: int = 0
    waiting: tuple[Task, Any, Any] | None = None
    handed: Pin | None = None
    places: Any = None
    rooms: tuple[MarkRoom, ...] = ()

    def find(self, crowded: Any) -> tuple[MarkRoom, ...]:
        return tuple(replace(r, must_choose=r.must_choose or r.component_id in crowded) for r in self.rooms)

    def run(self, lane: str, step: Any, *args: Any, on_event: Any = None, on_done: Any = None) -> Task:
        if step == self.find:
            assert lane == "pool"
            on_done(Task(self.find(*args)))
            return Task(None)
        assert lane == "token"
        if step == self.look:
            try:
                task = Task(self.look())
            except DeskError as problem:
                task = Task(problem)
            on_done(task)
            return task
        task = Task(None)
        _certificate, pin, self.places = args
        self.pins.append(bytes(pin.buffer))
        self.handed = pin
        self.waiting = (task, on_event, on_done)
        return task

    def look(self) -> Any:
        self.looks += 1
        if isinstance(self.choices, DeskError):
            raise self.choices
        return self.choices

    def sign(self, *_: Any) -> Any:
        raise AssertionError("runs on the lane")

    def report(self, done: int, total: int, title: str) -> None:
        assert self.waiting is not None
        self.waiting[1](Progress(done, total, title))

    def end(self, result: Any) -> None:
        assert self.waiting is not None
        task, _, on_done = self.waiting
        self.waiting = None
        task._result = result
        on_done(task)

    def asks(self) -> SigningAsks:
        return SigningAsks(
            run=self.run, choices=self.look, sign=self.sign, help_for=lambda _c: self.help, rooms=self.find
        )


ALL = tuple(paper.id for paper in order().papers)


@pytest.fixture
def table() -> Table:
    return Table(choices=(Choice(certificate()),))


@pytest.fixture
def dialog(qtbot, table: Table) -> SigningDialog:
    return opened(qtbot, table)


def opened(qtbot, table: Table) -> SigningDialog:
    made = SigningDialog(order(), table.asks())
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def look_again(dialog: SigningDialog) -> None:
    dialog._timer.timeout.emit()


def pressable(dialog: SigningDialog) -> set[str]:
    return {
        button.text().replace("&", "")
        for button in dialog.findChildren(QPushButton)
        if button.isVisible() and button.isEnabled()
    } - {"Xem trước"}


def with_flags(**flags: Any) -> tuple[Choice, ...]:
    return (Choice(certificate(pin=PinState(**flags))),)


# -- asking for the PIN -----------------------------------------------------------------------------------------------


def test_a_ready_token_asks_for_its_pin_and_says_what_will_be_signed(dialog):
    assert dialog.state is State.READY
    assert dialog.sheet.title.text() == "Sẽ ký 4 tài liệu (9 trang)"
    assert dialog.sheet.pin.field.isVisible()
    assert "4–16 ký tự" in dialog.sheet.pin.field.accessibleDescription()
    assert pressable(dialog) == {"Esc  Hủy"}, "KÝ SỐ sleeps until the length fits"


def test_enter_signs_once_with_the_pin_typed(dialog, table, qtbot):
    qtbot.keyClicks(dialog.sheet.pin.field, "123456")
    qtbot.keyClick(dialog.sheet.pin.field, Qt.Key.Key_Return)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert table.pins == [b"123456"]
    assert dialog.state is State.SIGNING
    assert table.waiting is not None
    assert not table.waiting[0].stopped, "a second Enter meets no button"
    assert dialog.sheet.pin.field.length == 0


def test_the_pin_is_wiped_when_the_lane_gives_back(dialog, table, qtbot):
    sign(dialog, qtbot)
    assert table.handed is not None
    table.end(error("token.unknown"))
    assert bytes(table.handed.buffer) == bytes(6)


def test_progress_names_the_document_and_the_end_closes_by_itself(dialog, table, qtbot):
    sign(dialog, qtbot)
    table.report(2, 4, "Căn cước công dân của cha, mẹ")
    assert dialog.words().startswith("Đang ký 3/4 · Căn cước công dân của cha, mẹ — xin đừng rút token")
    spoken = dialog.sheet.papers.state_words()
    assert [words.rpartition(", ")[2] for words in spoken] == ["đã ký", "đã ký", "đang ký", "chờ ký"]
    outcomes: list[Any] = []
    dialog.signed.connect(outcomes.append)
    table.end(Outcome(ALL))
    assert dialog.state is State.DONE
    assert dialog.words() == "Đã ký 4 tài liệu. Tiếp theo: nhập dữ liệu."
    assert [o.signed for o in outcomes] == [ALL]
    assert dialog._closing.isActive()
    dialog._closing.timeout.emit()
    assert dialog.result() == SigningDialog.DialogCode.Accepted
    assert not dialog.isVisible()


def test_enter_closes_the_finished_dialog_before_that(dialog, table, qtbot):
    sign(dialog, qtbot)
    table.end(Outcome(ALL))
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def sign(dialog: SigningDialog, qtbot: Any, pin: str = "123456") -> None:
    qtbot.keyClicks(dialog.sheet.pin.field, pin)
    qtbot.keyClick(dialog.sheet.pin.field, Qt.Key.Key_Return)


# -- wrong PIN --------------------------------------------------------------------------------------------------------


def test_a_wrong_pin_reads_the_flags_again_before_the_next_try(dialog, table, qtbot):
    sign(dialog, qtbot)
    looks = table.looks
    table.choices = with_flags(count_low=True)
    table.end(error("token.pin_wrong"))
    assert table.looks == looks + 1
    assert dialog.state is State.READY
    assert "Đã nhập sai ít nhất một lần." in dialog.words()
    assert "Caps Lock" in dialog.words()
    assert dialog.sheet.pin.field.length == 0
    assert dialog.focusWidget() is dialog.sheet.pin.field


def test_a_look_that_finds_nothing_new_does_not_disturb_typing(dialog, table, qtbot):
    qtbot.keyClicks(dialog.sheet.pin.field, "1234")
    look_again(dialog)
    assert dialog.sheet.pin.field.length == 4


def test_before_the_last_try_enter_and_space_do_not_sign_but_alt_k_does(qtbot):
    table = Table(choices=with_flags(count_low=True, final_try=True))
    dialog = opened(qtbot, table)
    assert "Đây là lần nhập cuối" in dialog.words()
    field = dialog.sheet.pin.field
    qtbot.keyClicks(field, "123456")
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(field, key)
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    focused = dialog.focusWidget()
    assert focused is not dialog.sheet.go
    assert table.pins == []
    field.setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: table.pins == [b"123456"])


def test_before_the_last_try_the_mouse_signs(qtbot):
    table = Table(choices=with_flags(final_try=True))
    dialog = opened(qtbot, table)
    qtbot.keyClicks(dialog.sheet.pin.field, "123456")
    qtbot.mouseClick(dialog.sheet.go, Qt.MouseButton.LeftButton)
    assert table.pins == [b"123456"]


def test_a_locked_token_has_no_field_and_names_whom_to_call(qtbot):
    table = Table(choices=with_flags(locked=True), help=TokenHelp(contact="Cục Chứng thực số, 1900 0000"))
    dialog = opened(qtbot, table)
    assert dialog.state is State.LOCKED
    assert not dialog.sheet.pin.field.isVisible()
    assert "1900 0000" in dialog.words()
    assert pressable(dialog) == {"Sao chép thông tin", "Esc  Đóng"}
    qtbot.mouseClick(dialog.sheet.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == token_facts(certificate())
    assert CLERK not in QGuiApplication.clipboard().text()


def test_the_try_that_locks_ends_in_the_locked_state(dialog, table, qtbot):
    sign(dialog, qtbot)
    table.choices = with_flags(locked=True)
    table.end(error("token.pin_locked", help=""))
    assert dialog.state is State.LOCKED
    assert not dialog.sheet.pin.field.isVisible()


def test_vietnamese_keys_empty_the_field_and_say_what_to_switch_off(dialog, qtbot):
    qtbot.keyClicks(dialog.sheet.pin.field, "12")
    press(dialog.sheet.pin.field, "â")
    assert dialog.sheet.pin.field.length == 0
    assert "Hãy tắt bộ gõ tiếng Việt" in dialog.words()
    qtbot.keyClicks(dialog.sheet.pin.field, "1")
    assert "Hãy tắt bộ gõ" not in dialog.words()


def test_caps_lock_is_shown(dialog):
    press(dialog.sheet.pin.field, "B")
    assert "Caps Lock đang bật." in dialog.words()


def press(widget: Any, letter: str) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


@pytest.mark.parametrize(
    ("pin", "tries", "expected"),
    [
        (PinState(), 5, []),
        (PinState(count_low=True), None, ["mind"]),
        (PinState(count_low=True), 5, ["mind", "idle"]),
        (PinState(count_low=True, final_try=True), 3, ["stop", "idle"]),
        (PinState(final_try=True), None, ["stop"]),
    ],
)
def test_flags_are_told_exactly_as_given(pin, tries, expected):
    lines = flag_lines(pin, tries)
    assert [line.role for line in lines] == expected
    assert all("còn" not in line.words.lower() for line in lines), "PKCS#11 gives no number of tries left"


def test_length_in_words():
    assert length_words(PinState(least=6, most=8)) == "6–8 ký tự"
    assert length_words(PinState(least=6, most=6)) == "6 ký tự"


# -- other tokens, no token -------------------------------------------------------------------------------------------


def test_without_a_token_it_waits_and_goes_on_by_itself(qtbot):
    table = Table(choices=())
    dialog = opened(qtbot, table)
    assert dialog.state is State.ABSENT
    assert f"Cắm USB Token của {CLERK}" in dialog.words()
    assert pressable(dialog) == {"Esc  Để ký sau"}
    table.choices = (Choice(certificate()),)
    look_again(dialog)
    assert dialog.state is State.READY
    assert dialog.focusWidget() is dialog.sheet.pin.field


def test_the_timer_runs_and_asks_one_question_at_a_time(qtbot):
    table = Table(choices=())
    dialog = opened(qtbot, table)
    assert dialog._timer.isActive()
    pending: list[Any] = []
    dialog._asks = replace(dialog._asks, run=lambda *_a, on_done, **_k: pending.append(on_done) or Task(()))
    look_again(dialog)
    look_again(dialog)
    assert len(pending) == 1
    pending[0](Task(()))
    look_again(dialog)
    assert len(pending) == 2


def test_a_token_pulled_out_before_signing_wipes_what_was_typed(dialog, table, qtbot):
    qtbot.keyClicks(dialog.sheet.pin.field, "1234")
    table.choices = ()
    look_again(dialog)
    assert dialog.state is State.ABSENT
    assert dialog.sheet.pin.field.length == 0


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (error("token.wrong_person", holder="TRẦN THỊ BÌNH", officer=CLERK), ("TRẦN THỊ BÌNH", CLERK)),
        (error("token.expired", until="01/02/2026", help="Ban Cơ yếu"), ("01/02/2026", "Ban Cơ yếu")),
        (error("token.not_yet_valid", since="01/02/2027", help="Ban Cơ yếu"), ("01/02/2027",)),
        (error("token.revoked", help="Ban Cơ yếu"), ("Ban Cơ yếu",)),
    ],
)
def test_a_certificate_that_cannot_be_used_shows_why_and_no_field(qtbot, problem, said):
    dialog = opened(qtbot, Table(choices=(Choice(certificate(), problem),)))
    assert dialog.state is State.PROBLEM
    assert not dialog.sheet.pin.field.isVisible()
    assert all(part in dialog.words() for part in said)
    assert "Esc  Để ký sau" in pressable(dialog)


def test_a_missing_library_is_told_and_looked_for_again(qtbot):
    table = Table(choices=error("token.module_missing", vendor="Viettel-CA"))
    dialog = opened(qtbot, table)
    assert dialog.state is State.PROBLEM
    assert "Viettel-CA" in dialog.words()
    table.choices = (Choice(certificate()),)
    look_again(dialog)
    assert dialog.state is State.READY


def test_of_several_certificates_the_first_listed_is_taken_and_another_can_be_picked(qtbot):
    one, two = certificate(), certificate(serial="02", sha256="b" * 64, issuer="Viettel-CA")
    table = Table(choices=(Choice(one), Choice(two, error("token.expired", until="01/02/2026", help=""), -3)))
    dialog = opened(qtbot, table)
    listed = dialog.sheet.certificate._list
    assert listed.isVisible()
    assert "Ban Cơ yếu" in listed.currentText()
    assert dialog.state is State.READY
    listed.setCurrentIndex(1)
    listed.activated.emit(1)
    assert dialog.state is State.PROBLEM
    look_again(dialog)
    assert dialog.state is State.PROBLEM, "the pick stays"
    listed.setCurrentIndex(0)
    listed.activated.emit(0)
    assert dialog.state is State.READY


def test_a_certificate_near_its_end_gets_one_line(qtbot):
    dialog = opened(qtbot, Table(choices=(Choice(certificate(), days_left=12),)))
    assert dialog.state is State.READY
    assert dialog.sheet.certificate._days.isVisible()
    assert "12 ngày" in dialog.sheet.certificate._days.words


def test_a_token_with_its_own_pad_has_no_field(qtbot):
    table = Table(choices=with_flags(own_pad=True))
    dialog = opened(qtbot, table)
    assert dialog.state is State.PAD
    assert "Nhập PIN trên thiết bị" in dialog.words()
    assert not dialog.sheet.pin.field.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert table.pins == [b""]


def test_a_pad_before_its_last_try_is_not_started_by_enter(qtbot):
    table = Table(choices=with_flags(own_pad=True, final_try=True))
    dialog = opened(qtbot, table)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert table.pins == []


def test_a_pin_that_must_be_changed_first(qtbot):
    dialog = opened(qtbot, Table(choices=with_flags(must_change=True), help=TokenHelp(vendor="SAFE-CA")))
    assert dialog.state is State.PROBLEM
    assert "SAFE-CA" in dialog.words()


def test_a_token_that_asks_each_time_says_so_beforehand(qtbot):
    dialog = opened(qtbot, Table(choices=(Choice(certificate()),), help=TokenHelp(each_signature=True)))
    assert "hỏi mã PIN cho từng tài liệu" in dialog.words()


# -- stopping ---------------------------------------------------------------------------------------------------------


def test_escape_while_signing_stops_after_this_one(dialog, table, qtbot):
    sign(dialog, qtbot)
    table.report(1, 4, "Giấy chứng sinh")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.state is State.STOPPING
    assert dialog.isVisible()
    assert table.waiting is not None
    assert table.waiting[0].stopped
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert dialog.isVisible(), "it stays until the document in work is done"
    table.end(Outcome(ALL[:2], stopped=True))
    assert dialog.state is State.STOPPED
    assert "Đã ký 2 tài liệu, còn 2" in dialog.words()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.state is State.READY
    assert dialog.sheet.title.text() == "Còn 2 tài liệu (5 trang)"
    sign(dialog, qtbot)
    table.end(Outcome(ALL[2:]))
    assert dialog.state is State.DONE
    assert dialog.signed_ids == ALL


def test_a_token_pulled_out_while_signing_keeps_what_is_signed(dialog, table, qtbot):
    sign(dialog, qtbot)
    table.choices = ()
    table.end(Outcome(ALL[:2], error("token.removed", signed=2)))
    assert dialog.state is State.ABSENT
    assert "Cắm lại để ký tiếp 2 tài liệu" in dialog.words()
    table.choices = (Choice(certificate()),)
    look_again(dialog)
    assert dialog.state is State.READY
    assert dialog.signed_ids == ALL[:2]


def test_another_failure_stays_until_it_was_read(dialog, table, qtbot):
    sign(dialog, qtbot)
    table.end(error("token.stuck"))
    assert dialog.state is State.FAILED
    look_again(dialog)
    assert dialog.state is State.FAILED
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.state is State.READY


def test_escape_leaves_and_wipes(dialog, table, qtbot):
    qtbot.keyClicks(dialog.sheet.pin.field, "1234")
    qtbot.keyClick(dialog.sheet.pin.field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert dialog.sheet.pin.field.length == 0
    assert not dialog._timer.isActive()
    assert dialog.result() == SigningDialog.DialogCode.Rejected


def test_an_answer_that_comes_after_leaving_is_ignored(qtbot):
    late: list[Any] = []
    table = Table()
    asks = replace(table.asks(), run=lambda *_a, on_done, **_k: late.append(on_done) or Task(()))
    dialog = SigningDialog(order(), asks)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.reject()
    late[0](Task((Choice(certificate()),)))
    assert dialog.state is State.LOOKING


def test_a_lane_that_is_closed_leaves_no_pin_behind(dialog, qtbot, monkeypatch):
    taken: list[Pin] = []

    def refuse(*args: Any, **_kwargs: Any) -> Task:
        taken.append(args[3])
        raise RuntimeError("closed")

    dialog._asks = replace(dialog._asks, run=refuse)
    qtbot.keyClicks(dialog.sheet.pin.field, "123456")
    with pytest.raises(RuntimeError):
        dialog._sign()
    assert bytes(taken[0].buffer) == bytes(6)


def test_a_bug_on_the_lane_does_not_leave_the_dialog_signing_for_ever(dialog, table, qtbot):
    sign(dialog, qtbot)
    with pytest.raises(ZeroDivisionError):
        table.end(ZeroDivisionError())
    assert dialog.state is State.FAILED
    assert table.handed is not None
    assert bytes(table.handed.buffer) == bytes(6)


# -- from a desk ------------------------------------------------------------------------------------------------------


def test_the_order_names_papers_pages_and_the_mark_of_the_capture():
    clerk = Officer("o1", "an", CLERK, frozenset({Role.CLERK}))
    made = order_for(DOSSIER, (checked(), replace(checked(), id="c4", pages=checked().pages[:1])), clerk)
    assert [(paper.id, paper.pages) for paper in made.papers] == [("c3", 6), ("c4", 1)]
    assert made.mark == "Lê Văn An · 21/11/2026 09:39:02 +07:00"
    with pytest.raises(ValueError, match="nothing waits"):
        order_for(DOSSIER, (), clerk)


def test_the_manifest_says_whom_to_call():
    manifest = TokenManifest(
        id="generic",
        vendor="SAFE-CA",
        help="1900 0000",
        tested=False,
        pin=PinLimits(tries=5),
        quirks=frozenset({Quirk.LOGIN_FOR_EACH_SIGNATURE}),
    )
    assert help_from((manifest,), certificate()) == TokenHelp("SAFE-CA", "1900 0000", 5, True)
    unknown = help_from((), certificate())
    assert unknown.tries is None
    assert unknown.contact


def test_a_real_lane_hands_pin_report_and_stop_to_the_step(qtbot):
    """The calls made for a desk, run by the real lanes: names of parameters are what joins them."""
    lanes = Lanes()
    seen: list[Any] = []

    def fake(
        desk: Any, dossier_id: str, chosen: Any, pin: Pin, by: Any, report: Any, stop: Any, places: Any
    ) -> Outcome:
        seen.append((dossier_id, bytes(pin.buffer), stop(), places))
        report(Progress(0, 1, "Tờ khai"))
        return Outcome(("c1",))

    clerk = Officer("o1", "an", CLERK, frozenset({Role.CLERK}))
    asks = asks_for(cast(Any, None), "d1", clerk, lanes.run)
    events: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("digitizer_desk.steps.sign.sign", fake)
        task = lanes.run("token", asks.sign, certificate(), Pin(bytearray(b"1234")), {}, on_event=events.append)
        assert task.result(10).signed == ("c1",)
    lanes.close()
    assert seen == [("d1", b"1234", False, {})]
    assert events == [Progress(0, 1, "Tờ khai")]
