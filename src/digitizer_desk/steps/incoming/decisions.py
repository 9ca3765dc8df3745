# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the province decided about delivered documents: fetched to the end, applied once, in its order."""

from __future__ import annotations

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.decision import Decision
from digitizer_desk.province.incoming.reading import Decided, reading_of
from digitizer_desk.province.link import Later

#: pages of one round; a desk that was away for a year goes on in the next
_MOST_PAGES = 50


def fetch(desk: Desk) -> str:
    """Fetch and keep what is new. Returns '' or the code of what was in the way; what came before it is kept.

    Raises:
        DeskError: ``store.*``.
    """
    reading = reading_of(desk.link)
    for _page in range(_MOST_PAGES):
        mark = desk.cabinet.decisions.mark()
        answer = reading.decisions(mark)
        if isinstance(answer, Later) and answer.code == "province.rejected" and mark:
            # a mark of another province, or one that was forgotten there: what is known already does no harm
            answer = reading.decisions("")
        if not isinstance(answer, Decided):
            return answer.code
        desk.cabinet.decisions.keep(answer.decisions, answer.mark, desk.clock())
        if not answer.more:
            break
    return ""


def apply(desk: Desk) -> tuple[Decision, ...]:
    """Apply what is kept; those that changed a dossier here. Needs no network: a decision may have waited for its
    receipt.

    Raises:
        DeskError: ``store.*``.
    """
    return desk.cabinet.decisions.apply(desk.clock())
