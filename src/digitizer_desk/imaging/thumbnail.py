# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Small pictures of pages, at the density of the screen.

Apart from the full decode because a JPEG can be decoded at an eighth of its size for a fraction of the time.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels, opened, plain
from digitizer_desk.imaging.repair import turn as turned


def thumbnail(jpeg: bytes, longest: int, turn: int = 0) -> Pixels:
    """RGB pixels whose longer side is ``longest`` (never blown up), turned clockwise by ``turn`` degrees.

    Raises:
        ImageFileError: as :func:`digitizer_desk.imaging.master.decode`.
    """
    with opened(jpeg, "") as image:
        scale = min(1.0, longest / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image.draft(None, (size[0], size[1]))  # the decoder picks the smallest of 1/1 to 1/8 that is still larger
        pixels = plain(image, "")
    if (pixels.shape[1], pixels.shape[0]) != size:
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if pixels.ndim == 2:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    return turned(pixels, turn) if turn % 360 else np.ascontiguousarray(pixels)
