# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reading at OpenCPS: the dossiers to do at this counter and the parts of their templates, from facts about its source.

Apart from ``opencps.py``, which delivers. A list of one may come as the row itself; 203 is "not signed in".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from digitizer_desk.dossier.incoming.waiting import WaitingDossier, WaitingPart
from digitizer_desk.dossier.model import Channel
from digitizer_desk.province.incoming.reading import Listed, Reading, Unchanged
from digitizer_desk.province.link import Later
from digitizer_desk.province.profile import Codes
from digitizer_desk.province.replies import tidy_words
from digitizer_desk.province.systems.listing import AT_ONCE, MOST_PAGES, code_of, errand, listed, owner_of
from digitizer_desk.province.systems.talk import Talk, read_json, rows_of
from digitizer_desk.province.wire import Answer

#: ``partType``: a paper that is handed in
_INPUT = 1


class OpenCpsReading(Reading):
    """``good`` passes an answer that is one; ``known`` holds the parts of templates seen before."""

    def __init__(
        self,
        talk: Talk,
        codes: Codes,
        good: Callable[[Answer], Answer],
        time_of: Callable[[Any], datetime | None],
        known: dict[str, tuple[WaitingPart, ...]],
    ) -> None:
        self._talk, self._good, self._time, self._known = talk, good, time_of, known
        self._ours = {theirs: ours for ours, theirs in codes.components.items()}
        self._procedures = {theirs: ours for ours, theirs in codes.procedures.items()}

    def waiting(self, mark: str) -> Listed | Unchanged | Later:
        def ask() -> Listed | Unchanged:
            with self._talk.wire.conversation():
                found = listed([self._dossier(row) for row in self._rows() if row.get("dossierNo")])
            return Unchanged() if found.mark == mark else found

        return errand(ask)

    def _rows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(MOST_PAGES):
            query = urlencode({"start": page * AT_ONCE, "end": (page + 1) * AT_ONCE})
            rows = rows_of(read_json(self._good(self._talk.ask("GET", f"/dossiers/todo?{query}"))))
            found += rows
            if len(rows) < AT_ONCE:
                break
        return found

    def _dossier(self, row: dict[str, Any]) -> WaitingDossier | None:
        code = code_of(row["dossierNo"])
        if not code:
            return None
        service = tidy_words(str(row.get("serviceCode") or ""))
        return WaitingDossier(
            code=code,
            procedure=self._procedures.get(service, service),
            procedure_title=tidy_words(str(row.get("serviceName") or "")),
            applicant=owner_of(row.get("applicantName"), row.get("applicantIdNo")),
            channel=Channel.ELECTRONIC if row.get("online") is True else Channel.PAPER,
            came_at=self._time(row.get("receiveDate")),
            parts=self._parts(str(row.get("dossierTemplateNo") or "")),
        )

    def _parts(self, template: str) -> tuple[WaitingPart, ...]:
        """What is handed in by a template; asked once while the desk is open."""
        if not template:
            return ()
        if template not in self._known:
            answer = self._good(self._talk.ask("GET", f"/dossiertemplates/{quote(template, safe='')}/parts"))
            self._known[template] = tuple(
                WaitingPart(
                    self._ours.get(number, number),
                    tidy_words(str(row.get("partName") or number)),
                    row.get("required") is True,
                    tidy_words(str(row.get("fileTemplateNo") or "")),
                )
                for row in rows_of(read_json(answer))
                if row.get("partType") == _INPUT and (number := tidy_words(str(row.get("partNo") or "")))
            )
        return self._known[template]
