# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever a server answers, a connector gives a reply: one that raises ends every round of sending at this parcel.

Each kind of connector is asked all it can be asked, against a server that answers everything with the same nonsense.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk.errors import DeskError
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.handover.receipts import read_receipts
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.incoming.reading import OfferedPack, reading_of
from digitizer_desk.province.link import Accepted, Health, Later, ProvinceLink, Rejected
from digitizer_desk.province.profile import Login, OpenCps, Profile, Secrets
from digitizer_desk.province.systems.talk import Stop, read_json
from digitizer_desk.province.systems.td_reading import _day, _moment
from digitizer_desk.province.trail import Trail
from digitizer_desk.province.tus import Refused, Uploads
from digitizer_desk.province.wire import Answer, NoAnswer, Trouble, Wire
from province.samples import parcel_of, pdf_of, reuse_body

DOSSIER = "000.00.10.H08-261120-0006"
_HALF = "\\ud800"
_FAR = 1 << 62


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    status: int
    headers: dict[str, str]
    body: bytes


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        told = {"Content-Type": "application/json", "Content-Length": str(len(self.server.body))} | self.server.headers
        self.send_response(self.server.status)
        for name, value in told.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(self.server.body)
        self.close_connection = True

    do_GET = do_PUT = do_POST = do_HEAD = do_PATCH = do_DELETE = _answer

    def log_message(self, *_: object) -> None:
        """Nothing on stderr."""


@contextlib.contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.status, server.body = status, body
    server.headers = {name.replace("_", "-"): value for name, value in headers.items()}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


def links(url: str) -> Iterator[ProvinceLink]:
    short = {"timeout_s": 5.0, "settle_s": 0.0}
    yield GatewayLink(GatewayProfile("Tỉnh", url, "quay-1", "khoa", piece_bytes=1000, **short))  # type: ignore[arg-type]
    password = Login(way="password", user="may")
    others = (
        Profile(kind="opencps", opencps=OpenCps(group=1, marks={"original": 3}), login=password, desk_id="q", **short),  # type: ignore[arg-type]
        Profile(kind="td", login=password, desk_id="q", **short),  # type: ignore[arg-type]
    )
    for profile in others:
        link = link_of(replace(profile, address=url), Secrets("mat khau"), Path())
        assert link is not None
        yield link


def everything_asked(link: ProvinceLink) -> None:
    pdf = pdf_of() + bytes(3000)
    parcel = parcel_of(pdf)
    kept: list[Trail] = []

    def keep(trail: Trail) -> None:
        trail.write().encode()  # as the cabinet keeps it
        kept.append(trail)

    assert isinstance(link.health(), Health)
    assert isinstance(link.deliver(parcel, pdf, lambda _sent, _total: None, keep), Accepted | Later | Rejected)
    for trail in (Trail(), *kept):
        tried = replace(parcel, tries=1, trail=trail.write() if trail.connector else "")
        for reply in (link.look(tried), link.deliver(tried, pdf, lambda _sent, _total: None, keep)):
            assert reply is None or isinstance(reply, Accepted | Later | Rejected)
            if isinstance(reply, Accepted):
                reply.number.encode()
    reading = reading_of(link)
    reading.waiting("")
    reading.decisions("")
    reading.papers("001199000123")
    reading.tell_reuse("r1", reuse_body("r1", "/kho/1.pdf"))
    reading.packs()
    reading.pack(OfferedPack("a-pack", 1, "0" * 64))


def rows(**more: Any) -> dict[str, Any]:
    """One row that is what each of the systems looks for, with nonsense in its other places."""
    return {
        "succeeded": True,
        "token": "t",
        "currentPage": 1,
        "totalPages": 1,
        "data": [
            {
                "id": "1",
                "maHoSo": DOSSIER,
                "maGiayTo": "TP02",
                "dossierNo": DOSSIER,
                "dossierId": 7,
                "dossierPartNo": "TP02",
                **more,
            }
        ],
    }


