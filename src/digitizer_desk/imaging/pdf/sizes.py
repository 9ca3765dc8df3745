# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a component will weigh in either preset, while its pages are still coming in.

Apart because a meter must answer at once: a page that was made small says its size, one that waits for it is looked at
at an eighth of its size (about 10 ms) and estimated from how much print and how much coloured ink lie on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.views import ink_map
from digitizer_desk.imaging.pdf.paper import as_grey, paper_chroma
from digitizer_desk.imaging.pdf.writer import PdfPage

#: bytes of the file without its pages (profile, XMP, catalogue), and of a page without its pictures
_FILE, _PAGE, _LAYER = 4800, 660, 330
#: bytes of a page of bare paper; per unit of print; per unit of coloured or grey matter (fitted on 42 pages)
_BARE, _PER_PRINT, _PER_MATTER = 9_000.0, 0.045, 18.0
_INK, _COLOUR = 24, 20


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes a page takes in the file by either preset; ``exact`` when the small one was really made."""

    archive: int
    small: int
    exact: bool


def weigh(page: PdfPage, *, stays: bool = False) -> Weight:
    """What a page takes. ``stays``: it was tried and stays as it was scanned, so both presets weigh the same.

    The estimate of a page that was not tried is good for a meter, not for a limit: on the training papers and generated
    pages its mean error is a third of the page; over a component errors even out.
    """
    archive = len(page.jpeg) + _PAGE
    if stays:
        return Weight(archive, archive, True)
    if page.layers is not None:
        return Weight(archive, page.layers.size + _PAGE + _LAYER, True)
    return Weight(archive, min(archive, _expected(page.jpeg) + _PAGE + _LAYER), False)


def sizes(pages: Sequence[PdfPage | Weight]) -> tuple[int, int]:
    """(archive, small): bytes of the PDF in either preset. Weights that are at hand cost nothing."""
    weights = [page if isinstance(page, Weight) else weigh(page) for page in pages]
    return _FILE + sum(one.archive for one in weights), _FILE + sum(one.small for one in weights)


def features(jpeg: bytes) -> tuple[float, float] | None:
    """Print and matter on a page at an eighth of its size; None when it is no JPEG.

    Print: what darkness changes from point to point where the page is not coloured. Matter: points that are coloured.
    """
    tiny: Pixels | None = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_COLOR_8)
    if tiny is None or min(tiny.shape[:2]) < 8:
        return None
    white = np.full((1, 1, 3), np.percentile(tiny[::4, ::4], 90, axis=(0, 1)), np.uint8)
    chroma = paper_chroma(tiny, np.broadcast_to(white, tiny.shape).copy())
    coloured = cv2.compare(chroma, _COLOUR, cv2.CMP_GT)
    ink = ink_map(as_grey(tiny))
    ink = cv2.bitwise_and(cv2.subtract(ink, _INK), cv2.bitwise_not(coloured))
    return float(cv2.absdiff(ink[:, 1:], ink[:, :-1]).sum()), float(cv2.countNonZero(coloured))


def _expected(jpeg: bytes) -> int:
    found = features(jpeg)
    if found is None:
        return len(jpeg)
    return round(_BARE + _PER_PRINT * found[0] + _PER_MATTER * found[1])
