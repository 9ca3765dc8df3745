# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every family clerks have, driven by its recorded option list to the desk's own words."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.manifests.recorded import Recorded, every, order
from devices.scanning.rig import OURS
from digitizer_desk.devices import line
from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.manifest import ScannerManifest
from digitizer_desk.devices.questions import asking
from digitizer_desk.devices.sane.features import ALWAYS_OFF
from digitizer_desk.devices.sane.inquiry import answer, capabilities, standing
from digitizer_desk.devices.sane.settle import Refused, settle
from digitizer_desk.devices.scanner import Mode, ScanSettings, Source

FAMILIES = every()
pytestmark = pytest.mark.parametrize("file", FAMILIES, ids=lambda file: file.stem)


def family(file: Path) -> tuple[Recorded, ScannerManifest, dict[str, Any], dict[str, Any]]:
    """The recorded device, its manifest as matched by name, what is expected, and what the host is told."""
    device = Recorded.of(file)
    told = device.told
    manifest = OURS.of(told["device"].partition(":")[0], told["vendor"], told["model"])
    return device, manifest, told["expect"], dict(manifest.for_host())


def near(got: object, wanted: object) -> bool:
    """Equal, or rounded to the driver's own grid (a tenth of a millimetre at most)."""
    if isinstance(wanted, int | float) and not isinstance(wanted, bool) and isinstance(got, int | float):
        return abs(got - wanted) <= 0.11
    return got == wanted


def differing(device: Recorded, wanted: dict[str, Any]) -> dict[str, tuple[object, object]]:
    return {n: (device.values[n], value) for n, value in wanted.items() if not near(device.values[n], value)}


def two_sided(expect: dict[str, Any]) -> str:
    return "feeder-duplex" if "feeder-duplex" in expect["sources"] else str(expect["sources"][0])


def test_says_where_it_comes_from_and_finds_its_manifest(file: Path) -> None:
    device, manifest, expect, _ = family(file)
    assert device.told["origin"]
    assert manifest.id == expect["manifest"]
    # by the name alone, too: scanners are opened that were never searched for
    if manifest.match.model == ["*"]:
        assert OURS.of(device.told["device"].partition(":")[0], "", device.told["device"]).id == manifest.id


def test_what_it_can_do_in_the_desks_words(file: Path) -> None:
    device, manifest, expect, host = family(file)
    told = {"event": "capabilities", **capabilities(device, order(device.told["device"], host))}
    assert [way["source"] for way in told["ways"]] == expect["sources"]
    assert {mode for way in told["ways"] for mode in way["modes"]} == set(expect["modes"])
    assert told["features"] == expect["features"]
    assert sorted(told["sensors"]) == expect["sensors"]
    assert told["buttons"] == expect["buttons"]
    able = asking.read_capabilities("x", manifest.id, told)
    assert all(way.offers(300) for way in able.ways)
    assert not any(way.offers(301.7) for way in able.ways)
    for source, size in expect.get("sheet_mm", {}).items():
        way = able.way(Source(source))
        assert way is not None
        assert way.sheet_mm == tuple(size)


def test_two_sided_colour_a4_is_set_as_the_family_wants_it(file: Path) -> None:
    device, _, expect, host = family(file)
    settled = settle(device, order(device.told["device"], host, source=two_sided(expect)))
    assert differing(device, expect.get("duplex", {})) == {}
    assert settled.dpi == (300.0, 300.0)
    got = {name: answer for name, _asked, answer in settled.got}
    if "double_feed" in expect["features"]:
        assert got["double_feed"] == "on"
    else:
        # said, so that a count is asked for instead
        assert got["double_feed"] == "none"


def test_cleverness_that_drops_or_alters_pages_is_off(file: Path) -> None:
    device, _, expect, host = family(file)
    settle(device, order(device.told["device"], host, source=two_sided(expect)))
    assert differing(device, expect.get("off", {})) == {}
    for name, value in ALWAYS_OFF.items():
        assert name not in device.values or device.values[name] == value


def test_one_sided_grey_is_one_sided_and_grey(file: Path) -> None:
    device, _, expect, host = family(file)
    if "feeder" not in expect["sources"]:
        with pytest.raises(Refused) as caught:
            settle(device, order(device.told["device"], host, source="feeder"))
        assert caught.value.option == "source"
        return
    settled = settle(device, order(device.told["device"], host, source="feeder", mode="gray", dpi=300))
    words = [str(device.values[name]) for name in ("source", "adf-mode", "duplex") if name in device.options]
    assert not any(word.casefold() in ("true", "duplex") or "duplex" in word.casefold() for word in words)
    mode = str(device.values["mode"]).casefold()
    assert "gray" in mode
    assert "16" not in mode
    assert "error" not in mode
    assert settled.dpi[0] == 300


