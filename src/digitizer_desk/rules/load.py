# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reads the files of the law, strictly, and picks the text in force on a given day (R62).

Apart from the values it makes because reading can fail and judging must not: after loading there is a rulebook that
fits together, or one error with the file and the place in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.text import fold, format_date, nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules import schema
from digitizer_desk.rules.addition import Looser, add
from digitizer_desk.rules.regulation import (
    CodeRule,
    DeskRule,
    FieldRule,
    FormRule,
    Limit,
    MachineRule,
    PdfRule,
    Procedure,
    ProcedureComponent,
    Reason,
    Regulation,
    ScanRule,
    SealRule,
    SignatureRule,
)

_Model = TypeVar("_Model", bound=BaseModel)
_SHORT_CODE = re.compile(r"[0-9]\.[0-9]{6}")


@dataclass(frozen=True, slots=True)
class _Line:
    """One legal text and what provinces added to it, each state with the day it starts."""

    base: Regulation
    states: tuple[Regulation, ...]

    def on(self, day: date) -> Regulation | None:
        started = [state for state in self.states if state.in_force_from <= day]
        return started[-1] if started else None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All regulations and procedures of this desk."""

    procedures: tuple[Procedure, ...]
    _lines: tuple[_Line, ...]
    _by_id: Mapping[str, Regulation]
    _by_code: Mapping[str, Procedure]

    @property
    def regulations(self) -> tuple[Regulation, ...]:
        """Every state of every regulation, optional ones too, by first day."""
        return tuple(sorted(self._by_id.values(), key=lambda r: (r.in_force_from, r.id)))

    def in_force(self, day: date) -> Regulation:
        """The one regulation that judges a dossier received on this day.

        Raises:
            DeskError: ``rules.none_in_force``.
        """
        found = _in_force(self._lines, day)
        if not found:
            raise error("rules.none_in_force", day=format_date(day))
        return found[0]

    def regulation(self, regulation_id: str) -> Regulation:
        """The regulation an old dossier names, or one somebody asks for by id.

        Raises:
            DeskError: ``rules.unreadable`` when its file is not there any more.
        """
        try:
            return self._by_id[regulation_id]
        except KeyError:
            raise error("rules.unreadable", "no such regulation", file=regulation_id, where="id") from None

    def procedure(self, code: str) -> Procedure:
        """The procedure with this mã TTHC; a code with the agency behind it finds the one without.

        Raises:
            DeskError: ``rules.procedure_unknown``.
        """
        tidy = code.strip().upper()
        short = _SHORT_CODE.match(tidy)
        found = self._by_code.get(tidy) or (short and self._by_code.get(short[0]))
        if not found:
            raise error("rules.procedure_unknown", procedure=tidy)
        return found

    def search(self, text: str) -> tuple[Procedure, ...]:
        """Procedures whose code, title or domain holds every word, however the marks and tones are typed."""
        words = fold(text).split()
        return tuple(
            p for p in self.procedures if all(word in fold(f"{p.code} {p.title} {p.domain}") for word in words)
        )


def load_rulebook(
    regulation_folders: Sequence[Path],
    procedure_folders: Sequence[Path],
    packed: Mapping[str, bytes] = MappingProxyType({}),
) -> Rulebook:
    """Read every ``*.toml`` of these folders; a folder that is not there counts as empty.

    Built-in folders first, the site's after them: a site's regulation or procedure of the same id or code replaces the
    built-in one; a file with ``adds_to`` adds to a regulation and may only be stricter. ``packed`` are the files of a
    pack ("regulations/…", "procedures/…"), read as if they lay behind the site's.

    Raises:
        DeskError: ``rules.unreadable`` with the file and the place in it.
    """
    bases: dict[str, tuple[Path, Regulation]] = {}
    additions: list[tuple[Path, schema.AdditionFile]] = []
    for path, raw in _files(regulation_folders) + _packed(packed, "regulations"):
        if "adds_to" in raw:
            additions.append((path, _model(path, raw, schema.AdditionFile)))
        else:
            made = _regulation(_model(path, raw, schema.RegulationFile))
            bases[made.id] = (path, made)
    lines = _lines(bases, additions)
    _no_overlap(lines, bases, additions)
    forms = {form.id for _, regulation in bases.values() for form in regulation.forms}
    procedures: dict[str, Procedure] = {}
    for path, raw in _files(procedure_folders) + _packed(packed, "procedures"):
        procedure = _procedure(path, _model(path, raw, schema.ProcedureFile), forms if bases else None)
        procedures[procedure.code] = procedure
    states = [state for line in lines for state in line.states] + [r for _, r in bases.values()]
    return Rulebook(
        tuple(sorted(procedures.values(), key=lambda p: (fold(p.domain), fold(p.title)))),
        tuple(lines),
        MappingProxyType({state.id: state for state in states}),
        MappingProxyType(procedures),
    )


def _unreadable(path: Path, where: str, detail: str = "") -> DeskError:
    return error("rules.unreadable", f"{path.name} {where} {detail}".strip(), file=path.name, where=where)


def _files(folders: Sequence[Path]) -> list[tuple[Path, dict[str, Any]]]:
    paths = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))]
    return [(path, _read(path)) for path in paths]


def _packed(packed: Mapping[str, bytes], folder: str) -> list[tuple[Path, dict[str, Any]]]:
    names = sorted(name for name in packed if name.startswith(f"{folder}/"))
    return [(Path(name), _parsed(Path(name), packed[name])) for name in names]


def _read(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise _unreadable(path, "", type(problem).__name__) from problem
    return _parsed(path, data)


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise _unreadable(path, "UTF-8") from problem
    try:
        return tomllib.loads(nfc(text).replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as problem:
        place = re.search(r"line (\d+)", str(problem))
        raise _unreadable(path, f"dòng {place[1]}" if place else "cuối tệp") from problem


def _model(path: Path, raw: dict[str, Any], model: type[_Model]) -> _Model:
    try:
        return model.model_validate(raw)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise _unreadable(path, _place(first["loc"]), first["msg"]) from problem


def _place(loc: tuple[int | str, ...]) -> str:
    """("page", "skew", "max") as the file has it: "[page.skew] max"; a list entry by its count from 1."""
    if not loc:
        return "toàn tệp"
    names = [f"{part + 1}" if isinstance(part, int) else part for part in loc]
    return f"[{'.'.join(names[:-1])}] {names[-1]}" if len(names) > 1 else names[0]


def _limit(name: str, read: schema.PlainLimit) -> Limit:
    return Limit(name=name, **{**read.model_dump(), "severity": Severity(read.severity)})


def _limits(table: BaseModel) -> Mapping[str, Limit]:
    return MappingProxyType({name: _limit(name, getattr(table, name)) for name in type(table).model_fields})


def _regulation(read: schema.RegulationFile) -> Regulation:
    scan, file = read.scan, read.file
    return Regulation(
        id=read.id,
        title=read.title,
        in_force_from=read.in_force_from,
        replaces=tuple(read.replaces),
        optional=read.optional,
        note=read.note,
        order=tuple(read.order.component),
        when_granted=tuple(read.order.when_granted),
        forms=tuple(FormRule(**form.model_dump()) for form in read.forms),
        left_out_reasons=tuple(Reason(**reason.model_dump()) for reason in read.left_out),
        keep_reasons=tuple(Reason(**reason.model_dump()) for reason in read.keep),
        fields=tuple(FieldRule(**rule.model_dump()) for rule in read.fields),
        page=_limits(read.page),
        component=_limits(read.component),
        file=_limits(file),
        scan=ScanRule(
            dpi=scan.dpi,
            mode=scan.mode,
            source=scan.feed,
            sheet_mm=(scan.sheet_mm[0], scan.sheet_mm[1]),
            least_dpi=scan.least_dpi,
            law=scan.source,
        ),
        signature=SignatureRule(**read.signature.model_dump()),
        copy_signature=SignatureRule(**read.copy_signature.model_dump()),
        archive_signature=SealRule(**read.archive_signature.model_dump()) if read.archive_signature else None,
        code=CodeRule(**read.code.model_dump()),
        pdf=PdfRule(
            least_version=file.pdf_version.value,
            size_budget_bytes=int(file.file_size.max),
            box_tolerance=file.scale.max,
            source=file.pdf_version.source,
            preset=read.pdf.preset if read.pdf else "archive",
        ),
        machine=MachineRule(**read.machine.model_dump()),
        desk=DeskRule(**read.desk.model_dump(exclude={"source"})),
    )


def _procedure(path: Path, read: schema.ProcedureFile, forms: set[str] | None) -> Procedure:
    for number, part in enumerate(read.component, start=1):
        unknown = set(part.forms) - forms if forms is not None else set()
        if unknown:
            raise _unreadable(path, f"[component.{number}] forms", f"no form {min(unknown)}")
    parts = (ProcedureComponent(**{**p.model_dump(), "forms": tuple(p.forms)}) for p in read.component)
    return Procedure(read.code, read.title, read.domain, read.example, read.note, tuple(parts))


def _lines(
    bases: Mapping[str, tuple[Path, Regulation]], additions: Sequence[tuple[Path, schema.AdditionFile]]
) -> list[_Line]:
    """Each base with its additions piled up by day; an optional base starts with its first addition."""
    states: dict[str, list[Regulation]] = {id_: [] if r.optional else [r] for id_, (_, r) in bases.items()}
    for path, addition in sorted(additions, key=lambda pair: pair[1].in_force_from):
        if addition.adds_to not in bases:
            raise _unreadable(path, "adds_to", "no such regulation")
        line = states[addition.adds_to]
        try:
            state = add(line[-1] if line else bases[addition.adds_to][1], addition)
        except Looser as problem:
            raise _unreadable(path, problem.where, problem.why) from problem
        if line and line[-1].id != addition.adds_to and line[-1].in_force_from == state.in_force_from:
            raise _unreadable(path, "in_force_from", "two additions from the same day")
        line.append(state)
    return [_Line(bases[id_][1], tuple(line)) for id_, line in states.items()]


def _in_force(lines: Sequence[_Line], day: date) -> list[Regulation]:
    """What binds on this day: every line that has started and is replaced by no other started one."""
    started = {line.base.id: state for line in lines if (state := line.on(day)) is not None}
    replaced = {id_ for line in lines if line.base.id in started for id_ in line.base.replaces}
    return [state for id_, state in started.items() if id_ not in replaced]


def _no_overlap(
    lines: Sequence[_Line],
    bases: Mapping[str, tuple[Path, Regulation]],
    additions: Sequence[tuple[Path, schema.AdditionFile]],
) -> None:
    for day in sorted({state.in_force_from for line in lines for state in line.states}):
        binding = _in_force(lines, day)
        if len(binding) > 1:
            last = max(binding, key=lambda state: state.in_force_from)
            chosen_by = {f"{addition.adds_to}+{addition.id}": path for path, addition in additions}
            path = chosen_by.get(last.id) or bases[last.id.partition("+")[0]][0]
            raise _unreadable(path, "in_force_from", f"also in force: {binding[0].id}")
