# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The portal's adapter as a client sees it: a login gives a session, every service is one POST that names it.

Apart from what is told there because the envelope is the same for every service. From request shapes read in public
source of three clients; its server is closed and was never tried.

Its traps, each answered here: HTTP is 200 whatever happened; ``error_code`` comes as 0, "0", "00", "-3"; no source
names the code of a session that ended, so whatever an old session refuses is asked once more with a new one.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from digitizer_desk.province import replies
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.province.login import ClientCredentials, Login, Unasked
from digitizer_desk.province.profile import Lgsp, Profile, Secrets
from digitizer_desk.province.systems.talk import Stop, Talk, needs_login, parsed
from digitizer_desk.province.wire import Answer, Wire

_JSON = "application/json"
#: ``error_code`` of "đã tồn tại", by its size
_EXISTS: Final = 3
#: how a message speaks of a session that is not valid; no source lists them
_SESSION: Final = ("session", "phiên", "đăng nhập", "token")
#: an odd catalogue must not fill the memory
_KNOWN: Final = 500


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure as the national catalogue has it."""

    title: str
    field: str
    field_title: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the portal shows of a dossier: ``values`` as it has them, None when it only says that there is one."""

    exists: bool
    values: dict[str, Any] | None = None


class Portal:
    """Calls of one adapter, inside a conversation of its wire. For the network lane: one call at a time."""

    def __init__(self, profile: Profile, wire: Wire, secrets: Secrets, wire_to: Callable[[str], Wire]) -> None:
        """``wire`` leads to the adapter and names the destination in its headers; ``wire_to`` makes one to the
        platform's own login."""
        self._chosen = profile.national
        self._known = {"username": profile.login.user, "password": secrets.portal}
        self.talk = Talk(wire, _before(profile.national.lgsp, secrets, wire_to), profile.settle_s)
        self._session = ""
        self._procedures: dict[str, Procedure] = {}

    def sign_in(self) -> Answer:
        """Begin a session.

        Raises:
            Stop: no answer, or we are not let in.
        """
        body = json.dumps(self._known, ensure_ascii=False).encode()
        answer = self.talk.ask("POST", self._chosen.login_path, body=body, media=_JSON)
        if answer.status in (400, 401):
            raise Stop(needs_login(f"login, status {answer.status}"))
        told = _told(answer)
        code, session = _code(told), told.get("session")
        if code != 0 or not isinstance(session, str) or not session:
            raise Stop(needs_login(f"login, error_code {code}"))
        self._session = session
        return answer

    def procedure(self, code: str) -> Procedure:
        """A procedure by its national code.

        Raises:
            Stop: ``province.portal_refused`` when the catalogue has none, or no answer.
        """
        if code not in self._procedures:
            told = self._ask("LayThuTuc", path=self._chosen.share_path, maTTHC=code)
            rows = _rows(told.get("result")) if _code(told) == 0 else []
            found = _procedure(rows[0]) if rows else None
            if found is None:
                said = replies.tidy_words(str(told.get("message") or ""))
                raise Stop(Rejected("province.portal_refused", f"{code}: {said}"))
            if len(self._procedures) >= _KNOWN:
                self._procedures.clear()
            self._procedures[code] = found
        return self._procedures[code]

    def dossier(self, code: str) -> Seen:
        """What the portal has under a dossier's code."""
        told = self._ask("TraCuuHoSo", mahoso=code)
        if _code(told) != 0:
            return Seen(exists=False)
        result = told.get("result")
        rows = [row for row in _rows(result) if str(row.get("MaHoSo", "")) == code]
        if rows:
            # a row that names the code alone shows nothing
            return Seen(exists=True, values=rows[0] if "TrangThaiHoSo" in rows[0] else None)
        return Seen(exists=bool(result) and not isinstance(result, list))

    def tell(self, dossier: dict[str, Any], *, updating: bool) -> bool:
        """Send a whole dossier. False when it was to be new and the portal has it already.

        Raises:
            Stop: it was not taken, or there is no answer: then it is not known whether it was.
        """
        told = self._ask("DongBoHoSoMC", takes_effect=True, isUpdating=str(updating), data=[dossier])
        code = _code(told)
        if code == 0:
            return True
        said = replies.tidy_words(str(told.get("message") or ""))
        if not updating and (abs(code) == _EXISTS or "đã tồn tại" in said.lower()):
            return False
        raise Stop(Rejected("province.portal_refused", said))

    def _ask(self, service: str, *, path: str = "", takes_effect: bool = False, **fields: object) -> dict[str, Any]:
        """One service. What a session that was held refuses is asked again with a new one: nothing was done."""
        held = bool(self._session)
        if not held:
            self.sign_in()
        told = self._once(service, path, takes_effect, fields)
        if held and (told is None or abs(_code(told)) not in (0, _EXISTS)):
            self.sign_in()
            told = self._once(service, path, takes_effect, fields)
        if told is None or _about_session(told):
            self._session = ""
            raise Stop(needs_login("a new session is refused"))
        return told

    def _once(self, service: str, path: str, takes_effect: bool, fields: dict[str, object]) -> dict[str, Any] | None:
        """None: the session itself was refused."""
        what = {"session": self._session, "madonvi": self._chosen.unit, "service": service, **fields}
        answer = self.talk.ask(
            "POST",
            path or self._chosen.service_path,
            body=json.dumps(what, ensure_ascii=False).encode(),
            media=_JSON,
            takes_effect=takes_effect,
        )
        return None if answer.status == 401 else _told(answer)


