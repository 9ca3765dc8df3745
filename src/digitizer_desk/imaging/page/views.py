# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The small views every measure looks at, made once: 150 dpi as it is, 75 dpi colour, grey and ink, 37 dpi paper.

Apart because nearly all cost of measuring lies in touching the full-size pixels, which happens here and only here.
Views are made by averaging whole blocks (an integer ratio; any other costs five times as much), each from the one
before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels

VIEW_DPI = 75.0
FINE_DPI = 150.0
#: darker than its paper by this much (of 255) is ink in the 75 dpi view
INK = 40
#: this much darker than the brightest paper and joined to the edge is the scanner's backing
BACKING_DROP = 60
#: the paper beside it is brighter by this
_BACKING_STEP = 30
#: provisional labels of sixteen bits that a picture may need
_MOST_SHAPES = 60_000


@dataclass(frozen=True, slots=True)
class Views:
    """``full`` as given and ``fine``, the same at ``fine_dpi`` ≈ 150, also without colour. All others at ``dpi`` ≈ 75:
    ``colour`` (h, w, 3) or None for grey pages, ``grey``, ``ink`` (darkness under the local paper level, 0-255),
    ``dark`` (255 where that is ink, else 0) and ``backing`` (bool: not the sheet); ``half``, the colours at half of
    that, and ``paper``, the level of the paper there. ``fine_ink``: the darkness at ``fine_dpi``; the backing counts as
    ink there.
    """

    full: Pixels
    full_dpi: float
    fine: Pixels
    fine_grey: Pixels
    fine_ink: Pixels
    fine_dpi: float
    ratio: int
    dpi: float
    colour: Pixels | None
    half: Pixels | None
    grey: Pixels
    ink: Pixels
    dark: Pixels
    paper: Pixels
    backing: np.ndarray
    has_backing: bool

    def px(self, millimetres: float) -> float:
        """Pixels of the small views for a length."""
        return millimetres / 25.4 * self.dpi


def make_views(pixels: Pixels, dpi: float) -> Views:
    """The shared views of a page of ``dpi`` pixels an inch."""
    first = max(1, round(dpi / FINE_DPI))
    second = max(1, round(dpi / first / VIEW_DPI))
    fine, ratio = shrunk(pixels, first), first * second
    small = shrunk(fine, second)
    colour = small if small.ndim == 3 else None
    fine_grey = fine if fine.ndim == 2 else cv2.cvtColor(fine, cv2.COLOR_RGB2GRAY)
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    paper = paper_level(grey)
    ink = ink_map(grey, paper)
    backing = _backing(grey)
    has_backing = bool(backing.any())
    if has_backing:
        away = cv2.compare(cv2.dilate(backing.view(np.uint8), np.ones((5, 5), np.uint8)), 0, cv2.CMP_EQ)
        ink = cv2.bitwise_and(ink, away)
    return Views(
        full=pixels,
        full_dpi=dpi,
        fine=fine,
        fine_grey=fine_grey,
        fine_ink=ink_map(fine_grey, paper),
        fine_dpi=dpi / first,
        ratio=ratio,
        dpi=dpi / ratio,
        colour=colour,
        half=None if colour is None else halved(colour),
        grey=grey,
        ink=ink,
        dark=cv2.compare(ink, INK - 1, cv2.CMP_GT),
        paper=paper,
        backing=backing,
        has_backing=has_backing,
    )


def shrunk(pixels: Pixels, ratio: int) -> Pixels:
    """Block averages of ``ratio`` x ``ratio`` pixels; what is left over at the right and bottom is dropped."""
    if ratio == 1:
        return pixels
    height, width = (max(1, size // ratio) for size in pixels.shape[:2])
    block = pixels[: height * ratio, : width * ratio]
    if min(block.shape[:2]) < ratio:
        return pixels
    small: Pixels = cv2.resize(block, (width, height), interpolation=cv2.INTER_AREA)
    return small


def grey_part(part: Pixels) -> Pixels:
    """A part of a picture without colour, its lines one behind the other."""
    part = np.ascontiguousarray(part)  # OpenCV takes twice as long to turn grey what lies scattered in a larger picture
    return part if part.ndim == 2 else cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)


def paper_level(grey: Pixels) -> Pixels:
    """What the paper would be without ink: closing over about 10 mm at half size, smoothed; half the size of grey."""
    half = shrunk(grey, 2)
    closed = cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8), borderType=cv2.BORDER_REPLICATE)
    level: Pixels = cv2.blur(closed, (15, 15), borderType=cv2.BORDER_REPLICATE)
    return level


