# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker over a strict state machine: pages to the last byte, faults by name, and the source always given back."""

from __future__ import annotations

from typing import Any

import pytest
import twain
from twain.lowlevel import constants as tw
from twain.lowlevel import structs
from twain_worker import standard
from twain_worker.session import Session
from twain_worker.wire import Wire

from devices.twain.fake_dsm import FakeDsm, Script
from devices.twain.stage import play, sides

MODES = ("color", "gray", "bw")


# -- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transfer", ["memory", "native"])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("source", ["feeder", "feeder-duplex", "flatbed"])
def test_every_kind_of_page_comes_to_the_last_byte(monkeypatch: Any, source: str, mode: str, transfer: str) -> None:
    script = Script()
    got = play(monkeypatch, script, source=source, mode=mode, transfer=transfer)
    numbers = {"feeder": [1, 3], "feeder-duplex": [1, 2, 3, 4], "flatbed": [1]}[source]
    assert [content for _, content in got.pages] == sides(script, mode, numbers)
    assert got.end == ("enough" if source == "flatbed" else "empty")
    for number, (message, content) in enumerate(got.pages, 1):
        samples = 3 if mode == "color" else 1
        measures = (message["number"], message["width"], message["height"], message["samples"], message["bilevel"])
        assert measures == (number, script.width, script.height, samples, mode == "bw")
        assert len(content) == script.width * script.height * samples
    assert got.got["transfer"] == transfer


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("width", [1, 7, 8, 9, 33])
@pytest.mark.parametrize("odd", [{}, {"padding": 3}, {"strip_rows": 1}, {"strip_rows": 100}, {"vanilla": True}])
def test_strips_of_any_shape_make_the_same_page(monkeypatch: Any, mode: str, width: int, odd: dict[str, Any]) -> None:
    script = Script(sides=1, width=width, **odd)
    got = play(monkeypatch, script, mode=mode)
    assert [content for _, content in got.pages] == sides(script, mode, [1])


@pytest.mark.parametrize("mode", MODES)
def test_native_pictures_may_stand_on_their_head_or_their_feet(monkeypatch: Any, mode: str) -> None:
    script = Script(sides=1, top_down=True)
    got = play(monkeypatch, script, mode=mode, transfer="native")
    assert [content for _, content in got.pages] == sides(script, mode, [1])


@pytest.mark.parametrize("pending", ["exact", "unknown", "always"])
def test_a_stack_ends_however_its_count_is_told(monkeypatch: Any, pending: str) -> None:
    got = play(monkeypatch, Script(sides=6, pending=pending))
    assert (got.end, len(got.pages)) == ("empty", 3)


def test_a_length_nobody_knows_beforehand_is_taken_as_it_comes(monkeypatch: Any) -> None:
    script = Script(sides=1, announced="unknown")
    got = play(monkeypatch, script)
    assert [content for _, content in got.pages] == sides(script, "color", [1])


def test_no_more_paper_is_taken_than_was_asked_for(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(sides=8), max_pages=2)
    assert (got.end, len(got.pages), got.dsm.value(tw.CAP_XFERCOUNT)) == ("enough", 2, 2)
    # a source that will not count still stops, by reset
    got = play(monkeypatch, Script(sides=8, fixed={"CAP_XFERCOUNT": -1}), max_pages=2)
    assert (got.end, len(got.pages)) == ("enough", 2)
    assert (6, "RESET") in got.dsm.log


# -- settings --------------------------------------------------------------------------------------------------------


def test_everything_is_set_before_paper_moves(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(), source="feeder-duplex", dpi=200)
    value = got.dsm.value
    assert (value(tw.ICAP_XRESOLUTION), value(tw.ICAP_YRESOLUTION)) == (200.0, 200.0)
    assert (value(tw.CAP_FEEDERENABLED), value(tw.CAP_DUPLEXENABLED), value(tw.CAP_AUTOFEED)) == (1, 1, 1)
    assert value(tw.ICAP_AUTODISCARDBLANKPAGES) == standard.TWBP_DISABLE
    assert value(tw.ICAP_AUTOMATICDESKEW) == 0
    assert value(tw.CAP_INDICATORS) == 0
    assert value(standard.CAP_DOUBLEFEEDDETECTION) == [standard.TWDF_ULTRASONIC]
    assert value(standard.CAP_DOUBLEFEEDDETECTIONRESPONSE) == standard.TWDP_STOP
    assert (got.got["sheet"], got.got["double_feed"]) == ("210 x 297", "on")
    assert got.got["resolution"] == "200 x 200"


