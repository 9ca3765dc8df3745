# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What strangers' files may do: each ends in pages or in one clear code, in bounded memory and time."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.pdf.presets import small_page
from digitizer_desk.imaging.pdf.selfcheck import Departure
from digitizer_desk.steps.parts.spread import spread
from imaging.conftest import A4, empty, write
from soak import rounds

INFO = PdfInfo("Thử", "", "", "", datetime(2026, 11, 21, tzinfo=UTC))
#: most memory, in MB, that any of the bombs may cost the process that opens it, Python and the libraries included
MOST_MB = 1500
MOST_SECONDS = 60.0

_OPEN_ALL = """
import json, sys, time
from pathlib import Path
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.intake import open_file
for name in sys.argv[1:]:
    started, said, pages = time.monotonic(), None, 0
    try:
        for page in open_file(Path(name)).pages:
            pages += 1
            if pages == 5:
                break
    except DeskError as problem:
        said = problem.code
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024
    print(json.dumps({"name": Path(name).name, "code": said, "pages": pages, "mb": peak,
                      "seconds": time.monotonic() - started}), flush=True)
"""


def small_sheet() -> np.ndarray:
    page = empty(620, 877, 246)
    write(page, "Don de nghi", (60, 120))
    return page


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP"])
def test_a_single_point_is_no_page_but_no_crash(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (1, 1), (9, 9, 9)).save(tmp_path / "p", kind)
    (page,) = open_file(tmp_path / "p").pages
    assert page.pixels.shape == (1, 1, 3)
    with pytest.raises(DeskError) as caught:
        measure_page(page.pixels, dpi=page.dpi, sheet_mm=page.sheet_mm)
    assert caught.value.code == "image.unreadable"
    scanned = PdfPage(encode_master(page.pixels, 300), A4)
    assert small_page(scanned, page.pixels) is Departure.RESOLUTION
    assert build_pdf([scanned], INFO).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("stated", "sane"),
    [((0, 0), False), ((1, 1), False), ((72, 72), False), ((10_000, 10_000), False), ((300, 200), True)],
)
def test_a_lying_resolution_never_makes_a_lying_page(tmp_path: Path, stated: tuple[int, int], sane: bool) -> None:
    """0, 1, 72, 10,000, x and y apart: pixels over sheet agree with the resolution that is believed."""
    width, height = (2480, 2338) if sane else (1654, 2339)
    page = empty(width, height, 246)
    write(page, "Don de nghi", (100, 200), 2.0)
    encoded = bytearray(encode_master(page, 200))
    at = encoded.index(b"JFIF\0") + 7
    encoded[at : at + 5] = struct.pack(">BHH", 1, *stated)
    (tmp_path / "p.jpg").write_bytes(bytes(encoded))
    (found,) = open_file(tmp_path / "p.jpg").pages
    assert found.dpi is not None
    for pixels, dpi, millimetres in zip((width, height), found.dpi, found.sheet_mm, strict=True):
        assert pixels / dpi * 25.4 == pytest.approx(millimetres, rel=0.01)
        assert 50 <= dpi <= 1200
    assert found.sheet_mm == pytest.approx(A4, rel=0.02)
    made = build_pdf([PdfPage(found.jpeg or b"", found.sheet_mm)], INFO)
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert float(pdf.pages[0].mediabox[3]) == pytest.approx(842, abs=17)


