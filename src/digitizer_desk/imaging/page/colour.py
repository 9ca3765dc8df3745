# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What colour a page is: colour, grey or two tones; blue ink, a coloured note; tone of its paper, darkness of its ink.

Apart because all of these look at colour, and because files call themselves colour whatever they hold (R10).
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Colour
from digitizer_desk.imaging.page.views import (
    INK,
    Views,
    channel_spread,
    halved,
    joined,
    level_below,
    level_counts,
    level_of,
)

#: channels further apart than this (of 255) anywhere are colour; rounding in a JPEG stays below
_SPREAD = 2
#: rows looked at together: they stay in the processor's cache, and the first that shows colour is the last
_BAND = 64
#: greys between ink and paper, as a share of all that is not paper: below it the page has two tones
_MIDTONES = 0.06
#: least ink (mm²) a tone is read from
_INK_MM2 = 8.0
#: how much bluer than red a pen's stroke is than the paper (of 255), and how much of it (mm²) is a word
_BLUER, _PEN_MM2 = 24, 4.0
_NOTE_CHROMA = 14
_NOTE_CM2 = (2.0, 160.0)
_NOTE_FILL = 0.85
#: a note is one colour: so much of it lies this near to its middle a and b (notes of the tuning pages 0.84 and more,
#: patches of photographs 0.38 and less)
_ONE_COLOUR, _NEAR = 0.6, 10
#: beside other colours a note is sought by its own: from the largest areas where L, a and b hardly change from point to
#: point, all that is so near to theirs
_EVEN, _AREAS, _EVEN_CM2 = 5, 4, 1.0
_SAME = (10, 6, 6)


def measure_colour(views: Views, bilevel: bool) -> Colour:
    """What the pixels are. ``bilevel``: the file has one bit a pixel."""
    if bilevel:
        return Colour.BILEVEL
    if views.colour is not None and _is_coloured(views.colour, views.full):
        return Colour.COLOUR
    return Colour.BILEVEL if _two_tones(views) else Colour.GREY


def _is_coloured(small: np.ndarray, full: np.ndarray) -> bool:
    # the full picture is asked only when the small one, where fine colour averages out, shows none
    return _spreads(small) or any(_spreads(full[top : top + _BAND]) for top in range(0, len(full), _BAND))


def _spreads(colour: np.ndarray) -> bool:
    return float(cv2.minMaxLoc(channel_spread(colour))[1]) > _SPREAD


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
    return round(level_of(level, 0.75) / 255, 3)


def measure_ink_tone(views: Views) -> float | None:
    """Brightness of the darkest ink, 0 (black) to 1: what a twentieth of all ink stays below; None on empty pages.

    Over-exposure turns black into grey before it turns grey into nothing. Read from the 150 dpi view, where a thin
    stroke still has its own darkness.
    """
    ink = cv2.compare(views.fine_ink, INK, cv2.CMP_GT)
    if views.has_backing:
        away = cv2.dilate(views.backing.view(np.uint8), np.ones((9, 9), np.uint8))
        ink[cv2.resize(away, (ink.shape[1], ink.shape[0]), interpolation=cv2.INTER_NEAREST) > 0] = 0
    counts = level_counts(views.fine_grey[::2], ink[::2]).cumsum()  # each second row says as much
    if counts[-1] < _INK_MM2 / 2 * (views.fine_dpi / 25.4) ** 2:
        return None
    return round(float(np.searchsorted(counts, counts[-1] * 0.05)) / 255, 3)


def measure_cast(views: Views) -> tuple[float, float] | None:
    """Tone of the paper as CIELAB a and b (green to red, blue to yellow); None without colour or without bright paper.

    One page cannot tell tinted paper from a scanner that tints; several in a row can.
    """
    if views.half is None:
        return None
    small = halved(views.half)
    light = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    bright = cv2.compare(light, max(120.0, level_of(light, 0.6)), cv2.CMP_GE)
    if cv2.countNonZero(bright) < 50:
        return None
    tones = [level_below(level_counts(channel, bright), 0.5) for channel in cv2.split(small)]
    tone = np.array(tones, np.float32).reshape(1, 1, 3) / 255
    _, a, b = cv2.cvtColor(tone, cv2.COLOR_RGB2LAB)[0, 0]
    return round(float(a), 1), round(float(b), 1)


def has_blue_ink(views: Views) -> bool:
    """A pen's blue strokes: at least as much as a short word."""
    if views.colour is None:
        return False
    red, _, blue = cv2.split(views.colour)
    over = cv2.subtract(blue, red)
    paper = int(level_of(over[::4, ::4], 0.5))
    strokes = cv2.bitwise_and(cv2.compare(over, paper + _BLUER, cv2.CMP_GT), cv2.compare(red, 200, cv2.CMP_LT))
    return cv2.countNonZero(strokes) >= _PEN_MM2 * views.px(1.0) ** 2


