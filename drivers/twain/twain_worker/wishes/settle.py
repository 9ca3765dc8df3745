# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The desk's wishes as TWAIN capabilities: set in the order drivers need, read back, refused when not granted.

Apart from the pages because here no paper moves yet: a wrong source, mode or resolution ends the batch in time.
"""

from __future__ import annotations

from dataclasses import dataclass

from twain.lowlevel import constants as tw

from twain_worker import standard
from twain_worker.order import Order
from twain_worker.session import Session
from twain_worker.trouble import Fault
from twain_worker.wishes.features import AFTER_SHEET, ALWAYS_OFF, BEFORE_SHEET, apply, report, set_double_feed, wished

MM_AN_INCH = 25.4
#: a driver may round a resolution by this much in its fixed-point numbers, no more
SAME_DPI = 0.5
PIXEL_TYPES = {"color": tw.TWPT_RGB, "gray": tw.TWPT_GRAY, "bw": tw.TWPT_BW}
BITS = {"color": 24, "gray": 8, "bw": 1}
#: sheets by their size in mm, for sources that know only names
_NAMED = {(297, 420): tw.TWSS_A3, (210, 297): tw.TWSS_A4, (148, 210): tw.TWSS_A5}


@dataclass(frozen=True, slots=True)
class Settled:
    """What the source answered: resolution both ways, transfer by memory or native, whether 0 means white, and
    (option, asked, got) in the desk's words."""

    dpi: tuple[float, float]
    memory: bool
    zero_is_white: bool
    got: tuple[tuple[str, str, str], ...]


def settle(session: Session, order: Order) -> Settled:
    """State 4, all of it.

    Raises:
        Fault: ``scanner.refused`` with the option; ``scanner.empty`` when the feeder says so.
    """
    memory = _mechanism(session, order)
    count_in_inches(session)
    choose_way(session, order.source, order.sheet_fed)
    if order.source != "flatbed":
        session.write(tw.CAP_AUTOFEED, tw.TWTY_BOOL, True)
    _count(session, order)
    zero_is_white = _pixels(session, order)
    dpi = _resolution(session, order)
    wishes = wished(order.wishes)
    apply(session, wishes, BEFORE_SHEET)
    sheet = _sheet(session, order)
    apply(session, wishes, AFTER_SHEET)
    for capability, kind, value in ALWAYS_OFF:
        session.write(capability, kind, value)
    got = [("source", order.source, order.source), ("mode", order.mode, order.mode)]
    got += [("resolution", str(order.dpi), f"{dpi[0]:g} x {dpi[1]:g}")]
    got += [("transfer", order.transfer, "memory" if memory else "native")]
    got += [("sheet", f"{order.sheet_mm[0]:g} x {order.sheet_mm[1]:g}", sheet)]
    got += report(session, wishes)
    if order.source != "flatbed":
        got += set_double_feed(session, wishes["double_feed"])
        _paper_there(session)
    _keep_every_side(session)
    session.write(tw.CAP_INDICATORS, tw.TWTY_BOOL, order.ui)
    session.write(tw.ICAP_EXTIMAGEINFO, tw.TWTY_BOOL, True)
    return Settled(dpi, memory, zero_is_white, tuple(got))


def _refused(option: str, detail: str) -> Fault:
    return Fault("scanner.refused", detail, option=option)


def _mechanism(session: Session, order: Order) -> bool:
    """Memory, where the rows are seen coming; native where the family or this source has nothing better."""
    wanted = [tw.TWSX_MEMORY, tw.TWSX_NATIVE]
    for mechanism in reversed(wanted) if order.transfer == "native" else wanted:
        session.write(tw.ICAP_XFERMECH, tw.TWTY_UINT16, mechanism)
        if session.read(tw.ICAP_XFERMECH) == mechanism:
            break
    else:
        raise _refused("transfer", f"mechanism {session.read(tw.ICAP_XFERMECH)}")
    session.write(tw.ICAP_COMPRESSION, tw.TWTY_UINT16, 0)
    if session.read(tw.ICAP_COMPRESSION) not in (None, 0):
        raise _refused("transfer", f"compression {session.read(tw.ICAP_COMPRESSION)}")
    return mechanism == tw.TWSX_MEMORY


def count_in_inches(session: Session) -> None:
    """All lengths and resolutions after this are in inches.

    Raises:
        Fault: ``scanner.refused``.
    """
    session.write(tw.ICAP_UNITS, tw.TWTY_UINT16, tw.TWUN_INCHES)
    if session.read(tw.ICAP_UNITS) not in (None, tw.TWUN_INCHES):
        raise _refused("dpi", "the source does not count in inches")


