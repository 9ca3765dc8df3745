# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The virtual scanner as a machine: what it says of itself, its count, its end, and that it keeps nothing on disk."""

from __future__ import annotations

import http.client
import os
import re
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from digitizer_desk.devices.process import surroundings
from digitizer_desk.imaging.master import as_png, decode
from digitizer_desk.training.scanner import NAME, VirtualScanner

JOB = (
    "<s:ScanSettings><pwg:InputSource>{source}</pwg:InputSource><s:ColorMode>{mode}</s:ColorMode>"
    "<s:XResolution>{dpi}</s:XResolution><s:Duplex>{duplex}</s:Duplex><pwg:DocumentFormat>{kind}</pwg:DocumentFormat>"
    "</s:ScanSettings>"
)


@pytest.fixture(scope="module")
def machine() -> Iterator[VirtualScanner]:
    with VirtualScanner() as scanner:
        yield scanner


@pytest.fixture
def line(machine: VirtualScanner) -> Iterator[http.client.HTTPConnection]:
    machine.clear()
    connection = http.client.HTTPConnection("localhost", timeout=10)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(f"{machine.sane_env['SANE_CONFIG_DIR']}/escl")
    yield connection
    connection.close()


def page(shade: int) -> bytes:
    return as_png(np.full((60, 40, 3), (shade, 90, 30), np.uint8), (300.0, 300.0))


def ask(line: http.client.HTTPConnection, method: str, path: str, body: str = "") -> tuple[int, bytes, str]:
    line.request(method, path, body)
    answer = line.getresponse()
    return answer.status, answer.read(), answer.headers.get("Location", "")


def begin(line: http.client.HTTPConnection, **changes: str) -> str:
    wish = {"source": "Feeder", "mode": "RGB24", "dpi": "300", "duplex": "false", "kind": "image/png", **changes}
    status, _, job = ask(line, "POST", "/eSCL/ScanJobs", JOB.format(**wish))
    assert status == 201
    return job


def next_page(line: http.client.HTTPConnection, job: str) -> tuple[int, bytes]:
    status, body, _ = ask(line, "GET", f"{job}/NextDocument")
    return status, body


def test_it_says_what_it_is_and_what_it_can(line: http.client.HTTPConnection) -> None:
    text = ask(line, "GET", "/eSCL/ScannerCapabilities")[1].decode()
    assert NAME in text
    assert "TAP HUAN" in NAME
    assert "TẬP HUẤN" in VirtualScanner.title
    assert {"RGB24", "Grayscale8"} <= set(re.findall(r"ColorMode>(\w+)<", text))
    assert "AdfDuplexInputCaps" in text


def test_a_stack_ends_with_404_and_the_count_is_told(machine: VirtualScanner, line: http.client.HTTPConnection) -> None:
    pages = [page(10), page(20)]
    machine.lay(pages)
    job = begin(line)
    assert [next_page(line, job) for _ in range(2)] == [(200, pages[0]), (200, pages[1])]
    assert next_page(line, job)[0] == 404
    text = ask(line, "GET", "/eSCL/ScannerStatus")[1].decode()
    told = dict(re.findall(r"<pwg:JobUri>([^<]+)</pwg:JobUri>.*?<pwg:ImagesCompleted>(\d+)<", text))
    assert told[job] == "2"
    assert "ScannerAdfEmpty" in text


def test_grey_and_other_resolutions_are_what_a_scanner_would_give(
    machine: VirtualScanner, line: http.client.HTTPConnection
) -> None:
    machine.lay([page(10)])
    pixels = decode(next_page(line, begin(line, mode="Grayscale8", dpi="150"))[1])
    assert pixels.shape == (30, 20)


def test_jpeg_is_given_when_jpeg_is_asked(machine: VirtualScanner, line: http.client.HTTPConnection) -> None:
    machine.lay([page(10)])
    body = next_page(line, begin(line, kind="image/jpeg"))[1]
    assert body.startswith(b"\xff\xd8")
    assert abs(decode(body).astype(int) - decode(page(10))).max() <= 3


def test_a_cancelled_job_is_over(machine: VirtualScanner, line: http.client.HTTPConnection) -> None:
    machine.lay([page(10), page(20)])
    job = begin(line)
    ask(line, "DELETE", job)
    assert next_page(line, job)[0] == 404
    assert machine.state()[1] == 2


def test_a_jam_lasts_until_the_lid_was_opened(machine: VirtualScanner, line: http.client.HTTPConnection) -> None:
    machine.lay([page(10), page(20), page(30)])
    machine.fault(after=1, kind="jam")
    job = begin(line)
    assert next_page(line, job)[0] == 200
    assert next_page(line, job)[0] == 409
    assert b"ScannerAdfJam" in ask(line, "GET", "/eSCL/ScannerStatus")[1]
    assert next_page(line, begin(line))[0] == 409
    machine.clear()
    machine.lay([page(40)])
    assert next_page(line, begin(line)) == (200, page(40))


def test_busy_passes_after_so_many_times(machine: VirtualScanner, line: http.client.HTTPConnection) -> None:
    machine.lay([page(10)])
    machine.fault(after=0, kind="busy", times=2)
    job = begin(line)
    assert [next_page(line, job)[0] for _ in range(3)] == [503, 503, 200]


def test_an_empty_feeder_refuses_a_job(line: http.client.HTTPConnection) -> None:
    wish = {"source": "Feeder", "mode": "RGB24", "dpi": "300", "duplex": "false", "kind": "image/png"}
    assert ask(line, "POST", "/eSCL/ScanJobs", JOB.format(**wish))[0] == 409


def test_pages_never_lie_on_disk_and_nothing_stays(tmp_path: Path) -> None:
    with VirtualScanner() as scanner:
        scanner.lay([page(10)] * 3)
        folder = Path(scanner.sane_env["SANE_CONFIG_DIR"])
        assert sorted(file.name for file in folder.iterdir()) == ["airscan.conf", "dll.conf", "escl"]
        listening = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, text=True, check=True)
        pid = scanner.pid
        inodes = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        tcp = {f"socket:[{row.split()[9]}]" for row in listening.stdout.splitlines()[1:]}
        assert not inodes & tcp, "a port was opened"
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


STARTER = """
import sys
from digitizer_desk.training.scanner import VirtualScanner
scanner = VirtualScanner()
scanner.fault(after=0, kind="stall")
print(scanner.pid, scanner.sane_env["SANE_CONFIG_DIR"], flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="pidfds of Linux")
def test_it_ends_with_its_killed_starter_and_tidies_up() -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings({})
    )
    assert starter.stdout is not None
    with starter:
        pid, folder = starter.stdout.readline().decode().split()
        handle = os.pidfd_open(int(pid))
        try:
            poll = select.poll()
            poll.register(handle, select.POLLIN)
            starter.kill()
            assert poll.poll(10_000), "the device outlived its starter"
        finally:
            os.close(handle)
    assert not Path(folder).exists()
