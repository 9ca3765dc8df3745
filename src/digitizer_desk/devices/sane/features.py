# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a scanner may have besides source, mode and size: double-feed stop, backing, straightening ...: asked, told.

Apart from ``settle.py`` because here nothing must be had: what a scanner lacks is passed over, and what came of each
wish is told in the desk's words. A feature is a set of options; a manifest may name others than the usual ones.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from types import MappingProxyType

from digitizer_desk.devices.sane.binding import STRING, Device, SaneTrouble, Value

#: feature -> state -> what the driver's options must be
States = Mapping[str, Mapping[str, Value]]

#: cleverness of drivers that drops, splits, turns or alters pages, whatever was asked: blank and crooked pages are
#: judged, and recorded, by the desk
ALWAYS_OFF: Mapping[str, Value] = MappingProxyType(
    {
        "swskip": 0.0,  # drops blank pages (fujitsu, canon_dr, kvs1025)
        "swdespeck": 0,
        "swderotate": False,
        "lowmemory": False,  # the two sides come mixed (fujitsu)
        "fit-to-page": False,  # shrinks (kvs)
        "longpaper": False,  # cuts one page into many (kvs1025)
        "long-paper": False,  # the same (kvs40xx)
        "preview": False,
        "negative": False,
        "rif": False,
        "inverse": False,
        "mirror": False,
    }
)

#: the usual options of each feature, by their names in the backends of SANE; a manifest's table takes their place
USUAL: Mapping[str, States] = MappingProxyType(
    {
        "overscan": {"on": {"overscan": "On"}, "off": {"overscan": "Off"}},
        "auto_length": {
            "on": {"ald": True, "length-control": True},
            "off": {"ald": False, "length-control": False},
        },
        "keep_background": {
            "on": {"wl-follow": "Off", "white-level": "From scanner"},
            "off": {"wl-follow": "On", "white-level": "From paper"},
        },
        "deskew": {
            "on": {"swdeskew": True, "deskew": True, "adf-skew": True},
            "off": {"swdeskew": False, "deskew": False, "adf-skew": False, "hwdeskewcrop": False},
        },
        "crop": {
            "on": {"swcrop": True, "crop": True, "adf-crp": True, "hwcrop": True},
            "off": {"swcrop": False, "crop": False, "adf-crp": False, "hwcrop": False, "hwdeskewcrop": False},
        },
    }
)

#: these move the limits of the sheet, so they come before it
BEFORE_SHEET = ("overscan", "auto_length")
AFTER_SHEET = ("double_feed", "backing", "keep_background", "deskew", "crop")


def table(features: Mapping[str, States], feature: str, state: str) -> Mapping[str, Value]:
    """The options that make this state: the manifest's, else the usual ones."""
    known = features.get(feature) or USUAL.get(feature, {})
    return known.get(state, {})


def has(device: Device, features: Mapping[str, States], feature: str, state: str = "on") -> bool:
    """Whether the scanner has it: at least one of its options can be set now."""
    return any(_settable(device, name) for name in table(features, feature, state))


def apply(device: Device, features: Mapping[str, States], wishes: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Set what is wished of these features, as far as the scanner has them."""
    for feature in names:
        for name, value in table(features, feature, wishes.get(feature, "")).items():
            set_if_there(device, name, value)


def report(
    device: Device, features: Mapping[str, States], wishes: Mapping[str, str]
) -> tuple[tuple[str, str, str], ...]:
    """(feature, asked, got) for each wish; got is the state asked, ``none`` (the scanner has no such thing),
    ``partly`` or ``refused``. Of a thing that is absent and was not wanted nothing is said."""
    told = []
    for feature in (*BEFORE_SHEET, *AFTER_SHEET):
        asked = wishes.get(feature, "")
        wanted = table(features, feature, asked)
        there = {name: value for name, value in wanted.items() if name in device.options}
        held = [name for name, value in there.items() if _holds(device, name, value)]
        if there:
            got = asked if len(held) == len(there) else "partly" if held else "refused"
            told.append((feature, asked, got))
        elif asked not in ("", "off", "driver"):
            told.append((feature, asked, "none"))
    return tuple(told)


def set_if_there(device: Device, name: str, value: Value) -> None:
    """Set an option a scanner may lack. What it will not take stays as it was: the read-back tells."""
    option = device.options.get(name)
    if option is None or not option.can_set:
        return
    if option.kind == STRING and option.choices:
        value = next((str(c) for c in option.choices if str(c).casefold() == str(value).casefold()), value)
    try:
        device.write(name, value)
    except (SaneTrouble, ValueError) as problem:
        print(f"{name}={value}: {problem}", file=sys.stderr)  # noqa: T201 - the host's log


def _settable(device: Device, name: str) -> bool:
    option = device.options.get(name)
    return option is not None and option.can_set


def _holds(device: Device, name: str, value: Value) -> bool:
    option = device.options[name]
    if not option.can_read:
        return True
    try:
        got = device.read(name)
    except SaneTrouble:
        return False
    if isinstance(value, str) or isinstance(got, str):
        return str(got).casefold() == str(value).casefold()
    # a driver may round a percentage or a length to its own step
    return abs(float(got) - float(value)) <= max(option.step, 1e-3)
