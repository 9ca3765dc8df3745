# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The mark is proven by looking at rendered pages: a wrong mark does not break a signature."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from digitizer_desk.errors import DeskError
from digitizer_desk.signing.appearance import Mark, clerk_lines, mark_size, missing_letters
from signing.people import CAPTURED, FONT, NAME, Person, draw_pdf

SOURCE = Path("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf")
ROOT = Path(__file__).resolve().parents[2]
VOWELS = "aăâeêioôơuưy"
VIETNAMESE = (
    "".join(
        unicodedata.normalize("NFC", letter + tone)
        for base in VOWELS + VOWELS.upper()
        for letter in (unicodedata.normalize("NFD", base),)
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    )
    + "đĐ"
)
DPI = 288


@pytest.fixture(scope="module")
def font() -> bytes:
    return FONT.read_bytes()


def page(pdf: bytes) -> np.ndarray:
    """Page 1 as grey pixels, as shown, with its annotations."""
    opened = pypdfium2.PdfDocument(pdf)
    opened.init_forms()
    try:
        return np.asarray(opened[0].render(scale=DPI / 72).to_pil().convert("L"))
    finally:
        opened.close()


def ink(pixels: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is dark."""
    rows, columns = np.where(pixels < 128)
    return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1


def drawn_by_pillow(text: str, size: float) -> np.ndarray:
    # ten times as big and shrunk: Pillow moves letters to whole pixels
    face = ImageFont.truetype(str(FONT), size * 10, layout_engine=ImageFont.Layout.BASIC)
    canvas = Image.new("L", (9000, 1000), 255)
    ImageDraw.Draw(canvas).text((200, 200), text, font=face, fill=0)
    box = ink(np.asarray(canvas))
    small = (round((box[2] - box[0]) / 10), round((box[3] - box[1]) / 10))
    return np.asarray(canvas.crop(box).resize(small, Image.Resampling.BOX))


def test_lines_show_capture_in_vietnam_time() -> None:
    late = datetime(2026, 12, 31, 18, 0, 1, 999999, tzinfo=UTC)
    assert clerk_lines("Lê Văn An", late) == ("Lê Văn An", "01/01/2027 01:00:01 +07:00")
    assert clerk_lines(unicodedata.normalize("NFD", NAME), late)[0] == NAME
    with pytest.raises(ValueError, match="zone"):
        clerk_lines("Lê Văn An", datetime(2026, 1, 1))  # noqa: DTZ001


def test_all_vietnamese_letters_are_there(font: bytes) -> None:
    assert len(set(VIETNAMESE)) == 146
    assert missing_letters((VIETNAMESE, "0123456789/:+-.,;()«»–"), font) == ""


def test_what_the_font_lacks_is_told_and_not_drawn(officer: Person, draft: bytes, font: bytes) -> None:
    assert missing_letters(("Lê 王 An",), font) == "王"
    assert missing_letters(("q\u0303",), font) == "\u0303", "no composed letter: the tone would stand beside it"
    with pytest.raises(DeskError) as caught:
        officer.sign(draft, mark=Mark(("Lê 王 An",), 28, 28, 170, 30, 10))
    assert (caught.value.code, caught.value.facts) == ("signature.mark_letters", {"letters": "王"})


def test_name_looks_as_the_font_draws_it(signed: bytes, draft: bytes) -> None:
    before, after = page(draft), page(signed)
    left, top, right, bottom = ink(after[: before.shape[0] // 3])
    # box at 28 pt from the top left
    assert 28 * 4 - 2 <= left <= 28 * 4 + 8
    assert top >= 28 * 4 - 2
    assert right <= (28 + 170) * 4
    assert bottom <= (28 + 30) * 4 + 2
    middle = (28 + 12) * 4
    line = after[top : middle + 4, left : right + 4]
    l2, t2, r2, b2 = ink(line)
    line = line[t2:b2, l2:r2]
    wanted = drawn_by_pillow(NAME, 40)
    assert line.shape[1] == pytest.approx(wanted.shape[1], rel=0.02)
    assert line.shape[0] == pytest.approx(wanted.shape[0], rel=0.06)
    same = np.asarray(Image.fromarray(line).resize(wanted.shape[::-1], Image.Resampling.BILINEAR), float)
    agreement = np.corrcoef(same.ravel(), wanted.astype(float).ravel())[0, 1]
    assert agreement > 0.9
    other = drawn_by_pillow("Nguyen Thi Phuong Hang", 40)
    other = np.asarray(Image.fromarray(other).resize(wanted.shape[::-1]), float)
    assert agreement > np.corrcoef(other.ravel(), wanted.astype(float).ravel())[0, 1] + 0.05


def test_nothing_else_on_the_page_changes(signed: bytes, draft: bytes) -> None:
    before, after = page(draft), page(signed)
    rows, columns = np.where(before != after)
    assert rows.size
    assert rows.max() < 60 * 4
    assert columns.max() < 200 * 4


def test_text_can_be_copied_out(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["pdftotext", "-l", "1", path, "-"], capture_output=True, text=True, check=True).stdout
    assert NAME in said
    assert "21/11/2026 09:38:12 +07:00" in said


def appearances(pdf: bytes) -> list[pikepdf.Object]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [bytes(field.AP.N.read_bytes()) for field in opened.Root.AcroForm.Fields]


@pytest.mark.parametrize("place", [(28.0, 28.0, 170.0, 30.0), (28.346456692913385, 0.1 + 0.2, 1 / 3 + 60, 21.43)])
def test_numbers_are_pdf_numbers(officer: Person, draft: bytes, place: tuple[float, float, float, float]) -> None:
    pdf = officer.sign(draft, mark=Mark(clerk_lines(NAME, CAPTURED), *place, 9.999999999))
    (stream,) = appearances(pdf)
    drawing = re.sub(rb"<[0-9A-Fa-f]*>|\([^)]*\)|/ActualText\s*\S+", b"", stream)
    assert not re.search(rb"\d[eE][-+]?\d", drawing)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        field = opened.Root.AcroForm.Fields[0]
        assert [len(str(n).partition(".")[2]) <= 4 for n in (*field.Rect, *field.AP.N.BBox)] == [True] * 8


def test_widths_are_thousandths_of_an_em(signed: bytes, font: bytes) -> None:
    metrics = TTFont(io.BytesIO(font))
    advance = metrics["hmtx"][metrics.getBestCmap()[ord("N")]][0]
    with pikepdf.open(io.BytesIO(signed)) as opened:
        resources = opened.Root.AcroForm.Fields[0].AP.N.Resources
        widths = [
            int(w) for part in resources.Font.F1.DescendantFonts[0].W if isinstance(part, pikepdf.Array) for w in part
        ]
    assert advance == 722
    assert advance in widths
    assert max(widths) <= 1000


def test_long_text_is_set_smaller_not_cut(officer: Person, draft: bytes) -> None:
    lines = clerk_lines("Tôn Nữ Hoàng Thị Phương Nguyễn Ngọc Quỳnh Nghi Khánh Huyền", CAPTURED)
    pixels = page(officer.sign(draft, mark=Mark(lines, 28, 28, 120, 30, 10)))
    left, _, right, _ = ink(pixels[: 70 * 4])
    assert right - left > 110 * 4
    assert right <= (28 + 120) * 4 + 1


def test_natural_size_foretells_the_drawn_one(signed: bytes, font: bytes) -> None:
    width, height = mark_size(clerk_lines(NAME, CAPTURED), font, 10)
    left, top, right, bottom = ink(page(signed)[: 70 * 4])
    assert (right - left) / 4 == pytest.approx(width, rel=0.03)
    assert (bottom - top) / 4 < height <= 24


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_upright_at_the_top_left_however_the_page_lies(officer: Person, rotate: int) -> None:
    upright = page(officer.sign(draw_pdf(pages=1, empty=True)))
    pixels = page(officer.sign(draw_pdf(pages=1, empty=True, rotate=rotate, box=(-20, 30, 575.28, 871.89))))
    assert ink(pixels) == pytest.approx(ink(upright), abs=1)
    box = (slice(27 * 4, 58 * 4), slice(27 * 4, 199 * 4))
    assert np.corrcoef(upright[box].ravel(), pixels[box].ravel())[0, 1] > 0.9


def test_font_of_other_units_is_refused(officer: Person, draft: bytes) -> None:
    if not SOURCE.is_file():
        pytest.skip("fonts-croscore not installed")
    with pytest.raises(ValueError, match="2048 units"):
        officer.sign(draft, font=SOURCE.read_bytes())
    with pytest.raises(ValueError, match="cannot be read"):
        officer.sign(draft, font=b"no font")


@pytest.mark.skipif(not SOURCE.is_file(), reason="fonts-croscore not installed")
def test_font_is_what_its_script_makes(tmp_path: Path, font: bytes) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import make_stamp_font as m; from pathlib import Path;"
        "m.make(m.SOURCE).save(sys.argv[2], reorderTables=True)"
    )
    made = tmp_path / "made.ttf"
    subprocess.run([sys.executable, "-c", code, ROOT / "packaging", made], check=True)
    if TTFont(SOURCE)["name"].getDebugName(5).startswith("Version 1.33;"):
        assert made.read_bytes() == font


def test_font_says_its_licence(font: bytes) -> None:
    names = TTFont(io.BytesIO(font))["name"]
    assert "Open Font License" in names.getDebugName(13)
    assert names.getDebugName(6) == "TinosDesk"
    assert "SIL OPEN FONT LICENSE" in (FONT.parent / "Tinos-Desk.LICENSE.txt").read_text("utf-8")
