# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A page in a few kilobytes, by which it is told whether two pictures show the same sheet, and whether the red on a
back is only the seal of its front.

Apart because two pages are looked at here. The sketch is kept with the measures, so pages can be compared at any time
without opening their pictures. 25 dpi shows blocks of words and no letter; it is kept nowhere but in the cabinet.

Two forms of one kind are alike nearly everywhere, so the likeness of the whole says little. So one sketch is laid on
the other exactly and they are compared place by place: two scans of one sheet agree everywhere, two people's forms
differ in compact places, where each wrote something else.
"""

from __future__ import annotations

import base64
import contextlib
import zlib
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.page.lines import Lean
from digitizer_desk.imaging.page.seal import redness
from digitizer_desk.imaging.page.views import Views, shrunk

_SKETCH_DPI = 25.0
#: how far two scans of one sheet may lie apart, mm
_SHIFT_MM = 8.0
#: redness is kept in sixteen steps of this many levels, as was darkness at first
_STEP = 16
#: darkness is kept in sixteen steps by its root: thin print is pale at 25 dpi, and would have but a few of even ones.
#: What is paler than this is the grain of the paper
_LEVELS = np.rint(np.square(np.arange(16) / 15.0) * 255).astype(np.uint8)
_ROOTS = np.rint(np.sqrt(np.arange(256) / 255.0) * 15).astype(np.uint8)
_GRAIN = 8
_MOST_SIDE = 1000
#: less ink or red than this (sum of levels, of 255; of steps) is nothing to compare
_LEAST_INK, _LEAST_RED = 4800, 60
#: less alike as a whole: no need to lay them on one another (one sheet twice: from 0.92)
_WORTH_LAYING = 0.75
#: a place is so wide and high, mm (pixels at 25 dpi): a word of a line
_PLACE = (13, 7)
#: so far from the edges (mm, pixels at 25 dpi) nothing is compared on sheets of so much a side: punched holes show the
#: backing of the day, staples come and go, the edge itself lies elsewhere in each scan
_MARGIN, _WITH_MARGIN = 18, 150
#: places with less ink than this (variance of levels of 255) are paper
_INKED = 140.0
#: this share of the inked places may differ more than the score says: specks, a stroke at the rim
_SPARED = 0.005
_TURNS, _CLOSE_ENOUGH = 12, 1e-3
#: thin rules fall on one pixel or on two, as the sheet happens to lie: softened by this many pixels it is all one
_SOFT = 1.0


@dataclass(frozen=True, slots=True)
class Sketch:
    """``ink`` straightened and upright where that was known, darkness 0-255, exactly 25 dpi; ``red`` as scanned, steps
    0-15, about 25 dpi; both uint8 (h, w)."""

    ink: np.ndarray
    red: np.ndarray


def make_sketch(views: Views, lean: Lean | None, rotation: int | None) -> str:
    """The page as text of 1 to 6 kB; '' for pictures too long to be one sheet."""
    ratio = max(1, round(views.dpi / _SKETCH_DPI))
    ink = shrunk(views.ink, ratio)
    if max(ink.shape) > _MOST_SIDE:
        return ""
    ink = _level(ink, 0.0 if lean is None else lean.degrees, _SKETCH_DPI * ratio / views.dpi)
    if rotation:
        ink = np.rot90(ink, rotation // 90)
    red = np.zeros((0, 0), np.uint8) if views.colour is None else redness(shrunk(views.colour, ratio))
    steps = _ROOTS[np.where(ink < _GRAIN, np.uint8(0), ink)]
    return _packed(steps) + ",root." + _packed(red // _STEP)


def _level(ink: np.ndarray, lean_deg: float, scale: float) -> np.ndarray:
    """The ink turned by the lean and brought to 25 dpi."""
    if abs(lean_deg) <= 0.1 and abs(scale - 1) < 0.004:
        return ink
    height, width = (max(1, round(size * scale)) for size in ink.shape)
    turned = cv2.getRotationMatrix2D(((ink.shape[1] - 1) / 2, (ink.shape[0] - 1) / 2), lean_deg, scale)
    turned[:, 2] += ((width - ink.shape[1]) / 2, (height - ink.shape[0]) / 2)
    level: np.ndarray = cv2.warpAffine(ink, turned, (width, height))
    return level


def read_sketch(text: str) -> Sketch | None:
    """The sketch again; None for '' and for what is none."""
    parts = text.split(".")
    if len(parts) != 2:
        return None
    try:
        rooted, red = parts[0].endswith(",root"), _unpacked(parts[1])
        steps = _unpacked(parts[0].removesuffix(",root"))
    except (ValueError, zlib.error):
        return None
    ink = _LEVELS[steps] if rooted else steps * np.uint8(_STEP)
    return Sketch(ink, red) if ink.size else None


def likeness(one: Sketch, other: Sketch) -> float | None:
    """How alike the ink of two sheets lies, 1 the same; None when one has too little ink to say."""
    if one.ink.sum() < _LEAST_INK or other.ink.sum() < _LEAST_INK:
        return None
    return _correlation(one.ink, other.ink)


def same_place_by_place(one: Sketch, other: Sketch) -> float | None:
    """How alike two sheets are where they are least alike, 1 the same; None when one has too little ink to say.

    The margin, where holes and staples are, is left out; where all else is alike as a whole but little, so are they.
    """
    whole = likeness(one, other)
    if whole is None or whole < _WORTH_LAYING:
        return whole
    first, second, seen = _laid(one.ink, other.ink)
    seen = _without_margin(seen)
    places = _places(first, second, seen)
    if not places.size:
        return whole
    inner = float(np.corrcoef(first[seen], second[seen])[0, 1])
    return round(min(inner, float(np.quantile(places, _SPARED))), 3)


def seal_through(back: Sketch, front: Sketch) -> tuple[float, float] | None:
    """How alike the red of a back is to the *mirrored* red of its front, and to it unmirrored; None without red."""
    if not back.red.size or not front.red.size or back.red.sum() < _LEAST_RED or front.red.sum() < _LEAST_RED:
        return None
    mirrored = np.ascontiguousarray(front.red[:, ::-1])
    return _correlation(back.red, mirrored), _correlation(back.red, front.red)


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Best normalised correlation over shifts of up to 8 mm each way."""
    reach = round(_SHIFT_MM / 25.4 * _SKETCH_DPI)
    high, wide = (max(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    fixed = _on_paper(one, high + 2 * reach, wide + 2 * reach, reach)
    moved = _on_paper(other, high, wide, 0)
    found = cv2.matchTemplate(fixed, moved, cv2.TM_CCOEFF_NORMED)
    return round(float(np.nan_to_num(found, posinf=0.0, neginf=0.0).max()), 3)


def _on_paper(ink: np.ndarray, high: int, wide: int, at: int) -> np.ndarray:
    paper = np.zeros((high, wide), np.float32)
    paper[at : at + ink.shape[0], at : at + ink.shape[1]] = ink
    soft: np.ndarray = cv2.GaussianBlur(paper, (0, 0), 0.8)
    return soft


def _laid(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both as float32 of one size, the second turned and stretched onto the first; where both were seen (bool)."""
    high, wide = (max(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    first, second = (_soft(ink, high, wide) for ink in (one, other))
    move = np.eye(2, 3, dtype=np.float32)
    move[:, 2] = _offset(first, second)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, _TURNS, _CLOSE_ENOUGH)
    with contextlib.suppress(cv2.error):  # where there is nothing to climb along the plain offset stays
        _, move = cv2.findTransformECC(first, second, move, cv2.MOTION_AFFINE, stop, None, 1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(second, move, (wide, high), flags=flags)
    here, there = np.zeros((high, wide), np.uint8), np.zeros((high, wide), np.uint8)
    here[2 : one.shape[0] - 2, 2 : one.shape[1] - 2] = 1
    there[2 : other.shape[0] - 2, 2 : other.shape[1] - 2] = 1
    there = cv2.warpAffine(there, move, (wide, high), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)
    return first, moved, (here & there) > 0


def _without_margin(seen: np.ndarray) -> np.ndarray:
    """What was seen (bool), less the margin of the sheet where it is large enough to have one."""
    aside, down = (_MARGIN if size >= _WITH_MARGIN else 0 for size in seen.shape[::-1])
    inner = np.zeros_like(seen)
    place = np.s_[down : len(seen) - down, aside : seen.shape[1] - aside]
    inner[place] = seen[place]
    return inner


def _soft(ink: np.ndarray, high: int, wide: int) -> np.ndarray:
    paper = np.zeros((high, wide), np.float32)
    paper[: ink.shape[0], : ink.shape[1]] = ink
    soft: np.ndarray = cv2.GaussianBlur(paper, (0, 0), _SOFT)
    return soft


def _offset(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Where the first's point lies in the second, from all shifts of up to 8 mm."""
    reach = 8
    room = cv2.copyMakeBorder(first, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    found = cv2.matchTemplate(room, second, cv2.TM_CCOEFF_NORMED)
    _, _, _, (x, y) = cv2.minMaxLoc(found)
    return float(reach - x), float(reach - y)


def _places(first: np.ndarray, second: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """How alike each inked place is, -1 to 1, the second allowed to lie a pixel aside of itself."""
    a = np.where(seen, first, 0).astype(np.float32)
    b = np.where(seen, second, 0).astype(np.float32)
    b *= np.float32(float(np.sum(a * b)) / max(1.0, float(np.sum(b * b))))
    mean_a, square_a = _mean(a), _mean(a * a)
    var_a = square_a - mean_a * mean_a
    best = np.full(a.shape, -1.0, np.float32)
    var_most = var_a.copy()
    for y in (-1, 0, 1):
        for x in (-1, 0, 1):
            moved = np.roll(b, (y, x), axis=(0, 1)) * 0.5 + b * 0.5 if x or y else b
            mean_b = _mean(moved)
            var_b = _mean(moved * moved) - mean_b * mean_b
            both = _mean(a * moved) - mean_a * mean_b
            best = np.maximum(best, (2 * both + 10) / (var_a + var_b + 10))
            if not (x or y):
                var_most = np.maximum(var_a, var_b)
    whole = cv2.boxFilter(seen.astype(np.float32), -1, _PLACE) > 0.98
    inked: np.ndarray = best[(var_most > _INKED) & whole]
    return inked


def _mean(values: np.ndarray) -> np.ndarray:
    mean: np.ndarray = cv2.boxFilter(values, -1, _PLACE)
    return mean


def _packed(found: np.ndarray) -> str:
    height, width = found.shape
    steps = found.astype(np.uint8).ravel()
    if steps.size % 2:
        steps = np.append(steps, np.uint8(0))
    data = zlib.compress((steps[::2] << 4 | steps[1::2]).astype(np.uint8).tobytes(), 6)
    return f"{height},{width},{base64.b64encode(data).decode()}"


def _unpacked(text: str) -> np.ndarray:
    height, width, data = text.split(",")
    size = int(height) * int(width)
    if size > _MOST_SIDE**2:
        raise ValueError("larger than any sketch")
    pairs = np.frombuffer(zlib.decompress(base64.b64decode(data)), np.uint8)
    steps = np.stack([pairs >> 4, pairs & 15], axis=1).ravel()[:size]
    found: np.ndarray = steps.reshape(int(height), int(width))
    return found
