# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The practice province itself: one receipt whatever comes at once, faults, a page, an end with its parent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
import urllib3

from digitizer_desk.errors import DeskError
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Accepted
from digitizer_desk.training.gateway.books import Entry
from digitizer_desk.training.gateway.page import page
from digitizer_desk.training.province import LocalProvince, serve, stored_parcels
from province.samples import parcel_of, pdf_of


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("province")) as province:
        yield province


def link_to(province: LocalProvince) -> GatewayLink:
    return GatewayLink(GatewayProfile("p", province.url, "quay-1", province.token))


def nothing(sent: int, total: int) -> None:
    pass


def test_five_at_once_are_one_receipt_and_one_file(running: LocalProvince):
    pdf = pdf_of(200_000, seed=21)
    parcel = parcel_of(pdf)
    with ThreadPoolExecutor(5) as pool:
        replies = list(pool.map(lambda _: link_to(running).deliver(parcel, pdf, nothing), range(5)))
    assert all(isinstance(reply, Accepted) for reply in replies)
    assert len({reply.number for reply in replies if isinstance(reply, Accepted)}) == 1
    assert sum(not reply.already for reply in replies if isinstance(reply, Accepted)) == 1
    mine = [copy for copy in running.copies() if copy[0] == parcel.id]
    assert len(mine) == 1
    files = sorted((mine[0][2].parent).iterdir())
    assert [file.name for file in files].count(f"{parcel.file_sha256}.pdf") == 1
    assert not [file for file in files if file.suffix == ".part"]


def test_numbers_never_repeat(running: LocalProvince):
    pdf = pdf_of(seed=22)
    with ThreadPoolExecutor(4) as pool:
        replies = list(
            pool.map(lambda n: link_to(running).deliver(parcel_of(pdf, number=n), pdf, nothing), range(30, 42))
        )
    numbers = [reply.number for reply in replies if isinstance(reply, Accepted)]
    codes = [reply.result_code for reply in replies if isinstance(reply, Accepted)]
    assert len(set(numbers)) == 12
    assert len(set(codes)) == 12


def test_the_page_shows_what_arrived_and_nothing_a_value_could_smuggle_in(running: LocalProvince):
    pdf = pdf_of(seed=23)
    parcel = parcel_of(pdf, title="<script>alert(1)</script> & giấy")
    reply = link_to(running).deliver(parcel, pdf, nothing)
    assert isinstance(reply, Accepted)
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", running.url + "/")
        text = answer.data.decode()
        shown = pool.request("GET", f"{running.url}/xem/{parcel.id}.pdf")
        assert pool.request("GET", f"{running.url}/xem/unknown-parcel.pdf", retries=False).status == 404
    assert "TỈNH MÔ PHỎNG – CHỈ ĐỂ TẬP HUẤN" in text
    for fact in (reply.number, parcel.dossier_code, "Trần Thị Mẫu", "Số, ký hiệu", "2 trang", parcel.file_sha256):
        assert fact in text
    assert "<script>" not in text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert shown.data == pdf
    assert shown.headers["Content-Type"] == "application/pdf"


def test_the_page_of_a_long_training_shows_the_newest():
    entry = Entry(
        "BN-1",
        "parcel-1",
        "0" * 64,
        "0" * 64,
        "",
        "2026-11-20T08:31:07+07:00",
        "",
        parcel_of(pdf_of()).body,
        None,
        None,
    )
    text = page("Tỉnh", [entry] * 250)
    assert "Đã nhận 250 gói" in text
    assert text.count("<article>") == 100
    assert "Chỉ hiện 100 gói mới nhất" in text
    assert "không cấp" in text


def test_the_page_is_for_this_machine_only(running: LocalProvince):
    with urllib3.PoolManager() as pool:
        answer = pool.request("GET", running.url + "/", headers={"Host": "evil.example:80"}, retries=False)
    assert answer.status == 403


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/files/../../token", "/v1/parcels/short", "/files/", "/v1/files/" + "A" * 64]
)
def test_no_other_address_answers(running: LocalProvince, path: str):
    headers = {"Authorization": f"Bearer {running.token}"}
    with urllib3.PoolManager() as pool:
        for method in ("GET", "PUT", "HEAD"):
            answer = pool.request(method, running.url + path, headers=headers, retries=False)
            assert answer.status == 404


def test_faults_happen_as_often_as_asked_and_unknown_ones_are_refused(running: LocalProvince):
    for kind, on in (("earthquake", "any"), ("error", "nowhere")):
        with pytest.raises(ValueError, match="no such fault"):
            running.fault(kind, on=on)
    running.fault("error", 2, on="health")
    codes = [link_to(running).health().code for _ in range(3)]
    assert codes == ["province.server_busy", "province.server_busy", ""]


def test_it_leaves_the_network_and_comes_back_where_it_was(running: LocalProvince):
    link = link_to(running)
    for _ in range(2):
        running.go_offline()
        running.go_offline()
        assert link.health().code == "province.offline"
        running.go_online()
        assert link.health().code == ""


def test_it_keeps_its_register_token_and_port_over_a_power_cut(tmp_path: Path):
    pdf = pdf_of(seed=24)
    parcel = parcel_of(pdf)
    first = LocalProvince(tmp_path)
    link = link_to(first)
    before = link.deliver(parcel, pdf, nothing)
    first.kill()
    assert [copy.parcel_id for copy in stored_parcels(tmp_path)] == [parcel.id]
    with LocalProvince(tmp_path, port=first.port):
        after = link.look(parcel)
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    assert (after.number, after.at) == (before.number, before.at)


def test_it_ends_when_its_parent_dies(tmp_path: Path):
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib, time\n"
            "from digitizer_desk.training.province import LocalProvince\n"
            "province = LocalProvince(pathlib.Path(sys.argv[1]))\n"
            "print(province.pid, flush=True)\n"
            "time.sleep(60)\n",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p)},
    )
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    child.wait(10)
    assert not child.is_running()


def test_a_port_in_use_is_said(running: LocalProvince, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert serve(["--dir", str(tmp_path), "--port", str(running.port)]) == 3
    assert capsys.readouterr().err.startswith("province.offline")
    with pytest.raises(DeskError) as caught:
        LocalProvince(tmp_path, port=running.port)
    assert caught.value.code == "province.offline"


def test_started_by_hand_it_says_one_line_and_takes_its_token_from_the_environment(tmp_path: Path):
    program = subprocess.run(
        [sys.executable, "-m", "digitizer_desk.training.province", "--dir", str(tmp_path)],
        input="",
        capture_output=True,
        text=True,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p), "DIGITIZER_DESK_PROVINCE_TOKEN": "practice"},
        timeout=20,
        check=True,
    )
    [line] = program.stdout.splitlines()
    said = json.loads(line)
    assert said["token"] == "practice"
    assert said["url"] == f"http://127.0.0.1:{said['port']}"
    assert not (tmp_path / "token").exists()
