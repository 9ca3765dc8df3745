# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk and a real worker process over the fake manager: same contract, same faults, same watchdog as with SANE."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
import twain
from twain_worker.main import __file__ as worker_file

from devices.scanning.rig import OURS, manifests, run
from devices.twain.fake_dsm import Script
from devices.twain.stage import sides
from digitizer_desk import assemble, settings
from digitizer_desk.devices import line
from digitizer_desk.devices.manifest import Manifests
from digitizer_desk.devices.process import foreign_surroundings
from digitizer_desk.devices.scanner import (
    BackendAsked,
    BatchEnd,
    BatchOpened,
    Examined,
    Mode,
    RawPage,
    ScanJob,
    ScannerInfo,
    ScanSettings,
    Source,
    Standing,
)
from digitizer_desk.devices.twain.client import TwainScanner
from digitizer_desk.devices.twain.joined import Joined
from digitizer_desk.devices.twain.workers import TwainWorker, find_workers
from digitizer_desk.errors import CODES, ScannerError
from digitizer_desk.paths import DeskPaths

ADF = "twain:64:Fake ADF"
SHEET = ScanSettings(sheet_mm=(50.8, 30.48))
ENV = {"PYTHONPATH": str(Path(twain.__file__).parents[1])}
QUICK = dict.fromkeys(("open_s", "first_page_s", "inside_page_s", "between_pages_s", "stop_s", "close_s"), 1.0)

Make = Callable[..., TwainScanner]


