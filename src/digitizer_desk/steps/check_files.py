# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files judged by the rules, without a dossier: pictures, TIFFs, PDFs, folders.

Apart from ``check.py`` because nothing is kept here: an IT unit judges old files, a script accepts new ones.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from digitizer_desk.dossier.finding import Finding, PageMeasures
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.compare import same_sheet, shown_through
from digitizer_desk.imaging.intake import LEAST_SIDE, FileFacts, FilePage, is_picture_or_pdf, open_file
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.rules.check import check_count, check_page, check_pdf
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.parts.spread import SILENT_S, spread


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """One page: ``number`` is 1-based; ``duplicate_of`` names an earlier page with the very same pixels, or one of the
    last few that shows the same sheet; ``ms`` the time it took; ``show_through_of`` names the page beside a near-blank
    one whose seal is all it shows."""

    file: Path
    number: int
    measures: PageMeasures
    findings: tuple[Finding, ...]
    duplicate_of: tuple[Path, int] | None
    ms: int
    show_through_of: tuple[Path, int] | None = None


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """One file as a whole. The pdf_* fields are None for pictures."""

    file: Path
    pages: tuple[PageVerdict, ...]
    findings: tuple[Finding, ...]
    pdf_version: str | None = None
    pdfa: str | None = None
    signed: bool | None = None
    encrypted: bool | None = None

    @property
    def passed(self) -> bool:
        return not any(f.is_fault for f in (*self.findings, *(f for p in self.pages for f in p.findings)))


@dataclass(frozen=True, slots=True)
class CountVerdict:
    """All files together against the declared number of sides (R13)."""

    pages: int
    declared: int
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not any(f.is_fault for f in self.findings)


#: bytes of a fingerprint: by chance no two of all pages of a province share sixteen
_PRINT = 16
#: a sheet that went through the scanner twice comes soon after itself
_LOOK_BACK = 6

Verdict = FileVerdict | CountVerdict | DeskError


@dataclass(frozen=True, slots=True)
class _LookedAtPage:
    number: int
    measures: PageMeasures
    fingerprint: bytes
    ms: int


@dataclass(frozen=True, slots=True)
class _LookedAt:
    """A file as it comes back from the process that read it."""

    file: Path
    pages: tuple[_LookedAtPage, ...]
    facts: FileFacts


class _AlreadyRead:
    """In the place of a file's pages, which stay in the process that read them."""

    def __iter__(self) -> Iterator[FilePage]:
        return iter(())

    def page(self, number: int) -> FilePage:
        raise IndexError(number)


@dataclass(slots=True)
class _Seen:
    """Fingerprints of the pages judged so far, and the last few pages, to tell a page that came twice."""

    pages: dict[bytes, tuple[Path, int]] = field(default_factory=dict)
    last: deque[PageVerdict] = field(default_factory=lambda: deque(maxlen=_LOOK_BACK))


def check_paths(
    paths: Sequence[Path],
    law: Regulation,
    declared: int | None,
    jobs: int,
    silent_s: float = SILENT_S,
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Verdict]:
    """Judge every file, in the order given; an unreadable one is an error among the verdicts and the rest go on.

    In a folder, files that are no pictures or PDFs are passed over, and single pictures are one sequence for
    duplicates. ``jobs`` files are looked at at the same time, in processes of their own; they are judged here. A file
    of which nothing is heard for ``silent_s`` seconds is given up.
    """
    total = 0
    seen = _Seen()
    for outcome in spread(partial(_look, clock=clock), files_in(paths), jobs, silent_s):
        if isinstance(outcome, DeskError):
            yield outcome
            continue
        verdict = _judge(outcome, law)
        total += len(verdict.pages)
        verdict = _mark_through(verdict, seen.last[-1] if seen.last else None, law)
        yield _mark_duplicates(verdict, tuple(page.fingerprint for page in outcome.pages), seen, law)
    if declared is not None:
        yield CountVerdict(total, declared, check_count(declared, total, law))


