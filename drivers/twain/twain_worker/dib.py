# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures as drivers hand them over (DIB in memory, rows of a strip) -> rows from the top without padding.

Apart and pure, because this is where pages come out sheared, mirrored or in false colours when a header is misread.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from twain_worker.wire import MAX_BYTES

_CORE, _INFO = 12, 40
_BI_RGB = 0
#: each byte of eight pixels -> eight bytes
_EIGHT = tuple(bytes(255 if byte >> (7 - bit) & 1 else 0 for bit in range(8)) for byte in range(256))
INVERTED = bytes(range(255, -1, -1))


class BadPicture(Exception):
    """The driver's picture contradicts itself."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``pixels``: height x width x samples bytes, rows from the top; samples 3 = RGB, 1 = grey (0 black). A picture of
    one bit a pixel comes as 0/255 with ``bilevel`` set."""

    width: int
    height: int
    samples: int
    bilevel: bool
    pixels: bytearray


@dataclass(frozen=True, slots=True)
class Header:
    """What a DIB says of itself. ``start`` and ``stride`` in bytes, ``size`` with everything."""

    width: int
    height: int
    bits: int
    top_down: bool
    palette: tuple[tuple[int, int, int], ...]
    start: int
    stride: int

    @property
    def size(self) -> int:
        return self.start + self.stride * self.height


def header_length(first: bytes) -> int:
    """How many bytes :func:`read_header` needs, from the first 40 of a DIB (or 12, when it is as old as that).

    Raises:
        BadPicture: no size of header that exists.
    """
    size = int.from_bytes(first[:4], "little")
    if size == _CORE:
        return _CORE + 3 * 256
    if size not in (40, 52, 56, 108, 124):
        raise BadPicture(f"DIB header of {size} bytes")
    bits = int.from_bytes(first[14:16], "little")
    return size + (4 << bits if bits <= 8 else 0)


def read_header(data: bytes) -> Header:
    """Read the header and palette. A ``biClrUsed`` of 0 means a full palette; a negative height, rows from the top.

    Raises:
        BadPicture: compressed, of a depth nobody ordered, absurdly large, or no DIB at all.
    """
    size = int.from_bytes(data[:4], "little")
    if size == _CORE:
        width, height, planes, bits = struct.unpack_from("<HHHH", data, 4)
        compression, used, entry = _BI_RGB, 0, 3
    else:
        width, height, planes, bits, compression = struct.unpack_from("<iiHHI", data, 4)
        used, entry = int.from_bytes(data[32:36], "little"), 4
    if compression != _BI_RGB or planes != 1 or bits not in (1, 8, 24):
        raise BadPicture(f"DIB of {bits} bits, {planes} planes, compression {compression}")
    if width < 1 or height == 0:
        raise BadPicture(f"DIB of {width} x {height}")
    full = 1 << bits if bits <= 8 else 0
    if full and used > full:
        raise BadPicture(f"{used} colours in {bits} bits")
    # a true-colour DIB may carry a palette as a hint: it only moves the rows
    entries = (used or full) if full else used
    stride = (width * bits + 31) // 32 * 4
    if stride * abs(height) > MAX_BYTES or width * abs(height) * (3 if bits == 24 else 1) > MAX_BYTES:
        raise BadPicture(f"DIB of {width} x {height} x {bits} bits")
    start = size + entry * entries
    palette = []
    if full:
        if len(data) < start:
            raise BadPicture("palette cut off")
        for place in range(size, start, entry):
            blue, green, red = data[place : place + 3]
            palette.append((red, green, blue))
    return Header(width, abs(height), bits, height < 0, tuple(palette), start, stride)


def picture_of(header: Header, rows: memoryview) -> Picture:
    """``rows``: what follows header and palette.

    Raises:
        BadPicture: not all rows are there, or a pixel has a colour the palette lacks.
    """
    width, height, stride = header.width, header.height, header.stride
    if len(rows) < stride * height:
        raise BadPicture(f"{len(rows)} bytes for {height} rows of {stride}")
    order = range(height) if header.top_down else range(height - 1, -1, -1)
    if header.bits == 24:
        pixels = bytearray().join(rows[y * stride : y * stride + 3 * width] for y in order)
        pixels[0::3], pixels[2::3] = pixels[2::3], pixels[0::3]
        return Picture(width, height, 3, False, pixels)
    if header.bits == 1:
        pixels = bytearray().join(spread(rows[y * stride : (y + 1) * stride], width) for y in order)
        return Picture(width, height, 1, *_two_colours(header, pixels))
    pixels = bytearray().join(rows[y * stride : y * stride + width] for y in order)
    return _painted(header, pixels)


def spread(row: memoryview | bytes, width: int) -> bytes:
    """A row of one bit a pixel -> a byte a pixel, 0 or 255."""
    return b"".join([_EIGHT[byte] for byte in row[: (width + 7) // 8]])[:width]


def _two_colours(header: Header, pixels: bytearray) -> tuple[bool, bytearray]:
    palette = header.palette
    if len(palette) < 2 or {palette[0], palette[1]} != {(0, 0, 0), (255, 255, 255)}:
        raise BadPicture(f"two colours that are not black and white: {palette}")
    return True, pixels if palette[1] == (255, 255, 255) else pixels.translate(INVERTED)


def _painted(header: Header, pixels: bytearray) -> Picture:
    """Indices -> grey, or RGB where the palette has colours."""
    palette = header.palette
    if max(pixels) >= len(palette):
        raise BadPicture(f"colour {max(pixels)} of {len(palette)}")
    full = [*palette, *[(0, 0, 0)] * (256 - len(palette))]
    tables = [bytes(colour[part] for colour in full) for part in range(3)]
    if tables[0] == tables[1] == tables[2]:
        return Picture(header.width, header.height, 1, False, pixels.translate(tables[0]))
    painted = bytearray(3 * len(pixels))
    for part in range(3):
        painted[part::3] = pixels.translate(tables[part])
    return Picture(header.width, header.height, 3, False, painted)
