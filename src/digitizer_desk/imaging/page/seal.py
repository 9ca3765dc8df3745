# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A round red seal: whether there is one, where, and how much of its red is left.

Apart from the other colours because it is found by its shape. Every red edge votes for the centres it could face, at
each radius a Vietnamese seal has; where votes pile up, the share of the circle that is really there decides, or one
unbroken arc of it: half a seal over two sheets has nothing but that, while scattered red print has no arc.
"""

from __future__ import annotations

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
#: more edges than this are a picture or a coloured paper: there only lines are asked, so wide at most (pixels of the
#: view; about 5 mm), since areas of colour have round outlines by chance. Of the lines the strongest first, then many
#: more; of so many some lie on any circle, so arcs say nothing, and more must be seen of what of the circle lies on the
#: sheet, if so much does (photographs of the tuning pages: 0.65 and less without a seal, 0.92 and more with one)
_MOST_EDGES, _MANY_EDGES = 6000, 24000
_LINE = 7
_CIRCLE_OF_MANY, _ON_SHEET = 0.7, 0.3
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


@dataclass(frozen=True, slots=True)
class _Edges:
    """Places (pixels) where redness rises, the direction it rises to (length 1) and how steeply; all (n,)."""

    x: np.ndarray
    y: np.ndarray
    ux: np.ndarray
    uy: np.ndarray
    rise: np.ndarray

    @classmethod
    def of(cls, red: np.ndarray) -> _Edges:
        smooth = cv2.GaussianBlur(red, (0, 0), 0.8)
        dx, dy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
        size = cv2.magnitude(dx, dy)
        y, x = np.nonzero(size > _EDGE)
        rise = size[y, x]
        return cls(x.astype(np.float32), y.astype(np.float32), dx[y, x] / rise, dy[y, x] / rise, rise)

    def strongest(self, most: int) -> _Edges:
        """So many of them at most."""
        if len(self.x) <= most:
            return self
        kept = np.argpartition(self.rise, -most)[-most:]
        return _Edges(self.x[kept], self.y[kept], self.ux[kept], self.uy[kept], self.rise[kept])


def find_seal(views: Views) -> Seal | None:
    """The clearest round red seal of 26 to 42 mm, whole or in part; None when there is none."""
    if views.half is None:
        return None
    balanced = _balanced(views.half)
    red = redness(balanced)
    if cv2.countNonZero(cv2.compare(red, _RED, cv2.CMP_GT)) < _FEWEST_RED:
        return None
    found = _circle(views, red, balanced)
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


def _red_lines(colour: np.ndarray) -> np.ndarray:
    """Redness of lines over what they lie on, be that blue or red itself: (H, W, 3) -> uint8 (H, W)."""
    red, green, blue = cv2.split(colour)
    over = cv2.subtract(red, cv2.max(green, blue), dtype=cv2.CV_16S)
    areas = cv2.morphologyEx(over, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_LINE, _LINE)))
    lines: np.ndarray = cv2.subtract(over, areas, dtype=cv2.CV_8U)
    return lines


def _circle(views: Views, red: np.ndarray, colour: np.ndarray) -> tuple[float, float, float] | None:
    """Centre and radius (pixels) of the circle most of which is there, if enough of it is."""
    edges = _Edges.of(red)
    if len(edges.x) > _MOST_EDGES:
        red = _red_lines(colour)
        edges = _Edges.of(red)
    if len(edges.x) < _FEWEST_EDGES:
        return None
    if len(edges.x) <= _MOST_EDGES:
        return _clearest(red, edges, views.dpi / 2, None)
    sheet = cv2.compare(views.backing[: 2 * len(red) : 2, : 2 * red.shape[1] : 2].view(np.uint8), 0, cv2.CMP_EQ)
    looks = (_clearest(red, edges.strongest(most), views.dpi / 2, sheet) for most in (_MOST_EDGES, _MANY_EDGES))
    return next(filter(None, looks), None)


def _clearest(
    red: np.ndarray, edges: _Edges, dpi: float, sheet: np.ndarray | None
) -> tuple[float, float, float] | None:
    """Of the circles through these edges the one that is most whole, of those of which enough is there. ``sheet``:
    where the sheet lies (not 0), for edges so many that arcs say nothing; None for few."""
    radii = np.arange(_RADII_MM[0] / 25.4 * dpi, _RADII_MM[1] / 25.4 * dpi + 0.1, 1.0)
    best: tuple[float, tuple[float, float, float]] | None = None
    for centre, radius in _voted(edges, radii, red.shape):
        share, arc, along = _covered(edges, centre, radius)
        if sheet is None:
            enough = share >= _CIRCLE or arc >= _ARC
        else:
            enough = share >= _CIRCLE_OF_MANY * max(_ON_SHEET, _on_sheet(sheet, centre, radius))
        if enough and along >= _ALONG and (best is None or share > best[0]) and not _is_full(red, centre, radius):
            best = (share, (*centre, radius))
    return best[1] if best else None


def _on_sheet(sheet: np.ndarray, centre: tuple[int, int], radius: float) -> float:
    """Share of the circle that lies on the sheet (not 0)."""
    angles = np.arange(_SLOTS) * (2 * np.pi / _SLOTS)
    x = np.rint(centre[0] + radius * np.cos(angles)).astype(int)
    y = np.rint(centre[1] + radius * np.sin(angles)).astype(int)
    inside = (x >= 0) & (x < sheet.shape[1]) & (y >= 0) & (y < sheet.shape[0])
    return np.count_nonzero(sheet[y[inside], x[inside]]) / _SLOTS


def _is_full(red: np.ndarray, centre: tuple[int, int], radius: float) -> bool:
    """Whether the circle is red all over."""
    reach = round(radius * 0.97)
    left, top = max(0, centre[0] - reach), max(0, centre[1] - reach)
    part = red[top : max(0, centre[1] + reach + 1), left : max(0, centre[0] + reach + 1)]
    disc = np.zeros(part.shape, np.uint8)
    cv2.circle(disc, (centre[0] - left, centre[1] - top), reach, 1, -1)
    inside = part[disc > 0]
    return bool(inside.size) and float((inside > 0.5 * level_of(inside, 0.9)).mean()) > _FULL


def _voted(edges: _Edges, radii: np.ndarray, shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], float]]:
    """For each radius the centre most edges face from there, where enough do: redness grows towards it at the outer
    edge of the ring."""
    # votes are counted only as far round the red as they can fall: a page with one seal is nearly all paper
    x, y, far = edges.x, edges.y, int(radii[-1]) + 2
    left, top = int(x.min()) - far, int(y.min()) - far
    wide, high = int(x.max()) + far + 1 - left, int(y.max()) + far + 1 - top
    reach = radii.astype(np.float32)[:, None]
    cells = np.rint(edges.ux * reach + (x - left)).astype(np.int32)
    cells += np.rint(edges.uy * reach + (y - top)).astype(np.int32) * np.int32(wide)
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


def _covered(edges: _Edges, centre: tuple[int, int], radius: float) -> tuple[float, float, float]:
    """Share of 72 directions from the centre in which an edge lies at the radius and faces the centre, the longest run
    of them (gaps of one closed), as a share of the circle, and the share of all edges at the radius that run along it.
    """
    dx, dy = edges.x - np.float32(centre[0]), edges.y - np.float32(centre[1])
    square = dx * dx + dy * dy
    ring = np.flatnonzero((square >= (radius - _RING) ** 2) & (square <= (radius + _RING) ** 2))
    dx, dy = dx[ring], dy[ring]
    towards, faced = -(dx * edges.ux[ring] + dy * edges.uy[ring]), 0.94 * np.sqrt(square[ring])
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
