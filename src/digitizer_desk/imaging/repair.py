# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Repairs a clerk asks for: turning by quarters and straightening, always as a new array.

Apart from the measures because these change pixels; the page as scanned stays what it was.
"""

from __future__ import annotations

import cv2
import numpy as np

from digitizer_desk.imaging.master import Pixels

_QUARTERS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turn(pixels: Pixels, degrees: int) -> Pixels:
    """The page turned clockwise by a multiple of 90 degrees, exactly, pixel by pixel; always a new array.

    Raises:
        ValueError: the angle is no multiple of 90.
    """
    if degrees % 90:
        raise ValueError(f"not a quarter turn: {degrees}")
    quarter = degrees % 360
    if quarter == 0:
        return pixels.copy()
    turned: Pixels = cv2.rotate(np.ascontiguousarray(pixels), _QUARTERS[quarter])
    return turned


def deskew(pixels: Pixels, degrees: float) -> Pixels:
    """The page straightened, given the skew as measured (degrees, clockwise positive): it is turned back by it.

    The frame keeps its size, so the resolution over the sheet stays true; what comes into view at the corners
    takes the colour of the paper.
    """
    height, width = pixels.shape[:2]
    # cv2 counts anticlockwise as positive, which is the way back from a clockwise skew
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    coarse = pixels[::16, ::16].reshape(-1, *pixels.shape[2:])
    paper = np.percentile(coarse, 80, axis=0)
    fill = [float(v) for v in np.atleast_1d(paper)]
    straight: Pixels = cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=fill
    )
    return straight
