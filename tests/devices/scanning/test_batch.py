# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The rules of a batch that no simulated device can provoke: a scripted driver in place of libsane."""

from __future__ import annotations

import http.client
import io
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from devices.scanning.rig import OURS, mark_of, sheet
from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.sane.batch import CANCELLED, NO_DOCUMENTS, Batch, turn_half
from digitizer_desk.devices.sane.binding import (
    BOOL,
    FIXED,
    INT,
    STRING,
    UNIT_PIXEL,
    Device,
    Frame,
    Option,
    Picture,
    Progress,
    SaneTrouble,
    Value,
)
from digitizer_desk.devices.sane.counter import ImageCount
from digitizer_desk.devices.sane.settle import MODES, SOURCES, Order, match
from digitizer_desk.training.scanner import VirtualScanner

FRAME = Frame("color", True, 4, 2, 8, 12)
WHOLE = Picture(bytearray(24), 4, 2, 3, 1)


def words(*choices: str) -> tuple[Option, Value]:
    return Option(0, STRING, 0, choices, None, True, True), choices[0]


def number(least: float, most: float, value: float, *, kind: int = FIXED, unit: int = 3) -> tuple[Option, Value]:
    return Option(0, kind, unit, None, (least, most), True, True), value


def flag(value: bool, *, can_set: bool = True) -> tuple[Option, Value]:
    return Option(0, BOOL, 0, None, None, can_set, True), value


def usual() -> dict[str, tuple[Option, Value]]:
    return {
        "source": words("Flatbed", "ADF Front", "ADF Duplex"),
        "mode": words("Lineart", "Gray", "Color"),
        "resolution": number(50, 600, 75, kind=INT),
        "page-width": number(0, 221, 215),
        "page-height": number(0, 3000, 279),
        "br-x": number(0, 221, 215),
        "br-y": number(0, 3000, 279),
    }


Step = Frame | SaneTrouble | tuple[Frame, Picture] | tuple[Frame, SaneTrouble]


@dataclass
class Driver:
    """A driver that follows a script and writes down what is done to it. It is also its own binding."""

    steps: list[Step]
    settings: dict[str, tuple[Option, Value]] = field(default_factory=usual)
    calls: list[str] = field(default_factory=list)
    written: list[tuple[str, Value]] = field(default_factory=list)
    while_reading: Callable[[], None] = lambda: None
    grants: Callable[[str, Value], Value] = lambda name, value: value
    version: str = "1.0"
    _now: Any = None

    def devices(self) -> list[tuple[str, str, str, str]]:
        return []

    def open(self, name: str) -> Device:
        self.calls.append("open")
        return self

    @property
    def options(self) -> dict[str, Option]:
        return {name: option for name, (option, _) in self.settings.items()}

    def read(self, name: str) -> Value:
        return self.settings[name][1]

    def write(self, name: str, value: Value) -> None:
        self.written.append((name, value))
        self.settings[name] = (self.settings[name][0], self.grants(name, value))

    def start(self) -> None:
        self.calls.append("start")
        self._now = self.steps.pop(0) if self.steps else SaneTrouble(NO_DOCUMENTS)
        if isinstance(self._now, SaneTrouble):
            raise self._now

    def frame(self) -> Frame:
        frame: Frame = self._now[0] if isinstance(self._now, tuple) and not isinstance(self._now, Frame) else self._now
        return frame

    def picture(self, progress: Progress) -> Picture:
        self.calls.append("read")
        progress(1, 2)
        self.while_reading()
        progress(2, 2)
        what = WHOLE if isinstance(self._now, Frame) else self._now[1]
        if isinstance(what, SaneTrouble):
            raise what
        assert isinstance(what, Picture)
        return what

    def cancel(self) -> None:
        self.calls.append("cancel")

    def close(self) -> None:
        self.calls.append("close")


def order(**changes: Any) -> Order:
    base: dict[str, Any] = {"device": "test:0", "source": "feeder", "mode": "color", "dpi": 300}
    return Order(**{**base, "sheet_mm": (210.0, 297.0), **changes})


def said(driver: Driver, wish: Order, stop: threading.Event | None = None) -> list[dict[str, Any]]:
    """Everything the host says about one batch."""
    sink = io.BytesIO()
    Batch(Wire(io.BytesIO(), sink), driver, wish, stop or threading.Event()).run()
    source = io.BytesIO(sink.getvalue())
    messages = []
    while source.tell() < len(sink.getvalue()):
        messages.append(line.read(source)[0])
    return messages