def worker(script: Script, state: Path | None = None, bits: int = 64) -> TwainWorker:
    program = str(Path(__file__).with_name("fake_worker.py"))
    more = (str(state),) if state else ()
    return TwainWorker(bits, (sys.executable, program, json.dumps(asdict(script)), *more), ENV)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes clients of one scripted scanner; afterwards nothing runs any more."""

    def made(script: Script, known: Manifests = OURS, **more: object) -> TwainScanner:
        return TwainScanner(known, [worker(script, tmp_path / "state")], log=tmp_path / "log", **more)  # type: ignore[arg-type]

    yield made
    mine = [p for p in psutil.Process().children(recursive=True) if "fake_worker.py" in " ".join(p.cmdline())]
    assert mine == []


def left_in(tmp_path: Path) -> str:
    return (tmp_path / "state").read_text("utf-8")


def test_scanners_are_found_by_their_names(make: Make) -> None:
    found = make(Script(wia_too=True)).find()
    assert [(one.id, one.vendor, one.model, one.backend, one.manifest, one.tested) for one in found] == [
        (ADF, "Digitizer Desk tests", "Fake ADF", "twain", "generic-twain", False)
    ]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("source", list(Source))
def test_a_batch_from_end_to_end(make: Make, tmp_path: Path, source: Source, mode: Mode) -> None:
    script = Script(sides=6)
    got = run(make(script), ADF, ScanSettings(source=source, mode=mode))
    numbers = {Source.FLATBED: [1], Source.FEEDER: [1, 3, 5], Source.FEEDER_DUPLEX: [1, 2, 3, 4, 5, 6]}[source]
    assert [bytes(page.pixels) for page in got.pages] == sides(script, mode.value, numbers)
    assert all(page.dpi == (300.0, 300.0) and page.bilevel == (mode is Mode.BW) for page in got.pages)
    assert got.closed is not None
    if source is Source.FLATBED:
        assert (got.end, got.closed.counter) == (BatchEnd.ENOUGH, None)
    else:
        assert (got.end, got.closed.counter, got.closed.trusted_end) == (BatchEnd.EMPTY, len(numbers), True)
    assert isinstance(got.events[0], BatchOpened)
    assert ("mode", mode.value, mode.value) in got.opened.got
    assert left_in(tmp_path) == "2 0"


def test_an_end_nobody_saw_is_not_trusted(make: Make) -> None:
    got = run(make(Script(lacks=["CAP_PAPERDETECTABLE"])), ADF)
    assert got.closed is not None
    assert (got.end, got.closed.trusted_end) == (BatchEnd.EMPTY, False)


@pytest.mark.parametrize(
    ("place", "condition", "code", "kept"),
    [
        ("XFER:3", 20, "scanner.jam", 2),
        ("XFER:3", 21, "scanner.double_feed", 2),
        ("XFER:3", 24, "scanner.cover_open", 2),
        ("XFER:3", 23, "scanner.lost", 2),
        ("XFER:1", 23, "scanner.offline", 0),
        ("XFER:3", 2, "scanner.unknown", 2),
        ("XFER:3", 16, "scanner.denied", 2),
        ("OPENDS", 5, "scanner.offline", 0),
        ("ENABLEDS", 29, "scanner.empty", 0),
        ("XFER:3", "segfault", "scanner.crashed", 2),
        ("XFER:3", "crash", "scanner.crashed", 2),
    ],
)
def test_faults_keep_the_pages_before_them_and_the_next_batch_works(
    make: Make, tmp_path: Path, place: str, condition: object, code: str, kept: int
) -> None:
    script = Script(sides=10, trouble={place: condition})
    got = run(make(script), ADF)
    assert (got.end, len(got.pages)) == (code, kept)
    assert [bytes(page.pixels) for page in got.pages] == sides(script, "color", [1, 3])[:kept]
    assert got.fault is not None
    assert set(CODES[code]) <= got.fault.facts.keys()
    if condition not in ("segfault", "crash"):
        assert left_in(tmp_path) == "2 0"
    assert run(make(Script()), ADF).end is BatchEnd.EMPTY


@pytest.mark.parametrize("place", ["OPENDS", "ENABLEDS", "EVENT", "XFER:2", "STRIP:2:1", "ENDXFER:1", "CLOSEDS"])
def test_a_driver_that_hangs_is_ended(make: Make, place: str) -> None:
    started = time.monotonic()
    got = run(make(Script(sides=8, trouble={place: "hang"}), manifests("twain", timeouts=QUICK)), ADF)
    # a driver that hangs in its teardown has given all its pages
    wanted = BatchEnd.EMPTY if place == "CLOSEDS" else "scanner.stuck"
    kept = {"XFER:2": 1, "STRIP:2:1": 1, "ENDXFER:1": 1, "CLOSEDS": 4}.get(place, 0)
    assert (got.end, len(got.pages)) == (wanted, kept)
    assert time.monotonic() - started < 30


def test_a_hang_while_searching_is_ended(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitizer_desk.devices.twain.client._SEARCH_SECONDS", 0.7)
    with pytest.raises(ScannerError) as caught:
        make(Script(trouble={"GETFIRST": "hang"})).find()
    assert caught.value.code == "scanner.stuck"


def test_a_crash_while_searching(make: Make) -> None:
    for kind in ("segfault", "crash"):
        with pytest.raises(ScannerError) as caught:
            make(Script(trouble={"GETNEXT": kind})).find()
        assert caught.value.code == "scanner.crashed"


def test_the_clerk_stops_inside_a_page_and_between_pages(make: Make, tmp_path: Path) -> None:
    for kind in ("PageProgress", "RawPage"):
        seen: list[str] = []
        script = Script(sides=40, strip_rows=1, slow=0.02)
        got = run(
            make(script),
            ADF,
            stop=lambda seen=seen, kind=kind: seen.count(kind) >= 2,
            watch=lambda event, seen=seen: seen.append(type(event).__name__),
        )
        assert got.end is BatchEnd.STOPPED
        assert 1 <= len(got.pages) < 20
        assert [bytes(p.pixels) for p in got.pages] == sides(script, "color", list(range(1, 40, 2)))[: len(got.pages)]
        assert left_in(tmp_path) == "2 0"


def test_a_batch_left_alone_takes_its_worker_with_it(make: Make) -> None:
    events = make(Script(sides=40, slow=0.02)).scan(ScanJob(ADF, SHEET), lambda: False)
    next(event for event in events if isinstance(event, RawPage))
    events.close()  # type: ignore[attr-defined]


def test_a_worker_whose_desk_is_gone_gives_the_scanner_back(tmp_path: Path) -> None:
    chosen = worker(Script(sides=4000, slow=0.01), tmp_path / "state")
    child = subprocess.Popen(chosen.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **ENV})
    assert child.stdin is not None
    assert child.stdout is not None
    order = {"do": "scan", "device": "Fake ADF", "source": "feeder", "mode": "gray", "dpi": 300, "sheet_mm": [210, 297]}
    child.stdin.write(json.dumps(order).encode() + b"\n")
    child.stdin.flush()
    while b'"page"' not in child.stdout.readline():
        pass
    child.stdin.close()
    child.stdout.read()
    child.stdout.close()
    assert child.wait(20) == 0
    assert left_in(tmp_path) == "2 0"


def test_a_busy_scanner_is_tried_again(make: Make) -> None:
    waits: list[tuple[str, float]] = []
    scanner = make(Script(trouble={"OPENDS": 4}), sleep=lambda seconds: None, on_wait=lambda *told: waits.append(told))
    assert run(scanner, ADF).end == "scanner.busy"
    assert waits == [("scanner.busy", 5.0)] * 3


def test_what_the_driver_will_not_do_is_said_in_the_clerks_words(make: Make) -> None:
    for fixed, words in (
        ({"ICAP_XRESOLUTION": 100.0}, "300 dpi"),
        ({"CAP_DUPLEXENABLED": 1}, "khay nạp một mặt"),
        ({"ICAP_AUTODISCARDBLANKPAGES": -1}, "trang trắng"),
    ):
        got = run(make(Script(fixed=fixed)), ADF)
        assert got.end == "scanner.refused"
        assert got.fault is not None
        assert words in str(got.fault.facts["option"])


# -- questions -------------------------------------------------------------------------------------------------------


def test_a_scanner_is_asked_what_it_can_do(make: Make, tmp_path: Path) -> None:
    told = {"ICAP_XRESOLUTION": "enumeration", "ICAP_YRESOLUTION": "enumeration"}
    able = make(Script(told_in=told)).capabilities(ADF)
    assert (able.scanner, able.manifest, able.sources) == (ADF, "generic-twain", tuple(Source))
    glass, feeder = able.way(Source.FLATBED), able.way(Source.FEEDER)
    assert glass is not None
    assert feeder is not None
    assert (glass.sheet_mm, feeder.sheet_mm, feeder.modes) == ((215.9, 297.0), (215.9, 355.6), tuple(Mode))
    assert [dpi for dpi in (150, 200, 300) if feeder.offers(dpi)] == [200, 300]
    assert able.duplex
    assert able.double_feed
    assert able.paper_sensor
    assert able.counter
    assert able.auto_length
    assert able.hardware_deskew
    assert able.hardware_crop
    assert (able.cover_sensor, able.buttons, able.backings) == (False, (), ())
    assert left_in(tmp_path) == "2 0"


def test_what_was_promised_is_what_a_batch_gets(make: Make) -> None:
    """Every way and mode of the answer is granted; what it leaves out is refused."""
    script = Script(no_glass=True, fixed={"ICAP_PIXELTYPE": 1}, told_in={"ICAP_XRESOLUTION": "enumeration"})
    able = make(script).capabilities(ADF)
    for source in Source:
        way = able.way(source)
        for mode in Mode:
            got = run(make(script), ADF, ScanSettings(source=source, mode=mode, sheet_mm=(50.8, 30.48)))
            assert (got.closed is not None) == (way is not None and mode in way.modes)


def test_a_scanner_is_looked_at(make: Make, tmp_path: Path) -> None:
    assert make(Script()).look(ADF) == Standing(paper=True)
    assert make(Script(sides=0)).look(ADF) == Standing(paper=False)
    assert make(Script(lacks=["CAP_PAPERDETECTABLE"])).look(ADF) == Standing()
    assert make(Script(failing={"CAP_FEEDERLOADED": 24})).look(ADF) == Standing(cover_open=True)
    assert left_in(tmp_path) == "2 0"


def test_its_capabilities_are_listed(make: Make) -> None:
    listed = {option.name: option for option in make(Script()).options(ADF)}
    assert listed["ICAP_XRESOLUTION"].value == 100.0
    assert listed["CAP_SERIALNUMBER"].value is None
    assert listed["ICAP_UNITS"].abilities == ("get", "set", "get-current")


QUESTIONS = ("capabilities", "look", "options")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        ({"OPENDS": 4}, "scanner.busy"),
        ({"OPENDS": 5}, "scanner.offline"),
        ({"OPENDS": "segfault"}, "scanner.crashed"),
        ({"CAPGET:1": "crash"}, "scanner.crashed"),
        ({"CAPGET:1": "segfault"}, "scanner.crashed"),
    ],
)
def test_a_question_that_fails_has_a_code_with_its_facts(
    make: Make, question: str, trouble: dict[str, object], code: str
) -> None:
    with pytest.raises(ScannerError) as caught:
        getattr(make(Script(trouble=trouble)), question)(ADF)
    assert caught.value.code == code
    assert set(CODES[code]) <= caught.value.facts.keys()


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_source_that_hangs_over_a_question_is_ended(make: Make, question: str) -> None:
    quick = manifests("twain", timeouts=QUICK)
    with pytest.raises(ScannerError) as caught:
        getattr(make(Script(trouble={"CAPGET:1": "hang"}), quick), question)(ADF)
    assert caught.value.code == "scanner.stuck"
    # in its teardown it has answered already
    getattr(make(Script(trouble={"CLOSEDS": "hang"}), quick), question)(ADF)


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_to_what_is_not_there(make: Make, question: str) -> None:
    for scanner, name, code in (
        (make(Script()), "twain:64:Other ADF", "scanner.none"),
        (make(Script()), "fujitsu:fi-7160", "scanner.none"),
        (TwainScanner(OURS, []), ADF, "scanner.driver_missing"),
    ):
        with pytest.raises(ScannerError) as caught:
            getattr(scanner, question)(name)
        assert caught.value.code == code


def test_a_look_never_meets_a_batch() -> None:
    both = [worker(Script(sides=40, slow=0.02), bits=64), worker(Script(), bits=32)]
    scanner = TwainScanner(OURS, both)
    events = scanner.scan(ScanJob(ADF, SHEET), lambda: False)
    next(event for event in events if isinstance(event, RawPage))
    # the other bitness's source is the same machine
    for name in (ADF, "twain:32:Fake ADF"):
        with pytest.raises(ScannerError) as caught:
            scanner.look(name)
        assert caught.value.code == "scanner.busy"
    events.close()  # type: ignore[attr-defined]
    assert scanner.look(ADF).paper is True


def test_the_wishes_of_the_settings_reach_the_source(make: Make) -> None:
    got = run(make(Script()), ADF, ScanSettings(auto_length=True, hardware_deskew=True, double_feed_stop=False))
    told = {name: (asked, said) for name, asked, said in got.opened.got}
    assert told["auto_length"] == told["deskew"] == ("on", "on")
    assert told["double_feed"] == told["crop"] == ("off", "off")


def test_a_search_of_everything_tells_how_each_worker_answered(make: Make) -> None:
    told: list[BackendAsked] = []
    broken = [worker(Script(trouble={"GETFIRST": "segfault"}), bits=64), worker(Script(), bits=32)]
    assert len(TwainScanner(OURS, broken).search(told.append)) == 1
    assert [(one.backend, one.found, one.code) for one in told] == [
        ("twain:64", 0, "scanner.crashed"),
        ("twain:32", 1, ""),
    ]
    joined = Joined(make(Script()), TwainScanner(OURS, []))
    assert isinstance(joined, Examined)
    assert [one.id for one in joined.search(told.append)] == [ADF]
    assert {option.name for option in joined.options(ADF)} > {"ICAP_UNITS"}
    assert joined.capabilities(ADF).duplex


def test_a_side_without_lists_says_so(make: Make) -> None:
    class Plain:
        """A scanner of the contract, and nothing more."""

        def find(self, *, everywhere: bool = False) -> tuple[ScannerInfo, ...]:
            return (ScannerInfo("plain:1", "", "Plain", "plain", "none"),) if everywhere else ()

    joined = Joined(make(Script()), Plain())  # type: ignore[arg-type]
    assert [one.id for one in joined.search(lambda report: None)] == [ADF, "plain:1"]
    with pytest.raises(ScannerError) as caught:
        joined.options("plain:1")
    assert caught.value.code == "scanner.refused"


# -- manifests and workers -------------------------------------------------------------------------------------------


def test_a_manifest_chooses_transfer_and_numbers_of_its_own(make: Make) -> None:
    known = manifests("twain", twain={"transfer": "native"}, faults={"32773": "scanner.jam"})
    got = run(make(Script(trouble={"XFER:2": 0x8005}), known), ADF)
    assert (got.end, len(got.pages)) == ("scanner.jam", 1)
    assert ("transfer", "native", "native") in got.opened.got


def test_families_are_known_by_their_sources_names() -> None:
    for name, wanted in (
        ("PaperStream IP fi-7160", "twain-paperstream"),
        ("Kyocera TWAIN Driver", "twain-kyocera"),
        ("EPSON DS-530", "generic-twain"),
    ):
        assert OURS.of("twain", "", name).id == wanted
    assert OURS.of("twain", "", "Kyocera TWAIN Driver").twain.transfer == "native"
    assert "twain" not in OURS.searched()


def test_of_two_bitnesses_the_one_that_works_is_shown(make: Make) -> None:
    both = [worker(Script(), bits=64), worker(Script(), bits=32)]
    assert [one.id for one in TwainScanner(OURS, both).find()] == [ADF]
    known = manifests("twain", twain={"bits": [32, 64]})
    scanner = TwainScanner(known, both)
    assert [one.id for one in scanner.find()] == ["twain:32:Fake ADF"]
    assert run(scanner, "twain:32:Fake ADF").end is BatchEnd.EMPTY
    # a driver of one bitness that breaks the search hides nothing of the other
    broken = [worker(Script(trouble={"GETFIRST": "segfault"}), bits=64), worker(Script(), bits=32)]
    assert [one.id for one in TwainScanner(OURS, broken).find()] == ["twain:32:Fake ADF"]


def test_a_worker_that_is_not_there_is_a_missing_driver(tmp_path: Path) -> None:
    with pytest.raises(ScannerError) as caught:
        TwainScanner(OURS, []).find()
    assert caught.value.code == "scanner.driver_missing"
    got = run(TwainScanner(OURS, []), "twain:32:Fake ADF")
    assert got.end == "scanner.driver_missing"
    assert got.fault is not None
    assert got.fault.facts["driver"] == "TWAIN 32 bit"
    gone = TwainScanner(OURS, [TwainWorker(64, (str(tmp_path / "python.exe"),))])
    assert run(gone, ADF).end == "scanner.driver_missing"
    assert run(gone, "fujitsu:fi-7160").end == "scanner.none"


def test_the_program_itself_says_what_is_missing_on_this_system(tmp_path: Path) -> None:
    """The real worker without Windows: hello, then that there is no window; without pytwain: that it is missing."""
    program = str(Path(worker_file).parents[1])
    bare = TwainScanner(OURS, [TwainWorker(64, (sys.executable, "-S", "-I", program))], log=tmp_path / "log")
    got = run(bare, ADF)
    assert got.fault is not None
    if not (Path(program) / "lib").exists():
        assert (got.end, got.fault.facts["driver"]) == ("scanner.driver_missing", "pytwain")
    real = TwainScanner(OURS, [TwainWorker(64, (sys.executable, program), ENV)], log=tmp_path / "log")
    assert run(real, ADF).end == "scanner.driver_missing"


def test_a_worker_does_not_meet_the_desks_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """They may be of the other bitness. What the worker's own launcher sets is kept."""
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "HTTPS_PROXY", "LC_ALL"):
        monkeypatch.setenv(name, "the desk's")
    monkeypatch.setenv("WINDIR", "kept")
    got = foreign_surroundings({"PYTHONPATH": "its own"})
    assert {name: got[name] for name in got if name.startswith("PYTHON")} == {"PYTHONPATH": "its own"}
    assert (got["LC_ALL"], got["WINDIR"], "HTTPS_PROXY" in got) == ("C", "kept", False)