@pytest.mark.parametrize("container", ["one", "enumeration", "range"])
def test_a_resolution_is_read_out_of_any_container(monkeypatch: Any, container: str) -> None:
    got = play(monkeypatch, Script(container=container), dpi=600)
    assert (got.end, got.got["resolution"]) == ("empty", "600 x 600")


@pytest.mark.parametrize(
    ("fixed", "wishes", "option"),
    [
        ({"ICAP_XRESOLUTION": 100.0}, {}, "dpi"),
        ({"ICAP_YRESOLUTION": 150.0}, {}, "dpi"),
        ({}, {"dpi": 1234}, "dpi"),
        ({"ICAP_UNITS": 1}, {}, "dpi"),
        ({"ICAP_PIXELTYPE": 1}, {}, "mode"),
        ({"ICAP_BITDEPTH": 16}, {"mode": "gray"}, "depth"),
        ({"CAP_FEEDERENABLED": 0}, {}, "source"),
        ({"CAP_FEEDERENABLED": 1}, {"source": "flatbed"}, "source"),
        ({"CAP_DUPLEXENABLED": 0}, {"source": "feeder-duplex"}, "source"),
        ({"CAP_DUPLEXENABLED": 1}, {}, "source"),
        ({"ICAP_XFERMECH": 1}, {}, "transfer"),
        ({"ICAP_COMPRESSION": 6}, {}, "transfer"),
        ({"ICAP_AUTODISCARDBLANKPAGES": -1}, {}, "blank"),
    ],
)
def test_what_is_not_granted_is_refused_before_paper_moves(
    monkeypatch: Any, fixed: dict[str, Any], wishes: dict[str, Any], option: str
) -> None:
    got = play(monkeypatch, Script(fixed=fixed), **wishes)
    assert (got.end, got.last["facts"]) == ("scanner.refused", {"option": option})
    assert "ENABLEDS" not in [name for _, name in got.dsm.log]


@pytest.mark.parametrize(
    ("lacks", "wishes", "end"),
    [
        (["CAP_FEEDERENABLED"], {}, "scanner.refused"),
        (["CAP_FEEDERENABLED"], {"sheet_fed": True}, "empty"),
        (["CAP_FEEDERENABLED"], {"source": "flatbed"}, "enough"),
        (["CAP_DUPLEXENABLED"], {"source": "feeder-duplex"}, "scanner.refused"),
        (["CAP_DUPLEXENABLED"], {}, "empty"),
        (["ICAP_XRESOLUTION"], {}, "scanner.refused"),
        (["ICAP_BITDEPTH", "ICAP_PIXELFLAVOR", "ICAP_UNITS", "ICAP_COMPRESSION"], {"mode": "gray"}, "empty"),
        (["CAP_PAPERDETECTABLE", "ICAP_AUTODISCARDBLANKPAGES", "ICAP_PHYSICALWIDTH"], {}, "empty"),
    ],
)
def test_a_source_may_lack_what_does_not_matter(
    monkeypatch: Any, lacks: list[str], wishes: dict[str, Any], end: str
) -> None:
    assert play(monkeypatch, Script(lacks=lacks), **wishes).end == end


def test_a_source_without_memory_transfer_is_read_whole(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(fixed={"ICAP_XFERMECH": 0}))
    assert (got.end, got.got["transfer"], len(got.pages)) == ("empty", "native", 2)


def test_a_frame_it_will_not_take_becomes_a_named_sheet(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(trouble={"LAYOUTSET": tw.TWCC_BADVALUE}))
    assert (got.end, got.dsm.value(tw.ICAP_SUPPORTEDSIZES)) == ("empty", tw.TWSS_A4)


def test_no_window_of_the_maker_unless_asked_for(monkeypatch: Any) -> None:
    for eager in (False, True):
        got = play(monkeypatch, Script(insists_on_window=True, eager=eager))
        assert (got.end, got.last["facts"], got.dsm.state) == ("scanner.refused", {"option": "ui"}, 2)
    assert play(monkeypatch, Script(insists_on_window=True), ui=True).end == "empty"


