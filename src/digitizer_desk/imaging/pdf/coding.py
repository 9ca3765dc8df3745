# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The two layers of a page as bytes, and back: a JPEG inside Flate, and lossless CCITT G4.

Apart because only standard filters of PDF 1.4 are used here, and because equal layers must give equal bytes. No symbol
coder: each mark on the page stays the mark that was scanned, never a likeness of another (BSI TR-03138).
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.pdf.layers import Layers

_TIFF_COMPRESSION = "group4"
_ROWS_PER_STRIP, _PHOTOMETRIC, _STRIP_OFFSETS, _STRIP_BYTES = 278, 262, 273, 279
_BLACK_IS_ZERO = 1


@dataclass(frozen=True, slots=True)
class PageLayers:
    """A page as two layers of ``width`` x ``height`` pixels each.

    ``picture``: a JPEG of one (``grey``) or three channels, deflated once more. ``stencil``: CCITT G4, toner is black.
    ``toner``: the stencil's colour, as many values (0-255) as the picture has channels.
    """

    width: int
    height: int
    grey: bool
    picture: bytes
    stencil: bytes
    toner: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes of both layers."""
        return len(self.picture) + len(self.stencil)


def encode(layers: Layers) -> PageLayers:
    """Both layers as bytes. Equal layers give equal bytes."""
    height, width = layers.stencil.shape
    # a page of bare paper is a run of equal bytes: 130 kB of JPEG become less than one
    picture = zlib.compress(_jpeg(layers.picture), 9)
    return PageLayers(width, height, layers.picture.ndim == 2, picture, _group4(layers.stencil), layers.toner)


def decode_picture(coded: PageLayers, *, halved: bool = False) -> Pixels:
    """The picture as it will be shown; ``halved``: at half its size, rounded up, which is quicker."""
    flag = cv2.IMREAD_REDUCED_GRAYSCALE_2 if halved else cv2.IMREAD_GRAYSCALE
    if not coded.grey:
        flag |= cv2.IMREAD_COLOR_RGB
    pixels: Pixels | None = cv2.imdecode(np.frombuffer(zlib.decompress(coded.picture), np.uint8), flag)
    if pixels is None:
        raise ValueError("the picture layer is no JPEG")
    return pixels


def decode_stencil(coded: PageLayers) -> Pixels:
    """The stencil as it will be shown: uint8 (H, W), 255 where toner lies."""
    with Image.open(io.BytesIO(_as_tiff(coded))) as image:
        stencil = np.frombuffer(image.tobytes("raw", "L"), np.uint8)
    return stencil.reshape(coded.height, coded.width)


def compose(coded: PageLayers) -> Pixels:
    """The page as a viewer shows it, at full size: (H, W, 3) RGB or (H, W) grey."""
    page = decode_picture(coded)
    toner = coded.toner[0] if coded.grey else coded.toner
    page[decode_stencil(coded) > 0] = toner
    return page


#: steps of the JPEG for the mean, of lightness and of colour; they are double where the frequency (0-7) is _HALF_AT
_STEPS = (36.0, 20.0)
_HALF_AT, _POWER = 4.0, 2.6


def _tables() -> list[list[int]]:
    """Steps of the JPEG, for lightness and for colour, in reading order: finer for colour, so that seals stay.

    They grow with the spatial frequency by a power law: what is lost is the paper's grain, and not lines.
    """
    distance = np.hypot(*np.meshgrid(np.arange(8), np.arange(8)))
    growth = 1 + (distance / _HALF_AT) ** _POWER
    return [[int(step) for step in np.clip(np.round(base * growth), 1, 255).ravel()] for base in _STEPS]


def _jpeg(picture: Pixels) -> bytes:
    target = io.BytesIO()
    size, mode = picture.shape[1::-1], "L" if picture.ndim == 2 else "RGBX"
    # both modes lie in memory as Pillow holds them: it looks at the array itself
    image = Image.frombuffer(mode, size, np.ascontiguousarray(picture), "raw", mode, 0, 1)
    image.save(target, "JPEG", qtables=_tables(), subsampling="4:2:0")
    return target.getvalue()


def _group4(stencil: Pixels) -> bytes:
    height, width = stencil.shape
    image = Image.frombytes("1", (width, height), stencil.tobytes(), "raw", "1;8")  # a byte a point, as Pillow has it
    target = io.BytesIO()
    tags = {_ROWS_PER_STRIP: height, _PHOTOMETRIC: _BLACK_IS_ZERO}
    image.save(target, "TIFF", compression=_TIFF_COMPRESSION, tiffinfo=tags)
    target.seek(0)
    with TiffImageFile(target) as written:
        (offset,), (length,) = written.tag_v2[_STRIP_OFFSETS], written.tag_v2[_STRIP_BYTES]
    return target.getvalue()[offset : offset + length]


def _as_tiff(coded: PageLayers) -> bytes:
    """The stencil as a TIFF of one strip (TIFF 6.0, section 2): what a decoder wants round it."""
    short, long = 3, 4
    entries = (
        (256, long, coded.width), (257, long, coded.height), (258, short, 1), (259, short, 4),
        (_PHOTOMETRIC, short, _BLACK_IS_ZERO), (_STRIP_OFFSETS, long, 8), (277, short, 1),
        (_ROWS_PER_STRIP, long, coded.height), (_STRIP_BYTES, long, len(coded.stencil)),
    )  # fmt: skip
    strip = coded.stencil + bytes(len(coded.stencil) % 2)
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    return b"".join(
        (struct.pack("<2sHI", b"II", 42, 8 + len(strip)), strip, struct.pack("<H", len(entries)), table, bytes(4))
    )
