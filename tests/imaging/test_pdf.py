# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The PDF of a component: pictures untouched, right size, right way up, the shape of PDF/A-2b, same bytes always."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageCms

from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import as_png, encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.place import render
from digitizer_desk.imaging.srgb import srgb_profile
from imaging.conftest import A4
from imaging.test_pictures import BLUE, GREEN, RED, WHITE, four_corners

JPEG = encode_master(four_corners(351, 248), 30)
GREY = encode_master(np.full((351, 248), 180, np.uint8), 30)


def run(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def file(tmp_path: Path, info: PdfInfo) -> Path:
    path = tmp_path / "component.pdf"
    path.write_bytes(build_pdf([PdfPage(JPEG, A4), PdfPage(GREY, A4), PdfPage(JPEG, A4, 90)], info))
    return path


def test_poppler_takes_out_the_very_bytes_put_in(file: Path, tmp_path: Path) -> None:
    run("pdfimages", "-all", file, tmp_path / "out")
    assert [p.read_bytes() for p in sorted(tmp_path.glob("out-*.jpg"))] == [JPEG, GREY, JPEG]


def test_qpdf_finds_nothing_wrong(file: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)


def test_poppler_reads_size_version_and_title(file: Path) -> None:
    told = run("pdfinfo", "-f", "1", "-l", "3", file)
    assert "PDF version:     1.7" in told
    assert "Encrypted:       no" in told
    assert re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", told) == [
        ("595.276", "841.89"), ("595.276", "841.89"), ("841.89", "595.276"),
    ]  # fmt: skip
    assert re.findall(r"Page +\d+ rot: +(\d+)", told) == ["0", "0", "0"]
    assert "Tờ khai đăng ký khai sinh" in told


@pytest.mark.parametrize("sheet", [A4, (85.6, 53.98), (215.9, 279.4), (209.97, 301.3)])
def test_the_page_is_as_large_as_the_sheet(sheet: tuple[float, float], info: PdfInfo) -> None:
    with pikepdf.open(io.BytesIO(build_pdf([PdfPage(JPEG, sheet)], info))) as pdf:
        box = [float(v) for v in pdf.pages[0].mediabox]
    assert box[:2] == [0, 0]
    assert box[2:] == pytest.approx([side / 25.4 * 72 for side in sheet], abs=0.01)


@pytest.mark.parametrize(
    ("turn", "corners"),
    [(0, (RED, GREEN, BLUE, WHITE)), (90, (BLUE, RED, WHITE, GREEN)), (180, (WHITE, BLUE, GREEN, RED)),
     (270, (GREEN, WHITE, RED, BLUE))],
)  # fmt: skip
def test_a_turned_page_is_shown_turned_clockwise(
    turn: int, corners: tuple[tuple[int, int, int], ...], info: PdfInfo
) -> None:
    shown = render(build_pdf([PdfPage(JPEG, (210, 297), turn)], info), 1, 36)
    assert (shown.shape[1] > shown.shape[0]) == (turn % 180 == 90)
    high, wide = shown.shape[0] - 10, shown.shape[1] - 10
    for (y, x), colour in zip(((9, 9), (9, wide), (high, 9), (high, wide)), corners, strict=True):
        assert np.abs(shown[y, x].astype(int) - colour).max() < 16


def test_same_pages_and_facts_give_the_same_bytes(info: PdfInfo) -> None:
    pages = [PdfPage(JPEG, A4), PdfPage(GREY, A4, 180)]
    assert build_pdf(pages, info) == build_pdf(pages, info)
    assert build_pdf(pages, info) != build_pdf(pages[::-1], info)


