# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""docs/accuracy.md out of the counts, each share with the bounds it is known by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accuracy.case import Tally, sure


@dataclass(frozen=True, slots=True)
class Asked:
    """Cases for each set, their seed; a folder of real scans and the file of a second generator, where given; after how
    many minutes nothing more is begun."""

    pages: int
    seed: int
    scans: Path | None
    generator: Path | None
    minutes: float | None = None


_ABOUT = """# How often the page checks are right

Made by one command, not by hand, which may be stopped and gone on with (`--parts FILE`); seed {seed}:

    PYTHONPATH=src:tests python -m accuracy.run --pages {pages} --jobs {jobs}{more}

The pages are drawn (`tests/accuracy/sheets.py`: the training papers with ever new people, tables, line drawings,
photographs, archive and tinted paper, handwriting in pen and pencil, pink certificates, square stamps, seals over text;
`rough.py`: carbon copies, crumpled and wetted paper, spread ink, halftones) and scanned by a program (`scans.py`).
Detectors were tuned on other seeds. “sure” is the interval the true share lies in 95 times of 100 (Wilson; where nothing
or everything was found, the one-sided bound, which for none of n is about 3/n). Lines marked **✗** count mistakes: 0 is
best. All limits are those of the regulation in force. Drawn pages understate what real offices scan: they prove that a
check works, not that it is finished. Few cases say little: “sure” tells how little; `--pages 300` and an hour of two free
cores say more.
"""
_REAL = """
Real scans: the free pictures of Leptonica, Tesseract, kraken, Doxa and jdeskew of at least 900 pixels a side; most are
not Vietnamese, none has a red seal. Known truth is laid on them: quarter turns, leans of 1.7° and −0.6°, blown up from a
half and a quarter, the upper half blurred.
"""
_SECOND = """
Sets named “second” are made by another generator, outside this project: other fonts, other papers, other defects.
"""
_UNSEEN = """
## What no camera can see

A corner cut off before a white backing, a white note on white paper, two sheets drawn in that lie exactly on one
another, an enlargement by less than half, print cut away beyond bare paper before a white backing: nothing of these is in
the picture. Use a black or grey backing, the scanner's own double-feed sensor, and count the sheets.
The clerk's page about it: [gioi-han-kiem-tra.md](gioi-han-kiem-tra.md).
"""


def report(found: dict[str, Tally], asked: Asked, jobs: int) -> str:
    """The whole page, as Markdown."""
    more = "" if asked.minutes is None else f" --minutes {asked.minutes:g}"
    more += (" --generator GENERATOR" if asked.generator else "") + (" --scans SCANS" if asked.scans else "")
    about = _ABOUT.format(pages=asked.pages, seed=asked.seed, jobs=jobs, more=more)
    text = about + (_SECOND if asked.generator else "") + (_REAL if asked.scans else "")
    return text + "".join(f"{line}\n" for name, tally in found.items() for line in _set(name, tally)) + _UNSEEN


def _set(name: str, tally: Tally) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield "| what | | found | of | share | sure |"
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for what, (hits, of) in sorted(tally.counts.items()):
        low, high = sure(hits, of)
        mark = "✗" if what in tally.mistakes else ""
        yield f"| {what} | {mark} | {hits} | {of} | {hits / of:.1%} | {low:.1%} to {high:.1%} |"
    if tally.errors:
        yield "\n| value | n | mean | median | 5 % | 95 % | 99 % | least | most |"
        yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        for what, values in sorted(tally.errors.items()):
            low, middle, high, highest = np.percentile(values, (5, 50, 95, 99))
            cells = (np.mean(values), middle, low, high, highest, min(values), max(values))
            yield f"| {what} | {len(values)} | " + " | ".join(f"{v:.3f}" for v in cells) + " |"
