# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A page in two layers held against the page it was made from, before it may stand for it.

Apart from splitting because it must not trust it: both layers are decoded from their bytes, laid over each other as a
viewer does, and looked at for what a page must not lose: a stroke, a dot, a seal, a thin pencil line, a tone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import darkest_channel, joined
from digitizer_desk.imaging.pdf.coding import PageLayers, decode_picture, decode_stencil
from digitizer_desk.imaging.pdf.paper import PaperView, as_grey, brightest_channel, paper_chroma, reduced


class Departure(StrEnum):
    """Why a page is kept as its scanner gave it."""

    STROKES = "strokes"  # a stroke, dot or line lost more than it may
    TONE = "tone"  # something became darker or lighter than it was
    COLOUR = "colour"  # a coloured place lost its colour
    SEAL = "seal"  # a coloured place does not look like itself any more
    SIZE = "size"  # two layers save too little: photos, patterned paper
    RESOLUTION = "resolution"  # too coarse or too small to be told toner from paper


#: darker than its paper by so much (of 255, on 3 x 3 means at 150 dpi) is a stroke
_STROKE = 24
#: of which this share must be left
_STROKE_LEFT = 0.4
#: lost places smaller than this are the soft rim of what stayed
_LOST_MM2 = 0.25
#: places that differ by more levels than this, on means over a millimetre, do not look alike
_TONE_LEVELS = 48
_TONE_MM2 = 0.5
#: chroma over the paper, on means over half a millimetre, that a seal has and clean paper has not
_COLOUR = 14
_COLOUR_LEFT = 0.6
_COLOUR_MM2 = 2.0
#: and no channel of a coloured place may differ by more levels than this, on means of the differences
_COLOUR_LEVELS = 64
#: likeness (SSIM) of coloured places larger than this
_SEAL_MM2 = 40.0
_SEAL_SSIM = 0.85
#: more than this is no seal but the frame of a page, nearly all paper: it is looked at by halves
_FRAME_MM2 = 6000.0


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a viewer draws, reduced to the view: the picture, how much of each point the stencil covers, its colour."""

    picture: Pixels
    cover: Pixels
    toner: tuple[int, ...]

    def pixels(self, place: tuple[slice, slice] = np.s_[:, :]) -> Pixels:
        """Both layers laid over each other, (h, w, 3) or (h, w)."""
        # parts of a larger picture take OpenCV twice as long as their copies
        picture, cover = np.ascontiguousarray(self.picture[place]), np.ascontiguousarray(self.cover[place])
        if picture.ndim == 2:
            return _laid(picture, cover, self.toner[0])
        channels = zip(cv2.split(picture), self.toner, strict=True)
        both: Pixels = cv2.merge([_laid(channel, cover, tone) for channel, tone in channels])
        return both

    def grey(self) -> Pixels:
        tone = np.full((1, 1, 3), self.toner, np.uint8)
        return _laid(as_grey(self.picture), self.cover, int(as_grey(tone)[0, 0]))

    def halved(self) -> _Shown:
        return _Shown(reduced(self.picture, 2), reduced(self.cover, 2), self.toner)


def _laid(under: Pixels, cover: Pixels, tone: int) -> Pixels:
    """``tone`` over ``under`` as far as ``cover`` (0-255) says."""
    left = cv2.multiply(under, cv2.bitwise_not(cover), scale=1 / 255)
    laid: Pixels = cv2.add(left, cv2.convertScaleAbs(cover, alpha=tone / 255))
    return laid


@dataclass(frozen=True, slots=True)
class Doubt:
    """The page departs too far, why, and where: uint8, the view's size, 255 at those places and what they hang on."""

    reason: Departure
    places: Pixels


def doubt(coded: PageLayers, view: PaperView) -> Doubt | None:
    """Where the coded page departs too far from the page ``view`` was made from; None when it may stand for it."""
    shown = _decoded(coded, view)
    grey = shown.grey()
    looks = [(Departure.STROKES, _lost_strokes(view, grey)), (Departure.TONE, _changed_tone(view, grey))]
    if view.colour.ndim == 3:
        looks += _changed_colour(view, shown)
    found = [(reason, places) for reason, places in looks if places is not None]
    if not found:
        return None
    places = found[0][1]
    for _, more in found[1:]:
        places = cv2.bitwise_or(places, more)
    return Doubt(found[0][0], _with_strokes(places, shown.cover))


def _with_strokes(places: Pixels, cover: Pixels) -> Pixels:
    """The places, and all of each stencilled stroke they touch, so that no stroke is half of one kind."""
    near = cv2.dilate(places, np.ones((5, 5), np.uint8))
    count, labels = cv2.connectedComponents(cv2.compare(cover, 0, cv2.CMP_GT), connectivity=8)
    touched = np.zeros(count, np.uint8)
    touched[np.unique(labels[near > 0])] = 255
    touched[0] = 0
    whole: Pixels = cv2.bitwise_or(near, touched[labels])
    return whole


