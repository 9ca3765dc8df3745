# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Repairs a clerk asks for: turning, straightening, cropping, light; always a new picture, always from the master.

Apart from the measures because these change pixels; the page as scanned stays what it was. All that is asked for is
done in one go, with one resampling and one encoding at most: repairing a repaired page means repairing its first
version again, never softening it twice. A quarter turn alone needs neither: ``Page.turn`` carries it into the PDF
without touching a pixel.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.dossier.finding import PageMeasures, Region
from digitizer_desk.dossier.repair import Repair
from digitizer_desk.imaging.master import Pixels, decode, encode_master

#: paper is brought to this tone (of 255), and never by more than this factor
_PAPER_TONE, _MOST_GAIN = 248.0, 2.5


def propose(measures: PageMeasures, *, light_below: float, skew_above: float, backing_above: float) -> Repair:
    """What would mend the page as measured; offered, never done unasked.

    Args:
        light_below: paper darker than this (0-1) is brightened.
        skew_above: skew beyond this many degrees is taken back.
        backing_above: backing wider than this many mm is cropped, up to the sheet.
    """
    skew = measures.skew_deg or 0.0
    sides = measures.backing_mm
    crop = None
    if max(sides) > backing_above:
        width, height = (
            size / dpi * 25.4 for size, dpi in zip((measures.width, measures.height), measures.dpi, strict=True)
        )
        left, top, right, bottom = sides
        crop = Region(left / width, top / height, 1 - right / width, 1 - bottom / height)
        if (measures.rotation or 0) % 360:
            crop = _turned(crop, measures.rotation or 0)
    return Repair(
        turn=-(measures.rotation or 0) % 360,
        skew_deg=skew if abs(skew) > skew_above else 0.0,
        crop=crop,
        light=measures.light < light_below,
    )


def repair_master(jpeg: bytes, repair: Repair, dpi: tuple[float, float]) -> bytes:
    """The master of the repaired page, made from the *first* master; the same bytes when there is nothing to do.

    Raises:
        ImageFileError: as :func:`~digitizer_desk.imaging.master.decode`.
        ValueError: the turn is no multiple of 90.
    """
    if repair.nothing and not repair.turn % 360:
        return jpeg
    across = dpi if repair.turn % 180 == 0 else (dpi[1], dpi[0])
    return encode_master(repaired(decode(jpeg), repair), across)


def repaired(pixels: Pixels, repair: Repair) -> Pixels:
    """The page repaired, resampled once at most (only when it is straightened); always a new array.

    Raises:
        ValueError: the turn is no multiple of 90.
    """
    page = turn(pixels, repair.turn)
    height, width = page.shape[:2]
    box = (0, 0, width, height)
    if repair.crop is not None:
        crop = repair.crop
        box = (
            round(crop.left * width),
            round(crop.top * height),
            round(crop.right * width),
            round(crop.bottom * height),
        )
    if repair.skew_deg:
        page = _straight(page, repair.skew_deg, box)
    else:
        page = np.ascontiguousarray(page[box[1] : box[3], box[0] : box[2]])
    return lighten(page) if repair.light else page


def lighten(pixels: Pixels) -> Pixels:
    """Paper brought to white, each channel by its own gain, so a tint goes with the grey; black stays black."""
    coarse = pixels[::8, ::8].reshape(-1, *pixels.shape[2:])
    paper = np.atleast_1d(np.percentile(coarse, 75, axis=0))
    gains = np.clip(_PAPER_TONE / np.maximum(paper, 1.0), 1.0, _MOST_GAIN)
    levels = np.arange(256, dtype=np.float64)
    tables = np.stack([np.clip(np.rint(levels * gain), 0, 255) for gain in gains], axis=-1).astype(np.uint8)
    light: Pixels = cv2.LUT(pixels, tables.reshape(1, 256, -1) if pixels.ndim == 3 else tables.ravel())
    return light


_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turn(pixels: Pixels, degrees: int) -> Pixels:
    """The page turned clockwise by a multiple of 90 degrees, exactly, pixel by pixel; always a new array.

    Raises:
        ValueError: the angle is no multiple of 90.
    """
    if degrees % 90:
        raise ValueError(f"not a quarter turn: {degrees}")
    quarter = degrees % 360
    if quarter == 0:
        return pixels.copy()
    turned: Pixels = cv2.rotate(np.ascontiguousarray(pixels), _QUARTERS[quarter])
    return turned


def deskew(pixels: Pixels, degrees: float) -> Pixels:
    """The page straightened, given the skew as measured (degrees, clockwise positive): it is turned back by it.

    The frame keeps its size, so the resolution over the sheet stays true; what comes into view at the corners
    takes the colour of the paper.
    """
    height, width = pixels.shape[:2]
    return _straight(pixels, degrees, (0, 0, width, height))


def _straight(pixels: Pixels, degrees: float, box: tuple[int, int, int, int]) -> Pixels:
    """The part ``box`` (left, top, right, bottom) of the straightened page, in one resampling."""
    height, width = pixels.shape[:2]
    # cv2 counts anticlockwise as positive, which is the way back from a clockwise skew
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    matrix[:, 2] -= box[:2]
    coarse = pixels[::16, ::16].reshape(-1, *pixels.shape[2:])
    fill = [float(v) for v in np.atleast_1d(np.percentile(coarse, 80, axis=0))]
    size = (max(1, box[2] - box[0]), max(1, box[3] - box[1]))
    straight: Pixels = cv2.warpAffine(
        pixels, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=fill
    )
    return straight


def _turned(region: Region, degrees: int) -> Region:
    """Where a part of the page lies after the page was turned back by this many degrees clockwise."""
    left, top, right, bottom = region.left, region.top, region.right, region.bottom
    for _ in range(-degrees % 360 // 90):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return Region(left, top, right, bottom)
