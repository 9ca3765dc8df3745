# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The master picture of a page: pixels to the JPEG that is the record, and back.

Apart because every other part of the room reads or writes pixels through here, and because what counts as an
unreadable, damaged or oversized picture must be said in one place.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from digitizer_desk.errors import error

#: uint8, (H, W, 3) RGB or (H, W) grey
Pixels: TypeAlias = npt.NDArray[np.uint8]

#: an A3 sheet at 600 dpi has 70 million; whatever claims more is no scanned page but an attempt on the memory
MAX_PIXELS = 100_000_000
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# whatever is above the limit is refused right after; the warning in between says nothing more
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)
# of tags nobody reads here; pixels that cannot be read raise
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
#: with full chroma resolution (4:4:4): thin red seal lines keep their colour; 300 dpi A4 is 1-2 MB
MASTER_QUALITY = 92
_MASTER = (
    cv2.IMWRITE_JPEG_QUALITY,
    MASTER_QUALITY,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
)
#: where JFIF, which is the first segment, holds the unit of the resolution (1: inch) and the resolution, x and y
_DENSITY = slice(13, 18)


def encode_master(pixels: Pixels, dpi: float | tuple[float, float]) -> bytes:
    """The JPEG that is kept as the record: quality 92, 4:4:4, resolution written in its JFIF header.

    Args:
        pixels: uint8, (H, W, 3) RGB or (H, W) grey.
        dpi: pixels an inch, one number or (x, y); JFIF holds whole numbers.

    Raises:
        ImageFileError: ``image.too_big`` for a page longer than a JPEG can be.
    """
    x, y = dpi if isinstance(dpi, tuple) else (dpi, dpi)
    # the same bytes as by Pillow, without its copy of the page with four bytes a pixel
    swapped = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    done, coded = cv2.imencode(".jpg", swapped, _MASTER)
    if not done:  # a JPEG holds 65,500 pixels a side at most
        raise error("image.too_big", f"{pixels.shape[1]}x{pixels.shape[0]}", file="trang quét")
    coded[_DENSITY] = np.frombuffer(struct.pack(">BHH", 1, max(1, round(x)), max(1, round(y))), np.uint8)
    return coded.tobytes()


def decode(jpeg: bytes, name: str = "") -> Pixels:
    """Pixels of a picture held in memory, exactly as stored: no turn is applied, whatever its EXIF says.

    Args:
        jpeg: the file's bytes.
        name: what to call it in the error.

    Raises:
        ImageFileError: ``image.empty``, ``image.unreadable``, ``image.damaged`` (cut off or broken inside) or
            ``image.too_big`` (claims more than MAX_PIXELS).
    """
    with opened(jpeg, name) as image:
        if image.format == "JPEG" and image.mode in ("L", "RGB") and jpeg.endswith(_END_OF_JPEG):
            quick = _decode_whole(jpeg, image.mode == "L")
            if quick is not None:
                return quick
        return plain(image, name)


def _decode_whole(jpeg: bytes, grey: bool) -> Pixels | None:
    """A complete JPEG straight into its array: the same pixels as by Pillow, without its second copy of the page."""
    flag = cv2.IMREAD_GRAYSCALE if grey else cv2.IMREAD_COLOR_RGB
    pixels: Pixels | None = cv2.imdecode(np.frombuffer(jpeg, np.uint8), flag | cv2.IMREAD_IGNORE_ORIENTATION)
    return pixels


def from_raw(raw: bytes | bytearray | memoryview, width: int, height: int, samples: int) -> Pixels:
    """An array over the scanner's own buffer, without copying it. ``samples``: 1 grey, 3 RGB, eight bits each.

    Raises:
        ImageFileError: ``image.damaged`` when the buffer does not hold exactly that many bytes.
    """
    if samples not in (1, 3) or len(raw) != width * height * samples or not raw:
        raise error("image.damaged", f"{len(raw)} bytes for {width}x{height}x{samples}", file="")
    shape = (height, width) if samples == 1 else (height, width, samples)
    return np.frombuffer(raw, np.uint8).reshape(shape)


def as_png(pixels: Pixels, dpi: float | tuple[float, float] | None = None) -> bytes:
    """The same pixels as a lossless PNG, quickly made, with the resolution when it is given."""
    target = io.BytesIO()
    image = Image.fromarray(pixels)
    if dpi is None:
        image.save(target, "PNG", compress_level=1)
    else:
        image.save(target, "PNG", compress_level=1, dpi=dpi if isinstance(dpi, tuple) else (dpi, dpi))
    return target.getvalue()


def at_resolution(data: bytes, dpi: int, *, grey: bool, source_dpi: int = 300) -> bytes:
    """A picture taken at ``source_dpi`` as a scanner would give it at ``dpi``: PNG bytes, as they are if they fit.

    Raises:
        ImageFileError: as :func:`decode`.
    """
    if dpi == source_dpi and not grey and data.startswith(b"\x89PNG"):
        return data
    with opened(data, "") as image:
        picture = image.convert("L" if grey or image.mode in ("L", "1") else "RGB")
        if dpi != source_dpi:
            size = (round(picture.width * dpi / source_dpi), round(picture.height * dpi / source_dpi))
            picture = picture.resize(size, Image.Resampling.BICUBIC)
    return as_png(np.asarray(picture), (float(dpi), float(dpi)))


@contextmanager
def opened(data: bytes, name: str, formats: tuple[str, ...] | None = None) -> Iterator[Image.Image]:
    """A picture whose header was read and whose size was weighed, but whose pixels are not decoded yet.

    Whatever the decoder says inside the ``with`` block comes out as one of the errors of :func:`decode`.
    """
    if not data:
        raise error("image.empty", file=name)
    with readable(name, known=data[:16].startswith(MAGIC)), Image.open(io.BytesIO(data), formats=formats) as image:
        yield image


#: OpenCV fills what is missing with grey and says nothing, so it only gets files that have their end
_END_OF_JPEG = b"\xff\xd9"

#: first bytes of the kinds of picture that are read: a file that begins so but does not open is damaged
MAGIC = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"BM",
    b"RIFF",
    b"\0\0\0\x0cjP  ",
    b"\xff\x4f\xff\x51",
)


@contextmanager
def readable(name: str, *, known: bool) -> Iterator[None]:
    """Turns what Pillow raises into ``image.*``. ``known``: the first bytes were those of a picture."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as wrong:
        raise error("image.too_big", type(wrong).__name__, file=name) from wrong
    except UnidentifiedImageError as wrong:
        raise error("image.damaged" if known else "image.unreadable", file=name) from wrong
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, OverflowError) as wrong:
        raise error("image.damaged", type(wrong).__name__, file=name) from wrong


def plain(image: Image.Image, name: str) -> Pixels:
    """Decoded pixels as RGB or grey, eight bits; what is see-through lies on white paper."""
    if image.width * image.height > MAX_PIXELS:
        raise error("image.too_big", f"{image.width}x{image.height}", file=name)
    if image.mode in ("L", "RGB"):
        return np.asarray(image)
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    if image.mode.startswith("I"):
        deep = np.asarray(image).astype(np.float32)
        eight: Pixels = np.clip(deep / 257.0 + 0.5, 0, 255).astype(np.uint8)
        return eight
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        paper = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        return np.asarray(Image.alpha_composite(paper, layer).convert("RGB"))
    return np.asarray(image.convert("RGB"))
