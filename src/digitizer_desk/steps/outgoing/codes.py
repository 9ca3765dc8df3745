# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which codes of ours a province's tables should list and do not: known before a parcel is held for it.

Apart from sending because IT asks it when a profile is written, long before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.province.profile import Codes, Table
from digitizer_desk.province.systems.talk import codes_in, missing

_THROUGH = (ParcelState.ACCEPTED, ParcelState.SUPERSEDED)


def unmapped(desk: Desk, codes: Codes) -> tuple[str, ...]:
    """Codes of the procedures this office has, of its own, and of what waits, without one at the province, as a person
    reads them. Procedures that are only examples do not count."""
    if not codes.complete:
        return ()
    found = {one: None for named in _named(desk) for one in missing(codes, named)}
    return tuple(sorted(found))


def _named(desk: Desk) -> Iterator[Mapping[Table, str]]:
    yield {"units": desk.settings.unit.code}
    for procedure in desk.rulebook.procedures:
        if not procedure.example:
            yield {"procedures": procedure.code}
            for component in procedure.components:
                yield {"components": component.code, "papers": component.paper_type}
    for parcel in desk.cabinet.outbox.all():
        if parcel.state not in _THROUGH:
            yield codes_in(parcel.body)
