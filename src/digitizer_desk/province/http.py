# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The provincial system over HTTPS, by the contract in ``resources/contracts/gateway.openapi.yaml``.

Apart from other links because each province's contract is a module of its own; this one is the contract we ask for.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from digitizer_desk import __version__
from digitizer_desk.dossier.model import Parcel
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province import replies
from digitizer_desk.province.incoming.gateway import GatewayReading
from digitizer_desk.province.incoming.reading import NotConnected, Reading
from digitizer_desk.province.link import Accepted, Health, Keep, Later, Rehearsed, Rejected, Reply, keep_nothing
from digitizer_desk.province.login import ClientCredentials, Fixed, Login, LoginRefused
from digitizer_desk.province.pace import Pace
from digitizer_desk.province.profile import Codes
from digitizer_desk.province.replies import Unreadable
from digitizer_desk.province.systems.talk import codes_in, missing
from digitizer_desk.province.trail import Step, Trail
from digitizer_desk.province.trail import read as read_trail
from digitizer_desk.province.tus import Refused, Uploads
from digitizer_desk.province.wire import Answer, ClientCertificate, NoAnswer, Progress, Trouble, Wire

#: as trails name this connector
_NAME = "gateway"
#: where resumable uploads are created, and the word of ``features`` that says there are any
_UPLOADS, _RESUMABLE = "/v1/uploads", "uploads"


@dataclass(frozen=True, slots=True)
class GatewayProfile:
    """Where the province is and who we are there.

    ``desk_id`` names this desk at the province. ``ca_file`` (PEM) takes the place of the system's roots.
    ``timeout_s`` is how long the province may be silent. ``settle_s`` is the wait before asking again after a lost
    answer. ``proxy_url`` is used only when set here: the environment's proxies never are. ``secret`` is the access key,
    or with ``client_id`` the secret of OAuth 2.0 client credentials, exchanged at ``token_url`` ('' = ``/v1/token`` of
    the province). A file of more than ``piece_bytes`` goes in pieces of that size where the province can take them.
    """

    name: str
    base_url: str
    desk_id: str
    secret: str = field(repr=False)
    ca_file: Path | None = None
    timeout_s: float = 30.0
    settle_s: float = 2.0
    max_reply_bytes: int = 1 << 20
    proxy_url: str = field(default="", repr=False)
    proxy_login: tuple[str, str] | None = field(default=None, repr=False)
    client: ClientCertificate | None = None
    client_id: str = ""
    token_url: str = ""
    scope: str = ""
    piece_bytes: int = 4 << 20
    bytes_per_s: int = 0  # at most so many bytes a second go out, 0 = no limit
    codes: Codes = field(default_factory=Codes)  # theirs go beside the record, which is signed and never changes


def _now() -> datetime:
    return datetime.now(UTC)


def _place(parcel: Parcel) -> str:
    return f"/v1/parcels/{quote(parcel.id, safe='')}"


