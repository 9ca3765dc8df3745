# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A page taken apart into what a small PDF holds: a full-page picture without toner, and a stencil of the toner.

Apart from coding and checking because this is where it is decided what is toner: a pure function of pixels. Nothing
is recognised, replaced or sharpened; what is not surely toner or surely bare paper stays in the picture as it is.

Decisions are made on the view at 150 dpi, where one look costs a quarter; only the stencil itself is cut at full
resolution. Coloured ink is told by its chroma relative to its darkness, so that a faint seal is never taken for grey
dirt, and only what differs little from the paper round it is smoothed away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import level_counts, shrunk
from digitizer_desk.imaging.pdf.paper import PaperView, as_grey, brightest_channel, reduced

#: toner is darker than its paper by this share of what the page's own print is
_TONER_SHARE = 0.5
#: and by this many levels of 255 at least: pencil and faint stamps stay in the picture
_TONER_LEAST = 70
#: of all dark points, by darkness: this share is soft edge of strokes, and from that on they are hearts
_EDGE_SHARE = 0.6
_HEART = 0.8
#: a stroke is toner when the darkest point so near is nearly as dark as the page's print
_LETTER_MM = 1.5
_HEART_SHARE = 0.8
#: coloured: so many times the chroma is more than the darkness, and the chroma itself is more than the least
_CHROMA_TIMES = 3
_CHROMA_LEAST = 12
#: of 3 x 3 points more than a third are coloured in a stroke (255 = all)
_FRINGE = 90
#: coloured points in a row for so long are a rule, however thin; the fringes of letters are shorter
_RULE_MM = 5.0
#: so near to coloured ink all stays in the picture
_CROSSING_MM = 0.6
#: bare paper differs from the paper round it by no more than so many levels, and so many units of chroma
_FLAT_LEVELS = 13
_FLAT_CHROMA = 9
#: beside print the scanner's own JPEG leaves ripples: there only more than this is no ripple
_RIPPLE_LEVELS = 44
_RIPPLE_CHROMA = 24
_RIPPLE_MM = 0.5
#: so much is kept round each point that is kept
_RIM_MM = 0.5
#: the soft edge of toner, erased with it
_EDGE_MM = 0.17
#: dark areas wider than this stay in the picture (photos, backing, black bars)
_SOLID_MM = 2.0
#: tones of bare paper are rounded to this: long runs of equal blocks cost next to nothing
_PAPER_STEP = 4
#: side of the squares that share one tone of paper, in pixels: one unit of a JPEG with halved chroma
TILE = 16
#: rows of tiles that are filled in at once
_ROWS = 20
#: points a tile at which it is looked what lies round toner
_AROUND = 2
#: it is known from this share of points that are no toner, at the least
_KNOWN_LEAST = 0.04
#: left, top, width and height, in tiles
_Box: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Layers:
    """``picture``: uint8, (H, W, 4) RGB and a fourth that says nothing, or (H, W) grey, the page without its toner; so
    Pillow holds colour itself, and need not copy it. ``stencil``: uint8 (H, W), 255 where toner lies, else 0.
    ``toner``: its colour, three values or one."""

    picture: Pixels
    stencil: Pixels
    toner: tuple[int, ...]


def split(pixels: Pixels, view: PaperView, leave: Pixels | None = None) -> Layers:
    """Take a page apart.

    Args:
        pixels: uint8, (H, W, 3) RGB or (H, W) grey.
        view: :func:`paper_view` of the same pixels.
        leave: uint8 of the view's size, 255 where all must stay in the picture as it is.
    """
    chroma: Pixels = cv2.resize(view.chroma, view.size, interpolation=cv2.INTER_LINEAR)
    limit, level = _limit(view)
    may = _may_be_toner(view, limit, level)
    if leave is not None:
        may = cv2.subtract(may, cv2.dilate(leave, _spot(_EDGE_MM, view.dpi)))
    stencil, spare = _stencil(pixels, limit, may)
    erased = cv2.dilate(stencil, _spot(_EDGE_MM, view.dpi * view.ratio), dst=spare)
    kept, gone = _kept(view, chroma, erased, may)
    if leave is not None:
        kept = cv2.bitwise_or(kept, cv2.dilate(leave, _spot(_RIM_MM, view.dpi)))
    picture = _picture(pixels, view, erased, may, kept, gone)
    return Layers(picture, stencil, _toner_colour(view, level, may))


def _spot(radius_mm: float, dpi: float) -> Pixels:
    """A square that reaches so far to each side, at least one pixel."""
    side = 2 * max(1, round(radius_mm / 25.4 * dpi)) + 1
    return np.ones((side, side), np.uint8)


def _limit(view: PaperView) -> tuple[Pixels, int]:
    """The grey below which a point is toner, half-way between the paper there and the page's own print; and how much
    darker than paper the hearts of that print are."""
    darkness = cv2.subtract(view.paper_grey, view.grey)
    sums = level_counts(darkness, cv2.compare(darkness, _TONER_LEAST, cv2.CMP_GE)).cumsum()
    stroke, heart = (int(np.argmax(sums >= sums[-1] * share)) if sums[-1] else 255 for share in (_EDGE_SHARE, _HEART))
    limit: Pixels = cv2.subtract(view.paper_grey, float(max(_TONER_LEAST, round(_TONER_SHARE * stroke))))
    return limit, heart


