# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A host that lies, as broken drivers make it lie: the desk believes nothing that does not fit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from devices.scanning.rig import OURS, SHEET, manifests, run
from digitizer_desk.devices import process
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.scanner import Backing, BatchEnd, Standing
from digitizer_desk.errors import CODES, DeskError, ScannerError

HELLO = {"event": "hello", "protocol": 1, "backend": "sane"}
OPENED = {"event": "opened", "dpi": [300, 300], "got": []}
PAGE = {
    "event": "page",
    "number": 1,
    "width": 4,
    "height": 2,
    "samples": 3,
    "bilevel": False,
    "scanned_at": "2026-03-02T09:00:00+00:00",
}
CLOSED = {"event": "closed", "reason": "empty", "pages": 1, "counter": None, "tray_empty": False}
QUICK = dict.fromkeys(("open_s", "first_page_s", "inside_page_s", "between_pages_s", "stop_s", "close_s"), 0.3)


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a client whose host says these messages, then ends with ``code`` or (None) waits for ever."""

    def make(
        *messages: dict[str, Any] | bytes, code: int | None = 0, timeouts: dict[str, float] = QUICK
    ) -> SaneScanner:
        script = tmp_path / "host.py"
        script.write_text(
            "import json, os, sys\n"
            "sys.stdin.buffer.readline()\n"
            f"for message in {messages!r}:\n"
            "    if isinstance(message, dict):\n"
            "        body = bytes(message.get('bytes') or 0)\n"
            "        message = json.dumps(message).encode() + b'\\n' + body\n"
            "    sys.stdout.buffer.write(message)\n"
            "    sys.stdout.buffer.flush()\n"
            f"code = {code!r}\n"
            "while code is None:\n"
            "    sys.stdin.buffer.readline()\n"
            "os._exit(code)\n",
            "utf-8",
        )
        monkeypatch.setattr(process, "own_program", lambda: [sys.executable, str(script)])
        known = manifests("test", timeouts=timeouts)
        return SaneScanner(known, env={}, config_folder=tmp_path / "sane")

    return make


def page(**changes: Any) -> dict[str, Any]:
    return {**PAGE, "bytes": 24, **changes}


def test_an_honest_host_is_believed(scripted: Any) -> None:
    got = run(scripted(HELLO, OPENED, page(), CLOSED), "test:0", SHEET)
    assert (got.end, len(got.pages)) == (BatchEnd.EMPTY, 1)


@pytest.mark.parametrize(
    "lie",
    [
        {"bytes": 23},
        {"bytes": 25},
        {"bytes": 0},
        {"width": 8},
        {"height": -2, "width": -4},
        {"height": 0, "bytes": 0},
        {"samples": 2, "bytes": 16},
        {"number": 2},
        {"number": 0},
    ],
)
def test_a_page_that_does_not_fit_its_bytes_is_never_delivered(scripted: Any, lie: dict[str, Any]) -> None:
    got = run(scripted(HELLO, OPENED, page(**lie), CLOSED), "test:0", SHEET)
    assert got.end == "scanner.bad_image"
    assert got.pages == []


def test_a_page_said_twice_is_not_kept_twice(scripted: Any) -> None:
    got = run(scripted(HELLO, OPENED, page(), page(), CLOSED), "test:0", SHEET)
    assert (got.end, len(got.pages)) == ("scanner.bad_image", 1)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"Segmentation fault\n",
        b"\xff\xfe\n",
        b"[]\n",
        {"no": "event"},
        {"event": "opened"},
        {"event": "opened", "dpi": ["x", "y"], "got": []},
        {"event": "opened", "dpi": [0, 300], "got": []},
        {"event": "opened", "dpi": [300, -300], "got": []},
        {"event": "closed", "reason": "tired", "pages": 0, "counter": None, "tray_empty": False},
        {"event": "hello", "protocol": 99},
        {"event": "fault"},
    ],
)
def test_nonsense_is_a_crashed_host(scripted: Any, nonsense: Any) -> None:
    assert run(scripted(nonsense, code=None), "test:0", SHEET).end == "scanner.crashed"


def test_a_count_that_differs_from_what_came_is_a_fault(scripted: Any) -> None:
    got = run(scripted(HELLO, OPENED, page(), {**CLOSED, "pages": 2}), "test:0", SHEET)
    assert (got.end, len(got.pages)) == ("scanner.unknown", 1)


@pytest.mark.parametrize(
    ("said", "phase"),
    [((), "open"), ((HELLO,), "open"), ((HELLO, OPENED), "first page"), ((HELLO, OPENED, page()), "next page")],
)
def test_silence_in_any_phase_ends_the_host(scripted: Any, said: tuple[Any, ...], phase: str) -> None:
    got = run(scripted(*said, code=None), "test:0", SHEET)
    assert got.end == "scanner.stuck"


def test_each_phase_has_its_own_patience(scripted: Any) -> None:
    for slow, said in (("open_s", (HELLO,)), ("between_pages_s", (HELLO, OPENED, page()))):
        scanner = scripted(*said, code=None, timeouts={**QUICK, **{n: 60.0 for n in QUICK if n != slow}, slow: 0.2})
        got = run(scanner, "test:0", SHEET)
        assert got.end == "scanner.stuck"
        assert got.fault is not None
        assert got.fault.detail == "silent for 0.2 s"


def test_a_host_that_leaves_without_a_word_has_crashed(scripted: Any) -> None:
    got = run(scripted(HELLO, OPENED, page(), code=3), "test:0", SHEET)
    assert (got.end, len(got.pages)) == ("scanner.crashed", 1)
    assert got.fault is not None
    assert got.fault.detail == "exit 3"


def test_a_crash_or_hang_in_the_drivers_teardown_harms_nothing(scripted: Any) -> None:
    for code in (139, None):
        got = run(scripted(HELLO, OPENED, page(), CLOSED, code=code), "test:0", SHEET)
        assert (got.end, len(got.pages)) == (BatchEnd.EMPTY, 1)


def test_an_unknown_code_is_told_as_unknown(scripted: Any) -> None:
    for code in ("scanner.on_fire", "token.none", "program.bug"):
        fault = {"event": "fault", "code": code, "detail": "", "facts": {}}
        assert run(scripted(HELLO, fault), "test:0", SHEET).end == "scanner.unknown"


def test_a_host_that_chatters_on_after_stop_is_ended(scripted: Any) -> None:
    seen: list[object] = []
    progress = {"event": "progress", "number": 1, "row": 1, "rows": 9}
    got = run(
        scripted(HELLO, OPENED, *[progress] * 50, code=None, timeouts={**QUICK, "inside_page_s": 60.0}),
        "test:0",
        SHEET,
        stop=lambda: bool(seen),
        watch=seen.append,
    )
    assert got.end is BatchEnd.STOPPED


def test_searching_survives_a_lying_host(scripted: Any) -> None:
    for said, code in (((b"boo\n",), "scanner.crashed"), (({"event": "fault", "code": "x"},), "scanner.unknown")):
        with pytest.raises(ScannerError) as caught:
            scripted(*said).find()
        assert caught.value.code == code


def test_every_scanner_error_has_the_facts_its_words_need(scripted: Any) -> None:
    for code in (c for c in CODES if c.startswith("scanner.")):
        if code in ("scanner.busy", "scanner.warming_up") or "address" in CODES[code]:
            # tried again; or about an address that is being added, which no host knows
            continue
        fault = {"event": "fault", "code": code, "detail": "", "facts": {}}
        got = run(scripted(HELLO, fault), "test:0", SHEET)
        assert got.end == code
        assert got.fault is not None
        assert set(CODES[code]) <= got.fault.facts.keys()


def test_ours_are_loaded() -> None:
    families = {"airscan", "avision", "brother4", "brother5", "canon-dr", "epjitsu", "epsonds", "epsonscan2", "fujitsu"}
    families |= {"hpaio", "kodak", "panasonic-kvs", "plustek", "scansnap", "generic-sane", "generic-twain"}
    assert families <= {m.id for m in OURS.all}


ABLE = {
    "event": "capabilities",
    "ways": [{"source": "feeder", "modes": ["color"], "resolutions": [300], "range": None, "sheet_mm": [216, 356]}],
    "features": ["double_feed", "black"],
    "sensors": ["paper"],
    "buttons": ["scan"],
}
STANDING = {"event": "look", "paper": True, "cover_open": None, "pressed": ["scan"]}
OPTIONS = {"event": "options", "options": []}


def test_an_honest_answer_is_believed(scripted: Any) -> None:
    able = scripted(HELLO, ABLE).capabilities("test:0")
    assert (able.double_feed, able.backings, able.paper_sensor, able.cover_sensor) == (
        True,
        (Backing.BLACK,),
        True,
        False,
    )
    assert able.ways[0].offers(300)
    assert scripted(HELLO, STANDING).look("test:0") == Standing(True, None, ("scan",))
    assert scripted(HELLO, OPTIONS).options("test:0") == ()


@pytest.mark.parametrize(
    ("ask", "nonsense"),
    [
        ("capabilities", b"Segmentation fault\n"),
        ("capabilities", {"event": "capabilities"}),
        ("capabilities", {**ABLE, "ways": [{"source": "tray 9"}]}),
        ("capabilities", {**ABLE, "ways": [{**ABLE["ways"][0], "source": "tray 9"}]}),  # type: ignore[index]
        ("capabilities", {**ABLE, "ways": [{**ABLE["ways"][0], "sheet_mm": ["wide"]}]}),  # type: ignore[index]
        ("capabilities", {**ABLE, "ways": [{**ABLE["ways"][0], "range": [1]}]}),  # type: ignore[index]
        ("look", {"event": "look"}),
        ("look", {**STANDING, "pressed": None}),
        ("options", {"event": "options", "options": [{}]}),
        ("options", {"event": "options", "options": 3}),
    ],
)
def test_a_nonsense_answer_is_a_crashed_host(scripted: Any, ask: str, nonsense: Any) -> None:
    with pytest.raises(DeskError) as caught:
        getattr(scripted(HELLO, nonsense, code=None), ask)("test:0")
    assert caught.value.code == "scanner.crashed"


@pytest.mark.parametrize("ask", ["capabilities", "look", "options"])
def test_a_question_that_kills_its_host_or_gets_no_answer(scripted: Any, ask: str) -> None:
    for code, meant in ((None, "scanner.stuck"), (3, "scanner.crashed")):
        with pytest.raises(DeskError) as caught:
            getattr(scripted(HELLO, code=code), ask)("test:0")
        assert caught.value.code == meant
    # a fault of the driver comes through in its own words
    fault = {"event": "fault", "code": "scanner.cover_open", "detail": "", "facts": {}}
    with pytest.raises(DeskError) as caught:
        getattr(scripted(HELLO, fault), ask)("test:0")
    assert caught.value.code == "scanner.cover_open"


def test_a_name_without_a_backend_is_not_asked(scripted: Any) -> None:
    with pytest.raises(DeskError) as caught:
        scripted(HELLO).look("../etc:0")
    assert caught.value.code == "scanner.none"


def test_a_host_cannot_speak_of_an_address(scripted: Any) -> None:
    fault = {"event": "fault", "code": "scanner.unreachable", "detail": "", "facts": {}}
    assert run(scripted(HELLO, fault), "test:0", SHEET).end == "scanner.unknown"
