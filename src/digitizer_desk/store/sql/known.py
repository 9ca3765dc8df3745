# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The pages of the dossier that was read last, each beside the row it was made of.

Apart from reading because a dossier is read after every act of a clerk, and an act changes one page of hundreds: a row
that is to the letter what it was makes no second page. Nothing is trusted that was not read again, and nothing is kept
of a dossier once another one has been read.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from digitizer_desk.dossier.model import Page
from digitizer_desk.store.sql.values import PLACE_COLUMNS, page_of


class KnownPages:
    """Any thread: what two of them read at once is kept of one of them."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[tuple[Any, ...], Page]] = {}

    def pages(self, rows: Iterable[Any]) -> list[tuple[str, Page]]:
        """(id of the component, page) of rows of ``values.page_query``, in their order."""
        known, now, found = self._made, dict[str, tuple[tuple[Any, ...], Page]](), list[tuple[str, Page]]()
        for row in rows:
            read = row[PLACE_COLUMNS:]  # a page that only moved is the same page
            kept = known.get(row.id)
            if kept is None or kept[0] != read:
                kept = (read, page_of(row))
            now[row.id] = kept
            found.append((row.component_id, kept[1]))
        self._made = now
        return found
