# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The digitizing station's API of TD.DichVuCongApi, from request shapes read in its source; never tried with one.

Its traps, each answered here: every upload makes a new copy, so the component is looked at first; a repeated record
makes a second one, so it is asked for by its file first; only ``succeeded`` true is success, whatever the status; a
component id that was not just read would insert a row.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from digitizer_desk.dossier.incoming.waiting import WaitingPart
from digitizer_desk.dossier.model import VIETNAM, Parcel
from digitizer_desk.province import replies
from digitizer_desk.province.incoming.reading import Reading
from digitizer_desk.province.link import Accepted, Health, Keep, Later, Proof, Rejected, Reply, keep_nothing
from digitizer_desk.province.login import LoginRefused
from digitizer_desk.province.profile import Profile
from digitizer_desk.province.systems.talk import (
    Clock,
    Paper,
    Stop,
    Talk,
    clock_of,
    form_of,
    needs_login,
    paper_of,
    parsed,
    rows_of,
    scaled,
    settling,
    unaltered,
)
from digitizer_desk.province.systems.td_reading import TdReading
from digitizer_desk.province.trail import Step, Trail
from digitizer_desk.province.trail import read as read_trail
from digitizer_desk.province.wire import Answer, NoAnswer, Progress, Trouble, Wire

NAME = "td"
_JSON = "application/json"
#: several files of one component, in its ``dinhKem``
_JOIN = "##"
#: ``trangThaiSoHoa`` of a component: digitised
_DIGITISED = 1
#: a 500 may be a bad value or a passing trouble: after so many tries a person looks
_PATIENCE = 3


class _Tokens:
    """Name and password exchanged for a token that ends."""

    def __init__(self, wire: Wire, user: str, password: str) -> None:
        self._wire = wire
        self._known = json.dumps({"userName": user, "password": password}).encode()
        self._held = ""

    def header(self) -> str:
        if not self._held:
            answer = self._wire.ask("POST", "/api/tokens", body=self._known, media=_JSON)
            told = _parsed(answer)
            inner = told.get("data")
            token = str((inner if isinstance(inner, dict) else told).get("token") or "")
            if answer.status in (400, 401, 403) or (answer.status == 200 and not token):
                raise LoginRefused(f"tokens, status {answer.status}")
            if answer.status != 200:
                raise NoAnswer(Trouble.NO_PASSAGE, f"tokens, status {answer.status}")
            if not token.isascii() or not token.isprintable():
                raise NoAnswer(Trouble.UNREADABLE, "a token no header may hold")
            self._held = token
        return f"Bearer {self._held}"

    def renew(self) -> bool:
        self._held = ""
        return True


