# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One fact against one limit: the finding, its value and its limit in words with their units.

Apart from the rules that ask because pages, components and files are all judged with these.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitizer_desk.dossier.finding import Finding, Region
from digitizer_desk.rules.regulation import Limit


def least(group: str, limit: Limit, value: float, *, digits: int, region: Region | None = None) -> list[Finding]:
    """A finding when the value is below the limit's least, tolerance taken off."""
    if limit.min is None or value >= limit.min * (1 - limit.tolerance):
        return []
    shown = _unit(_below(value, limit.min, digits), limit.unit)
    return [finding_of(group, limit, shown, f"≥ {_unit(text_of(limit.min, digits), limit.unit)}", region=region)]


def most(
    group: str,
    limit: Limit,
    value: float,
    *,
    digits: int,
    region: Region | None = None,
    facts: tuple[tuple[str, str], ...] = (),
) -> list[Finding]:
    """A finding when the value is above the limit's most."""
    if limit.max is None or value <= limit.max:
        return []
    shown = text_of(value, digits)
    if shown == text_of(limit.max, digits):
        shown = text_of(value, digits + 1)
    allowed = f"≤ {_unit(text_of(limit.max, digits), limit.unit)}"
    return [finding_of(group, limit, _unit(shown, limit.unit), allowed, region=region, facts=facts)]


def _below(value: float, limit: float, digits: int) -> str:
    """The value with so many digits, and one more when rounding would show the limit itself."""
    shown = text_of(value, digits)
    return text_of(value, digits + 1) if shown == text_of(limit, digits) else shown


def text_of(value: float, digits: int) -> str:
    """A number as Vietnamese writes it."""
    return f"{value:.{digits}f}".replace(".", ",")


def _unit(number: str, unit: str) -> str:
    return f"{number}{unit}" if unit in ("", "°") else f"{number} {unit}"


def finding_of(
    group: str,
    limit: Limit,
    value: str,
    allowed: str,
    *,
    region: Region | None = None,
    facts: tuple[tuple[str, str], ...] = (),
) -> Finding:
    """The finding of a limit, with its severity, source and whether the page may be kept."""
    return Finding(
        rule=f"{group}.{limit.name}",
        severity=limit.severity,
        value=value,
        limit=allowed,
        law=limit.source,
        keep_allowed=limit.keep_allowed,
        region=region,
        facts=facts,
    )


def worst_first(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Faults, then warnings, then the rest."""
    order = ("fault", "warning", "info")
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))
