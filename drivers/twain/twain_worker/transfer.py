# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One picture out of the source: by memory, strip by strip, or native, whole. State 6 -> 7.

Apart from the batch because here the driver's numbers meet its bytes: what does not fit is never a page.
"""

from __future__ import annotations

import ctypes as ct
from collections.abc import Callable
from dataclasses import dataclass

from twain.lowlevel import constants as tw

from twain_worker import standard
from twain_worker.dib import INVERTED, BadPicture, Picture, header_length, picture_of, read_header, spread
from twain_worker.order import Order
from twain_worker.session import Session
from twain_worker.trouble import Fault, Trouble
from twain_worker.wire import MAX_BYTES
from twain_worker.wishes.settle import BITS, PIXEL_TYPES, SAME_DPI, Settled

_LEAST_BUFFER, _MOST_BUFFER = 64 << 10, 1 << 20
#: told (rows so far, rows in all or -1) and answers whether to go on
Progress = Callable[[int, int], bool]


@dataclass(frozen=True, slots=True)
class Announced:
    """What the source says of the picture before it comes; -1 where it cannot tell."""

    width: int = -1
    rows: int = -1


def announced(session: Session, order: Order, settled: Settled) -> Announced:
    """Ask for the picture's measures and hold them against the order.

    Raises:
        Fault: ``scanner.refused`` when it is none of what was ordered, ``scanner.bad_image`` when it is absurd.
    """
    try:
        info = session.image_info()
    except Trouble:
        if settled.memory:
            raise
        # a whole picture says it all itself
        return Announced()
    if info.PixelType != PIXEL_TYPES[order.mode] or info.BitsPerPixel != BITS[order.mode]:
        detail = f"picture of type {info.PixelType}, {info.BitsPerPixel} bits"
        raise Fault("scanner.refused", detail, option="mode")
    if info.Planar or (settled.memory and info.Compression):
        raise Fault("scanner.refused", f"planar {info.Planar}, compression {info.Compression}", option="transfer")
    for fixed, asked in ((info.XResolution, settled.dpi[0]), (info.YResolution, settled.dpi[1])):
        dpi = fixed.Whole + fixed.Frac / 65536
        if dpi > 0 and abs(dpi - asked) > SAME_DPI:
            raise Fault("scanner.refused", f"picture of {dpi:g} dpi", option="dpi")
    width, rows = int(info.ImageWidth), int(info.ImageLength)
    if width == 0 or rows == 0 or (min(width, rows) > 0 and width * rows * _samples(order) > MAX_BYTES):
        raise Fault("scanner.bad_image", f"announced {width} x {rows}")
    return Announced(max(width, -1), max(rows, -1))


def _samples(order: Order) -> int:
    return 3 if order.mode == "color" else 1


def picture(session: Session, order: Order, settled: Settled, frame: Announced, progress: Progress) -> Picture | None:
    """Transfer it. None when it was given up, by us or at the scanner; the state is 7 or 6 then.

    Raises:
        Fault: ``scanner.short_page``, ``scanner.bad_image``, ``scanner.refused``.
        Trouble: the driver failed.
    """
    try:
        got = _by_memory(session, order, settled, frame, progress) if settled.memory else _native(session)
    except BadPicture as problem:
        raise Fault("scanner.bad_image", str(problem)) from problem
    if got is None:
        return None
    if got.height < frame.rows:
        raise Fault("scanner.short_page", f"{got.height} of {frame.rows} rows")
    if (frame.width > 0 and got.width != frame.width) or got.height > frame.rows > 0:
        raise Fault("scanner.bad_image", f"announced {frame.width} x {frame.rows}, got {got.width} x {got.height}")
    if got.samples != _samples(order) or got.bilevel != (order.mode == "bw"):
        raise Fault("scanner.refused", f"picture of {got.samples} samples for {order.mode}", option="mode")
    return got


# -- memory ----------------------------------------------------------------------------------------------------------


def _by_memory(
    session: Session, order: Order, settled: Settled, frame: Announced, progress: Progress
) -> Picture | None:
    room = _buffer_size(session)
    buffer = ct.create_string_buffer(room)
    seen = memoryview(buffer).cast("B")
    pixels, width, rows = bytearray(), frame.width, 0
    while True:
        strip = standard.ImageMemXfer(*[standard.DONT_CARE & 0xFFFF], *[standard.DONT_CARE] * 6)
        owned_by_us = tw.TWMF_APPOWNS | tw.TWMF_POINTER
        strip.Memory = standard.Memory(owned_by_us, room, ct.addressof(buffer))
        answers = (tw.TWRC_XFERDONE, tw.TWRC_CANCEL)
        answer = session.call(tw.DG_IMAGE, tw.DAT_IMAGEMEMXFER, tw.MSG_GET, ct.byref(strip), answers)
        session.state = 7
        if answer == tw.TWRC_CANCEL:
            return None
        width = strip.Columns if width < 0 else width
        _check_strip(strip, order, room, width, rows)
        if rows + strip.Rows > MAX_BYTES // (width * _samples(order)):
            raise BadPicture("more rows than any sheet has")
        pixels += _rows_of(strip, seen, order, settled.zero_is_white)
        rows += strip.Rows
        if answer == tw.TWRC_XFERDONE:
            if rows == 0:
                raise BadPicture("no rows")
            return Picture(width, rows, _samples(order), order.mode == "bw", pixels)
        if strip.Rows and not progress(rows, frame.rows):
            return None


def _buffer_size(session: Session) -> int:
    """As large as the source likes best, within what it can and what is sane."""
    sizes = standard.SetupMemXfer()
    session.call(tw.DG_CONTROL, tw.DAT_SETUPMEMXFER, tw.MSG_GET, ct.byref(sizes))
    most = _MOST_BUFFER if sizes.MaxBufSize in (0, standard.DONT_CARE) else sizes.MaxBufSize
    liked = _LEAST_BUFFER if sizes.Preferred in (0, standard.DONT_CARE) else sizes.Preferred
    least = 1 if sizes.MinBufSize == standard.DONT_CARE else max(sizes.MinBufSize, 1)
    size = int(max(least, min(liked, most)))
    if size > MAX_BYTES:
        raise BadPicture(f"strips of {size} bytes")
    return size


def _check_strip(strip: standard.ImageMemXfer, order: Order, room: int, width: int, rows: int) -> None:
    if strip.Compression or strip.Columns != width or strip.XOffset not in (0, standard.DONT_CARE):
        raise BadPicture(f"strip of {strip.Columns} columns at {strip.XOffset}, compression {strip.Compression}")
    if strip.YOffset not in (rows, standard.DONT_CARE):
        raise BadPicture(f"strip at row {strip.YOffset} after {rows}")
    if strip.BytesPerRow < (width * BITS[order.mode] + 7) // 8:
        raise BadPicture(f"{strip.BytesPerRow} bytes for {width} pixels")
    if strip.Rows * strip.BytesPerRow > room or strip.BytesWritten < strip.Rows * strip.BytesPerRow:
        raise BadPicture(f"{strip.Rows} rows of {strip.BytesPerRow} in {strip.BytesWritten} bytes")


def _rows_of(strip: standard.ImageMemXfer, seen: memoryview, order: Order, zero_is_white: bool) -> bytes | memoryview:
    """The strip's rows without padding, a byte a sample."""
    stride, width = int(strip.BytesPerRow), int(strip.Columns)
    if order.mode == "bw":
        data: bytes | memoryview = b"".join(
            [spread(seen[y * stride : (y + 1) * stride], width) for y in range(strip.Rows)]
        )
    elif stride == width * _samples(order):
        data = seen[: stride * strip.Rows]
    else:
        used = width * _samples(order)
        data = b"".join([seen[y * stride : y * stride + used] for y in range(strip.Rows)])
    return bytes(data).translate(INVERTED) if zero_is_white else data


