# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Both presets as files: the shape of PDF/A-2b, standard filters only, and the same picture in every viewer."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest

from digitizer_desk.dossier.finding import Colour
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.master import Pixels, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.pdf.coding import compose
from digitizer_desk.imaging.pdf.presets import small_page
from digitizer_desk.imaging.pdf.selfcheck import likeness
from digitizer_desk.imaging.pdfium import render
from imaging.conftest import A4, Draw

_JAVA = Path("/usr/share/java")
_JARS = ("preflight", "xmpbox", "pdfbox2", "fontbox2", "commons-logging", "commons-io", "javax.activation", "jaxb-api")
_DPI = 100


@pytest.fixture(scope="module")
def pages(paper: Draw) -> dict[str, tuple[PdfPage, ...]]:
    """Three pages as scanned and the same in two layers: colour, the same turned, grey."""
    colour = paper("quyet_dinh")
    grey = cv2.cvtColor(paper("giay_uy_quyen"), cv2.COLOR_RGB2GRAY)
    scanned = tuple(
        PdfPage(encode_master(pixels, 300), A4, turn) for pixels, turn in ((colour, 0), (colour, 90), (grey, 0))
    )
    small = tuple(small_page(page) for page in scanned)
    assert all(isinstance(page, PdfPage) for page in small)
    return {"archive": scanned, "small": tuple(page for page in small if isinstance(page, PdfPage))}


@pytest.fixture(params=["archive", "small"])
def built(request: pytest.FixtureRequest, pages: dict[str, tuple[PdfPage, ...]], info: PdfInfo, tmp_path: Path) -> Path:
    path = tmp_path / f"{request.param}.pdf"
    path.write_bytes(build_pdf(pages[request.param], info))
    return path


