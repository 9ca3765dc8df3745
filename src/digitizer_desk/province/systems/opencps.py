# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The one-stop core OpenCPS over its REST v2, from request shapes read in its public source; never tried with one.

Its traps, each answered here: 203 is "not signed in"; 403 is nearly every failure; 200 with size 0 was not stored; it
has no hash, so what was sent is fetched back; a lost answer is found by our own ``referenceUid``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from digitizer_desk.dossier.incoming.waiting import WaitingPart
from digitizer_desk.dossier.model import VIETNAM, Parcel, ParcelState
from digitizer_desk.province import replies
from digitizer_desk.province.incoming.reading import Reading
from digitizer_desk.province.link import Accepted, Health, Keep, Later, Proof, Rejected, Reply, keep_nothing
from digitizer_desk.province.login import Fixed
from digitizer_desk.province.profile import Profile
from digitizer_desk.province.systems.opencps_reading import OpenCpsReading
from digitizer_desk.province.systems.talk import (
    Clock,
    Paper,
    Stop,
    Talk,
    clock_of,
    form_of,
    needs_login,
    paper_of,
    read_json,
    rows_of,
    scaled,
    settling,
    unaltered,
)
from digitizer_desk.province.trail import Step, Trail
from digitizer_desk.province.trail import read as read_trail
from digitizer_desk.province.wire import Answer, Progress, Wire

NAME = "opencps"
#: of the stable ids we give files there; ours for ever
_OURS = uuid.UUID("6f2d9a0e-3c1b-5d47-9e58-0b7a4c21d9f3")
_FORM = "application/x-www-form-urlencoded"