def test_every_kind_of_colour_can_be_built_small(tmp_path: Path) -> None:
    page = Image.fromarray(small_sheet())
    deep = Image.fromarray(np.asarray(page.convert("L")).astype(np.uint16) * 257)
    kinds = {
        "cmyk.jpg": page.convert("CMYK"),
        "palette.png": page.convert("P", palette=Image.Palette.ADAPTIVE),
        "deep.png": deep,
        "grey.tif": page.convert("L"),
        "clear.png": page.convert("RGBA"),
        "bits.tif": page.convert("1"),
    }
    for name, image in kinds.items():
        image.save(tmp_path / name, dpi=(300, 300))
        (found,) = open_file(tmp_path / name).pages
        scanned = PdfPage(encode_master(found.pixels, 300), (52.5, 74.25))
        made = small_page(scanned, found.pixels)
        pdf = build_pdf([made if isinstance(made, PdfPage) else scanned], INFO)
        assert pdf.startswith(b"%PDF-1.7"), name


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_a_camera_can_be_held(tmp_path: Path, orientation: int) -> None:
    page = Image.fromarray(small_sheet())
    exif = Image.Exif()
    exif[0x0112] = orientation
    page.save(tmp_path / "p.jpg", exif=exif, quality=95, dpi=(75, 75))
    (found,) = open_file(tmp_path / "p.jpg").pages
    lies = orientation >= 5
    assert found.pixels.shape[:2] == ((620, 877) if lies else (877, 620))
    assert (found.sheet_mm[0] > found.sheet_mm[1]) is lies


# -- bombs ------------------------------------------------------------------------------------------------------------


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def scanned_pdf() -> pikepdf.Pdf:
    jpeg = encode_master(small_sheet(), 75)
    return pikepdf.open(io.BytesIO(build_pdf([PdfPage(jpeg, A4)], INFO)))


def bombs(folder: Path) -> dict[str, set[str | None]]:
    """Files that ask for too much, and the codes each may end in; None: it may also be read."""
    (folder / "claims.png").write_bytes(png_that_claims(40_000, 40_000))
    Image.new("1", (40_000, 40_000)).save(folder / "bits.tif", compression="group4")
    wanted: dict[str, set[str | None]] = {"claims.png": {"image.too_big"}, "bits.tif": {"image.too_big"}}

    def save(name: str, pdf: pikepdf.Pdf, *codes: str | None) -> None:
        pdf.save(folder / name, compress_streams=False, static_id=True)
        wanted[name] = set(codes)

    with scanned_pdf() as pdf:  # 400 MB of zeros in two coats of Flate, as a picture
        picture = pdf.pages[0].obj.Resources.XObject.Page
        inner = zlib.compressobj(9)
        coat = b"".join([*(inner.compress(bytes(1 << 20)) for _ in range(400)), inner.flush()])
        picture.write(zlib.compress(coat, 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2))
        picture.Width, picture.Height = 20_000, 20_000
        save("nested.pdf", pdf, "image.too_big", "image.damaged")
    with scanned_pdf() as pdf:  # the same zeros as what is to be drawn
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(b"")
        page.Contents.write(zlib.compress(coat, 9), filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2))
        save("content.pdf", pdf, None, "image.too_big", "image.damaged")
    with scanned_pdf() as pdf:  # one page a hundred thousand times
        pdf.Root.Pages.Kids = pikepdf.Array([pdf.pages[0].obj] * 100_000)
        pdf.Root.Pages.Count = 100_000
        save("many.pdf", pdf, "image.too_many_pages")
    with scanned_pdf() as pdf:
        pdf.Root.Pages.Count = 2_000_000_000
        save("count.pdf", pdf, None, "image.too_many_pages")
    for side in (1_000_000, 14_400):
        with scanned_pdf() as pdf:
            pdf.pages[0].obj.MediaBox = pikepdf.Array([0, 0, side, side])
            pdf.pages[0].obj.Contents = pdf.make_stream(b"0 0 9 9 re f")
            save(f"box{side}.pdf", pdf, "image.too_big", "image.damaged")
    with scanned_pdf() as pdf:  # the tree of pages holds itself
        tree = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Pages, Count=1))
        tree.Kids = pikepdf.Array([tree])
        pdf.Root.Pages = tree
        save("tree.pdf", pdf, "image.damaged", "image.empty")
    nested = b"[" * 200_000 + b"]" * 200_000
    (folder / "deep.pdf").write_bytes(
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/X " + nested + b">>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    wanted["deep.pdf"] = {"image.damaged", "image.empty"}
    with scanned_pdf() as pdf:
        pdf.save(folder / "locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
        wanted["locked.pdf"] = {"image.encrypted"}
    return wanted


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory used is counted in kilobytes on Linux")
def test_bombs_end_in_a_clear_code_with_bounded_memory_and_time(tmp_path: Path) -> None:
    wanted = bombs(tmp_path)
    source = Path(__file__).resolve().parents[2] / "src"
    done = subprocess.run(
        [sys.executable, "-c", _OPEN_ALL, *(str(tmp_path / name) for name in wanted)],
        capture_output=True, text=True, timeout=MOST_SECONDS * 4, env={**os.environ, "PYTHONPATH": str(source)},
    )  # fmt: skip
    told = {item["name"]: item for item in map(json.loads, done.stdout.splitlines())}
    assert set(told) == set(wanted), done.stderr[-500:]
    for name, codes in wanted.items():
        assert told[name]["code"] in codes, told[name]
        assert told[name]["mb"] < MOST_MB, told[name]
        assert told[name]["seconds"] < MOST_SECONDS, told[name]


def self_drawing(folder: Path) -> Path:
    """A page whose drawing draws itself three times, and so on: a renderer is at it for ever."""
    with scanned_pdf() as pdf:
        form = pdf.make_stream(b"/Self Do /Self Do /Self Do")
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = pikepdf.Array([0, 0, 600, 800])
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Self=form))
        pdf.pages[0].obj.Resources.XObject.Self = form
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/Self Do")
        pdf.save(folder / "itself.pdf")
    return folder / "itself.pdf"


