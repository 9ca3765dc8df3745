# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The page at about 150 dpi with the tone of its bare paper: what both splitting and self-check look at.

Apart because it is made once for both, by whole blocks, and because paper must mean the same to both.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import channel_spread, shrunk

#: the tone of bare paper is looked for in spots of this size
_SPOT_MM = 10.0
#: the view's resolution lies near this: 150 dpi, made by whole blocks of one, two or four pixels
_BLOCKS = ((250.0, 1), (500.0, 2), (float("inf"), 4))


@dataclass(frozen=True, slots=True)
class PaperView:
    """A page reduced by ``ratio``, all uint8: ``colour`` (h, w, 3) or (h, w), its ``grey``, and ``paper_grey``, the
    grey of bare paper at each point. h and w are rounded up. ``dpi``: of the view.

    ``coarse`` and ``coarse_paper``: colour and paper at half of that, and ``chroma``, the page's chroma over its paper
    there: colour is coarser than lines.
    """

    ratio: int
    dpi: float
    colour: Pixels
    grey: Pixels
    paper_grey: Pixels
    coarse: Pixels
    coarse_paper: Pixels
    chroma: Pixels

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the view."""
        return self.grey.shape[1], self.grey.shape[0]


def paper_view(pixels: Pixels, dpi: float) -> PaperView:
    """The view of a page.

    Args:
        pixels: uint8, (H, W, 3) RGB or (H, W) grey.
        dpi: pixels an inch, the smaller of both axes.
    """
    ratio = next(block for below, block in _BLOCKS if dpi < below)
    colour = reduced(pixels, ratio)
    coarse = reduced(colour, 2)
    coarse_paper = _paper(coarse, dpi / ratio / 2)
    size = (colour.shape[1], colour.shape[0])
    return PaperView(
        ratio=ratio,
        dpi=dpi / ratio,
        colour=colour,
        grey=as_grey(colour),
        paper_grey=cv2.resize(as_grey(coarse_paper), size, interpolation=cv2.INTER_LINEAR),
        coarse=coarse,
        coarse_paper=coarse_paper,
        chroma=paper_chroma(coarse, coarse_paper),
    )


def reduced(pixels: Pixels, ratio: int) -> Pixels:
    """Block means; a last row or column that is no whole block stands for itself, so that nothing is dropped."""
    small = shrunk(pixels, ratio)
    rows, columns = (-(-size // ratio) for size in pixels.shape[:2])
    below, right = rows - small.shape[0], columns - small.shape[1]
    if not (below or right):
        return small
    whole: Pixels = cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE)
    if below:
        whole[-1] = cv2.resize(pixels[-1:], (columns, 1), interpolation=cv2.INTER_AREA).reshape(whole[-1].shape)
    if right:
        edge = cv2.resize(pixels[:, -1:], (1, rows), interpolation=cv2.INTER_AREA)
        whole[:, -1] = edge.reshape(whole[:, -1].shape)
    return whole


def as_grey(pixels: Pixels) -> Pixels:
    """(H, W, 3) RGB or (H, W) -> (H, W)."""
    if pixels.ndim == 2:
        return pixels
    grey: Pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return grey


def brightest_channel(colour: Pixels) -> Pixels:
    """The highest of the three channels, (H, W, 3) -> (H, W)."""
    red, green, blue = cv2.split(colour)
    high: Pixels = cv2.max(cv2.max(red, green), blue)
    return high


def paper_chroma(colour: Pixels, paper: Pixels) -> Pixels:
    """Chroma over the paper's own tint: on tinted paper bare paper is white, and what is left is ink. (h, w)."""
    if colour.ndim == 2:
        return np.zeros_like(colour)
    return channel_spread(cv2.divide(colour, paper, scale=255))


def _paper(colour: Pixels, dpi: float) -> Pixels:
    ratio = max(1, round(dpi / 18.75))
    # smoothed before the brightest is taken: the tone of the paper, not its noise
    small = shrunk(cv2.GaussianBlur(colour, (3, 3), 0), ratio)
    size = max(3, round(_SPOT_MM / 25.4 * dpi / ratio)) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8), borderType=cv2.BORDER_REPLICATE)
    smooth = cv2.blur(closed, (size, size), borderType=cv2.BORDER_REPLICATE)
    paper: Pixels = cv2.resize(smooth, (colour.shape[1], colour.shape[0]), interpolation=cv2.INTER_LINEAR)
    return paper
