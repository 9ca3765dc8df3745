# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""libsane without python-sane: the same ten calls through ctypes, for drivers that python-sane mistreats.

Apart from ``binding.py`` because it knows the C interface (SANE standard 1.06, chapter 4; ``sane/sane.h``). No call
holds the interpreter's lock; the parameters of a page are asked for once (epsonscan2 answers "invalid" the second
time); rows go into one buffer that grows with a page of unknown length; padding at the end of rows is taken off.
"""

from __future__ import annotations

import ctypes as c
import os
import time
from typing import Any

from digitizer_desk.devices.line import MAX_BYTES
from digitizer_desk.devices.sane.binding import (
    BOOL,
    BUTTON,
    ENDLESS,
    FIXED,
    GROUP,
    INT,
    OPTIONS_CHANGED,
    STRING,
    WORD,
    Device,
    Frame,
    Option,
    Picture,
    Progress,
    Row,
    SaneTrouble,
    Value,
    usable,
)

_LIBRARY = "libsane.so.1"
_GOOD, _UNSUPPORTED, _INVALID, _END_OF_FILE = 0, 1, 4, 5
_GET, _SET = 0, 1
_RANGE, _WORDS, _STRINGS = 1, 2, 3
_FORMS = ("gray", "color", "red", "green", "blue")
_FIXED_ONE = 65536.0
_PIECE = 256 * 1024
_NOTHING_YET_SECONDS = 0.01
#: a page of unknown length starts with this many rows
_FIRST_ROWS = 1024


class _DeviceInfo(c.Structure):
    _fields_ = (("name", c.c_char_p), ("vendor", c.c_char_p), ("model", c.c_char_p), ("kind", c.c_char_p))


class _Limits(c.Structure):
    _fields_ = (("least", c.c_int), ("most", c.c_int), ("step", c.c_int))


class _Constraint(c.Union):
    _fields_ = (("strings", c.POINTER(c.c_char_p)), ("words", c.POINTER(c.c_int)), ("range", c.POINTER(_Limits)))


class _Descriptor(c.Structure):
    _fields_ = (
        *(("name", c.c_char_p), ("title", c.c_char_p), ("text", c.c_char_p)),
        *(("kind", c.c_int), ("unit", c.c_int), ("size", c.c_int), ("cap", c.c_int)),
        *(("constraint_type", c.c_int), ("constraint", _Constraint)),
    )


class _Parameters(c.Structure):
    _fields_ = (
        *(("form", c.c_int), ("last", c.c_int), ("stride", c.c_int)),
        *(("width", c.c_int), ("rows", c.c_int), ("depth", c.c_int)),
    )


class DirectSane:
    """libsane through ctypes, as a :class:`~digitizer_desk.devices.sane.binding.Binding`."""

    def __init__(self, library: str = _LIBRARY) -> None:
        """Load and start libsane.

        Raises:
            ImportError: libsane is not installed, or is none.
        """
        try:
            self._lib = _declared(c.CDLL(library))
        except (OSError, AttributeError) as problem:
            raise ImportError(str(problem)) from problem
        version = c.c_int()
        status = self._lib.sane_init(c.byref(version), None)
        if status != _GOOD:
            raise ImportError(f"sane_init: {status}")
        word = version.value
        self.version = f"{word >> 24 & 0xFF}.{word >> 16 & 0xFF}.{word & 0xFFFF}"

    def devices(self) -> list[tuple[str, str, str, str]]:
        listed = c.POINTER(c.POINTER(_DeviceInfo))()
        _check(self._lib, self._lib.sane_get_devices(c.byref(listed), 0))
        found: list[tuple[str, str, str, str]] = []
        while listed[len(found)]:
            info = listed[len(found)].contents
            found.append((_text(info.name), _text(info.vendor), _text(info.model), _text(info.kind)))
        return found

    def open(self, name: str) -> Device:
        handle = c.c_void_p()
        # an embedded NUL would open another device than the one named
        if "\0" in name:
            raise SaneTrouble(_text(self._lib.sane_strstatus(_INVALID)), _INVALID)
        _check(self._lib, self._lib.sane_open(os.fsencode(name), c.byref(handle)))
        return _DirectDevice(self._lib, handle)


class _DirectDevice:
    """An open handle. Used by one thread, like every :class:`~digitizer_desk.devices.sane.binding.Device`."""

    def __init__(self, lib: Any, handle: c.c_void_p) -> None:
        self._lib = lib
        self._handle: c.c_void_p | None = handle
        self._parameters: _Parameters | None = None
        self.options: dict[str, Option] = usable(self.rows())

    def _open_handle(self) -> c.c_void_p:
        """libsane crashes over a handle that is none."""
        if self._handle is None:
            raise SaneTrouble(_text(self._lib.sane_strstatus(_INVALID)), _INVALID)
        return self._handle

    def _call(self, function: Any, *arguments: Any) -> None:
        _check(self._lib, function(self._open_handle(), *arguments))

    def _size_now(self, number: int) -> int:
        return int(self._lib.sane_get_option_descriptor(self._open_handle(), number).contents.size)

    def rows(self) -> list[Row]:
        rows: list[Row] = []
        while self._handle is not None:
            found = self._lib.sane_get_option_descriptor(self._handle, len(rows))
            if not found:
                break
            rows.append(_row(len(rows), found.contents))
        return rows

    def read(self, name: str) -> Value:
        number, kind = self.options[name].number, self.options[name].kind
        if kind == STRING:
            text = c.create_string_buffer(max(self._size_now(number), WORD) + 1)
            self._call(self._lib.sane_control_option, number, _GET, text, None)
            return _text(text.value)
        word = c.c_int()
        self._call(self._lib.sane_control_option, number, _GET, c.byref(word), None)
        if kind == BOOL:
            return bool(word.value)
        return word.value / _FIXED_ONE if kind == FIXED else word.value

    def write(self, name: str, value: Value) -> None:
        number, kind = self.options[name].number, self.options[name].kind
        buffer: Any
        if kind == STRING:
            data = str(value).encode()
            # the driver copies as much as it said it would, whatever the length of the text
            buffer = c.create_string_buffer(data, max(self._size_now(number), len(data) + 1))
        else:
            buffer = c.byref(c.c_int(round(float(value) * _FIXED_ONE) if kind == FIXED else round(float(value))))
        told = c.c_int()
        self._call(self._lib.sane_control_option, number, _SET, buffer, c.byref(told))
        if told.value & OPTIONS_CHANGED:
            self.options = usable(self.rows())

    def start(self) -> None:
        self._parameters = None
        self._call(self._lib.sane_start)

    def frame(self) -> Frame:
        now = self._announced()
        form = _FORMS[now.form] if 0 <= now.form < len(_FORMS) else f"format {now.form}"
        stride = now.stride if now.depth != 8 else now.width * _samples(now)
        if now.stride < _row_bytes(now):
            # fewer bytes than pixels: not padding, and nothing that could be put right
            stride = now.stride
        return Frame(form, bool(now.last), now.width, now.rows, now.depth, stride)

    def _announced(self) -> _Parameters:
        """The parameters of this page, asked for once."""
        if self._parameters is None:
            now = _Parameters()
            self._call(self._lib.sane_get_parameters, c.byref(now))
            self._parameters = now
        return self._parameters

    def picture(self, progress: Progress) -> Picture:
        now = self._announced()
        samples, used = _samples(now), _row_bytes(now)
        if now.depth not in (1, 8) or now.width <= 0 or now.stride < used:
            raise SaneTrouble(_text(self._lib.sane_strstatus(_UNSUPPORTED)), _UNSUPPORTED)
        data, rows = self._rows_of_page(now, progress)
        data = _tight(data, rows, now.stride, used)
        if now.depth == 1:
            data = _tight(_bytes_of_bits(data), rows, used * 8, now.width * samples)
        return Picture(data, now.width, rows, samples, 1)

    def _rows_of_page(self, now: _Parameters, progress: Progress) -> tuple[bytearray, int]:
        """Every whole row until the driver says "end of file"; a piece of a row at the end is dropped."""
        # a row more than announced: only "end of file" ends a page, and a longer one is not cut short
        room = now.stride * (now.rows + 1 if now.rows > 0 else _FIRST_ROWS)
        if room > MAX_BYTES:
            raise SaneTrouble(ENDLESS)
        data, done, got = bytearray(room), 0, c.c_int()
        while True:
            if done == len(data):
                if len(data) >= MAX_BYTES:
                    raise SaneTrouble(ENDLESS)
                data.extend(bytes(min(len(data), MAX_BYTES - len(data))))
            piece = min(_PIECE, len(data) - done)
            target = (c.c_char * piece).from_buffer(data, done)
            status = self._lib.sane_read(self._open_handle(), target, piece, c.byref(got))
            del target
            if status == _END_OF_FILE:
                break
            _check(self._lib, status)
            done += got.value
            if not got.value:
                # "nothing yet": a driver may say so for ever, and the desk's patience must run out, not a processor
                time.sleep(_NOTHING_YET_SECONDS)
            progress(done // now.stride, now.rows)
        rows = done // now.stride
        del data[rows * now.stride :]
        return data, rows

    def cancel(self) -> None:
        if self._handle is not None:
            self._lib.sane_cancel(self._handle)

    def close(self) -> None:
        handle, self._handle = self._handle, None
        if handle is not None:
            self._lib.sane_close(handle)


def _declared(lib: Any) -> Any:
    """The functions of libsane with their C types."""
    handle, number = c.c_void_p, c.c_int
    for name, result, arguments in (
        ("init", number, [c.POINTER(number), c.c_void_p]),
        ("get_devices", number, [c.POINTER(c.POINTER(c.POINTER(_DeviceInfo))), number]),
        ("open", number, [c.c_char_p, c.POINTER(handle)]),
        ("close", None, [handle]),
        ("get_option_descriptor", c.POINTER(_Descriptor), [handle, number]),
        ("control_option", number, [handle, number, number, c.c_void_p, c.POINTER(number)]),
        ("get_parameters", number, [handle, c.POINTER(_Parameters)]),
        ("start", number, [handle]),
        ("read", number, [handle, c.c_void_p, number, c.POINTER(number)]),
        ("cancel", None, [handle]),
        ("strstatus", c.c_char_p, [number]),
    ):
        function = getattr(lib, f"sane_{name}")
        function.restype, function.argtypes = result, arguments
    return lib


def _check(lib: Any, status: int) -> None:
    if status != _GOOD:
        raise SaneTrouble(_text(lib.sane_strstatus(status)), status)


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "replace")


def _row(number: int, found: _Descriptor) -> Row:
    words = found.kind in (BOOL, INT, FIXED)
    scale = _FIXED_ONE if found.kind == FIXED else 1
    limit: Any = None
    if found.constraint_type == _RANGE and words:
        place = found.constraint.range.contents
        limit = (place.least / scale, place.most / scale, place.step / scale)
    elif found.constraint_type == _WORDS and words:
        listed = found.constraint.words
        limit = [listed[place + 1] / scale for place in range(listed[0])]
    elif found.constraint_type == _STRINGS and found.kind == STRING:
        limit = []
        while (choice := found.constraint.strings[len(limit)]) is not None:
            limit.append(_text(choice))
    size = 0 if found.kind in (BUTTON, GROUP) else found.size
    name, title, text = (_text(part) for part in (found.name, found.title, found.text))
    return Row(number, name, title, text, found.kind, found.unit, size, found.cap, limit)


def _samples(now: _Parameters) -> int:
    return 3 if now.form == 1 else 1


def _row_bytes(now: _Parameters) -> int:
    """Bytes of a row that are picture, without padding."""
    return (int(now.width) * _samples(now) * int(now.depth) + 7) // 8


def _tight(data: bytearray, rows: int, stride: int, used: int) -> bytearray:
    """Rows without their padding, moved up in place."""
    if stride == used:
        return data
    view = memoryview(data)
    for row in range(1, rows):
        view[row * used : (row + 1) * used] = view[row * stride : row * stride + used]
    view.release()
    del data[rows * used :]
    return data


#: for each of the eight bits of a byte: the byte -> 0 where the bit is set (black), 255 where it is not
_BITS = [bytes(0 if value & (0x80 >> bit) else 255 for value in range(256)) for bit in range(8)]


def _bytes_of_bits(data: bytearray) -> bytearray:
    """A byte for each bit, the highest first."""
    out = bytearray(len(data) * 8)
    for bit, table in enumerate(_BITS):
        out[bit::8] = data.translate(table)
    return out
