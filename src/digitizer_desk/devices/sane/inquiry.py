# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Short questions to one scanner: what it can do, how it stands, which options its driver shows. No paper moves.

Apart from ``batch.py`` because nothing is started here: the device is opened, asked and closed, in a host of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from digitizer_desk.devices.host import Wire
from digitizer_desk.devices.sane.binding import (
    BOOL,
    BUTTON,
    FIXED,
    GROUP,
    INACTIVE,
    INT,
    STRING,
    UNIT_PIXEL,
    WORD,
    Binding,
    Device,
    Option,
    Row,
    SaneTrouble,
)
from digitizer_desk.devices.sane.features import has
from digitizer_desk.devices.sane.opening import SENTENCES, Fault, open_device, sense
from digitizer_desk.devices.sane.settle import (
    MODES,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    Order,
    Refused,
    match,
    set_source,
    words_of,
)

_SOURCES = ("flatbed", "feeder", "feeder-duplex")
_KINDS = {BOOL: "bool", INT: "int", FIXED: "fixed", STRING: "string", BUTTON: "button"}
_UNITS = ("", "px", "bit", "mm", "dpi", "%", "µs")
_ABILITIES = {1: "soft-select", 2: "hard-select", 4: "soft-detect", 8: "emulated", 16: "automatic", 64: "advanced"}
_MM_AN_INCH = 25.4


def answer(wire: Wire, binding: Binding, request: Mapping[str, Any]) -> None:
    """Answer ``capabilities``, ``look`` or ``options`` with one event of that name, or a fault."""
    asked = str(request.get("do", ""))
    questions: dict[str, Callable[[Device, Order], dict[str, Any]]] = {
        "capabilities": capabilities,
        "look": standing,
        "options": described,
    }
    if asked not in questions:
        wire.fault("scanner.unknown", f"no such request: {asked}")
        return
    order = Order.from_message(request)
    sentences = {**SENTENCES, **order.faults}
    try:
        device = open_device(binding, order.device, sentences)
    except Fault as fault:
        wire.fault(fault.code, fault.detail, **fault.facts)
        return
    try:
        wire.send(asked, **questions[asked](device, order))
    except SaneTrouble as problem:
        wire.fault(sentences.get(problem.sentence, "scanner.unknown"), problem.sentence)
    finally:
        _close(device)


def capabilities(device: Device, order: Order) -> dict[str, Any]:
    """Every source is chosen in turn, because modes, sizes and features differ between glass and feeder."""
    ways: list[dict[str, Any]] = []
    found: set[str] = set()
    for source in _SOURCES:
        try:
            set_source(device, replace(order, source=source))
        except (Refused, SaneTrouble):
            continue
        ways.append(_way(device, order, source))
        for feature in ("double_feed", "overscan", "auto_length", "deskew", "crop"):
            found |= {feature} if has(device, order.features, feature) else set()
        for backing in ("black", "white"):
            found |= {backing} if has(device, order.features, "backing", backing) else set()
        found |= {"clips"} if has(device, order.features, "keep_background") else set()
    return {
        "ways": ways,
        "features": sorted(found),
        "sensors": [
            word
            for word, option in (
                ("paper", order.paper_sensor),
                ("cover", order.cover_sensor),
                ("counter", order.counter),
            )
            if _readable(device, option)
        ],
        "buttons": [name for name in order.buttons if _readable(device, name)],
    }


def _way(device: Device, order: Order, source: str) -> dict[str, Any]:
    modes = words_of(device, "mode")
    dpi = device.options.get("resolution") or device.options.get("x-resolution")
    return {
        "source": source,
        "modes": [mode for mode in MODES if match(modes, mode, MODES, order.mode_words.get(mode, ()))],
        "resolutions": [float(choice) for choice in dpi.choices] if dpi is not None and dpi.choices else None,
        "range": [*dpi.limits, dpi.step] if dpi is not None and dpi.limits else None,
        "sheet_mm": _largest(device),
    }


def _largest(device: Device) -> tuple[float, float] | None:
    """The most a sheet may measure. Where a page size can be told it bounds the corners, not they it."""
    sides = []
    for names in ((*PAGE_WIDTH, "br-x"), (*PAGE_HEIGHT, "br-y")):
        option = next((found for name in names if (found := _ranged(device, name))), None)
        if option is None or option.limits is None:
            return None
        most = option.limits[1]
        if option.unit == UNIT_PIXEL:
            dpi = sense(device, "resolution") or sense(device, "x-resolution")
            if not dpi:
                return None
            most = most / dpi * _MM_AN_INCH
        sides.append(round(most, 1))
    return sides[0], sides[1]


def _ranged(device: Device, name: str) -> Option | None:
    option = device.options.get(name)
    return option if option is not None and option.limits is not None else None


def standing(device: Device, order: Order) -> dict[str, Any]:
    """Paper, cover and buttons as the sensors say now; a button's flag is taken by reading it."""
    paper, cover = sense(device, order.paper_sensor), sense(device, order.cover_sensor)
    return {
        "paper": None if paper is None else bool(paper),
        "cover_open": None if cover is None else bool(cover),
        "pressed": [name for name in order.buttons if sense(device, name)],
    }


def described(device: Device, order: Order) -> dict[str, Any]:
    """Every option as the driver shows it, in its order. Free text is left out: nobody knows what stands in it."""
    return {"options": [_described(device, row) for row in device.rows() if row.kind != GROUP and row.name]}


def _described(device: Device, row: Row) -> dict[str, Any]:
    limit = row.limit
    known = device.options.get(row.name or "")
    value = None
    free_text = row.kind == STRING and not isinstance(limit, list)
    if known is not None and known.can_read and not free_text and "serial" not in (row.name or ""):
        try:
            value = device.read(row.name or "")
        except SaneTrouble as problem:
            print(f"{row.name}: {problem}", file=sys.stderr)  # noqa: T201 - the host's log
    return {
        "name": row.name,
        "title": row.title or "",
        "kind": _KINDS.get(row.kind, str(row.kind)),
        "unit": _UNITS[row.unit] if 0 <= row.unit < len(_UNITS) else str(row.unit),
        "active": not row.cap & INACTIVE,
        "abilities": [word for bit, word in _ABILITIES.items() if row.cap & bit],
        "choices": list(limit) if isinstance(limit, list) else None,
        "limits": list(limit) if isinstance(limit, tuple) else None,
        "value": bool(value) if row.kind == BOOL and value is not None else value,
        "count": row.size // WORD if row.kind in (BOOL, INT, FIXED) else 1,
    }


def _readable(device: Device, name: str) -> bool:
    option = device.options.get(name)
    return option is not None and option.can_read


def _close(device: Device) -> None:
    try:
        device.close()
    except SaneTrouble as problem:
        print(f"close: {problem}", file=sys.stderr)  # noqa: T201 - the host's log
