# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The provincial system over HTTPS, by the contract in ``resources/contracts/gateway.openapi.yaml``.

Apart from other links because each province's contract is a module of its own; this one is the contract we ask for.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from digitizer_desk import __version__
from digitizer_desk.dossier.model import Parcel
from digitizer_desk.errors import DeskError, error
from digitizer_desk.province import replies
from digitizer_desk.province.link import Accepted, Health, Later, Reply
from digitizer_desk.province.replies import Unreadable
from digitizer_desk.province.wire import Answer, NoAnswer, Progress, Trouble, Wire


@dataclass(frozen=True, slots=True)
class GatewayProfile:
    """Where the province is and who we are there.

    ``desk_id`` names this desk at the province. ``ca_file`` (PEM) takes the place of the system's roots.
    ``timeout_s`` is how long the province may be silent. ``settle_s`` is the wait before asking again after a lost
    answer. ``proxy_url`` is used only when set here: the environment's proxies never are.
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


def _now() -> datetime:
    return datetime.now(UTC)


def _place(parcel: Parcel) -> str:
    return f"/v1/parcels/{quote(parcel.id, safe='')}"


class GatewayLink:
    """A :class:`~digitizer_desk.province.link.ProvinceLink`. For the network lane: one call at a time."""

    def __init__(self, profile: GatewayProfile, *, clock: Callable[[], datetime] = _now) -> None:
        """Nothing is sent yet. A profile that cannot be used is told by each call as ``province.not_set``: a wrong
        address must not keep the counter from opening."""
        self._profile = profile
        self._clock = clock
        headers = {
            "Authorization": f"Bearer {profile.secret}" if profile.secret else "",
            "Accept": "application/json",
            "User-Agent": f"digitizer-desk/{__version__}",
        }
        if profile.desk_id:
            headers["Desk-Id"] = quote(profile.desk_id)
        self._unusable = ""
        try:
            self._wire = Wire(
                profile.base_url,
                headers,
                ca_file=profile.ca_file,
                timeout_s=profile.timeout_s,
                max_reply_bytes=profile.max_reply_bytes,
                proxy_url=profile.proxy_url,
            )
        except DeskError as problem:
            self._unusable = problem.detail

    def __repr__(self) -> str:
        return f"GatewayLink({self._profile.name!r})"

    def health(self) -> Health:
        """Ask whether the province is there and lets us in; measures the clocks' difference at mid-flight."""
        if self._unusable:
            return Health(reachable=False, code="province.not_set")
        before = self._clock()
        try:
            with self._wire.conversation():
                answer = self._wire.ask("GET", "/v1/health")
            after = self._clock()
            if answer.status != 200:
                return Health(reachable=True, code=replies.refusal(answer, after).code)
            told = replies.read_shape(answer, replies.HealthReply)
        except NoAnswer as problem:
            code = self._silence(problem).code
            return Health(reachable=problem.trouble in (Trouble.CERTIFICATE, Trouble.UNREADABLE), code=code)
        except Unreadable:
            return Health(reachable=True, code="province.reply_unreadable")
        return Health(
            reachable=True,
            name=replies.tidy_words(told.name),
            training=told.training,
            max_bytes=told.max_bytes,
            clock_difference=(told.now - (before + (after - before) / 2)).total_seconds(),
        )

    def look(self, parcel: Parcel) -> Accepted | Later | None:
        """Ask for the receipt of a parcel. None only when the province itself says it never saw it."""
        if self._unusable:
            return self._not_set()
        try:
            with self._wire.conversation():
                answer = self._wire.ask("GET", _place(parcel))
        except NoAnswer as problem:
            return self._silence(problem)
        if answer.status == 200:
            return self._receipt(answer, parcel, already=True)
        told = replies.problem_of(answer)
        if answer.status == 404 and told and told.code == "parcel_unknown":
            return None
        meaning = replies.refusal(answer, self._clock())
        if isinstance(meaning, Later):
            return meaning
        # refused to answer, which says nothing about the parcel
        return Later(meaning.code, attempt=True, detail=f"status {answer.status}")

    def deliver(self, parcel: Parcel, pdf: bytes, progress: Callable[[int, int], None]) -> Reply:
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
        with self._wire.conversation():
            there = parcel.tries > 0 and self._has_file(parcel)
            if there:
                progress(len(pdf), len(pdf))
            else:
                failed = self._put_file(parcel, pdf, progress)
                if failed is not None:
                    return failed
            refused = self._put_signature(parcel)
            if refused is not None:
                return refused
            answer = self._put_record(parcel, body)
            if there and isinstance(answer, Answer) and answer.status == 424:
                # it was tidied away between question and record
                failed = self._put_file(parcel, pdf, progress)
                if failed is not None:
                    return failed
                answer = self._put_record(parcel, body)
        if isinstance(answer, Later):
            return answer
        if answer.status in (200, 201):
            return self._receipt(answer, parcel, already=answer.status == 200)
        return replies.refusal(answer, self._clock(), may_have_arrived=True, settle_s=self._profile.settle_s)

    def _has_file(self, parcel: Parcel) -> bool:
        """Whether the province shows it holds these very bytes; any doubt means no, and sending again is harmless."""
        try:
            answer = self._wire.ask("HEAD", f"/v1/files/{parcel.file_sha256}")
        except NoAnswer:
            return False
        digest = base64.b64encode(bytes.fromhex(parcel.file_sha256)).decode()
        return answer.status == 200 and answer.headers.get("repr-digest", "").strip() == f"sha-256=:{digest}:"

    def _put_file(self, parcel: Parcel, pdf: bytes, progress: Progress) -> Reply | None:
        """Send the PDF. None when the province has computed the same hash."""
        try:
            answer = self._wire.ask(
                "PUT", f"/v1/files/{parcel.file_sha256}", body=pdf, media="application/pdf", progress=progress
            )
        except NoAnswer as problem:
            return self._silence(problem)
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
            answer = self._wire.ask(
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
            return self._wire.ask("PUT", _place(parcel), body=body, media="application/json")
        except NoAnswer as problem:
            return self._silence(problem, may_have_arrived=True)

    def _not_set(self) -> Later:
        return Later("province.not_set", attempt=False, pause_all=True, detail=self._unusable)

    def _silence(self, problem: NoAnswer, *, may_have_arrived: bool = False) -> Later:
        return replies.no_answer(problem, may_have_arrived=may_have_arrived, settle_s=self._profile.settle_s)

    @staticmethod
    def _receipt(answer: Answer, parcel: Parcel, *, already: bool) -> Accepted | Later:
        """A receipt counts only when it names this parcel, these bytes and this record (R46)."""
        try:
            receipt = replies.read_shape(answer, replies.Receipt)
        except Unreadable as problem:
            return replies.unreadable(str(problem))
        if receipt.parcel_id != parcel.id:
            return replies.unreadable("the receipt names another parcel")
        if receipt.sha256 != parcel.file_sha256:
            return replies.unreadable("the receipt names another hash of the file")
        if receipt.record_sha256 != parcel.digest:
            return replies.unreadable("the receipt names another hash of the record")
        signed = hashlib.sha256(base64.b64decode(parcel.body_signature)).hexdigest() if parcel.body_signature else None
        if receipt.record_signature_sha256 not in (None, signed):
            return replies.unreadable("the receipt names another signature of the record")
        return Accepted(
            number=replies.tidy_words(receipt.number),
            sha256=receipt.sha256,
            result_code=replies.tidy_words(receipt.result_code),
            at=receipt.accepted_at,
            already=already,
        )