# -- how it ends -----------------------------------------------------------------------------------------------------


def test_the_scanners_own_sheet_numbers_are_a_witness(monkeypatch: Any) -> None:
    for source, count in (("feeder", 3), ("feeder-duplex", 6)):
        got = play(monkeypatch, Script(sides=6), source=source)
        assert (got.last["counter"], got.last["tray_empty"]) == (count, True)
    # a sheet without a picture: numbers jump
    got = play(monkeypatch, Script(sides=6, loses_sheet=2))
    assert (got.last["pages"], got.last["counter"]) == (3, 4)


def test_no_witness_is_no_number(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(trouble={"EXTINFO": tw.TWCC_BADPROTOCOL}, lacks=["CAP_PAPERDETECTABLE"]))
    assert (got.end, got.last["counter"], got.last["tray_empty"], got.last["proofs"]) == ("empty", None, False, [])
    assert len([name for _, name in got.dsm.log if name == "EXTINFO"]) == 1


def test_a_batch_broken_off_says_nothing_of_the_count(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(sides=8), max_pages=2)
    assert (got.end, got.last["counter"], got.last["tray_empty"]) == ("enough", None, False)


def test_an_end_with_paper_left_is_a_fault(monkeypatch: Any) -> None:
    assert play(monkeypatch, Script(stays_loaded=True)).end == "scanner.jam"


def test_an_empty_tray_is_told_before_rollers_turn(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(sides=0))
    assert (got.end, "ENABLEDS" in [name for _, name in got.dsm.log]) == ("scanner.empty", False)
    assert play(monkeypatch, Script(sides=0, lacks=["CAP_PAPERDETECTABLE"])).end == "scanner.empty"


def test_a_source_that_gives_up_at_once(monkeypatch: Any) -> None:
    assert play(monkeypatch, Script(closes_at_once=True)).end == "scanner.unknown"
    # the clerk closed the maker's window
    assert play(monkeypatch, Script(closes_at_once=True), ui=True).end == "stopped"


@pytest.mark.parametrize(
    "stop_at", ['"page_started","number":2', '"progress","number":2', '"page","number":2', '"opened"']
)
@pytest.mark.parametrize("transfer", ["memory", "native"])
def test_a_stop_anywhere_keeps_whole_pages_only(monkeypatch: Any, stop_at: str, transfer: str) -> None:
    script = Script(sides=12)
    got = play(monkeypatch, script, stop_at='"event":' + stop_at, transfer=transfer)
    if transfer == "native" and "progress" in stop_at:
        assert (got.end, len(got.pages)) == ("empty", 6)  # a whole picture has no progress to stop in
        return
    assert got.end == "stopped"
    assert [content for _, content in got.pages] == sides(script, "color", [1, 3])[: len(got.pages)]
    assert len(got.pages) == (0 if "opened" in stop_at else 2 if '"page",' in stop_at or transfer == "native" else 1)


@pytest.mark.parametrize("eager", [False, True])
def test_a_stop_before_the_first_page(monkeypatch: Any, eager: bool) -> None:
    """Also when the source has a page ready and its message is still on the way: it will not be disabled then."""
    got = play(monkeypatch, Script(eager=eager), stopped=True)
    assert (got.end, got.pages, got.dsm.state) == ("stopped", [], 2)


def test_cancelled_at_the_scanner(monkeypatch: Any) -> None:
    for transfer in ("memory", "native"):
        got = play(monkeypatch, Script(trouble={"XFER:2": "cancel"}), transfer=transfer)
        assert (got.end, len(got.pages)) == ("stopped", 1)
    got = play(monkeypatch, Script(trouble={"STRIP:2:1": "cancel"}))
    assert (got.end, len(got.pages)) == ("stopped", 1)


# -- faults ----------------------------------------------------------------------------------------------------------