class TdLink:
    """A :class:`~digitizer_desk.province.link.ProvinceLink`. For the network lane: one call at a time."""

    def __init__(self, profile: Profile, wire: Wire, password: str, clock: Clock) -> None:
        """``wire`` leads to the host and names the tenant in its headers."""
        self._profile = profile
        self._talk = Talk(wire, _Tokens(wire, profile.login.user, password), profile.settle_s)
        self._clock = clock
        self._parts: dict[str, tuple[WaitingPart, ...]] = {}

    @property
    def reading(self) -> Reading:
        """Its queue of dossiers to digitise, and its store of papers."""
        return TdReading(self._talk, self._profile.codes, _good, self._parts)

    def line(self) -> AbstractContextManager[None]:
        return self._talk.wire.conversation()

    def health(self) -> Health:
        query = urlencode({"TrangThaiSoHoa": 1, "PageNumber": 1, "PageSize": 1})
        before = self._clock()
        try:
            with self._talk.wire.conversation():
                answer = self._talk.ask("GET", f"/api/v1/hosos/ChamSoHoa?{query}")
                after = self._clock()
                _good(answer, 0)
        except Stop as stop:
            return Health(reachable=stop.reply.code != "province.offline", code=stop.reply.code, detail=stop.detail)
        apart = clock_of(answer.headers, before, after)
        return Health(reachable=True, name=self._profile.name or "TD", clock_difference=apart)

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Whether the record of this file is there, and the file behind it is ours byte for byte."""
        trail = read_trail(parcel.trail, NAME, parcel.file_sha256)
        waiting = settling(trail, self._profile.settle_s, self._clock())
        if waiting is not None:
            return waiting
        try:
            paper = paper_of(parcel, self._profile.codes)
            with self._talk.wire.conversation():
                component = self._component(paper, parcel.tries)
                path = self._lying(component, paper, parcel, trail)
                record = self._record_of(paper, path, parcel.tries) if path else None
                if record is None or path not in _paths(component):
                    return None
                return self._accepted(record, path, parcel, already=True)
        except Stop as stop:
            # a refusal to show it is no receipt; deliver looks again before it sends, and tells the refusal
            return stop.reply if isinstance(stop.reply, Later) else None

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Reply:
        """Upload, fetch back and compare, tie to the component, record.

        Raises:
            DeskError: ``signature.broken`` when PDF or record are not what was packed.
        """
        unaltered(parcel, pdf)
        trail = read_trail(parcel.trail, NAME, parcel.file_sha256)
        try:
            paper = paper_of(parcel, self._profile.codes)
            with self._talk.wire.conversation():
                return self._deliver(parcel, paper, pdf, trail, progress, keep)
        except Stop as stop:
            return stop.reply

    def _deliver(self, parcel: Parcel, paper: Paper, pdf: bytes, trail: Trail, progress: Progress, keep: Keep) -> Reply:
        component = self._component(paper, parcel.tries)
        path = self._lying(component, paper, parcel, trail)
        if path not in _paths(component):
            self._refuse_strangers(component, paper)
        if not path:
            keep(trail.opening(Step.UPLOAD, self._clock()))
            path = self._upload(paper, parcel, pdf, progress)
            trail = trail.finished(Step.UPLOAD, path=path)
            keep(trail)
            if not self._holds(path, parcel):
                raise Stop(Later("province.not_kept", attempt=True, detail="other bytes"))
        progress(len(pdf), len(pdf))
        trail = trail.finished(Step.VERIFY, path=path)
        keep(trail)
        if path not in _paths(component):
            keep(trail.opening(Step.ATTACH, self._clock()))
            self._attach(component, paper, path, parcel.tries)
        record = self._record_of(paper, path, parcel.tries)
        already = record is not None
        if record is None:
            keep(trail.finished(Step.ATTACH).opening(Step.RECORD, self._clock()))
            record = self._tell(component, paper, path, parcel.tries)
        return self._accepted(record, path, parcel, already=already)

    def _component(self, paper: Paper, tries: int) -> dict[str, Any]:
        """The component as it stands there now.

        Raises:
            Stop: ``province.dossier_unknown`` when there is not exactly one, or no answer.
        """
        query = urlencode({"HoSo": paper.dossier, "PageNumber": 1, "PageSize": 500})
        told = _good(self._talk.ask("GET", f"/api/v1/thanhphanhosos?{query}"), tries)
        found = [row for row in rows_of(told) if row.get("maGiayTo") == paper.component and row.get("id")]
        if len(found) != 1:
            raise Stop(Rejected("province.dossier_unknown", ""))
        return found[0]

    def _lying(self, component: dict[str, Any], paper: Paper, parcel: Parcel, trail: Trail) -> str:
        """Where our very bytes lie there already; '' when nowhere we know of."""
        name = _name(paper, parcel)
        known = [path for path in _paths(component) if path.rpartition("/")[2] == name]
        for path in (*known, trail.note("path")):
            if path and self._holds(path, parcel):
                return path
        return ""

    def _refuse_strangers(self, component: dict[str, Any], paper: Paper) -> None:
        """Another file in its place is not ours to replace, unless an earlier version of ours stands there.

        Raises:
            Stop: ``province.conflict``.
        """
        names = [path.rpartition("/")[2] for path in _paths(component)]
        strangers = [name for name in names if not name.startswith(_stem(paper))]
        if strangers:
            raise Stop(Rejected("province.conflict", replies.tidy_words(strangers[0])))

    def _upload(self, paper: Paper, parcel: Parcel, pdf: bytes, progress: Progress) -> str:
        body, media = form_of([("FolderName", paper.dossier)], ("Files", _name(paper, parcel), pdf))
        answer = self._talk.ask(
            "POST",
            "/api/v1/files/UploadFileBucket",
            body=body,
            media=media,
            progress=scaled(progress, len(pdf)),
            takes_effect=True,
        )
        path = _good(answer, parcel.tries).get("data")
        if not isinstance(path, str) or not path.startswith("/"):
            raise Stop(replies.unreadable("an upload that tells no path"))
        return path

    def _holds(self, path: str, parcel: Parcel) -> bool:
        answer, sha256 = self._talk.fetch(_place(path), parcel)
        if answer.status in (401, 502, 503, 504):
            _good(answer, parcel.tries)
        return answer.status == 200 and sha256 == parcel.file_sha256

    def _attach(self, component: dict[str, Any], paper: Paper, path: str, tries: int) -> None:
        """Name the file in its component. Only what was just read goes back, or a row would be added."""
        body = {
            "saveAndForward": False,
            "thanhPhanHoSos": [
                {"id": component["id"], "ten": component.get("ten"), "dinhKem": path, "trangThaiSoHoa": _DIGITISED}
            ],
        }
        there = self._dossier(paper, tries)
        self._send("PUT", f"/api/v1/hosos/ChamSoHoa/TiepNhan/{quote(there, safe='')}", body, tries)

    def _dossier(self, paper: Paper, tries: int) -> str:
        """The dossier's id there: in the queue of those to digitise, or of those done.

        Raises:
            Stop: ``province.dossier_unknown``.
        """
        for state in (1, 2):
            query = urlencode({"TrangThaiSoHoa": state, "MaHoSo": paper.dossier, "PageNumber": 1, "PageSize": 10})
            told = _good(self._talk.ask("GET", f"/api/v1/hosos/ChamSoHoa?{query}"), tries)
            found = [row for row in rows_of(told) if row.get("maHoSo") == paper.dossier and row.get("id")]
            if len(found) == 1:
                return str(found[0]["id"])
        raise Stop(Rejected("province.dossier_unknown", ""))

    def _record_of(self, paper: Paper, path: str, tries: int) -> str | None:
        """The code of the record of this file; None when there is none."""
        body = json.dumps({"soDinhDanh": paper.owner, "fileUrl": path}).encode()
        answer = self._talk.ask("POST", "/api/v1/giaytosohoas/detail", body=body, media=_JSON)
        if answer.status == 404:
            return None
        data = _good(answer, tries).get("data")
        if not isinstance(data, dict) or not isinstance(data.get("ma"), str):
            raise Stop(replies.unreadable("a record that tells no code"))
        return str(data["ma"])

    def _tell(self, component: dict[str, Any], paper: Paper, path: str, tries: int) -> str:
        """Record the paper: the final code. A second one would be a second record, so it was asked for first."""
        fields = paper.fields
        ends = _date(fields.get("thoi_han", ""))
        record = {
            "ten": paper.title[:2000],
            "ma": paper.result_code[:200],
            "maDinhDanh": paper.owner,
            "maGiayTo": paper.component,
            "soKyHieu": fields.get("so_ky_hieu", "")[:60],
            "ngayBanHanh": _date(fields.get("ngay_cap", "")),
            # left out, this server would let the paper end in six months
            **({"thoiHanHieuLuc": ends} if ends else {"thoiHanVinhVien": True}),
            "phamViHieuLuc": fields.get("pham_vi", "")[:200],
            "chuGiayTo": paper.owner_name[:500],
            "trichYeuNoiDung": fields.get("trich_yeu", "")[:1000],
            "coQuanBanHanh": fields.get("co_quan_cap", "")[:200],
            "loaiSoHoa": "0",
            "dinhKem": path,
            "maHoSo": paper.dossier,
            "maTTHC": paper.procedure,
            "thanhPhanHoSoId": component["id"],
        }
        told = {name: value for name, value in record.items() if value not in ("", None)}
        code = self._send("POST", "/api/v1/giaytosohoas", told, tries).get("data")
        if not isinstance(code, str) or not code:
            raise Stop(replies.unreadable("a record that tells no code"))
        return code

    def _send(self, method: str, path: str, what: dict[str, Any], tries: int) -> dict[str, Any]:
        body = json.dumps(what, ensure_ascii=False).encode()
        return _good(self._talk.ask(method, path, body=body, media=_JSON, takes_effect=True), tries)

    def _accepted(self, code: str, path: str, parcel: Parcel, *, already: bool) -> Accepted:
        words = replies.tidy_words(code)
        at = self._clock()
        lies = self._talk.wire.address(_place(path))
        return Accepted(words, parcel.file_sha256, words, at, already=already, proof=Proof.DOWNLOAD, address=lies)


def _place(path: str) -> str:
    """Where a stored file is fetched."""
    return f"/api/v1/files/GetFileBucket?{urlencode({'Path': path})}"


def _stem(paper: Paper) -> str:
    """What the names of all versions of this paper begin with; letters that server leaves as they are."""
    words = (paper.dossier, paper.component)
    return "_".join("".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in w) for w in words) + "_"


def _name(paper: Paper, parcel: Parcel) -> str:
    """The file's name there; it tells these bytes apart from every other version."""
    return f"{_stem(paper)}{parcel.file_sha256[:12]}.pdf"