def _may_be_toner(view: PaperView, limit: Pixels, level: int) -> Pixels:
    """255 where toner may lie: as dark as the page's print, no coloured ink or what it crosses, no wide dark area."""
    # a stroke's heart tells its ink: pencil, a staple or another pen keep their own tone, and hairlines of letters
    # count with the letters they belong to
    hearts = cv2.dilate(cv2.subtract(view.paper_grey, view.grey), _spot(_LETTER_MM, view.dpi))
    may: Pixels = cv2.compare(hearts, round(_HEART_SHARE * level), cv2.CMP_GE)
    if view.colour.ndim == 3:
        crossed = cv2.dilate(_coloured(view), _spot(_CROSSING_MM, view.dpi / 2))
        may = cv2.subtract(may, cv2.resize(crossed, view.size, interpolation=cv2.INTER_NEAREST))
    ratio = max(1, round(view.dpi / 37.5))
    dark = cv2.compare(view.grey, limit, cv2.CMP_LT)
    # by halves is four times as fast; only what is dark all over is asked for, so nothing is lost by rounding twice
    dark = shrunk(shrunk(dark, 2), 2) if ratio == 4 else shrunk(dark, ratio)
    solid = cv2.compare(dark, 250, cv2.CMP_GE)
    width = max(2, round(_SOLID_MM / 25.4 * view.dpi / ratio))
    wide = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((width, width), np.uint8))
    if cv2.countNonZero(wide):
        wide = cv2.dilate(wide, np.ones((5, 5), np.uint8))  # with its rim: a photo's edge is no line of toner
        may = cv2.subtract(may, cv2.resize(wide, view.size, interpolation=cv2.INTER_NEAREST))
    return may


def _coloured(view: PaperView) -> Pixels:
    """255 where coloured ink lies, on the coarse view."""
    darkness = cv2.bitwise_not(brightest_channel(view.coarse))
    coloured = cv2.compare(cv2.multiply(view.chroma, float(_CHROMA_TIMES)), darkness, cv2.CMP_GT)
    coloured = cv2.bitwise_and(coloured, cv2.compare(view.chroma, _CHROMA_LEAST, cv2.CMP_GT))
    # a single point is the fringe of a letter; ink comes in strokes, and where two inks cross there is no toner
    strokes: Pixels = cv2.compare(cv2.blur(coloured, (3, 3), borderType=cv2.BORDER_REPLICATE), _FRINGE, cv2.CMP_GT)
    long = max(3, round(_RULE_MM / 25.4 * view.dpi / 2))
    for shape in ((1, long), (long, 1)):
        strokes = cv2.bitwise_or(strokes, cv2.morphologyEx(coloured, cv2.MORPH_OPEN, np.ones(shape, np.uint8)))
    return strokes


def _stencil(pixels: Pixels, limit: Pixels, may: Pixels) -> tuple[Pixels, Pixels]:
    """255 where toner lies; and a second array of that size to write into: new ones cost more than the work on them."""
    size = (pixels.shape[1], pixels.shape[0])
    full = cv2.resize(cv2.bitwise_and(limit, may), size, interpolation=cv2.INTER_LINEAR)  # 0: nothing is darker
    if pixels.ndim == 2:
        return cv2.compare(pixels, full, cv2.CMP_LT), full
    grey = as_grey(pixels)
    return cv2.compare(grey, full, cv2.CMP_LT, dst=grey), full


def _toner_colour(view: PaperView, level: int, may: Pixels) -> tuple[int, ...]:
    """Median colour of the dark hearts of strokes; black when there are none."""
    darkness = cv2.subtract(view.paper_grey, view.grey)
    dark = cv2.bitwise_and(cv2.compare(darkness, round(_HEART_SHARE * level), cv2.CMP_GE), may)[::4, ::4] > 0
    if not dark.any():
        return (0,) * (1 if view.colour.ndim == 2 else 3)
    hearts = view.colour[::4, ::4][dark]
    return tuple(int(value) for value in np.atleast_1d(np.median(hearts, axis=0)))


def _kept(view: PaperView, chroma: Pixels, erased: Pixels, may: Pixels) -> tuple[Pixels, Pixels]:
    """In the view, 255 where there is more than bare paper and toner, with a rim; and 255 where toner is erased."""
    apart = cv2.absdiff(view.grey, view.paper_grey)
    gone = cv2.resize(erased, view.size, interpolation=cv2.INTER_NEAREST)
    gone = cv2.bitwise_and(cv2.dilate(gone, np.ones((3, 3), np.uint8)), may)
    beside = cv2.bitwise_and(cv2.dilate(gone, _spot(_RIPPLE_MM, view.dpi)), may)
    away, strong = (
        cv2.bitwise_or(cv2.compare(apart, levels, cv2.CMP_GT), cv2.compare(chroma, units, cv2.CMP_GT))
        for levels, units in ((_FLAT_LEVELS, _FLAT_CHROMA), (_RIPPLE_LEVELS, _RIPPLE_CHROMA))
    )
    more = cv2.bitwise_or(cv2.subtract(away, beside), cv2.subtract(strong, gone))
    return cv2.dilate(more, _spot(_RIM_MM, view.dpi)), gone


