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

from digitizer_desk.dossier.finding import Finding, PageMeasures
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.compare import same_sheet
from digitizer_desk.imaging.intake import FileFacts, FilePage, is_picture_or_pdf, open_file
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.rules.check import check_count, check_page, check_pdf
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.parts.spread import spread


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """One page: ``number`` is 1-based; ``duplicate_of`` names an earlier page with the very same pixels, or one of the
    last few that shows the same sheet; ``ms`` the time it took."""

    file: Path
    number: int
    measures: PageMeasures
    findings: tuple[Finding, ...]
    duplicate_of: tuple[Path, int] | None
    ms: int


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
    clock: Callable[[], float] = time.perf_counter,
) -> Iterator[Verdict]:
    """Judge every file, in the order given; an unreadable one is an error among the verdicts and the rest go on.

    In a folder, files that are no pictures or PDFs are passed over, and single pictures are one sequence for
    duplicates. ``jobs`` files are looked at at the same time, in processes of their own; they are judged here.
    """
    total = 0
    seen = _Seen()
    for outcome in spread(partial(_look, clock=clock), _files(paths), jobs):
        if isinstance(outcome, DeskError):
            yield outcome
            continue
        verdict = _judge(outcome, law)
        total += len(verdict.pages)
        yield _mark_duplicates(verdict, tuple(page.fingerprint for page in outcome.pages), seen, law)
    if declared is not None:
        yield CountVerdict(total, declared, check_count(declared, total, law))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (f for f in sorted(path.rglob("*")) if f.is_file() and is_picture_or_pdf(f))
        else:
            yield path


def _look(file: Path, clock: Callable[[], float]) -> _LookedAt | DeskError:
    """Everything that is read off one file; no law yet, so that it can be done anywhere."""
    try:
        if not file.is_file():
            raise error("file.not_found", file=str(file))
        facts = open_file(file)
        pages: list[_LookedAtPage] = []
        for page in facts.pages:
            started = clock()
            measures = _measure(page)
            fingerprint = hashlib.sha256(page.pixels.tobytes()).digest()
            pages.append(_LookedAtPage(page.number, measures, fingerprint, round((clock() - started) * 1000)))
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


def _same_sheet(page: PageVerdict, last: Iterable[PageVerdict], law: Regulation) -> tuple[Path, int] | None:
    """The earliest of the last pages that shows the same sheet."""
    limit = law.component["duplicate_page"].max
    for earlier in last:
        same = same_sheet(page.measures, earlier.measures)
        if same is not None and limit is not None and same > limit:
            return earlier.file, earlier.number
    return None
