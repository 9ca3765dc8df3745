# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A large file goes in pieces and goes on where it stopped: against tuspyserver, which is not ours, and our own."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import urllib3

from digitizer_desk.dossier.model import Parcel
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Accepted, Later, Rejected
from digitizer_desk.province.trail import Step, Trail, read
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of
from stand_ins.cut_line import CutLine
from stand_ins.tus_gateway import tus_gateway

MB = 1_000_000
LARGE = 100 * MB


@pytest.fixture(scope="module")
def large() -> tuple[Parcel, bytes]:
    pdf = pdf_of(LARGE)
    return parcel_of(pdf), pdf


@pytest.fixture(params=["tuspyserver", "ours"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str, Callable[[str], bytes]]]:
    """(address, key, what it holds under a hash)"""
    if request.param == "ours":
        with LocalProvince(tmp_path / "p", max_bytes=128 << 20) as running:
            yield running.url, running.token, lambda sha256: (tmp_path / "p/files" / f"{sha256}.pdf").read_bytes()
    else:
        with tus_gateway(tmp_path / "t") as url:
            yield url, "any", lambda sha256: (tmp_path / "t/files" / sha256).read_bytes()


@pytest.fixture
def ours(province: LocalProvince) -> LocalProvince:
    return province


def held_by(province: LocalProvince, parcel: Parcel) -> list[bytes]:
    return [copy.path.read_bytes() for copy in province.copies() if copy.parcel_id == parcel.id]


def link_by(url: str, key: str, **changes: object) -> GatewayLink:
    return GatewayLink(GatewayProfile("p", url, "quay-1", key, timeout_s=20.0, **changes))


def nothing(_sent: int, _total: int) -> None:
    return None


class Killed(BaseException):
    """The desk is gone."""


class Kept:
    """Stands for the outbox: the last trail that was committed."""

    def __init__(self) -> None:
        self.all: list[Trail] = []

    def __call__(self, trail: Trail) -> None:
        self.all.append(trail)

    def on(self, parcel: Parcel) -> Parcel:
        return replace(parcel, trail=self.all[-1].write() if self.all else "")


def test_a_line_cut_at_nine_tenths_costs_no_second_upload(server, large, capsys):
    url, key, held = server
    parcel, pdf = large
    with CutLine(int(url.rpartition(":")[2]), cut_at=int(LARGE * 0.9)) as line:
        reply = link_by(line.url, key).deliver(parcel, pdf, nothing)
        assert isinstance(reply, Accepted), reply
        assert line.cuts == 1
        again = line.sent - LARGE
    with capsys.disabled():
        print(f"\n100 MB cut at 90 %: {again / LARGE:.2%} sent again")
    assert again < LARGE * 0.12
    assert hashlib.sha256(held(parcel.file_sha256)).hexdigest() == parcel.file_sha256


def test_a_desk_killed_at_nine_tenths_goes_on_from_its_trail(server, large, capsys):
    url, key, held = server
    parcel, pdf = large
    kept = Kept()

    def dies(sent: int, total: int) -> None:
        if sent >= total * 0.9:
            raise Killed

    with CutLine(int(url.rpartition(":")[2])) as line:
        with pytest.raises(Killed):
            link_by(line.url, key).deliver(parcel, pdf, dies, kept)
        before = line.sent
        reply = link_by(line.url, key).deliver(kept.on(parcel), pdf, nothing, kept)
        assert isinstance(reply, Accepted), reply
        again = line.sent - LARGE
    assert before >= LARGE * 0.85
    with capsys.disabled():
        print(f"\n100 MB, desk killed at 90 %: {again / LARGE:.2%} sent again")
    assert again < LARGE * 0.12
    assert held(parcel.file_sha256) == pdf
    assert [(t.done, t.open) for t in kept.all] == [
        (None, Step.UPLOAD),
        (Step.UPLOAD, None),
        (Step.VERIFY, Step.RECORD),
    ]


_CHILD = """
import json, os, sys
sys.path[:0] = json.loads(os.environ["PLACES"])
from pathlib import Path
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from province.samples import parcel_of, pdf_of

url, key, size, parcel_id, kept = sys.argv[1:]
pdf = pdf_of(int(size))

def keep(trail):
    with open(kept + ".part", "w") as target:
        target.write(trail.write())
        target.flush()
        os.fsync(target.fileno())
    os.replace(kept + ".part", kept)

link = GatewayLink(GatewayProfile("p", url, "quay-1", key))
link.deliver(parcel_of(pdf, parcel_id=parcel_id), pdf, lambda sent, total: None, keep)
"""


def test_a_desk_ended_by_kill_9_goes_on_from_what_lies_on_disk(server, tmp_path: Path):
    url, key, held = server
    size = 40 * MB
    pdf, kept = pdf_of(size), tmp_path / "trail"
    parcel = parcel_of(pdf)
    with CutLine(int(url.rpartition(":")[2]), hold_at=int(size * 0.9)) as line:
        child = subprocess.Popen(
            [sys.executable, "-c", _CHILD, line.url, key, str(size), parcel.id, str(kept)],
            env={**os.environ, "PLACES": json.dumps(sys.path)},
        )
        assert line.held.wait(60)
        child.kill()
        assert child.wait() == -signal.SIGKILL
        line.go_on.set()
        left = replace(parcel, trail=kept.read_text())
        reply = link_by(line.url, key).deliver(left, pdf, nothing)
        assert isinstance(reply, Accepted), reply
        assert line.sent - size < size * 0.12
    assert held(parcel.file_sha256) == pdf


