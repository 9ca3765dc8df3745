# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files from outside: told apart by content, read page by page, and each way to fail has its own code."""

from __future__ import annotations

import io
import threading
from datetime import datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer_desk.dossier.finding import DpiSource
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError, ImageFileError
from digitizer_desk.imaging import pdfium
from digitizer_desk.imaging.intake import FileFacts, FilePage, is_picture_or_pdf, open_file
from digitizer_desk.imaging.master import Pixels, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from imaging.conftest import A4
from imaging.test_pictures import BLUE, GREEN, RED, WHITE, four_corners

PAGE = four_corners(351, 248)  # A4 at 30 dpi
JPEG = encode_master(PAGE, 30)


def only(path: Path) -> FilePage:
    (page,) = open_file(path).pages
    return page


def saved(path: Path, pixels: Pixels = PAGE, **options: object) -> Path:
    Image.fromarray(pixels).save(path, **options)  # type: ignore[arg-type]
    return path


def failure(path: Path) -> DeskError:
    with pytest.raises(DeskError) as caught:
        for _ in open_file(path).pages:
            pass
    return caught.value


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "JPEG2000", "WEBP"])
def test_every_kind_of_picture_gives_its_pixels(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "anything.dat"
    saved(path, format=kind, **({"lossless": True} if kind == "WEBP" else {}))
    page = only(path)
    assert (page.pixels == PAGE).all()
    assert page.pixels.dtype == np.uint8
    assert (page.number, page.bilevel, page.jpeg) == (1, False, None)


def test_a_jpeg_keeps_its_own_bytes(tmp_path: Path) -> None:
    path = tmp_path / "scan.jpg"
    path.write_bytes(JPEG)
    page = only(path)
    assert page.jpeg == JPEG
    assert np.abs(page.pixels[9, 9].astype(int) - RED).max() < 12


def test_a_photo_is_read_as_its_camera_was_held(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned a quarter clockwise
    page = only(saved(tmp_path / "photo.jpg", exif=exif, quality=95))
    assert page.pixels.shape == (248, 351, 3)
    assert np.abs(page.pixels[9, 9].astype(int) - BLUE).max() < 12
    assert page.jpeg is None  # its bytes show another picture than these pixels


@pytest.mark.parametrize(
    ("mode", "shape"),
    [("1", (90, 70)), ("L", (90, 70)), ("P", (90, 70, 3)), ("RGBA", (90, 70, 3)), ("CMYK", (90, 70, 3))],
)
def test_every_mode_becomes_rgb_or_grey(tmp_path: Path, mode: str, shape: tuple[int, ...]) -> None:
    path = tmp_path / "page.tif"
    Image.new("RGB", (70, 90), (255, 255, 255)).convert(mode).save(path)
    page = only(path)
    assert page.pixels.shape == shape
    assert page.pixels.min() == 255
    assert page.bilevel == (mode == "1")


def test_sixteen_bits_become_eight_and_see_through_becomes_paper(tmp_path: Path) -> None:
    deep = np.array([[0, 32768], [65535, 257]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    assert only(tmp_path / "deep.png").pixels.tolist() == [[0, 128], [255, 1]]
    Image.new("RGBA", (4, 4), (10, 10, 10, 0)).save(tmp_path / "clear.png")
    assert only(tmp_path / "clear.png").pixels.min() == 255


def test_a_tiff_of_three_pages_is_walked_in_order_and_again(tmp_path: Path) -> None:
    frames = [Image.new("L", (50, 70), tone) for tone in (10, 120, 240)]
    frames[0].save(tmp_path / "three.tif", save_all=True, append_images=frames[1:], dpi=(300, 300))
    facts = open_file(tmp_path / "three.tif")
    assert facts.page_count == 3
    for _ in range(2):
        assert [(p.number, int(p.pixels[0, 0])) for p in facts.pages] == [(1, 10), (2, 120), (3, 240)]


def test_pages_are_read_only_when_walked_to(tmp_path: Path) -> None:
    frames = [Image.new("L", (50, 70), tone) for tone in (10, 120)]
    path = tmp_path / "two.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    pages = iter(open_file(path).pages)
    assert next(pages).number == 1
    path.unlink()
    with pytest.raises(DeskError):
        next(pages)


def test_the_header_is_not_believed_against_the_paper(tmp_path: Path) -> None:
    low = np.full((1754, 1240, 3), 250, np.uint8)
    page = only(saved(tmp_path / "lie.png", low, dpi=(300, 300)))
    assert page.dpi == pytest.approx((150, 150), rel=0.01)
    assert page.dpi_source is DpiSource.PAPER
    assert page.sheet_mm == pytest.approx(A4, abs=0.5)
    found = measure_page(page.pixels, dpi=page.dpi, sheet_mm=page.sheet_mm, dpi_source=page.dpi_source)
    assert found.dpi == pytest.approx((150, 150), rel=0.01)


def test_an_honest_header_is_named_as_the_source(tmp_path: Path) -> None:
    page = only(saved(tmp_path / "good.png", np.full((2339, 1654), 250, np.uint8), dpi=(200, 200)))
    assert page.dpi == pytest.approx((200, 200), abs=0.1)
    assert page.dpi_source is DpiSource.HEADER


# -- PDF --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def built(tmp_path: Path, info: PdfInfo) -> Path:
    path = tmp_path / "built.pdf"
    path.write_bytes(build_pdf([PdfPage(JPEG, A4), PdfPage(JPEG, A4, 90), PdfPage(JPEG, (297, 420), 180)], info))
    return path


def test_our_own_pdf_comes_back_as_it_went_in(built: Path) -> None:
    facts = open_file(built)
    first, second, third = facts.pages
    assert (facts.page_count, facts.pdf_version, facts.pdfa, facts.signed, facts.encrypted) == (
        3,
        "1.7",
        "2B",
        False,
        False,
    )
    assert facts.created_at == datetime(2026, 11, 21, 8, 30, 15, tzinfo=VIETNAM)
    assert facts.size == built.stat().st_size
    assert first.jpeg == JPEG
    assert first.dpi == pytest.approx((30, 30), rel=0.01)
    assert third.dpi == pytest.approx((248 / 297 * 25.4, 351 / 420 * 25.4), rel=0.01)
    assert first.dpi_source is DpiSource.PDF
    assert second.sheet_mm == pytest.approx((297, 210), abs=0.01)
    for page, corners in zip((first, second, third), ((RED, GREEN), (BLUE, RED), (WHITE, BLUE)), strict=True):
        assert np.abs(page.pixels[9, 9].astype(int) - corners[0]).max() < 12
        assert np.abs(page.pixels[9, -9].astype(int) - corners[1]).max() < 12
    assert second.jpeg is None


def changed(built: Path, change: object, **options: object) -> Path:
    path = built.with_name("changed.pdf")
    assert callable(change)
    with pikepdf.open(built) as pdf:
        change(pdf)
        pdf.save(path, **options)
    return path


def test_a_rotated_page_is_read_as_shown(built: Path) -> None:
    def rotate(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Rotate = 90

    page = next(iter(open_file(changed(built, rotate)).pages))
    assert page.pixels.shape == (248, 351, 3)
    assert np.abs(page.pixels[9, 9].astype(int) - BLUE).max() < 12
    assert page.sheet_mm == pytest.approx((297, 210), abs=0.01)
    assert page.jpeg is None


def test_a_picture_with_something_drawn_over_it_is_drawn_whole(built: Path) -> None:
    def draw(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"q 0 0 0 rg 0 0 200 200 re f Q")

    page = next(iter(open_file(changed(built, draw)).pages))
    assert page.jpeg is None
    assert page.pixels[-5, 5].max() < 12  # bottom left is black now
    assert page.dpi == pytest.approx((30, 30), rel=0.01)  # still that of the picture: what the law counts


def test_unseen_text_over_a_scan_leaves_the_scan_alone(built: Path) -> None:
    def add_text(pdf: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[0].obj.Resources.Font = pikepdf.Dictionary(F1=font)
        pdf.pages[0].contents_add(b"BT 3 Tr /F1 12 Tf 100 700 Td (recognised) Tj ET")

    assert next(iter(open_file(changed(built, add_text)).pages)).jpeg == JPEG


def test_a_page_without_pictures_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "letters.pdf"
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.pages[0].contents_add(b"0 0 1 rg 0 421 595 421 re f")
        pdf.save(path)
    page = only(path)
    assert tuple(page.pixels[10, 10]) == (0, 0, 255)
    assert page.pixels[-10, 10].min() == 255
    assert page.dpi == (300, 300)


def test_one_bit_and_grey_pictures_in_a_pdf(tmp_path: Path) -> None:
    bits = Image.new("1", (496, 702), 1)
    bits.paste(0, (100, 100, 400, 300))
    bits.save(tmp_path / "bits.pdf", resolution=60)
    page = only(tmp_path / "bits.pdf")
    assert page.bilevel
    assert page.dpi == pytest.approx((60, 60), rel=0.01)
    Image.new("L", (496, 702), 99).save(tmp_path / "grey.pdf", resolution=60)
    grey = only(tmp_path / "grey.pdf")
    assert not grey.bilevel
    assert grey.pixels.shape == (702, 496)


def test_the_later_of_both_versions_counts_and_a_signature_is_seen(built: Path) -> None:
    def sign(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Version = pikepdf.Name("/1.6")
        signature = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig))
        field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=signature))
        group = pdf.make_indirect(pikepdf.Dictionary(T="signatures", Kids=pikepdf.Array([field])))
        group.Kids.append(group)  # a form that points at itself
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([group]))
        del pdf.Root.Metadata

    facts = open_file(changed(built, sign, force_version="1.3"))
    assert (facts.pdf_version, facts.signed, facts.pdfa) == ("1.6", True, None)


def test_a_locked_pdf_says_so_and_an_owner_lock_is_a_fact(built: Path) -> None:
    locked = changed(built, lambda pdf: None, encryption=pikepdf.Encryption(user="mo", owner="chu"))
    assert failure(locked).code == "image.encrypted"
    opens = changed(built, lambda pdf: None, encryption=pikepdf.Encryption(user="", owner="chu"))
    facts = open_file(opens)
    assert facts.encrypted
    assert len(list(facts.pages)) == 3


def test_many_threads_may_read_pdfs_at_once(built: Path) -> None:
    found: list[object] = []

    def read() -> None:
        try:
            found.append([p.pixels.shape for p in open_file(built).pages])
        except BaseException as wrong:
            found.append(wrong)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[(351, 248, 3), (248, 351, 3), (351, 248, 3)]] * 8


# -- what cannot be read ----------------------------------------------------------------------------------------------


def noise(kind: str) -> bytes:
    target = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 300, 3), dtype=np.uint8)).save(target, kind)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP", "TIFF", "WEBP", "JPEG2000"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_half_a_picture_is_damaged(tmp_path: Path, kind: str, part: float) -> None:
    whole = noise(kind)
    path = tmp_path / "half"
    path.write_bytes(whole[: int(len(whole) * part)])
    wrong = failure(path)
    assert wrong.code == "image.damaged"
    assert wrong.facts == {"file": "half"}


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of broken tags; broken pixels must raise
def test_a_flipped_byte_never_comes_out_as_anything_but_pages_or_our_own_errors(tmp_path: Path, built: Path) -> None:
    chance, refused = np.random.default_rng(11), 0
    sources = [noise(kind) for kind in ("JPEG", "PNG", "TIFF", "WEBP")] + [built.read_bytes()]
    path = tmp_path / "flipped"
    for source in sources:
        for _ in range(25):
            data = bytearray(source)
            for at in chance.integers(0, min(len(data), 4000), 6):
                data[int(at)] = int(chance.integers(256))
            path.write_bytes(data)
            try:
                assert all(page.pixels.size for page in open_file(path).pages)
            except ImageFileError:
                refused += 1
    assert refused > 10


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image.empty"),
        (b"\0", "image.unreadable"),
        (b"Kinh gui Uy ban nhan dan", "image.unreadable"),
        (b"GIF89a" + bytes(200), "image.unreadable"),
        (b"%PDF-1.7\nnothing follows", "image.damaged"),
    ],
)
def test_what_is_no_picture_says_why(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "file.png"
    path.write_bytes(data)
    assert failure(path).code == code


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    assert failure(tmp_path / "none.png").code == "file.not_found"
    assert failure(tmp_path).code == "image.unreadable"


def test_a_pdf_without_pages_is_empty(tmp_path: Path) -> None:
    with pikepdf.Pdf.new() as pdf:
        pdf.save(tmp_path / "none.pdf")
    assert failure(tmp_path / "none.pdf").code == "image.empty"


def test_bombs_are_refused_with_little_memory(tmp_path: Path, built: Path) -> None:
    Image.new("1", (30_000, 30_000)).save(tmp_path / "bomb.tif", compression="group4")
    assert (tmp_path / "bomb.tif").stat().st_size < 200_000
    assert failure(tmp_path / "bomb.tif").code == "image.too_big"

    def claim(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources.XObject.Page.Width = 90_000
        pdf.pages[0].obj.Resources.XObject.Page.Height = 90_000

    assert failure(changed(built, claim)).code == "image.too_big"

    def stretch(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 14_400, 14_400])
        pdf.pages[0].obj.Contents = pdf.make_stream(b"0 0 9 9 re f")

    assert failure(changed(built, stretch)).code == "image.too_big"


def test_a_page_asked_for_must_exist(built: Path) -> None:
    for number in (0, 4):
        with pytest.raises(IndexError):
            pdfium.render(built, number, 30)


def test_names_of_files_worth_opening() -> None:
    assert [is_picture_or_pdf(Path(n)) for n in ("a.JPG", "b.tiff", "c.pdf", "d.txt", "jpg")] == [True] * 3 + [
        False
    ] * 2


def test_facts_are_a_plain_value(built: Path) -> None:
    assert isinstance(open_file(built), FileFacts)
    assert open_file(built) == open_file(built)