def payloads(driver: Driver, wish: Order) -> list[bytearray | None]:
    """What followed each message as bytes."""
    sink = io.BytesIO()
    Batch(Wire(io.BytesIO(), sink), driver, wish, threading.Event()).run()
    source = io.BytesIO(sink.getvalue())
    found = []
    while source.tell() < len(sink.getvalue()):
        found.append(line.read(source)[1])
    return found


def last(driver: Driver, wish: Order | None = None) -> dict[str, Any]:
    return said(driver, wish or order())[-1]


def test_between_pages_nothing_is_cancelled_and_at_the_end_once() -> None:
    driver = Driver([FRAME, FRAME, FRAME])
    assert last(driver)["pages"] == 3
    assert driver.calls == ["open", *["start", "read"] * 3, "start", "cancel", "close"]


@pytest.mark.parametrize("trouble", ["Document feeder jammed", NO_DOCUMENTS, "something nobody has heard of"])
def test_every_fault_ends_with_one_cancel_and_one_close(trouble: str) -> None:
    driver = Driver([SaneTrouble(trouble)])
    assert last(driver)["event"] == "fault"
    assert driver.calls[-2:] == ["cancel", "close"]
    assert driver.calls.count("cancel") == 1


def test_stop_cancels_inside_the_reading_and_not_again() -> None:
    stop = threading.Event()
    driver = Driver([(FRAME, WHOLE)], while_reading=stop.set)
    messages = said(driver, order(), stop)
    assert driver.calls == ["open", "start", "read", "cancel", "close"]
    # the binding may hand over a cancelled page as good: it is not believed, whole or not
    assert [m for m in messages if m["event"] == "page"] == []
    assert messages[-1]["reason"] == "stopped"


def test_a_progress_that_fails_never_raises_into_the_driver() -> None:
    stop = threading.Event()
    driver = Driver([FRAME], while_reading=stop.set)

    def broken() -> None:
        driver.calls.append("cancel")
        raise SaneTrouble("cancel failed")

    driver.cancel = broken  # type: ignore[method-assign]
    assert said(driver, order(), stop)[-1]["reason"] == "stopped"


def test_the_scanners_own_button_ends_the_batch_without_fault() -> None:
    end = last(Driver([FRAME, (FRAME, SaneTrouble(CANCELLED))]))
    assert (end["event"], end["reason"], end["pages"]) == ("closed", "stopped", 1)


@pytest.mark.parametrize(
    ("frame", "picture", "code"),
    [
        (FRAME, Picture(bytearray(12), 4, 1, 3, 1), "scanner.short_page"),
        (Frame("color", True, 4, -1, 8, 12), Picture(bytearray(), 4, 0, 3, 1), "scanner.short_page"),
        (FRAME, Picture(bytearray(20), 4, 2, 3, 1), "scanner.bad_image"),
        (FRAME, Picture(bytearray(48), 4, 2, 3, 2), "scanner.bad_image"),
        (Frame("red", False, 4, 2, 8, 4), WHOLE, "scanner.refused"),
        (Frame("color", False, 4, 2, 8, 12), WHOLE, "scanner.refused"),
        (Frame("color", True, 4, 2, 16, 24), WHOLE, "scanner.refused"),
        (Frame("color", True, 4, 2, 8, 16), WHOLE, "scanner.refused"),
    ],
)
def test_a_page_that_is_not_whole_is_never_sent(frame: Frame, picture: Picture, code: str) -> None:
    messages = said(Driver([FRAME, (frame, picture)]), order())
    assert [m["number"] for m in messages if m["event"] == "page"] == [1]
    assert messages[-1]["code"] == code


def test_a_page_of_unknown_length_is_taken_as_long_as_it_is() -> None:
    end = last(Driver([(Frame("color", True, 4, -1, 8, 12), WHOLE)]))
    assert (end["reason"], end["pages"]) == ("empty", 1)


def test_one_bit_lines_may_be_padded() -> None:
    driver = Driver([(Frame("gray", True, 4, 2, 1, 1), Picture(bytearray(8), 4, 2, 1, 1))])
    page = next(m for m in said(driver, order(mode="bw")) if m["event"] == "page")
    assert page["bilevel"] is True


