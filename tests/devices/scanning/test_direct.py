# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""libsane called directly: the same pixels as through python-sane, and what python-sane cannot do."""

from __future__ import annotations

import hashlib
import io
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from devices.scanning.conftest import bound
from devices.scanning.rig import OURS, SHEET, manifests, mark_of, marks, run, stack
from digitizer_desk.devices import line, process, sane
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.manifest import Manifests, ScannerManifest
from digitizer_desk.devices.questions import search
from digitizer_desk.devices.sane.binding import SaneTrouble
from digitizer_desk.devices.sane.direct import DirectSane, _bytes_of_bits, _tight
from digitizer_desk.devices.scanner import BatchEnd, Mode, ScanSettings, Source
from digitizer_desk.errors import DeskError
from digitizer_desk.training.scanner import VirtualScanner

#: 314 pixels wide: neither bits nor pieces of 256 KiB end with a row
SMALL = ScanSettings(sheet_mm=(79.9, 60.0), dpi=100, max_pages=1)


def test_settings(binding: str, **values: Any) -> Manifests:
    named = {name.replace("_", "-"): value for name, value in values.items()}
    return bound(manifests("test", options={"set_last": named}), binding)


test_settings.__test__ = False  # type: ignore[attr-defined]


def page_of(config: Path, known: Manifests, settings: ScanSettings) -> Any:
    got = run(SaneScanner(known, env={}, config_folder=config), "test:0", settings)
    assert got.end is BatchEnd.ENOUGH
    (page,) = got.pages
    return np.frombuffer(page.pixels, np.uint8).reshape(page.height, page.width, page.samples)


@pytest.mark.parametrize("picture", ["Color pattern", "Grid"])
@pytest.mark.parametrize("mode", list(Mode))
def test_both_bindings_give_the_same_pixels(tmp_path: Path, mode: Mode, picture: str) -> None:
    wish = replace(SMALL, mode=mode)
    one, other = (
        page_of(tmp_path / "sane", test_settings(binding, test_picture=picture), wish)
        for binding in ("python-sane", "direct")
    )
    assert one.shape == other.shape
    assert (one == other).all()
    assert len(set(one.ravel().tolist())) > 1


@pytest.mark.parametrize("mode", [Mode.COLOR, Mode.GRAY])
def test_padding_at_the_end_of_rows_is_taken_off(tmp_path: Path, mode: Mode) -> None:
    wish = replace(SMALL, mode=mode)
    whole = page_of(tmp_path / "sane", test_settings("direct", test_picture="Grid"), wish)
    padded = page_of(tmp_path / "sane", test_settings("direct", test_picture="Grid", ppl_loss=7), wish)
    assert padded.shape[1] == whole.shape[1] - 7
    assert (padded == whole[:, :-7]).all()


def test_rows_of_bits_lose_their_padding_too() -> None:
    # two rows of 10 pixels in 3 bytes each; a set bit is black
    rows = bytearray([0b10000000, 0b01000000, 0xFF, 0b00000001, 0b10000000, 0xFF])
    bits = _tight(_bytes_of_bits(_tight(rows, 2, 3, 2)), 2, 16, 10)
    assert list(bits[:10]) == [0, *[255] * 8, 0]
    assert list(bits[10:]) == [*[255] * 7, 0, 0, 255]


