# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Sizes, times and legibility of both presets beside what others make of the same pages.

    PYTHONPATH=src:tests python tests/bench/bench_pdf.py [FOLDER] [--real | --printed] [--pages N] [--peers BIN]
        [--no-ocr] [--only-speed]

Without FOLDER the training papers are taken. FOLDER holds 300 dpi JPEGs; a JSON file of the same name may tell the
truth: ``text`` (printed lines) and ``boxes.seal``. ``--real``: FOLDER holds pictures of any kind, of which those of a
page's size and of more than two tones are taken, evenly over all; their truth are the words that Tesseract (eng) is
sure of, twice. ``--printed``: real pages of FOLDER of any kind, black and white too, laid on A4 and scanned in
colour at 300 dpi by the scanner of ``accuracy.scans``: real print, script and layout, but no real scanner.

BIN is where img2pdf, ocrmypdf and recode_pdf (archive-pdf-tools) lie when they are not on the path; what is not
installed is said to be absent. Times are those of the processor, so that what else the machine does hardly counts.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from accuracy.real import real_files
from accuracy.scans import leaning, scanned
from digitizer_desk import memory
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.pdf.presets import Preset, prepared, small_page
from digitizer_desk.imaging.pdf.selfcheck import Departure
from digitizer_desk.imaging.pdf.small import two_layers
from digitizer_desk.imaging.pdfium import render
from digitizer_desk.training.papers import KINDS, PEOPLE, draw_paper

A4 = (210.0, 297.0)
#: smaller pictures are clippings, no pages
LEAST_SIDE = 900
#: and less high ones would be blown up more than twice
LEAST_HEIGHT = 1754
#: Tesseract's confidence, of 100, in words that are taken for the truth; and so many of them make a page worth asking
SURE, FEWEST_WORDS = 90.0, 40
INFO = PdfInfo("Trang đo", "", "", "", datetime(2026, 11, 21, tzinfo=VIETNAM))
_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True)
class Sample:
    """A page and what is known of it."""

    name: str
    jpeg: bytes
    words: Counter[str]
    seals: tuple[tuple[int, int, int, int], ...]
    dpi: float = 300.0
    sheet_mm: tuple[float, float] = (210.0, 297.0)
    language: str = "vie"


def tell(what: str, **values: object) -> None:
    print(json.dumps({"what": what, **values}, ensure_ascii=False), flush=True)


def samples(folder: Path | None, most: int) -> list[Sample]:
    if folder is None:
        drawn = ((kind, draw_paper(kind, PEOPLE[i % len(PEOPLE)], i)) for i, kind in enumerate(list(KINDS)[:most]))
        return [Sample(name, encode_master(pixels, 300), Counter(), ()) for name, pixels in drawn]
    found = []
    for path in sorted(folder.glob("*.jpg"))[:most]:
        truth: dict[str, Any] = {}
        if path.with_suffix(".json").exists():
            truth = json.loads(path.with_suffix(".json").read_text("utf-8"))
        lines = [line if isinstance(line, str) else str(line.get("text", "")) for line in truth.get("text", [])]
        seals = tuple(tuple(map(int, box)) for box in truth.get("boxes", {}).get("seal", []))
        jpeg = path.read_bytes()
        high, wide = decode(jpeg).shape[:2]
        sheet = (wide / 300 * 25.4, high / 300 * 25.4)
        found.append(Sample(path.name, jpeg, words_of(" ".join(lines)), seals, sheet_mm=sheet))
    return found