def test_a_page_that_never_ends_costs_only_itself(tmp_path: Path) -> None:
    endless = self_drawing(tmp_path)
    Image.fromarray(small_sheet()).save(tmp_path / "good.png", dpi=(75, 75))
    outcomes = list(spread(pages_of, [endless, tmp_path / "good.png"], 2, silent_s=4.0))
    assert isinstance(outcomes[0], DeskError)
    assert outcomes[0].code == "image.too_slow"
    assert outcomes[1] == 1


def pages_of(path: Path, _alive: Callable[[], None]) -> int:
    return sum(1 for _ in open_file(path).pages)


# -- chance -----------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of broken tags; broken pixels must raise
def test_broken_files_end_in_pages_or_in_a_code(tmp_path: Path) -> None:
    """Bytes flipped, cut out, doubled: eight thousand files in the long run, a twentieth each day."""
    chance = np.random.default_rng(20261121)
    jpeg = encode_master(small_sheet(), 75)
    layered = small_page(PdfPage(encode_master(small_sheet(), 300), (52.5, 74.25)))
    assert isinstance(layered, PdfPage)
    tiff = io.BytesIO()
    Image.fromarray(small_sheet()).convert("1").save(tiff, "TIFF", compression="group4")
    seeds = [jpeg, tiff.getvalue(), build_pdf([PdfPage(jpeg, A4)], INFO), build_pdf([layered], INFO)]
    path, codes = tmp_path / "broken", set()
    for number in range(rounds(8000)):
        data = bytearray(seeds[number % len(seeds)])
        for _ in range(int(chance.integers(1, 6))):
            at, long = int(chance.integers(len(data))), int(chance.integers(1, 60))
            match int(chance.integers(3)):
                case 0:
                    data[at] = int(chance.integers(256))
                case 1:
                    del data[at : at + long]
                case _:
                    data[at:at] = data[at : at + long]
        path.write_bytes(data)
        try:
            for page in open_file(path).pages:
                assert page.pixels.size
        except DeskError as problem:
            codes.add(problem.code)
    assert codes <= {"image.damaged", "image.unreadable", "image.too_big", "image.empty", "image.encrypted"}
    assert codes
