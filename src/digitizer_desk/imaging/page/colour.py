# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What colour a page is: colour, grey or two tones; a red seal, a coloured note, how light its paper.

Apart because all of these look at colour, and because files call themselves colour whatever they hold (R10).
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Colour
from digitizer_desk.imaging.page.views import Views, channel_spread

#: channels further apart than this (of 255) anywhere are colour; rounding in a JPEG stays below
_SPREAD = 2
#: greys between ink and paper, as a share of all that is not paper: below it the page has two tones
_MIDTONES = 0.06
_SEAL_RADII_MM = (13.0, 21.0)
_SEAL_SCORE = 0.37
_NOTE_CHROMA = 14
_NOTE_CM2 = (2.0, 160.0)
_NOTE_FILL = 0.85


def measure_colour(views: Views, bilevel: bool) -> Colour:
    """What the pixels are. ``bilevel``: the file has one bit a pixel."""
    if bilevel:
        return Colour.BILEVEL
    if views.colour is not None and _is_coloured(views.colour, views.full):
        return Colour.COLOUR
    return Colour.BILEVEL if _two_tones(views) else Colour.GREY


def _is_coloured(small: np.ndarray, full: np.ndarray) -> bool:
    # the full picture is asked only when the small one, where fine colour averages out, shows none
    return int(channel_spread(small).max()) > _SPREAD or int(channel_spread(full).max()) > _SPREAD


def _two_tones(views: Views) -> bool:
    channel = views.full if views.full.ndim == 2 else cv2.extractChannel(views.full, 1)
    counts = cv2.calcHist([channel], [0], None, [256], [0, 256]).ravel()
    dark, middle = float(counts[:64].sum()), float(counts[64:192].sum())
    if dark + middle < 200:
        return False  # an empty page has one tone, which says nothing
    return middle / (dark + middle) < _MIDTONES


def measure_light(views: Views) -> float:
    """Brightness of the paper, 0-1: upper quartile of the paper level over the sheet without the backing."""
    level = views.paper
    if views.has_backing:
        away = cv2.resize(views.backing.astype(np.uint8), (level.shape[1], level.shape[0])) == 0
        if away.sum() > 100:
            level = level[away]
    return round(float(np.percentile(level, 75)) / 255, 3)


def has_red_seal(views: Views) -> bool:
    """A round red seal of 26 to 42 mm across, whole or for the most part: votes of red edges for common centres."""
    if views.colour is None:
        return False
    red, green, blue = cv2.split(_halved(views.colour))
    red = cv2.subtract(red, cv2.max(green, blue))
    red = cv2.subtract(red, float(np.median(red[::3, ::3])))
    if int((red > 12).sum()) < 120:
        return False
    return _ring_score(red, views.dpi / 2) >= _SEAL_SCORE


def _ring_score(red: np.ndarray, dpi: float) -> float:
    """Best share of a ring's directions (0-1) that point at one centre from one distance."""
    smooth = cv2.GaussianBlur(red, (0, 0), 0.8)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    size = cv2.magnitude(dx, dy)
    y, x = np.nonzero(size > 22)
    if len(x) < 40:
        return 0.0
    if len(x) > 6000:
        pick = np.argpartition(size[y, x], len(x) - 6000)[-6000:]
        y, x = y[pick], x[pick]
    ux, uy = dx[y, x] / size[y, x], dy[y, x] / size[y, x]
    height, width = red.shape
    best = 0.0
    pad = 16
    for radius in np.arange(_SEAL_RADII_MM[0] / 25.4 * dpi, _SEAL_RADII_MM[1] / 25.4 * dpi + 0.1, 1.0):
        # the outer edge of the ring: redness grows towards the centre
        cx = np.rint(x + ux * radius).astype(np.int32) + pad
        cy = np.rint(y + uy * radius).astype(np.int32) + pad
        inside = (cx >= 0) & (cx < width + 2 * pad) & (cy >= 0) & (cy < height + 2 * pad)
        cell = cy[inside] * (width + 2 * pad) + cx[inside]
        votes = np.bincount(cell, minlength=(height + 2 * pad) * (width + 2 * pad)).astype(np.float32)
        pile = cv2.boxFilter(votes.reshape(height + 2 * pad, width + 2 * pad), -1, (3, 3), normalize=False)
        if float(pile.max()) < best * 2 * np.pi * radius:
            continue
        at = np.unravel_index(int(pile.argmax()), pile.shape)
        best = max(best, _covered(x, y, ux, uy, (int(at[1]) - pad, int(at[0]) - pad), float(radius)))
    return best


def _covered(
    x: np.ndarray, y: np.ndarray, ux: np.ndarray, uy: np.ndarray, centre: tuple[int, int], radius: float
) -> float:
    """Share of 72 directions from the centre in which a red edge lies at the radius and faces the centre."""
    dx, dy = x - centre[0], y - centre[1]
    away = np.hypot(dx, dy)
    with np.errstate(invalid="ignore", divide="ignore"):
        facing = -(dx * ux + dy * uy) / away
    ring = (np.abs(away - radius) <= 1.6) & (facing > 0.94)
    slots = ((np.arctan2(dy[ring], dx[ring]) + np.pi) / (2 * np.pi) * 72).astype(np.int32) % 72
    return len(np.unique(slots)) / 72


def has_note(views: Views) -> bool:
    """A coloured sticky note or flag: an even, tinted, rectangular area. White notes on white paper are not seen."""
    if views.colour is None:
        return False
    light, a, b = cv2.split(cv2.cvtColor(_halved(views.colour), cv2.COLOR_RGB2LAB))
    bright = light > 110
    if not bright.any():
        return False
    off = [cv2.absdiff(tint, float(np.median(tint[bright][::5]))) for tint in (a, b)]
    tinted = ((cv2.max(*off) >= _NOTE_CHROMA) & bright).astype(np.uint8)
    if int(tinted.sum()) < 30:
        return False
    # thin first: the lines of a seal must not grow together with the note they lie beside
    tinted = cv2.morphologyEx(tinted, cv2.MORPH_OPEN, np.ones((4, 4), np.uint8))
    tinted = cv2.morphologyEx(tinted, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    tinted = cv2.morphologyEx(tinted, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    per_cm2 = (views.dpi / 2 / 2.54) ** 2
    outlines, _ = cv2.findContours(tinted, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for outline in outlines:
        area = cv2.contourArea(outline)
        if not _NOTE_CM2[0] <= area / per_cm2 <= _NOTE_CM2[1]:
            continue
        (_, (width, height), _) = cv2.minAreaRect(outline)
        if min(width, height) > 0 and area / (width * height) >= _NOTE_FILL:
            return True
    return False


def _halved(colour: np.ndarray) -> np.ndarray:
    height, width = colour.shape[0] // 2 * 2, colour.shape[1] // 2 * 2
    half: np.ndarray = cv2.resize(colour[:height, :width], (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return half