#: condition code -> the desk's code, before any page and after one
CONDITIONS = {
    tw.TWCC_BUMMER: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_LOWMEMORY: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_NODS: ("scanner.none", "scanner.none"),
    tw.TWCC_MAXCONNECTIONS: ("scanner.busy", "scanner.busy"),
    tw.TWCC_OPERATIONERROR: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_BADPROTOCOL: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_BADVALUE: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_SEQERROR: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_DENIED: ("scanner.denied", "scanner.denied"),
    tw.TWCC_FILEEXISTS: ("scanner.unknown", "scanner.unknown"),
    tw.TWCC_PAPERJAM: ("scanner.jam", "scanner.jam"),
    tw.TWCC_PAPERDOUBLEFEED: ("scanner.double_feed", "scanner.double_feed"),
    tw.TWCC_CHECKDEVICEONLINE: ("scanner.offline", "scanner.lost"),
    24: ("scanner.cover_open", "scanner.cover_open"),
    25: ("scanner.jam", "scanner.jam"),
    27: ("scanner.bad_image", "scanner.bad_image"),
    28: ("scanner.bad_image", "scanner.bad_image"),
    29: ("scanner.empty", "empty"),
    0x8001: ("scanner.unknown", "scanner.unknown"),
}


@pytest.mark.parametrize("transfer", ["memory", "native"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_every_condition_has_its_name_at_any_page(monkeypatch: Any, condition: int, transfer: str) -> None:
    for page, wanted in zip((1, 3), CONDITIONS[condition], strict=True):
        # the sensor is left out: an end with paper in the tray is another fault
        script = Script(sides=8, trouble={f"XFER:{page}": condition}, lacks=["CAP_PAPERDETECTABLE"])
        got = play(monkeypatch, script, transfer=transfer)
        assert (got.end, len(got.pages)) == (wanted, page - 1)


@pytest.mark.parametrize("condition", [c for c in CONDITIONS if c != tw.TWCC_NODS])
@pytest.mark.parametrize("place", ["OPENDS", "ENABLEDS", "EVENT", "IMAGEINFO", "STRIP:1:1", "STRIP:2:2", "ENDXFER:1"])
def test_a_failure_at_any_step_leaves_no_source_open(monkeypatch: Any, place: str, condition: int) -> None:
    script = Script(sides=8, trouble={place: condition}, lacks=["CAP_PAPERDETECTABLE"], strip_rows=2)
    got = play(monkeypatch, script)
    kept = {"STRIP:2:2": 1, "ENDXFER:1": 1}.get(place, 0)
    before, after = CONDITIONS[condition]
    if place == "OPENDS" and condition in (tw.TWCC_BUMMER, tw.TWCC_OPERATIONERROR):
        before = "scanner.offline"
    assert (got.end, len(got.pages)) == (after if kept else before, kept)
    assert got.dsm.state == 2


@pytest.mark.parametrize("place", ["RESET", "DISABLEDS", "CLOSEDS", "CLOSEDSM"])
def test_a_driver_that_will_not_let_go_is_still_led_out_step_by_step(monkeypatch: Any, place: str) -> None:
    trouble = {place: tw.TWCC_BUMMER, "XFER:2": tw.TWCC_PAPERJAM}
    got = play(monkeypatch, Script(trouble=trouble))
    assert (got.end, len(got.pages)) == ("scanner.jam", 1)
    way_out = [name for _, name in got.dsm.log if name in ("RESET", "DISABLEDS", "CLOSEDS", "CLOSEDSM")]
    assert list(dict.fromkeys(way_out)) == ["RESET", "DISABLEDS", "CLOSEDS", "CLOSEDSM"]
    assert way_out[-1] == "CLOSEDSM"


def test_a_jam_is_told_before_the_driver_is_asked_to_let_go(monkeypatch: Any) -> None:
    """The teardown may hang for ever; the reason must be out by then."""
    told: list[str] = []
    fault, leave = Wire.fault, Session.unwind

    def seen_fault(self: Wire, code: str, detail: str = "", **facts: Any) -> None:
        told.append(code)
        fault(self, code, detail, **facts)

    def seen_leave(self: Session) -> None:
        told.append("unwind")
        leave(self)

    monkeypatch.setattr(Wire, "fault", seen_fault)
    monkeypatch.setattr(Session, "unwind", seen_leave)
    play(monkeypatch, Script(trouble={"XFER:2": tw.TWCC_PAPERJAM}))
    assert told == ["scanner.jam", "unwind"]


def test_what_a_manifest_knows_of_a_familys_own_numbers(monkeypatch: Any) -> None:
    script = Script(trouble={"XFER:2": 0x8005})
    assert play(monkeypatch, script, faults={"32773": "scanner.cover_open"}).end == "scanner.cover_open"


def test_a_manager_that_is_not_there(monkeypatch: Any) -> None:
    def missing(*_: object, **__: object) -> None:
        raise twain.exceptions.SMLoadFileFailed("no twaindsm.dll")

    monkeypatch.setattr("devices.twain.fake_dsm.FakeDsm.install", lambda self, m: m.setattr(twain, "_get_dsm", missing))
    got = play(monkeypatch, Script())
    assert (got.end, got.last["facts"]) == ("scanner.driver_missing", {"driver": "TWAIN DSM (twaindsm.dll)"})


def test_a_manager_that_does_not_open(monkeypatch: Any) -> None:
    got = play(monkeypatch, Script(trouble={"OPENDSM": tw.TWCC_LOWMEMORY}))
    assert got.end == "scanner.unknown"


def test_a_scanner_that_is_not_there(monkeypatch: Any) -> None:
    assert play(monkeypatch, Script(), device="Other ADF").end == "scanner.none"


@pytest.mark.parametrize("place", ["OPENDS", "ENABLEDS", "IMAGEINFO", "XFER:2", "STRIP:2:1", "ENDXFER", "RESET"])
def test_after_an_access_violation_nothing_is_called_any_more(monkeypatch: Any, place: str) -> None:
    # the last of these breaks in the teardown after a jam: that has been told already
    script = Script(sides=8, trouble={place: "crash", **({"XFER:2": tw.TWCC_PAPERJAM} if place == "RESET" else {})})
    got = play(monkeypatch, script)
    assert got.broke
    assert got.end == ("scanner.jam" if place == "RESET" else "scanner.crashed")
    assert got.dsm.log[-1][1] == {"XFER:2": "STRIP", "STRIP:2:1": "STRIP"}.get(place, place)


# -- pictures that contradict themselves -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (Script(short_rows=1), "scanner.short_page"),
        (Script(announced="absurd"), "scanner.bad_image"),
        (Script(announced="none"), "scanner.bad_image"),
    ],
)
@pytest.mark.parametrize("transfer", ["memory", "native"])
def test_a_page_that_does_not_fit_what_was_said_of_it_is_no_page(
    monkeypatch: Any, script: Script, code: str, transfer: str
) -> None:
    got = play(monkeypatch, script, transfer=transfer)
    assert (got.end, got.pages) == (code, [])