def choose_way(session: Session, source: str, sheet_fed: bool) -> None:
    """Glass, feeder, or both sides by the feeder. ``sheet_fed``: what a source without the question is.

    Raises:
        Fault: ``scanner.refused``.
    """
    feeder = source != "flatbed"
    session.write(tw.CAP_FEEDERENABLED, tw.TWTY_BOOL, feeder)
    got = session.read(tw.CAP_FEEDERENABLED)
    # a source without the question has one way only: a flatbed taken for a feeder would scan one sheet for ever
    if (sheet_fed if got is None else bool(got)) != feeder:
        raise _refused("source", f"feeder: asked {feeder}, got {got}")
    if not feeder:
        return
    duplex = source == "feeder-duplex"
    session.write(tw.CAP_DUPLEXENABLED, tw.TWTY_BOOL, duplex)
    both = session.read(tw.CAP_DUPLEXENABLED)
    if bool(both) != duplex:
        raise _refused("source", f"duplex: asked {duplex}, got {both}")


def _count(session: Session, order: Order) -> None:
    """How many pictures the source may take: a sheet it was not asked for must stay in the tray."""
    wanted = 1 if order.source == "flatbed" else order.max_pages or -1
    if not session.write(tw.CAP_XFERCOUNT, tw.TWTY_INT16, wanted):
        session.write(tw.CAP_XFERCOUNT, tw.TWTY_INT16, -1)


def _pixels(session: Session, order: Order) -> bool:
    """Colour, depth and order of a picture's bytes. True when 0 means white."""
    wanted = PIXEL_TYPES[order.mode]
    session.write(tw.ICAP_PIXELTYPE, tw.TWTY_UINT16, wanted)
    got = session.read(tw.ICAP_PIXELTYPE)
    if got != wanted:
        raise _refused("mode", f"pixel type: asked {wanted}, got {got}")
    bits = BITS[order.mode]
    session.write(tw.ICAP_BITDEPTH, tw.TWTY_UINT16, bits)
    # some count the bits of one colour
    if session.read(tw.ICAP_BITDEPTH) not in (None, bits, min(bits, 8)):
        raise _refused("depth", f"bits: asked {bits}, got {session.read(tw.ICAP_BITDEPTH)}")
    session.write(tw.ICAP_PLANARCHUNKY, tw.TWTY_UINT16, 0)
    if order.mode == "color":
        return False
    session.write(tw.ICAP_PIXELFLAVOR, tw.TWTY_UINT16, standard.TWPF_CHOCOLATE)
    return session.read(tw.ICAP_PIXELFLAVOR) == standard.TWPF_VANILLA


def _resolution(session: Session, order: Order) -> tuple[float, float]:
    got: list[float] = []
    for capability in (tw.ICAP_XRESOLUTION, tw.ICAP_YRESOLUTION):
        session.write(capability, tw.TWTY_FIX32, float(order.dpi))
        value = session.read(capability)
        if value is None or isinstance(value, str) or abs(float(value) - order.dpi) > SAME_DPI:
            raise _refused("dpi", f"asked {order.dpi} dpi, got {value}")
        got.append(float(value))
    return got[0], got[1]


def _sheet(session: Session, order: Order) -> str:
    """The part of the glass, or the named sheet; never more than the scanner is large. Returns what it became."""
    most = [session.read(c) for c in (tw.ICAP_PHYSICALWIDTH, tw.ICAP_PHYSICALHEIGHT)]
    inches = [length / MM_AN_INCH for length in order.sheet_mm]
    width, height = (min(wish, float(limit)) if limit else wish for wish, limit in zip(inches, most, strict=True))
    if not session.set_frame((0.0, 0.0, width, height)):
        named = _NAMED.get((round(order.sheet_mm[0]), round(order.sheet_mm[1])))
        if named is not None:
            session.write(tw.ICAP_SUPPORTEDSIZES, tw.TWTY_UINT16, named)
    frame = session.frame()
    if frame is None:
        return ""
    left, top, right, bottom = frame
    return f"{(right - left) * MM_AN_INCH:.0f} x {(bottom - top) * MM_AN_INCH:.0f}"


def _paper_there(session: Session) -> None:
    """An empty tray is told before rollers turn, by scanners that can see their paper."""
    if loaded(session) == 0:
        raise Fault("scanner.empty", "the feeder is not loaded")


def loaded(session: Session) -> int | None:
    """1: paper lies in the feeder, 0: none, None: the scanner cannot see it."""
    if not session.read(tw.CAP_PAPERDETECTABLE):
        return None
    there = session.read(tw.CAP_FEEDERLOADED)
    return None if there is None else int(bool(there))


def _keep_every_side(session: Session) -> None:
    """Dropping blank sides is the desk's decision: a driver that will not leave it loses pages unseen."""
    session.write(tw.ICAP_AUTODISCARDBLANKPAGES, tw.TWTY_INT32, standard.TWBP_DISABLE)
    got = session.read(tw.ICAP_AUTODISCARDBLANKPAGES)
    if got not in (None, standard.TWBP_DISABLE):
        raise _refused("blank", f"discarding of blank pages stays at {got}")