def installed(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def test_only_what_pdf_a_allows_is_inside(built: Path) -> None:
    """ISO 19005-2: no encryption, no LZW, no transparency, no outside things; one output intent; XMP says 2B."""
    with pikepdf.open(built) as pdf:
        assert (str(pdf.pdf_version), pdf.is_encrypted) == ("1.7", False)
        assert len(pdf.Root.OutputIntents) == 1
        with pdf.open_metadata() as xmp:
            assert xmp.pdfa_status == "2B"
            assert xmp["dc:title"] == "Tờ khai đăng ký khai sinh"
        filters: set[str] = set()
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                names = thing.get("/Filter", [])
                filters |= {str(names)} if isinstance(names, pikepdf.Name) else {str(name) for name in names}
            if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
                assert not {"/SMask", "/AA", "/OpenAction", "/JS", "/EmbeddedFiles", "/Interpolate"} & set(thing.keys())
        assert filters <= {"/DCTDecode", "/FlateDecode", "/CCITTFaxDecode"}
        for page, turned in zip(pdf.pages, (False, True, False), strict=True):
            width, height = (float(value) for value in page.mediabox[2:])
            wanted = [side / 25.4 * 72 for side in (A4[::-1] if turned else A4)]
            assert (width, height) == pytest.approx(wanted, abs=0.01)


def test_every_layer_is_full_page_and_full_resolution(pages: dict[str, tuple[PdfPage, ...]], info: PdfInfo) -> None:
    with pikepdf.open(io.BytesIO(build_pdf(pages["small"], info))) as pdf:
        for page, space in zip(pdf.pages, ("/DeviceRGB", "/DeviceRGB", "/DeviceGray"), strict=True):
            found = page.obj.Resources.XObject
            assert {int(image.Width) for image in found.values()} == {2480}
            assert {int(image.Height) for image in found.values()} == {3508}
            assert found["/Page"].ColorSpace == space
            assert found["/Toner"].ImageMask
            assert bytes(page.Contents.read_bytes()).count(b" cm") == 1  # both lie exactly on each other


def test_the_file_as_a_whole_is_a_tenth(pages: dict[str, tuple[PdfPage, ...]], info: PdfInfo) -> None:
    archive, small = (len(build_pdf(pages[preset], info)) for preset in ("archive", "small"))
    assert small < archive / 10


def test_same_pages_give_the_same_file(pages: dict[str, tuple[PdfPage, ...]], info: PdfInfo) -> None:
    again = tuple(small_page(page) for page in pages["archive"])
    assert build_pdf(again, info) == build_pdf(pages["small"], info)  # type: ignore[arg-type]


def test_our_own_check_still_sees_a_page_of_300_dpi_in_colour(built: Path) -> None:
    first, second, third = open_file(built).pages
    for page, colour in ((first, Colour.COLOUR), (second, Colour.COLOUR), (third, Colour.GREY)):
        found = measure_page(page.pixels, dpi=page.dpi, sheet_mm=page.sheet_mm, dpi_source=page.dpi_source)
        assert found.colour is colour
        assert min(found.dpi) == pytest.approx(300, abs=1)


def test_qpdf_finds_nothing_wrong(built: Path) -> None:
    told = subprocess.run([installed("qpdf"), "--check", str(built)], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors found" in told.stdout


def drawn_by(program: str, pdf: Path, folder: Path) -> Pixels:
    """The first page at 100 dpi, as another viewer draws it."""
    target = folder / "page.png"
    commands = {
        "pdftoppm": ["-r", str(_DPI), "-f", "1", "-singlefile", "-png", str(pdf), str(target.with_suffix(""))],
        "mutool": ["draw", "-q", "-r", str(_DPI), "-o", str(target), str(pdf), "1"],
        "gs": ["-q", "-dSAFER", "-dNOPAUSE", "-dBATCH", "-sDEVICE=png16m", "-dFirstPage=1", "-dLastPage=1",
               f"-r{_DPI}", f"-sOutputFile={target}", str(pdf)],
    }  # fmt: skip
    subprocess.run([installed(program), *commands[program]], check=True, capture_output=True, timeout=60)
    return cv2.imread(str(target), cv2.IMREAD_COLOR_RGB)


@pytest.mark.parametrize("program", ["pdftoppm", "mutool", "gs"])
def test_every_viewer_draws_the_same_page(built: Path, program: str, tmp_path: Path) -> None:
    ours, _ = render(built, 1, _DPI)
    theirs = drawn_by(program, built, tmp_path)
    height, width = (min(a, b) for a, b in zip(ours.shape[:2], theirs.shape[:2], strict=True))
    assert abs(ours.shape[0] - theirs.shape[0]) <= 1
    # each draws stencils with its own smoothing: means over a millimetre must agree
    one, other = (cv2.blur(picture[:height, :width], (5, 5)).astype(int) for picture in (ours, theirs))
    assert np.abs(one - other).mean() < 2.5
    assert np.percentile(np.abs(one - other), 99.5) < 48
    assert abs(ours.mean() - theirs.mean()) < 2


def test_the_layers_laid_over_each_other_are_what_pdfium_draws(
    pages: dict[str, tuple[PdfPage, ...]], info: PdfInfo
) -> None:
    page = pages["small"][0]
    assert page.layers is not None
    ours = compose(page.layers)
    shown, _ = render(build_pdf([page], info), 1, 300)
    shown = shown[: ours.shape[0], : ours.shape[1]]
    assert likeness(ours[: shown.shape[0], : shown.shape[1]], shown) > 0.97


def test_preflight_of_pdfbox_finds_only_the_number_of_the_part(built: Path, tmp_path: Path) -> None:
    """Apache PDFBox checks PDF/A-1b, stricter than 2b for what is used here; so the file is told to be part 1."""
    java = installed("java")
    missing = [name for name in _JARS if not (_JAVA / f"{name}.jar").exists()]
    if missing:
        pytest.skip(
            f"no {', '.join(missing)} (Debian: libpdfbox2-java libcommons-io-java libactivation-java libjaxb-api-java)"
        )
    path = ":".join(str(_JAVA / f"{name}.jar") for name in _JARS)
    as_first = tmp_path / "part1.pdf"
    as_first.write_bytes(built.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<"))
    command = [java, "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b"]
    told = subprocess.run([*command, str(as_first)], capture_output=True, text=True, check=False, timeout=120).stdout
    assert "is a valid PDF/A-1b file" in told, told
    told = subprocess.run([*command, str(built)], capture_output=True, text=True, check=False, timeout=120).stdout
    assert re.findall(r"^\d[\d.]+ : .*$", told, re.MULTILINE) == ["7.11.2 : Error on MetaData, part must be 1"]


def test_a_page_larger_than_a_pdf_may_be_is_refused(info: PdfInfo) -> None:
    jpeg = encode_master(np.full((20, 20, 3), 250, np.uint8), 30)
    with pytest.raises(DeskError) as caught:
        build_pdf([PdfPage(jpeg, (210.0, 6000.0))], info)
    assert caught.value.code == "image.too_big"
    with pytest.raises(DeskError) as caught:
        build_pdf([PdfPage(jpeg, (0.5, 297.0))], info)
    assert caught.value.code == "image.unreadable"


def test_the_picture_layer_is_flate_over_dct(pages: dict[str, tuple[PdfPage, ...]]) -> None:
    layers = pages["small"][0].layers
    assert layers is not None
    assert len(layers.picture) < len(zlib.decompress(layers.picture)) / 3