class GatewayLink:
    """A :class:`~digitizer_desk.province.link.ProvinceLink`. For the network lane: one call at a time."""

    def __init__(
        self, profile: GatewayProfile, *, clock: Callable[[], datetime] = _now, pace: Pace | None = None
    ) -> None:
        """Nothing is sent yet. A profile that cannot be used is told by each call as ``province.not_set``: a wrong
        address must not keep the counter from opening."""
        self._profile = profile
        self._clock = clock
        self._unusable = ""
        self._resumable: bool | None = None  # not asked yet
        try:
            self._pace = pace or Pace(profile.bytes_per_s)
            self._wire = self._wire_to(profile.base_url)
            self._login = self._login_of(profile)
        except DeskError as problem:
            self._unusable = problem.detail

    def _wire_to(self, base_url: str) -> Wire:
        profile = self._profile
        headers = {"Accept": "application/json", "User-Agent": f"digitizer-desk/{__version__}"}
        if profile.desk_id:
            headers["Desk-Id"] = quote(profile.desk_id)
        return Wire(
            base_url,
            headers,
            ca_file=profile.ca_file,
            timeout_s=profile.timeout_s,
            max_reply_bytes=profile.max_reply_bytes,
            proxy_url=profile.proxy_url,
            proxy_login=profile.proxy_login,
            client=profile.client,
            pace=self._pace,
        )

    def _login_of(self, profile: GatewayProfile) -> Login:
        if not profile.secret.strip() or not profile.secret.isascii() or not profile.secret.isprintable():
            # http.client would refuse too, but with the value in its message
            raise error("province.not_set", "the access key is empty or has letters no header may have")
        if not profile.client_id:
            return Fixed.bearer(profile.secret)
        wire, path = self._wire, "/v1/token"
        if profile.token_url:
            parts = urlsplit(profile.token_url)
            wire, path = self._wire_to(f"{parts.scheme}://{parts.netloc}"), parts.path or "/"
        return ClientCredentials(wire, path, profile.client_id, profile.secret, scope=profile.scope)

    def __repr__(self) -> str:
        return f"GatewayLink({self._profile.name!r})"

    def line(self) -> AbstractContextManager[None]:
        return nullcontext() if self._unusable else self._wire.conversation()

    def health(self) -> Health:
        """Ask whether the province is there and lets us in; measures the clocks' difference at mid-flight."""
        if self._unusable:
            return Health(reachable=False, code="province.not_set", detail=self._unusable)
        before = self._clock()
        try:
            with self._wire.conversation():
                answer = self._ask("GET", "/v1/health")
            after = self._clock()
            if answer.status != 200:
                refused = replies.refusal(answer, after)
                return Health(reachable=True, code=refused.code, detail=f"status {answer.status}")
            told = replies.read_shape(answer, replies.HealthReply)
        except NoAnswer as problem:
            code = self._silence(problem).code
            there = problem.trouble in (Trouble.CERTIFICATE, Trouble.UNREADABLE)
            return Health(reachable=there, code=code, detail=problem.detail)
        except LoginRefused as no:
            return Health(reachable=True, code="province.login", detail=str(no))
        except Unreadable as problem:
            return Health(reachable=True, code="province.reply_unreadable", detail=str(problem))
        self._resumable = _RESUMABLE in told.features
        return Health(
            reachable=True,
            name=replies.tidy_words(told.name),
            training=told.training,
            max_bytes=told.max_bytes,
            clock_difference=(told.now - (before + (after - before) / 2)).total_seconds(),
            contract=told.contract,
        )

    @property
    def reading(self) -> Reading:
        """What can be read there, by contract 1.2; an older province answers that it offers nothing."""
        if self._unusable:
            return NotConnected()
        return GatewayReading(self._ask, self._wire.conversation, self._clock, self._profile.settle_s)

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Ask for the receipt of a parcel. None only when the province itself says it never saw it."""
        if self._unusable:
            return self._not_set()
        try:
            with self._wire.conversation():
                answer = self._ask("GET", _place(parcel))
        except NoAnswer as problem:
            return self._silence(problem)
        except LoginRefused as no:
            return _not_let_in(no)
        if answer.status == 200:
            return replies.receipt_of(answer, parcel, already=True)
        told = replies.problem_of(answer)
        if answer.status == 404 and told and told.code == "parcel_unknown":
            return None
        meaning = replies.refusal(answer, self._clock())
        if isinstance(meaning, Later):
            return meaning
        # refused to answer, which says nothing about the parcel
        return Later(meaning.code, attempt=True, detail=f"status {answer.status}")

    def deliver(
        self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None], keep: Keep = keep_nothing
    ) -> Reply:
        """Send the PDF, the signature of the record where there is one, then the record. ``progress(sent, total)``
        counts bytes of the PDF and may raise to stop.

        Raises:
            DeskError: ``signature.broken`` when PDF or record are not, byte for byte, what was packed (R21, R30).
        """
        body = parcel.body.encode()
        if len(pdf) != parcel.file_size or hashlib.sha256(pdf).hexdigest() != parcel.file_sha256:
            raise error("signature.broken", "PDF differs from what was packed")
        if hashlib.sha256(body).hexdigest() != parcel.digest:
            raise error("signature.broken", "record differs from what was packed")
        if self._unusable:
            return self._not_set()
        lacking = missing(self._profile.codes, codes_in(parcel.body))
        if lacking:
            return Rejected("province.code_unmapped", ", ".join(lacking))
        try:
            with self._wire.conversation():
                return self._deliver(parcel, pdf, body, progress, keep)
        except LoginRefused as no:
            return _not_let_in(no)

    def _deliver(self, parcel: Parcel, pdf: bytes, body: bytes, progress: Progress, keep: Keep) -> Reply:
        trail = read_trail(parcel.trail, _NAME, parcel.file_sha256)
        there = (parcel.tries > 0 or bool(parcel.trail)) and self._has_file(parcel)
        if there:
            progress(len(pdf), len(pdf))
        else:
            failed = self._bring_file(parcel, pdf, progress, trail, keep)
            if failed is not None:
                return failed
        unsigned = self._put_signature(parcel)
        if unsigned is not None:
            return unsigned
        # the parcel's id makes a repeat of the record harmless
        keep(replace(trail.finished(Step.VERIFY).opening(Step.RECORD, self._clock()), spare=True))
        answer = self._put_record(parcel, body)
        if there and isinstance(answer, Answer) and answer.status == 424:
            # it was tidied away between question and record
            failed = self._bring_file(parcel, pdf, progress, Trail(_NAME, parcel.file_sha256), keep)
            if failed is not None:
                return failed
            answer = self._put_record(parcel, body)
        if isinstance(answer, Later):
            return answer
        if answer.status in (200, 201):
            return replies.receipt_of(answer, parcel, already=answer.status == 200)
        return replies.refusal(answer, self._clock(), may_have_arrived=True, settle_s=self._profile.settle_s)

    def rehearse(self, data: bytes, progress: Progress) -> Rehearsed | Later | None:
        """As :class:`~digitizer_desk.province.link.CanRehearse`: an upload that never ends, then taken back."""
        if self._unusable:
            return self._not_set()
        if self._resumable is None and (health := self.health()).code:
            return Later(health.code, attempt=health.reachable, detail=health.detail)
        if not self._resumable:
            return None
        uploads = Uploads(self._ask, self._wire.below, _UPLOADS, piece=self._profile.piece_bytes)
        metadata = {"filename": "thu.pdf", "filetype": "application/pdf", "sha256": hashlib.sha256(data).hexdigest()}
        try:
            with self._wire.conversation():
                return Rehearsed(len(data), uploads.rehearse(data, metadata, progress))
        except Refused as no:
            refused = replies.refusal(no.answer, self._clock())
            return refused if isinstance(refused, Later) else Later(refused.code, attempt=True)
        except NoAnswer as problem:
            return self._silence(problem)
        except LoginRefused as no:
            return _not_let_in(no)

    def _has_file(self, parcel: Parcel) -> bool:
        """Whether the province shows it holds these very bytes; any doubt means no, and sending again is harmless."""
        try:
            answer = self._ask("HEAD", f"/v1/files/{parcel.file_sha256}")
        except NoAnswer:
            return False
        digest = base64.b64encode(bytes.fromhex(parcel.file_sha256)).decode()
        return answer.status == 200 and answer.headers.get("repr-digest", "").strip() == f"sha-256=:{digest}:"

    def _bring_file(self, parcel: Parcel, pdf: bytes, progress: Progress, trail: Trail, keep: Keep) -> Reply | None:
        """Send the PDF, whole or in pieces. None when the province has computed the same hash."""
        try:
            if len(pdf) > self._profile.piece_bytes and (trail.note("place") or self._takes_pieces()):
                return self._send_pieces(parcel, pdf, progress, trail, keep)
            return self._put_file(parcel, pdf, progress)
        except NoAnswer as problem:
            return self._silence(problem)

    def _takes_pieces(self) -> bool:
        if self._resumable is None:
            answer = self._ask("GET", "/v1/health")
            try:
                self._resumable = _RESUMABLE in replies.read_shape(answer, replies.HealthReply).features
            except Unreadable:
                return False
        return self._resumable

    def _send_pieces(self, parcel: Parcel, pdf: bytes, progress: Progress, trail: Trail, keep: Keep) -> Reply | None:
        uploads = Uploads(self._ask, self._wire.below, _UPLOADS, piece=self._profile.piece_bytes)
        metadata = {
            "filename": f"{parcel.file_sha256}.pdf",
            "filetype": "application/pdf",
            "sha256": parcel.file_sha256,
        }

        def started(place: str) -> None:
            keep(trail.opening(Step.UPLOAD, self._clock(), place=place))

        try:
            uploads.send(pdf, metadata, trail.note("place"), started, progress)
        except Refused as no:
            return replies.refusal(no.answer, self._clock())
        keep(trail.finished(Step.UPLOAD))
        if not self._has_file(parcel):
            return replies.unreadable("the province does not show the file it took in pieces")
        return None

    def _put_file(self, parcel: Parcel, pdf: bytes, progress: Progress) -> Reply | None:
        answer = self._ask(
            "PUT", f"/v1/files/{parcel.file_sha256}", body=pdf, media="application/pdf", progress=progress
        )
        if answer.status not in (200, 201):
            return replies.refusal(answer, self._clock())
        try:
            stored = replies.read_shape(answer, replies.StoredFile)
        except Unreadable as problem:
            return replies.unreadable(str(problem))
        if (stored.sha256, stored.size) != (parcel.file_sha256, parcel.file_size):
            return replies.unreadable("the province's hash of the file is another")
        return None

    def _put_signature(self, parcel: Parcel) -> Reply | None:
        """Send the agency's signature of the record (R44) ahead of it: there is no moment at which the province has the
        one without the other. None when it is kept, and when there is none or the province knows of none (1.0)."""
        if not parcel.body_signature:
            return None
        signature = base64.b64decode(parcel.body_signature)
        try:
            answer = self._ask(
                "PUT", f"/v1/signatures/{parcel.digest}", body=signature, media="application/pkcs7-signature"
            )
        except NoAnswer as problem:
            return self._silence(problem)
        if answer.status in (404, 405):
            return None
        if answer.status not in (200, 201):
            return replies.refusal(answer, self._clock())
        try:
            stored = replies.read_shape(answer, replies.StoredFile)
        except Unreadable as problem:
            return replies.unreadable(str(problem))
        if stored.sha256 != hashlib.sha256(signature).hexdigest():
            return replies.unreadable("the province's hash of the signature is another")
        return None

    def _put_record(self, parcel: Parcel, body: bytes) -> Answer | Later:
        try:
            return self._ask(
                "PUT", _place(parcel), body=body, media="application/json", headers=self._province_codes(parcel)
            )
        except NoAnswer as problem:
            return self._silence(problem, may_have_arrived=True)

    def _province_codes(self, parcel: Parcel) -> dict[str, str]:
        """What the province calls the codes of the record; nothing where it calls them as we do."""
        codes = self._profile.codes
        named = [(table, codes.theirs(table, ours)) for table, ours in codes_in(parcel.body).items()]
        told = [f'{table}="{quote(code, safe="")}"' for table, code in named if code and getattr(codes, table)]
        return {"Province-Codes": ", ".join(told)} if told else {}

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | memoryview | None = None,
        media: str = "",
        progress: Progress | None = None,
        headers: Mapping[str, str] | None = None,
        most: int = 0,
    ) -> Answer:
        """One exchange as who we are; a token that ended meanwhile is renewed once."""
        for last in (False, True):
            known = {**(headers or {}), "Authorization": self._login.header()}
            answer = self._wire.ask(method, path, body=body, media=media, progress=progress, headers=known, most=most)
            if last or answer.status != 401 or not self._login.renew():
                break
        return answer

    def _not_set(self) -> Later:
        return Later("province.not_set", attempt=False, pause_all=True, detail=self._unusable)

    def _silence(self, problem: NoAnswer, *, may_have_arrived: bool = False) -> Later:
        return replies.no_answer(problem, may_have_arrived=may_have_arrived, settle_s=self._profile.settle_s)


def _not_let_in(no: LoginRefused) -> Later:
    return Later("province.login", attempt=True, pause_all=True, detail=str(no))
