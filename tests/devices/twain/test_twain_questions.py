# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions to a source over the strict state machine: true answers out of any container, and never a sheet moved."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from twain.lowlevel import constants as tw
from twain_worker import standard
from twain_worker.order import Order
from twain_worker.session import Session
from twain_worker.trouble import DriverBroke
from twain_worker.wire import Wire
from twain_worker.wishes.inquiry import answer

from devices.twain.fake_dsm import FakeDsm, FakeWindow, Script
from devices.twain.stage import closed_down, play

MOVES = {"ENABLEDS", "STRIP", "NATIVE", "ENDXFER", "EVENT"}
NONSENSE = ("empty", "unknown", "endless", "odd", "backwards")
FEATURES = ["auto_length", "crop", "deskew", "double_feed", "overscan"]


def ask(monkeypatch: Any, question: str, script: Script, **order: Any) -> dict[str, Any]:
    """The one event that answers. Always checked: no paper moved, the source closed, no memory kept."""
    dsm = FakeDsm(script)
    dsm.install(monkeypatch)
    sink = io.BytesIO()
    wish = {"device": "Fake ADF", "source": "feeder", "mode": "color", "dpi": 300, "sheet_mm": [210, 297], **order}
    broke = False
    try:
        answer(Wire(io.BytesIO(), sink), question, Order.from_message(wish), lambda: Session(FakeWindow(), ""))
    except DriverBroke:
        broke = True
    assert dsm.bugs == []
    assert not MOVES & {name for _, name in dsm.log}
    if not broke:
        assert closed_down(dsm), (dsm.state, dsm.log[-6:])
        assert dsm.alive == 0
    events = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert len(events) == 1
    return dict(events[0])


