# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What scanners make of pages: tone, blur, skew, backing, dirt, cut edges, blown-up pictures, each with its truth.

Apart from the pages themselves so that each defect can be laid on each kind of page.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from accuracy.sheets import DPI, MM
from digitizer_desk.imaging.master import Pixels, decode

BACKINGS = {"black": (18, 18, 20), "grey": (128, 128, 130)}


@lru_cache(maxsize=1)
def _noise() -> np.ndarray:
    return np.random.default_rng(22).normal(0, 2.2, (700, 700, 3)).astype(np.int16)


def scanned(page: Pixels, chance: np.random.Generator, *, clip: bool | None = None) -> Pixels:
    """Through a driver: softened by its optics, its background clipped or left with its noise, as a JPEG of q75-90."""
    clip = bool(chance.random() < 0.5) if clip is None else clip
    soft = cv2.GaussianBlur(page, (0, 0), 0.55)
    if clip:
        soft = cv2.addWeighted(soft, 1.6, cv2.GaussianBlur(soft, (0, 0), 1.1), -0.6, 0)
        levels = np.clip((np.arange(256) / 255 - 0.08) / 0.78, 0, 1) * 255
        soft = cv2.LUT(soft, np.rint(levels).astype(np.uint8))
    else:
        noise = np.roll(_noise(), chance.integers(0, 700, 2), axis=(0, 1))
        tiles = (soft.shape[0] // 700 + 1, soft.shape[1] // 700 + 1, 1)
        soft = cv2.add(soft, np.tile(noise, tiles)[: soft.shape[0], : soft.shape[1]], dtype=cv2.CV_8U)
    quality = int(chance.choice([75, 80, 85, 90]))
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420
    made = cv2.imencode(
        ".jpg", soft[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    )[1]
    return decode(made.tobytes())


def leaning(page: Pixels, degrees: float, backing: tuple[int, int, int] = (250, 249, 246)) -> Pixels:
    """Turned clockwise about its middle, in the same frame."""
    middle = ((page.shape[1] - 1) / 2, (page.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -degrees, 1.0)
    return cv2.warpAffine(page, matrix, page.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=backing)


def framed(page: Pixels, mm: float, backing: tuple[int, int, int]) -> Pixels:
    """Backing all round."""
    rim = round(mm * MM)
    return cv2.copyMakeBorder(page, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=backing)


def shifted(page: Pixels, side: str, mm: float, behind: tuple[int, int, int]) -> Pixels:
    """The sheet fed so far off that this much of it is out of the picture."""
    by = round(mm * MM)
    x, y = {"left": (-by, 0), "right": (by, 0), "top": (0, -by), "bottom": (0, by)}[side]
    matrix = np.float32([[1, 0, x], [0, 1, y]])
    return cv2.warpAffine(page, matrix, page.shape[1::-1], borderValue=behind)


def nudged(page: Pixels, by_mm: np.ndarray) -> Pixels:
    """Fed this far aside, (x, y) mm, before a white backing."""
    matrix = np.float32([[1, 0, by_mm[0] * MM], [0, 1, by_mm[1] * MM]])
    return cv2.warpAffine(page, matrix, page.shape[1::-1], borderValue=(250, 249, 246))


def ink_beyond(page: Pixels, side: str, mm: float) -> int:
    """Pixels of ink within so much of a side."""
    cut, (high, wide) = max(0, round(mm * MM)), page.shape[:2]
    strips = {"left": page[:, :cut], "right": page[:, wide - cut :], "top": page[:cut], "bottom": page[high - cut :]}
    return int((strips[side].min(axis=2) < 110).sum())


def dimmed(page: Pixels, share: float) -> Pixels:
    """An older lamp: all light less by this share."""
    return cv2.convertScaleAbs(page, alpha=share)


def blurred(page: Pixels, sigma: float) -> Pixels:
    return cv2.GaussianBlur(page, (0, 0), sigma)


def half_blurred(page: Pixels, sigma: float, top: bool) -> Pixels:
    made, half = page.copy(), page.shape[0] // 2
    soft = blurred(page, sigma)
    part = slice(0, half) if top else slice(half, None)
    made[part] = soft[part]
    return made


def blown_up(page: Pixels, before: int, way: int) -> Pixels:
    """As if scanned at ``before`` pixels an inch and enlarged to 300."""
    size = (round(page.shape[1] * before / DPI), round(page.shape[0] * before / DPI))
    small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, page.shape[1::-1], interpolation=way)


def streaked(page: Pixels, chance: np.random.Generator, count: int) -> tuple[Pixels, list[float]]:
    """Dirt on the glass: lines of one to three pixels over the whole height; their places as shares of the width."""
    made, places = page.copy(), []
    for _ in range(count):
        x = int(chance.integers(40, page.shape[1] - 40))
        wide = int(chance.integers(1, 4))
        made[:, x : x + wide] = (made[:, x : x + wide] * chance.uniform(0.35, 0.85)).astype(np.uint8)
        places.append(x / page.shape[1])
    return made, places


def other_side(page: Pixels, back: Pixels, strength: float) -> Pixels:
    """The print of the other side, seen through the paper: mirrored, soft, pale."""
    through = cv2.GaussianBlur(back[:, ::-1], (0, 0), 2.2).astype(np.float32) / 250
    return (page * (1 - strength * (1 - np.minimum(1, through)))).astype(np.uint8)


def dirty(page: Pixels, chance: np.random.Generator) -> Pixels:
    """Specks, and sometimes punch holes or a staple."""
    made = page.copy()
    for x, y in chance.integers((40, 40), (page.shape[1] - 40, page.shape[0] - 40), (int(chance.integers(0, 50)), 2)):
        cv2.circle(made, (int(x), int(y)), int(chance.integers(1, 4)), (80, 75, 70), -1, cv2.LINE_AA)
    if chance.random() < 0.35:
        for y in (108, 188):
            cv2.circle(made, (round(12 * MM), round(y * MM)), round(3 * MM), (20, 20, 22), -1, cv2.LINE_AA)
    if chance.random() < 0.25:
        cv2.line(made, (round(8 * MM), round(12 * MM)), (round(17 * MM), round(8 * MM)), (95, 92, 90), 7, cv2.LINE_AA)
    return made


def cornered(page: Pixels, chance: np.random.Generator, corner: str, leg_mm: float, how: str, backing: str) -> Pixels:
    """A corner cut, torn or folded over, the backing behind it; framed by a little backing."""
    made, (high, wide) = page.copy(), page.shape[:2]
    tone = BACKINGS[backing]
    x, y = (0 if corner[1] == "l" else wide - 1), (0 if corner[0] == "t" else high - 1)
    dx, dy = (1 if x == 0 else -1), (1 if y == 0 else -1)
    a, b = leg_mm * MM, leg_mm * MM * chance.uniform(0.7, 1.4)
    points = [(x, y), (x + dx * a, y)]
    if how == "torn":
        points += [
            (x + dx * a * (1 - t) + chance.normal(0, 0.05) * a, y + dy * b * t + chance.normal(0, 0.05) * a)
            for t in np.linspace(0.1, 0.9, 9)
        ]
    points.append((x, y + dy * b))
    cv2.fillPoly(made, [np.array(points, np.int32)], tone)
    if how == "folded":
        flap = [points[1], points[-1], (x + dx * a * 0.8, y + dy * b * 0.8)]
        cv2.fillPoly(made, [np.array(flap, np.int32)], (238, 237, 233), cv2.LINE_AA)
    return framed(made, 3, tone)


def noted(page: Pixels, chance: np.random.Generator, colour: tuple[int, int, int]) -> Pixels:
    """A sticky note or flag somewhere on the page, a little turned, with a word on it."""
    made = page.copy()
    wide, high = ((76, 76), (76, 50), (50, 38), (44, 12))[int(chance.integers(4))]
    middle = (chance.uniform(50, 160) * MM, chance.uniform(60, 230) * MM)
    box = cv2.boxPoints((middle, (wide * MM, high * MM), float(chance.uniform(-9, 9)))).astype(np.int32)
    cv2.fillConvexPoly(made, box, colour, cv2.LINE_AA)
    cv2.putText(
        made, "goi lai", tuple(map(int, middle)), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 2.0, (40, 40, 110), 4, cv2.LINE_AA
    )
    return made