def test_the_shape_of_pdf_a(info: PdfInfo) -> None:
    data = build_pdf([PdfPage(JPEG, A4), PdfPage(GREY, A4)], info)
    assert re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        intent = pdf.Root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1"
        assert bytes(intent.DestOutputProfile.read_bytes()) == srgb_profile()
        assert "/Filter" not in pdf.Root.Metadata
        assert len(pdf.trailer.ID) == 2
        for page, space in zip(pdf.pages, ("/DeviceRGB", "/DeviceGray"), strict=True):
            assert "/Rotate" not in page.obj
            picture = page.obj.Resources.XObject.Page
            assert picture.ColorSpace == space
            assert "/SMask" not in picture


def test_xmp_and_information_say_the_same(info: PdfInfo) -> None:
    with pikepdf.open(io.BytesIO(build_pdf([PdfPage(JPEG, A4)], info))) as pdf:
        packet = bytes(pdf.Root.Metadata.read_bytes())
        told = {str(key): str(value) for key, value in pdf.docinfo.items()}
    ElementTree.fromstring(packet.decode("utf-8").partition("?>")[2].rpartition("<?xpacket")[0])
    with pikepdf.open(io.BytesIO(build_pdf([PdfPage(JPEG, A4)], info))) as pdf, pdf.open_metadata() as xmp:
        assert xmp.pdfa_status == "2B"
        assert xmp["dc:title"] == told["/Title"] == info.title
        assert xmp["dc:creator"] == [told["/Author"]] == [info.author]
        assert xmp["dc:description"] == told["/Subject"] == info.subject
        assert xmp["pdf:Keywords"] == told["/Keywords"] == info.keywords
        assert xmp["pdf:Producer"] == told["/Producer"]
        assert xmp["xmp:CreateDate"] == "2026-11-21T08:30:15+07:00"
        assert told["/CreationDate"] == "D:20261121083015+07'00'"


def test_what_is_not_said_is_left_out_of_both(info: PdfInfo) -> None:
    bare = PdfInfo("Chỉ có tên", "", "", "", info.made_at)
    with pikepdf.open(io.BytesIO(build_pdf([PdfPage(JPEG, A4)], bare))) as pdf, pdf.open_metadata() as xmp:
        assert "dc:creator" not in xmp
        assert "/Author" not in pdf.docinfo
        assert "pdf:Keywords" not in xmp


@pytest.mark.parametrize(
    ("jpeg", "code"), [(b"", "image.empty"), (as_png(four_corners()), "image.damaged"), (b"x" * 99, "image.unreadable")]
)
def test_only_jpeg_goes_in(jpeg: bytes, code: str, info: PdfInfo) -> None:
    with pytest.raises(DeskError) as caught:
        build_pdf([PdfPage(JPEG, A4), PdfPage(jpeg, A4)], info)
    assert caught.value.code == code
    assert caught.value.facts["file"] == "trang 2"


def test_four_channels_do_not_go_in(info: PdfInfo) -> None:
    target = io.BytesIO()
    Image.new("CMYK", (40, 40)).save(target, "JPEG")
    with pytest.raises(DeskError) as caught:
        build_pdf([PdfPage(target.getvalue(), A4)], info)
    assert caught.value.code == "image.unreadable"


def test_wrong_calls_are_refused(info: PdfInfo) -> None:
    with pytest.raises(ValueError, match="page"):
        build_pdf([], info)
    with pytest.raises(ValueError, match="quarter"):
        build_pdf([PdfPage(JPEG, A4, 45)], info)
    with pytest.raises(ValueError, match="zone"):
        build_pdf([PdfPage(JPEG, A4)], PdfInfo("", "", "", "", datetime(2026, 1, 1)))  # noqa: DTZ001


def test_the_profile_is_srgb() -> None:
    ours = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    swatches = np.random.default_rng(3).integers(0, 256, (48, 48, 3), dtype=np.uint8)
    through = ImageCms.profileToProfile(Image.fromarray(swatches), ours, ImageCms.createProfile("sRGB"))
    assert np.abs(np.asarray(through).astype(int) - swatches).max() <= 1
    assert len(srgb_profile()) == int.from_bytes(srgb_profile()[:4], "big")