def _paths(component: dict[str, Any]) -> list[str]:
    return [path for path in str(component.get("dinhKem") or "").split(_JOIN) if path]


def _date(words: str) -> str:
    """``dd/MM/yyyy`` as an ISO date-time of Vietnam; '' for anything else."""
    try:
        return datetime.strptime(words, "%d/%m/%Y").replace(tzinfo=VIETNAM).isoformat()
    except ValueError:
        return ""


def _good(answer: Answer, tries: int) -> dict[str, Any]:
    """What an answer tells, once it is a success: only ``succeeded`` true, or a page of rows, is one.

    Raises:
        Stop: with what it means instead.
    """
    status = answer.status
    told = _parsed(answer)
    if status in (200, 201) and (told.get("succeeded") is True or ("data" in told and "currentPage" in told)):
        return told
    said = replies.tidy_words(str(told.get("message") or ""))
    if status in (200, 201) and told.get("succeeded") is False:
        raise Stop(Rejected("province.rejected", said))
    if status == 401:
        raise Stop(needs_login("status 401"))
    if status == 403:
        raise Stop(Rejected("province.forbidden", said))
    if status == 413:
        raise Stop(Rejected("province.too_large", said))
    if status == 400 and told:
        raise Stop(Rejected("province.rejected", said))
    if status == 500 and tries >= _PATIENCE:
        raise Stop(Rejected("province.rejected", replies.tidy_words(answer.body.decode("utf-8", "replace"))))
    if status == 429 or status >= 500:
        raise Stop(Later("province.server_busy", attempt=True, detail=f"status {status}"))
    raise Stop(replies.unreadable(f"status {status}"))


def _parsed(answer: Answer) -> dict[str, Any]:
    try:
        told = parsed(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