def _before(lgsp: Lgsp, secrets: Secrets, wire_to: Callable[[str], Wire]) -> Login:
    """Who we are to the platform in front of the portal."""
    if lgsp.way != "bearer":
        return Unasked()
    parts = urlsplit(lgsp.token_address)
    wire = wire_to(f"{parts.scheme}://{parts.netloc}")
    return ClientCredentials(wire, parts.path or "/", lgsp.user, secrets.lgsp, scope=lgsp.scope)


def headers_of(profile: Profile, secrets: Secrets) -> dict[str, str]:
    """What every request to the adapter carries."""
    lgsp = profile.national.lgsp
    headers = {"dstcode": profile.national.destination} if profile.national.destination else {}
    if lgsp.way == "header":
        told = {
            "AccessKey": lgsp.user,
            "SecretKey": secrets.lgsp,
            "AppName": lgsp.application,
            "PartnerCode": lgsp.partner,
            "PartnerCodeCus": lgsp.partner_customer,
        }
        headers["lgspaccesstoken"] = base64.b64encode(json.dumps(told, ensure_ascii=False).encode()).decode("ascii")
    return headers


def _told(answer: Answer) -> dict[str, Any]:
    """The envelope of an answer.

    Raises:
        Stop: another status than 200, or no envelope.
    """
    if answer.status == 403:
        raise Stop(Rejected("province.forbidden", ""))
    if answer.status == 413:
        raise Stop(Rejected("province.portal_refused", "HTTP 413"))
    if answer.status != 200:
        raise Stop(Later("province.server_busy", attempt=True, detail=f"status {answer.status}"))
    try:
        told = parsed(answer.body)
    except ValueError:
        raise Stop(replies.unreadable("status 200, not JSON")) from None
    if not isinstance(told, dict) or "error_code" not in told:
        raise Stop(replies.unreadable("no error_code"))
    return told


def _code(told: dict[str, Any]) -> int:
    """``error_code`` as a number, however it is written.

    Raises:
        Stop: it is none.
    """
    written = told["error_code"]
    try:
        return int(str(written).strip()) if not isinstance(written, bool) else int("")
    except ValueError:
        raise Stop(replies.unreadable("an error_code that is no number")) from None


def _about_session(told: dict[str, Any]) -> bool:
    """Whether a refusal speaks of the session: it must not be taken for "there is no such dossier"."""
    said = str(told.get("message") or "").lower()
    return abs(_code(told)) not in (0, _EXISTS) and any(word in said for word in _SESSION)


def _rows(result: Any) -> list[dict[str, Any]]:
    rows = result if isinstance(result, list) else [result]
    return [row for row in rows if isinstance(row, dict)]


def _procedure(row: dict[str, Any]) -> Procedure | None:
    fields = _rows(row.get("LINHVUCTHUCHIEN"))
    title, first = row.get("TENTTHC"), fields[0] if fields else {}
    field, field_title = first.get("MALINHVUC"), first.get("TENLINHVUC")
    if not (title and field and field_title):
        return None
    return Procedure(str(title), str(field), str(field_title))
