# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reading what a gateway answers: strict shapes, and what each status means for the outbox.

Apart from ``http.py`` so that the table of meanings can be read in one place. Unknown keys in an answer are passed over
(a newer province may say more); a missing or odd one makes the whole answer unreadable.
"""

from __future__ import annotations

import base64
import email.utils
import hashlib
import unicodedata
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from digitizer_desk.dossier.model import Parcel
from digitizer_desk.province.link import Accepted, Later, Rejected
from digitizer_desk.province.wire import Answer, NoAnswer, Trouble

#: a Retry-After beyond this is cut: the queue must not sleep over a working day because of one odd header
LONGEST_WAIT_S = 3600.0
#: words of the province longer than this are cut for the screen
LONGEST_SAID = 500

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class HealthReply(Shape):
    name: Short
    contract: Annotated[str, StringConstraints(pattern=r"^1\.\d+\.\d+$")]
    training: bool
    now: AwareDatetime
    max_bytes: int | None = None
    features: list[str] = []


class StoredFile(Shape):
    sha256: Sha256
    size: int


class Receipt(Shape):
    number: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    parcel_id: Short
    sha256: Sha256
    record_sha256: Sha256
    result_code: Annotated[str, StringConstraints(max_length=200)]
    accepted_at: AwareDatetime
    record_signature_sha256: Sha256 | None = None
    address: Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://[\x21-\x7e]+$")] | None = None


class Problem(Shape):
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,63}$")]
    said: str = ""


_S = TypeVar("_S", bound=Shape)


class Unreadable(Exception):
    """The answer is not what the contract says. The text holds places and kinds, never values."""


def read_shape(answer: Answer, shape: type[_S]) -> _S:
    """The JSON of an answer.

    Raises:
        Unreadable: another media type, no JSON, or a key missing or odd.
    """
    if answer.media != "application/json":
        raise Unreadable(f"status {answer.status}, not JSON")
    try:
        return shape.model_validate_json(answer.body)
    except ValidationError as problem:
        places = ", ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['type']}" for e in problem.errors()[:5])
        raise Unreadable(f"status {answer.status}, {places}") from None


def problem_of(answer: Answer) -> Problem | None:
    """The problem an answer tells, or None when it tells none in the contract's shape."""
    try:
        return read_shape(answer, Problem)
    except Unreadable:
        return None


def unreadable(detail: str) -> Later:
    """Something came that the contract does not know: it never counts as received and never as refused."""
    return Later("province.reply_unreadable", attempt=True, detail=detail)


def no_answer(problem: NoAnswer, *, may_have_arrived: bool, settle_s: float) -> Later:
    """What silence means. ``may_have_arrived``: the record itself was on its way, so the outcome is unknown."""
    detail = str(problem)
    match problem.trouble:
        case Trouble.UNREACHED:
            return Later("province.offline", attempt=False, detail=detail)
        case Trouble.NO_PASSAGE:
            return Later("province.timeout", attempt=True, detail=detail)
        case Trouble.CERTIFICATE:
            return Later("province.certificate", attempt=True, pause_all=True, detail=detail)
        case Trouble.UNREADABLE:
            return unreadable(detail)
    if may_have_arrived:
        return Later("province.unknown_outcome", attempt=True, after_seconds=settle_s, detail=detail)
    return Later(
        "province.timeout" if problem.trouble is Trouble.STALLED else "province.offline", attempt=True, detail=detail
    )


def refusal(
    answer: Answer, now: datetime, *, may_have_arrived: bool = False, settle_s: float = 0.0
) -> Later | Rejected:
    """What an answer other than 2xx means.

    A status alone stops a parcel or the queue only where a proxy in front rightly answers for the province too (401,
    413, 426, 429, 5xx); everything said about the content must come in the contract's own words.
    """
    status, told = answer.status, problem_of(answer)
    detail = f"status {status} {told.code if told else ''}".rstrip()
    if status == 401:
        return Later("province.login", attempt=True, pause_all=True, detail=detail)
    if status == 426:
        return Later("province.old_version", attempt=True, pause_all=True, detail=detail)
    if status == 413:
        return Rejected("province.too_large", tidy_words(told.said if told else ""))
    if may_have_arrived and status in (502, 504):
        # a proxy lost the province's answer: the record may well be there
        return Later("province.unknown_outcome", attempt=True, after_seconds=settle_s, detail=detail)
    if status == 429 or status >= 500:
        return Later("province.server_busy", attempt=True, after_seconds=retry_after(answer, now), detail=detail)
    if status == 403 and answer.media != "text/html":
        return Rejected("province.forbidden", tidy_words(told.said if told else ""))
    if status == 423 or (told and told.code == "hash_differs"):
        # ours was checked before it left, so it broke on the way
        return unreadable(f"{detail}: file broke on the way")
    if told and status in (400, 409, 422):
        return Rejected("province.rejected", tidy_words(told.said))
    return unreadable(detail)


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Seconds of a ``Retry-After`` header (number or date), between 0 and :data:`LONGEST_WAIT_S`; None without one."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        seconds = float(text[:9])
    else:
        try:
            when = email.utils.parsedate_to_datetime(text)
            seconds = (when - now).total_seconds()
        except (TypeError, ValueError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT_S)


def tidy_words(said: str) -> str:
    """The province's words as they are, but one line of visible text (NFC) that fits a screen."""
    visible = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in unicodedata.normalize("NFC", said))
    words = " ".join(visible.split())
    return words if len(words) <= LONGEST_SAID else words[: LONGEST_SAID - 1].rstrip() + "…"


def receipt_of(answer: Answer, parcel: Parcel, *, already: bool) -> Accepted | Later:
    """A receipt counts only when it names this parcel, these bytes and this record (R46)."""
    try:
        receipt = read_shape(answer, Receipt)
    except Unreadable as problem:
        return unreadable(str(problem))
    if receipt.parcel_id != parcel.id:
        return unreadable("the receipt names another parcel")
    if receipt.sha256 != parcel.file_sha256:
        return unreadable("the receipt names another hash of the file")
    if receipt.record_sha256 != parcel.digest:
        return unreadable("the receipt names another hash of the record")
    signed = hashlib.sha256(base64.b64decode(parcel.body_signature)).hexdigest() if parcel.body_signature else None
    if receipt.record_signature_sha256 not in (None, signed):
        return unreadable("the receipt names another signature of the record")
    return Accepted(
        number=tidy_words(receipt.number),
        sha256=receipt.sha256,
        result_code=tidy_words(receipt.result_code),
        at=receipt.accepted_at,
        already=already,
        address=receipt.address or "",
    )