def files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files that will be judged, in order: those named, and in folders the pictures and PDFs."""
    for path in paths:
        if path.is_dir():
            yield from (f for f in sorted(path.rglob("*")) if f.is_file() and is_picture_or_pdf(f))
        else:
            yield path


def _look(file: Path, alive: Callable[[], None], clock: Callable[[], float]) -> _LookedAt | DeskError:
    """Everything that is read off one file; no law yet, so that it can be done anywhere."""
    try:
        if not file.is_file():
            raise error("file.not_found", file=str(file))
        facts = open_file(file)
        pages: list[_LookedAtPage] = []
        for page in facts.pages:
            started = clock()
            if min(page.pixels.shape[:2]) < LEAST_SIDE:
                raise error("image.too_small", f"{page.pixels.shape[1]}x{page.pixels.shape[0]}", file=str(file))
            measures = _measure(page)
            fingerprint = hashlib.sha256(np.ascontiguousarray(page.pixels).data).digest()[:_PRINT]
            pages.append(_LookedAtPage(page.number, measures, fingerprint, round((clock() - started) * 1000)))
            alive()
        return _LookedAt(file, tuple(pages), replace(facts, pages=_AlreadyRead()))
    except DeskError as problem:
        problem.facts["file"] = str(file)
        return problem
    except MemoryError:
        return error("image.too_big", "MemoryError", file=str(file))


def _judge(looked: _LookedAt, law: Regulation) -> FileVerdict:
    facts = looked.facts
    pages = tuple(
        PageVerdict(looked.file, page.number, page.measures, check_page(page.measures, law), None, page.ms)
        for page in looked.pages
    )
    if facts.pdf_version is None:
        return FileVerdict(looked.file, pages, ())
    whole = check_pdf(facts.pdf_version, facts.encrypted, law, size=facts.size)
    return FileVerdict(looked.file, pages, whole, facts.pdf_version, facts.pdfa, facts.signed, facts.encrypted)


def _measure(page: FilePage) -> PageMeasures:
    return measure_page(
        page.pixels, dpi=page.dpi, sheet_mm=page.sheet_mm, bilevel=page.bilevel, dpi_source=page.dpi_source
    )


def _mark_duplicates(verdict: FileVerdict, prints: tuple[bytes, ...], seen: _Seen, law: Regulation) -> FileVerdict:
    pages: list[PageVerdict] = []
    for page, mark in zip(verdict.pages, prints, strict=True):
        here = (page.file, page.number)
        first = seen.pages.setdefault(mark, here)
        if first == here:
            first = _same_sheet(page, seen.last, law) or here
        pages.append(page if first == here else replace(page, duplicate_of=first))
        seen.last.append(page)
    return replace(verdict, pages=tuple(pages))


def _mark_through(verdict: FileVerdict, before: PageVerdict | None, law: Regulation) -> FileVerdict:
    """Near-blank pages that show the seal of the page beside them and nothing else; the one before may be of another
    file, for a scanner may write one file for each side."""
    row = (before, *verdict.pages, None)
    pages: list[PageVerdict] = []
    for place, page in enumerate(verdict.pages, start=1):
        beside = [other for other in (row[place - 1], row[place + 1]) if other is not None]
        through = next((other for other in beside if _is_through(page, other, law)), None)
        pages.append(page if through is None else replace(page, show_through_of=(through.file, through.number)))
    return replace(verdict, pages=tuple(pages))


def _is_through(page: PageVerdict, other: PageVerdict, law: Regulation) -> bool:
    limit = law.component["show_through"]
    found = shown_through(page.measures, other.measures)
    return found is not None and limit.beats(*found)


def _same_sheet(page: PageVerdict, last: Iterable[PageVerdict], law: Regulation) -> tuple[Path, int] | None:
    """The earliest of the last pages that shows the same sheet."""
    limit = law.component["duplicate_page"].max
    for earlier in last:
        same = same_sheet(page.measures, earlier.measures)
        if same is not None and limit is not None and same > limit:
            return earlier.file, earlier.number
    return None
