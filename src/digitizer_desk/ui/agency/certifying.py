# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Văn thư's screen joined to the steps: what waits, a document on screen, the signing dialog with the agency's token.

Apart from the screen, which knows no desk, and from the clerk's work, which never meets this token (R40).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from digitizer_desk import paths
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Certificate, Pin
from digitizer_desk.devices.token_manifest import load_manifests
from digitizer_desk.dossier.model import Component, Officer, Role
from digitizer_desk.dossier.result import CopyForm
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.place import render
from digitizer_desk.lanes import Task
from digitizer_desk.steps.sign import SignOutcome
from digitizer_desk.steps.signatures import certify, survey
from digitizer_desk.steps.signatures.stamp import Stamp
from digitizer_desk.steps.signatures.survey import Waiting
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.models.signing import PaperToSign, SigningAsks, SigningOrder
from digitizer_desk.ui.models.signing_desk import help_from
from digitizer_desk.ui.rooms import Rooms
from digitizer_desk.ui.screens.agency.certifying import CertifyingScreen
from digitizer_desk.ui.screens.agency.document import DocumentView
from digitizer_desk.ui.screens.agency.list_model import Signed
from digitizer_desk.ui.screens.signatures import SignaturesSheet
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.side.room import SideRoom
from digitizer_desk.ui.widgets.frame import Notice
from digitizer_desk.ui.widgets.picture import Picture, picture_of

TITLE = "Ký của cơ quan"
_CORNER = "Góc trên phải trang 1"
_VIEW_DPI = 150.0


