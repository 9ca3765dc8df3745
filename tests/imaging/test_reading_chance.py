# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Readers under chance: whatever size, kind, colour and header, pages are told truly; whatever bytes, a page or a code.

Found failures stay: the runs are derandomised, so each day tries the same files and the long run more of them.
"""

from __future__ import annotations

import io
import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.apart import _record
from digitizer_desk.imaging.intake import LEAST_SIDE, open_bytes
from digitizer_desk.imaging.master import decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from gallery.people import NOW
from soak import rounds

#: format -> modes it can hold
KINDS = {
    "JPEG": ("L", "RGB", "CMYK"),
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "TIFF": ("1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"),
    "BMP": ("1", "L", "P", "RGB"),
    "WEBP": ("RGB", "RGBA"),
}
ANY_KIND = st.sampled_from([(kind, mode) for kind, modes in KINDS.items() for mode in modes])
SIDE = st.integers(1, 120)
DPI = st.sampled_from([None, (0, 0), (1, 1), (72, 72), (200, 200), (300, 200), (10_000, 10_000)])


def drawn(width: int, height: int, mode: str, seed: int) -> Image.Image:
    """A picture of paper with some dark strokes, in any mode."""
    chance = np.random.default_rng(seed)
    pixels = np.full((height, width, 3), 240, np.uint8)
    for _ in range(3):
        top, left = int(chance.integers(height)), int(chance.integers(width))
        pixels[top : top + 2, left : left + 30] = chance.integers(0, 120, 3)
    if mode == "I;16":
        return Image.fromarray(pixels[..., 0].astype(np.uint16) * 257)
    picture = Image.fromarray(pixels)
    return picture.quantize(8) if mode == "P" else picture.convert(mode)


@settings(max_examples=rounds(4000))
@given(ANY_KIND, SIDE, SIDE, DPI, st.integers(1, 8), st.integers(0, 9))
def test_any_picture_is_read_as_what_it_is(
    kind: tuple[str, str], width: int, height: int, dpi: tuple[int, int] | None, orientation: int, seed: int
) -> None:
    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    given_too = {"exif": exif} if kind[0] in ("JPEG", "PNG", "WEBP") else {}
    drawn(width, height, kind[1], seed).save(stream, kind[0], **({"dpi": dpi} if dpi else {}), **given_too)
    facts = open_bytes(stream.getvalue(), "a")
    (page,) = facts.pages
    turned = bool(given_too) and orientation >= 5
    assert page.pixels.shape[:2] == ((width, height) if turned else (height, width))
    assert page.pixels.dtype == np.uint8
    assert page.dpi is not None
    assert all(0 < side < 1e6 and math.isfinite(side) for side in page.dpi)
    assert page.sheet_mm[0] / page.sheet_mm[1] == pytest.approx(
        page.pixels.shape[1] / page.dpi[0] / (page.pixels.shape[0] / page.dpi[1]), rel=1e-6
    )
    said, jpeg = _record(facts, 1)
    assert decode(jpeg).shape[1::-1] == (said["width"], said["height"])
    assert not said["own"] or jpeg == stream.getvalue()
    if min(width, height) < LEAST_SIDE:
        return
    measures = measure_page(page.pixels, dpi=page.dpi, sheet_mm=page.sheet_mm, bilevel=page.bilevel)
    assert (measures.width, measures.height) == page.pixels.shape[1::-1]
    for share in (measures.light, measures.ink, measures.sharpness):
        assert share is None or 0.0 <= share <= 1.0


def seeds() -> list[bytes]:
    """One good file of each kind that comes to a counter."""
    picture = drawn(100, 140, "RGB", 1)
    files = []
    for kind in ("JPEG", "PNG", "TIFF"):
        stream = io.BytesIO()
        picture.save(stream, kind, dpi=(100, 100))
        files.append(stream.getvalue())
    info = PdfInfo(title="t", author="", subject="", keywords="", made_at=NOW)
    return [*files, build_pdf([PdfPage(encode_master(np.asarray(picture), 100), (25.4, 35.6))], info)]


SEEDS = seeds()
EDIT = st.tuples(
    st.sampled_from(["set", "cut", "double", "zero", "swap"]),
    st.floats(0, 0.999),
    st.integers(0, 255),
    st.integers(1, 64),
)


def mutated(data: bytes, edits: list[tuple[str, float, int, int]]) -> bytes:
    """Bytes set, cut out, doubled, zeroed, swapped with those behind them."""
    made = bytearray(data)
    for how, where, value, length in edits:
        at = int(where * len(made))
        piece = made[at : at + length]
        match how:
            case "set":
                made[at : at + 1] = bytes([value])
            case "cut":
                del made[at : at + length]
            case "double":
                made[at:at] = piece
            case "zero":
                made[at : at + length] = bytes(len(piece))
            case _:
                made[at : at + length] = piece[::-1]
        if not made:
            return b""
    return bytes(made)


@settings(max_examples=rounds(6000))
@given(st.sampled_from(range(len(SEEDS))), st.lists(EDIT, min_size=1, max_size=6))
def test_any_bytes_end_in_pages_or_in_a_code(which: int, edits: list[tuple[str, float, int, int]]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of broken tags; broken pixels must raise
        outcome = read(mutated(SEEDS[which], edits))
    if isinstance(outcome, DeskError):
        assert outcome.code.startswith("image.")
        assert outcome.facts["file"] == "a"
    else:
        assert outcome > 0


def read(data: bytes) -> int | DeskError:
    """Pixels of all pages, each measured; or what was told instead."""
    pixels = 0
    try:
        for page in open_bytes(data, "a").pages:
            assert page.pixels.dtype == np.uint8
            pixels += page.pixels.size
            if min(page.pixels.shape[:2]) >= LEAST_SIDE:
                measure_page(page.pixels, dpi=page.dpi, sheet_mm=page.sheet_mm, bilevel=page.bilevel)
    except DeskError as told:
        return told
    return pixels
