# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Short questions to one source: what it can do, whether paper lies ready, which capabilities it has. No paper moves.

Apart from batches because the source is never enabled: opened, asked in state 4, closed. The answers have the shapes
all hosts of the desk give them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from twain.lowlevel import constants as tw

from twain_worker import standard
from twain_worker.last_word import LastWord
from twain_worker.order import Order
from twain_worker.session import Session
from twain_worker.trouble import Fault, Trouble
from twain_worker.wire import Wire
from twain_worker.wishes.features import has
from twain_worker.wishes.listing import described
from twain_worker.wishes.settle import MM_AN_INCH, PIXEL_TYPES, choose_way, count_in_inches

_SOURCES = ("flatbed", "feeder", "feeder-duplex")
_FEATURES = ("double_feed", "overscan", "auto_length", "deskew", "crop")


def answer(wire: Wire, asked: str, order: Order, start: Callable[[], Session]) -> None:
    """One event named as the question (one of :data:`QUESTIONS`), or a fault; told before the source is closed.

    Raises:
        DriverBroke: nothing more may be called, not even to close the source.
    """
    last = LastWord(wire, order.faults)
    with last.told(), start() as session, last.told():
        session.open(order.device)
        last.opening = False
        session.write(tw.CAP_INDICATORS, tw.TWTY_BOOL, False)
        last.say(asked, **QUESTIONS[asked](session, order))


def capabilities(session: Session, order: Order) -> dict[str, Any]:
    """Every way for paper is chosen in turn, because modes, sizes and features differ between glass and feeder."""
    ways: list[dict[str, Any]] = []
    features: set[str] = set()
    inches = _granted(count_in_inches, session)
    for source in _SOURCES:
        if _granted(choose_way, session, source, order.sheet_fed):
            ways.append(_way(session, source, measured=inches))
            features |= {name for name in _FEATURES if has(session, name)}
    sensors = ["paper"] if session.read(tw.CAP_PAPERDETECTABLE) else []
    told = session.told(tw.ICAP_SUPPORTEDEXTIMAGEINFO)
    if told is not None and standard.TWEI_PAPERCOUNT in (told.values or ()):
        sensors.append("counter")
    return {"ways": ways, "features": sorted(features), "sensors": sensors, "buttons": []}


def _granted(choose: Callable[..., None], *of: Any) -> bool:
    try:
        choose(*of)
    except Fault:
        return False
    return True


def _way(session: Session, source: str, *, measured: bool) -> dict[str, Any]:
    """``measured``: the source counts in inches, without which its numbers mean nothing."""
    modes = [mode for mode, number in PIXEL_TYPES.items() if _holds(session, number)]
    if modes:
        # resolutions may differ between modes: those of the first are told
        session.write(tw.ICAP_PIXELTYPE, tw.TWTY_UINT16, PIXEL_TYPES[modes[0]])
    listed, span = _resolutions(session) if measured else (None, None)
    sheet = _largest(session) if measured else None
    return {"source": source, "modes": modes, "resolutions": listed, "range": span, "sheet_mm": sheet}


def _holds(session: Session, pixel_type: int) -> bool:
    session.write(tw.ICAP_PIXELTYPE, tw.TWTY_UINT16, pixel_type)
    return session.read(tw.ICAP_PIXELTYPE) == pixel_type


def _resolutions(session: Session) -> tuple[list[float] | None, list[float] | None]:
    """Those both directions have, as a list or as (least, most, step); (None, None) when one is not told."""
    lists: list[set[float]] = []
    ranges: list[tuple[float, float, float]] = []
    for capability in (tw.ICAP_XRESOLUTION, tw.ICAP_YRESOLUTION):
        told = session.told(capability)
        if told is None:
            return None, None
        values = told.values if told.current is None or told.values is not None else (told.current,)
        if told.limits is not None:
            ranges.append(told.limits)
        else:
            lists.append({round(float(one), 2) for one in values or () if not isinstance(one, str) and one > 0})
    if not lists:
        least, most = max(one[0] for one in ranges), min(one[1] for one in ranges)
        return None, [least, most, max(one[2] for one in ranges)] if least <= most else None
    both = set.intersection(*lists)
    return sorted(dpi for dpi in both if all(least <= dpi <= most for least, most, _ in ranges)), None


def _largest(session: Session) -> tuple[float, float] | None:
    inches = [session.read(capability) for capability in (tw.ICAP_PHYSICALWIDTH, tw.ICAP_PHYSICALHEIGHT)]
    width, height = (0.0 if one is None or isinstance(one, str) else float(one) * MM_AN_INCH for one in inches)
    return (round(width, 1), round(height, 1)) if width > 0 and height > 0 else None


def standing(session: Session, order: Order) -> dict[str, Any]:
    """Paper, and a cover where the question about paper fails over it. There are no buttons in the standard.

    Raises:
        Fault: ``scanner.offline``: sources open without their scanner, and say so only when asked.
    """
    if session.read(tw.CAP_DEVICEONLINE) is False:
        raise Fault("scanner.offline", "the source says that its scanner is not online")
    # sources without a choice of feeder need not be asked to use it
    session.write(tw.CAP_FEEDERENABLED, tw.TWTY_BOOL, True)
    paper = cover = None
    if session.read(tw.CAP_PAPERDETECTABLE):
        try:
            there = session.told(tw.CAP_FEEDERLOADED, tw.MSG_GETCURRENT)
            paper = None if there is None or there.current is None else bool(there.current)
        except Trouble as trouble:
            if trouble.condition != standard.TWCC_INTERLOCK:
                raise
            cover = True
    return {"paper": paper, "cover_open": cover, "pressed": []}


def options(session: Session, order: Order) -> dict[str, Any]:
    """Every capability the source names, as it is now: for a bug report."""
    return {"options": described(session)}


QUESTIONS: Mapping[str, Callable[[Session, Order], dict[str, Any]]] = {
    "capabilities": capabilities,
    "look": standing,
    "options": options,
}
