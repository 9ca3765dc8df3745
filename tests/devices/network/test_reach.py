# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Does a scanner answer there: real listeners on loopback, each wrong in its own way."""

from __future__ import annotations

import contextlib
import socket
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from devices.faults.breaking import SANED, Saned
from devices.scanning.rig import OURS, SHEET, mark_of, marks, run, stack
from digitizer_desk import assemble, settings
from digitizer_desk.app import main
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.network.address import NetworkScanner
from digitizer_desk.devices.network.reach import announced, listens, reach
from digitizer_desk.devices.scanner import BatchEnd, CountState
from digitizer_desk.errors import DeskError
from digitizer_desk.paths import DeskPaths
from digitizer_desk.training.escl import Handler, Machine
from digitizer_desk.training.scanner import NAME


@contextmanager
def escl_on_loopback() -> Iterator[tuple[str, Machine]]:
    """The virtual eSCL device on a TCP port of loopback: (host:port, device)."""
    machine = Machine(ppm=2400.0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"machine": machine}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", machine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def somebody(answer: bytes | None, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """A listener that answers each caller with these bytes and hangs up; None: it never says a word."""
    with socket.create_server((host, port)) as listener:
        waiting: list[socket.socket] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    caller, _ = listener.accept()
                    if answer is None:
                        waiting.append(caller)
                        continue
                    with caller:
                        caller.recv(65536)
                        caller.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"{host}:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for caller in waiting:
                caller.close()


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(DeskError) as caught:
        work()
    return caught.value.code


def test_an_escl_scanner_answers_with_its_model() -> None:
    with escl_on_loopback() as (place, _):
        answer = reach(place)
    assert (answer.url, answer.model) == (f"http://{place}/eSCL", NAME)


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    assert code_of(lambda: reach(f"127.0.0.1:{free}")) == "scanner.unreachable"
    assert code_of(lambda: reach("http://khong-co-may-nay.invalid/eSCL")) == "scanner.unreachable"


def test_somebody_who_never_answers_is_not_waited_for() -> None:
    with somebody(None) as place:
        assert code_of(lambda: reach(place, seconds=0.3)) == "scanner.unreachable"


@contextmanager
def black_hole() -> Iterator[tuple[str, int]]:
    """A place that drops every call, as a scanner that is switched off behind a router: its queue is full."""
    with socket.socket() as listener, contextlib.ExitStack() as callers:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield listener.getsockname()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse where Linux drops")
def test_a_scanner_switched_off_is_not_waited_for_by_any_driver(tmp_path: Path) -> None:
    with black_hole() as place:
        assert not listens(place, lambda: False, seconds=0.3)
        host = f"{place[0]}:{place[1]}"
        assert code_of(lambda: reach(host, seconds=0.3)) == "scanner.unreachable"
        scanner = SaneScanner(OURS, env={}, config_folder=tmp_path / "sane")
        asked: list[bool] = []
        # Esc while the call is out: the batch ends stopped, not as a fault
        got = run(
            scanner, f"airscan:escl:Off:http://{host}/eSCL", stop=lambda: bool(asked.append(True)) or len(asked) > 1
        )
    assert got.end is BatchEnd.STOPPED
    with somebody(b"") as there:
        assert listens(("127.0.0.1", int(there.rpartition(":")[2])), lambda: False)
    assert not listens(("khong-co-may-nay.invalid", 80), lambda: False)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhome",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
    ],
)
def test_somebody_who_is_no_scanner(answer: bytes) -> None:
    with somebody(answer) as place:
        assert code_of(lambda: reach(f"http://{place}/eSCL")) in ("scanner.not_a_scanner", "scanner.unreachable")
        if answer.startswith((b"HTTP", b"SSH")):
            assert code_of(lambda: reach(f"http://{place}/eSCL")) == "scanner.not_a_scanner"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"\0\0\0\x0b\x01\0\0\x03", "scanner.denied"),
        (b"\0\0\0\0\x07\0\0\x03", "scanner.not_a_scanner"),
        (b"hello", "scanner.not_a_scanner"),
    ],
)
def test_a_saned_that_will_not_serve_us(answer: bytes, code: str) -> None:
    with somebody(answer, "127.9.9.9", 6566):
        assert code_of(lambda: reach("saned://127.9.9.9")) == code


@pytest.fixture
def saned(tmp_path: Path) -> Iterator[Saned]:
    if SANED is None:
        pytest.skip("saned (Debian: sane-utils) is not installed")
    server = Saned(tmp_path)
    yield server
    server.close()


def test_a_bare_host_with_a_saned_is_found_to_be_one(saned: Saned) -> None:
    assert reach(saned.host).url == f"saned://{saned.host}"


def test_a_saned_added_by_address_shows_its_scanners_and_scans(saned: Saned, tmp_path: Path) -> None:
    place = DeskPaths(tmp_path / "desk")
    added = assemble.add_scanner(place, saned.host, "Quầy 2")
    scanner = assemble.scanner(place)
    found = {info.id: info for info in scanner.find()}
    assert f"net:{saned.host}:test:0" in found
    # known by the driver that works at the other end
    assert found[f"net:{saned.host}:test:0"].manifest == "sane-test"
    assert run(scanner, f"net:{saned.host}:test:0").end is BatchEnd.EMPTY
    # by its host alone, the first scanner there answers
    assert run(scanner, added.id).closed is not None


def test_a_scanner_added_by_address_is_kept_shown_and_scans(tmp_path: Path) -> None:
    place = DeskPaths(tmp_path / "desk")
    sheets = stack("N", 2)
    with escl_on_loopback() as (host, machine):
        added = assemble.add_scanner(place, host, "Quầy  1")
        assert added == NetworkScanner("Quầy 1", f"http://{host}/eSCL", NAME)
        machine.tray = [[png] for png in sheets]
        got = run(assemble.scanner(place), added.id)
    assert marks(got.pages) == [mark_of(png) for png in sheets]
    assert got.closed is not None
    assert got.closed.count is CountState.PROVED
    # switched off, it is still the counter's scanner
    info = next(info for info in assemble.scanner(place).find() if info.id == added.id)
    assert (info.model, info.backend, info.manifest) == ("Quầy 1", "airscan", "airscan")
    assert run(assemble.scanner(place), added.id).end == "scanner.offline"


def test_adding_again_renames_and_forgetting_forgets(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.toml"
    one = NetworkScanner("Một", "http://10.0.0.5/eSCL")
    settings.add_scanner(file, one)
    settings.add_scanner(file, NetworkScanner("Hai", "saned://kho"))
    settings.add_scanner(file, NetworkScanner('Ba "mới"\\', one.url))
    kept = settings.read(file).network_scanners
    assert [(scanner.name, scanner.url) for scanner in kept] == [("Hai", "saned://kho"), ('Ba "mới"\\', one.url)]
    assert settings.forget_scanner(file, "net:kho")
    assert not settings.forget_scanner(file, "net:kho")
    assert [scanner.url for scanner in settings.read(file).network_scanners] == [one.url]


def test_a_manifest_is_matched_by_the_model_the_scanner_said(tmp_path: Path) -> None:
    family = OURS.of("airscan").model_dump(by_alias=True)
    family |= {"id": "virtual-family", "match": {"backend": ["airscan"], "model": ["MAY QUET AO*"]}}
    known = Manifests((*OURS.all, ScannerManifest.model_validate(family)))
    added = (
        NetworkScanner("Quầy 1", "http://127.0.0.1:9/eSCL", NAME),
        NetworkScanner("Quầy 2", "http://127.0.0.1:9/x"),
    )
    scanner = SaneScanner(known, env={}, config_folder=tmp_path / "sane", network=lambda: added)
    shown = {info.model: info.manifest for info in scanner.find()}
    assert (shown["Quầy 1"], shown["Quầy 2"]) == ("virtual-family", "airscan")


def test_a_bad_address_in_the_settings_is_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('schema = 1\n[[network_scanners]]\nname = "x"\nurl = "http://a b"\n', "utf-8")
    with pytest.raises(DeskError) as caught:
        settings.read(file)
    assert (caught.value.code, caught.value.facts["where"]) == ("settings.unreadable", "network_scanners.0.url")


def test_the_terminal_adds_lists_and_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(tmp_path / "desk"))
    with escl_on_loopback() as (host, _):
        assert main(["devices", "--add", host, "--name", "Quầy 1"]) == 0
    assert "Đã thêm Quầy 1" in capsys.readouterr().out
    assert main(["devices", "--add", host]) == 3
    assert capsys.readouterr().err.startswith("scanner.unreachable: Không thấy ai trả lời")
    assert main(["devices", "--add", "máy nào đó"]) == 2
    assert capsys.readouterr().err.startswith("scanner.address_bad: ")
    assert main(["devices", "--forget", f"airscan:escl:Quay 1:http://{host}/eSCL"]) == 0
    assert main(["devices", "--forget", "net:kho"]) == 3


def script(file: Path, body: str) -> str:
    file.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_scanners_that_announce_themselves_get_a_name_that_lasts(tmp_path: Path) -> None:
    """What airscan-discover prints, as its manual shows it (no multicast is sent from a test)."""
    said = "\n".join(
        (
            "[devices]",
            "  HP LaserJet MFP M28w = http://192.168.1.102:8080/eSCL/, eSCL",
            '  "Kyocera: tang 2" = http://192.168.1.103:5358/WSDScanner, WSD',
            "  Twin = http://192.168.1.104/eSCL/, eSCL",
            "  Twin = http://192.168.1.105/eSCL/, eSCL",
            "  Evil = http://x@192.168.1.106/eSCL/, eSCL",
        )
    )
    program = script(tmp_path / "discover", f"cat <<'END'\n{said}\nEND")
    assert announced({}, program) == {
        ("escl", "HP LaserJet MFP M28w"): "http://192.168.1.102:8080/eSCL/",
        ("wsd", "Kyocera: tang 2"): "http://192.168.1.103:5358/WSDScanner",
    }
    assert announced({}, script(tmp_path / "broken", "exit 3")) == {}
    assert announced({}, str(tmp_path / "missing")) == {}


def test_a_found_scanner_keeps_its_address_as_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found by announcement today as e0, tomorrow as e3: kept by address, it opens all the same."""
    with escl_on_loopback() as (host, machine):
        config = tmp_path / "config"
        config.mkdir()
        (config / "airscan.conf").write_text(
            f'[devices]\n"{NAME}" = http://{host}/eSCL, eSCL\n[options]\ndiscovery = disable\nws-discovery = off\n',
            "utf-8",
        )
        (tmp_path / "bin").mkdir()
        script(tmp_path / "bin" / "airscan-discover", f"echo '[devices]'; echo '  {NAME} = http://{host}/eSCL, eSCL'")
        monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")
        scanner = SaneScanner(OURS, env={"SANE_CONFIG_DIR": str(config)}, config_folder=tmp_path / "sane")
        (info,) = scanner.find()
        assert info.id == f"airscan:escl:{NAME}:http://{host}/eSCL"
        machine.tray = [[png] for png in stack("F", 1)]
        assert run(scanner, info.id, SHEET).end is BatchEnd.EMPTY
