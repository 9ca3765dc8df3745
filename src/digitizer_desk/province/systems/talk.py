# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What every connector to a system of others does alike: ask as who we are, fetch back and compare, know its paper.

Apart from the connectors, which hold only what is particular to one system.
"""

from __future__ import annotations

import email.utils
import hashlib
import json
import secrets as random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from digitizer_desk.dossier.model import Parcel
from digitizer_desk.errors import error
from digitizer_desk.province import replies
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.province.login import Login, LoginRefused
from digitizer_desk.province.profile import Codes, Table
from digitizer_desk.province.trail import Trail
from digitizer_desk.province.wire import Answer, NoAnswer, Progress, Wire


class Stop(Exception):
    """The errand ends here, with this reply."""

    def __init__(self, reply: Later | Rejected) -> None:
        super().__init__(reply.code)
        self.reply = reply

    @property
    def detail(self) -> str:
        """Kind of failure, for IT."""
        return self.reply.detail if isinstance(self.reply, Later) else ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a connector needs to know of a parcel's frozen record, in the province's codes."""

    dossier: str
    component_id: str
    component: str
    title: str
    kind: str
    form: str
    version: int
    signed_at: datetime
    result_code: str
    procedure: str
    owner: str
    owner_name: str
    unit: str
    fields: Mapping[str, str]


#: a table of codes, as a person calls what stands in it
_TABLES: dict[Table, str] = {
    "procedures": "thủ tục",
    "components": "thành phần",
    "papers": "loại giấy tờ",
    "units": "cơ quan",
}


def codes_in(body: str) -> dict[Table, str]:
    """Our codes a frozen record names, by the table that maps them; '' where it names none."""
    record = json.loads(body)
    return {
        "procedures": record["dossier"]["procedure"],
        "components": record["component"]["code"],
        "papers": record["component"]["paper_type"],
        "units": record["desk"]["unit"],
    }


def missing(codes: Codes, ours: Mapping[Table, str]) -> tuple[str, ...]:
    """The codes that should be listed and are not, as a person reads them: «thành phần TP07»."""
    return tuple(f"{_TABLES[table]} {one}" for table, one in ours.items() if codes.theirs(table, one) is None)


def paper_of(parcel: Parcel, codes: Codes) -> Paper:
    """Read the record; what the profile maps goes by the province's code.

    Raises:
        Stop: ``province.code_unmapped`` when a code should be listed and is not; nothing was sent.
    """
    record = json.loads(parcel.body)
    component, document = record["component"], record["document"]
    ours = codes_in(parcel.body)
    unlisted = missing(codes, ours)
    if unlisted:
        raise Stop(Rejected("province.code_unmapped", ", ".join(unlisted)))
    theirs = {table: codes.theirs(table, one) or "" for table, one in ours.items()}
    return Paper(
        dossier=record["dossier"]["code"],
        component_id=component["id"],
        component=theirs["components"],
        title=component["title"],
        kind=theirs["papers"],
        form=component["form"],
        version=document["version"],
        signed_at=max(datetime.fromisoformat(s["signed_at"]) for s in document["signatures"]),
        result_code=record["result_code"]["text"],
        procedure=theirs["procedures"],
        owner=record["applicant"]["identifier"],
        owner_name=record["applicant"]["name"],
        unit=theirs["units"],
        fields={name: field["value"] for name, field in record["fields"].items()},
    )


def unaltered(parcel: Parcel, pdf: bytes) -> None:
    """Hold PDF and record to what was packed.

    Raises:
        DeskError: ``signature.broken`` when a byte differs (R21, R30).
    """
    if len(pdf) != parcel.file_size or hashlib.sha256(pdf).hexdigest() != parcel.file_sha256:
        raise error("signature.broken", "PDF differs from what was packed")
    if hashlib.sha256(parcel.body.encode()).hexdigest() != parcel.digest:
        raise error("signature.broken", "record differs from what was packed")


def settling(trail: Trail, settle_s: float, now: datetime) -> Later | None:
    """A request may still be on its way there: to look too early would find nothing and send a second."""
    if trail.open is None or trail.since is None:
        return None
    left = (trail.since + timedelta(seconds=settle_s) - now).total_seconds()
    # a clock that was set back must not make us wait for ever
    return Later("province.unknown_outcome", attempt=True, after_seconds=left) if 0 < left <= settle_s else None