class Certifying(QObject):
    """Runs the agency's signing for one window.

    Signals:
        flashed(object): a notice to be shown once.
    """

    flashed = Signal(object)

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self._manifests = load_manifests([paths.drivers() / "tokens", desk.paths.site / "tokens"])
        self._known: survey.Rooms = {}
        self._task: Task[Any] | None = None
        self._officer: Officer | None = None
        self.screen = CertifyingScreen()
        acts = {
            "reload": self.look,
            "sign": self.screen.ask_sign,
            "inspect": self.screen.ask_look,
            "signatures": self.screen.ask_signatures,
        }
        self.room = SideRoom("agency", self.screen, TITLE, Place.AGENCY, self._enter, acts=acts)
        self.screen.form_chosen.connect(lambda _form: self.look())
        self.screen.look_asked.connect(self._look_at)
        self.screen.signatures_asked.connect(self._signatures)
        self.screen.sign_asked.connect(self._sign)

    # -- who is here ---------------------------------------------------------------------------------------------

    def set_officer(self, officer: Officer) -> None:
        """Another officer: nothing of the one before stays on the screen."""
        if self._officer is None or self._officer.id != officer.id:
            self.screen.model.forget()
        self._officer = officer

    @property
    def allowed(self) -> bool:
        """Whether the officer here is Văn thư: nobody else sees this work."""
        return self._officer is not None and Role.VAN_THU in self._officer.roles

    def begin(self) -> None:
        """Where the day of Văn thư begins who is no clerk."""
        if self.allowed and self._officer is not None and Role.CLERK not in self._officer.roles:
            self.open()

    def open(self) -> None:
        """Go to the screen, as by its key."""
        self._rooms.do(self.room.command)

    def _enter(self, _officer: Officer) -> bool:
        """Look at what waits; nothing for others than Văn thư."""
        if not self.allowed or self._rooms.work.scanning:
            return False
        self.look()
        return True

    # -- what waits -----------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask the cabinet again; a look that is under way ends."""
        if self._officer is None:
            return
        if self._task is not None:
            self._task.stop()
        form = self.screen.form
        self._show_mark(form)
        self._task = task = self._bridge.run(
            "pool",
            survey.survey,
            self._desk,
            form,
            self._officer,
            self._known,
            on_event=lambda event: self._seen(event, form),
            on_done=lambda done: self._looked(done, task),
        )

    def _show_mark(self, form: CopyForm) -> None:
        try:
            words = " · ".join(Stamp(self._desk, form).words(self._desk.clock()))
        except DeskError:
            words = ""  # the survey says it in the place of the list
        self.screen.show_mark(words)

    def _seen(self, event: object, form: CopyForm) -> None:
        if form is not self.screen.form:
            return
        if isinstance(event, Waiting):
            self.screen.model.take(event)
        elif isinstance(event, tuple):
            self.screen.show_waiting(event)

    def _looked(self, done: Task[Any], task: Task[Any] | None) -> None:
        if task is not self._task:
            return
        self._task = None
        try:
            done.result()
        except DeskError as problem:
            self.screen.show_failure(problem)

    # -- one document ---------------------------------------------------------------------------------------------

    def _component(self, one: Waiting) -> Component:
        return self._desk.cabinet.dossiers.load(one.dossier_id).component(one.component_id)

    def _look_at(self, one: Waiting) -> None:
        document = self._component(one).document
        if document is None:
            return
        read: list[bytes] = []

        def draw(page: int) -> Picture:
            if not read:
                read.append(self._desk.cabinet.documents.pdf(document))
            return picture_of(render(read[0], page, _VIEW_DPI))

        sheet = DocumentView(f"{one.title} · {one.dossier_code}", one.pages, draw, self._bridge.run, self._window)
        sheet.exec()
        sheet.deleteLater()

    def _signatures(self, one: Waiting) -> None:
        sheet = SignaturesSheet(self._desk, self._component(one), self._bridge, self._window)
        sheet.exec()
        sheet.deleteLater()

    # -- signing --------------------------------------------------------------------------------------------------

    def _sign(self) -> None:
        by, copies = self._officer, self.screen.model.copies
        if by is None or not copies:
            self.flashed.emit(Notice("mind", "Chưa chọn tài liệu nào. Nhấn Space để chọn, rồi F9."))
            return
        sheet = SigningDialog(self._order(), self._asks(by, copies), self._window)
        sheet.signed.connect(self._signed)
        sheet.exec()
        sheet.deleteLater()
        self.look()

    def _order(self) -> SigningOrder:
        form, office = self.screen.form, self._desk.settings.unit.name
        chosen = self.screen.model.chosen
        papers = tuple(PaperToSign(one.component_id, one.title, one.pages) for one in chosen)
        return SigningOrder(
            dossier_code="",
            papers=papers,
            mark=" · ".join(Stamp(self._desk, form).words(self._desk.clock())),
            signer=office or "cơ quan",
            kind="chữ ký số của cơ quan",
            title=f"{TITLE}: {len(papers)} tài liệu của {len({one.dossier_id for one in chosen})} hồ sơ",
            corner=_CORNER,
        )

    def _asks(self, by: Officer, copies: Sequence[certify.Copy]) -> SigningAsks:
        desk, form = self._desk, self.screen.form
        done: set[str] = set()

        def sign(
            certificate: Certificate,
            pin: Pin,
            _places: object,  # a copy's mark has one corner; where it is full Văn thư was asked on the screen
            report: Callable[[object], None],
            stop: Callable[[], bool],
        ) -> SignOutcome:
            left = [copy for copy in copies if copy.component_id not in done]
            outcome = certify.certify(desk, left, certificate, pin, by, report, stop, form)
            done.update(outcome.certified, (name for name, _ in outcome.refused))
            dossier = desk.cabinet.dossiers.load(copies[0].dossier_id)
            return SignOutcome(
                dossier, outcome.certified, outcome.error, outcome.stopped, outcome.over_ink, outcome.refused
            )

        return SigningAsks(
            run=self._bridge.run,
            choices=lambda: survey.choices(desk, by),
            sign=sign,
            help_for=lambda certificate: help_from(self._manifests, certificate),
        )

    def _signed(self, outcome: SignOutcome) -> None:
        now = self._desk.clock()
        became = {name: Signed(at=now) for name in outcome.signed}
        became |= {name: Signed(problem=problem) for name, problem in outcome.refused}
        self.screen.model.note(became)
