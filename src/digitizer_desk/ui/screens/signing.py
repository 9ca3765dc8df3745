# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The signing dialog: waits for the right token, takes the PIN once, follows the signing, never leaves a doubt.

Apart from the counter because here, and only here, somebody types a secret. The token's flags are shown as it gives
them and are read again after each try; nothing here ever tries a PIN by itself.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from digitizer_desk.devices.token import Pin
from digitizer_desk.errors import DeskError, error
from digitizer_desk.messages import words
from digitizer_desk.ui.models.signing import (
    Choice,
    Outcome,
    PaperToSign,
    Progress,
    Running,
    SigningAsks,
    SigningOrder,
    token_facts,
)
from digitizer_desk.ui.widgets.signing.sheet import SigningSheet, State

_LOOK_AGAIN_MS = 1000
_CLOSE_AFTER_MS = 2000

#: states in which the tokens present are looked at again and again
_WATCHING = frozenset({State.LOOKING, State.ABSENT, State.READY, State.PAD, State.LOCKED, State.PROBLEM})


class SigningDialog(QDialog):
    """Signs what waits in one dossier with one PIN.

    Signals:
        signed(object): a run ended with an outcome; also when only some documents were signed.
    """

    signed = Signal(object)

    def __init__(self, order: SigningOrder, asks: SigningAsks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._order = order
        self._asks = asks
        self._done_ids: tuple[str, ...] = ()
        self._looking = False
        self._running: Running | None = None
        self._seen: tuple[object, ...] | None = None
        self._failure: DeskError | None = None
        self._left_window = False
        self._refused: tuple[tuple[str, DeskError], ...] = ()
        self.setWindowTitle(order.title or f"Ký số hồ sơ {order.dossier_code}")
        self.setModal(True)
        self.setMinimumWidth(720)
        self.sheet = SigningSheet(order)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sheet)
        self.sheet.preview.setVisible(asks.rooms is not None)
        self.sheet.preview.clicked.connect(self.sheet.room.preview)
        if asks.rooms is not None:
            self.sheet.room.follow(asks.run, asks.rooms)
        self.sheet.certificate.chosen.connect(self._picked)
        self.sheet.copy.clicked.connect(self._copy_facts)
        self.sheet.leave.clicked.connect(self._escape)
        self.sheet.go.clicked.connect(self._press_go)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self._closing = QTimer(self)
        self._closing.setSingleShot(True)
        self._closing.setInterval(_CLOSE_AFTER_MS)
        self._closing.timeout.connect(self.accept)
        self._count()
        self._wait()

    @property
    def state(self) -> State:
        return self.sheet.state

    def words(self) -> str:
        """What the lower half says now."""
        return self.sheet.words()

    @property
    def signed_ids(self) -> tuple[str, ...]:
        """Components whose document has been signed in this dialog."""
        return self._done_ids

    @property
    def _left(self) -> tuple[PaperToSign, ...]:
        return self._order.without((*self._done_ids, *(paper_id for paper_id, _ in self._refused)))

    def _count(self) -> None:
        left = self._left
        verb = "Còn" if self._done_ids else "Sẽ ký"
        self.sheet.title.setText(f"{verb} {len(left)} tài liệu ({sum(p.pages for p in left)} trang)")

    # -- looking for tokens -------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()
        self._look()
        self.sheet.room.look()

    def _wait(self) -> None:
        self._seen = None
        self.sheet.show_told(State.LOOKING, "work", "Đang đọc token…")

    def _look(self) -> None:
        """Ask which certificates are there, one question at a time."""
        if not self._looking and self.state in _WATCHING:
            self._looking = True
            self._asks.run("token", self._asks.choices, on_done=self._looked)

    def _looked(self, task: Running) -> None:
        self._looking = False
        if self._left_window or self.state not in _WATCHING:
            return
        try:
            choices = tuple(task.result())
        except DeskError as problem:
            self._show_choices((), problem)
        else:
            self._show_choices(choices, None)

    def _show_choices(self, choices: tuple[Choice, ...], problem: DeskError | None) -> None:
        """Take what is there now; what has not changed must not disturb a PIN half typed."""
        seen = (
            *((c.certificate.sha256, c.certificate.token.pin, _code(c.problem), c.days_left) for c in choices),
            _code(problem),
        )
        if seen == self._seen:
            return
        self._seen = seen
        self.sheet.certificate.show_choices(choices)
        if problem is not None:
            self._show_problem(State.PROBLEM, problem)
        elif not choices:
            self._show_no_token()
        else:
            self._picked()

    def _show_no_token(self) -> None:
        failure = self._failure
        if failure is not None and failure.code == "token.removed":
            message = words(failure)
            more = f"{message.why} Cắm lại để ký tiếp {len(self._left)} tài liệu.".strip()
            self.sheet.show_told(State.ABSENT, "stop", message.what, more)
        else:
            what = f"Cắm USB Token của {self._order.signer}…"
            self.sheet.show_told(State.ABSENT, "idle", what, "Sẽ tự tiếp tục khi có token.")

    def _picked(self) -> None:
        """Follow the certificate picked: its flags decide whether there is a field at all."""
        self.sheet.certificate.refresh()
        choice = self.sheet.certificate.current
        if choice is None:
            return
        failure, self._failure = self._failure, None
        pin = choice.certificate.token.pin
        wrong = ""
        if failure is not None and failure.code not in ("token.removed", "token.none"):
            # before the last try nobody must be told to press Enter
            wrong = words(failure).what if pin.final_try else _sentence(failure)
        info = self._asks.help_for(choice.certificate)
        if pin.locked or _code(choice.problem) == "token.pin_locked":
            locked = error("token.pin_locked", help=info.contact or choice.certificate.issuer)
            self._show_problem(State.LOCKED, locked)
        elif choice.problem is not None:
            self._show_problem(State.PROBLEM, choice.problem)
        elif pin.must_change:
            vendor = info.vendor or choice.certificate.token.manufacturer
            self._show_problem(State.PROBLEM, error("token.pin_must_change", vendor=vendor))
        elif pin.own_pad:
            self.sheet.show_told(State.PAD, "work", "Nhập PIN trên thiết bị sau khi bấm Ký số.", wrong, "token")
        else:
            note = "Token này hỏi mã PIN cho từng tài liệu." if info.each_signature else ""
            self.sheet.pin.show_state(pin, info.tries, note)
            self.sheet.pin.show_wrong(wrong)
            self.sheet.show_asking()

    def _show_problem(self, state: State, problem: DeskError) -> None:
        message = words(problem)
        self.sheet.show_told(state, "stop", message.what, f"{message.why} {message.do}".strip())

    # -- signing ------------------------------------------------------------------------------------------------

    def _sign(self) -> None:
        choice = self.sheet.certificate.current
        if choice is None or self.state not in (State.READY, State.PAD) or not self.sheet.go.isEnabled():
            return
        if set(self.sheet.room.undecided) >= {paper.id for paper in self._left}:
            self.sheet.room.ask()  # a PIN typed now would sign nothing
            return
        pin = self.sheet.pin.field.take() if self.state is State.READY else Pin(bytearray())
        self.sheet.bar.setRange(0, len(self._left))
        self.sheet.bar.setValue(0)
        self.sheet.show_told(State.SIGNING, "work", "Đang mở token — xin đừng rút token")

        def ended(task: Running) -> None:
            pin.wipe()  # the step has done so; this also covers a lane that never ran it
            self._ended(task)

        try:
            self._running = self._asks.run(
                "token",
                self._asks.sign,
                choice.certificate,
                pin,
                self.sheet.room.places,
                on_event=self._progress,
                on_done=ended,
            )
        except BaseException:
            pin.wipe()
            raise

    def _progress(self, progress: Progress) -> None:
        if self.state not in (State.SIGNING, State.STOPPING):
            return
        self.sheet.bar.setRange(0, progress.total)
        self.sheet.bar.setValue(progress.done)
        done = (*self._done_ids, *(paper.id for paper in self._left[: progress.done]))
        self.sheet.papers.follow(done, progress.title)
        if progress.title and self.state is State.SIGNING:
            where = f"{progress.done + 1}/{progress.total} · {progress.title}"
            self.sheet.line.show_state("work", f"Đang ký {where} — xin đừng rút token")

    def _ended(self, task: Running) -> None:
        self._running = None
        try:
            outcome: Outcome = task.result()
        except DeskError as failure:
            self._failed(failure)
            return
        except Exception:
            # the window must not stay behind a signature that will never end; the sheet for bugs tells the rest
            self._failed(error("program.bug", number=""))
            raise
        self._done_ids = (*self._done_ids, *outcome.signed)
        self._refused = (*self._refused, *outcome.refused)
        self.sheet.papers.follow(self._done_ids)
        self._count()
        self.signed.emit(outcome)
        if outcome.error is not None:
            self._failed(outcome.error)
        elif outcome.over_ink:
            what = f"Đã ký {len(self._done_ids)} tài liệu, còn {len(outcome.over_ink)} tài liệu chưa có chỗ đặt dấu."
            self.sheet.show_told(State.STOPPED, "mind", what, "Chọn chỗ đặt dấu rồi ký tiếp.")
            self.sheet.room.look(outcome.over_ink)
        elif self._left:
            what = f"Đã ký {len(self._done_ids)} tài liệu, còn {len(self._left)} tài liệu chờ ký."
            self.sheet.show_told(State.STOPPED, "mind", what, "Các tài liệu đã ký được giữ nguyên.")
        elif self._refused:
            self._show_refused()
        else:
            self._show_done()

    def _show_refused(self) -> None:
        """Some documents could not be signed: how many, and why the first of them."""
        self._timer.stop()
        self.sheet.title.setText(f"Đã ký {len(self._done_ids)} tài liệu")
        what = f"Đã ký {len(self._done_ids)} tài liệu, {len(self._refused)} tài liệu không ký được."
        self.sheet.show_told(State.PARTLY, "mind", what, _sentence(self._refused[0][1]))

    def _failed(self, failure: DeskError) -> None:
        """What was signed stays signed. The flags are read again before anything can be typed."""
        self.sheet.papers.follow(self._done_ids)
        if failure.code.startswith("token.pin_") or failure.code in ("token.removed", "token.none"):
            self._failure = failure
            self._wait()
            self._look()
        else:
            self._show_problem(State.FAILED, failure)

    def _show_done(self) -> None:
        self._timer.stop()
        next_words = f" Tiếp theo: {self._order.next_words}." if self._order.next_words else ""
        self.sheet.title.setText(f"Đã ký {len(self._done_ids)} tài liệu")
        self.sheet.show_told(State.DONE, "ok", f"Đã ký {len(self._done_ids)} tài liệu.{next_words}")
        self._closing.start()

    # -- buttons and keys ---------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether the token is at work: then this sheet must not be closed under it."""
        return self.state in (State.SIGNING, State.STOPPING)

    def _press_go(self) -> None:
        if self.state in (State.DONE, State.PARTLY):
            self.accept()
        elif self.state in (State.STOPPED, State.PROBLEM, State.FAILED):
            self._wait()
            self._look()
        else:
            self._sign()

    def _escape(self) -> None:
        """Always safe: while signing it means "stop after this one"."""
        if self.state is State.SIGNING and self._running is not None:
            self._running.stop()
            self.sheet.show_told(State.STOPPING, "work", "Sẽ dừng sau tài liệu này — xin đừng rút token")
        elif self.state in (State.DONE, State.PARTLY):
            self.accept()
        elif self.state not in (State.SIGNING, State.STOPPING):
            self.reject()

    def _copy_facts(self) -> None:
        choice = self.sheet.certificate.current
        if choice is not None:
            QGuiApplication.clipboard().setText(token_facts(choice.certificate))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._enter_pressed()
        else:
            super().keyPressEvent(event)

    def _enter_pressed(self) -> None:
        """Enter presses the button it stands on, else the main one; never the signature before the last try."""
        focused = self.focusWidget()
        if isinstance(focused, QPushButton) and focused is not self.sheet.go:
            focused.click()
        elif self.sheet.enter_allowed:
            self.sheet.go.click()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.state in (State.SIGNING, State.STOPPING):
            self._escape()
            event.ignore()
        else:
            super().closeEvent(event)

    def done(self, result: int) -> None:
        self._left_window = True
        self._timer.stop()
        self._closing.stop()
        self.sheet.pin.field.wipe()
        super().done(result)


def _code(problem: DeskError | None) -> str:
    return "" if problem is None else problem.code


def _sentence(problem: DeskError) -> str:
    message = words(problem)
    return " ".join(part for part in (message.what, message.why, message.do) if part)