def test_lost_before_a_page_is_offline() -> None:
    assert last(Driver([SaneTrouble("Error during device I/O")]))["code"] == "scanner.offline"
    assert last(Driver([FRAME, SaneTrouble("Error during device I/O")]))["code"] == "scanner.lost"


def test_warming_up_has_no_sentence_but_a_number() -> None:
    assert last(Driver([SaneTrouble("Unknown SANE status code 12")]))["code"] == "scanner.warming_up"


@pytest.mark.parametrize("said_last", ["Unknown SANE status code 32767", "Bad pixel depth", "Invalid frame format"])
def test_nonsense_is_a_driver_that_died_and_the_pages_before_stay(said_last: str) -> None:
    driver = Driver([FRAME, SaneTrouble(said_last)])
    events = list(said(driver, order()))
    assert [event["event"] for event in events].count("page") == 1
    assert events[-1]["code"] == "scanner.crashed"


def test_an_end_with_paper_left_is_a_fault() -> None:
    loaded = Driver([FRAME], {**usual(), "page-loaded": flag(True, can_set=False)})
    assert last(loaded, order(paper_sensor="page-loaded"))["code"] == "scanner.jam"
    empty = Driver([FRAME], {**usual(), "page-loaded": flag(False, can_set=False)})
    end = last(empty, order(paper_sensor="page-loaded"))
    assert (end["reason"], end["tray_empty"]) == ("empty", True)
    assert last(Driver([FRAME]), order(paper_sensor="page-loaded"))["tray_empty"] is False


def test_taking_only_some_sheets_leaves_paper_and_that_is_right() -> None:
    driver = Driver([FRAME, FRAME], {**usual(), "page-loaded": flag(True, can_set=False)})
    assert last(driver, order(paper_sensor="page-loaded", max_pages=1))["reason"] == "enough"


def test_a_jam_that_is_a_double_feed_is_called_so() -> None:
    driver = Driver([SaneTrouble("Document feeder jammed")], {**usual(), "double-feed": flag(True, can_set=False)})
    assert last(driver, order(double_feed_sensor="double-feed"))["code"] == "scanner.double_feed"


def counting(step: int, pages: int) -> Driver:
    """A scanner whose counter stood at 40 before the batch and goes up by ``step`` with every page."""
    driver = Driver([FRAME] * pages, {**usual(), "counter": number(0, 1e6, 40, kind=INT)})

    def count() -> None:
        option, now = driver.settings["counter"]
        driver.settings["counter"] = (option, int(now) + step)

    driver.while_reading = count
    return driver


def test_the_drivers_counter_is_told_as_what_came_in_this_batch() -> None:
    assert last(counting(1, 3), order(counter="counter"))["counter"] == 3
    # one that was set back meanwhile says nothing
    driver = counting(-20, 2)
    assert last(driver, order(counter="counter"))["counter"] is None


@pytest.mark.parametrize(("counts", "told"), [("sides", 4), ("sheets", 8), ("", None)])
def test_two_sided_a_counter_must_be_known_to_count_sides_or_sheets(counts: str, told: int | None) -> None:
    wish = order(counter="counter", counter_counts=counts, source="feeder-duplex")
    assert last(counting(1, 4), wish)["counter"] == told


def test_a_scanner_that_feeds_one_more_than_asked_says_so() -> None:
    wish = order(max_pages=2, takes_one_more=True)
    assert last(Driver([FRAME] * 3), wish)["ahead"] == 1
    assert last(Driver([FRAME] * 3), replace(wish, source="feeder-duplex"))["ahead"] == 2
    assert last(Driver([FRAME] * 3), replace(wish, source="flatbed"))["ahead"] is None
    assert last(Driver([FRAME]), wish)["ahead"] is None


def test_backs_that_come_upside_down_are_turned_and_fronts_are_not() -> None:
    picture = Picture(bytearray(range(24)), 4, 2, 3, 1)
    turned = [*range(21, 24), *range(18, 21), *range(15, 18), *range(12, 15), *range(9, 12), *range(6, 9)]
    turned += [*range(3, 6), *range(3)]
    for source, second in (("feeder-duplex", turned), ("feeder", list(range(24)))):
        driver = Driver([(FRAME, picture._replace(pixels=bytearray(range(24)))) for _ in range(3)])
        pages = [m for m in payloads(driver, order(source=source, backs_turned=True)) if m is not None]
        assert [list(page) for page in pages] == [list(range(24)), second, list(range(24))]


