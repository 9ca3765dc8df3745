# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A host lives exactly as long as its desk wants it: closed, killed, orphaned, blocked in a driver or not."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from devices.scanning.rig import OURS
from digitizer_desk.devices import process
from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent
from digitizer_desk.training.scanner import VirtualScanner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and pidfds of Linux")


@contextlib.contextmanager
def watched(pid: int) -> Iterator[select.poll]:
    """Something that becomes readable when the process ends."""
    handle = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    try:
        yield poll
    finally:
        os.close(handle)


def blocked_host(virtual: VirtualScanner) -> HostProcess:
    """A host inside a driver call that never returns."""
    virtual.lay([b"never fed"])
    virtual.fault(after=0, kind="stall")
    host = HostProcess("sane", env=virtual.sane_env)
    want = {"device": virtual.device, "source": "feeder", "mode": "color", "dpi": 300, "sheet_mm": [50.8, 30.48]}
    host.send("scan", **want, **OURS.of("airscan").for_host())
    while host.receive(20)[0]["event"] != "page_started":
        pass
    try:
        said = host.receive(0.3)
    except HostSilent:
        return host
    host.close()
    pytest.fail(f"the driver did not block: {said}")


def test_the_first_line_names_protocol_and_backend(virtual: VirtualScanner) -> None:
    with HostProcess("sane", env=virtual.sane_env) as host:
        hello, _ = host.receive(20)
    assert hello["event"] == "hello"
    assert (hello["protocol"], hello["backend"]) == (1, "sane")


def test_a_blocked_host_ends_when_its_stdin_closes(virtual: VirtualScanner) -> None:
    host = blocked_host(virtual)
    with watched(host.pid) as end:
        host._child.stdin.close()  # type: ignore[union-attr]
        assert end.poll(10_000), "the host outlived its stdin"
    host.close()


def test_killing_a_blocked_host_is_reported_with_its_signal(virtual: VirtualScanner) -> None:
    host = blocked_host(virtual)
    host.kill()
    with pytest.raises(HostGone) as gone:
        host.receive(5)
    assert gone.value.exit_code == -signal.SIGKILL
    host.close()
    host.close()


ORPHANER = """
import sys, json
from digitizer_desk.devices.process import HostProcess
host = HostProcess("sane", env=json.loads(sys.argv[1]))
host.send("scan", **json.loads(sys.argv[2]))
while host.receive(20)[0]["event"] != "page_started":
    pass
print(host.pid, flush=True)
sys.stdin.read()
"""


