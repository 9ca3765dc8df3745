# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's wishes in the driver's words: set in the order drivers need, read back, refused when not granted.

Apart from the reading of pages because this is where scanner families differ; what is known of a family comes in as
data of its manifest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from digitizer_desk.devices.sane.binding import UNIT_PIXEL, Device, Value
from digitizer_desk.devices.sane.features import (
    AFTER_SHEET,
    ALWAYS_OFF,
    BEFORE_SHEET,
    States,
    apply,
    report,
    set_if_there,
)

#: how drivers name the size of the paper on the feeder (the second is kodak's)
PAGE_WIDTH, PAGE_HEIGHT = ("page-width", "pagewidth"), ("page-height", "pageheight")
_MM_AN_INCH = 25.4
#: a driver may round a resolution by this much in its fixed-point numbers, no more
_SAME_DPI = 0.5

#: how vendors name what we mean: one of these words is in it, and none of those
SOURCES = {
    "feeder-duplex": (("duplex", "both sides", "2-sided", "double-sided"), ()),
    "feeder": (("adf", "feeder"), ("duplex", "back", "both", "2-sided", "double-sided")),
    "flatbed": (("flatbed", "document table", "platen", "normal", "fb"), ("adf", "feeder")),
}
MODES = {
    "color": (("color", "colour"), ("lineart", "halftone", "dither")),
    "gray": (("gray", "grey"), ("error diffusion", "halftone", "dither")),
    "bw": (("lineart", "binary", "black & white", "black and white", "monochrome"), ("color", "gray", "grey")),
}


class Refused(Exception):
    """The scanner cannot or will not do what was asked. ``option`` is a word of the desk."""

    def __init__(self, option: str, detail: str) -> None:
        super().__init__(detail)
        self.option = option
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Order:
    """One batch as the desk orders it: its wishes (feature -> state), and what its manifest knows of this family.
    Lengths in mm."""

    device: str
    source: str
    mode: str
    dpi: int
    sheet_mm: tuple[float, float]
    max_pages: int | None = None
    source_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mode_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    duplex: Mapping[str, Any] | None = None
    set_first: Mapping[str, Value] = field(default_factory=dict)
    set_feeder: Mapping[str, Value] = field(default_factory=dict)
    set_last: Mapping[str, Value] = field(default_factory=dict)
    wishes: Mapping[str, str] = field(default_factory=dict)
    features: Mapping[str, States] = field(default_factory=dict)
    sheet_fed: bool = False
    backs_turned: bool = False
    takes_one_more: bool = False
    paper_sensor: str = ""
    cover_sensor: str = ""
    double_feed_sensor: str = ""
    buttons: Sequence[str] = ()
    counter: str = ""
    counter_counts: str = ""
    counts_images: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Order:
        known = {name: message[name] for name in cls.__slots__ if name in message}
        known["sheet_mm"] = (float(known["sheet_mm"][0]), float(known["sheet_mm"][1]))
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Settled:
    """What the scanner answered: its resolution in both directions, and (option, asked, got) in the desk's words."""

    dpi: tuple[float, float]
    got: tuple[tuple[str, str, str], ...]


def settle(device: Device, order: Order) -> Settled:
    """Set source, mode, resolution, what moves the limits of the sheet, page size, corners, then the rest; read all
    back. Each step may make others appear: the options are asked anew whenever the driver says so.

    Raises:
        Refused: source, mode or resolution are not what was asked.
        SaneTrouble: the driver failed over it.
    """
    for name, value in order.set_first.items():
        set_if_there(device, name, value)
    source = set_source(device, order)
    _set_mode(device, order)
    for name in ("resolution", "x-resolution", "y-resolution"):
        _set_resolution(device, name, order.dpi)
    apply(device, order.features, order.wishes, BEFORE_SHEET)
    _set_sheet(device, order)
    apply(device, order.features, order.wishes, AFTER_SHEET)
    for name, value in {**ALWAYS_OFF, **order.set_last}.items():
        set_if_there(device, name, value)
    return _read_back(device, order, source)


def match(choices: Sequence[str], asked: str, synonyms: Mapping[str, Any], words: Sequence[str]) -> str | None:
    """The driver's word for ours: the manifest's words in their order, then the generic synonyms; None if none fits."""
    low = {choice.casefold(): choice for choice in choices}
    for word in words:
        if word.casefold() in low:
            return low[word.casefold()]
    wanted, unwanted = synonyms[asked]
    for choice in choices:
        text = choice.casefold()
        if any(word in text for word in wanted) and not any(word in text for word in unwanted):
            return choice
    return None


