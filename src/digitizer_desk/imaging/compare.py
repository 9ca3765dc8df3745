# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of a component held against each other, by the sketches kept with their measures.

Apart from the measures of one page because here several are looked at; no picture is opened, so it can be asked at any
time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import cv2
import numpy as np

from digitizer_desk.dossier.finding import Comparisons, PageMeasures, Pair
from digitizer_desk.dossier.model import Page
from digitizer_desk.imaging.page.twin import Sketch, likeness, read_sketch, same_place_by_place, seal_through

#: pages whose coarse pictures are less alike than this are not compared further; the law asks for far more
_WORTH_A_LOOK = 0.6
_COARSE = (12, 16)
#: more ink than this share of the sheet is no back that shows a seal and nothing else
_NEARLY_BLANK = 0.02


def compare_pages(pages: Sequence[Page], before: Mapping[str, PageMeasures] | None = None) -> Comparisons:
    """Twins, seals that show through, and pages against the version they replaced.

    Args:
        pages: of one component, in order; those without measures are passed over.
        before: page id -> measures of the version before the one in use.
    """
    sketches = {page.id: _read(page.measures.sketch) for page in pages if page.measures is not None}
    known = [(page, sketch) for page in pages if (sketch := sketches.get(page.id)) is not None]
    replaced = []
    for page, _ in known:
        old = (before or {}).get(page.id)
        same = None if old is None or page.measures is None else alike(page.measures, old)
        if same is not None:
            replaced.append(Pair(page.id, page.id, same))
    return Comparisons(tuple(_twins(known)), tuple(_through(known)), tuple(replaced))


def alike(one: PageMeasures, other: PageMeasures) -> float | None:
    """How alike the ink of two pages lies as a whole, 1 the same; None when one of them has too little of it."""
    return _alike(one.sketch, other.sketch)


def shown_through(page: PageMeasures, other: PageMeasures) -> tuple[float, float] | None:
    """How alike the red of a near-blank page is to that of its other side, mirrored, and unmirrored as the
    counter-proof; None when the page is not near-blank or one of them shows no red."""
    if page.ink > _NEARLY_BLANK:
        return None
    back, front = _read(page.sketch), _read(other.sketch)
    return None if back is None or front is None else seal_through(back, front)


def same_sheet(one: PageMeasures, other: PageMeasures) -> float | None:
    """How sure it is that two pages are one sheet scanned twice: how alike they are where they are least alike."""
    return _same_sheet(one.sketch, other.sketch)


@lru_cache(maxsize=512)
def _read(sketch: str) -> Sketch | None:
    return read_sketch(sketch)


@lru_cache(maxsize=2048)
def _alike(one: str, other: str) -> float | None:
    first, second = _read(one), _read(other)
    return None if first is None or second is None else likeness(first, second)


@lru_cache(maxsize=2048)
def _same_sheet(one: str, other: str) -> float | None:
    first, second = _read(one), _read(other)
    return None if first is None or second is None else same_place_by_place(first, second)


def _twins(known: Sequence[tuple[Page, Sketch]]) -> list[Pair]:
    if len(known) < 2:
        return []
    coarse = np.stack([_coarse(sketch) for _, sketch in known])
    near = coarse @ coarse.T
    pairs = []
    for later in range(1, len(known)):
        for earlier in range(later - 1, -1, -1):
            if near[later, earlier] < _WORTH_A_LOOK:
                continue
            page, other = known[later][0], known[earlier][0]
            assert page.measures is not None
            assert other.measures is not None
            same = same_sheet(page.measures, other.measures)
            if same is not None:
                pairs.append(Pair(page.id, other.id, same))
    return pairs


def _coarse(sketch: Sketch) -> np.ndarray:
    """The page in 192 numbers of unit length, its mean taken off."""
    small = cv2.resize(sketch.ink, _COARSE, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = cv2.GaussianBlur(small, (0, 0), 1.0).ravel()
    small -= small.mean()
    length = float(np.linalg.norm(small))
    vector: np.ndarray = small / length if length > 0 else small
    return vector


def _through(known: Sequence[tuple[Page, Sketch]]) -> list[Pair]:
    """Near-blank pages against the pages beside them, one of which is their other side."""
    pairs = []
    for place, (page, back) in enumerate(known):
        if page.measures is None or page.measures.ink > _NEARLY_BLANK:
            continue
        for other, front in (*known[max(0, place - 1) : place], *known[place + 1 : place + 2]):
            found = seal_through(back, front)
            if found is not None:
                pairs.append(Pair(page.id, other.id, found[0], found[1]))
    return pairs