def _picture(pixels: Pixels, view: PaperView, erased: Pixels, may: Pixels, kept: Pixels, gone: Pixels) -> Pixels:
    """Bare paper everywhere, and the page itself, toner taken out, where there is something to keep."""
    height, width = pixels.shape[:2]
    grid = (-(-height // TILE), -(-width // TILE))
    side = TILE // view.ratio
    row = cv2.resize(_by_four(_tones(view, grid)), (grid[1] * TILE, grid[0]), interpolation=cv2.INTER_NEAREST)
    picture: Pixels = np.repeat(row, TILE, axis=0)[:height, :width]
    # one picture to enlarge, not two: 1 where something is kept, 2 besides where it may be toner
    marks = cv2.bitwise_and(kept, cv2.bitwise_or(cv2.bitwise_and(may, 2), 1))
    kept, marks = (_padded(mask, grid, side, cv2.BORDER_CONSTANT) for mask in (kept, marks))
    tiles = cv2.compare(cv2.resize(kept, grid[::-1], interpolation=cv2.INTER_AREA), 0, cv2.CMP_GT)
    boxes = _boxes(tiles)
    around = _by_four(_around(view, gone, grid)) if boxes else tiles
    for box in boxes:
        area, target = _by_four(_part(pixels, box, TILE)), _part(picture, box, TILE)
        full, (rows, columns) = (box[2] * TILE, box[3] * TILE), area.shape[:2]
        inside = cv2.resize(_part(marks, box, side), full, interpolation=cv2.INTER_NEAREST)[:rows, :columns]
        cv2.copyTo(area, inside, target)
        toner = cv2.bitwise_and(cv2.bitwise_and(_part(erased, box, TILE), inside), 2)
        if cv2.countNonZero(toner):
            filling = cv2.resize(_part(around, box, _AROUND), full, interpolation=cv2.INTER_LINEAR)
            cv2.copyTo(filling[:rows, :columns], toner, target)
    return picture


def _by_four(pixels: Pixels) -> Pixels:
    """(H, W, 3) RGB -> (H, W, 4); (H, W) grey as it is."""
    return pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)


def _boxes(tiles: Pixels) -> list[_Box]:
    """Boxes round all tiles that are not 0: round what hangs together, a few rows at a time, so that the frame of a
    page does not make the whole page one."""
    found = []
    for top in range(0, len(tiles), _ROWS):
        count, _, boxes, _ = cv2.connectedComponentsWithStats(tiles[top : top + _ROWS], connectivity=8)
        found += [(int(left), top + int(down), int(wide), int(high)) for left, down, wide, high, _ in boxes[1:count]]
    return found


def _part(array: Pixels, box: _Box, side: int) -> Pixels:
    """The part of an array under a box of tiles, each ``side`` of its pixels wide."""
    left, top, wide, high = (value * side for value in box)
    return array[top : top + high, left : left + wide]


def _padded(array: Pixels, grid: tuple[int, int], side: int, border: int = cv2.BORDER_REPLICATE) -> Pixels:
    below, right = grid[0] * side - array.shape[0], grid[1] * side - array.shape[1]
    padded: Pixels = cv2.copyMakeBorder(array, 0, below, 0, right, border)
    return padded


def _tones(view: PaperView, grid: tuple[int, int]) -> Pixels:
    """The tone of bare paper for each tile, rounded."""
    side = TILE // view.ratio // 2
    tone = _padded(view.coarse_paper[side // 2 :: side, side // 2 :: side], grid, 1)
    rounded: Pixels = tone // np.uint8(_PAPER_STEP) * np.uint8(_PAPER_STEP) + np.uint8(_PAPER_STEP // 2)
    return rounded


def _around(view: PaperView, gone: Pixels, grid: tuple[int, int]) -> Pixels:
    """What lies round the toner, smooth, _AROUND points a tile: means of all near that is no toner."""
    ratio = TILE // view.ratio // 2 // _AROUND
    weight = cv2.compare(reduced(gone, 2), 0, cv2.CMP_EQ)
    known = reduced(cv2.bitwise_and(view.coarse, view.coarse, mask=weight), ratio).astype(np.float32)
    share = reduced(weight, ratio).astype(np.float32) / 255
    found = reduced(view.coarse_paper, ratio).astype(np.float32)
    for size in (9, 3):  # far and thin first, near and sure over it
        means, shares = cv2.blur(known, (size, size)), cv2.blur(share, (size, size))
        enough = (shares > _KNOWN_LEAST).astype(np.uint8)
        if known.ndim == 3:
            shares = cv2.merge([shares] * 3)
        cv2.copyTo(cv2.divide(means, shares), enough, found)
    return _padded(cv2.convertScaleAbs(found), grid, _AROUND)
