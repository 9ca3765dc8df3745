# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reading at TD.DichVuCongApi: its queue of dossiers to digitise and its store of papers, from facts about its source.

Apart from ``td.py``, which delivers. Names of the queue's columns beside the code are those its messages to the
national portal have; one that is missing is left empty and typed at the desk. Its look-up takes the owner's number in
the address.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from digitizer_desk.dossier.incoming.reuse import PaperSource, PaperState, Reusable
from digitizer_desk.dossier.incoming.waiting import WaitingDossier, WaitingPart
from digitizer_desk.dossier.model import VIETNAM, Channel
from digitizer_desk.province.incoming.reading import Listed, Reading, ReuseTaken, Unchanged
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.province.profile import Codes
from digitizer_desk.province.replies import tidy_words
from digitizer_desk.province.systems.listing import AT_ONCE, MOST_PAGES, code_of, errand, listed, owner_of
from digitizer_desk.province.systems.talk import Stop, Talk, rows_of
from digitizer_desk.province.wire import Answer

_JSON = "application/json"
#: ``trangThaiSoHoa``: used again, from a component or a result of another dossier
_REUSED = {PaperSource.COMPONENT.value: 2, PaperSource.RESULT.value: 3}
_ONLINE = "2"
#: components asked for in one look; the others come in the next, their dossiers are listed at once
_PARTS_AT_ONCE = 40

Good = Callable[[Answer, int], dict[str, Any]]