def test_the_glass_is_had_where_there_is_one(file: Path) -> None:
    device, _, expect, host = family(file)
    wish = order(device.told["device"], host, source="flatbed")
    if "flatbed" in expect["sources"]:
        assert settle(device, wish).dpi == (300.0, 300.0)
    else:
        with pytest.raises(Refused):
            settle(device, wish)


def test_page_size_goes_before_the_corners_and_source_before_all_else(file: Path) -> None:
    device, manifest, expect, host = family(file)
    settle(device, order(device.told["device"], host, source=two_sided(expect)))
    names = [name for name, _ in device.written if name not in manifest.options.set_first]
    places = {name: names.index(name) for name in names}
    chain = ["source", "mode", "resolution", "page-width", "page-height", "tl-x", "br-y"]
    known = [places[name] for name in chain if name in places]
    assert known == sorted(known)


def test_other_wishes_are_granted_where_the_scanner_can(file: Path) -> None:
    device, _, expect, host = family(file)
    asked = expect.get("asked", {})
    settled = settle(device, order(device.told["device"], host, source=two_sided(expect), wishes=asked))
    assert differing(device, expect.get("asked_got", {})) == {}
    got = {name: answer for name, _asked, answer in settled.got}
    assert {name: got[name] for name in asked} == asked


def test_a_wish_the_scanner_cannot_grant_is_told_as_none(file: Path) -> None:
    device, _, expect, host = family(file)
    every_wish = {"backing": "black", "overscan": "on", "auto_length": "on", "deskew": "on", "crop": "on"}
    settled = settle(device, order(device.told["device"], host, source=two_sided(expect), wishes=every_wish))
    got = {name: answer for name, _asked, answer in settled.got}
    for feature, state in every_wish.items():
        there = "black" if feature == "backing" else feature
        assert got[feature] == (state if there in expect["features"] else "none")


def test_how_it_stands(file: Path) -> None:
    device, _, expect, host = family(file)
    told = standing(device, order(device.told["device"], host))
    assert told["paper"] == expect.get("paper")
    assert told["pressed"] == expect.get("pressed", [])


def test_what_the_host_minds_of_it(file: Path) -> None:
    device, _, expect, host = family(file)
    wish = order(device.told["device"], host)
    assert wish.backs_turned is expect.get("backs_turned", False)
    assert wish.takes_one_more is expect.get("takes_one_more", False)


def test_black_and_white_is_had_or_refused_never_replaced(file: Path) -> None:
    device, _, expect, host = family(file)
    wish = order(device.told["device"], host, source=expect["sources"][0], mode="bw")
    if "bw" in expect["modes"]:
        settle(device, wish)
        assert str(device.values["mode"]).casefold() in ("lineart", "monochrome", "black & white", "bw")
        return
    with pytest.raises(Refused) as caught:
        settle(device, wish)
    assert caught.value.option == "mode"


def test_its_options_go_through_the_wire_as_they_are(file: Path) -> None:
    device, _, _, host = family(file)
    sink = io.BytesIO()
    wish = {"do": "options", "device": device.told["device"], "source": "feeder", "mode": "color", "dpi": 300}
    answer(Wire(io.BytesIO(), sink), device, {**wish, "sheet_mm": [210, 297], **host})
    message, _ = line.read(io.BytesIO(sink.getvalue()))
    options = {option.name: option for option in asking.read_options(message)}
    assert list(options) == [option["name"] for option in device.told["options"]]
    for told in device.told["options"]:
        shown = options[told["name"]]
        assert shown.active is (told["name"] in device.options)
        assert shown.value == (told["value"] if shown.active and (shown.choices or shown.kind != "string") else None)


def test_the_settings_of_a_batch_become_its_wishes(file: Path) -> None:
    device, _, expect, host = family(file)
    plain = ScanSettings(source=Source(two_sided(expect)), mode=Mode.COLOR)
    wanted = asking.wishes(plain)
    assert wanted["double_feed"] == ("off" if plain.source is Source.FLATBED else "on")
    assert wanted["keep_background"] == "on"
    assert {wanted[name] for name in ("overscan", "auto_length", "deskew", "crop")} == {"off"}
    assert asking.wishes(replace(plain, double_feed_stop=False))["double_feed"] == "off"
    settled = settle(device, order(device.told["device"], host, source=plain.source.value, wishes=wanted))
    assert settled.dpi == (300.0, 300.0)
