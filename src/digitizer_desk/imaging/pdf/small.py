# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One page of the ``small`` preset: two layers that proved themselves, or the reason why the page stays as scanned.

Apart because here the parts meet: split, encode, look again. Pure in pixels and bytes, so pages may be made in any
thread or process and in any order.
"""

from __future__ import annotations

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.pdf.coding import PageLayers, encode
from digitizer_desk.imaging.pdf.layers import split
from digitizer_desk.imaging.pdf.paper import paper_view
from digitizer_desk.imaging.pdf.selfcheck import Departure, doubt

#: below this many pixels an inch a stroke is a pixel or two wide: no stencil can tell it from its edge
LEAST_DPI = 140.0
#: and pictures under this many pixels a side are no pages
_LEAST_SIDE = 64
#: a picture layer larger than this saves too little for what it changes
_LARGEST_PICTURE = 250_000
#: places that depart are left in the picture and the page is tried again, so many times in all
_ROUNDS = 3


def two_layers(pixels: Pixels, dpi: float, budget: int) -> PageLayers | Departure:
    """The page as two layers of its own resolution, held against the page; or why it must stay as scanned.

    Args:
        pixels: uint8, (H, W, 3) RGB or (H, W) grey.
        dpi: pixels an inch, the smaller of both axes.
        budget: bytes of the page as scanned; two layers must take less.
    """
    if dpi < LEAST_DPI or min(pixels.shape[:2]) < _LEAST_SIDE:
        return Departure.RESOLUTION
    view = paper_view(pixels, dpi)
    leave: Pixels | None = None
    reason = Departure.SIZE
    for _ in range(_ROUNDS):
        coded = encode(split(pixels, view, leave))
        if len(coded.picture) > _LARGEST_PICTURE or coded.size >= budget:
            return Departure.SIZE
        found = doubt(coded, view)
        if found is None:
            return coded
        leave = found.places if leave is None else leave | found.places
        reason = found.reason
    return reason
