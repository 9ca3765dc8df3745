# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a source may have besides source, mode and size: double-feed stop, length by the paper, straightening ...

Apart from ``settle.py`` because here nothing must be had: what a source lacks is passed over, and what came of each
wish is told in the desk's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from twain.lowlevel import constants as tw

from twain_worker import standard
from twain_worker.container import Value
from twain_worker.session import Session

#: (capability, type, value)
Setting = tuple[int, int, Value]

#: cleverness that turns or recolours pages, or makes one picture of two sides: pages are judged by the desk
ALWAYS_OFF: tuple[Setting, ...] = (
    (tw.ICAP_AUTOMATICROTATE, tw.TWTY_BOOL, False),
    (tw.ICAP_AUTOMATICCOLORENABLED, tw.TWTY_BOOL, False),
    (tw.ICAP_IMAGEMERGE, tw.TWTY_UINT16, 0),
)
#: feature -> state -> settings
FEATURES: Mapping[str, Mapping[str, tuple[Setting, ...]]] = MappingProxyType(
    {
        "overscan": {
            "on": ((tw.ICAP_OVERSCAN, tw.TWTY_UINT16, tw.TWOV_AUTO),),
            "off": ((tw.ICAP_OVERSCAN, tw.TWTY_UINT16, 0),),
        },
        "auto_length": {
            "on": ((tw.ICAP_AUTOMATICLENGTHDETECTION, tw.TWTY_BOOL, True),),
            "off": ((tw.ICAP_AUTOMATICLENGTHDETECTION, tw.TWTY_BOOL, False),),
        },
        "deskew": {
            "on": ((tw.ICAP_AUTOMATICDESKEW, tw.TWTY_BOOL, True),),
            "off": ((tw.ICAP_AUTOMATICDESKEW, tw.TWTY_BOOL, False),),
        },
        "crop": {
            "on": ((tw.ICAP_AUTOMATICBORDERDETECTION, tw.TWTY_BOOL, True),),
            "off": (
                (tw.ICAP_AUTOMATICBORDERDETECTION, tw.TWTY_BOOL, False),
                (tw.ICAP_AUTOSIZE, tw.TWTY_UINT16, tw.TWAS_NONE),
            ),
        },
    }
)
#: these move the limits of the sheet, so they come before it
BEFORE_SHEET = ("overscan", "auto_length")
AFTER_SHEET = ("deskew", "crop")
#: the standard has nothing for these
_NOWHERE = ("backing", "keep_background")
#: what an order without wishes means
_CAREFUL = {"double_feed": "on", **dict.fromkeys(FEATURES, "off")}
#: pages as long as they are come from sources that may leave the size open
_SIZE_LEFT_OPEN = ("auto_length", "crop")


def wished(wishes: Mapping[str, str]) -> Mapping[str, str]:
    """The desk's wishes, and the careful ones where it has none."""
    return {**_CAREFUL, **wishes}


def has(session: Session, feature: str) -> bool:
    """Whether the source has it and it can be chosen."""
    if feature == "double_feed":
        return bool(_detections(session))
    return any(_can_be(session, *setting) for setting in FEATURES[feature]["on"])


def apply(session: Session, wishes: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Set what is wished of these features, as far as the source has them."""
    for feature in names:
        state = wishes.get(feature, "")
        if state == "on" and feature in _SIZE_LEFT_OPEN:
            session.write(tw.ICAP_UNDEFINEDIMAGESIZE, tw.TWTY_BOOL, True)
        for capability, kind, value in FEATURES[feature].get(state, ()):
            session.write(capability, kind, value)


def report(session: Session, wishes: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(feature, asked, got) for each wish; got is the state asked, ``none`` (the source has no such thing), ``partly``
    or ``refused``. Of a thing that is absent and was not wanted nothing is said."""
    told = []
    for feature in (*BEFORE_SHEET, *AFTER_SHEET):
        asked = wishes.get(feature, "")
        settings = FEATURES[feature].get(asked, ())
        values = [(value, session.read(capability)) for capability, _, value in settings]
        held = [float(value) == _number(got) for value, got in values if got is not None]
        if held:
            told.append((feature, asked, asked if all(held) else "partly" if any(held) else "refused"))
        elif asked == "on":
            told.append((feature, asked, "none"))
    return told + [
        (name, wishes[name], "none") for name in _NOWHERE if wishes.get(name, "") not in ("", "off", "driver")
    ]


def set_double_feed(session: Session, asked: str) -> list[tuple[str, str, str]]:
    """Two sheets at once stop the feeder, or pass; told as by :func:`report`."""
    there = _detections(session)
    if not there:
        return [("double_feed", asked, "none")] if asked == "on" else []
    if asked == "off":
        session.write_list(standard.CAP_DOUBLEFEEDDETECTION, ())
        left = session.told(standard.CAP_DOUBLEFEEDDETECTION, tw.MSG_GETCURRENT)
        return [("double_feed", asked, asked if left is not None and left.values == () else "refused")]
    if not any(_detect(session, way) for way in there):
        return [("double_feed", asked, "refused")]
    session.write(standard.CAP_DOUBLEFEEDDETECTIONRESPONSE, tw.TWTY_UINT16, standard.TWDP_STOP)
    response = session.read(standard.CAP_DOUBLEFEEDDETECTIONRESPONSE)
    # it notices, but lets the sheets pass
    return [("double_feed", asked, asked if response in (None, standard.TWDP_STOP) else "partly")]


def _detections(session: Session) -> tuple[int, ...]:
    """The ways of noticing that can be tried. By length is none: sheets of a dossier differ in length."""
    known = (standard.TWDF_ULTRASONIC, standard.TWDF_INFRARED)
    there = session.told(standard.CAP_DOUBLEFEEDDETECTION)
    if there is None:
        return ()
    # a list that is empty now says nothing of what may be put in it
    offered = there.values if there.form == tw.TWON_ENUMERATION else None
    return known if not offered else tuple(way for way in known if way in offered)


def _detect(session: Session, way: int) -> bool:
    """The standard wants a list; some sources take one value. Believed where it cannot be read back."""
    one = standard.CAP_DOUBLEFEEDDETECTION
    if not (session.write_list(one, (way,)) or session.write(one, tw.TWTY_UINT16, way)):
        return False
    now = session.told(one, tw.MSG_GETCURRENT)
    return now is None or now.current == way or way in (now.values or ())


def _can_be(session: Session, capability: int, kind: int, value: Value) -> bool:
    there = session.told(capability)
    if there is None or session.may(capability, tw.TWQC_SET) is False:
        return False
    # a single value is what many sources tell of a switch that can be turned
    return there.form != tw.TWON_ENUMERATION or any(_number(one) == float(value) for one in there.values or ())


def _number(value: Value) -> float | None:
    return None if isinstance(value, str) else float(value)
