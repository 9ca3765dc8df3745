# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every kind of bad file at the two doors of the terminal: one clear code, or pages that are told truly."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer_desk.app import main
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.training.papers import PEOPLE, draw_paper
from gallery.people import NOW

INFO = PdfInfo(title="t", author="", subject="", keywords="", made_at=NOW)
#: file -> the one code it ends in, at both doors
REFUSED = {
    "cut.jpg": "image.damaged",
    "cut.png": "image.damaged",
    "cut.tif": "image.damaged",
    "claims.png": "image.too_big",
    "bits.tif": "image.too_big",
    "moving.webp": "image.animated",
    "locked.pdf": "image.encrypted",
    "no-pages.pdf": "image.empty",
    "cut.pdf": "image.damaged",
    "inflating.pdf": "image.too_big",
    "no-picture.jpg": "image.unreadable",
    "empty.png": "image.empty",
    "point.png": "image.too_small",
}
#: pixels an inch as stated; none of them is to be believed: no sheet has that size
STATED = {"dpi-0": (0, 0), "dpi-1": (1, 1), "dpi-72": (72, 72), "dpi-10000": (10_000, 10_000), "dpi-uneven": (150, 190)}


def claiming(side: int) -> bytes:
    """A PNG that says it is this large and holds nearly nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    )


@pytest.fixture(scope="module")
def sheet() -> np.ndarray:
    return cv2.resize(draw_paper("quyet_dinh", PEOPLE[0], 4), (1240, 1754), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory, sheet: np.ndarray) -> Path:
    """One of each kind of file that cannot be read, and a good one among them."""
    folder = tmp_path_factory.mktemp("bad")
    picture = Image.fromarray(sheet)
    for kind, name in (("JPEG", "cut.jpg"), ("PNG", "cut.png"), ("TIFF", "cut.tif")):
        whole = io.BytesIO()
        picture.save(whole, kind)
        (folder / name).write_bytes(whole.getvalue()[: len(whole.getvalue()) // 2])
    (folder / "claims.png").write_bytes(claiming(40_000))
    Image.new("1", (40_000, 40_000)).save(folder / "bits.tif", compression="group4")
    frames = [Image.new("RGB", (30, 40), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "moving.webp", save_all=True, append_images=frames[1:])
    good = build_pdf([PdfPage(encode_master(sheet, 150), (210.0, 297.0))], INFO)
    (folder / "cut.pdf").write_bytes(good[:900])
    with pikepdf.open(io.BytesIO(good)) as pdf:
        pdf.save(folder / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
        image = pdf.pages[0].obj.Resources.XObject.Page
        zeros = zlib.compressobj(9)
        coat = b"".join([*(zeros.compress(bytes(1 << 20)) for _ in range(400)), zeros.flush()])
        image.write(zlib.compress(coat, 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2))
        image.Width, image.Height = 20_000, 20_000
        pdf.save(folder / "inflating.pdf", compress_streams=False)
    with pikepdf.new() as pdf:
        pdf.save(folder / "no-pages.pdf")
    (folder / "no-picture.jpg").write_bytes(b"khong phai anh")
    (folder / "empty.png").write_bytes(b"")
    Image.fromarray(sheet[:1, :1]).save(folder / "point.png")
    (folder / "z-good.png").write_bytes(b"")
    picture.save(folder / "z-good.png", dpi=(150, 150))
    return folder


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_check_gives_each_its_code_and_goes_on(refused: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "--jobs", "2", str(refused)]) == 2
    told = lines(capsys)
    assert {Path(item["file"]).name: item["error"] for item in told if "error" in item} == REFUSED
    assert [Path(item["file"]).name for item in told if "summary" in item] == ["z-good.png"]


@pytest.mark.parametrize("name", ["cut.jpg", "bits.tif", "locked.pdf", "inflating.pdf", "point.png"])
def test_build_refuses_them_and_leaves_nothing(
    refused: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.pdf"
    assert main(["build", str(refused / "z-good.png"), str(refused / name), "-o", str(out)]) == 2
    assert capsys.readouterr().err.startswith(f"{REFUSED[name]}: ")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, sheet: np.ndarray) -> Path:
    """Files that look odd and are whole."""
    folder = tmp_path_factory.mktemp("odd")
    picture = Image.fromarray(sheet)
    picture.convert("CMYK").save(folder / "cmyk.jpg", dpi=(150, 150), quality=95)
    grey = np.asarray(picture.convert("L")).astype(np.uint16) * 257
    Image.fromarray(grey).save(folder / "deep.png", dpi=(150, 150))
    picture.quantize(200).save(folder / "palette.png", dpi=(150, 150))
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(sheet)).save(folder / "turned.jpg", dpi=(150, 150), exif=exif, quality=92)
    for name, dpi in STATED.items():
        picture.save(folder / f"{name}.jpg", dpi=dpi, quality=92)
    return folder


def test_odd_files_are_told_as_what_they_show(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--json", "--jobs", "2", str(odd)])
    told = {Path(item["file"]).stem: item for item in lines(capsys) if "summary" not in item}
    assert {name: (item["width"], item["height"]) for name, item in told.items()} == (
        dict.fromkeys({"cmyk", "deep", "palette", "turned", *STATED}, (1240, 1754))
    )
    assert (told["cmyk"]["colour"], told["palette"]["colour"], told["deep"]["colour"]) == ("colour", "colour", "grey")
    assert told["turned"]["rotation"] == 0
    assert told["deep"]["light"] > 0.9
    for name in ("dpi-0", "dpi-1", "dpi-72", "dpi-10000", "dpi-uneven"):
        assert told[name]["dpi"] == pytest.approx([150, 150], rel=0.02), name
        assert told[name]["dpi_source"] == "paper", name


def test_odd_files_are_built_as_what_they_show(odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["cmyk.jpg", "deep.png", "palette.png", "turned.jpg", *(f"{name}.jpg" for name in STATED)]
    out = tmp_path / "out.pdf"
    assert main(["build", "--json", *(str(odd / name) for name in names), "-o", str(out)]) == 0
    with pikepdf.open(out) as pdf:
        boxes = [[float(v) for v in page.mediabox] for page in pdf.pages]
        shown = [
            (b[2:] if not int(page.obj.get("/Rotate", 0)) % 180 else b[:1:-1])
            for b, page in zip(boxes, pdf.pages, strict=True)
        ]
    for width, height in shown:
        assert (width, height) == (pytest.approx(595.3, abs=1.5), pytest.approx(841.9, abs=1.5))
    (result,) = lines(capsys)
    assert result["pages"] == len(names)