def test_a_grey_page_is_turned_too() -> None:
    pixels = bytearray(range(6))
    turn_half(pixels, 1)
    assert list(pixels) == [5, 4, 3, 2, 1, 0]


def test_options_are_set_in_the_order_drivers_need() -> None:
    driver = Driver([FRAME], {**usual(), "swskip": number(0, 100, 20), "df-action": words("Default", "Stop")})
    wish = order(set_first={"mode": "Lineart"}, set_last={"df-action": "Stop"})
    messages = said(driver, wish)
    names = [name for name, _ in driver.written]
    assert names == [
        *["mode", "source", "mode", "resolution", "page-width", "page-height", "br-x", "br-y"],
        *["swskip", "df-action"],
    ]
    assert driver.read("swskip") == 0
    got = {name: (asked, answer) for name, asked, answer in messages[0]["got"]}
    assert got["source"] == ("feeder", "ADF Front")
    assert got["df-action"] == ("Stop", "Stop")
    assert got["br-y"] == ("297", "297")


def test_a_scanner_measured_in_pixels_gets_pixels() -> None:
    settings = {**usual(), "br-x": number(0, 2600, 100, kind=INT, unit=UNIT_PIXEL)}
    driver = Driver([FRAME], settings)
    said(driver, order())
    assert dict(driver.written)["br-x"] == pytest.approx(210 * 300 / 25.4)


@pytest.mark.parametrize(
    ("name", "instead", "option"),
    [("source", "Flatbed", "source"), ("mode", "Gray", "mode"), ("resolution", 200, "dpi")],
)
def test_a_scanner_that_quietly_takes_something_else_is_refused(name: str, instead: Value, option: str) -> None:
    driver = Driver([FRAME], grants=lambda key, value: instead if key == name else value)
    fault = last(driver)
    assert (fault["code"], fault["facts"]["option"]) == ("scanner.refused", option)
    assert "start" not in driver.calls


def test_a_source_changed_by_a_later_option_is_noticed() -> None:
    driver = Driver([FRAME])

    def grants(name: str, value: Value) -> Value:
        if name == "br-y":
            driver.settings["source"] = (driver.settings["source"][0], "Flatbed")
        return value

    driver.grants = grants
    assert last(driver)["facts"]["option"] == "source"


def test_an_option_that_is_no_must_may_fail() -> None:
    def grants(name: str, value: Value) -> Value:
        if name == "df-action":
            raise SaneTrouble("Invalid argument")
        return value

    driver = Driver([FRAME], {**usual(), "df-action": words("Default")}, grants=grants)
    assert last(driver, order(set_last={"df-action": "Stop"}))["reason"] == "empty"


def test_duplex_may_live_in_an_option_of_its_own() -> None:
    settings = {
        **usual(),
        "source": words("Flatbed", "Automatic Document Feeder"),
        "adf-mode": words("Simplex", "Duplex"),
    }
    two = {"option": "adf-mode", "on": "Duplex", "off": "Simplex"}
    for source, side in (("feeder-duplex", "Duplex"), ("feeder", "Simplex")):
        driver = Driver([FRAME], dict(settings))
        assert last(driver, order(source=source, duplex=two))["reason"] == "empty"
        assert driver.read("source") == "Automatic Document Feeder"
        assert driver.read("adf-mode") == side


def test_without_a_choice_of_source_only_what_is_sure_is_taken() -> None:
    settings = {name: value for name, value in usual().items() if name != "source"}
    assert last(Driver([FRAME], dict(settings)), order(source="flatbed"))["reason"] == "enough"
    # a flatbed taken for a feeder would scan the same sheet for ever
    assert last(Driver([FRAME], dict(settings)))["facts"]["option"] == "source"
    assert last(Driver([FRAME], dict(settings)), order(sheet_fed=True))["reason"] == "empty"
    assert last(Driver([FRAME], dict(settings)), order(sheet_fed=True, source="flatbed"))["code"] == "scanner.refused"
    assert last(Driver([FRAME], dict(settings)), order(sheet_fed=True, source="feeder-duplex"))["code"] == (
        "scanner.refused"
    )


