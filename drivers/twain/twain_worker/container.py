# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a source says of one capability, out of whichever of TWAIN's four containers it chose.

Apart from the session because pytwain tells a range's numbers without their type and believes any count of items.
"""

from __future__ import annotations

import ctypes as ct
from collections.abc import Callable
from dataclasses import dataclass

from twain.lowlevel import constants as tw
from twain.lowlevel import structs

from twain_worker import standard

Value = int | float | bool | str
#: more than any list of the standard; a source that announces more has not filled in its container
_MOST_ITEMS = 4096
_WHOLE = {
    tw.TWTY_INT8: ct.c_int8,
    tw.TWTY_UINT8: ct.c_uint8,
    tw.TWTY_INT16: ct.c_int16,
    tw.TWTY_UINT16: ct.c_uint16,
    tw.TWTY_INT32: ct.c_int32,
    tw.TWTY_UINT32: ct.c_uint32,
}
_TEXT = {
    tw.TWTY_STR32: 34,
    tw.TWTY_STR64: 66,
    tw.TWTY_STR128: 130,
    tw.TWTY_STR255: 256,
    tw.TWTY_STR1024: 1026,
}
_FRAME_SIDES = 4


class NoContainer(Exception):
    """What the source gave back is none of TWAIN's containers."""


@dataclass(frozen=True, slots=True)
class Told:
    """``kind``: a TWTY number. ``current`` is None where the container has none (a list), or points outside itself.
    ``values``: what it may be, or is, in an enumeration or an array; ``limits``: (least, most, step) of a range."""

    form: int
    kind: int
    current: Value | None = None
    values: tuple[Value, ...] | None = None
    limits: tuple[float, float, float] | None = None


def read(form: int, place: int) -> Told:
    """The container of this form (TWON number) that lies at ``place``.

    Raises:
        NoContainer: nothing lies there, or it contradicts itself.
    """
    if not place:
        raise NoContainer("nothing was given")
    readers: dict[int, Callable[[int, int], Told]] = {
        tw.TWON_ONEVALUE: _one,
        tw.TWON_ENUMERATION: _enumeration,
        tw.TWON_RANGE: _range,
        standard.TWON_ARRAY: _array,
    }
    if form not in readers:
        raise NoContainer(f"form {form}")
    return readers[form](place, ct.c_uint16.from_address(place).value)


def _one(place: int, kind: int) -> Told:
    return Told(tw.TWON_ONEVALUE, kind, _item(kind, place + 2))


def _enumeration(place: int, kind: int) -> Told:
    head = structs.TW_ENUMERATION.from_address(place)
    values = _items(kind, place + ct.sizeof(head), head.NumItems)
    current = values[head.CurrentIndex] if head.CurrentIndex < len(values) else None
    return Told(tw.TWON_ENUMERATION, kind, current, values)


def _array(place: int, kind: int) -> Told:
    head = structs.TW_ARRAY.from_address(place)
    values = _items(kind, place + ct.sizeof(head), head.NumItems)
    return Told(standard.TWON_ARRAY, kind, values[0] if len(values) == 1 else None, values)


def _range(place: int, kind: int) -> Told:
    head = structs.TW_RANGE
    if kind not in _WHOLE and kind != tw.TWTY_FIX32:
        raise NoContainer(f"a range of type {kind}")
    numbers = {name: float(_item(kind, place + getattr(head, name).offset)) for name, _ in head._fields_[1:]}
    current = numbers["CurrentValue"]
    limits = (numbers["MinValue"], numbers["MaxValue"], numbers["StepSize"])
    if limits[0] > limits[1]:
        raise NoContainer(f"a range from {limits[0]:g} to {limits[1]:g}")
    return Told(tw.TWON_RANGE, kind, current if kind == tw.TWTY_FIX32 else int(current), None, limits)


def _items(kind: int, place: int, count: int) -> tuple[Value, ...]:
    if count > _MOST_ITEMS:
        raise NoContainer(f"{count} items")
    size = _size(kind)
    return tuple(_item(kind, place + size * number) for number in range(count))


def _size(kind: int) -> int:
    if kind == tw.TWTY_BOOL:
        return 2
    if kind == tw.TWTY_FIX32:
        return ct.sizeof(structs.TW_FIX32)
    if kind == tw.TWTY_FRAME:
        return _FRAME_SIDES * ct.sizeof(structs.TW_FIX32)
    if kind in _TEXT:
        return _TEXT[kind]
    if kind not in _WHOLE:
        raise NoContainer(f"items of type {kind}")
    return ct.sizeof(_WHOLE[kind])


def _item(kind: int, place: int) -> Value:
    if kind == tw.TWTY_BOOL:
        return bool(ct.c_uint16.from_address(place).value)
    if kind == tw.TWTY_FIX32:
        return _fix(place)
    if kind == tw.TWTY_FRAME:
        return " ".join(f"{_fix(place + 4 * side):g}" for side in range(_FRAME_SIDES))
    if kind in _TEXT:
        return (ct.c_char * _TEXT[kind]).from_address(place).value.decode("utf-8", "replace")
    if kind not in _WHOLE:
        raise NoContainer(f"items of type {kind}")
    return int(_WHOLE[kind].from_address(place).value)


def _fix(place: int) -> float:
    return float(structs.fix2float(structs.TW_FIX32.from_address(place)))
