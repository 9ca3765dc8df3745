# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How often the page checks are right, on labelled pages made anew. Writes docs/accuracy.md.

PYTHONPATH=src:tests python -m accuracy.run [--pages N] [--seed N] [--jobs N] [--only SET ...] [--scans FOLDER]
    [--generator FILE] [--out FILE] [--wrong FOLDER] [--minutes N] [--parts FILE]

``--scans`` adds real scans without labels (any pictures), each turned, leaned and spoiled by known amounts.
``--generator`` adds the pages of a generator outside this project (``second.py`` says what it must have).
``--wrong`` keeps a small picture of every case that went wrong, to be looked at.
``--minutes`` starts nothing after that time: all sets are then equally far, and each share says of how many it is.
``--parts`` keeps what is done: the same command goes on from there, unless the detectors or the pages changed since.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from accuracy.case import Case, Tally, case_of
from accuracy.checks import CHECKS, SOONER, WEIGHT
from accuracy.real import real, real_files
from accuracy.report import Asked, report
from accuracy.second import PRESETS, second
from digitizer_desk.imaging import measure

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
            yield f"second: {preset}", max(1, asked.pages // 5)
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


def run(
    asked: Asked, only: list[str], jobs: int, wrong: Path | None = None, parts: Path | None = None
) -> dict[str, Tally]:
    """Every set, or those named, on so many processes; parts already in the file are not done again."""
    done = _read(parts, asked) if parts is not None else {}
    work = sorted(
        (
            (first / count / SOONER.get(name, 1), name, first, min(first + _SHARE, count))
            for name, count in sets_of(asked)
            if not only or name in only
            for first in range(0, count, _SHARE)
        ),
    )  # a tenth of every set before the next tenth of any: what is there when it is stopped says something of all
    ends = None if asked.minutes is None else time.monotonic() + asked.minutes * 60
    found: dict[str, Tally] = {name: Tally() for name, _ in sets_of(asked) if not only or name in only}
    with ProcessPoolExecutor(jobs) as pool:
        waiting = []
        for _, name, first, last in work:
            if (name, first) in done:
                found[name].take(done[name, first])
            else:
                waiting.append(
                    (name, first, pool.submit(partial(_in_time, ends, asked, wrong, name, range(first, last))))
                )
        for name, first, part in waiting:
            tally = part.result()
            if tally is None:
                continue
            found[name].take(tally)
            if parts is not None:
                _append(parts, asked, name, first, tally)
    for name, tally in found.items():
        _tell(name, tally)
    return {name: tally for name, tally in found.items() if tally.counts}


def _in_time(ends: float | None, asked: Asked, wrong: Path | None, name: str, numbers: range) -> Tally | None:
    """None when the time is over: :func:`time.monotonic` is one clock for all processes of a machine."""
    return None if ends is not None and time.monotonic() > ends else cases(asked, wrong, name, numbers)


def _code() -> str:
    """A digest of what is measured and of what measures: parts of another state do not count."""
    folders = (Path(measure.__file__).parent, Path(__file__).parent)
    texts = [
        file.read_bytes()
        for folder in folders
        for file in sorted(folder.rglob("*.py"))
        if file.name not in ("run.py", "report.py")
    ]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:16]


def _read(parts: Path, asked: Asked) -> dict[tuple[str, int], Tally]:
    done, state = {}, [_code(), asked.seed]
    for line in parts.read_text(encoding="utf-8").splitlines() if parts.exists() else ():
        part = json.loads(line)
        if part["state"] == state:
            tally = Tally(part["counts"], set(part["mistakes"]), part["errors"], part["wrong"])
            done[part["set"], part["first"]] = tally
    return done


def _append(parts: Path, asked: Asked, name: str, first: int, tally: Tally) -> None:
    part = {
        "state": [_code(), asked.seed],
        "set": name,
        "first": first,
        "counts": tally.counts,
        "mistakes": sorted(tally.mistakes),
        "errors": tally.errors,
        "wrong": tally.wrong,
    }
    with parts.open("a", encoding="utf-8") as file:
        file.write(json.dumps(part, ensure_ascii=False) + "\n")


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
    given.add_argument("--pages", type=int, default=150)
    given.add_argument("--seed", type=int, default=20261)
    given.add_argument("--jobs", type=int, default=2)
    given.add_argument("--only", nargs="*", default=[])
    given.add_argument("--scans", type=Path)
    given.add_argument("--generator", type=Path)
    given.add_argument("--out", type=Path, default=OUT)
    given.add_argument("--wrong", type=Path)
    given.add_argument("--minutes", type=float)
    given.add_argument("--parts", type=Path)
    line = given.parse_args()
    asked = Asked(line.pages, line.seed, line.scans, line.generator, line.minutes)
    unknown = set(line.only) - {name for name, _ in sets_of(asked)}
    if unknown:
        given.error(f"no such set: {', '.join(sorted(unknown))}")
    found = run(asked, line.only, line.jobs, line.wrong, line.parts)
    text = report(found, asked, line.jobs)
    line.out.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