def small_pieces(province: LocalProvince, **changes: object) -> GatewayLink:
    return link_by(province.url, province.token, piece_bytes=10_000, **changes)


def test_the_address_of_an_upload_is_kept_before_its_first_byte(ours):
    pdf = pdf_of(35_000)
    parcel, kept, seen = parcel_of(pdf), Kept(), []

    def first(sent: int, _total: int) -> None:
        seen.append((sent, bool(kept.all)))

    assert isinstance(small_pieces(ours).deliver(parcel, pdf, first, kept), Accepted)
    assert seen[0] == (0, True)
    assert seen[-1][0] > 30_000
    assert read(kept.all[0].write(), "gateway", parcel.file_sha256).note("place").startswith("/v1/uploads/")


@pytest.mark.parametrize("kind", ["cut", "lost_reply", "duplicate", "slow", "truncated"])
def test_what_goes_wrong_with_a_piece_is_mended_at_once(ours, kind):
    pdf = pdf_of(95_000, seed=1000 + sum(kind.encode()))
    parcel = parcel_of(pdf)
    link = small_pieces(ours)
    assert link.health().code == ""
    ours.fault(kind, times=2, on="upload", after=4_000, seconds=0.0)
    replies = [link.deliver(replace(parcel, tries=0), pdf, nothing)]
    while not isinstance(replies[-1], Accepted):
        assert isinstance(replies[-1], Later)
        replies.append(link.deliver(replace(parcel, tries=1), pdf, nothing))
    # an answer cut in half tells no address of the upload: that one try ends, the next goes on
    assert len(replies) == (3 if kind == "truncated" else 1)
    assert held_by(ours, parcel) == [pdf]


def test_an_upload_the_province_no_longer_has_begins_anew(ours):
    pdf = pdf_of(50_000, seed=8)
    parcel = parcel_of(pdf)
    trail = Trail("gateway", parcel.file_sha256).finished(Step.UPLOAD, place="/v1/uploads/gone-long-ago")
    reply = small_pieces(ours).deliver(replace(parcel, trail=trail.write()), pdf, nothing)
    assert isinstance(reply, Accepted)


def test_an_upload_that_expires_between_two_pieces_begins_anew(ours):
    pdf = pdf_of(50_000, seed=9)
    parcel, gone = parcel_of(pdf), []

    def expire(sent: int, _total: int) -> None:
        if 20_000 <= sent < 30_000 and not gone:
            gone.append(sent)
            for part in ours.folder.glob("uploads/*"):
                part.unlink()

    assert isinstance(small_pieces(ours).deliver(parcel, pdf, expire), Accepted)


def test_a_piece_that_breaks_on_its_way_is_thrown_away_and_sent_again(ours):
    pdf = bytearray(pdf_of(50_000, seed=10))
    parcel = parcel_of(bytes(pdf))
    link = small_pieces(ours)
    ask, broken = link._wire.ask, []

    def flip(method, path, *, body=None, **others):
        if method == "PATCH" and not broken:
            broken.append(path)
            body = bytes(body[:-1]) + bytes([body[-1] ^ 1])
        return ask(method, path, body=body, **others)

    link._wire.ask = flip
    assert isinstance(link.deliver(parcel, bytes(pdf), nothing), Accepted)
    assert broken
    assert held_by(ours, parcel) == [bytes(pdf)]


def test_too_large_is_said_before_a_byte_of_it_left(tmp_path: Path):
    pdf = pdf_of(90_000)
    with LocalProvince(tmp_path, max_bytes=50_000) as province, CutLine(province.port) as line:
        link = link_by(line.url, province.token, piece_bytes=10_000)
        assert link.deliver(parcel_of(pdf), pdf, nothing) == Rejected("province.too_large", "Lớn hơn mức nhận 0 MB")
        assert line.sent < 5_000


def test_a_province_without_pieces_gets_the_file_whole(ours):
    """The contract of version 1.0 has no uploads; ``features`` says so."""
    pdf = pdf_of(60_000, seed=11)
    link = small_pieces(ours)
    link._resumable = False
    assert isinstance(link.deliver(parcel_of(pdf), pdf, nothing), Accepted)


def test_the_page_shows_what_came_in_part_and_does_not_count_it(tmp_path: Path):
    pdf = pdf_of(60_000, seed=12)

    def dies(sent: int, _total: int) -> None:
        if sent >= 30_000:
            raise Killed

    with LocalProvince(tmp_path) as province:
        with pytest.raises(Killed):
            small_pieces(province).deliver(parcel_of(pdf), pdf, dies)
        shown = urllib3.request("GET", province.url).data.decode()
        assert "Đã nhận 0 gói" in shown
        assert "Đang gửi dở, chưa tính là nhận" in shown
        assert "Tệp 58 KB" in shown


def test_an_address_of_another_host_is_not_followed(ours):
    link = small_pieces(ours)
    below = link._wire.below
    host = f"127.0.0.1:{ours.port}"
    assert below("/v1/uploads", f"http://{host}/v1/uploads/1") == "/v1/uploads/1"
    assert below("/v1/uploads", "/v1/uploads/1?x=2") == "/v1/uploads/1?x=2"
    assert below("/v1/uploads/", "1") == "/v1/uploads/1"
    for elsewhere in ("https://example.org/v1/uploads/1", "http://127.0.0.1:1/v1/uploads/1", "//evil/v1/1", "ftp://x"):
        assert below("/v1/uploads", elsewhere) == ""