NONSENSE: dict[str, bytes] = {
    "nothing": b"",
    "deep": b"[" * 100_000,
    "number": b"9" * 5000,
    "not a number": b'{"succeeded": true, "data": NaN, "now": Infinity}',
    "half a letter": f'{{"succeeded": true, "token": "t", "data": "/{_HALF}", "message": "{_HALF}"}}'.encode(),
    "a list": b"[1, null, {}]",
    "twice": b'{"data": 1, "data": []}',
    "rows of nothing": json.dumps(rows()).encode(),
    "times beyond": json.dumps(
        rows(createDate=_FAR, modifiedDate=_FAR, receiveDate=_FAR, ngayTiepNhan="0001-01-01T00:00:00+14:00")
    ).encode(),
    "the last second": json.dumps(rows(modifiedDate="31/12/9999 23:59:59")).encode(),
    "other kinds": json.dumps(rows(dinhKem=[1], referenceUid=5, fileSize="x", createDate=1.5, ten={})).encode(),
    "letters in a row": json.dumps(rows(dossierFileId="X", ten="X", dinhKem="/X")).replace("X", _HALF).encode(),
}


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("status", [200, 201])
def test_a_connector_has_a_reply_to_every_nonsense(name: str, status: int) -> None:
    with answering(status, NONSENSE[name]) as url:
        for link in links(url):
            everything_asked(link)


@pytest.mark.parametrize("status", [204, 206, 226, 301, 304, 307, 400, 404, 409, 410, 418, 460, 499, 599, 999])
def test_a_connector_has_a_reply_to_every_status(status: int) -> None:
    with answering(status, b"" if status in (204, 304) else b"{}", Location="//[", Retry_After="9" * 400) as url:
        for link in links(url):
            everything_asked(link)


@pytest.mark.parametrize("place", ["http://127.0.0.1:99999/a", "http://[", "https://127.0.0.1:port/x"])
def test_an_address_nobody_can_read_is_none_of_this_province(place: str) -> None:
    with answering(201, b"{}", Location=place) as url:
        wire = Wire(url, {"Accept": "a"}, ca_file=None, timeout_s=5.0, max_reply_bytes=1000)
        assert (
            wire.below("/v1/uploads", wire.ask("POST", "/v1/uploads", body=b"", media="a/b").headers["location"]) == ""
        )


def test_a_length_longer_than_any_number_is_no_length() -> None:
    with answering(200, b"{}", Content_Length="9" * 5000) as url:
        wire = Wire(url, {"Accept": "a"}, ca_file=None, timeout_s=5.0, max_reply_bytes=1000)
        for ask in (lambda: wire.ask("GET", "/"), lambda: wire.fetch("/", most=100)):
            with pytest.raises(NoAnswer) as caught:
                ask()
            assert caught.value.trouble in (Trouble.CUT, Trouble.UNREADABLE)


def test_an_offset_longer_than_any_number_is_no_offset() -> None:
    for headers in ({"Upload_Length": "9" * 5000}, {"Upload_Offset": "9" * 5000}):
        with answering(200, b"", **headers) as url:
            wire = Wire(url, {"Accept": "a"}, ca_file=None, timeout_s=5.0, max_reply_bytes=1000)
            uploads = Uploads(wire.ask, wire.below, "/v1/uploads", piece=10)
            with pytest.raises((NoAnswer, Refused)):
                uploads.send(bytes(100), {}, "/v1/uploads/1", lambda _place: None, lambda _sent, _total: None)


@pytest.mark.parametrize("name", ["nothing", "deep", "number", "not a number", "half a letter", "letters in a row"])
def test_what_could_not_be_kept_is_no_answer_of_a_system(name: str) -> None:
    with pytest.raises(Stop) as stop:
        read_json(Answer(200, {}, NONSENSE[name]))
    assert stop.value.reply.code == "province.reply_unreadable"


def test_a_day_that_was_never_set_is_none() -> None:
    """.NET writes year 1 where nothing was set: no paper ended then."""
    for told in (
        "0001-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ):
        assert (_moment(told), _day(told)) == (None, None)
    assert str(_day("2026-11-21T20:00:00Z")) == "2026-11-22"


def test_receipts_of_nonsense_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "bien-nhan.json"
    for name, body in NONSENSE.items():
        file.write_bytes(body)
        with pytest.raises(DeskError) as caught:
            read_receipts(file)
        assert caught.value.code == "handover.receipts_unreadable", name
