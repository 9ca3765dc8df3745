# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What paper goes through before it reaches a counter: folded small, wetted, written under carbon paper, printed by a
tired inkjet, screened for print. Each takes an upright page of 300 dpi and gives a new one.

Apart from the scans (``scans.py``): this happened to the paper, not to its picture.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels

DPI = 300
MM = DPI / 25.4
_PAPER = np.float32([250, 249, 246])


def crumpled(made: Pixels, chance: np.random.Generator) -> Pixels:
    """Creases this way and that, each with a light and a shaded side, and a slight bend of the lines of print."""
    high, wide = made.shape[:2]
    small = np.zeros((high // 8, wide // 8), np.float32)
    y, x = np.mgrid[0 : small.shape[0], 0 : small.shape[1]].astype(np.float32)
    for _ in range(int(chance.integers(14, 30))):
        angle, through = chance.uniform(0, np.pi), chance.uniform((0, 0), small.shape[::-1])
        off = (x - through[0]) * np.sin(angle) - (y - through[1]) * np.cos(angle)
        along = (x - through[0]) * np.cos(angle) + (y - through[1]) * np.sin(angle)
        reach = np.exp(-((along / chance.uniform(30, 160)) ** 2))
        near = np.exp(-((off / chance.uniform(1.0, 3.0)) ** 2))
        shade = np.exp(-np.abs(off) / chance.uniform(8, 24)) * np.sign(off)
        small -= np.float32(chance.uniform(0.02, 0.11)) * near * reach
        small += np.float32(chance.uniform(0.01, 0.045)) * shade * reach
    shading = cv2.resize(small, (wide, high), interpolation=cv2.INTER_CUBIC)
    bend = [
        cv2.resize(chance.normal(0, 1.0, (6, 5)).astype(np.float32), (wide, high), interpolation=cv2.INTER_CUBIC)
        for _ in (0, 1)
    ]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    bent = cv2.remap(made, x + bend[0], y + bend[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return _toned(bent, 1 + shading)


def carbon_copy(made: Pixels, chance: np.random.Generator) -> Pixels:
    """The second sheet under carbon paper: violet-blue, soft, uneven, with the smudges of fingers; no other colour."""
    ink = 1 - cv2.cvtColor(made, cv2.COLOR_RGB2GRAY).astype(np.float32) / 250
    ink = cv2.GaussianBlur(np.clip(ink, 0, 1), (0, 0), float(chance.uniform(1.0, 1.5)))
    press = cv2.resize(
        chance.uniform(0.55, 0.95, (40, 28)).astype(np.float32), made.shape[1::-1], interpolation=cv2.INTER_CUBIC
    )
    smudge = cv2.resize(
        np.maximum(0, chance.normal(-0.05, 0.04, (14, 10))).astype(np.float32),
        made.shape[1::-1],
        interpolation=cv2.INTER_CUBIC,
    )
    cover = np.clip(ink * press + smudge, 0, 1)[..., None]
    colour = np.float32([58, 52, 118])
    return (np.float32([247, 244, 232]) * (1 - cover) + colour * cover).astype(np.uint8)


def spread_ink(made: Pixels, chance: np.random.Generator) -> Pixels:
    """A cheap inkjet on absorbent paper: strokes feather out along the fibres, nozzles fail in bands."""
    dark = 255 - made
    fibres = cv2.resize(
        chance.random((made.shape[0] // 3, made.shape[1] // 3), dtype=np.float32),
        made.shape[1::-1],
        interpolation=cv2.INTER_LINEAR,
    )
    wide = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5)))
    take = np.clip((fibres - 0.45) * 2.4, 0, 0.85)[..., None]
    spread = dark * (1 - take) + wide * take
    bands = np.ones((made.shape[0], 1, 1), np.float32)
    for y in chance.integers(0, made.shape[0], 40):
        bands[y : y + 3] *= np.float32(chance.uniform(0.55, 0.9))
    return (255 - spread * bands).astype(np.uint8)


def screened(made: Pixels, chance: np.random.Generator) -> Pixels:
    """The page once printed in a halftone of 100 to 150 lines an inch, all its greys dots: with the sensor it makes moiré."""
    lines, angle = float(chance.uniform(100, 150)), float(chance.uniform(0.3, 1.2))
    y, x = np.mgrid[0 : made.shape[0], 0 : made.shape[1]].astype(np.float32) * np.float32(2 * np.pi * lines / DPI)
    u, v = (
        x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)),
        y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle)),
    )
    dots = (np.cos(u) + np.cos(v)) / 4 + 0.5
    share = np.clip(made.astype(np.float32) / _PAPER * 0.93, 0, 1)
    inked = 1 / (1 + np.exp(np.clip(-(share - dots[..., None]) * 14, -30, 30)))
    keep = share < 0.25  # solid ink is printed solid
    return (np.where(keep, share, 0.12 + 0.88 * inked) * _PAPER).astype(np.uint8)


def pencilled(made: Pixels, chance: np.random.Generator) -> Pixels:
    """All ink turned into the grey of a pencil on rough paper."""
    grain = cv2.resize(chance.random((made.shape[0] // 2, made.shape[1] // 2), dtype=np.float32), made.shape[1::-1])
    ink = 1 - cv2.cvtColor(made, cv2.COLOR_RGB2GRAY).astype(np.float32) / 250
    cover = np.clip(ink, 0, 1) * (float(chance.uniform(0.4, 0.6)) + 0.25 * grain)
    return (_PAPER * (1 - cover[..., None])).astype(np.uint8)


def wetted(made: Pixels, chance: np.random.Generator) -> Pixels:
    """A brown ring of damp that has dried, over print and paper."""
    y, x = np.mgrid[0 : made.shape[0] : 4, 0 : made.shape[1] : 4].astype(np.float32)
    tone = np.ones(y.shape, np.float32)
    for _ in range(int(chance.integers(1, 4))):
        cx, cy = chance.uniform((0, 0), made.shape[1::-1])
        size = chance.uniform(20, 70) * MM
        edge = size * (1 + 0.12 * np.sin(3 * np.arctan2(y - cy, x - cx) + chance.uniform(0, 6)))
        away = np.hypot(x - cx, y - cy) - edge
        tone -= np.float32(0.05) * (away < 0) + np.float32(0.12) * np.exp(-((away / (1.6 * MM)) ** 2))
    return _toned(
        made, cv2.resize(tone, made.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.float32([1.0, 0.97, 0.88])
    )


def _toned(made: Pixels, tone: np.ndarray, colour: np.ndarray | None = None) -> Pixels:
    """Light taken away where ``tone`` is below 1, more of it from the channels where ``colour`` is small."""
    full = np.clip(tone, 0.3, 1.02)[..., None]
    if colour is not None:
        full = 1 - (1 - full) * (2 - colour)
    return np.clip(made * full, 0, 255).astype(np.uint8)