def test_workers_of_a_windows_desk(tmp_path: Path) -> None:
    program = tmp_path / "twain"
    for bits in (64, 32):
        (program / f"python-{bits}").mkdir(parents=True)
    (program / "__main__.py").touch()
    assert find_workers(program, {}, windows=True) == ()
    python_32 = program / "python-32" / "python.exe"
    python_32.touch()
    own = tmp_path / "own.exe"
    own.touch()
    found = find_workers(program, {}, windows=True, own_python=str(own))
    assert [(one.bits, one.command) for one in found] == [
        (64, (str(own), "-I", str(program))),
        (32, (str(python_32), "-I", str(program))),
    ]
    assert find_workers(program, {32: str(own)}, windows=True)[0].command[0] == str(own)
    (program / "__main__.py").unlink()
    assert find_workers(program, {}, windows=True, own_python=str(own)) == ()


def test_without_windows_there_is_no_twain_unless_a_launcher_is_given(tmp_path: Path) -> None:
    assert find_workers(tmp_path, {}, windows=False, own_python=sys.executable) == ()
    found = find_workers(tmp_path, {64: "wine64 'C:/a b/python.exe' worker"}, windows=False)
    assert found == (TwainWorker(64, ("wine64", "C:/a b/python.exe", "worker")),)