def ways(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {way["source"]: way for way in told["ways"]}


# -- capabilities ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["enumeration", "array"])
def test_everything_a_full_scanner_can_do(monkeypatch: Any, form: str) -> None:
    lists = {"ICAP_XRESOLUTION": form, "ICAP_YRESOLUTION": form}
    told = ask(monkeypatch, "capabilities", Script(told_in=lists))
    seen = ways(told)
    assert list(seen) == ["flatbed", "feeder", "feeder-duplex"]
    assert all(way["modes"] == ["color", "gray", "bw"] for way in seen.values())
    assert all(way["resolutions"] == [100.0, 200.0, 300.0, 600.0] and way["range"] is None for way in seen.values())
    # the feeder is longer than the glass
    assert seen["flatbed"]["sheet_mm"] == [215.9, 297.0]
    assert seen["feeder"]["sheet_mm"] == seen["feeder-duplex"]["sheet_mm"] == [215.9, 355.6]
    assert (told["features"], told["sensors"], told["buttons"]) == (FEATURES, ["paper", "counter"], [])


def test_resolutions_both_directions_have(monkeypatch: Any) -> None:
    lists = {"ICAP_XRESOLUTION": "range", "ICAP_YRESOLUTION": "range"}
    told = ask(monkeypatch, "capabilities", Script(told_in=lists))
    assert ways(told)["feeder"]["range"] == [100.0, 600.0, 1.0]
    assert ways(told)["feeder"]["resolutions"] is None
    mixed = {"ICAP_XRESOLUTION": "range", "ICAP_YRESOLUTION": "enumeration"}
    assert ways(ask(monkeypatch, "capabilities", Script(told_in=mixed)))["feeder"]["resolutions"] == [
        *(100.0, 200.0, 300.0, 600.0)
    ]
    # one value, and no other: x says 100, y says 100
    assert ways(ask(monkeypatch, "capabilities", Script()))["feeder"]["resolutions"] == [100.0]
    apart = Script(fixed={"ICAP_XRESOLUTION": 200.0})
    assert ways(ask(monkeypatch, "capabilities", apart))["feeder"]["resolutions"] == []


@pytest.mark.parametrize("form", NONSENSE)
def test_containers_that_are_none_are_nothing_known(monkeypatch: Any, form: str) -> None:
    names = ("ICAP_XRESOLUTION", "ICAP_AUTOMATICDESKEW", "CAP_DOUBLEFEEDDETECTION", "ICAP_SUPPORTEDEXTIMAGEINFO")
    told = ask(monkeypatch, "capabilities", Script(told_in=dict.fromkeys(names, form)))
    way = ways(told)["feeder"]
    assert (way["resolutions"], way["range"]) == (None, None)
    assert not {"deskew", "double_feed"} & set(told["features"])
    assert {"crop", "overscan"} <= set(told["features"])
    assert told["sensors"] == ["paper"]


def test_an_index_outside_its_own_list(monkeypatch: Any) -> None:
    lists = {"ICAP_XRESOLUTION": "outside", "ICAP_YRESOLUTION": "outside"}
    told = ask(monkeypatch, "capabilities", Script(told_in=lists))
    assert ways(told)["feeder"]["resolutions"] == [100.0, 200.0, 300.0, 600.0]


@pytest.mark.parametrize(
    ("script", "order", "wanted"),
    [
        ({"lacks": ["CAP_FEEDERENABLED"]}, {}, ["flatbed"]),
        ({"lacks": ["CAP_FEEDERENABLED"]}, {"sheet_fed": True}, ["feeder", "feeder-duplex"]),
        ({"no_glass": True}, {}, ["feeder", "feeder-duplex"]),
        ({"fixed": {"CAP_FEEDERENABLED": 0}}, {}, ["flatbed"]),
        ({"lacks": ["CAP_DUPLEXENABLED"]}, {}, ["flatbed", "feeder"]),
        ({"fixed": {"CAP_DUPLEXENABLED": 0}}, {}, ["flatbed", "feeder"]),
        ({"fixed": {"CAP_DUPLEXENABLED": 1}}, {}, ["flatbed", "feeder-duplex"]),
    ],
)
def test_only_ways_a_batch_would_get(
    monkeypatch: Any, script: dict[str, Any], order: dict[str, Any], wanted: list[str]
) -> None:
    assert list(ways(ask(monkeypatch, "capabilities", Script(**script), **order))) == wanted


def test_what_is_absent_is_not_offered(monkeypatch: Any) -> None:
    lacks = [
        *("ICAP_AUTOMATICDESKEW", "ICAP_AUTOMATICBORDERDETECTION", "ICAP_AUTOMATICLENGTHDETECTION", "ICAP_OVERSCAN"),
        *("CAP_DOUBLEFEEDDETECTION", "CAP_PAPERDETECTABLE", "ICAP_SUPPORTEDEXTIMAGEINFO", "ICAP_PHYSICALHEIGHT"),
        *("ICAP_YRESOLUTION",),
    ]
    told = ask(monkeypatch, "capabilities", Script(lacks=lacks))
    assert (told["features"], told["sensors"]) == ([], [])
    way = ways(told)["feeder"]
    assert (way["sheet_mm"], way["resolutions"], way["range"]) == (None, None, None)


def test_a_switch_that_cannot_be_turned_is_none(monkeypatch: Any) -> None:
    def lock(self: FakeDsm) -> dict[int, Any]:
        caps = made(self)
        caps[tw.ICAP_AUTOMATICDESKEW].settable = False
        caps[tw.ICAP_OVERSCAN].choices = [0]
        return caps

    made = FakeDsm._capabilities
    monkeypatch.setattr(FakeDsm, "_capabilities", lock)
    told_in = {"ICAP_OVERSCAN": "enumeration"}
    features = ask(monkeypatch, "capabilities", Script(told_in=told_in))["features"]
    assert features == ["auto_length", "crop", "double_feed"]
    # nobody knows what may be set: a switch is believed, a list is not
    assert "deskew" in ask(monkeypatch, "capabilities", Script(told_in=told_in, mute=True))["features"]


def test_detection_by_length_alone_is_none(monkeypatch: Any) -> None:
    def by_length(self: FakeDsm) -> dict[int, Any]:
        caps = made(self)
        caps[standard.CAP_DOUBLEFEEDDETECTION].choices = [1]
        return caps

    made = FakeDsm._capabilities
    monkeypatch.setattr(FakeDsm, "_capabilities", by_length)
    script = Script(told_in={"CAP_DOUBLEFEEDDETECTION": "enumeration"})
    assert "double_feed" not in ask(monkeypatch, "capabilities", script)["features"]


def test_numbers_without_inches_mean_nothing(monkeypatch: Any) -> None:
    way = ways(ask(monkeypatch, "capabilities", Script(fixed={"ICAP_UNITS": 1})))["feeder"]
    assert (way["modes"], way["resolutions"], way["sheet_mm"]) == (["color", "gray", "bw"], None, None)
    assert ways(ask(monkeypatch, "capabilities", Script(fixed={"ICAP_PIXELTYPE": 1})))["feeder"]["modes"] == ["gray"]


# -- looks -----------------------------------------------------------------------------------------------------------


def test_a_look_says_whether_paper_lies_ready(monkeypatch: Any) -> None:
    for sides, paper in ((4, True), (0, False)):
        told = ask(monkeypatch, "look", Script(sides=sides))
        assert (told["paper"], told["cover_open"], told["pressed"]) == (paper, None, [])


@pytest.mark.parametrize(
    "script",
    [
        {"lacks": ["CAP_PAPERDETECTABLE"]},
        {"fixed": {"CAP_PAPERDETECTABLE": 0}},
        {"lacks": ["CAP_FEEDERLOADED"]},
        {"fixed": {"CAP_FEEDERENABLED": 0}},
        {"failing": {"CAP_FEEDERLOADED": tw.TWCC_BUMMER}},
        {"failing": {"CAP_PAPERDETECTABLE": tw.TWCC_BADCAP}},
    ],
)
def test_a_scanner_that_cannot_see_its_paper_says_nothing(monkeypatch: Any, script: dict[str, Any]) -> None:
    assert ask(monkeypatch, "look", Script(**script))["paper"] is None


def test_a_look_needs_no_choice_of_feeder(monkeypatch: Any) -> None:
    assert ask(monkeypatch, "look", Script(lacks=["CAP_FEEDERENABLED"]))["paper"] is True


def test_an_open_cover_is_told(monkeypatch: Any) -> None:
    told = ask(monkeypatch, "look", Script(failing={"CAP_FEEDERLOADED": standard.TWCC_INTERLOCK}))
    assert (told["paper"], told["cover_open"]) == (None, True)


@pytest.mark.parametrize(
    "script", [{"fixed": {"CAP_DEVICEONLINE": 0}}, {"failing": {"CAP_FEEDERLOADED": tw.TWCC_CHECKDEVICEONLINE}}]
)
def test_a_source_open_without_its_scanner(monkeypatch: Any, script: dict[str, Any]) -> None:
    told = ask(monkeypatch, "look", Script(**script))
    assert (told["event"], told["code"]) == ("fault", "scanner.offline")


# -- the list --------------------------------------------------------------------------------------------------------


def test_every_capability_with_name_type_and_value(monkeypatch: Any) -> None:
    script = Script(told_in={"ICAP_XRESOLUTION": "enumeration", "ICAP_YRESOLUTION": "range"})
    told = {one["name"]: one for one in ask(monkeypatch, "options", script)["options"]}
    x, y = told["ICAP_XRESOLUTION"], told["ICAP_YRESOLUTION"]
    assert (x["kind"], x["value"], x["choices"], x["title"]) == ("fixed", 100.0, [100.0, 200.0, 300.0, 600.0], "0x1118")
    assert x["abilities"] == ["get", "set", "get-current"]
    assert (y["limits"], y["value"]) == ([100.0, 600.0, 1.0], 100.0)
    assert (told["CAP_FEEDERENABLED"]["kind"], told["CAP_FEEDERENABLED"]["value"]) == ("bool", False)
    assert (told["ICAP_FRAMES"]["kind"], told["ICAP_FRAMES"]["value"]) == ("frame", "0 0 8.5 11")
    assert "set" not in told["CAP_PAPERDETECTABLE"]["abilities"]
    assert told["CAP_DOUBLEFEEDDETECTION"]["value"] == ""
    listed = told["CAP_SUPPORTEDCAPS"]
    assert (listed["count"], str(tw.ICAP_UNITS) in listed["value"].split()) == (len(told), True)


def test_texts_and_makers_own_capabilities_are_not_read(monkeypatch: Any) -> None:
    asked: list[int] = []
    honest = FakeDsm._capability

    def seen(self: FakeDsm, number: int) -> Any:
        asked.append(number)
        return honest(self, number)

    told = {one["name"]: one for one in ask(monkeypatch, "options", Script())["options"]}
    assert (told["CAP_SERIALNUMBER"]["kind"], told["CAP_SERIALNUMBER"]["value"]) == ("string", None)
    assert (told["0x8001"]["kind"], told["0x8001"]["value"], told["0x8001"]["active"]) == ("", None, False)
    assert "4711" not in json.dumps(told)
    monkeypatch.setattr(FakeDsm, "_capability", seen)
    monkeypatch.setattr(FakeDsm, "_capquery", lambda self, data, app: self._fail(tw.TWCC_BADPROTOCOL))
    # the fake lists what it has by asking itself once
    ask(monkeypatch, "options", Script())
    assert asked.count(0x8001) == asked.count(tw.CAP_SUPPORTEDCAPS)


@pytest.mark.parametrize("form", ["", *NONSENSE])
def test_a_source_that_does_not_list_them_is_asked_for_each(monkeypatch: Any, form: str) -> None:
    script = Script(told_in={"CAP_SUPPORTEDCAPS": form}) if form else Script(lacks=["CAP_SUPPORTEDCAPS"])
    told = {one["name"] for one in ask(monkeypatch, "options", script)["options"]}
    assert {"ICAP_XRESOLUTION", "CAP_DOUBLEFEEDDETECTION", "CAP_FEEDERENABLED"} <= told
    assert "0x8001" not in told


@pytest.mark.parametrize("form", NONSENSE)
def test_a_capability_in_no_container_is_still_listed(monkeypatch: Any, form: str) -> None:
    script = Script(told_in={"ICAP_XRESOLUTION": form})
    told = {one["name"]: one for one in ask(monkeypatch, "options", script)["options"]}
    assert (told["ICAP_XRESOLUTION"]["active"], told["ICAP_XRESOLUTION"]["value"]) == (False, 100.0)


# -- how it fails ----------------------------------------------------------------------------------------------------

QUESTIONS = ("capabilities", "look", "options")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("condition", "code"),
    [(tw.TWCC_MAXCONNECTIONS, "scanner.busy"), (tw.TWCC_BUMMER, "scanner.offline"), (tw.TWCC_DENIED, "scanner.denied")],
)
def test_a_source_that_refuses_to_open(monkeypatch: Any, question: str, condition: int, code: str) -> None:
    told = ask(monkeypatch, question, Script(trouble={"OPENDS": condition}))
    assert (told["event"], told["code"]) == ("fault", code)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_scanner_that_goes_while_it_is_asked(monkeypatch: Any, question: str) -> None:
    names = ("ICAP_XRESOLUTION", "CAP_FEEDERLOADED")
    told = ask(monkeypatch, question, Script(failing=dict.fromkeys(names, tw.TWCC_CHECKDEVICEONLINE)))
    assert told["code"] == "scanner.offline"


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("place", ["OPENDS", "CAPGET:1", "CAPSET:1"])
def test_after_an_access_violation_a_question_calls_nothing_more(monkeypatch: Any, question: str, place: str) -> None:
    told = ask(monkeypatch, question, Script(trouble={place: "crash"}))
    assert told["code"] == "scanner.crashed"


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("place", ["CLOSEDS", "CLOSEDSM", "CLOSEDS:1"])
def test_trouble_after_the_answer_changes_nothing(monkeypatch: Any, question: str, place: str) -> None:
    for kind in (tw.TWCC_BUMMER, "crash"):
        assert ask(monkeypatch, question, Script(trouble={place: kind}))["event"] == question


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("container", ["one", "enumeration", "range"])
def test_a_source_that_refuses_every_wish_is_still_answered_for(
    monkeypatch: Any, question: str, container: str
) -> None:
    script = Script(trouble={"CAPSET": tw.TWCC_BADVALUE}, container=container)
    assert ask(monkeypatch, question, script)["event"] == question


