# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How often the page checks are right, on labelled pages made anew. Writes docs/accuracy.md.

PYTHONPATH=src:tests python -m accuracy.run [--pages N] [--seed N] [--jobs N] [--only SET ...] [--scans FOLDER]
    [--generator FILE] [--out FILE] [--wrong FOLDER]

``--scans`` adds real scans without labels (any pictures), each turned, leaned and spoiled by known amounts.
``--generator`` adds the pages of a generator outside this project (``second.py`` says what it must have).
``--wrong`` keeps a small picture of every case that went wrong, to be looked at.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from accuracy.case import Case, Tally, case_of
from accuracy.checks import CHECKS, WEIGHT
from accuracy.real import real, real_files
from accuracy.report import Asked, report
from accuracy.second import PRESETS, second

OUT = Path(__file__).resolve().parents[2] / "docs" / "accuracy.md"
#: cases a job takes at once: few, so that the last ones end together
_SHARE = 10


def check_of(name: str, asked: Asked) -> Callable[[Case], None]:
    """The question by the name of its set."""
    if name == "real scans":
        assert asked.scans is not None
        return real(real_files(asked.scans))
    if name.startswith("second: "):
        assert asked.generator is not None
        return second(asked.generator, name.removeprefix("second: "))
    return CHECKS[name]


def sets_of(asked: Asked) -> Iterator[tuple[str, int]]:
    """Names of all sets asked for, and how many cases each takes."""
    for name in CHECKS:
        yield name, round(asked.pages * WEIGHT.get(name, 1))
    if asked.generator is not None:
        for preset in PRESETS:
            yield f"second: {preset}", asked.pages
    if asked.scans is not None:
        yield "real scans", len(real_files(asked.scans))


def cases(asked: Asked, wrong: Path | None, name: str, numbers: range) -> Tally:
    """Some cases of one set, in this process."""
    cv2.setNumThreads(1)
    tally, check = Tally(), check_of(name, asked)
    for number in numbers:
        case = case_of(name, asked.seed, number, tally)
        before = len(tally.wrong)
        check(case)
        if wrong is not None and len(tally.wrong) > before:
            _keep(wrong, name, case, tally.wrong[before:])
    return tally


def _keep(folder: Path, name: str, case: Case, words: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{name.replace(': ', '-').replace(' ', '-')}-{case.number:05}"
    for i, picture in enumerate(case.pictures):
        small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(folder / f"{stem}-{i}.jpg"), small[..., ::-1] if small.ndim == 3 else small)
    (folder / f"{stem}.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


def run(asked: Asked, only: list[str], jobs: int, wrong: Path | None = None) -> dict[str, Tally]:
    """Every set, or those named, on so many processes."""
    found: dict[str, Tally] = {}
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [
            (name, pool.submit(partial(cases, asked, wrong, name, range(first, min(first + _SHARE, count)))))
            for name, count in sets_of(asked)
            if not only or name in only
            for first in range(0, count, _SHARE)
        ]
        last = ""
        for name, part in waiting:
            if last and name != last:
                _tell(last, found[last])
            found.setdefault(name, Tally()).take(part.result())
            last = name
        if last:
            _tell(last, found[last])
    return found


def _tell(name: str, tally: Tally) -> None:
    counts = [f"{what}: {a}/{b}" for what, (a, b) in sorted(tally.counts.items())]
    values = [
        f"{what}: mean {np.mean(v):.4f} median {np.median(v):.4f} worst {max(v):.4f}"
        for what, v in tally.errors.items()
    ]
    print(
        f"{time.strftime('%H:%M:%S')} {name}",
        *counts,
        *values,
        *(f"  wrong {w}" for w in tally.wrong),
        sep="\n  ",
        file=sys.stderr,
        flush=True,
    )


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    given.add_argument("--pages", type=int, default=300)
    given.add_argument("--seed", type=int, default=20261)
    given.add_argument("--jobs", type=int, default=2)
    given.add_argument("--only", nargs="*", default=[])
    given.add_argument("--scans", type=Path)
    given.add_argument("--generator", type=Path)
    given.add_argument("--out", type=Path, default=OUT)
    given.add_argument("--wrong", type=Path)
    line = given.parse_args()
    asked = Asked(line.pages, line.seed, line.scans, line.generator)
    unknown = set(line.only) - {name for name, _ in sets_of(asked)}
    if unknown:
        given.error(f"no such set: {', '.join(sorted(unknown))}")
    started = time.monotonic()
    found = run(asked, line.only, line.jobs, line.wrong)
    text = report(found, asked, line.jobs, time.monotonic() - started)
    line.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