def has_note(views: Views) -> bool:
    """A coloured sticky note or flag: a rectangle of one tint. White notes on white paper are not seen."""
    if views.half is None:
        return False
    lab = cv2.cvtColor(views.half, cv2.COLOR_RGB2LAB)
    light, a, b = cv2.split(lab)
    bright = cv2.compare(light, 110, cv2.CMP_GT)
    if not cv2.countNonZero(bright):
        return False
    paper = bright[::2] > 0
    off = [cv2.absdiff(tint, level_of(tint[::2][paper], 0.5)) for tint in (a, b)]
    tinted = cv2.bitwise_and(cv2.compare(cv2.max(*off), _NOTE_CHROMA, cv2.CMP_GE), bright)
    per_cm2 = (views.dpi / 2 / 2.54) ** 2
    if cv2.countNonZero(tinted) < _NOTE_FILL * _NOTE_CM2[0] * per_cm2:
        return False
    # thin first: the lines of a seal must not grow together with the note they lie beside
    solid = _opened(cv2.morphologyEx(_opened(tinted, 4), cv2.MORPH_CLOSE, _square(5)), 7)
    if cv2.countNonZero(solid) < _NOTE_FILL * _NOTE_CM2[0] * per_cm2:
        return False
    return _holds_note(solid, lab, per_cm2) or any(
        _holds_note(one, lab, per_cm2) for one in _by_colour(lab, cv2.bitwise_and(tinted, solid), per_cm2)
    )


def _by_colour(lab: np.ndarray, tinted: np.ndarray, per_cm2: float) -> Iterator[np.ndarray]:
    """All that has the colour of one large even area (255), for the largest of them: on a photograph the tint of a note
    runs into that of the picture."""
    change = cv2.morphologyEx(lab, cv2.MORPH_GRADIENT, _square(3))
    even = _opened(cv2.bitwise_and(tinted, cv2.inRange(change, (0, 0, 0), (_EVEN,) * 3)), 3)
    _, labels, stats, _ = joined(even)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    for label in np.argsort(-sizes, kind="stable")[:_AREAS] + 1:
        if stats[label, cv2.CC_STAT_AREA] < _EVEN_CM2 * per_cm2:
            return
        middle = _middle(lab, labels == label)
        near = cv2.inRange(lab, np.subtract(middle, _SAME), np.add(middle, _SAME))
        # its word is written over it: closed as wide as a letter's strokes lie apart
        yield _opened(cv2.morphologyEx(_opened(near, 3), cv2.MORPH_CLOSE, _square(9)), 7)


def _holds_note(solid: np.ndarray, lab: np.ndarray, per_cm2: float) -> bool:
    """Whether one of the areas (255) is a rectangle of a note's size and of one colour."""
    outlines, _ = cv2.findContours(solid, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for outline in outlines:
        area = cv2.contourArea(outline)
        if not _NOTE_CM2[0] <= area / per_cm2 <= _NOTE_CM2[1]:
            continue
        (_, (width, height), _) = cv2.minAreaRect(outline)
        if min(width, height) > 0 and area / (width * height) >= _NOTE_FILL and _is_one_colour(outline, lab):
            return True
    return False


def _is_one_colour(outline: np.ndarray, lab: np.ndarray) -> bool:
    left, top, width, height = cv2.boundingRect(outline)
    within = np.zeros((height, width), np.uint8)
    cv2.drawContours(within, [outline], -1, 255, -1, offset=(-left, -top))
    part = lab[top : top + height, left : left + width]
    _, a, b = _middle(part, within > 0)
    near = cv2.inRange(part, (0, a - _NEAR, b - _NEAR), (255, a + _NEAR, b + _NEAR))
    return cv2.countNonZero(cv2.bitwise_and(near, within)) >= _ONE_COLOUR * cv2.countNonZero(within)


def _middle(lab: np.ndarray, where: np.ndarray) -> tuple[float, float, float]:
    """Median L, a and b of some points."""
    light, a, b = (level_below(np.bincount(values, minlength=256), 0.5) for values in lab[where].T)
    return light, a, b


def _opened(marks: np.ndarray, size: int) -> np.ndarray:
    opened: np.ndarray = cv2.morphologyEx(marks, cv2.MORPH_OPEN, _square(size))
    return opened


def _square(size: int) -> np.ndarray:
    return np.ones((size, size), np.uint8)