class TdReading(Reading):
    """``good`` is what ``td.py`` takes for a success; ``known`` holds components of dossiers seen before."""

    def __init__(self, talk: Talk, codes: Codes, good: Good, known: dict[str, tuple[WaitingPart, ...]]) -> None:
        self._talk, self._good, self._known = talk, good, known
        self._ours = {theirs: ours for ours, theirs in codes.components.items()}
        self._theirs = codes.components
        self._procedures = {theirs: ours for ours, theirs in codes.procedures.items()}

    def waiting(self, mark: str) -> Listed | Unchanged | Later:
        def ask() -> Listed | Unchanged:
            with self._talk.wire.conversation():
                rows = [row for row in self._queue() if row.get("maHoSo")]
                self._learn_parts([str(row["maHoSo"]) for row in rows])
            found = listed([self._dossier(row) for row in rows])
            return Unchanged() if found.mark == mark else found

        return errand(ask)

    def _queue(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in range(1, MOST_PAGES + 1):
            query = urlencode({"TrangThaiSoHoa": 1, "PageNumber": page, "PageSize": AT_ONCE})
            told = self._good(self._talk.ask("GET", f"/api/v1/hosos/ChamSoHoa?{query}"), 0)
            found += rows_of(told)
            last = told.get("totalPages")
            if not isinstance(last, int) or page >= last:
                break
        return found

    def _learn_parts(self, codes: list[str]) -> None:
        """Ask for the components of dossiers not seen before: one question each, so not all at once."""
        for gone in set(self._known) - set(codes):
            del self._known[gone]
        for code in [one for one in codes if one not in self._known][:_PARTS_AT_ONCE]:
            self._known[code] = tuple(
                WaitingPart(self._ours.get(kind, kind), tidy_words(str(row.get("ten") or kind)))
                for row in self._parts(code)
                if (kind := tidy_words(str(row.get("maGiayTo") or "")))
            )

    def _parts(self, code: str) -> list[dict[str, Any]]:
        query = urlencode({"HoSo": code, "PageNumber": 1, "PageSize": 500})
        return rows_of(self._good(self._talk.ask("GET", f"/api/v1/thanhphanhosos?{query}"), 0))

    def _dossier(self, row: dict[str, Any]) -> WaitingDossier | None:
        code = code_of(row["maHoSo"])
        if not code:
            return None
        procedure = tidy_words(str(row.get("maTTHC") or ""))
        return WaitingDossier(
            code=code,
            procedure=self._procedures.get(procedure, procedure),
            procedure_title=tidy_words(str(row.get("tenTTHC") or "")),
            applicant=owner_of(row.get("chuHoSo"), row.get("soGiayToChuHoSo")),
            channel=Channel.ELECTRONIC if str(row.get("kenhThucHien") or "") == _ONLINE else Channel.PAPER,
            came_at=_moment(row.get("ngayTiepNhan")),
            parts=self._known.get(str(row["maHoSo"]), ()),
        )

    # -- the store ----------------------------------------------------------------------------------------------------

    def papers(self, owner: str) -> tuple[Reusable, ...] | Later:
        def ask() -> tuple[Reusable, ...]:
            query = urlencode({"MaDinhDanh": owner, "PageNumber": 1, "PageSize": AT_ONCE})
            with self._talk.wire.conversation():
                told = self._good(self._talk.ask("GET", f"/api/v1/giaytosohoas?{query}"), 0)
            # its filter is not ours to trust: another owner's paper is never shown
            mine = [row for row in rows_of(told) if row.get("maDinhDanh") == owner and row.get("dinhKem")]
            return tuple(_paper(row) for row in mine)

        return errand(ask)

    def tell_reuse(self, reuse_id: str, body: str) -> ReuseTaken | Rejected | Later:
        try:
            with self._talk.wire.conversation():
                return self._tell(json.loads(body))
        except Stop as stop:
            return stop.reply

    def _tell(self, told: dict[str, Any]) -> ReuseTaken:
        """Name the stored file in its component. Looked at first: to say it twice is to say it once."""
        dossier, paper = told["dossier"]["code"], told["paper"]
        kind = self._theirs.get(told["component"]["code"], told["component"]["code"])
        found = [row for row in self._parts(dossier) if row.get("maGiayTo") == kind and row.get("id")]
        if len(found) != 1:
            raise Stop(Rejected("province.dossier_unknown", ""))
        component, state = found[0], _REUSED[paper["source"]]
        lies = str(component.get("dinhKem") or "")
        if lies and lies != paper["reference"]:
            raise Stop(Rejected("province.conflict", tidy_words(lies.rpartition("/")[2])))
        if not lies or component.get("trangThaiSoHoa") != state:
            row = {
                "id": component["id"],
                "ten": component.get("ten"),
                "dinhKem": paper["reference"],
                "trangThaiSoHoa": state,
            }
            body = json.dumps({"saveAndForward": False, "thanhPhanHoSos": [row]}, ensure_ascii=False).encode()
            path = f"/api/v1/hosos/ChamSoHoa/TiepNhan/{quote(self._id_of(dossier), safe='')}"
            self._good(self._talk.ask("PUT", path, body=body, media=_JSON, takes_effect=True), 0)
        return ReuseTaken(paper["code"] or str(component["id"]))

    def _id_of(self, dossier: str) -> str:
        for state in (1, 2):
            query = urlencode({"TrangThaiSoHoa": state, "MaHoSo": dossier, "PageNumber": 1, "PageSize": 10})
            told = self._good(self._talk.ask("GET", f"/api/v1/hosos/ChamSoHoa?{query}"), 0)
            for row in rows_of(told):
                if row.get("maHoSo") == dossier and row.get("id"):
                    return str(row["id"])
        raise Stop(Rejected("province.dossier_unknown", ""))


def _paper(row: dict[str, Any]) -> Reusable:
    def words(name: str) -> str:
        return tidy_words(str(row.get(name) or ""))

    ends = None if row.get("thoiHanVinhVien") is True else _day(row.get("thoiHanHieuLuc"))
    return Reusable(
        reference=str(row["dinhKem"]),
        title=words("ten") or words("maGiayTo"),
        kind=words("maGiayTo"),
        number=words("soKyHieu"),
        issued=_day(row.get("ngayBanHanh")),
        issuer=words("coQuanBanHanh"),
        code=words("ma"),
        expires=ends,
        state=PaperState.VALID,
        source=PaperSource.RESULT if str(row.get("loaiSoHoa")) == "1" else PaperSource.COMPONENT,
    )


def _moment(told: object) -> datetime | None:
    """An ISO time of .NET; without a zone it is Vietnam's. Year 1 is how it writes "not set"."""
    try:
        found = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    if not MINYEAR < found.year < MAXYEAR:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=VIETNAM)


def _day(told: object) -> date | None:
    found = _moment(told)
    return found.astimezone(VIETNAM).date() if found is not None else None
