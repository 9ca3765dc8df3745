# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What came of a wish is told as it is: granted, half, refused, or no such thing."""

from __future__ import annotations

from typing import Any

import pytest

from devices.manifests.recorded import Recorded, order
from digitizer_desk.devices.sane.features import ALWAYS_OFF, USUAL
from digitizer_desk.devices.sane.inquiry import capabilities
from digitizer_desk.devices.sane.settle import Refused, settle
from digitizer_desk.devices.scanner import DpiRange, Mode, Source, Way

BASE: list[dict[str, Any]] = [
    {"name": "source", "list": ["Flatbed", "ADF", "ADF Duplex"], "value": "Flatbed"},
    {"name": "mode", "list": ["Lineart", "Gray", "Color"], "value": "Gray"},
    {"name": "resolution", "unit": "dpi", "list": [100, 300], "value": 100},
]
BOTH = {"deskew": {"on": {"one": True, "other": True}, "off": {"one": False, "other": False}}}


def scanner(*options: dict[str, Any], effects: tuple[dict[str, Any], ...] = ()) -> Recorded:
    told = {"device": "x:0", "vendor": "V", "model": "M", "options": [*BASE, *options], "effects": list(effects)}
    return Recorded(told, {option["name"]: option["value"] for option in told["options"]})


def got(device: Recorded, host: dict[str, Any] | None = None, **wishes: str) -> dict[str, str]:
    wish = order("x:0", host or {}, source="feeder", wishes=wishes)
    return {name: answer for name, _asked, answer in settle(device, wish).got}


def test_a_feature_of_two_options_is_partly_there_when_one_holds() -> None:
    one, stuck = {"name": "one", "value": False}, {"name": "other", "value": False, "cap": "read"}
    assert got(scanner(one, stuck), {"features": BOTH}, deskew="on")["deskew"] == "partly"
    assert got(scanner(stuck), {"features": BOTH}, deskew="on")["deskew"] == "refused"
    assert got(scanner(one), {"features": BOTH}, deskew="on")["deskew"] == "on"
    assert got(scanner(), {"features": BOTH}, deskew="on")["deskew"] == "none"
    # nothing is said of what is not there and was not wanted
    assert "deskew" not in got(scanner(), {"features": BOTH}, deskew="off")


def test_an_option_that_does_what_it_was_told_not_to_is_seen() -> None:
    stubborn = {"name": "swcrop", "value": True, "cap": "read"}
    assert got(scanner(stubborn), crop="off")["crop"] == "refused"


def test_words_are_compared_without_case() -> None:
    device = scanner({"name": "bgcolor", "list": ["default", "BLACK", "white"], "value": "default"})
    features = {"backing": {"black": {"bgcolor": "Black"}, "white": {"bgcolor": "White"}}}
    assert got(device, {"features": features}, backing="black")["backing"] == "black"
    assert device.values["bgcolor"] == "BLACK"


def test_a_word_the_driver_does_not_have_is_refused_not_guessed() -> None:
    device = scanner({"name": "bgcolor", "list": ["default", "grey"], "value": "default"})
    features = {"backing": {"black": {"bgcolor": "Black"}}}
    assert got(device, {"features": features}, backing="black")["backing"] == "refused"
    assert device.values["bgcolor"] == "default"


def test_the_drivers_own_backing_is_left_alone() -> None:
    device = scanner({"name": "bgcolor", "list": ["default", "Black"], "value": "Black"})
    features = {"backing": {"black": {"bgcolor": "Black"}}}
    assert "backing" not in got(device, {"features": features}, backing="driver")
    assert device.values["bgcolor"] == "Black"


def test_a_step_of_the_driver_is_not_a_refusal() -> None:
    device = scanner({"name": "highlight", "unit": "%", "range": [0.0, 100.0, 3.0], "value": 20.0})
    features = {"keep_background": {"on": {"highlight": 100.0}}}
    assert got(device, {"features": features})["keep_background"] == "on"
    assert device.values["highlight"] == 99.0