def test_resolutions_may_be_two_and_must_agree() -> None:
    settings = {name: value for name, value in usual().items() if name != "resolution"}
    settings |= {"x-resolution": number(50, 600, 75), "y-resolution": number(50, 600, 75)}
    assert said(Driver([FRAME], dict(settings)), order())[0]["dpi"] == [300.0, 300.0]
    uneven = Driver([FRAME], settings, grants=lambda name, value: 150 if name == "y-resolution" else value)
    assert last(uneven)["facts"]["option"] == "dpi"


def test_a_stack_that_went_through_unseen_is_not_called_empty(
    virtual: VirtualScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """airscan may say "out of documents" when a fast scanner was done before it looked."""
    monkeypatch.setenv("SANE_CONFIG_DIR", virtual.sane_env["SANE_CONFIG_DIR"])
    virtual.lay([sheet("A", 1)])

    class Forgetful(Driver):
        def start(self) -> None:
            scan_one_past_the_driver(virtual)
            super().start()

    wish = order(device=virtual.device, counts_images=True)
    assert last(Forgetful([]), wish)["code"] == "scanner.lost"
    # and a tray that really is empty is called empty
    assert last(Driver([]), wish)["code"] == "scanner.empty"


def scan_one_past_the_driver(virtual: VirtualScanner) -> None:
    """Take one page over eSCL by hand, as a driver does that then forgets it."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(f"{virtual.sane_env['SANE_CONFIG_DIR']}/escl")
    body = "<a:InputSource>Feeder</a:InputSource><a:ColorMode>RGB24</a:ColorMode><a:XResolution>300</a:XResolution>"
    connection.request("POST", "/eSCL/ScanJobs", body)
    answer = connection.getresponse()
    answer.read()
    connection.request("GET", f"{answer.headers['Location']}/NextDocument")
    page = connection.getresponse().read()
    connection.close()
    assert mark_of(page) == mark_of(sheet("A", 1))


@pytest.mark.parametrize(
    "device",
    ["test:0", "airscan:e0:Name", "airscan:wsd:N:http://127.0.0.1:9/x", "airscan:escl:N:http://127.0.0.1:9/eSCL"],
)
def test_a_device_without_a_count_has_none(device: str) -> None:
    assert ImageCount.of(device) is None


@pytest.mark.parametrize(
    ("choices", "asked", "expected"),
    [
        (["Flatbed", "ADF", "ADF Duplex"], "feeder", "ADF"),
        (["ADF Duplex", "ADF Back", "ADF Front"], "feeder", "ADF Front"),
        (["FlatBed", "Automatic Document Feeder(left aligned,Duplex)"], "feeder", None),
        (["FlatBed", "Automatic Document Feeder(left aligned,Duplex)"], "feeder-duplex", 1),
        (["Normal", "ADF Front"], "flatbed", "Normal"),
        (["Document Table", "ADF"], "flatbed", "Document Table"),
        (["adf", "fb"], "flatbed", "fb"),
        (["ADF"], "flatbed", None),
    ],
)
def test_sources_by_the_words_vendors_use(choices: list[str], asked: str, expected: str | int | None) -> None:
    want = choices[expected] if isinstance(expected, int) else expected
    assert match(choices, asked, SOURCES, ()) == want


@pytest.mark.parametrize(
    ("choices", "asked", "expected"),
    [
        (["Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color[Fast]"], "gray", "True Gray"),
        (["Black & White", "Gray[Error Diffusion]", "True Gray", "24bit Color[Fast]"], "color", "24bit Color[Fast]"),
        (["Black & White", "True Gray"], "bw", "Black & White"),
        (["Color Lineart", "Color"], "color", "Color"),
        (["Lineart", "Halftone", "Gray", "Color"], "bw", "Lineart"),
        (["Gray", "Color"], "bw", None),
    ],
)
def test_modes_by_the_words_vendors_use(choices: list[str], asked: str, expected: str | None) -> None:
    assert match(choices, asked, MODES, ()) == expected


def test_the_manifests_word_goes_before_the_generic_one() -> None:
    assert match(["ADF", "Feeder B"], "feeder", SOURCES, ["feeder b"]) == "Feeder B"


def test_what_a_manifest_tells_the_host_is_what_the_host_can_read() -> None:
    for manifest in OURS.all:
        wish = {"device": "x", "source": "feeder", "mode": "color", "dpi": 300, "sheet_mm": [210, 297]}
        read = Order.from_message({**wish, **manifest.for_host()})
        assert read.faults == manifest.faults
