# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The machine's findings beside the supervisor's: what both saw, what only one of them did.

Apart from judging because it may be asked only for pages that were judged: until then the machine's word is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.review import LotPage
from digitizer_desk.rules.sampling import Fault, Scheme


@dataclass(frozen=True, slots=True)
class Agreement:
    """One fault over all judged pages: how many pages both found it on, the machine alone, the human alone."""

    fault: Fault
    both: int
    only_machine: int
    only_human: int


def compare(scheme: Scheme, pages: Iterable[LotPage]) -> tuple[Agreement, ...]:
    """A row for each fault of the scheme, over the pages that were judged.

    The human names one fault a page, its worst. So a fault the machine found beside another one the human named counts
    as the machine's alone only where the human called the page good or named a fault the machine did not see.
    """
    judged = [(one.judgement.fault, _machine(scheme, one)) for one in pages if one.judgement is not None]
    rows = []
    for fault in scheme.faults:
        both = sum(said == fault.id and fault.id in found for said, found in judged)
        machine = sum(said != fault.id and fault.id in found and said not in found for said, found in judged)
        human = sum(said == fault.id and fault.id not in found for said, found in judged)
        rows.append(Agreement(fault, both, machine, human))
    return tuple(rows)


def _machine(scheme: Scheme, page: LotPage) -> frozenset[str]:
    """Faults the machine's findings amount to; what is only told (info) is none."""
    words = {finding.word for finding in page.page.findings if finding.severity is not Severity.INFO}
    return frozenset(fault.id for fault in scheme.faults if words & fault.findings)