def test_a_desk_with_a_launcher_in_its_settings_has_twain_and_sane(tmp_path: Path) -> None:
    place = DeskPaths(tmp_path)
    assert not isinstance(assemble.scanner(place), Joined)
    launcher = ("env", f"PYTHONPATH={ENV['PYTHONPATH']}", *worker(Script()).command)
    chosen = settings.Settings(twain=settings.TwainChoice(python_64=shlex.join(launcher)))
    settings.write(place.settings_file, chosen)
    assert settings.read(place.settings_file) == chosen
    joined = assemble.scanner(place)
    assert isinstance(joined, Joined)
    assert run(joined, ADF).end is BatchEnd.EMPTY  # type: ignore[arg-type]


@pytest.mark.parametrize("said", [b"", b"\xff\n", b"[]\n", b'{"do":"dance"}\n', b'{"do":"find"', b'{"do":"stop"}\n'])
def test_a_worker_that_is_asked_nonsense_leaves(said: bytes) -> None:
    done = subprocess.run(
        worker(Script()).command, input=said, capture_output=True, env={**os.environ, **ENV}, timeout=20, check=False
    )
    lines = done.stdout.splitlines()
    assert (done.returncode, len(lines)) == (0, 1)
    hello = json.loads(lines[0])
    assert (hello["event"], hello["protocol"], hello["bits"]) == ("hello", line.PROTOCOL, 64)


def test_twain_stands_beside_another_system_of_drivers(make: Make, tmp_path: Path) -> None:
    other = TwainScanner(OURS, [worker(Script(), bits=32)])
    joined = Joined(make(Script()), other)
    assert {one.id for one in joined.find()} == {ADF, "twain:32:Fake ADF"}
    assert run(joined, ADF).end is BatchEnd.EMPTY  # type: ignore[arg-type]
    broken = Joined(make(Script()), TwainScanner(OURS, []))
    assert [one.id for one in broken.find()] == [ADF]
    with pytest.raises(ScannerError):
        Joined(TwainScanner(OURS, []), TwainScanner(OURS, [])).find()
