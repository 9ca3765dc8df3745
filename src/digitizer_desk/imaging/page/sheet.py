# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How many pixels an inch a page really has: pixels over the sheet, with the file's own word under suspicion.

Apart because a header can say anything (a 150 dpi scan tagged 300 is the commonest lie), and what is believed and
what is not must be readable in one place (R9).
"""

from __future__ import annotations

import math

from digitizer_desk.dossier.finding import DpiSource

#: sheets met at a counter, mm (short, long), commonest first: where two fit equally well, the first is meant
KNOWN_SHEETS: tuple[tuple[str, float, float], ...] = (
    ("A4", 210.0, 297.0),
    ("Letter", 215.9, 279.4),
    ("land certificate", 190.0, 265.0),
    ("land certificate, spread", 265.0, 380.0),
    ("identity card", 53.98, 85.6),
    ("A3", 297.0, 420.0),
    ("A5", 148.0, 210.0),
)
#: a sheet may come out smaller (cropped) or larger (backing seen round it) by this many mm a side and still be one
_CROPPED_MM = 6.0
_OVERSCAN_MM = 12.0
#: two sheets in one pull: the right width within this many mm, any length up to that of the longest
_LONG_FEEDS = ("A4", "Letter")
_LONG_SLACK_MM, _LONGEST_MM = 4.0, 600.0
#: aspect ratios closer than this are the same
_SAME_SHAPE = 0.03
#: an outline is exact: shapes and sizes may differ by these shares only
_SAME_OUTLINE, _AGREES = 0.015, 0.01
#: no sheet is smaller or larger than this, whatever its shape
_SMALLEST_MM, _LARGEST_MM = 40.0, 600.0


def real_resolution(
    size: tuple[int, int],
    dpi: tuple[float, float] | None,
    sheet_mm: tuple[float, float] | None,
    source: DpiSource | None,
) -> tuple[tuple[float, float], DpiSource]:
    """Pixels an inch (x, y) and what they were computed from.

    A known sheet wins; the placement in a PDF is taken as it is, being what the law counts there; a header is
    believed only when it makes the page a sheet that exists, else the page is taken for the known sheet of its shape.

    Args:
        size: (width, height) in pixels.
        dpi: as stated by header or placement, (x, y).
        sheet_mm: the sheet's (width, height) where it was measured.
        source: what to name as its origin; None for a scanner, where ``sheet_mm`` was asked for and seen.
    """
    width, height = size
    if source is DpiSource.PDF and dpi is not None and min(dpi) > 0:
        return dpi, DpiSource.PDF
    if sheet_mm is not None and min(sheet_mm) > 0:
        return (width / sheet_mm[0] * 25.4, height / sheet_mm[1] * 25.4), source or DpiSource.PAPER
    if dpi is not None and min(dpi) > 0:
        stated = (width / dpi[0] * 25.4, height / dpi[1] * 25.4)
        if _is_known(stated):
            return dpi, DpiSource.HEADER
    guess = _sheet_of_shape(width, height)
    if guess is not None:
        return (width / guess[0] * 25.4, height / guess[1] * 25.4), DpiSource.PAPER
    if dpi is not None and min(dpi) > 0 and min(stated) >= _SMALLEST_MM and max(stated) <= _LARGEST_MM:
        return dpi, DpiSource.HEADER  # a cutting or an odd sheet: nothing speaks against the header
    # no known shape and no word to go by: as if it filled a sheet of A4 in its longer direction
    short, long = KNOWN_SHEETS[0][1:]
    scale = min(max(width, height) / long, min(width, height) / short) * 25.4
    return (scale, scale), DpiSource.PAPER


def outlined_resolution(
    real: tuple[float, float], width: float | None, height: float | None
) -> tuple[float, float] | None:
    """A better resolution from the sheet's outline on its backing, or None where the present one agrees with it.

    Args:
        real: (x, y) as believed so far.
        width: of the sheet in pixels, None where an edge is out of the picture.
        height: the same.
    """
    if width is None or height is None:
        return None
    short, long = sorted((width / real[0] * 25.4, height / real[1] * 25.4))
    if any(abs(short - w) <= _AGREES * w and abs(long - h) <= _AGREES * h for _, w, h in KNOWN_SHEETS):
        return None
    if real[0] != real[1] and abs(real[0] / real[1] - 1) > 0.1:
        guess = _sheet_of_shape(round(width / real[0] * 1000), round(height / real[1] * 1000))
    else:
        guess = _sheet_of_shape(round(width), round(height), _SAME_OUTLINE)
    if guess is None:
        return None
    better = (width / guess[0] * 25.4, height / guess[1] * 25.4)
    return better if max(abs(b / r - 1) for b, r in zip(better, real, strict=True)) > _AGREES else None


def _is_known(stated_mm: tuple[float, float]) -> bool:
    short, long = sorted(stated_mm)
    for name, width, height in KNOWN_SHEETS:
        small = height < 100
        less, more = (2.0, 8.0) if small else (_CROPPED_MM, _OVERSCAN_MM)
        if not -less <= short - width <= more:
            continue
        if -less <= long - height <= more:
            return True
        if name in _LONG_FEEDS and abs(short - width) <= _LONG_SLACK_MM and height <= long <= _LONGEST_MM:
            return True
    return False


def _sheet_of_shape(width: int, height: int, same: float = _SAME_SHAPE) -> tuple[float, float] | None:
    shape = math.log(max(width, height) / min(width, height))
    fits = [
        (off, place, short, long)
        for place, (_, short, long) in enumerate(KNOWN_SHEETS)
        if (off := abs(shape - math.log(long / short))) <= same
    ]
    if not fits:
        return None
    _, _, short, long = min(fits, key=lambda fit: (round(fit[0] / 0.01), fit[1]))
    return (short, long) if width <= height else (long, short)