class OpenCpsLink:
    """A :class:`~digitizer_desk.province.link.ProvinceLink`. For the network lane: one call at a time."""

    def __init__(self, profile: Profile, wire: Wire, password: str, clock: Clock) -> None:
        """``wire`` leads to the base of REST v2 and names the group in its headers."""
        self._profile = profile
        self._talk = Talk(wire, Fixed.basic(profile.login.user, password), profile.settle_s)
        self._clock = clock
        self._parts: dict[str, tuple[WaitingPart, ...]] = {}

    @property
    def reading(self) -> Reading:
        """The dossiers to do at this counter."""
        return OpenCpsReading(self._talk, self._profile.codes, _good, _time, self._parts)

    def line(self) -> AbstractContextManager[None]:
        return self._talk.wire.conversation()

    def health(self) -> Health:
        before = self._clock()
        try:
            with self._talk.wire.conversation():
                alive = self._talk.ask("GET", "/ping")
                after = self._clock()
                # the login page of a network answers 200 to everything
                rows_of(read_json(_good(self._talk.ask("GET", "/dossiers?start=0&end=1"))))
        except Stop as stop:
            return Health(reachable=stop.reply.code != "province.offline", code=stop.reply.code, detail=stop.detail)
        apart = clock_of(alive.headers, before, after)
        return Health(reachable=True, name=self._profile.name or "OpenCPS", clock_difference=apart)

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Whether a row there holds these very bytes under our id, with everything told that is told there."""
        trail = read_trail(parcel.trail, NAME, parcel.file_sha256)
        waiting = settling(trail, self._profile.settle_s, self._clock())
        if waiting is not None:
            return waiting
        try:
            paper = paper_of(parcel, self._profile.codes)
            with self._talk.wire.conversation():
                row = self._ours(self._rows(self._dossier(paper)), self._id_of(paper))
                if row is None or not self._holds(row, parcel):
                    return None
                # the mark is told again by deliver: it is an upsert, and the row alone does not show it
                told = paper.form not in self._marks or parcel.state is ParcelState.ACCEPTED
                return self._accepted(row, parcel, already=True) if told else None
        except Stop as stop:
            # a refusal to show it is no receipt; deliver looks again before it sends, and tells the refusal
            return stop.reply if isinstance(stop.reply, Later) else None

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Reply:
        """Upload, fetch back and compare, set the mark. The upload itself ties the file to its component.

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
        dossier = self._dossier(paper)
        rows = self._rows(dossier)
        row = self._ours(rows, self._id_of(paper))
        there = row is not None and self._holds(row, parcel)
        if not there:
            stamp = self._room_for(rows, row, paper)
            keep(trail.opening(Step.UPLOAD, self._clock()))
            row, there = self._upload(dossier, paper, pdf, stamp, progress)
            trail = trail.finished(Step.UPLOAD, file=str(row.get("dossierFileId", "")))
            keep(trail)
            if not self._holds(row, parcel):
                if there:
                    raise Stop(Rejected("province.conflict", ""))
                # a 200 alone is no proof: its store may have failed unseen
                raise Stop(Later("province.not_kept", attempt=True, detail="size 0 or other bytes"))
        progress(len(pdf), len(pdf))
        assert row is not None
        keep(trail.finished(Step.ATTACH, file=str(row.get("dossierFileId", ""))))
        self._mark(dossier, paper)
        return self._accepted(row, parcel, already=there)

    def _dossier(self, paper: Paper) -> str:
        """The dossier's number there.

        Raises:
            Stop: ``province.dossier_unknown``, or no answer.
        """
        query = urlencode({"dossierNo": paper.dossier, "start": 0, "end": 10})
        rows = rows_of(read_json(_good(self._talk.ask("GET", f"/dossiers?{query}"))))
        found = [row for row in rows if row.get("dossierNo") == paper.dossier and row.get("dossierId")]
        if len(found) != 1:
            raise Stop(Rejected("province.dossier_unknown", ""))
        return str(found[0]["dossierId"])

    def _rows(self, dossier: str) -> list[dict[str, Any]]:
        rows = rows_of(read_json(_good(self._talk.ask("GET", f"/dossiers/{dossier}/files"))))
        return [{**row, "dossierId": dossier} for row in rows if row.get("removed") is not True]

    def _id_of(self, paper: Paper, version: int | None = None) -> str:
        """Our id of one version of one paper: made of what never changes, so a repeat meets itself."""
        parts = (self._profile.desk_id, paper.dossier, paper.component_id, str(version or paper.version))
        return str(uuid.uuid5(_OURS, "|".join(parts)))

    @staticmethod
    def _ours(rows: list[dict[str, Any]], reference: str) -> dict[str, Any] | None:
        return next((row for row in rows if row.get("referenceUid") == reference), None)

    def _room_for(self, rows: list[dict[str, Any]], row: dict[str, Any] | None, paper: Paper) -> datetime:
        """The stamp an upload must carry to be taken: later than what stands in its place.

        Raises:
            Stop: ``province.conflict`` when that is a file which is not an earlier version of ours.
        """
        earlier = {self._id_of(paper, version) for version in range(1, paper.version + 1)}
        here = [one for one in rows if one.get("dossierPartNo") == paper.component]
        strangers = [one for one in here if one.get("referenceUid") not in earlier and one.get("fileSize") != 0]
        if strangers:
            raise Stop(Rejected("province.conflict", replies.tidy_words(str(strangers[0].get("displayName", "")))))
        stamps = [_time(one.get("modifiedDate")) for one in ([row] if row else here) if one is not None]
        return max([paper.signed_at, *(stamp + timedelta(seconds=1) for stamp in stamps if stamp is not None)])

    def _upload(
        self, dossier: str, paper: Paper, pdf: bytes, stamp: datetime, progress: Progress
    ) -> tuple[dict[str, Any], bool]:
        """Send the file: the row it became, and whether that was there before, under our own id.

        Raises:
            Stop: it was not taken.
        """
        reference = self._id_of(paper)
        fields = [
            ("referenceUid", reference),
            ("dossierPartNo", paper.component),
            ("displayName", paper.title),
            ("fileType", "application/pdf"),
            ("isSync", "false"),
            ("removed", "false"),
            ("modifiedDate", str(int(stamp.timestamp() * 1000))),
        ]
        body, media = form_of(fields, ("file", f"{reference}.pdf", pdf))
        answer = self._talk.ask(
            "POST",
            f"/dossiers/{dossier}/files",
            body=body,
            media=media,
            progress=scaled(progress, len(pdf)),
            takes_effect=True,
        )
        if answer.status == 403 and "conflict" in _cause(answer).lower():
            # it was there after all, or the server's stamp is newer than ours: look at what stands there
            row = self._ours(self._rows(dossier), reference)
            if row is None:
                raise Stop(Rejected("province.conflict", replies.tidy_words(_cause(answer))))
            return row, True
        row = read_json(_good(answer))
        if not isinstance(row, dict):
            raise Stop(replies.unreadable("an upload that tells no row"))
        return {"referenceUid": reference, **row, "dossierId": dossier}, False

    def _holds(self, row: dict[str, Any], parcel: Parcel) -> bool:
        """Whether the file behind a row, fetched back, is ours byte for byte. 204: there is none."""
        answer, sha256 = self._talk.fetch(_place(row), parcel)
        if answer.status == 204:
            return False
        if answer.status != 200:
            _good(answer)
        return sha256 == parcel.file_sha256

    @property
    def _marks(self) -> dict[str, int]:
        return self._profile.opencps.marks

    def _mark(self, dossier: str, paper: Paper) -> None:
        """Say what the paper was; setting it twice is setting it."""
        if paper.form not in self._marks:
            return
        fields = {"fileMark": self._marks[paper.form], "fileCheck": 1, "fileComment": "", "recordCount": 1}
        path = f"/dossiers/{dossier}/marks/{quote(paper.component, safe='')}"
        _good(self._talk.ask("POST", path, body=urlencode(fields).encode(), media=_FORM))

    def _accepted(self, row: dict[str, Any], parcel: Parcel, *, already: bool) -> Accepted:
        return Accepted(
            number=str(row.get("dossierFileId") or row.get("referenceUid", "")),
            sha256=parcel.file_sha256,
            result_code="",
            at=_time(row.get("createDate")) or self._clock(),
            already=already,
            proof=Proof.DOWNLOAD,
            address=self._talk.wire.address(_place(row)),
        )