# -- native ----------------------------------------------------------------------------------------------------------


def _native(session: Session) -> Picture | None:
    handle = ct.c_void_p()
    answers = (tw.TWRC_XFERDONE, tw.TWRC_CANCEL)
    answer = session.call(tw.DG_IMAGE, tw.DAT_IMAGENATIVEXFER, tw.MSG_GET, ct.byref(handle), answers)
    if answer == tw.TWRC_SUCCESS:
        raise BadPicture("success, but no picture")
    session.state = 7
    if not handle.value:
        if answer == tw.TWRC_CANCEL:
            return None
        raise BadPicture("a picture without memory")
    place = session.lock(handle.value)
    try:
        # a cancelled transfer may leave a part of a page behind: freed, never shown
        return None if answer == tw.TWRC_CANCEL else _dib_at(place, session.size_of(handle.value))
    finally:
        session.release(handle.value)


def _dib_at(place: int, size: int | None) -> Picture:
    known = 40 if size is None else min(size, 40)
    length = header_length(ct.string_at(place, known))
    header = read_header(ct.string_at(place, length if size is None else min(length, size)))
    if size is not None and size < header.size:
        raise BadPicture(f"{size} bytes of memory for {header.size}")
    rows = (ct.c_ubyte * (header.stride * header.height)).from_address(place + header.start)
    return picture_of(header, memoryview(rows).cast("B"))
