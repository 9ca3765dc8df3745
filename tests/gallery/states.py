# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every state worth looking at, each built from plain values: name → a function that makes the widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from digitizer_desk.devices.token import Certificate, PinState
from digitizer_desk.dossier.model import Component, Keep, Page, ParcelState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.signing.verdict import Behind, Revision, SignatureCheck, Verification
from digitizer_desk.steps.parts.mending import offered
from digitizer_desk.steps.signatures.room import MarkRoom
from digitizer_desk.store.tray.look import Drawer
from digitizer_desk.ui.models.signing import SigningAsks, TokenHelp
from digitizer_desk.ui.screens.inspector import Inspector
from digitizer_desk.ui.screens.keep_page import KeepPage, KeepReason, may_keep
from digitizer_desk.ui.screens.outbox import Outbox
from digitizer_desk.ui.screens.signatures import SignaturesSheet
from digitizer_desk.ui.screens.signing import SigningDialog
from digitizer_desk.ui.widgets.page_view import Zoom
from gallery.at_once import AtOnce
from gallery.papers import BLURRED, SKEWED, Tray, checked, component, law_in_force, page, parcel, pixels, queue
from gallery.people import CLERK, NOW, certificate, order

Build = Callable[[], QWidget]
STATES: dict[str, Build] = {}
#: pictures small enough and important enough to be kept in docs/pictures
SHOWN: set[str] = set()


def state(name: str, *, shown: bool = False) -> Callable[[Build], Build]:
    """Register a state under the name of its picture; ``shown`` ones are kept with the documents."""

    def register(build: Build) -> Build:
        assert name not in STATES, name
        STATES[name] = build
        if shown:
            SHOWN.add(name)
        return build

    return register


# -- signing ----------------------------------------------------------------------------------------------------------


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


HELP = TokenHelp(vendor="Ban Cơ yếu Chính phủ", contact="Cục Chứng thực số và Bảo mật thông tin", tries=5)


class Token:
    """What the dialog finds when it looks; ``lane`` holds the signature until told how it ends."""

    def __init__(self, *choices: Choice, problem: DeskError | None = None) -> None:
        self.choices = choices
        self.problem = problem
        self.rooms: tuple[MarkRoom, ...] = ()
        self.lane = AtOnce("sign")

    def look(self) -> tuple[Choice, ...]:
        if self.problem is not None:
            raise self.problem
        return self.choices

    def sign(self, *_: Any) -> Any:
        raise AssertionError("held by the lane")

    def dialog(self) -> SigningDialog:
        asks = SigningAsks(
            run=self.lane,
            choices=self.look,
            sign=self.sign,
            help_for=lambda _c: HELP,
            rooms=lambda _crowded: self.rooms,
        )
        made = SigningDialog(order(), asks)
        made._look()
        return made

    def typed(self) -> SigningDialog:
        """The dialog with eight characters typed."""
        made = self.dialog()
        for letter in "abcd1234":
            press(made.sheet.pin.field, letter)
        return made

    def signing(self) -> SigningDialog:
        """The dialog after Enter."""
        made = self.typed()
        made._sign()
        return made


def press(widget: QWidget, letter: str) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


def flags(**given: Any) -> Choice:
    return Choice(certificate(pin=PinState(**given)))


@state("signing-ready")
def signing_ready() -> QWidget:
    return Token(flags()).typed()


@state("signing-wrong-pin")
def signing_wrong_pin() -> QWidget:
    token = Token(flags())
    made = token.signing()
    token.choices = (flags(count_low=True),)
    token.lane.held[0].end(error("token.pin_wrong"))
    return made


@state("signing-last-try", shown=True)
def signing_last_try() -> QWidget:
    return Token(flags(count_low=True, final_try=True)).typed()


@state("signing-locked")
def signing_locked() -> QWidget:
    return Token(flags(locked=True)).dialog()


@state("signing-letters")
def signing_letters() -> QWidget:
    made = Token(flags()).typed()
    press(made.sheet.pin.field, "ê")
    press(made.sheet.pin.field, "Â")
    return made