def _place(row: dict[str, Any]) -> str:
    """Where the file behind a row is fetched."""
    return f"/dossiers/{row['dossierId']}/files/{quote(str(row.get('referenceUid', '')), safe='')}"


def _good(answer: Answer) -> Answer:
    """An answer that is one.

    Raises:
        Stop: with what it means instead.
    """
    status = answer.status
    if status == 200:
        return answer
    if status == 203:
        raise Stop(needs_login("status 203: not signed in"))
    if status == 401:
        refused = "permission denied" in _told(answer).get("message", "")
        raise Stop(Rejected("province.forbidden", "") if refused else needs_login("status 401"))
    if status == 403 and answer.media != "text/html":
        raise Stop(Rejected("province.rejected", replies.tidy_words(_cause(answer))))
    if status == 413:
        raise Stop(Rejected("province.too_large", ""))
    if status == 429 or status >= 500:
        raise Stop(Later("province.server_busy", attempt=True, detail=f"status {status}"))
    raise Stop(replies.unreadable(f"status {status}"))


def _told(answer: Answer) -> dict[str, str]:
    try:
        told = read_json(answer)
    except Stop:
        return {}
    return {key: str(value) for key, value in told.items()} if isinstance(told, dict) else {}


def _cause(answer: Answer) -> str:
    """What it says is wrong: nearly every failure is a 403 that differs only here."""
    told = _told(answer)
    return told.get("description") or told.get("message", "")


def _time(told: Any) -> datetime | None:
    """A time as it writes them: ``dd/MM/yyyy HH:mm:ss`` of Vietnam, or milliseconds."""
    try:
        if isinstance(told, int) and not isinstance(told, bool):
            found = datetime.fromtimestamp(told / 1000, UTC)
        else:
            found = datetime.strptime(str(told), "%d/%m/%Y %H:%M:%S").replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError, OSError):
        return None
    # nothing follows the last year a calendar knows, and nothing that is told lies before the first
    return found if MINYEAR < found.year < MAXYEAR else None