class Talk:
    """Requests to one system; whatever is no answer ends the errand with :class:`Stop`."""

    def __init__(self, wire: Wire, login: Login, settle_s: float) -> None:
        self.wire = wire
        self._login = login
        self._settle_s = settle_s

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        media: str = "",
        progress: Progress | None = None,
        takes_effect: bool = False,
    ) -> Answer:
        """One exchange. ``takes_effect``: when its answer is lost, it is not known whether it arrived.

        Raises:
            Stop: no answer of use, or the login was refused.
        """
        try:
            for last in (False, True):
                known = self._known()
                answer = self.wire.ask(method, path, body=body, media=media, progress=progress, headers=known)
                if last or answer.status != 401 or not self._login.renew():
                    break
        except LoginRefused as no:
            raise Stop(needs_login(str(no))) from None
        except NoAnswer as silence:
            raise Stop(replies.no_answer(silence, may_have_arrived=takes_effect, settle_s=self._settle_s)) from None
        if takes_effect and answer.status in (502, 504):
            # a proxy lost the answer
            raise Stop(Later("province.unknown_outcome", attempt=True, after_seconds=self._settle_s))
        return answer

    def _known(self) -> dict[str, str]:
        shown = self._login.header()
        return {"Authorization": shown} if shown else {}

    def fetch(self, path: str, parcel: Parcel) -> tuple[Answer, str]:
        """Get a file back: (answer, SHA-256 hex of what came). A file longer than ours is not read to its end.

        Raises:
            Stop: as :meth:`ask`.
        """
        try:
            for last in (False, True):
                known = self._known()
                answer, sha256, _size = self.wire.fetch(path, most=parcel.file_size, headers=known)
                if last or answer.status != 401 or not self._login.renew():
                    break
        except LoginRefused as no:
            raise Stop(needs_login(str(no))) from None
        except NoAnswer as silence:
            if silence.detail == "longer than what was sent":
                return Answer(200, {}, b""), "other"
            raise Stop(replies.no_answer(silence, may_have_arrived=False, settle_s=self._settle_s)) from None
        return answer, sha256


def needs_login(detail: str) -> Later:
    return Later("province.login", attempt=True, pause_all=True, detail=detail)


def parsed(body: bytes) -> Any:
    """The JSON of these bytes, if it can be kept and told again.

    Raises:
        ValueError: it is none, or holds half a surrogate pair, a number that is none, or is nested beyond reason.
    """
    try:
        told = json.loads(body, parse_constant=_no_number)
        json.dumps(told, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested") from None
    return told


def _no_number(written: str) -> None:
    raise ValueError(written)


def read_json(answer: Answer) -> Any:
    """The JSON of an answer.

    Raises:
        Stop: it is none.
    """
    try:
        return parsed(answer.body)
    except ValueError:
        raise Stop(replies.unreadable(f"status {answer.status}, not JSON")) from None


def rows_of(told: Any) -> list[dict[str, Any]]:
    """The rows of a list that may come as a page, a bare list, or, with one row, as the row itself.

    Raises:
        Stop: none of these.
    """
    if isinstance(told, dict) and "data" in told:
        told = told["data"]
    elif isinstance(told, dict) and set(told) <= {"total"}:
        told = []
    if told is None:
        return []
    if isinstance(told, dict):
        told = [told]
    if isinstance(told, list) and all(isinstance(row, dict) for row in told):
        return told
    raise Stop(replies.unreadable("a list that is none"))


def form_of(fields: Sequence[tuple[str, str]], file: tuple[str, str, bytes]) -> tuple[bytes, str]:
    """multipart/form-data (RFC 7578): (body, media type). ``file`` is field, name (ASCII), bytes; it goes last."""
    line = "desk-" + random.token_hex(16)
    head = "".join(
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
        f"{value}\r\n"
        for name, value in fields
    )
    field, name, content = file
    head += f'--{line}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    head += "Content-Type: application/pdf\r\n\r\n"
    return head.encode() + content + f"\r\n--{line}--\r\n".encode(), f"multipart/form-data; boundary={line}"


def scaled(progress: Progress, size: int) -> Progress:
    """Progress of a body told as progress of the file in it, which is nearly all of it."""
    return lambda sent, total: progress(size * sent // total, size)


def clock_of(headers: Mapping[str, str], before: datetime, after: datetime) -> float | None:
    """Seconds the other side is ahead by its ``Date`` header; None without one."""
    try:
        told = email.utils.parsedate_to_datetime(headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    if told.tzinfo is None:
        return None
    apart = (told - (before + (after - before) / 2)).total_seconds()
    # the header has whole seconds
    return 0.0 if abs(apart) <= 1.0 else apart


Clock = Callable[[], datetime]