def real_samples(folder: Path, most: int) -> list[Sample]:
    """Pictures of real pages as a scanner would hand them over: JPEGs as they are, others as masters."""
    found = []
    for path in sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".jpg", ".png", ".tif", ".tiff")):
        try:
            page = next(iter(open_file(path).pages))
        except DeskError:
            continue
        pixels, dpi = page.pixels, min(page.dpi)
        if min(pixels.shape[:2]) < LEAST_SIDE or len(np.unique(pixels[::9, ::9])) <= 2:
            continue
        jpeg = path.read_bytes() if path.suffix.lower() == ".jpg" else encode_master(pixels, dpi)
        sheet = (pixels.shape[1] / dpi * 25.4, pixels.shape[0] / dpi * 25.4)
        found.append(Sample(path.name, jpeg, Counter(), (), dpi, sheet, "eng"))
    return found[:: max(1, -(-len(found) // most))][:most]


def printed_samples(folder: Path, most: int) -> list[Sample]:
    """Real pages, upright and of some size, as if printed on A4 and scanned."""
    found = []
    for path in real_files(folder):
        try:
            pixels = next(iter(open_file(path).pages)).pixels
        except DeskError:
            continue
        if pixels.shape[0] >= LEAST_HEIGHT and 0.6 <= pixels.shape[1] / pixels.shape[0] <= 0.9:
            found.append((path.name, pixels))
    found = found[:: max(1, -(-len(found) // most))][:most]
    chance = np.random.default_rng(2026)
    return [Sample(name, encode_master(scanned(on_a4(pixels), chance), 300), Counter(), (), language="eng")
            for name, pixels in found]  # fmt: skip


def on_a4(pixels: Pixels) -> Pixels:
    """In the middle of a white sheet of 2480 x 3508, (3508, 2480, 3) RGB, ink and paper as light as toner and paper."""
    wide, high = 2480, 3508
    scale = min(wide / pixels.shape[1], high / pixels.shape[0])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    fitted = cv2.resize(pixels, (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)), interpolation=way)
    fitted = fitted if fitted.ndim == 3 else cv2.cvtColor(fitted, cv2.COLOR_GRAY2RGB)
    top, left = (high - fitted.shape[0]) // 2, (wide - fitted.shape[1]) // 2
    sheet = np.full((high, wide, 3), 255, np.uint8)
    sheet[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
    toner, paper = np.array([26, 26, 28]), np.array([250, 249, 246])
    tones = toner + (paper - toner) * np.arange(256)[:, None] / 255
    return np.asarray(cv2.LUT(sheet, np.rint(tones).astype(np.uint8).reshape(256, 1, 3)))


def words_of(text: str) -> Counter[str]:
    return Counter(word.casefold() for word in _WORD.findall(text))


# -- ways to make a PDF of one page -----------------------------------------------------------------------------------


def ours(preset: Preset, sample: Sample, _folder: Path) -> tuple[bytes, float]:
    start = time.thread_time()
    pages, _ = prepared([PdfPage(sample.jpeg, sample.sheet_mm)], preset)
    return build_pdf(pages, INFO), (time.thread_time() - start) * 1000


def ran(command: Sequence[str | Path], result: Path) -> tuple[bytes, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or not result.exists():
        raise RuntimeError(done.stderr[-300:])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result.read_bytes(), spent * 1000


def at_75(sample: Sample, folder: Path) -> Path:
    """The page as the driver of a scanner gives it: quality 75 with halved chroma."""
    path = folder / "q75.jpg"
    flags = [cv2.IMWRITE_JPEG_QUALITY, 75, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x221111]
    pixels = decode(sample.jpeg)
    cv2.imwrite(str(path), pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), flags)
    return path


def by_img2pdf(program: str, sample: Sample, folder: Path) -> tuple[bytes, float]:
    size = f"{sample.dpi}dpix{sample.dpi}dpi"
    return ran([program, at_75(sample, folder), "--imgsize", size, "-o", folder / "i.pdf"], folder / "i.pdf")


def by_ocrmypdf(program: str, sample: Sample, folder: Path) -> tuple[bytes, float]:
    (folder / "source.pdf").write_bytes(build_pdf([PdfPage(at_75(sample, folder).read_bytes(), sample.sheet_mm)], INFO))
    options = ["--tesseract-timeout", "0", "--optimize", "3", "--output-type", "pdf", "--jobs", "1"]
    return ran([program, *options, folder / "source.pdf", folder / "o.pdf"], folder / "o.pdf")


def by_recode_pdf(program: str, sample: Sample, folder: Path) -> tuple[bytes, float]:
    picture = at_75(sample, folder)
    subprocess.run(
        ["tesseract", picture, folder / "t", "-l", sample.language, "hocr"], capture_output=True, timeout=300
    )
    options = ["--dpi", str(round(sample.dpi)), "--mask-compression", "ccitt", "-J", "pillow"]
    command = [
        program,
        "--from-imagestack",
        picture,
        "--hocr-file",
        folder / "t.hocr",
        *options,
        "-o",
        folder / "r.pdf",
    ]
    return ran(command, folder / "r.pdf")


def makers(place: Path | None) -> dict[str, Callable[[Sample, Path], tuple[bytes, float]]]:
    found: dict[str, Callable[[Sample, Path], tuple[bytes, float]]] = {
        "archive": partial(ours, Preset.ARCHIVE),
        "small": partial(ours, Preset.SMALL),
    }
    peers = {"img2pdf": by_img2pdf, "ocrmypdf": by_ocrmypdf, "recode_pdf": by_recode_pdf}
    for name, make in peers.items():
        search = f"{place}{os.pathsep}{os.environ['PATH']}" if place else None
        program = shutil.which(name, path=search)
        if program is None:
            tell(f"{name}: not installed")
        else:
            found[{"img2pdf": "img2pdf q75", "ocrmypdf": "OCRmyPDF -O3", "recode_pdf": "archive-pdf-tools"}[name]] = (
                partial(make, program)
            )
    return found


# -- how good it is ---------------------------------------------------------------------------------------------------


def recall(pixels: Pixels, sample: Sample, folder: Path) -> float | None:
    """Share of the true words that Tesseract reads."""
    if not sample.words:
        return None
    return sum((read(pixels, sample, folder) & sample.words).values()) / sum(sample.words.values())


def read(pixels: Pixels, sample: Sample, folder: Path, surely: float = 0.0) -> Counter[str]:
    """The words that Tesseract reads with that confidence (0-100) at least."""
    cv2.imwrite(str(folder / "ocr.png"), pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
    command = ["tesseract", str(folder / "ocr.png"), "-", "-l", sample.language, "--dpi", str(round(sample.dpi)), "tsv"]
    told = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
    )
    rows = csv.DictReader(told.stdout.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return words_of(" ".join(row["text"] or "" for row in rows if float(row["conf"]) >= surely))


def _mean(values: set[float]) -> float | None:
    return round(statistics.mean(values), 1) if values else None


def sure_words(page: Sample, folder: Path) -> Counter[str]:
    """The words that Tesseract is sure of, on the page as it is and again when it lies a little askew; none of a page
    that has hardly any: of old print and other scripts it makes words that a breath changes."""
    pixels = decode(page.jpeg)
    words = read(pixels, page, folder, SURE) & read(leaning(pixels, 0.15), page, folder, SURE)
    return words if words.total() >= FEWEST_WORDS else Counter()


def reads_vietnamese() -> bool:
    if shutil.which("tesseract") is None:
        return False
    return "vie" in subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True).stdout.split()


def ssim(first: Pixels, second: Pixels) -> float:
    """Wang et al. 2004 on all three channels, lightly blurred: written apart from the product's own."""
    one, other = (cv2.GaussianBlur(p, (0, 0), 1.0).astype(np.float64) for p in (first, second))

    def mean(values: np.ndarray) -> np.ndarray:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5))

    a, b = mean(one), mean(other)
    c1, c2 = 6.5025, 58.5225
    top = (2 * a * b + c1) * (2 * (mean(one * other) - a * b) + c2)
    return float((top / ((a * a + b * b + c1) * (mean(one**2) - a * a + mean(other**2) - b * b + c2))).mean())


def seal_likeness(before: Pixels, after: Pixels, sample: Sample) -> list[float]:
    height, width = before.shape[:2]
    found = []
    for left, top, right, bottom in sample.seals:
        box = np.s_[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
        if min(before[box].shape[:2]) > 60:
            found.append(ssim(before[box], after[box]))
    return found


def compare(pages: list[Sample], peers: Path | None, ocr: bool) -> None:
    can_read = ocr and reads_vietnamese()
    if not can_read:
        tell("tesseract with vie: not installed or not wanted; no word recall")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if can_read:
            pages = [page if page.language == "vie" else
                     replace(page, words=sure_words(page, folder)) for page in pages]  # fmt: skip
        lossless = [recall(decode(page.jpeg), page, folder) for page in pages] if can_read else []
        known = [value for value in lossless if value is not None]
        if known:
            tell("the pages as they are", pages=len(pages), read=len(known), recall=round(statistics.mean(known), 4))
        for name, make in makers(peers).items():
            sizes, times, recalls, seals, stayed = [], [], [], [], []
            for page in pages:
                for leftover in folder.iterdir():
                    leftover.unlink()
                try:
                    pdf, spent = make(page, folder)
                except (RuntimeError, subprocess.SubprocessError) as problem:
                    tell(f"{name}: {page.name} failed", said=str(problem)[-200:])
                    continue
                sizes.append(len(pdf) / 1000)
                if name == "small" and sizes[-1] * 1000 > len(page.jpeg):
                    stayed.append(sizes[-1])
                times.append(spent)
                before = decode(page.jpeg)
                before = before if before.ndim == 3 else cv2.cvtColor(before, cv2.COLOR_GRAY2RGB)
                shown, _ = render(pdf, 1, page.dpi)
                shown = cv2.resize(shown, before.shape[1::-1], interpolation=cv2.INTER_AREA)
                seals += seal_likeness(before, shown, page)
                if can_read and page.words:
                    recalls.append(recall(shown, page, folder) or 0.0)
            if sizes:
                tell(
                    name,
                    pages=len(sizes),
                    mean_kb=round(statistics.mean(sizes), 1),
                    median_kb=round(statistics.median(sizes), 1),
                    median_ms=round(statistics.median(times), 1),
                    as_scanned=len(stayed) if name == "small" else None,
                    mean_kb_of_the_others=_mean(set(sizes) - set(stayed)) if stayed else None,
                    recall=round(statistics.mean(recalls), 4) if recalls else None,
                    seal_ssim=round(statistics.mean(seals), 4) if seals else None,
                    worst_seal=round(min(seals), 3) if seals else None,
                )


# -- end to end -------------------------------------------------------------------------------------------------------


def whole_way(jpeg: bytes) -> tuple[float, bool]:
    """Decode, every check with which way is up, two layers with self-check, PDF. Seconds of the processor."""
    start = time.thread_time()
    pixels = decode(jpeg)
    measure_page(pixels, dpi=(300.0, 300.0), sheet_mm=A4)
    page = PdfPage(jpeg, A4)
    made = small_page(page, pixels)
    build_pdf([page if isinstance(made, Departure) else made], INFO)
    return time.thread_time() - start, isinstance(made, Departure)


def one_core() -> None:
    cv2.setNumThreads(1)


def speed(pages: list[Sample], rounds: int) -> None:
    one_core()
    decoded = [decode(page.jpeg) for page in pages]
    layered = []
    for _ in range(rounds):
        for page, pixels in zip(pages, decoded, strict=True):
            start = time.thread_time()
            two_layers(pixels, 300.0, len(page.jpeg))
            layered.append((time.thread_time() - start) * 1000)
    middle = statistics.median(layered)
    tell("two layers with self-check", median_ms=round(middle, 1), mean_ms=round(statistics.mean(layered), 1),
         limit_ms=100, within=middle <= 100)  # fmt: skip
    spent = [whole_way(page.jpeg) for _ in range(rounds) for page in pages]
    rate = 60 / statistics.mean(seconds for seconds, _ in spent)
    tell("end to end on one core", pages_a_minute=round(rate), limit=250, within=rate >= 250,
         as_scanned=sum(stayed for _, stayed in spent) // rounds)  # fmt: skip
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=one_core) as pool:
        list(pool.map(whole_way, [page.jpeg for page in pages[:4]]))  # both are up now
        start = time.monotonic()
        both = list(pool.map(whole_way, [page.jpeg for _ in range(rounds) for page in pages]))
        wall = time.monotonic() - start
    tell("end to end on two cores", pages_a_minute_by_the_clock=round(len(both) / wall * 60),
         pages_a_minute_by_processor_time=round(2 * 60 / statistics.mean(s for s, _ in both)))  # fmt: skip


def main(arguments: Sequence[str]) -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", nargs="?", type=Path)
    asked.add_argument("--pages", type=int, default=12)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--peers", type=Path)
    asked.add_argument("--no-ocr", action="store_true")
    asked.add_argument("--real", action="store_true")
    asked.add_argument("--printed", action="store_true")
    asked.add_argument("--only-speed", action="store_true")
    chosen = asked.parse_args(arguments)
    if chosen.real or chosen.printed:
        take = printed_samples if chosen.printed else real_samples
        compare(take(chosen.folder, chosen.pages), chosen.peers, not chosen.no_ocr)
        return
    pages = samples(chosen.folder, chosen.pages)
    speed(pages, chosen.rounds)
    if not chosen.only_speed:
        compare(pages, chosen.peers, not chosen.no_ocr)


if __name__ == "__main__":
    memory.keep_freed()  # as the program does
    main(sys.argv[1:])
