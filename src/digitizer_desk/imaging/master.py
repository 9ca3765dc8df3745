# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The record of a page: a JPEG good enough to be the master, and its way back to pixels.

Apart from measuring so that the hosts' raw pixels are turned into something one can keep in one place only.
"""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from digitizer_desk.errors import error

Pixels = NDArray[np.uint8]

#: A3 at 600 dpi, with room; more is a bomb or a mistake
MAX_PIXELS = 160_000_000
#: quality of the master: 4:4:4 at 92 keeps seals and thin strokes (imaging.md)
_QUALITY = 92

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def from_raw(data: bytes | bytearray | memoryview, width: int, height: int, samples: int) -> Pixels:
    """Raw rows as an array without copying: uint8 (height, width, 3) RGB or (height, width) grey.

    Raises:
        DeskError: ``image.damaged`` when the count of bytes does not fit.
    """
    if len(data) != width * height * samples or samples not in (1, 3):
        raise error("image.damaged", f"{len(data)} bytes for {width}x{height}x{samples}", file="")
    shape = (height, width, 3) if samples == 3 else (height, width)
    return np.frombuffer(data, np.uint8).reshape(shape)


def encode_master(pixels: Pixels, dpi: tuple[float, float]) -> bytes:
    """A JPEG of quality 92 without chroma subsampling, ``dpi`` in its JFIF header."""
    sink = BytesIO()
    density = (round(dpi[0]), round(dpi[1]))
    Image.fromarray(pixels).save(sink, "JPEG", quality=_QUALITY, subsampling=0, dpi=density)
    return sink.getvalue()


def as_png(pixels: Pixels, dpi: tuple[float, float]) -> bytes:
    """A lossless PNG, quickly made (compression level 1)."""
    sink = BytesIO()
    Image.fromarray(pixels).save(sink, "PNG", compress_level=1, dpi=dpi)
    return sink.getvalue()


def decode(data: bytes) -> Pixels:
    """Pixels of a JPEG or PNG: uint8 (H, W, 3) RGB or (H, W) grey.

    Raises:
        DeskError: ``image.empty``, ``image.unreadable``, ``image.damaged``, ``image.too_big``.
    """
    return np.asarray(_opened(data))


def _opened(data: bytes) -> Image.Image:
    if not data:
        raise error("image.empty", file="")
    try:
        picture = Image.open(BytesIO(data))
        if picture.width * picture.height > MAX_PIXELS:
            raise error("image.too_big", file="")
        picture.load()
    except UnidentifiedImageError as problem:
        raise error("image.unreadable", file="") from problem
    except Image.DecompressionBombError as problem:
        raise error("image.too_big", file="") from problem
    except (OSError, SyntaxError, ValueError) as problem:
        raise error("image.damaged", str(problem), file="") from problem
    return picture if picture.mode in ("RGB", "L") else picture.convert("L" if picture.mode == "1" else "RGB")


def at_resolution(data: bytes, dpi: int, *, grey: bool, source_dpi: int = 300) -> bytes:
    """A picture drawn at ``source_dpi`` as a scanner would give it at ``dpi``: PNG bytes, as they are if they fit."""
    picture = _opened(data)
    if dpi == source_dpi and not grey and data.startswith(b"\x89PNG"):
        return data
    if grey:
        picture = picture.convert("L")
    if dpi != source_dpi:
        size = (round(picture.width * dpi / source_dpi), round(picture.height * dpi / source_dpi))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    return as_png(np.asarray(picture), (float(dpi), float(dpi)))
