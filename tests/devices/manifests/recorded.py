# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A scanner made of its recorded option list: it refuses, rounds, hides and shows options as libsane's rules say.

``data/*.toml`` hold the lists. Each option has ``list`` or ``range`` (least, most, step; 0: any), a ``value`` whose
type is the option's type, and ``cap``: ``read`` for sensors, ``inactive`` for what never shows. ``effects`` say what an
option hides (``off``) or bounds (``follow``: the most of the first is the value of the second).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from digitizer_desk.devices.sane.binding import (
    BOOL,
    CAN_READ,
    CAN_SET,
    FIXED,
    INACTIVE,
    INT,
    STRING,
    WORD,
    Frame,
    Option,
    Picture,
    Progress,
    Row,
    SaneTrouble,
    Value,
    usable,
)
from digitizer_desk.devices.sane.settle import Order

FOLDER = Path(__file__).parent / "data"
UNITS = {"": 0, "px": 1, "bit": 2, "mm": 3, "dpi": 4, "%": 5, "us": 6}
INVALID = "Invalid argument"


def every() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))


@dataclass
class Recorded:
    """An open device with recorded options, and its own binding. ``written`` keeps what was asked of it, in order."""

    told: dict[str, Any]
    values: dict[str, Value] = field(default_factory=dict)
    written: list[tuple[str, Value]] = field(default_factory=list)
    version: str = "1.0"

    @classmethod
    def of(cls, file: Path) -> Recorded:
        told = tomllib.loads(file.read_text("utf-8"))
        return cls(told, {option["name"]: option["value"] for option in told["options"]})

    # -- what drivers do -----------------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        hidden, bounds = self._effects()
        rows = []
        for number, option in enumerate(self.told["options"], 1):
            name, value = option["name"], option["value"]
            kind = {bool: BOOL, int: INT, float: FIXED, str: STRING}[type(value)]
            cap = CAN_READ if option.get("cap") == "read" else CAN_READ | CAN_SET
            if option.get("cap") == "inactive" or name in hidden:
                cap |= INACTIVE
            limit: Any = None
            if "range" in option:
                least, most, step = (float(part) for part in option["range"])
                limit = (least, bounds.get(name, most), step)
            elif "list" in option:
                limit = list(option["list"])
            rows.append(Row(number, name, name, "", kind, UNITS[option.get("unit", "")], WORD, cap, limit))
        return rows

    def _effects(self) -> tuple[set[str], dict[str, float]]:
        hidden: set[str] = set()
        bounds: dict[str, float] = {}
        for effect in self.told.get("effects", []):
            now = self.values[effect["when"]]
            if now in effect["is"] if "is" in effect else now not in effect["isnt"]:
                hidden |= set(effect.get("off", []))
                bounds |= {name: float(self.values[other]) for name, other in effect.get("follow", {}).items()}
        return hidden, bounds

    @property
    def options(self) -> dict[str, Option]:
        return usable(self.rows())

    def read(self, name: str) -> Value:
        if name not in self.options:
            raise SaneTrouble(INVALID)
        return self.values[name]

    def write(self, name: str, value: Value) -> None:
        option = self.options.get(name)
        if option is None or not option.can_set:
            raise SaneTrouble(INVALID)
        self.written.append((name, value))
        self.values[name] = _constrained(option, value)

    # -- a device and a binding besides --------------------------------------------------------------------------------

    def devices(self) -> list[tuple[str, str, str, str]]:
        return [(self.told["device"], self.told["vendor"], self.told["model"], "scanner")]

    def open(self, name: str) -> Recorded:
        return self

    def start(self) -> None:
        raise SaneTrouble("Document feeder out of documents")

    def frame(self) -> Frame:
        raise AssertionError("no page was started")

    def picture(self, progress: Progress) -> Picture:
        raise AssertionError("no page was started")

    def cancel(self) -> None:
        """Nothing runs."""

    def close(self) -> None:
        """Nothing is held."""


def _constrained(option: Option, value: Value) -> Value:
    """As sanei_constrain_value does: words must match, numbers are brought into range and onto the step."""
    if option.kind == STRING:
        if option.choices is not None and value not in option.choices:
            raise SaneTrouble(INVALID)
        return str(value)
    if option.kind == BOOL:
        return bool(value)
    number = float(value)
    if option.limits is not None:
        number = min(max(number, option.limits[0]), option.limits[1])
        if option.step:
            number = option.limits[0] + round((number - option.limits[0]) / option.step) * option.step
    if option.choices is not None:
        number = min((float(choice) for choice in option.choices), key=lambda choice: abs(choice - number))
    return round(number) if option.kind == INT else number


def order(device: str, host: dict[str, Any], **changes: Any) -> Order:
    """An order as the desk sends it: two-sided colour A4 at 300 dpi with the safe wishes, unless changed."""
    wishes = {"double_feed": "on", "backing": "driver", "keep_background": "on"}
    wishes |= {"overscan": "off", "auto_length": "off", "deskew": "off", "crop": "off"}
    wish = {"device": device, "source": "feeder-duplex", "mode": "color", "dpi": 300, "sheet_mm": [210.0, 297.0]}
    wishes |= changes.pop("wishes", {})
    return Order.from_message({**wish, "wishes": wishes, **host, **changes})
