# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The picture of an agency's seal, read with its true size.

Apart from scanned pages because here the header's resolution is the truth: nobody holds a seal against a sheet of
paper, and a seal of the wrong size on an archived paper cannot be mended (TT 02/2019/TT-BNV).
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from digitizer_desk.errors import error

_MM = 25.4
#: more is no seal, and would make every archived file heavy
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class SealPicture:
    """``rgb`` uint8 (H, W, 3) and ``alpha`` uint8 (H, W) as rows of bytes; size in mm as the file states it."""

    width: int
    height: int
    rgb: bytes
    alpha: bytes
    width_mm: float
    height_mm: float


def read_seal(data: bytes, name: str) -> SealPicture:
    """Read a PNG with its transparency and its stated size.

    Args:
        name: of the file, for the words of a refusal.

    Raises:
        DeskError: ``signature.seal_unfit``: no PNG, damaged, too big, no true size stated, nothing transparent, no
            colour.
    """
    try:
        with Image.open(BytesIO(data), formats=("PNG",)) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise _unfit(name, "Hình quá lớn so với một con dấu")
            dpi = picture.info.get("dpi")
            pixels = np.asarray(picture.convert("RGBA"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as problem:
        raise _unfit(name, "Không phải ảnh .png, hoặc tệp hỏng") from problem
    if not dpi or min(dpi) < 1:
        raise _unfit(name, "Tệp không ghi độ phân giải nên không biết kích thước thật của dấu")
    alpha = np.ascontiguousarray(pixels[..., 3])
    rgb = np.ascontiguousarray(pixels[..., :3])
    if alpha.min() > 0:
        raise _unfit(name, "Nền của dấu không trong suốt")
    inked = rgb[alpha > 0].astype(int)
    if not inked.size or not (inked[:, 0] > inked[:, 1:].max(axis=1)).mean() > _MOSTLY:
        raise _unfit(name, "Dấu không có màu đỏ")
    height, width = alpha.shape
    return SealPicture(
        width, height, rgb.tobytes(), alpha.tobytes(), width / dpi[0] * _MM, height / dpi[1] * _MM
    )  # fmt: skip


#: share of the inked pixels that must be redder than anything else
_MOSTLY = 0.8


def _unfit(name: str, why: str) -> Exception:
    return error("signature.seal_unfit", file=name, why=why)
