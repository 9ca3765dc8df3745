# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Work types ("loại việc quét"): how a kind of paper is scanned, read from files and held to the law.

Apart from ``load.py`` because a work type is the office's convenience, not law: the law only sets its limits. A file
that breaks one is left out and told, and the counter goes on working with the others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from digitizer_desk.dossier.batch import Turned
from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.rules.schema import Id, Length, Positive, Strict, Text

#: colour modes from least to most, as the scanner and as the law say them
_MODES = ("bw", "gray", "color")
_LAW_COLOURS: Mapping[str, str] = MappingProxyType({"bilevel": "bw", "grey": "gray", "colour": "color"})


class _File(Strict):
    """How a file of ``worktypes`` is written."""

    schema_: Literal[1] = Field(alias="schema")
    id: Id
    name: Text
    note: str = ""
    key: Annotated[str, Field(pattern=r"^[1-9]$")] = ""
    source: Literal["flatbed", "feeder", "feeder-duplex"] | None = None
    turn_by_hand: Literal["no", "reversed", "same"] = "no"
    mode: Literal["color", "gray", "bw"] | None = None
    dpi: Positive | None = None
    sheet_mm: Annotated[list[Length], Field(min_length=2, max_length=2)] | None = None
    auto_length: bool = False
    backing: Literal["driver", "black", "white"] = "driver"
    keep_background: bool = True
    double_feed_stop: bool = True
    overscan: bool = False
    sides: Positive | None = None
    papers: list[Text] = Field(default_factory=list)
    results: bool = False


@dataclass(frozen=True, slots=True)
class WorkType:
    """One way of scanning. None means: as the desk is set, then as the law says.

    ``key`` is the digit that chooses it in the list ('' = none); ``source`` and ``mode`` in the scanner's words;
    ``turned`` how the clerk turns the stack over between fronts and backs, None where the scanner sees both sides or
    one is enough; ``sheet_mm`` (width, height) in mm; ``sides`` a paper of this kind usually has; ``papers`` the paper
    types it is the first choice for, ``results`` says that results of procedures are.
    """

    id: str
    name: str
    note: str = ""
    key: str = ""
    source: str | None = None
    turned: Turned | None = None
    mode: str | None = None
    dpi: int | None = None
    sheet_mm: tuple[float, float] | None = None
    auto_length: bool = False
    backing: str = "driver"
    keep_background: bool = True
    double_feed_stop: bool = True
    overscan: bool = False
    sides: int | None = None
    papers: tuple[str, ...] = ()
    results: bool = False


#: what is scanned with when no file can be read: all as the desk is set
PLAIN = WorkType("", "Như cài đặt của bàn")


@dataclass(frozen=True, slots=True)
class Once:
    """What the clerk changes for the next batch only ("chỉ lần này"); None = as the work type says."""

    source: str | None = None
    dpi: int | None = None
    sheet_mm: tuple[float, float] | None = None
    double_feed_stop: bool | None = None

    @property
    def changes(self) -> bool:
        return self != Once()

    def on(self, work_type: WorkType) -> WorkType:
        """The work type as it is for this batch; the one in the file stays as it was."""
        given = {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) is not None}
        if self.source is not None and work_type.turned is not None:
            given["turned"] = None  # another way in is not a stack turned by hand
        return replace(work_type, **given)


@dataclass(frozen=True, slots=True)
class WorkTypes:
    """All work types of this desk, those with a key first, and the files that were refused, each with its reason."""

    all: tuple[WorkType, ...] = ()
    refused: tuple[DeskError, ...] = ()
    _by_id: Mapping[str, WorkType] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, work_type_id: str | None) -> WorkType | None:
        """The work type with this id, or None."""
        return self._by_id.get(work_type_id or "")

    def for_paper(self, paper_type: str) -> WorkType | None:
        """The work type that names this paper type as its own."""
        return next((t for t in self.all if paper_type and paper_type in t.papers), None)

    @property
    def for_results(self) -> WorkType | None:
        """The work type results of procedures are scanned with."""
        return next((t for t in self.all if t.results), None)

    @property
    def first(self) -> WorkType:
        """What is used where nothing else is chosen."""
        return self.all[0] if self.all else PLAIN


def load_work_types(folders: Sequence[Path], laws: Sequence[Regulation]) -> WorkTypes:
    """Read every ``*.toml`` of these folders, built-in first: a site's file of the same id replaces the built-in one.

    ``laws`` are the regulations a dossier may be scanned under: the strictest binds.
    """
    found: dict[str, WorkType] = {}
    keys: dict[str, str] = {}
    refused: list[DeskError] = []
    for folder in folders:
        here: set[str] = set()
        for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                made = read_work_type(file, laws)
                if made.id in here:
                    raise _refused(file, "id", "trùng với tệp khác trong thư mục")
                if keys.get(made.key, made.id) != made.id:
                    raise _refused(file, "key", f"phím {made.key} đã dùng cho «{found[keys[made.key]].name}»")
            except DeskError as problem:
                refused.append(problem)
                continue
            here.add(made.id)
            found[made.id] = made
            keys = {t.key: t.id for t in found.values() if t.key}
    ordered = sorted(found.values(), key=lambda t: (not t.key, t.key, t.name))
    return WorkTypes(tuple(ordered), tuple(refused), MappingProxyType(found))


def read_work_type(file: Path, laws: Sequence[Regulation]) -> WorkType:
    """Read one file.

    Raises:
        DeskError: ``rules.work_type_refused`` with the file, the key in it and the reason.
    """
    try:
        raw = _File.model_validate(tomllib.loads(nfc(file.read_bytes().decode("utf-8-sig"))))
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        why = "không có khóa này" if first["type"] == "extra_forbidden" else "giá trị không đúng"
        raise _refused(file, ".".join(str(part) for part in first["loc"]) or "toàn tệp", why) from problem
    except (OSError, ValueError) as problem:
        raise _refused(file, "toàn tệp", "không đọc được TOML") from problem
    given = raw.model_dump(exclude={"schema_", "turn_by_hand"})
    turned = None if raw.turn_by_hand == "no" else Turned(raw.turn_by_hand)
    sheet = (raw.sheet_mm[0], raw.sheet_mm[1]) if raw.sheet_mm else None
    made = WorkType(**{**given, "turned": turned, "sheet_mm": sheet, "papers": tuple(raw.papers)})
    if turned is not None and made.source not in (None, "feeder"):
        raise _refused(file, "turn_by_hand", 'chỉ dùng với khay nạp một mặt (source = "feeder")')
    for law in laws:
        broken = breach(made, law)
        if broken is not None:
            raise _refused(file, *broken)
    return made


def breach(work_type: WorkType, law: Regulation) -> tuple[str, str] | None:
    """The key of a work type that goes below the law, and why; None when it keeps to it."""
    if work_type.dpi is not None and work_type.dpi < law.scan.least_dpi:
        return "dpi", f"{work_type.dpi} dpi, quy định từ {law.scan.least_dpi}"
    least = _LAW_COLOURS[str(law.page["colour"].value)]
    if work_type.mode is not None and _MODES.index(work_type.mode) < _MODES.index(least):
        return "mode", "quy định phải quét màu" if least == "color" else "quy định không cho đen trắng"
    return None


def _refused(file: Path, where: str, why: str) -> DeskError:
    return error("rules.work_type_refused", file=file.name, where=where, why=why)
