# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The practice province's resumable upload: each answer of the contract provoked; what is not whole never counts."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
import yaml

from digitizer_desk.training.province import LocalProvince

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
SHA = hashlib.sha256(PDF).hexdigest()
PIECE = {"Content-Type": "application/offset+octet-stream"}
CONTRACT = Path(__file__).parents[2] / "resources" / "contracts" / "gateway.openapi.yaml"


class Desk:
    """Asks as a tus client does, and holds each status to the contract."""

    def __init__(self, province: LocalProvince) -> None:
        self.province = province
        self.pool = urllib3.PoolManager()
        self.paths = yaml.safe_load(CONTRACT.read_text("utf-8"))["paths"]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> urllib3.BaseHTTPResponse:
        known = {"Authorization": f"Bearer {self.province.token}", "Tus-Resumable": "1.0.0"}
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.pool.request(
            method, self.province.url + path, body=body, headers={**known, **told}, retries=False, redirect=False
        )
        template = "/v1/uploads" if path == "/v1/uploads" else "/v1/uploads/{upload}"
        if path.startswith("/v1/uploads"):
            assert str(answer.status) in self.paths[template][method.lower()]["responses"], (method, answer.status)
        return answer

    def create(self, size: int = len(PDF), sha256: str = SHA, media: str = "application/pdf") -> str:
        answer = self.ask("POST", "/v1/uploads", Upload_Length=str(size), Upload_Metadata=metadata(sha256, media))
        assert answer.status == 201, answer.data
        return answer.headers["Location"]

    def patch(self, place: str, body: bytes, at: int, **headers: str) -> urllib3.BaseHTTPResponse:
        return self.ask("PATCH", place, body, **{**PIECE, "Upload_Offset": str(at), **headers})

    def has(self, sha256: str = SHA) -> bool:
        return self.ask("HEAD", f"/v1/files/{sha256}").status == 200


def metadata(sha256: str = SHA, media: str = "application/pdf") -> str:
    words = {"filename": "a.pdf", "filetype": media, "sha256": sha256}
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in words.items())


def checksum(piece: bytes) -> str:
    return "sha256 " + base64.b64encode(hashlib.sha256(piece).digest()).decode()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("p"), max_bytes=1 << 20) as province:
        yield province


@pytest.fixture
def desk(running: LocalProvince) -> Iterator[Desk]:
    made = Desk(running)
    yield made
    made.pool.clear()
    for file in (running.folder / "files").iterdir():
        file.unlink()


def test_a_file_in_pieces_is_there_when_its_last_byte_is(desk: Desk):
    place = desk.create()
    half = desk.patch(place, PDF[:4000], 0, Upload_Checksum=checksum(PDF[:4000]))
    assert (half.status, half.headers["Upload-Offset"]) == (204, "4000")
    assert "Content-Length" not in half.headers
    assert not desk.has()
    told = desk.ask("HEAD", place)
    assert (told.headers["Upload-Offset"], told.headers["Upload-Length"]) == ("4000", str(len(PDF)))
    assert "GMT" in told.headers["Upload-Expires"]
    assert desk.patch(place, PDF[4000:], 4000).status == 204
    assert desk.has()
    assert desk.ask("HEAD", place).status == 404


def test_a_whole_that_is_not_what_was_announced_is_thrown_away(desk: Desk):
    place = desk.create(sha256="0" * 64)
    answer = desk.patch(place, PDF, 0)
    assert (answer.status, answer.json()["code"]) == (422, "hash_differs")
    text = b"no pdf at all"
    other = hashlib.sha256(text).hexdigest()
    answer = desk.patch(desk.create(len(text), other), text, 0)
    assert (answer.status, answer.json()["code"]) == (422, "content")
    assert not desk.has("0" * 64)
    assert not desk.has(other)
    assert desk.ask("HEAD", place).status == 404


def test_a_piece_that_does_not_fit_changes_nothing(desk: Desk):
    place = desk.create()
    assert desk.patch(place, PDF[:10], 5).status == 409
    assert desk.patch(place, PDF[:10], 0, Upload_Checksum=checksum(b"other")).status == 460
    assert desk.patch(place, PDF + b"more", 0).status == 413
    assert desk.patch(place, PDF[:10], 0, Content_Type="application/pdf").status == 415
    assert desk.patch(place, b"", 0).status == 411
    assert desk.patch(place, PDF[:10], 0, Upload_Offset="x").status == 400
    assert desk.patch(place, PDF[:10], 0, Upload_Checksum="md5 AAAA").status == 400
    assert desk.patch(place, PDF[:10], 0, Upload_Checksum="sha256 !").status == 400
    assert desk.ask("HEAD", place).headers["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Length": "12", "Tus_Resumable": "0.2.2"}, 412),
        ({"Upload_Length": str(2 << 20)}, 413),
        ({"Upload_Length": "0"}, 413),
        ({"Upload_Length": "12", "Upload_Metadata": metadata(media="text/html")}, 415),
        ({"Upload_Length": "12", "Upload_Metadata": metadata("xyz")}, 400),
        ({"Upload_Length": "12", "Upload_Metadata": "filetype !!"}, 400),
        ({}, 400),
        ({"Upload_Length": "12", "Authorization": "Bearer wrong"}, 401),
    ],
)
def test_what_cannot_be_an_upload_is_refused_before_a_byte(desk: Desk, headers: dict[str, str], status: int):
    assert desk.ask("POST", "/v1/uploads", **{"Upload_Metadata": metadata(), **headers}).status == status


def test_one_that_is_dropped_is_gone(desk: Desk):
    place = desk.create()
    assert desk.ask("DELETE", place).status == 204
    assert desk.ask("DELETE", place).status == 404
    assert desk.patch(place, PDF, 0).status == 404


def test_one_that_nobody_touched_for_a_day_has_ended(desk: Desk, running: LocalProvince):
    place = desk.create()
    part = running.folder / "uploads" / f"{place.rpartition('/')[2]}.bin"
    os.utime(part, (1_700_000_000, 1_700_000_000))
    assert desk.patch(place, PDF, 0).status == 410
    assert desk.patch(place, PDF, 0).status == 404
    # one nobody asks about any more goes when the next begins
    forgotten = running.folder / "uploads" / f"{desk.create().rpartition('/')[2]}.bin"
    os.utime(forgotten, (1_700_000_000, 1_700_000_000))
    desk.create()
    assert not forgotten.exists()