@state("signing-no-token")
def signing_no_token() -> QWidget:
    return Token().dialog()


@state("signing-wrong-person")
def signing_wrong_person() -> QWidget:
    holder = "Trần Thị Bình"
    return Token(Choice(certificate(holder=holder), error("token.wrong_person", holder=holder, officer=CLERK))).dialog()


@state("signing-no-library")
def signing_no_library() -> QWidget:
    return Token(problem=error("token.module_missing", vendor="Viettel-CA")).dialog()


@state("signing-several")
def signing_several() -> QWidget:
    other = certificate(serial="02", sha256="b" * 64, issuer="Viettel-CA")
    return Token(replace(flags(), days_left=12), Choice(other, days_left=431)).dialog()


@state("signing-pad")
def signing_pad() -> QWidget:
    return Token(flags(own_pad=True)).dialog()


@state("signing-running", shown=True)
def signing_running() -> QWidget:
    token = Token(flags())
    made = token.signing()
    made._progress(Progress(2, 4, "Căn cước công dân của cha, mẹ"))
    return made


@state("signing-removed")
def signing_removed() -> QWidget:
    token = Token(flags())
    made = token.signing()
    token.choices = ()
    token.lane.held[0].end(Outcome(("c1", "c2"), error("token.removed", signed=2)))
    return made


@state("signing-stopped")
def signing_stopped() -> QWidget:
    token = Token(flags())
    made = token.signing()
    token.lane.held[0].end(Outcome(("c1", "c2"), stopped=True))
    return made


@state("signing-done")
def signing_done() -> QWidget:
    token = Token(flags())
    made = token.signing()
    token.lane.held[0].end(Outcome(("c1", "c2", "c3", "c4")))
    made._closing.stop()
    return made


# -- inspector --------------------------------------------------------------------------------------------------------


def inspector(shown: Component, page_id: str, **options: Any) -> Inspector:
    """The inspector over a component, with the limits and reasons of the built-in regulation."""
    law = law_in_force()
    made = Inspector(AtOnce(), pixels, lambda _id: (page(3, BLURRED), page(3, version=2)), **options)
    reasons = tuple(KeepReason(reason.id, reason.label) for reason in law.keep_reasons)
    made.show_component(shown, page_id, limits=law.page, reasons=reasons, offers=lambda page: offered(page, law))
    return made


@state("inspector-blurred", shown=True)
def inspector_blurred() -> QWidget:
    return inspector(checked(), "p3")


@state("inspector-closer")
def inspector_closer() -> QWidget:
    made = inspector(checked(), "p3")
    made.view.set_zoom(Zoom.FULL)
    return made


@state("inspector-skewed")
def inspector_skewed() -> QWidget:
    return inspector(checked(), "p4")


@state("inspector-kept")
def inspector_kept() -> QWidget:
    kept = replace(page(3, BLURRED), keeps=(Keep(BLURRED.rule, "Giấy gốc mờ", "o1", NOW),))
    turned = replace(page(2), turn=90)
    return inspector(component(page(1), turned, kept, page(4, SKEWED)), "p3")


@state("inspector-compare", shown=True)
def inspector_compare() -> QWidget:
    made = inspector(component(page(1), page(2), page(3, version=2)), "p3")
    made.show_rescanned(page(3, BLURRED), page(3, version=2))
    return made


@state("inspector-keep")
def inspector_keep() -> QWidget:
    law = law_in_force()
    shown: Page = page(3, BLURRED, SKEWED)
    made = KeepPage(3, may_keep(shown), tuple(KeepReason(r.id, r.label) for r in law.keep_reasons))
    made.choices[0].setChecked(True)
    return made


# -- outbox -----------------------------------------------------------------------------------------------------------


