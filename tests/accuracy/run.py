# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How often the page checks are right, on labelled pages made anew. Writes docs/accuracy.md.

PYTHONPATH=src:tests python -m accuracy.run [--pages N] [--seed N] [--only CHECK ...] [--scans FOLDER] [--out FILE]

``--scans`` adds real scans without labels (any pictures): each is turned by all quarters and by a known angle, and must
give one answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from accuracy.scans import leaning
from accuracy.sets import CHECKS, Tally, measured
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.repair import turn

OUT = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"


def run(count: int, seed: int, only: list[str], scans: Path | None) -> dict[str, Tally]:
    """Every set, or those named. Each has its own generator: one more page in one changes no other."""
    cv2.setNumThreads(1)
    found = {}
    for number, (name, check) in enumerate(CHECKS.items()):
        if not only or name in only:
            found[name] = Tally()
            check(np.random.default_rng([seed, number]), count, found[name])
            counts = {k: f"{a}/{b}" for k, (a, b) in found[name].counts.items()}
            print(name, counts, *found[name].wrong, sep="\n  ", file=sys.stderr, flush=True)
    if scans is not None:
        found["real scans"] = real(scans)
    return found


def real(folder: Path) -> Tally:
    """Real scans of no known truth: their answers to known turns and angles must agree with each other."""
    tally = Tally()
    for file in sorted(f for f in folder.rglob("*") if f.suffix.lower() in (".jpg", ".png", ".tif", ".tiff")):
        try:
            page = next(iter(open_file(file).pages))
        except DeskError:
            continue
        if min(page.pixels.shape[:2]) < 900:
            continue  # clippings and pictures, no pages
        level = measured(page.pixels, min(page.dpi))
        tally.add("pages that say which way up", level.rotation is not None)
        if level.rotation is not None:
            around = measured(turn(page.pixels, 180), min(page.dpi)).rotation
            tally.add("upside down agrees", around in (None, (level.rotation + 180) % 360), file.name)
        if level.skew_deg is not None and abs(level.skew_deg) < 5:
            leant = measured(leaning(page.pixels, 1.7, (255, 255, 255)), min(page.dpi)).skew_deg
            if leant is not None:
                tally.errors.setdefault("skew after a known 1.7 degrees", []).append(abs(leant - level.skew_deg - 1.7))
        tally.add("called blank", level.blank, file.name, want=False)
        tally.add("called blown up", level.real_dpi is not None, f"{file.name} {level.real_dpi}", want=False)
        tally.add("with streaks", bool(level.streaks), file.name, want=False)
        if level.sharpness is not None:
            tally.errors.setdefault("sharpness", []).append(level.sharpness)
    return tally


def table(found: dict[str, Tally], count: int, seed: int, scans: Path | None) -> Iterator[str]:
    yield "# How often the page checks are right"
    yield ""
    yield "Made by `PYTHONPATH=src:tests python -m accuracy.run`, not by hand:"
    yield f"{count} pages for each set, seed {seed}. The pages are drawn (`tests/accuracy/sheets.py`: the training papers, tables,"
    yield "line drawings, photographs, archive and tinted paper, handwriting, full-bleed patterns) and scanned by a program"
    yield "(`scans.py`), so they understate ink spread, moiré, crumpled paper and real handwriting. Detectors were tuned on other"
    yield "seeds of these and on a generator of its own. A line that ends in “where there is none”, “wrong” or “called …” counts mistakes: 0 is best."
    for name, tally in found.items():
        yield f"\n## {name}\n"
        yield "| what | found | of | share |"
        yield "| --- | ---: | ---: | ---: |"
        for what, (hits, of) in sorted(tally.counts.items()):
            yield f"| {what} | {hits} | {of} | {hits / of:.2%} |"
        if tally.errors:
            yield ""
            yield "| value | mean | median | 5 % | 95 % | worst |"
            yield "| --- | ---: | ---: | ---: | ---: | ---: |"
            for what, errors in sorted(tally.errors.items()):
                low, middle, high = np.percentile(errors, (5, 50, 95))
                yield f"| {what} | {np.mean(errors):.4f} | {middle:.4f} | {low:.4f} | {high:.4f} | {max(errors):.4f} |"
    if scans is not None:
        yield "\nReal scans: the free pictures of Leptonica, Tesseract, kraken, Doxa and jdeskew of at least 900 pixels a side."
    yield "\n## What no camera can see\n"
    yield "A corner cut off before a white backing, a white note on white paper, two sheets drawn in that lie exactly on one"
    yield "another, an enlargement by less than half: nothing of these is in the picture. Use a black or grey backing, the"
    yield "scanner's own double-feed sensor, and count the sheets."


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--pages", type=int, default=120)
    asked.add_argument("--seed", type=int, default=20261)
    asked.add_argument("--only", nargs="*", default=[], choices=sorted(CHECKS))
    asked.add_argument("--scans", type=Path)
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    found = run(given.pages, given.seed, given.only, given.scans)
    given.out.write_text("\n".join(table(found, given.pages, given.seed, given.scans)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
