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
from digitizer_desk.imaging.page.colour import has_note, has_red_seal, measure_colour, measure_light
from digitizer_desk.imaging.page.edges import cut_edges, damaged_corners
from digitizer_desk.imaging.page.lines import measure_lean
from digitizer_desk.imaging.page.sharpness import Sharpness, measure_sharpness
from digitizer_desk.imaging.page.sheet import real_resolution
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
    colour = measure_colour(views, bilevel)
    sharpness = Sharpness(None, None) if blank else measure_sharpness(views)
    return PageMeasures(
        width=width,
        height=height,
        dpi=(round(real[0], 2), round(real[1], 2)),
        dpi_source=source,
        colour=colour,
        sharpness=sharpness.score,
        skew_deg=None if lean is None else round(lean.degrees, 2),
        blank=blank,
        rotation=measure_rotation(views, lean),
        cut_edges=() if blank else cut_edges(views),
        damaged_corners=damaged_corners(views, None if lean is None else lean.degrees),
        light=measure_light(views),
        red_seal=has_red_seal(views),
        note=has_note(views),
        ink=ink_share(views),
        real_dpi=None if blank or colour is Colour.BILEVEL else resolution_before(views, sharpness.score),
        blur_region=sharpness.region,
    )
