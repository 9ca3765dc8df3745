# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Arrays of pixels as Qt images, and a page at several sizes so that showing it small stays quick.

Apart from the view because this is done on the pool lane: ``QImage`` may be used on any thread, ``QPixmap`` may not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

#: a page narrower than this is not halved again
_SMALLEST_SIDE = 400


def as_image(pixels: NDArray[np.uint8]) -> QImage:
    """Wrap pixels without copying them: uint8, (H, W, 3) RGB or (H, W) grey. A view with gaps is copied first.

    The image and its shallow copies keep the array alive; the array must not be written to afterwards.

    Raises:
        ValueError: another type or shape.
    """
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ValueError(f"not a page: {pixels.dtype} {pixels.shape}")
    whole = np.ascontiguousarray(pixels)
    height, width = whole.shape[:2]
    kind = QImage.Format.Format_Grayscale8 if whole.ndim == 2 else QImage.Format.Format_RGB888
    return QImage(whole.data, width, height, whole.strides[0], kind)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page ready to be painted: ``levels[n]`` is 1/2**n of the full size, in the format of the screen."""

    levels: tuple[QImage, ...]

    @property
    def size(self) -> QSize:
        """Width and height in pixels of the master."""
        return self.levels[0].size()

    def level_for(self, scale: float) -> int:
        """The smallest level that still has a pixel for each one painted at ``scale`` (1.0 = pixel for pixel)."""
        level = 0
        while level + 1 < len(self.levels) and scale <= 0.5 ** (level + 1):
            level += 1
        return level


def picture_of(pixels: NDArray[np.uint8]) -> Picture:
    """Make the levels of a page (about 0.1 s for A4 at 300 dpi: not on the window thread)."""
    levels = [as_image(pixels).convertToFormat(QImage.Format.Format_RGB32)]
    while min(levels[-1].width(), levels[-1].height()) // 2 >= _SMALLEST_SIDE:
        last = levels[-1]
        half = QSize((last.width() + 1) // 2, (last.height() + 1) // 2)
        levels.append(
            last.scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )
    return Picture(tuple(levels))
