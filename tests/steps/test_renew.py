# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Archive timestamps in the cabinet are renewed in time, without a token, and what the province has never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import typer
from typer.testing import CliRunner

from digitizer_desk.cli import queue
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Document, ParcelState
from digitizer_desk.dossier.stage import is_digitised
from digitizer_desk.errors import error
from digitizer_desk.signing.lasting.timestamps import TimestampService
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import send
from digitizer_desk.steps.signatures import renew
from digitizer_desk.steps.signatures.upgrade import Strengthening
from signing.services import Services
from steps.conftest import Bench
from steps.test_sign_and_send import _go_on, _nothing, _ready


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    running = Services(tmp_path_factory.mktemp("authority"))
    yield running
    running.close()


@pytest.fixture
def short(bench: Bench, services: Services) -> Bench:
    """A desk whose timestamps come from a certificate that ends in forty days."""
    desk = replace(
        bench.desk,
        clock=lambda: datetime.now(UTC),
        trust=(*bench.desk.trust, services.der("root")),
        stamps=TimestampService(services.tsa_short, 5.0),
    )
    return replace(bench, desk=desk)


def with_stamps(bench: Bench, url: str) -> Bench:
    return replace(bench, desk=replace(bench.desk, stamps=TimestampService(url, 5.0)))


def deliver(bench: Bench) -> send.SendOutcome:
    return send.deliver_due(bench.desk, _nothing, _go_on)


def document_of(bench: Bench, dossier_id: str, component_id: str) -> Document:
    document = bench.desk.cabinet.dossiers.load(dossier_id).component(component_id).document
    assert document is not None
    return document


def said(bench: Bench, *order: str) -> str:
    """What the terminal says at this desk."""

    class Doors:
        @contextmanager
        def open_desk(self) -> Iterator[Desk]:
            yield bench.desk

    program = typer.Typer()
    queue.add(program, cast(Any, Doors()))
    done = CliRunner().invoke(program, [*order])
    assert done.exit_code == 0, done.output
    return done.output


def lasts(bench: Bench, document: Document) -> timedelta:
    pdf = bench.desk.cabinet.documents.pdf(document)
    found = verify_pdf(pdf, trust=bench.desk.trust, offline=True, at=datetime.now(UTC))
    assert found.valid
    assert found.complete
    assert found.held_until is not None
    return found.held_until - datetime.now(UTC)


def test_what_the_province_has_is_renewed_here_and_stays_there(
    short: Bench, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier, component_id = _ready(short)
    assert len(deliver(short).accepted) == 1
    (held,) = renew.due(short.desk)
    assert held.here_only
    assert held.until - datetime.now(UTC) < timedelta(days=41)
    before = document_of(short, dossier.id, component_id)
    calls = len(short.province.stored)
    long = with_stamps(short, services.tsa)
    short.desk.cabinet.settings.put("renewal.looked", None)
    told = json.loads(said(short, "renewals", "--json"))
    assert (told["sha256"], told["here_only"]) == (before.sha256, True)
    assert "bản đã gửi giữ nguyên" in said(short, "renewals")
    assert renew.at_sync(long.desk, _go_on).done == (before.id,)
    after = document_of(short, dossier.id, component_id)
    assert (after.id, after.version) == (before.id, before.version + 1)
    assert lasts(short, after) > timedelta(days=3000)
    assert renew.due(short.desk) == ()
    (parcel,) = short.desk.cabinet.outbox.all()
    assert (parcel.file_sha256, parcel.state) == (before.sha256, ParcelState.ACCEPTED)
    assert len(short.province.stored) == calls
    assert is_digitised(short.desk.cabinet.dossiers.load(dossier.id).component(component_id)), "nothing is to be done"
    assert short.token.log_ins == 1
    assert json.loads(said(long, "renewals", "--renew", "--json")) == {"renewed": 0, "failed": 0, "left": 0}
    assert renew.renew(long.desk, _nothing, _go_on) == renew.Renewed(), "repeated it does nothing more"
    assert document_of(short, dossier.id, component_id) == after
    short.desk.cabinet.settings.put(f"held_until:{after.sha256}", None)
    monkeypatch.setattr(type(short.desk.cabinet.documents), "pdf", gone)
    assert renew.due(short.desk) == (), "a file that is no longer here is nobody's duty here"


def gone(_documents: object, _document: Document) -> bytes:
    raise error("store.page_missing", page="1")


def test_what_never_left_goes_renewed(short: Bench, services: Services) -> None:
    dossier, component_id = _ready(short)
    parcel = short.desk.cabinet.outbox.all()[0]
    Strengthening(short.desk).before_sending(parcel)
    (held,) = renew.due(short.desk)
    assert not held.here_only
    long = with_stamps(short, services.tsa)
    assert len(renew.renew(long.desk, _nothing, _go_on).done) == 1
    (accepted,) = deliver(long).accepted
    pdf, body = short.province.stored[accepted]
    document = document_of(short, dossier.id, component_id)
    assert hashlib.sha256(pdf).hexdigest() == document.sha256
    assert json.loads(body)["document"]["sha256"] == document.sha256
    assert lasts(short, document) > timedelta(days=3000)


def test_without_a_better_timestamp_it_stays_as_it_was_and_stays_due(short: Bench, services: Services) -> None:
    """Off line it is tried again at the next round, else on the next day. What holds no longer is not taken: the file
    would grow every day."""
    dossier, component_id = _ready(short)
    deliver(short)
    before = document_of(short, dossier.id, component_id)
    short.desk.cabinet.settings.put("renewal.looked", None)
    long = with_stamps(short, services.tsa)
    for desk, fault, code, tried in (
        (long.desk, "down", "signature.timestamp_offline", False),
        (long.desk, "nonce", "signature.timestamp_wrong", True),
        (short.desk, "", "signature.renewal_short", True),
    ):
        with services.fault(**({"tsa": fault} if fault else {})):
            outcome = renew.at_sync(desk, _go_on)
        assert ([problem.code for _, problem in outcome.failed], outcome.left) == ([code], 1)
        assert document_of(short, dossier.id, component_id) == before
        assert len(renew.due(short.desk)) == 1
        assert (short.desk.cabinet.settings.get("renewal.looked") is not None) == tried
        short.desk.cabinet.settings.put("renewal.looked", None)


def test_sending_renews_by_itself_and_looks_once_a_day(short: Bench, services: Services) -> None:
    dossier, component_id = _ready(short)
    deliver(short)
    assert short.desk.cabinet.settings.get("renewal.looked") == datetime.now(UTC).date().isoformat()
    long = with_stamps(short, services.tsa)
    before = document_of(short, dossier.id, component_id)
    deliver(long)
    assert document_of(short, dossier.id, component_id) == before, "it was looked at today"
    short.desk.cabinet.settings.put("renewal.looked", None)
    deliver(long)
    assert document_of(short, dossier.id, component_id).version == before.version + 1