def set_source(device: Device, order: Order) -> str:
    """Choose the way paper comes in. Returns the driver's word ('' when it has no such option).

    Raises:
        Refused: the scanner has no such way, or does not hold it.
        SaneTrouble: the driver failed over it.
    """
    asked, sides = order.source, order.duplex
    if asked == "feeder-duplex" and sides is not None:
        # such families name the feeder once and tell its sides apart by a second option, there only when it is chosen
        name = _choose_way(device, order, "feeder")
        if str(sides["option"]) in device.options:
            _set_and_hold(device, str(sides["option"]), sides["on"])
        else:
            name = _choose_way(device, order, asked)
    else:
        name = _choose_way(device, order, asked)
        if sides is not None and asked == "feeder" and str(sides["option"]) in device.options:
            _set_and_hold(device, str(sides["option"]), sides["off"])
    if asked != "flatbed":
        for option, value in order.set_feeder.items():
            if option in device.options:
                _set_and_hold(device, option, value)
    return name


def _choose_way(device: Device, order: Order, asked: str) -> str:
    choices = words_of(device, "source")
    if not choices:
        # no choice of source: a flatbed taken for a feeder would scan the same sheet for ever
        if asked != ("feeder" if order.sheet_fed else "flatbed"):
            raise Refused("source", f"source: no such option, asked {asked}")
        return ""
    name = match(choices, asked, SOURCES, order.source_words.get(asked, ()))
    if name is None:
        raise Refused("source", f"source: {asked} not in {choices}")
    _set_and_hold(device, "source", name)
    return name


def _set_mode(device: Device, order: Order) -> None:
    choices = words_of(device, "mode")
    if not choices:
        raise Refused("mode", "mode: no such option")
    name = match(choices, order.mode, MODES, order.mode_words.get(order.mode, ()))
    if name is None:
        raise Refused("mode", f"mode: {order.mode} not in {choices}")
    _set_and_hold(device, "mode", name)
    depth = device.options.get("depth")
    if depth is not None and depth.can_set:
        _set_and_hold(device, "depth", 1 if order.mode == "bw" and _allows(device, "depth", 1) else 8)


def _set_and_hold(device: Device, name: str, value: Value) -> None:
    if device.options[name].can_set:
        device.write(name, value)
    got = device.read(name) if name in device.options else None
    if got != value:
        raise Refused(name, f"{name}: asked {value}, got {got}")


def _set_resolution(device: Device, name: str, dpi: int) -> None:
    option = device.options.get(name)
    if option is None or not option.can_set:
        return
    # python-sane drops the flag that says "rounded": what is not offered is not even tried
    if not _allows(device, name, dpi):
        raise Refused("dpi", f"{name}: {dpi} not in {option.choices or option.limits}")
    device.write(name, dpi)


def _set_sheet(device: Device, order: Order) -> None:
    """Page size before corners: fujitsu cuts A4 at 279 mm otherwise. Never more than the glass is long."""
    width, height = order.sheet_mm
    for name, millimetres in (
        *((name, width) for name in PAGE_WIDTH),
        *((name, height) for name in PAGE_HEIGHT),
        ("tl-x", 0.0),
        ("tl-y", 0.0),
        ("br-x", width),
        ("br-y", height),
    ):
        option = device.options.get(name)
        if option is None:
            continue
        value = millimetres * order.dpi / _MM_AN_INCH if option.unit == UNIT_PIXEL else millimetres
        if option.limits is not None:
            value = min(max(value, option.limits[0]), option.limits[1])
        set_if_there(device, name, value)


def _read_back(device: Device, order: Order, source: str) -> Settled:
    x = _dpi(device, ("x-resolution", "resolution"), order.dpi)
    y = _dpi(device, ("y-resolution", "resolution"), order.dpi)
    for got in (x, y):
        if abs(got - order.dpi) > _SAME_DPI:
            raise Refused("dpi", f"asked {order.dpi} dpi, got {x} x {y}")
    if source and device.read("source") != source:
        raise Refused("source", f"asked {source}, got {device.read('source')}")
    got_list = [("source", order.source, source)]
    asked = {"mode": order.mode, "depth": "", "resolution": str(order.dpi)}
    asked |= {"br-x": f"{order.sheet_mm[0]:g}", "br-y": f"{order.sheet_mm[1]:g}"}
    known = {**order.set_first, **order.set_feeder, **ALWAYS_OFF, **order.set_last}
    asked |= {name: str(value) for name, value in known.items() if name not in asked}
    for name, wish in asked.items():
        if name in device.options and device.options[name].can_read:
            value = device.read(name)
            got_list.append((name, wish, f"{value:g}" if isinstance(value, float) else str(value)))
    return Settled((x, y), (*got_list, *report(device, order.features, order.wishes)))


def _dpi(device: Device, names: Sequence[str], asked: int) -> float:
    for name in names:
        if name in device.options and device.options[name].can_read:
            return float(device.read(name))
    # a scanner with one fixed resolution that it does not tell cannot be believed to have the one asked for
    raise Refused("dpi", f"asked {asked} dpi, the driver does not tell its resolution")


def words_of(device: Device, name: str) -> list[str]:
    option = device.options.get(name)
    return [str(choice) for choice in option.choices] if option is not None and option.choices else []


def _allows(device: Device, name: str, value: float) -> bool:
    option = device.options[name]
    if option.choices is not None:
        return any(abs(float(choice) - value) <= _SAME_DPI for choice in option.choices)
    return option.limits is None or option.limits[0] <= value <= option.limits[1]
