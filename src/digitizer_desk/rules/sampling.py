# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Acceptance sampling as data: how many pages of a lot are looked at, which ones, and what follows from them.

Apart from the regulations because it is a standard of statistics the province chooses, not a law for the clerk. Tables
lie in ``resources/sampling``; the site's file of the same id replaces the built-in one.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator

from digitizer_desk.dossier.review import Level, Verdict
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.schema import Id, Positive, Strict, Text

_Letter = Annotated[str, Field(pattern=r"^[A-Z]$")]
_Count = Annotated[int, Field(ge=0)]
_Table = dict[_Letter, _Count | Literal["down", "up"]]


class _Switching(Strict):
    refused: Positive
    among: Positive
    accepted_in_a_row: Positive
    refused_tightened: Positive


class _LetterRow(Strict):
    letter: _Letter
    up_to: Positive | None = None


class _Class(Strict):
    id: Id
    name: Text
    rule: Literal["refuse", "limit", "count"]


class _Fault(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    key: Annotated[str, Field(pattern=r"^[1-9]$")]
    name: Text
    class_: Id = Field(alias="class")
    mended_by: Literal["page", "pages", "data"]
    asks_note: bool = False
    findings: list[Text] = Field(default_factory=list)


class _File(Strict):
    """How a file of ``sampling`` is written."""

    schema_: Literal[1] = Field(alias="schema")
    id: Id
    title: Text
    source: Text
    aql: Annotated[float, Field(gt=0)]
    whole_below: Positive
    whole_accept: _Count
    switching: _Switching
    letters: Annotated[list[_LetterRow], Field(min_length=1)]
    sizes: dict[_Letter, Positive]
    normal: _Table
    tightened: _Table
    classes: Annotated[list[_Class], Field(min_length=1)]
    faults: Annotated[list[_Fault], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        limits = [row.up_to for row in self.letters]
        steps = [step for step in limits[:-1] if step is not None]
        if limits[-1] is not None or len(steps) != len(limits) - 1 or steps != sorted(set(steps)):
            raise ValueError("letters: up_to must grow, and only the last letter has none")
        names = [row.letter for row in self.letters]
        sizes = [self.sizes[name] for name in names if name in self.sizes]
        if names != sorted(set(names)) or set(self.sizes) != set(names) or sizes != sorted(set(sizes)):
            raise ValueError("sizes: one for each letter, growing")
        for table in (self.normal, self.tightened):
            if set(table) != set(names):
                raise ValueError("normal, tightened: one entry for each letter")
            numbers = [value for name in names if isinstance(value := table[name], int)]
            if not numbers or numbers != sorted(numbers):
                raise ValueError("normal, tightened: the numbers may not fall")
        kinds = {one.id for one in self.classes}
        if len(kinds) != len(self.classes) or any(fault.class_ not in kinds for fault in self.faults):
            raise ValueError("faults: class")
        for values in ([f.id for f in self.faults], [f.key for f in self.faults]):
            if len(set(values)) != len(values):
                raise ValueError("faults: id and key only once")
        return self


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault a supervisor can name with one key. ``kind`` is its class, ``rule`` what one of it does to the lot:
    refuse, limit or count; ``mended_by`` page, pages or data; ``findings`` words the machine has for the same."""

    id: str
    key: str
    name: str
    kind: str
    kind_name: str
    rule: str
    mended_by: str
    asks_note: bool
    findings: frozenset[str]


@dataclass(frozen=True, slots=True)
class Switching:
    """When the level changes, in lots."""

    refused: int
    among: int
    accepted_in_a_row: int
    refused_tightened: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Look at ``sample`` pages out of ``size``; more than ``accept`` faults of the limited class refuse the lot."""

    size: int
    sample: int
    accept: int
    level: Level
    letter: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """One set of tables. ``letters``: (most pages, letter), the last without a limit; ``plans``: level and letter ->
    (sample size, accept), arrows already followed."""

    id: str
    title: str
    source: str
    aql: float
    whole_below: int
    whole_accept: int
    switching: Switching
    letters: tuple[tuple[int | None, str], ...]
    plans: Mapping[tuple[Level, str], tuple[int, int]]
    faults: tuple[Fault, ...]

    def fault(self, fault_id: str) -> Fault | None:
        """The fault with this id, or None (an older lot may name one that is gone)."""
        return next((fault for fault in self.faults if fault.id == fault_id), None)

    def plan(self, size: int, level: Level) -> Plan:
        """What to look at in a lot of ``size`` pages.

        Raises:
            ValueError: a lot without a page.
        """
        if size < 1:
            raise ValueError("a lot has at least one page")
        if level is Level.WHOLE or size < self.whole_below:
            return Plan(size, size, self.whole_accept, level, "")
        letter = next(name for most, name in self.letters if most is None or size <= most)
        sample, accept = self.plans[level, letter]
        return Plan(size, min(sample, size), accept, level, letter)

    def verdict(self, plan_accept: int, sample: int, rules: Sequence[str]) -> Verdict:
        """What the judgements so far say: ``rules`` has one entry for each page judged, '' for a good one.

        Refused as soon as that is certain, accepted only when the whole sample was looked at.
        """
        if "refuse" in rules or rules.count("limit") > plan_accept:
            return Verdict.REFUSED
        return Verdict.ACCEPTED if len(rules) >= sample else Verdict.OPEN

    def level_after(self, history: Iterable[tuple[Level, Verdict] | None]) -> Level:
        """The level of the next lot, replayed from the first one.

        Args:
            history: level and verdict of each lot in the order of the verdicts; None where the cause of many refusals
                was found. Lots still open say nothing, nor do lots planned at a level that holds no more.
        """
        now, run = Level.NORMAL, list[Verdict]()
        for step in history:
            if step is None:
                if now is Level.WHOLE:
                    now, run = Level.TIGHTENED, []
                continue
            level, verdict = step
            if level is not now or verdict is Verdict.OPEN:
                continue
            run.append(verdict)
            following = self._next(now, run)
            if following is not now:
                now, run = following, []
        return now

    def _next(self, now: Level, run: Sequence[Verdict]) -> Level:
        rule = self.switching
        if now is Level.NORMAL:
            refused = run[-rule.among :].count(Verdict.REFUSED)
            return Level.TIGHTENED if refused >= rule.refused else now
        if now is Level.TIGHTENED:
            if run.count(Verdict.REFUSED) >= rule.refused_tightened:
                return Level.WHOLE
            last = run[-rule.accepted_in_a_row :]
            good = len(last) == rule.accepted_in_a_row and Verdict.REFUSED not in last
            return Level.NORMAL if good else now
        return now


def draw(seed: str, pages: Iterable[str], count: int) -> tuple[str, ...]:
    """``count`` of these pages at random, in the order in which they are looked at.

    The pages are put in the order of SHA-256 over the UTF-8 text ``seed + "\\n" + page`` and the first ones taken: the
    same on any machine and in any version of Python, whatever order the pages come in, and easily done by an auditor.
    """

    def place(page: str) -> tuple[bytes, str]:
        return hashlib.sha256(f"{seed}\n{page}".encode()).digest(), page

    return tuple(sorted(set(pages), key=place)[:count])


def load_sampling(folders: Sequence[Path], scheme_id: str = "") -> Scheme:
    """Read every ``*.toml`` of these folders, built-in first, and give the one with this id, else the last by name.

    Raises:
        DeskError: ``rules.unreadable`` with the file and the place in it; also when there is none.
    """
    found: dict[str, Scheme] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            scheme = read_sampling(path)
            found[scheme.id] = scheme
    if not found or (scheme_id and scheme_id not in found):
        raise error("rules.unreadable", "no sampling scheme", file=scheme_id or "sampling", where="id")
    return found[scheme_id] if scheme_id else found[max(found)]


def read_sampling(path: Path) -> Scheme:
    """Read one file.

    Raises:
        DeskError: ``rules.unreadable`` with the file and the place in it.
    """
    try:
        raw = _File.model_validate(tomllib.loads(nfc(path.read_bytes().decode("utf-8-sig"))))
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or first["msg"].removeprefix("Value error, ")
        raise _unreadable(path, where) from problem
    except (OSError, ValueError) as problem:
        raise _unreadable(path, "toàn tệp") from problem
    names = [row.letter for row in raw.letters]
    plans: dict[tuple[Level, str], tuple[int, int]] = {}
    for level, table in ((Level.NORMAL, raw.normal), (Level.TIGHTENED, raw.tightened)):
        for name in names:
            plans[level, name] = _follow(path, level, names, table, raw.sizes, name)
    kinds = {one.id: one for one in raw.classes}
    return Scheme(
        id=raw.id,
        title=raw.title,
        source=raw.source,
        aql=raw.aql,
        whole_below=raw.whole_below,
        whole_accept=raw.whole_accept,
        switching=Switching(**raw.switching.model_dump()),
        letters=tuple((row.up_to, row.letter) for row in raw.letters),
        plans=MappingProxyType(plans),
        faults=tuple(_fault(one, kinds[one.class_]) for one in raw.faults),
    )


def _fault(read: _Fault, kind: _Class) -> Fault:
    return Fault(
        id=read.id,
        key=read.key,
        name=read.name,
        kind=kind.id,
        kind_name=kind.name,
        rule=kind.rule,
        mended_by=read.mended_by,
        asks_note=read.asks_note,
        findings=frozenset(read.findings),
    )


def _follow(
    path: Path, level: Level, names: Sequence[str], table: _Table, sizes: Mapping[str, int], name: str
) -> tuple[int, int]:
    """Sample size and accept of a letter, along the arrows to the plan they point at."""
    place, way = names.index(name), table[name]
    while True:
        here = table[names[place]]
        if isinstance(here, int):
            return sizes[names[place]], here
        place += 1 if here == "down" else -1
        if here != way or not 0 <= place < len(names):
            raise _unreadable(path, f"[{level.value}] {name}")


def _unreadable(path: Path, where: str) -> DeskError:
    return error("rules.unreadable", f"{path.name} {where}", file=path.name, where=where)
