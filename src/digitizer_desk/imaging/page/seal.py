# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A round red seal: whether there is one, where, and how much of its red is left.

Apart from the other colours because it is found by its shape. Every red edge votes for the centres it could face, at
each radius a Vietnamese seal has; where votes pile up, the share of the circle that is really there decides, or one
unbroken arc of it: half a seal over two sheets has nothing but that, while scattered red print has no arc.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Region
from digitizer_desk.imaging.page.views import Views, level_of

_RADII_MM = (13.0, 21.0)
#: redness (red over the stronger other channel, of 255) over the paper's, and the rise of it that is an edge
_RED, _EDGE = 6, 6
_FEWEST_RED, _FEWEST_EDGES = 30, 40
#: the strongest edges are asked first, then many more: a photograph has stronger ones than its seal. Of so many some
#: lie on any circle, so there more of it must be seen, and arcs say nothing
_MOST_EDGES, _MANY_EDGES = 6000, 24000
_CIRCLE_OF_MANY = 0.6
#: paper whose channels lie so close is white; and none is taken to be darker than this
_WHITE, _DARKEST_PAPER = 3, 64
#: its strength is read from ink at least so red, where there is any
_INKED = 12
#: a seal is lines and letters: more of its circle at half its redness or over is a red thing in a photograph
_FULL = 0.38
#: share of the circle that must be seen, or the longest unbroken part of it
_CIRCLE, _ARC = 0.53, 0.35
#: of the edges that lie on a circle so many at least run along it; of stains and grain it is a fifth to a third, by
#: chance (seals of the tuning pages: 0.46 and more)
_ALONG = 0.4
#: piles of fewer votes than this share of the circle are not looked at
_PILE = 0.12
_SLOTS = 72
_BEFORE, _BEHIND = np.roll(np.arange(_SLOTS), 1), np.roll(np.arange(_SLOTS), -1)
#: so far (pixels of the view) from the circle an edge still lies on it
_RING = 1.6
_PAD = 16


@dataclass(frozen=True, slots=True)
class Seal:
    """``region``: its outer circle. ``strength``: redness of its ink, 0 (grey) to 1 (pure red)."""

    region: Region
    strength: float


def find_seal(views: Views) -> Seal | None:
    """The clearest round red seal of 26 to 42 mm, whole or in part; None when there is none."""
    if views.half is None:
        return None
    red = redness(_balanced(views.half))
    if cv2.countNonZero(cv2.compare(red, _RED, cv2.CMP_GT)) < _FEWEST_RED:
        return None
    found = _circle(red, views.dpi / 2)
    if found is None:
        return None
    x, y, radius = found
    height, width = red.shape
    box = (max(0, x - radius), max(0, y - radius), min(width, x + radius), min(height, y + radius))
    inked = red[int(box[1]) : int(box[3]) + 1, int(box[0]) : int(box[2]) + 1]
    inked = inked[inked > _INKED] if bool((inked > _INKED).any()) else inked[inked > _RED]
    region = Region(*(round(v / size, 4) for v, size in zip(box, (width, height, width, height), strict=True)))
    return Seal(region, round(level_of(inked, 0.75) / 255, 3) if inked.size else 0.0)


def _balanced(colour: np.ndarray) -> np.ndarray:
    """The page as if its paper were white: on bluish paper a faint red is hardly redder than blue, and print is not
    red only because it is not blue."""
    tones = [max(_DARKEST_PAPER, level_of(channel, 0.5)) for channel in cv2.split(colour[::3, ::3])]
    if max(tones) - min(tones) <= _WHITE:
        return colour
    white = np.minimum(np.arange(256)[:, None] * 255 / np.array(tones), 255)
    balanced: np.ndarray = cv2.LUT(colour, np.rint(white).astype(np.uint8).reshape(256, 1, 3))
    return balanced


def redness(colour: np.ndarray) -> np.ndarray:
    """Red over the stronger of the other channels, less what the paper has of it: (H, W, 3) -> uint8 (H, W)."""
    red, green, blue = cv2.split(colour)
    over = cv2.subtract(red, cv2.max(green, blue))
    clear: np.ndarray = cv2.subtract(over, level_of(over[::3, ::3], 0.5))
    return clear


def _circle(red: np.ndarray, dpi: float) -> tuple[float, float, float] | None:
    """Centre and radius (pixels) of the circle most of which is there, if enough of it is."""
    smooth = cv2.GaussianBlur(red, (0, 0), 0.8)
    dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    size = cv2.magnitude(dx, dy)
    y, x = np.nonzero(size > _EDGE)
    if len(x) < _FEWEST_EDGES:
        return None
    if len(x) <= _MOST_EDGES:
        return _clearest(red, x, y, dx, dy, size, dpi, _CIRCLE, _ARC)
    rise = size[y, x]
    some, many = (np.argpartition(rise, -most)[-most:] for most in (_MOST_EDGES, min(_MANY_EDGES, len(x))))
    found = _clearest(red, x[some], y[some], dx, dy, size, dpi, _CIRCLE, _ARC)
    return found or _clearest(red, x[many], y[many], dx, dy, size, dpi, _CIRCLE_OF_MANY, math.inf)


