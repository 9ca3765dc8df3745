# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Parcels to be sent, all of one signed document: to scan and sign one takes a second."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Parcel
from digitizer_desk.province.mapping import body_of
from digitizer_desk.steps import extract, receive, scan, sign
from stand_ins.machines import stack
from steps.conftest import Bench, fresh

ANSWERS = {
    "ten_giay_to": "Tờ khai",
    "so_ky_hieu": "12/TK-HT",
    "ngay_cap": "21/11/2026",
    "co_quan_cap": "UBND phường Bến Thông",
    "trich_yeu": "Khai sinh cho con",
}


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


def packed_alone(bench: Bench) -> Parcel:
    """A new parcel, the only one that waits."""
    document = _signed(bench)
    parcel_id = str(uuid.uuid4())
    body, digest = body_of({**json.loads(document.body), "parcel_id": parcel_id})
    return bench.desk.cabinet.outbox.add(replace(document, id=parcel_id, body=body, digest=digest), bench.officer)


_documents: dict[int, Parcel] = {}


def _signed(bench: Bench) -> Parcel:
    if id(bench.desk) not in _documents:
        _documents[id(bench.desk)] = _sign(bench)
    return _documents[id(bench.desk)]


def _sign(bench: Bench) -> Parcel:
    dossier = fresh(bench)
    component = next(c for c in dossier.components if bench.desk.law_of(dossier).may_scan(c))
    bench.scanner.tray = list(stack(1, start=10_000))
    scan.scan(bench.desk, dossier.id, component.id, bench.officer, _nothing, _go_on)
    dossier = receive.declare(bench.desk, dossier.id, component.id, 1, bench.officer)
    pin = Pin(bytearray(b"246810"))
    dossier = sign.sign(bench.desk, dossier.id, bench.token.certificate, pin, bench.officer, _nothing, _go_on).dossier
    known = {f.name: f.value for f in extract.guess(bench.desk, dossier, dossier.component(component.id))}
    dossier = extract.confirm(bench.desk, dossier.id, component.id, known | ANSWERS, bench.officer)
    parcel = dossier.component(component.id).parcel
    assert parcel is not None
    return parcel
