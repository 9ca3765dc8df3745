# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One page measured: pixels in, :class:`PageMeasures` out. No limit of any rule is applied here.

Apart from the single measures because they share one set of small views, made once.
"""

from __future__ import annotations

from digitizer_desk.dossier.finding import Colour, DpiSource, PageMeasures
from digitizer_desk.errors import error
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.page.blank import ink_share, is_blank
from digitizer_desk.imaging.page.colour import (
    has_blue_ink,
    has_note,
    measure_cast,
    measure_colour,
    measure_ink_tone,
    measure_light,
)
from digitizer_desk.imaging.page.edges import Outline, cut_edges, damaged_corners, outline
from digitizer_desk.imaging.page.lines import measure_lean
from digitizer_desk.imaging.page.seal import find_seal
from digitizer_desk.imaging.page.sharpness import ink_patches, measure_sharpness
from digitizer_desk.imaging.page.sheet import KNOWN_SHEETS, outlined_resolution, real_resolution
from digitizer_desk.imaging.page.streaks import find_streaks
from digitizer_desk.imaging.page.twin import make_sketch
from digitizer_desk.imaging.page.upright import measure_rotation
from digitizer_desk.imaging.page.upscaled import resolution_before
from digitizer_desk.imaging.page.views import make_views

#: a picture smaller than this on a side is no page
_LEAST_SIDE = 32


def measure_page(
    pixels: Pixels,
    *,
    dpi: tuple[float, float] | None,
    sheet_mm: tuple[float, float] | None,
    bilevel: bool = False,
    dpi_source: DpiSource | None = None,
) -> PageMeasures:
    """Everything that is read off one page.

    Args:
        pixels: uint8, (H, W, 3) RGB or (H, W) grey.
        dpi: (x, y) as stated by the file or the placement in a PDF; None when nothing is stated.
        sheet_mm: (width, height) of the sheet where known; then the resolution is pixels over paper.
        bilevel: the file holds one bit a pixel.
        dpi_source: where ``dpi`` and ``sheet_mm`` come from; None for a scanner.

    Raises:
        ImageFileError: ``image.unreadable`` when the array is no page (wrong shape, or under 32 pixels a side).
    """
    if pixels.ndim not in (2, 3) or min(pixels.shape[:2]) < _LEAST_SIDE or pixels.shape[2:] not in ((), (3,)):
        raise error("image.unreadable", f"array of shape {pixels.shape}", file="")
    height, width = pixels.shape[:2]
    real, source = real_resolution((width, height), dpi, sheet_mm, dpi_source)
    views = make_views(pixels, min(real))
    blank = is_blank(views)
    lean = None if blank else measure_lean(views)
    leaning = None if lean is None else lean.degrees
    seen = outline(views, leaning)
    if seen is not None and sheet_mm is None and source is not DpiSource.PDF:
        better = outlined_resolution(real, seen.width, seen.height)
        if better is not None:
            return measure_page(
                pixels, dpi=better, sheet_mm=(width / better[0] * 25.4, height / better[1] * 25.4), bilevel=bilevel
            )
    colour = measure_colour(views, bilevel)
    patches = [] if blank else ink_patches(views)
    sharpness = measure_sharpness(views, patches)
    rotation = measure_rotation(views, lean)
    seal = find_seal(views)
    return PageMeasures(
        width=width,
        height=height,
        dpi=(round(real[0], 2), round(real[1], 2)),
        dpi_source=source,
        colour=colour,
        sharpness=sharpness.score,
        skew_deg=None if lean is None else round(lean.degrees, 2),
        blank=blank,
        rotation=rotation,
        cut_edges=() if blank else cut_edges(views, seen, [(short, long) for _, short, long in KNOWN_SHEETS]),
        damaged_corners=damaged_corners(views, seen),
        light=measure_light(views),
        red_seal=seal is not None,
        note=has_note(views),
        ink=ink_share(views),
        real_dpi=None if blank or colour is Colour.BILEVEL else resolution_before(views, sharpness.score, patches),
        blur_region=sharpness.region,
        ink_tone=None if blank else measure_ink_tone(views),
        cast=measure_cast(views),
        backing_mm=(0.0, 0.0, 0.0, 0.0) if seen is None else seen.backing_mm,
        sheet_mm=_sheet((width, height), real, seen),
        streaks=find_streaks(views),
        seal_region=None if seal is None else seal.region,
        seal_strength=None if seal is None else seal.strength,
        blue_ink=has_blue_ink(views),
        sketch=make_sketch(views, lean, rotation),
    )


def _sheet(size: tuple[int, int], dpi: tuple[float, float], seen: Outline | None) -> tuple[float, float]:
    """Width and height of the sheet in mm: of its outline where both edges show, else of the picture."""
    width = size[0] if seen is None or seen.width is None else seen.width
    height = size[1] if seen is None or seen.height is None else seen.height
    return round(width / dpi[0] * 25.4, 1), round(height / dpi[1] * 25.4, 1)