def _clearest(
    red: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    dx: np.ndarray,
    dy: np.ndarray,
    size: np.ndarray,
    dpi: float,
    least_circle: float,
    least_arc: float,
) -> tuple[float, float, float] | None:
    """Of the circles through these edges (places, and the rise of redness there) the one that is most whole, of those
    with such a share of the circle or such an arc of it."""
    ux, uy = dx[y, x] / size[y, x], dy[y, x] / size[y, x]
    x, y = x.astype(np.float32), y.astype(np.float32)
    radii = np.arange(_RADII_MM[0] / 25.4 * dpi, _RADII_MM[1] / 25.4 * dpi + 0.1, 1.0)
    best: tuple[float, tuple[float, float, float]] | None = None
    for centre, radius in _voted(x, y, ux, uy, radii, red.shape):
        share, arc, along = _covered(x, y, ux, uy, centre, radius)
        enough = along >= _ALONG and (share >= least_circle or arc >= least_arc)
        if enough and (best is None or share > best[0]) and not _is_full(red, centre, radius):
            best = (share, (*centre, radius))
    return best[1] if best else None


def _is_full(red: np.ndarray, centre: tuple[int, int], radius: float) -> bool:
    """Whether the circle is red all over."""
    reach = round(radius * 0.97)
    left, top = max(0, centre[0] - reach), max(0, centre[1] - reach)
    part = red[top : max(0, centre[1] + reach + 1), left : max(0, centre[0] + reach + 1)]
    disc = np.zeros(part.shape, np.uint8)
    cv2.circle(disc, (centre[0] - left, centre[1] - top), reach, 1, -1)
    inside = part[disc > 0]
    return bool(inside.size) and float((inside > 0.5 * level_of(inside, 0.9)).mean()) > _FULL


def _voted(
    x: np.ndarray, y: np.ndarray, ux: np.ndarray, uy: np.ndarray, radii: np.ndarray, shape: tuple[int, ...]
) -> Iterator[tuple[tuple[int, int], float]]:
    """For each radius the centre most edges face from there, where enough do: redness grows towards it at the outer
    edge of the ring."""
    # votes are counted only as far round the red as they can fall: a page with one seal is nearly all paper
    far = int(radii[-1]) + 2
    left, top = int(x.min()) - far, int(y.min()) - far
    wide, high = int(x.max()) + far + 1 - left, int(y.max()) + far + 1 - top
    reach = radii.astype(np.float32)[:, None]
    cells = np.rint(ux * reach + (x - left)).astype(np.int32)
    cells += np.rint(uy * reach + (y - top)).astype(np.int32) * np.int32(wide)
    cells += np.arange(len(radii), dtype=np.int32)[:, None] * np.int32(high * wide)
    votes = np.bincount(cells.ravel(), minlength=len(radii) * high * wide).astype(np.float32)
    # the middle of half a seal may lie a little out of the picture
    rows = slice(max(0, -_PAD - top), shape[0] + _PAD - top)
    columns = slice(max(0, -_PAD - left), shape[1] + _PAD - left)
    for radius, layer in zip(radii, votes.reshape(len(radii), high, wide), strict=True):
        pile = cv2.boxFilter(layer, -1, (3, 3), normalize=False)[rows, columns]
        _, most, _, (column, row) = cv2.minMaxLoc(pile)
        if most >= _PILE * 2 * np.pi * radius:
            yield (column + columns.start + left, row + rows.start + top), float(radius)


def _covered(
    x: np.ndarray, y: np.ndarray, ux: np.ndarray, uy: np.ndarray, centre: tuple[int, int], radius: float
) -> tuple[float, float, float]:
    """Share of 72 directions from the centre in which an edge lies at the radius and faces the centre, the longest run
    of them (gaps of one closed), as a share of the circle, and the share of all edges at the radius that run along it.
    """
    dx, dy = x - np.float32(centre[0]), y - np.float32(centre[1])
    square = dx * dx + dy * dy
    ring = np.flatnonzero((square >= (radius - _RING) ** 2) & (square <= (radius + _RING) ** 2))
    dx, dy = dx[ring], dy[ring]
    towards, faced = -(dx * ux[ring] + dy * uy[ring]), 0.94 * np.sqrt(square[ring])
    faces, along = towards > faced, float((np.abs(towards) > faced).mean()) if ring.size else 0.0
    slots = ((np.arctan2(dy[faces], dx[faces]) + np.pi) / (2 * np.pi) * _SLOTS).astype(np.int32) % _SLOTS
    seen = np.zeros(_SLOTS, bool)
    seen[slots] = True
    closed = seen | (seen[_BEFORE] & seen[_BEHIND])
    if closed.all():
        return float(seen.mean()), 1.0, along
    gaps = np.flatnonzero(~closed)
    longest = int(np.diff(np.append(gaps, gaps[0] + _SLOTS)).max()) - 1
    return float(seen.mean()), longest / _SLOTS, along