def ink_map(grey: Pixels, paper: Pixels | None = None) -> Pixels:
    """How much darker than its paper each pixel is, 0-255, same shape as grey."""
    level = paper_level(grey) if paper is None else paper
    full = cv2.resize(level, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    ink: Pixels = cv2.subtract(full, grey)
    return ink


def _backing(grey: Pixels) -> np.ndarray:
    """Dark, even and joined to the picture's edge: the scanner's black or grey backing beside the sheet."""
    bright = level_of(grey[::4, ::4], 0.9)
    dark = cv2.compare(grey, math.ceil(bright - BACKING_DROP), cv2.CMP_LT)
    ring = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    if not ring.any():
        return np.zeros(grey.shape, bool)
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
    at_edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    keep = np.zeros(count, np.uint8)
    for label in at_edge[at_edge > 0]:
        left, top, wide, high, area = (int(v) for v in stats[label])
        if area < 60:
            continue
        # the shape with a rim of four pixels, in which lies what is beside it
        box = np.s_[max(0, top - 4) : top + high + 4, max(0, left - 4) : left + wide + 4]
        keep[label] = _is_backing(grey[box], cv2.inRange(labels[box], int(label), int(label)))
    if not keep.any():
        return np.zeros(grey.shape, bool)
    found: np.ndarray = keep.take(labels).view(bool)
    return found


def _is_backing(grey: Pixels, part: Pixels) -> bool:
    """Whether a dark shape (255) at the picture's edge is one tone with an edge of its own."""
    tones = level_counts(grey, part)
    # its rim fades into the paper, all else is one tone; a picture or writing at the edge is not
    middle = round(level_below(tones, 0.5))
    if tones[max(0, middle - 20) : middle + 21].sum() < 0.7 * tones.sum():
        return False
    beside = level_counts(grey, cv2.subtract(cv2.dilate(part, np.ones((9, 9), np.uint8)), part))
    # a shadow has no edge: what lies beside its darker part is hardly brighter
    return not beside.any() or level_below(beside, 0.5) - level_below(tones, 0.8) >= _BACKING_STEP


def level_counts(grey: Pixels, where: Pixels | None = None) -> np.ndarray:
    """How many pixels, of all or of those ``where`` is not 0, have each level: (256,) int64."""
    if where is not None:
        # picking the pixels and counting them is twice as fast as counting through a mask
        counts: np.ndarray = np.bincount(grey[where > 0], minlength=256)
        return counts
    every: np.ndarray = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.int64)
    return every


def level_below(counts: np.ndarray, share: float) -> float:
    """The level that this share of the counted pixels lies below, as ``np.percentile`` has it; 0.0 without any."""
    sums = counts.cumsum()
    if not sums[-1]:
        return 0.0
    place = (int(sums[-1]) - 1) * share
    low, high = np.searchsorted(sums, (math.floor(place), math.ceil(place)), side="right")
    return float(low + (high - low) * (place - math.floor(place)))


def level_of(values: np.ndarray, share: float) -> float:
    """The level that this share of some bytes lies below, as ``np.percentile`` has it: counted, not sorted."""
    return level_below(level_counts(np.ascontiguousarray(values)), share)


def joined(marks: Pixels) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Joined shapes (8 neighbours) of a picture of 0 and more: count, labels, stats and centres as OpenCV gives them.

    Labels of 16 bits are three times as fast as those of 32; where the picture has more shapes than that, as only
    noise has, there is one shape, the whole.
    """
    starts = cv2.countNonZero(cv2.subtract(marks[:, 1:], marks[:, :-1])) + cv2.countNonZero(marks[:, 0])
    if starts >= _MOST_SHAPES:
        height, width = marks.shape
        rest = np.array([[0, 0, 0, 0, 0], [0, 0, width, height, cv2.countNonZero(marks)]], np.int32)
        return 2, (marks > 0).astype(np.uint16), rest, np.array([[0, 0], [width / 2, height / 2]])
    count, labels, stats, centres = cv2.connectedComponentsWithStats(marks, connectivity=8, ltype=cv2.CV_16U)
    return count, labels, stats, centres


def channel_spread(colour: Pixels) -> Pixels:
    """Distance between the highest and the lowest of the three channels, (H, W, 3) -> (H, W)."""
    red, green, blue = cv2.split(colour)
    high, low = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    spread: Pixels = cv2.subtract(high, low)
    return spread


def darkest_channel(colour: Pixels) -> Pixels:
    """The lowest of the three channels, (H, W, 3) -> (H, W): ink of any colour is dark there."""
    red, green, blue = cv2.split(colour)
    low: Pixels = cv2.min(cv2.min(red, green), blue)
    return low


def halved(colour: Pixels) -> Pixels:
    """The picture at half the size, an odd last row or column dropped."""
    return shrunk(colour, 2)