# -- wishes of a batch -----------------------------------------------------------------------------------------------


def test_wishes_are_set_read_back_and_told(monkeypatch: Any) -> None:
    wishes = {"double_feed": "on", "auto_length": "on", "deskew": "on", "crop": "on", "overscan": "on"}
    got = play(monkeypatch, Script(), wishes={**wishes, "backing": "driver", "keep_background": "on"})
    value = got.dsm.value
    assert (value(tw.ICAP_AUTOMATICLENGTHDETECTION), value(tw.ICAP_UNDEFINEDIMAGESIZE)) == (1, 1)
    assert (value(tw.ICAP_AUTOMATICDESKEW), value(tw.ICAP_AUTOMATICBORDERDETECTION), value(tw.ICAP_OVERSCAN)) == (
        1,
        1,
        1,
    )
    assert {name: got.got[name] for name in wishes} == dict.fromkeys(wishes, "on")
    assert got.got["keep_background"] == "none"
    assert "backing" not in got.got
    assert got.end == "empty"


def test_the_cleverness_of_sources_is_off_unless_wished(monkeypatch: Any) -> None:
    for wishes in ({}, {"double_feed": "on", "auto_length": "off", "deskew": "off", "crop": "off", "overscan": "off"}):
        got = play(monkeypatch, Script(), wishes=wishes)
        value = got.dsm.value
        assert (value(tw.ICAP_AUTOMATICDESKEW), value(tw.ICAP_AUTOMATICBORDERDETECTION)) == (0, 0)
        assert (value(tw.ICAP_AUTOSIZE), value(tw.ICAP_UNDEFINEDIMAGESIZE)) == (0, 0)
        assert (got.got["double_feed"], got.got["deskew"], got.got["crop"]) == ("on", "off", "off")