def _decoded(coded: PageLayers, view: PaperView) -> _Shown:
    picture = decode_picture(coded, halved=view.ratio > 1)
    if view.ratio > 2:
        picture = reduced(picture, view.ratio // 2)
    return _Shown(picture, reduced(decode_stencil(coded), view.ratio), coded.toner)


def _lost_strokes(view: PaperView, grey: Pixels) -> Pixels | None:
    before = cv2.blur(cv2.subtract(view.paper_grey, view.grey), (3, 3))
    after = cv2.blur(cv2.subtract(view.paper_grey, grey), (3, 3))
    lost = cv2.compare(after, cv2.convertScaleAbs(before, alpha=_STROKE_LEFT), cv2.CMP_LT)
    lost = cv2.bitwise_and(lost, cv2.compare(before, _STROKE, cv2.CMP_GE))
    return lost if _has_place(lost, _LOST_MM2, view.dpi) else None


def _changed_tone(view: PaperView, grey: Pixels) -> Pixels | None:
    change = cv2.absdiff(cv2.blur(as_grey(view.coarse), (3, 3)), cv2.blur(reduced(grey, 2), (3, 3)))
    changed = cv2.compare(change, _TONE_LEVELS, cv2.CMP_GT)
    return _enlarged(changed, view) if _has_place(changed, _TONE_MM2, view.dpi / 2) else None


def _changed_colour(view: PaperView, shown: _Shown) -> list[tuple[Departure, Pixels | None]]:
    """Looked at on the view at half its size: colour is coarser than lines."""
    dpi = view.dpi / 2
    chroma = cv2.blur(view.chroma, (3, 3))
    coloured = cv2.compare(chroma, _COLOUR, cv2.CMP_GT)
    if not cv2.countNonZero(coloured):
        return []
    after = shown.halved().pixels()
    left = cv2.blur(paper_chroma(after, view.coarse_paper), (3, 3))
    paled = cv2.compare(left, cv2.convertScaleAbs(chroma, alpha=_COLOUR_LEFT), cv2.CMP_LT)
    turned = cv2.blur(cv2.absdiff(view.coarse, after), (3, 3))
    lost = cv2.bitwise_or(paled, cv2.compare(brightest_channel(turned), _COLOUR_LEVELS, cv2.CMP_GT))
    lost = cv2.bitwise_and(lost, coloured)
    gone = _enlarged(lost, view) if _has_place(lost, _COLOUR_MM2, dpi) else None
    return [(Departure.COLOUR, gone), (Departure.SEAL, _unlike_seals(view, shown, after, coloured))]


def _unlike_seals(view: PaperView, shown: _Shown, halved: Pixels, coloured: Pixels) -> Pixels | None:
    """``halved``: what is shown, at half the view's size, as ``coloured`` is."""
    count, _, boxes, _ = joined(cv2.dilate(coloured, np.ones((5, 5), np.uint8)))
    unlike: Pixels | None = None
    for x, y, wide, high, area in boxes[1:count]:
        if area < _points(_SEAL_MM2, view.dpi / 2):
            continue
        place = np.s_[2 * y : 2 * (y + high), 2 * x : 2 * (x + wide)]
        if wide * high > _points(_FRAME_MM2, view.dpi / 2):
            coarse = np.s_[y : y + high, x : x + wide]
            pair = view.coarse[coarse], halved[coarse]
        else:
            pair = view.colour[place], shown.pixels(place)
        if likeness(*map(np.ascontiguousarray, pair)) < _SEAL_SSIM:
            unlike = np.zeros_like(view.grey) if unlike is None else unlike
            unlike[place] = 255
    return unlike


def _enlarged(places: Pixels, view: PaperView) -> Pixels:
    enlarged: Pixels = cv2.resize(places, view.size, interpolation=cv2.INTER_NEAREST)
    return enlarged


def _points(mm2: float, dpi: float) -> float:
    return mm2 * (dpi / 25.4) ** 2


def _has_place(places: Pixels, mm2: float, dpi: float) -> bool:
    """Whether any connected place is as large as that."""
    least = _points(mm2, dpi)
    if cv2.countNonZero(places) < least:
        return False
    count, _, stats, _ = joined(places)
    return count > 1 and bool(stats[1:count, cv2.CC_STAT_AREA].max() >= least)


def likeness(first: Pixels, second: Pixels) -> float:
    """Structural similarity (Wang et al. 2004) of two pictures of one shape, lightly blurred: 1 for equal ones.

    Of (h, w, 3) RGB the darkest channel is compared, where ink of any colour is dark. Window: 7 x 7.
    """
    one, other = (
        cv2.GaussianBlur((pixels if pixels.ndim == 2 else darkest_channel(pixels)).astype(np.float32), (5, 5), 1.0)
        for pixels in (first, second)
    )
    mean_one, mean_other = _window(one), _window(other)
    varied = _window(one * one) - mean_one * mean_one + _window(other * other) - mean_other * mean_other
    together = _window(one * other) - mean_one * mean_other
    steady, moving = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_one * mean_other + steady) * (2 * together + moving)
    below = (mean_one * mean_one + mean_other * mean_other + steady) * (varied + moving)
    return cv2.mean(cv2.divide(above, below))[0]


def _window(values: np.ndarray) -> np.ndarray:
    smooth: np.ndarray = cv2.blur(values, (7, 7))
    return smooth