def outbox(parcels: Any = None, *, sent: float = 0.62, **facts: Any) -> Outbox:
    tray = Tray(queue() if parcels is None else parcels)
    made = Outbox(tray, AtOnce())
    made.show_queue(tray.queue(**facts))
    sending = next((p for p in tray.parcels if p.state is ParcelState.SENDING), None)
    if sending is not None:
        made.flow.note(sending.id, 0, sending.file_size, time.monotonic() - 4)
        made.show_progress(sending.id, int(sending.file_size * sent), sending.file_size)
    made.model.fill(tray.rows([p.id for p in tray.parcels]))
    made.show_queue(tray.queue(**facts))
    return made


@state("outbox-returned", shown=True)
def outbox_returned() -> QWidget:
    return outbox(upcoming=f"{queue()[4].dossier_code} {queue()[4].component_title}")


@state("outbox-offline", shown=True)
def outbox_offline() -> QWidget:
    parcels = tuple(p for p in queue() if p.id != "parcel-0003")
    made = outbox(parcels, offline_since=NOW - timedelta(minutes=29))
    made.show_drawer(Drawer.WAITING)
    return made


@state("outbox-paused")
def outbox_paused() -> QWidget:
    return outbox(paused="province.login")


@state("outbox-paused-by-clerk")
def outbox_paused_by_clerk() -> QWidget:
    return outbox(tuple(p for p in queue() if p.id != "parcel-0003"), paused="province.paused")


@state("outbox-night", shown=True)
def outbox_night() -> QWidget:
    made = outbox(
        (*(p for p in queue() if p.id != "parcel-0003"), parcel(1700)), opens_at=NOW.replace(hour=19, minute=0)
    )
    made.show_drawer(Drawer.WAITING)
    return made


@state("outbox-overdue")
def outbox_overdue() -> QWidget:
    made = outbox((*queue(), parcel(1700), parcel(4000)), offline_since=NOW - timedelta(hours=3))
    made.show_drawer(Drawer.OVERDUE)
    return made


@state("outbox-search")
def outbox_search() -> QWidget:
    made = outbox()
    made.search.setText("ket hon")
    return made


@state("outbox-empty")
def outbox_empty() -> QWidget:
    return outbox(())


# -- signatures -------------------------------------------------------------------------------------------------------


def signature_check(role: str, signer: str, level: str, **more: Any) -> SignatureCheck:
    """One of a document's signatures, good unless told otherwise."""
    behind = Behind(2, "CA phục vụ các cơ quan Nhà nước", NOW - timedelta(days=300), NOW + timedelta(days=800))
    if more.pop("proven", True):
        behind = replace(behind, proven_at=NOW, proven_by="Dấu thời gian của Ban Cơ yếu")
    good = SignatureCheck(role, signer, True, False, True, NOW, NOW, None, "good", level, behind)
    return replace(good, **more)


def signatures_sheet(found: Verification) -> QWidget:
    sheet = SignaturesSheet(None, component(), None)
    sheet.show_found(found)
    return sheet


@state("signatures-complete", shown=True)
def signatures_complete() -> QWidget:
    return signatures_sheet(
        Verification(
            (
                signature_check("clerk", "Lê Văn An", "B-LTA", captured_at=NOW),
                signature_check("timestamp", "Dấu thời gian của Ban Cơ yếu", ""),
                signature_check("organisation", "ỦY BAN NHÂN DÂN XÃ ĐẠI ĐỒNG", "B-LTA"),
                signature_check("timestamp", "Dấu thời gian của Ban Cơ yếu", "", proven=False),
            ),
            False,
            (Revision(3, "timestamp", True), Revision(4, "signature", True), Revision(5, "timestamp", True)),
        )
    )


@state("signatures-offline", shown=True)
def signatures_offline() -> QWidget:
    only = signature_check("clerk", "Lê Văn An", "B-B", captured_at=NOW, revocation="unknown", proven=False)
    return signatures_sheet(Verification((only,), False))


@state("signatures-changed")
def signatures_changed() -> QWidget:
    only = signature_check("clerk", "Lê Văn An", "B-B", revocation="revoked", proven=False, valid_at=None)
    return signatures_sheet(Verification((only,), True, (Revision(3, "unsigned", False),)))


@state("signatures-none")
def signatures_none() -> QWidget:
    return signatures_sheet(Verification((), False))
