# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is done in each part of a trial, by calling the daily steps: what works here works at the counter.

Apart from the room so that windows can do each part on the lane of the machine it needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitizer_desk.devices.scanner import Source
from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.text import format_date
from digitizer_desk.errors import DeskError, Stopped, error
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.province.link import CanRehearse, Health, Later
from digitizer_desk.steps import extract, scan, sign
from digitizer_desk.steps.trial.course import Part, State, Told
from digitizer_desk.steps.trial.room import TrialRoom

#: what stands for what a clerk would type
_TYPED = "THU"
_SHOWN = 900
#: seconds; less would be said as 0,0
_LEAST_SAID = 0.1


def scan_sheet(room: TrialRoom, stop: Callable[[], bool] = lambda: False) -> Told:
    """One sheet through the chosen scanner, sealed as any page. For the scanner lane.

    Raises:
        DeskError: ``scanner.*``, ``store.*``, ``rules.*``.
        Stopped: somebody stopped it before a page was safe.
    """
    started = time.monotonic()
    order = scan.Order(source=_one_side(room), max_pages=1)
    outcome = scan.scan(room.desk, room.dossier_id, room.component_id, room.by, lambda _event: None, stop, order)
    if outcome.error is not None:
        raise outcome.error
    if not outcome.kept:
        if stop():
            raise Stopped
        raise error("scanner.empty")
    page = outcome.kept[0]
    facts = {"dpi": round(page.dpi[0]), "width": page.width, "height": page.height}
    return Told("scanned", facts={**facts, "seconds": time.monotonic() - started})


def _one_side(room: TrialRoom) -> Source | None:
    """One side of one sheet, also where both are usual. None = as work type and settings say."""
    chosen = room.desk.settings.scanner
    if not chosen.id:
        raise error("scanner.none")
    source = Source(chosen.source) if chosen.source else None
    return Source.FEEDER if source is Source.FEEDER_DUPLEX else source


def check_sheet(room: TrialRoom) -> Told:
    """What the checks found on the sheet, by the law in force today. A fault ends the trial: it would close signing."""
    findings = room.component.pages[0].findings
    faults = [f for f in findings if f.severity is Severity.FAULT]
    if faults:
        return Told("sheet_faulty", State.STOP, findings=tuple(faults))
    if findings:
        return Told("sheet_doubtful", State.MIND, findings=findings)
    return Told("sheet_fine")


def make_pdf(room: TrialRoom) -> Told:
    """The PDF as it will be signed.

    Raises:
        DeskError: ``store.*``.
    """
    dossier = room.desk.cabinet.dossiers.load(room.dossier_id)
    pdf = sign.draft_pdf(room.desk, dossier, room.component, room.by)
    return Told("pdf_made", facts={"kilobytes": max(1, len(pdf) // 1000)})


def judge_signing(room: TrialRoom, outcome: sign.SignOutcome | None) -> Told:
    """What came of the signing the clerk did in the usual way; None when it was put off.

    Raises:
        DeskError: the fault that ended signing; ``signature.no_room``.
    """
    if outcome is not None and outcome.error is not None:
        raise outcome.error
    document = room.component.document
    if document is None:
        if outcome is not None and outcome.over_ink:
            raise error("signature.no_room", component=room.component.title)
        return Told("sign_later", State.LATER)
    return Told("signed", facts={"kilobytes": max(1, document.size // 1000)})


def take_data(room: TrialRoom) -> Told:
    """Data filled in and confirmed; the code is made and the parcel packed, into an outbox nothing leaves.

    Raises:
        DeskError: ``dossier.not_filled`` when the law's fields want more than a trial can say.
    """
    desk = room.desk
    dossier = desk.cabinet.dossiers.load(room.dossier_id)
    guessed = {f.name: f.value for f in extract.guess(desk, dossier, room.component)}
    for rule in desk.law_of(dossier).fields:
        if rule.required and not guessed.get(rule.name) and rule.kind in ("text", "issue_date"):
            guessed[rule.name] = format_date(desk.clock().date()) if rule.kind == "issue_date" else _TYPED
    filled = extract.confirm(desk, dossier.id, room.component_id, guessed, room.by).component(room.component_id)
    assert filled.metadata is not None
    return Told("data_taken", facts={"fields": len(filled.metadata.fields)})


def send_trial(room: TrialRoom, stop: Callable[[], bool] = lambda: False) -> Told:
    """Try the way to the province with the signed file: only where the province has a way that leaves nothing there.

    Else it is asked whether it lets us in, and the line says that nothing was sent.

    Raises:
        DeskError: ``province.*``.
        Stopped: somebody stopped it.
    """
    link = room.home.link
    if link is None:
        return Told("province_not_set", State.LATER)
    health = link.health()
    if health.code:
        raise _problem(health.code, health.detail)
    document = room.component.document
    if not isinstance(link, CanRehearse) or document is None:
        return _only_connected(health)
    started = time.monotonic()
    came = link.rehearse(room.desk.cabinet.documents.pdf(document), _until(stop))
    if came is None:
        return _only_connected(health)
    if isinstance(came, Later):
        raise _problem(came.code, came.detail)
    facts = {
        "name": health.name,
        "kilobytes": max(1, came.sent // 1000),
        "seconds": max(_LEAST_SAID, time.monotonic() - started),
    }
    return Told("sent_and_taken_back", facts=facts) if came.gone else Told("sent_not_taken_back", State.MIND, facts)


def _only_connected(health: Health) -> Told:
    return Told("only_connected", State.MIND, {"name": health.name})


def _until(stop: Callable[[], bool]) -> Callable[[int, int], None]:
    def progress(_sent: int, _total: int) -> None:
        if stop():
            raise Stopped

    return progress


def _problem(code: str, detail: str) -> DeskError:
    """A province's word as an error. Nothing of a trial waits anywhere, and nobody tries again by himself."""
    return error(code, detail, waiting=0, at="", said="", number="")


def picture(room: TrialRoom) -> NDArray[np.uint8]:
    """The sheet as it came, uint8 (H, W, 3) RGB, longest side 900 px."""
    page = room.component.pages[0]
    return thumbnail(room.desk.cabinet.pages.jpeg(page), _SHOWN, page.turn)


#: the parts that need no hand, each with the act it is
ACTS: dict[Part, Callable[..., Told]] = {
    Part.SCAN: scan_sheet,
    Part.CHECK: check_sheet,
    Part.PDF: make_pdf,
    Part.DATA: take_data,
    Part.SEND: send_trial,
}