@pytest.mark.parametrize(
    "lie",
    [
        {"Columns": 21},
        {"XOffset": 4},
        {"YOffset": 5},
        {"BytesPerRow": 10},
        {"BytesPerRow": 1 << 30},
        {"BytesWritten": 3},
        {"Rows": 1 << 20},
        {"Compression": 6},
    ],
)
def test_strips_that_lie(monkeypatch: Any, lie: dict[str, int]) -> None:
    honest = FakeDsm._memory_transfer

    def lying(self: FakeDsm, strip: Any) -> int:
        answer = honest(self, strip)
        for name, value in lie.items():
            setattr(strip, name, value)
        return answer

    monkeypatch.setattr(FakeDsm, "_memory_transfer", lying)
    got = play(monkeypatch, Script())
    assert (got.end, got.pages) == ("scanner.bad_image", [])


@pytest.mark.parametrize(
    ("field", "value", "option"),
    [
        ("PixelType", 1, "mode"),
        ("BitsPerPixel", 48, "mode"),
        ("Planar", 1, "transfer"),
        ("Compression", 6, "transfer"),
        ("XResolution", 150, "dpi"),
    ],
)
def test_a_picture_that_is_not_what_was_ordered(monkeypatch: Any, field: str, value: int, option: str) -> None:
    honest = FakeDsm._imageinfo

    def lying(self: FakeDsm, data: Any, app: Any) -> None:
        honest(self, data, app)
        setattr(self._at(structs.TW_IMAGEINFO, data), field, structs.float2fix(value) if "Res" in field else value)

    monkeypatch.setattr(FakeDsm, "_imageinfo", lying)
    got = play(monkeypatch, Script())
    assert (got.end, got.last["facts"], got.pages) == ("scanner.refused", {"option": option}, [])