def test_overscan_moves_the_limits_before_the_sheet_is_set() -> None:
    overscan = {"name": "overscan", "list": ["Off", "On"], "value": "Off"}
    corner = {"name": "br-y", "unit": "mm", "range": [0.0, 400.0, 0.0], "value": 250.0}
    most = {"name": "most", "value": 290.0}
    held_down = {"when": "overscan", "is": ["Off"], "follow": {"br-y": "most"}}
    device = scanner(overscan, corner, most, effects=(held_down,))
    got(device, overscan="on")
    assert device.values["br-y"] == 297.0
    assert [name for name, _ in device.written].index("overscan") < [n for n, _ in device.written].index("br-y")
    device = scanner(overscan, corner, most, effects=(held_down,))
    got(device)
    assert device.values["br-y"] == 290.0


def test_what_a_feeder_must_have_is_held_or_the_batch_is_refused() -> None:
    stuck = {"name": "feeder-mode", "list": ["single", "continuous"], "value": "single", "cap": "read"}
    host = {"set_feeder": {"feeder-mode": "continuous"}}
    with pytest.raises(Refused) as caught:
        got(scanner(stuck), host)
    assert caught.value.option == "feeder-mode"
    # the glass does not need it
    settle(scanner(stuck), order("x:0", host, source="flatbed"))


def test_the_second_side_is_looked_for_after_the_feeder_is_chosen() -> None:
    sides = {"name": "adf-mode", "list": ["Simplex", "Duplex"], "value": "Simplex"}
    hidden = {"when": "source", "is": ["Flatbed"], "off": ["adf-mode"]}
    host = {"duplex": {"option": "adf-mode", "on": "Duplex", "off": "Simplex"}}
    device = scanner(sides, effects=(hidden,))
    settle(device, order("x:0", host))
    assert (device.values["source"], device.values["adf-mode"]) == ("ADF", "Duplex")
    settle(device, order("x:0", host, source="feeder"))
    assert device.values["adf-mode"] == "Simplex"
    # where there is no such option the driver may have a source of its own
    device = scanner()
    settle(device, order("x:0", host))
    assert device.values["source"] == "ADF Duplex"


def test_off_states_undo_their_on_states() -> None:
    for feature, states in USUAL.items():
        assert set(states) == {"on", "off"}
        assert set(states["on"]) <= set(states["off"]), feature
    assert not set(ALWAYS_OFF) & {name for states in USUAL.values() for name in states["on"]}


def test_capabilities_leave_out_what_no_source_has() -> None:
    double = {"name": "df-action", "list": ["Default", "Stop"], "value": "Default"}
    only_feeder = {"when": "source", "is": ["Flatbed"], "off": ["df-action"]}
    host = {"features": {"double_feed": {"on": {"df-action": "Stop"}}}}
    told = capabilities(scanner(double, effects=(only_feeder,)), order("x:0", host))
    assert told["features"] == ["double_feed"]
    assert [way["source"] for way in told["ways"]] == ["flatbed", "feeder", "feeder-duplex"]
    assert told["ways"][0]["sheet_mm"] is None


@pytest.mark.parametrize(
    ("resolutions", "dpi", "offered"),
    [
        ((100.0, 300.0), 300, True),
        ((100.0, 300.0), 200, False),
        (DpiRange(50, 600, 1), 333, True),
        (DpiRange(50, 600, 1), 333.5, False),
        (DpiRange(50, 600), 333.5, True),
        (DpiRange(100, 600, 10), 305, False),
        (DpiRange(50, 600, 1), 1200, False),
        ((), 300, False),
    ],
)
def test_a_way_offers_what_it_can_give_exactly(resolutions: Any, dpi: float, offered: bool) -> None:
    assert Way(Source.FEEDER, (Mode.COLOR,), resolutions, None).offers(dpi) is offered
