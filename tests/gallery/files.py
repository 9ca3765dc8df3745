# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of paper that came as files: a PDF with somebody's signature, a gap, the tray. Imported for its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.code import read_code
from digitizer_desk.dossier.file import FileSignature, Origin, PaperFile
from digitizer_desk.dossier.model import Applicant, Channel, Component, Dossier
from digitizer_desk.store.intake.arrivals import Arrival
from digitizer_desk.ui.models import advice
from digitizer_desk.ui.screens.counter import Counter
from digitizer_desk.ui.screens.tray import TrayDialog
from gallery.at_once import AtOnce
from gallery.papers import component, law_in_force, page, pixels
from gallery.people import NOW
from gallery.states import state

_FILE = "cd" * 32


def _counter(part: Component) -> Counter:
    law = law_in_force()
    part = replace(part, form=next(form.id for form in law.forms if form.may_scan))
    code = read_code("000.00.12.H08-261121-0009")
    dossier = Dossier(
        id="d9",
        code=code.text,
        code_kind=code.kind,
        procedure="1.001193",
        procedure_title="Đăng ký khai sinh",
        applicant=Applicant("Nguyễn Thị Hường"),
        received_at=NOW,
        received_by="o1",
        rules_id=law.id,
        channel=Channel.ELECTRONIC,
        components=(part,),
    )
    made = Counter(AtOnce(), lambda one, _longest: pixels(one))
    made.show_dossier(dossier, law, None)
    made.open_fields(*advice.data_side(made.stage_now(), law))
    made.resize(1366, 560)
    return made


@state("counter-pdf")
def counter_pdf() -> QWidget:
    signer = FileSignature("Sở Tư pháp", "organisation", NOW - timedelta(days=1), True, True)
    file = PaperFile(_FILE, 412_000, "giay-khai-sinh.pdf", 3, "1.7", "2B", NOW, (signer,))
    shown = [replace(page(n), origin=Origin(_FILE, n, 3, pdf=True)) for n in (1, 2, 3)]
    return _counter(replace(component(*shown), file=file, declared=None))


@state("counter-gap")
def counter_gap() -> QWidget:
    shown = [replace(page(n), origin=Origin(_FILE, n, 3, unread=n == 2)) for n in (1, 2, 3)]
    return _counter(replace(component(*shown), declared=3))


@state("tray")
def tray() -> QWidget:
    names = ("SCAN_0012.jpg", "SCAN_0013.pdf", "SCAN_0014.tif")
    waiting = [
        Arrival(str(n), n, name, 412_000 * n, NOW - timedelta(minutes=9 - n), True, False)
        for n, name in enumerate(names, start=1)
    ]
    return TrayDialog(waiting, "Giấy chứng sinh", lambda one: pixels(page(one.number)), AtOnce())
