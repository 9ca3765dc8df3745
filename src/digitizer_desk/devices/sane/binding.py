# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""libsane through python-sane, as narrow as possible: the ten calls a batch needs.

Apart so that another binding can take python-sane's place without the rest noticing. Of python-sane only the inner
device object is used: its outer ``snap`` needs Pillow and cancels after every page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

#: numbers of the SANE standard 1.06, 4.2.9: types, units and capabilities of an option
BOOL, INT, FIXED, STRING, BUTTON, GROUP = 0, 1, 2, 3, 4, 5
UNIT_PIXEL = 1
CAN_SET, CAN_READ, INACTIVE = 1, 4, 32
WORD = 4
OPTIONS_CHANGED = 2
#: our own sentence, for a page that grows beyond all measure
ENDLESS = "the page has no end"

Value = bool | int | float | str
#: called between two reads with (rows read, rows announced or -1)
Progress = Callable[[int, int], None]


class SaneTrouble(Exception):
    """libsane said no. ``sentence`` is its fixed English text, the only key python-sane gives; ``status`` its number
    where the binding tells it."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class Row(NamedTuple):
    """One option as the driver describes it, usable or not; as python-sane gives it. ``limit`` is None, a list of
    choices or a tuple (least, most, step); ``size`` in bytes, so that size / 4 counts the words of an array."""

    number: int
    name: str | None
    title: str | None
    text: str | None
    kind: int
    unit: int
    size: int
    cap: int
    limit: Any


class Option(NamedTuple):
    """One option as the driver shows it now. ``choices`` for a list, ``limits`` (least, most) and ``step`` (0: any)
    for a range."""

    number: int
    kind: int
    unit: int
    choices: tuple[Any, ...] | None
    limits: tuple[float, float] | None
    can_set: bool
    can_read: bool
    step: float = 0.0


class Frame(NamedTuple):
    """What the driver announces of the picture to come; ``rows`` is -1 when the length shows only at the end.
    ``stride``: bytes from one row to the next in what :meth:`Device.picture` is going to hand over."""

    form: str
    last: bool
    width: int
    rows: int
    depth: int
    stride: int


class Picture(NamedTuple):
    """Rows as read: rows x width x samples, uint8; 1-bit pictures come as 0/255."""

    pixels: bytearray
    width: int
    rows: int
    samples: int
    sample_bytes: int


class Device(Protocol):
    """An open scanner. Every call may raise :class:`SaneTrouble`."""

    @property
    def options(self) -> Mapping[str, Option]: ...

    def rows(self) -> list[Row]: ...

    def read(self, name: str) -> Value: ...

    def write(self, name: str, value: Value) -> None: ...

    def start(self) -> None: ...

    def frame(self) -> Frame: ...

    def picture(self, progress: Progress) -> Picture: ...

    def cancel(self) -> None: ...

    def close(self) -> None: ...


class Binding(Protocol):
    """libsane itself."""

    @property
    def version(self) -> str: ...

    def devices(self) -> list[tuple[str, str, str, str]]: ...

    def open(self, name: str) -> Device: ...


class PythonSane:
    """python-sane as a :class:`Binding`."""

    def __init__(self) -> None:
        """Load and start libsane.

        Raises:
            ImportError: python-sane or libsane is not installed.
        """
        import sane

        self._sane = sane
        self.version = ".".join(str(part) for part in sane.init()[1:])

    def devices(self) -> list[tuple[str, str, str, str]]:
        with _sentences():
            return list(self._sane.get_devices())

    def open(self, name: str) -> Device:
        with _sentences():
            return _PythonSaneDevice(self._sane.open(name).dev)


class _PythonSaneDevice:
    """The inner device of python-sane."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self.options: dict[str, Option] = {}
        self._load_options()

    def rows(self) -> list[Row]:
        with _sentences():
            return [Row(*row) for row in self._device.get_options()]

    def _load_options(self) -> None:
        self.options = usable(self.rows())

    def read(self, name: str) -> Value:
        with _sentences():
            value: Value = self._device.get_option(self.options[name].number)
        return value

    def write(self, name: str, value: Value) -> None:
        option = self.options[name]
        kinds: dict[int, Callable[[Any], Value]] = {BOOL: int, INT: int, FIXED: float, STRING: str}
        with _sentences():
            told = self._device.set_option(option.number, kinds[option.kind](value))
        if told & OPTIONS_CHANGED:
            self._load_options()

    def start(self) -> None:
        with _sentences():
            self._device.start()

    def frame(self) -> Frame:
        with _sentences():
            form, last, (width, rows), depth, stride = self._device.get_parameters()
        return Frame(form, bool(last), width, rows, depth, stride)

    def picture(self, progress: Progress) -> Picture:
        # no_cancel: a cancel after every page makes duplex drivers throw away the buffered back side
        with _sentences():
            pixels, width, rows, samples, sample_bytes = self._device.snap(True, False, progress)
        return Picture(pixels, width, rows, samples, sample_bytes)

    def cancel(self) -> None:
        with _sentences():
            self._device.cancel()

    def close(self) -> None:
        with _sentences():
            self._device.close()


@contextmanager
def _sentences() -> Iterator[None]:
    """python-sane has one exception class of its own and RuntimeError beside; both carry only a sentence."""
    try:
        yield
    except Exception as problem:
        raise SaneTrouble(str(problem)) from problem


def usable(rows: Iterable[Row]) -> dict[str, Option]:
    """The options a batch may use, by name: active ones of one value. Of an array python-sane reads one word, and
    writes uninitialised memory into it."""
    return {row.name: _option(row) for row in rows if row.name and _is_scalar(row) and not row.cap & INACTIVE}


def _is_scalar(row: Row) -> bool:
    return row.kind == STRING or (row.kind in (BOOL, INT, FIXED) and row.size == WORD)


def _option(row: Row) -> Option:
    limit = row.limit
    choices = tuple(limit) if isinstance(limit, list) else None
    limits = (float(limit[0]), float(limit[1])) if isinstance(limit, tuple) else None
    step = float(limit[2]) if isinstance(limit, tuple) and len(limit) > 2 else 0.0
    can_set, can_read = bool(row.cap & CAN_SET), bool(row.cap & CAN_READ)
    return Option(row.number, row.kind, row.unit, choices, limits, can_set, can_read, step)
