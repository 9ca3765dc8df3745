# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The picture that stands where a page of a file could not be read: a grey sheet, crossed out.

Apart because it is the only picture the desk makes up, and it must be taken for no page: nobody can sign over it.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.imaging.master import encode_master

_DPI = 50.0
_GREY, _LINE = (225, 225, 225), (150, 150, 150)


def gap_picture(sheet_mm: tuple[float, float]) -> tuple[bytes, tuple[int, int], float]:
    """JPEG bytes, (width, height) in pixels and dpi of a crossed-out sheet of ``sheet_mm`` (width, height)."""
    width, height = (round(side / 25.4 * _DPI) for side in sheet_mm)
    sheet = np.full((height, width, 3), _GREY, np.uint8)
    inner = ((width // 10, height // 10), (width - width // 10, height - height // 10))
    cv2.rectangle(sheet, inner[0], inner[1], _LINE, 3, cv2.LINE_AA)
    cv2.line(sheet, inner[0], inner[1], _LINE, 3, cv2.LINE_AA)
    cv2.line(sheet, (inner[0][0], inner[1][1]), (inner[1][0], inner[0][1]), _LINE, 3, cv2.LINE_AA)
    return encode_master(sheet, _DPI), (width, height), _DPI