def test_a_blocked_host_ends_with_its_killed_desk(virtual: VirtualScanner) -> None:
    virtual.lay([b"never fed"])
    virtual.fault(after=0, kind="stall")
    want = {"device": virtual.device, "source": "feeder", "mode": "color", "dpi": 300, "sheet_mm": [50.8, 30.48]}
    desk = subprocess.Popen(
        [sys.executable, "-c", ORPHANER, json.dumps(virtual.sane_env), json.dumps(want)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=process.surroundings({}),
    )
    assert desk.stdin is not None
    assert desk.stdout is not None
    with desk, watched(int(desk.stdout.readline())) as end:
        desk.kill()
        assert end.poll(10_000), "the host outlived its desk"


def test_a_host_outlives_the_thread_that_asked_for_it(virtual: VirtualScanner) -> None:
    made: list[HostProcess] = []
    thread = threading.Thread(target=lambda: made.append(HostProcess("sane", env=virtual.sane_env)))
    thread.start()
    thread.join()
    (host,) = made
    with host:
        assert host.receive(20)[0]["event"] == "hello"
        with watched(host.pid) as end:
            assert not end.poll(300), "the host died with the thread"
        host.send("find")
        while host.receive(20)[0]["event"] != "found":
            pass


def test_a_host_leaves_no_core_and_hears_no_proxy(virtual: VirtualScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    monkeypatch.setenv("LANGUAGE", "vi")
    with HostProcess("sane", env=virtual.sane_env) as host:
        host.receive(20)
        child = psutil.Process(host.pid)
        seen = child.environ()
        soft, _hard = child.rlimit(psutil.RLIMIT_CORE)
    assert not [name for name in seen if name.lower().endswith("_proxy")]
    assert seen["LC_ALL"] == "C"
    assert "LANGUAGE" not in seen
    assert soft <= 1


def test_what_a_driver_prints_never_reaches_the_line(virtual: VirtualScanner, tmp_path: Path) -> None:
    log = tmp_path / "host.log"
    noisy = {**virtual.sane_env, "SANE_DEBUG_DLL": "5"}
    with HostProcess("sane", env=noisy, log=log) as host:
        assert host.receive(20)[0]["event"] == "hello"
        host.send("find")
        events = [host.receive(20)[0]["event"] for _ in range(2)]
    assert events == ["device", "found"]
    assert b"[dll]" in log.read_bytes()


def test_asking_a_host_that_is_gone_says_so(virtual: VirtualScanner) -> None:
    with HostProcess("sane", env=virtual.sane_env) as host:
        host.receive(20)
        host.kill()
        host.send("find")
        for _ in range(2):
            with pytest.raises(HostGone):
                host.receive(20)


def test_what_a_host_said_before_it_left_is_heard_though_it_no_longer_listens() -> None:
    last_words = "import json\nprint(json.dumps({'event': 'fault', 'code': 'scanner.jam'}), flush=True)\n"
    with HostProcess("sane", command=(sys.executable, "-c", last_words)) as host:
        with watched(host.pid) as end:
            assert end.poll(10_000)
        host.send("stop")
        assert host.receive(20)[0]["code"] == "scanner.jam"
        with pytest.raises(HostGone):
            host.receive(20)


def test_what_a_driver_started_ends_with_its_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "host.py"
    script.write_text(
        "import json, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        "print(json.dumps({'event': 'hello', 'child': child.pid}), flush=True)\n"
        "child.wait()\n",
        "utf-8",
    )
    monkeypatch.setattr(process, "own_program", lambda: [sys.executable, str(script)])
    with HostProcess("sane") as host:
        hello, _ = host.receive(20)
        with watched(hello["child"]) as end:
            host.kill()
            assert end.poll(10_000), "the driver's own process was left behind"


FLOOD = """
import sys
head = b'{"event": "page", "bytes": 4}\\n'
while True:
    sys.stdout.buffer.write((head + b"abcd") * 500)
"""


def test_a_host_killed_in_full_flow_leaves_no_pipe_and_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More messages wait than the desk has room for when the host is ended without a moment's patience."""
    script = tmp_path / "host.py"
    script.write_text(FLOOD, "utf-8")
    monkeypatch.setattr(process, "own_program", lambda: [sys.executable, str(script)])
    me = psutil.Process()
    HostProcess("sane").close()  # the thread that starts hosts lives on
    before = me.num_fds()
    for _ in range(10):
        host = HostProcess("sane")
        assert host.receive(20)[1] == b"abcd"
        host.kill()
        host.close(0.0)
    for thread in threading.enumerate():
        if thread.name == "sane-host-reader":
            thread.join(10)
            assert not thread.is_alive()
    assert me.num_fds() == before


class _Wedged:
    """A child inside a kernel call that no signal ends: a USB transfer to a device that no longer answers."""

    returncode: int | None = None

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        self.pid, self.stdin, self.stdout = child.pid, child.stdin, child.stdout

    def wait(self, timeout: float | None = None) -> int:
        assert timeout is not None, "the desk would wait as long as the device is wedged"
        raise subprocess.TimeoutExpired("host", timeout)


def test_a_host_that_cannot_be_killed_is_left_and_not_waited_for() -> None:
    host = HostProcess("sane", command=(sys.executable, "-c", "import sys; sys.stdin.read()"))
    child = host._child
    host._child = _Wedged(child)  # type: ignore[assignment]
    host.kill()
    host.close(0.1)
    assert child.wait(5) == -signal.SIGKILL, "as soon as its call returns it is gone"