@pytest.fixture(scope="session")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a backend of bad manners for the real libsane."""
    if not shutil.which("cc") or not Path("/usr/include/sane/sane.h").is_file():
        pytest.skip("needs a C compiler and the headers of libsane to make a misbehaving driver")
    folder = tmp_path_factory.mktemp("trap")
    source = Path(__file__).with_name("trap_backend.c")
    command = ["cc", "-shared", "-fPIC", "-Wall", "-Wextra", "-O1", "-o", str(folder / "libsane-trap.so.1")]
    subprocess.run([*command, str(source)], check=True)
    (folder / "dll.conf").write_text("trap\n", "utf-8")
    return folder


Make = Callable[..., SaneScanner]


@pytest.fixture
def trapped(trap: Path, tmp_path: Path) -> Make:
    """Makes clients of that backend; environment variables by keyword."""

    def make(binding: str = "direct", patience: float = 5.0, **env: str) -> SaneScanner:
        about = {"schema": 1, "id": "trap", "title": "Bẫy", "knowledge": "thử", "untested": "không"}
        known = ScannerManifest.model_validate(
            {
                **about,
                "match": {"backend": ["trap"]},
                "binding": binding,
                "sensors": {"paper": "page-loaded", "buttons": ["scan", "stop"]},
                "timeouts": {"first_page_s": patience, "inside_page_s": patience, "stop_s": 0.5, "close_s": 0.5},
            }
        )
        settings = {"LD_LIBRARY_PATH": str(trap), "SANE_CONFIG_DIR": str(trap), **env}
        return SaneScanner(Manifests((known,)), env=settings, config_folder=tmp_path / "sane", sleep=lambda _: None)

    return make


GRAY = ScanSettings(mode=Mode.GRAY)


def pixels(rows: int) -> bytes:
    return bytes(value % 251 for value in range(10 * rows))


def test_a_driver_that_tells_its_page_only_once_is_asked_only_once(trapped: Make) -> None:
    got = run(trapped("direct"), "trap:once", GRAY)
    assert got.end is BatchEnd.EMPTY
    assert [bytes(page.pixels) for page in got.pages] == [pixels(4)] * 2
    # python-sane asks twice, which is why a manifest can name the other binding
    assert run(trapped("python-sane"), "trap:once", GRAY).end == "scanner.refused"


@pytest.mark.parametrize(
    ("kind", "code"),
    [("warm", "scanner.warming_up"), ("busy", "scanner.busy"), ("cover", "scanner.cover_open")],
)
def test_a_status_at_the_start_of_a_page_has_its_code(trapped: Make, binding: str, kind: str, code: str) -> None:
    assert run(trapped(binding), f"trap:{kind}", GRAY).end == code


def test_a_page_longer_than_announced_loses_no_row(trapped: Make) -> None:
    got = run(trapped(), "trap:longer", GRAY)
    assert [(page.height, bytes(page.pixels)) for page in got.pages] == [(6, pixels(6))] * 2


def test_a_page_of_unknown_length_grows_as_it_comes(trapped: Make) -> None:
    got = run(trapped(), "trap:long", GRAY)
    assert [(page.height, hashlib.sha256(page.pixels).digest()) for page in got.pages] == [
        (3000, hashlib.sha256(pixels(3000)).digest())
    ] * 2


def test_a_row_that_breaks_off_makes_the_page_short(trapped: Make, binding: str) -> None:
    got = run(trapped(binding), "trap:short", GRAY)
    assert got.end == "scanner.short_page"
    assert got.pages == []


def test_a_driver_that_says_nothing_yet_for_ever_is_let_go(trapped: Make, binding: str) -> None:
    got = run(trapped(binding, patience=0.6), "trap:idle", GRAY)
    assert got.end == "scanner.stuck"
    assert got.pages == []


def test_a_vietnamese_word_is_read_and_written(trapped: Make) -> None:
    got = run(trapped(), "trap:utf8", GRAY)
    assert ("source", "feeder", "Khay nạp ADF") in got.opened.got
    assert len(got.pages) == 2


def test_a_report_shows_every_option_but_no_serial_number_and_no_free_text(trapped: Make, binding: str) -> None:
    options = {option.name: option for option in trapped(binding).options("trap:one")}
    assert set(options) == {
        *("source", "mode", "resolution", "gamma-table", "note", "serial-number", "page-loaded", "scan", "reset")
    }
    assert options["resolution"].choices == (100, 300)
    assert (options["resolution"].kind, options["resolution"].unit, options["resolution"].value) == ("int", "dpi", 300)
    assert options["source"].value == "ADF"
    assert options["page-loaded"].value is False
    assert "hard-select" in options["page-loaded"].abilities
    # an array is counted, never read
    assert (options["gamma-table"].count, options["gamma-table"].value) == (4, None)
    assert options["note"].value is None
    assert options["serial-number"].value is None
    assert (options["reset"].kind, options["reset"].abilities) == ("button", ("soft-select", "advanced"))


def test_a_look_tells_paper_and_each_press_once(trapped: Make, tmp_path: Path, binding: str) -> None:
    paper, button = tmp_path / "paper", tmp_path / "button"
    scanner = trapped(binding, TRAP_PAPER=str(paper), TRAP_BUTTON=str(button))
    seen = scanner.look("trap:one")
    assert (seen.paper, seen.cover_open, seen.pressed) == (False, None, ())
    paper.touch()
    button.touch()
    assert scanner.look("trap:one").pressed == ("scan",)
    seen = scanner.look("trap:one")
    assert (seen.paper, seen.pressed) == (True, ())


def test_a_look_never_meets_a_batch(trapped: Make, tmp_path: Path) -> None:
    scanner = trapped(TRAP_OPEN=str(tmp_path / "open"))
    meant: list[str] = []

    def watch(_event: object) -> None:
        with pytest.raises(DeskError) as caught:
            scanner.look("trap:one")
        meant.append(caught.value.code)

    got = run(scanner, "trap:one", GRAY, watch=watch)
    assert (got.end, len(got.pages)) == (BatchEnd.EMPTY, 2)
    assert set(meant) == {"scanner.busy"}
    # the device is let go before the answer comes: the next question finds it free
    for _ in range(3):
        scanner.look("trap:one")
    assert run(scanner, "trap:one", GRAY).end is BatchEnd.EMPTY


def test_capabilities_are_read_through_either_binding(trapped: Make, binding: str) -> None:
    able = trapped(binding).capabilities("trap:one")
    assert able.sources == (Source.FEEDER,)
    (way,) = able.ways
    assert (way.modes, way.resolutions, way.sheet_mm) == ((Mode.GRAY,), (100.0, 300.0), None)
    assert way.offers(300)
    assert not way.offers(200)
    assert (able.paper_sensor, able.counter, able.buttons) == (True, False, ("scan",))


@pytest.fixture
def both(trap: Path, tmp_path: Path, virtual: VirtualScanner) -> Make:
    """Makes clients of a system that has the trap and the virtual network scanner switched on."""
    config = tmp_path / "config"
    config.mkdir()
    for file in Path(virtual.sane_env["SANE_CONFIG_DIR"]).glob("*.conf"):
        (config / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (config / "dll.conf").write_text("# all that is switched on\ntrap\nairscan\n  nosuch \n", "utf-8")

    def make(**env: str) -> SaneScanner:
        settings = {"LD_LIBRARY_PATH": str(trap), "SANE_CONFIG_DIR": str(config), **env}
        return SaneScanner(OURS, env=settings, config_folder=tmp_path / "sane")

    return make


@pytest.mark.parametrize(("manner", "code"), [("TRAP_CRASH", "scanner.crashed"), ("TRAP_HANG", "scanner.stuck")])
def test_one_bad_backend_costs_a_search_its_own_answer_only(
    both: Make, monkeypatch: pytest.MonkeyPatch, manner: str, code: str
) -> None:
    monkeypatch.setattr(search, "BACKEND_SECONDS", 2.0)
    told: dict[str, tuple[int, str]] = {}
    found = both(**{manner: "1"}).search(lambda asked: told.update({asked.backend: (asked.found, asked.code)}))
    assert [info.backend for info in found] == ["airscan"]
    assert told == {"trap": (0, code), "airscan": (1, ""), "nosuch": (0, "")}


def test_an_everyday_search_loads_no_backend_but_those_of_the_manifests(both: Make, tmp_path: Path) -> None:
    loaded = tmp_path / "loaded"
    scanner = both(TRAP_LOADED=str(loaded), TRAP_CRASH="1")
    assert [info.backend for info in scanner.find()] == ["airscan"]
    assert not loaded.exists()
    assert {info.backend for info in scanner.find(everywhere=True)} == {"airscan"}
    assert loaded.exists()


def test_a_scanner_opened_by_name_is_not_searched_for(trapped: Make, tmp_path: Path, binding: str) -> None:
    loaded, searched = tmp_path / "loaded", tmp_path / "searched"
    scanner = trapped(binding, TRAP_LOADED=str(loaded), TRAP_SEARCHED=str(searched))
    assert len(run(scanner, "trap:one", GRAY).pages) == 2
    scanner.look("trap:one")
    scanner.capabilities("trap:one")
    assert loaded.exists()
    assert not searched.exists()


def test_without_sane_a_search_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = {"event": "fault", "code": "scanner.driver_missing", "detail": "", "facts": {"driver": "libsane1"}}
    script = tmp_path / "host.py"
    script.write_text(f"import json\nprint(json.dumps({missing!r}))\n", "utf-8")
    monkeypatch.setattr(process, "own_program", lambda: [sys.executable, str(script)])
    (tmp_path / "dll.conf").write_text("one\ntwo\n", "utf-8")
    scanner = SaneScanner(OURS, env={"SANE_CONFIG_DIR": str(tmp_path)}, config_folder=tmp_path / "sane")
    with pytest.raises(DeskError) as caught:
        scanner.find(everywhere=True)
    assert caught.value.code == "scanner.driver_missing"


def test_airscan_comes_through_directly_too(virtual: VirtualScanner, tmp_path: Path) -> None:
    scanner = SaneScanner(bound(OURS, "direct"), env=virtual.sane_env, config_folder=tmp_path / "sane")
    sides = stack("D", 6)
    virtual.lay([(sides[0], sides[1]), (sides[2], sides[3]), (sides[4], sides[5])])
    got = run(scanner, virtual.device, replace(SHEET, source=Source.FEEDER_DUPLEX))
    assert got.end is BatchEnd.EMPTY
    assert marks(got.pages) == [mark_of(png) for png in sides]
    for kind, code in (("jam", "scanner.jam"), ("cover", "scanner.cover_open"), ("truncated", "scanner.bad_image")):
        sheets = stack(kind, 4)
        virtual.clear()
        virtual.lay(sheets)
        virtual.fault(after=2, kind=kind)
        got = run(scanner, virtual.device)
        assert got.end == code
        assert marks(got.pages) == [mark_of(png) for png in sheets[:2]]


def test_stop_inside_a_page_drops_that_page_only(tmp_path: Path) -> None:
    slow = test_settings("direct", read_delay=True, read_delay_duration=20000)
    seen: list[object] = []
    scanner = SaneScanner(slow, env={}, config_folder=tmp_path / "sane")
    got = run(scanner, "test:0", ScanSettings(dpi=300), stop=lambda: len(seen) > 2, watch=seen.append)
    assert got.end is BatchEnd.STOPPED
    assert got.pages == []


def test_a_library_that_is_none_is_no_binding(tmp_path: Path) -> None:
    with pytest.raises(ImportError):
        DirectSane("libsane-of-another-world.so.9")
    with pytest.raises(ImportError):
        DirectSane("libc.so.6")


def test_a_closed_device_says_no_instead_of_crashing() -> None:
    device = DirectSane().open("test:0")
    assert device.read("mode") == "Gray"
    device.close()
    device.close()
    device.cancel()
    assert device.rows() == []
    for use in (lambda: device.read("mode"), lambda: device.write("mode", "Color"), device.start, device.frame):
        with pytest.raises(SaneTrouble) as caught:
            use()
        assert caught.value.status == 4


def test_a_machine_without_python_sane_scans_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sane", None)
    assert isinstance(sane._usual(), DirectSane)


@pytest.mark.parametrize("way", ["serve", "serve_direct"])
def test_a_machine_without_sane_says_what_to_install(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    def missing() -> DirectSane:
        raise ImportError("libsane.so.1: cannot open shared object file")

    monkeypatch.setitem(sys.modules, "sane", None)
    monkeypatch.setattr(sane, "_direct", missing)
    # the test's own Ctrl-C stays alive
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    sink = io.BytesIO()
    getattr(sane, way)(Wire(io.BytesIO(), sink))
    message, _ = line.read(io.BytesIO(sink.getvalue()))
    assert (message["event"], message["code"]) == ("fault", "scanner.driver_missing")
    assert "libsane1" in message["facts"]["driver"]
