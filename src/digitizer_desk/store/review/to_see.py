# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossiers a page of which somebody has still to look at: in a lot without a verdict, in a refused one, or sent back.

Apart from the lots because letting copies leave asks it, and must ask nothing else of a review.
"""

from __future__ import annotations

from sqlalchemy import Connection, exists, or_, select

from digitizer_desk.dossier.review import Verdict
from digitizer_desk.store.sql.returns import open_returns
from digitizer_desk.store.sql.schema import components, judgements, lot_pages, lots


def to_be_seen(connection: Connection) -> frozenset[str]:
    """Ids of these dossiers. A refused lot is looked at page by page: the pages of it that were not judged count."""
    judged = exists().where(
        judgements.c.lot_id == lot_pages.c.lot_id,
        judgements.c.page_id == lot_pages.c.page_id,
        judgements.c.version == lot_pages.c.version,
        judgements.c.taken_back.is_(False),
    )
    waits = or_(lots.c.verdict == Verdict.OPEN.value, (lots.c.verdict == Verdict.REFUSED.value) & ~judged)
    query = (
        select(components.c.dossier_id)
        .join(lot_pages, lot_pages.c.component_id == components.c.id)
        .join(lots, lots.c.id == lot_pages.c.lot_id)
        .where(waits)
        .distinct()
    )
    back = {one.page.component_id for one in open_returns(connection)}
    returned = select(components.c.dossier_id).where(components.c.id.in_(back)).distinct()
    return frozenset(connection.scalars(query)) | frozenset(connection.scalars(returned) if back else ())
