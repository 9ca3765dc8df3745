# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A province's addition on top of a regulation: it may only make things stricter.

Apart from ``load.py`` because "stricter" is a judgement of its own, key by key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.rules.regulation import DeskRule, FieldRule, FormRule, Limit, Reason, Regulation, ScanRule
from digitizer_desk.rules.schema import AdditionFile, DeskChange, LimitChange, ScanChange

_WEIGHT = {Severity.INFO: 0, Severity.WARNING: 1, Severity.FAULT: 2}
#: which way is stricter: 1 = more, -1 = less
_DESK = {
    "lock_minutes": -1,
    "token_idle_minutes": -1,
    "password_least": 1,
    "tries_before_pause": -1,
    "pause_minutes": 1,
}


class Looser(Exception):
    """The addition loosens, or names what the regulation does not have. ``where`` is the key."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


def add(base: Regulation, addition: AdditionFile) -> Regulation:
    """The regulation with the addition in it, under an id of its own so that old dossiers keep their law.

    Raises:
        Looser: something is looser than in ``base``, or not there.
    """
    file = _limits("file", base.file, addition.file)
    size = file["file_size"].max
    scale = file["scale"].max
    assert size is not None
    assert scale is not None
    return replace(
        base,
        id=f"{base.id}+{addition.id}",
        title=f"{base.title}; {addition.title}",
        in_force_from=max(base.in_force_from, addition.in_force_from),
        note=addition.note or base.note,
        optional=False,
        page=_limits("page", base.page, addition.page),
        component=_limits("component", base.component, addition.component),
        file=file,
        pdf=replace(
            base.pdf,
            size_budget_bytes=int(size),
            box_tolerance=scale,
            preset=addition.pdf.preset if addition.pdf else base.pdf.preset,
        ),
        scan=_scan(base.scan, addition.scan),
        code=base.code
        if addition.code is None
        else replace(base.code, keep_leading_dot=addition.code.keep_leading_dot, source=addition.code.source),
        desk=_desk(base.desk, addition.desk),
        fields=_fields(base.fields, addition),
        forms=_forms(base.forms, addition.refuse_forms, addition.title),
        left_out_reasons=_without(base, addition.drop_left_out),
    )


def _limits(table: str, base: Mapping[str, Limit], changes: Mapping[str, LimitChange]) -> Mapping[str, Limit]:
    limits = dict(base)
    for name, change in changes.items():
        if name not in base:
            raise Looser(f"[{table}.{name}]", "no such limit")
        limits[name] = _limit(f"[{table}.{name}]", base[name], change)
    return MappingProxyType(limits)


def _limit(where: str, old: Limit, change: LimitChange) -> Limit:
    new = replace(
        old,
        severity=Severity(change.severity) if change.severity else old.severity,
        min=_moved(f"{where} min", old.min, change.min, 1),
        max=_moved(f"{where} max", old.max, change.max, -1),
        tolerance=_moved(f"{where} tolerance", old.tolerance, change.tolerance, -1) or 0.0,
        keep_allowed=old.keep_allowed if change.keep_allowed is None else change.keep_allowed,
        source=change.source,
    )
    if _WEIGHT[new.severity] < _WEIGHT[old.severity]:
        raise Looser(f"{where} severity", "looser")
    if new.keep_allowed and not old.keep_allowed:
        raise Looser(f"{where} keep_allowed", "looser")
    return new


def _moved(where: str, old: float | None, new: float | None, stricter: int) -> float | None:
    if new is None:
        return old
    if old is None:
        raise Looser(where, "no such limit")
    if (new - old) * stricter < 0:
        raise Looser(where, "looser")
    return new


def _scan(old: ScanRule, change: ScanChange | None) -> ScanRule:
    if change is None:
        return old
    dpi = _moved("[scan] dpi", old.dpi, change.dpi, 1)
    least = _moved("[scan] least_dpi", old.least_dpi, change.least_dpi, 1)
    assert dpi is not None
    assert least is not None
    if dpi < least:
        raise Looser("[scan] dpi", "below least_dpi")
    return replace(old, dpi=int(dpi), least_dpi=int(least), law=change.source)


def _desk(old: DeskRule, change: DeskChange | None) -> DeskRule:
    if change is None:
        return old
    moved = {
        name: _moved(f"[desk] {name}", getattr(old, name), getattr(change, name), way) for name, way in _DESK.items()
    }
    return DeskRule(**{name: int(value) for name, value in moved.items() if value is not None})


def _fields(old: tuple[FieldRule, ...], addition: AdditionFile) -> tuple[FieldRule, ...]:
    wanted = {change.name: change for change in addition.fields}
    unknown = set(wanted) - {rule.name for rule in old if not rule.instead_of}
    if unknown:
        raise Looser(f"[fields] {min(unknown)}", "no such field of its own")
    return tuple(
        replace(rule, required=True, source=wanted[rule.name].source) if rule.name in wanted else rule for rule in old
    )


def _forms(old: tuple[FormRule, ...], refused: list[str], title: str) -> tuple[FormRule, ...]:
    unknown = set(refused) - {form.id for form in old}
    if unknown:
        raise Looser(f"refuse_forms {min(unknown)}", "no such form")
    return tuple(
        replace(form, may_scan=False, reason=title, source=title) if form.id in refused and form.may_scan else form
        for form in old
    )


def _without(base: Regulation, dropped: list[str]) -> tuple[Reason, ...]:
    unknown = set(dropped) - {reason.id for reason in base.left_out_reasons}
    if unknown:
        raise Looser(f"drop_left_out {min(unknown)}", "no such reason")
    return tuple(reason for reason in base.left_out_reasons if reason.id not in dropped)
