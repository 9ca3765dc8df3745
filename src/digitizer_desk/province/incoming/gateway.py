# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Reading at a gateway: the addresses that contract 1.2 adds, all of them optional.

Apart from ``http.py``, which delivers: nothing here changes anything there but the note of a reuse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TypeVar
from urllib.parse import quote, urlencode

from digitizer_desk.dossier.incoming.reuse import Reusable
from digitizer_desk.province import replies
from digitizer_desk.province.incoming.reading import (
    MOST_PACK_BYTES,
    MOST_SIGNATURE_BYTES,
    Decided,
    FetchedPack,
    Listed,
    OfferedPack,
    Reading,
    ReuseTaken,
    Unchanged,
    not_offered,
)
from digitizer_desk.province.incoming.shapes import (
    DecisionPage,
    PacksOffered,
    PapersFound,
    ReuseReceipt,
    WaitingPage,
)
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.province.login import LoginRefused
from digitizer_desk.province.replies import Unreadable
from digitizer_desk.province.wire import Answer, NoAnswer

_AT_ONCE, _DECISIONS_AT_ONCE = 100, 200
#: pages and dossiers of one list; more is no counter's list
_MOST_PAGES = 100
#: how often a list that changes while it is read is begun anew
_PATIENCE = 3

_S = TypeVar("_S", bound=replies.Shape)
_R = TypeVar("_R")


class _Stop(Exception):
    """The errand ends with this answer."""

    def __init__(self, reply: Later) -> None:
        super().__init__(reply.code)
        self.reply = reply


class _Moved(Exception):
    """The list became another while it was read."""


