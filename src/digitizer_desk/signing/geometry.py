# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where a mark lies in the coordinates of the page it stands on.

Apart from ``sign.py`` because pages are turned, cropped and inherit their boxes, and none of that is about signing.
"""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.generic import Dereferenceable

from digitizer_desk.signing.appearance import Mark


def place(writer: Any, mark: Mark) -> tuple[int, tuple[float, float, float, float]]:
    """Turn of page 1 (0, 90, 180, 270), and the mark's rectangle in the page's coordinates (origin bottom left, before
    it is turned).

    Raises:
        ValueError: the page is turned by no quarter.
    """
    page = writer.find_page_for_modification(0)[0].get_object()
    media = _box(_inherited(page, "/MediaBox") or (0, 0, 612, 792))
    crop = _box(_inherited(page, "/CropBox") or media)
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    turned = int(_inherited(page, "/Rotate") or 0) % 360
    x, y, w, h = mark.left_pt, mark.top_pt, mark.width_pt, mark.height_pt
    boxes = {
        0: (left + x, top - y - h, left + x + w, top - y),
        90: (left + y, bottom + x, left + y + h, bottom + x + w),
        180: (right - x - w, bottom + y, right - x, bottom + y + h),
        270: (right - y - h, top - x - w, right - y, top - x),
    }
    if turned not in boxes:
        raise ValueError("page turned by no quarter")
    rounded = tuple(round(v, 3) + 0.0 for v in boxes[turned])
    return turned, (rounded[0], rounded[1], rounded[2], rounded[3])


def _inherited(page: Any, key: str) -> Any:
    for _ in range(64):
        if key in page:
            value = page[key]
            return value.get_object() if isinstance(value, Dereferenceable) else value
        if "/Parent" not in page:
            return None
        page = page["/Parent"]
    return None


def _box(values: Any) -> tuple[float, float, float, float]:
    a, b, c, d = (float(v) for v in values)
    return min(a, c), min(b, d), max(a, c), max(b, d)