@pytest.mark.parametrize(
    ("script", "wish", "told"),
    [
        ({"lacks": ["ICAP_AUTOMATICDESKEW"]}, {"deskew": "on"}, {"deskew": "none"}),
        ({"lacks": ["ICAP_AUTOMATICDESKEW"]}, {"deskew": "off"}, {"deskew": None}),
        ({"fixed": {"ICAP_AUTOMATICDESKEW": 1}}, {"deskew": "off"}, {"deskew": "refused"}),
        ({"fixed": {"ICAP_AUTOMATICDESKEW": 0}}, {"deskew": "on"}, {"deskew": "refused"}),
        ({"fixed": {"ICAP_AUTOSIZE": 1}}, {"crop": "off"}, {"crop": "partly"}),
        ({"lacks": ["CAP_DOUBLEFEEDDETECTION"]}, {"double_feed": "on"}, {"double_feed": "none"}),
        ({"lacks": ["CAP_DOUBLEFEEDDETECTION"]}, {"double_feed": "off"}, {"double_feed": None}),
        ({}, {"double_feed": "off"}, {"double_feed": "off"}),
        ({"fixed": {"CAP_DOUBLEFEEDDETECTION": [0]}}, {"double_feed": "off"}, {"double_feed": "refused"}),
        ({"fixed": {"CAP_DOUBLEFEEDDETECTION": [1]}}, {"double_feed": "on"}, {"double_feed": "refused"}),
        ({"fixed": {"CAP_DOUBLEFEEDDETECTION": 0}}, {"double_feed": "on"}, {"double_feed": "on"}),
        ({"fixed": {"CAP_DOUBLEFEEDDETECTIONRESPONSE": 1}}, {"double_feed": "on"}, {"double_feed": "partly"}),
        ({"lacks": ["CAP_DOUBLEFEEDDETECTIONRESPONSE"]}, {"double_feed": "on"}, {"double_feed": "on"}),
    ],
)
def test_what_came_of_a_wish_is_told_and_the_batch_goes_on(
    monkeypatch: Any, script: dict[str, Any], wish: dict[str, str], told: dict[str, str | None]
) -> None:
    got = play(monkeypatch, Script(**script), wishes=wish)
    assert got.end == "empty"
    assert {name: got.got.get(name) for name in told} == told
