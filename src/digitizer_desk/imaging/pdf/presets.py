# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The two ways pages go into a PDF: ``archive``, each as it was scanned, and ``small``, each in two layers that
proved themselves, or else as it was scanned, with the reason told.

Apart from the writer because the choice is the profile's, and what came of it is told to whoever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from digitizer_desk.imaging.master import Pixels, decode
from digitizer_desk.imaging.pdf.selfcheck import Departure
from digitizer_desk.imaging.pdf.small import two_layers
from digitizer_desk.imaging.pdf.writer import PdfPage


class Preset(StrEnum):
    """How pages go in."""

    ARCHIVE = "archive"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class FellBack:
    """Page ``page`` (from 1) of a small PDF stands in it as it was scanned, and why."""

    page: int
    reason: Departure


def small_page(page: PdfPage, pixels: Pixels | None = None) -> PdfPage | Departure:
    """The page with its two layers, or why it stays as scanned.

    Args:
        pixels: of ``page.jpeg`` when they are at hand, uint8 (H, W, 3) RGB or (H, W) grey; else they are decoded.

    Raises:
        ImageFileError: the JPEG cannot be read (``image.*``).
    """
    if pixels is None:
        pixels = decode(page.jpeg)
    inches = (page.sheet_mm[0] / 25.4, page.sheet_mm[1] / 25.4)
    dpi = min(pixels.shape[1] / inches[0], pixels.shape[0] / inches[1])
    made = two_layers(pixels, dpi, len(page.jpeg))
    return made if isinstance(made, Departure) else replace(page, layers=made)


def prepared(
    pages: Sequence[PdfPage],
    preset: Preset,
    each: Callable[[Callable[[PdfPage], PdfPage | Departure], Sequence[PdfPage]], Iterable[PdfPage | Departure]] = map,
) -> tuple[tuple[PdfPage, ...], tuple[FellBack, ...]]:
    """The pages as the preset wants them, in order, and those of a small PDF that stay as they were scanned.

    Args:
        each: how the work is spread, like :func:`map`: an executor's ``map`` makes pages side by side.

    Raises:
        ImageFileError: a page cannot be read (``image.*``).
    """
    if preset is Preset.ARCHIVE:
        return tuple(pages), ()
    ready: list[PdfPage] = []
    fallen: list[FellBack] = []
    for number, (page, made) in enumerate(zip(pages, each(small_page, pages), strict=True), 1):
        if isinstance(made, Departure):
            fallen.append(FellBack(number, made))
            ready.append(replace(page, layers=None))
        else:
            ready.append(made)
    return tuple(ready), tuple(fallen)