class GatewayReading(Reading):
    """``ask`` is one exchange as who we are (``GatewayLink``), ``conversation`` one connection for several."""

    def __init__(
        self,
        ask: Callable[..., Answer],
        conversation: Callable[[], AbstractContextManager[None]],
        clock: Callable[[], datetime],
        settle_s: float,
    ) -> None:
        self._ask, self._conversation, self._clock, self._settle_s = ask, conversation, clock, settle_s

    # -- the list --------------------------------------------------------------------------------------------------

    def waiting(self, mark: str) -> Listed | Unchanged | Later:
        return self._errand(lambda: self._list(mark))

    def _list(self, mark: str) -> Listed | Unchanged | Later:
        for _try in range(_PATIENCE):
            try:
                return self._pages(mark)
            except _Moved:
                continue
        return Later("province.server_busy", attempt=True, detail="the list changes while it is read")

    def _pages(self, mark: str) -> Listed | Unchanged:
        """All pages of one state of the list: each names the state it is of (ETag)."""
        pages: list[WaitingPage] = []
        state, cursor = "", ""
        for number in range(_MOST_PAGES):
            query = {"limit": _AT_ONCE, **({"cursor": cursor} if cursor else {})}
            known = {"If-None-Match": mark} if mark and not number else {}
            answer = self._ask("GET", f"/v1/dossiers?{urlencode(query)}", headers=known)
            if answer.status == 304 and known:
                return Unchanged()
            if answer.status == 409 and number:
                raise _Moved  # the cursor belongs to a list that is no more
            page = self._good(answer, WaitingPage)
            tag = answer.headers.get("etag", "")
            if not tag or not tag.isascii() or not tag.isprintable() or len(tag) > 200:
                raise _Stop(replies.unreadable("a list without a usable ETag"))
            if number and tag != state:
                raise _Moved
            state, cursor = tag, page.next or ""
            pages.append(page)
            if not cursor:
                return _listed(pages, state)
        raise _Stop(replies.unreadable("a list without end"))

    # -- decisions -------------------------------------------------------------------------------------------------

    def decisions(self, after: str) -> Decided | Later:
        return self._errand(lambda: self._decided(after))

    def _decided(self, after: str) -> Decided:
        query = urlencode({"after": after, "limit": _DECISIONS_AT_ONCE})
        page = self._good(self._ask("GET", f"/v1/decisions?{query}"), DecisionPage)
        if page.more and page.mark == after:
            raise _Stop(replies.unreadable("decisions that go on without getting on"))
        found = tuple(value for one in page.decisions if (value := one.value()) is not None)
        return Decided(found, page.mark, page.more)

    # -- papers ----------------------------------------------------------------------------------------------------

    def papers(self, owner: str) -> tuple[Reusable, ...] | Later:
        return self._errand(lambda: self._found(owner))

    def _found(self, owner: str) -> tuple[Reusable, ...]:
        body = json.dumps({"identifier": owner}).encode()
        answer = self._ask("POST", "/v1/papers/search", body=body, media="application/json")
        return tuple(paper.value() for paper in self._good(answer, PapersFound).papers)

    def tell_reuse(self, reuse_id: str, body: str) -> ReuseTaken | Rejected | Later:
        try:
            with self._conversation():
                answer = self._ask(
                    "PUT", f"/v1/reuses/{quote(reuse_id, safe='')}", body=body.encode(), media="application/json"
                )
        except NoAnswer as silence:
            return replies.no_answer(silence, may_have_arrived=True, settle_s=self._settle_s)
        except LoginRefused as no:
            return Later("province.login", attempt=True, pause_all=True, detail=str(no))
        if answer.status in (200, 201):
            try:
                receipt = replies.read_shape(answer, ReuseReceipt)
            except Unreadable as problem:
                return replies.unreadable(str(problem))
            told = hashlib.sha256(body.encode()).hexdigest()
            if (receipt.reuse_id, receipt.record_sha256) != (reuse_id, told):
                return replies.unreadable("the receipt names another reuse")
            return ReuseTaken(replies.tidy_words(receipt.number))
        if _unknown_address(answer):
            return not_offered()
        return replies.refusal(answer, self._clock(), may_have_arrived=True, settle_s=self._settle_s)

    # -- packs -----------------------------------------------------------------------------------------------------

    def packs(self) -> tuple[OfferedPack, ...] | Later:
        return self._errand(self._offered)

    def _offered(self) -> tuple[OfferedPack, ...]:
        found = self._good(self._ask("GET", "/v1/packs"), PacksOffered).packs
        return tuple(OfferedPack(one.id, one.sequence, one.sha256) for one in found)

    def pack(self, offered: OfferedPack) -> FetchedPack | Later:
        return self._errand(lambda: self._fetch(offered))

    def _fetch(self, offered: OfferedPack) -> FetchedPack:
        place = f"/v1/packs/{quote(offered.id, safe='')}/{offered.sequence}"
        content = self._bytes(place, MOST_PACK_BYTES)
        if hashlib.sha256(content).hexdigest() != offered.sha256:
            raise _Stop(Later("pack.cut", attempt=True, detail="other bytes than offered"))
        return FetchedPack(content, self._bytes(f"{place}/signature", MOST_SIGNATURE_BYTES))

    def _bytes(self, place: str, most: int) -> bytes:
        try:
            answer = self._ask("GET", place, most=most)
        except NoAnswer as silence:
            if silence.trouble.value in ("cut", "stalled"):
                raise _Stop(Later("pack.cut", attempt=True, detail=silence.detail)) from None
            raise
        if answer.status != 200:
            raise _Stop(self._meaning(answer))
        return answer.body

    # -- what all do -----------------------------------------------------------------------------------------------

    def _errand(self, work: Callable[[], _R]) -> _R | Later:
        try:
            with self._conversation():
                return work()
        except _Stop as stop:
            return stop.reply
        except NoAnswer as silence:
            return replies.no_answer(silence, may_have_arrived=False, settle_s=self._settle_s)
        except LoginRefused as no:
            return Later("province.login", attempt=True, pause_all=True, detail=str(no))

    def _good(self, answer: Answer, shape: type[_S]) -> _S:
        if answer.status != 200:
            raise _Stop(self._meaning(answer))
        try:
            return replies.read_shape(answer, shape)
        except Unreadable as problem:
            raise _Stop(replies.unreadable(str(problem))) from None

    def _meaning(self, answer: Answer) -> Later:
        """An answer that is no 200: a province of an earlier contract has no such address."""
        if _unknown_address(answer):
            return not_offered()
        refused = replies.refusal(answer, self._clock())
        if isinstance(refused, Later):
            return refused
        return Later(refused.code, attempt=True, detail=f"status {answer.status}")


def _unknown_address(answer: Answer) -> bool:
    return answer.status in (404, 405, 501)


def _listed(pages: list[WaitingPage], mark: str) -> Listed:
    rows = [row.value() for page in pages for row in page.dossiers]
    found = {one.code: one for one in rows if one is not None}
    withdrawn = {one.code: replies.tidy_words(one.said) for page in pages for one in page.withdrawn}
    return Listed(tuple(found.values()), mark, withdrawn, passed_over=sum(row is None for row in rows))
