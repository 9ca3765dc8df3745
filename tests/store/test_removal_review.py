# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Copies do not leave under the hands of a review: not from a lot in work, not while a page has come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from digitizer_desk.dossier.model import Dossier
from digitizer_desk.dossier.review import Judgement, Level, Lot, SignedPage, Verdict
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.review.lots import new_lot
from store.room import Room
from store.samples import CLERK, START, make_dossier, new_page, pack, picture


@pytest.fixture
def sent(cabinet: Cabinet, dossier: Dossier, room: Room) -> tuple[SignedPage, ...]:
    """Two dossiers, three pages each, sent and confirmed, long ago; the pages of the first, which lie in no lot yet."""
    cabinet.dossiers.add(make_dossier(2), CLERK)
    for number in (1, 2):
        for page in range(3):
            cabinet.pages.keep(f"d{number}c1", picture(10 * number + page), new_page(), CLERK)
        confirm(cabinet, number, 1)
    room.clock.pass_time(days=100)
    cabinet.shelf._lately.clear()  # made in this very second, unlike anybody's
    return tuple(page for page in cabinet.lots.signed_pages() if page.component_id == "d1c1")


def confirm(cabinet: Cabinet, dossier: int, version: int) -> None:
    parcel = pack(cabinet, f"d{dossier}", f"d{dossier}c1", version)
    cabinet.outbox.accepted(parcel.id, f"BN-{dossier}-{version}", "", START + timedelta(minutes=version))


def lot_of(cabinet: Cabinet, members: Sequence[SignedPage], sample: int = 1) -> Lot:
    drawn = [(page.page_id, page.version) for page in members[:sample]]
    made = new_lot("Quầy 1", members, Level.NORMAL, "tcvn7790-1", sample, 0, "ab" * 16, START)
    return cabinet.lots.make(made, members, drawn, CLERK)


def judged(cabinet: Cabinet, lot: Lot, page: SignedPage, mended_by: str = "") -> Judgement:
    fault, kind, rule = ("blurred", "major", "limit") if mended_by else ("", "", "")
    said = Judgement(0, page.page_id, page.version, fault, kind, rule, mended_by, "", "", START)
    return cabinet.lots.judge(lot.id, said, CLERK)


def stays(cabinet: Cabinet) -> bool:
    """Whether the first dossier is kept for a review, by what is told and by what is done; the second never is."""
    told = {one.dossier_id: one.in_review for one in cabinet.removal.confirmed()}
    assert told["d2"] is False
    if told["d1"]:
        files = len(list(cabinet.shelf.files()))
        assert cabinet.removal.remove("d1", "desk") is None
        assert len(list(cabinet.shelf.files())) == files
    return told["d1"]


def test_an_open_lot_keeps_its_dossiers_until_its_verdict(cabinet: Cabinet, sent: tuple[SignedPage, ...]) -> None:
    assert not stays(cabinet), "signed pages in no lot hold nothing up: an office may review nothing at all"
    lot = lot_of(cabinet, sent)
    assert stays(cabinet)
    judged(cabinet, lot, sent[0])
    assert stays(cabinet), "judged, but the verdict is not given"
    cabinet.lots.conclude(lot.id, Verdict.ACCEPTED, "", CLERK)
    assert not stays(cabinet), "accepted: nobody looks at the pages outside the sample any more"
    assert cabinet.removal.remove("d1", "desk") is not None


def test_a_refused_lot_keeps_them_until_every_page_was_seen(cabinet: Cabinet, sent: tuple[SignedPage, ...]) -> None:
    lot = lot_of(cabinet, sent)
    judged(cabinet, lot, sent[0])
    cabinet.lots.conclude(lot.id, Verdict.REFUSED, "", CLERK)
    assert stays(cabinet)
    judged(cabinet, lot, sent[1])
    judged(cabinet, lot, sent[2])
    assert not stays(cabinet)
    cabinet.lots.take_back(lot.id, CLERK)
    assert stays(cabinet), "a judgement that was taken back is none"


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.REFUSED])
def test_a_page_that_came_back_keeps_its_dossier(
    cabinet: Cabinet, sent: tuple[SignedPage, ...], verdict: Verdict
) -> None:
    lot = lot_of(cabinet, sent, len(sent))
    back = judged(cabinet, lot, sent[0], "page")
    for page in sent[1:]:
        judged(cabinet, lot, page)
    cabinet.lots.conclude(lot.id, verdict, "", CLERK)
    assert stays(cabinet)
    cabinet.lots.answer(back.number, "giấy gốc mờ", CLERK)
    assert not stays(cabinet), "the clerk said why it stays as it is"


def test_what_came_back_and_was_mended_leaves_with_its_new_document(
    cabinet: Cabinet, sent: tuple[SignedPage, ...]
) -> None:
    lot = lot_of(cabinet, sent, len(sent))
    judged(cabinet, lot, sent[0], "page")
    for page in sent[1:]:
        judged(cabinet, lot, page)
    cabinet.lots.conclude(lot.id, Verdict.ACCEPTED, "", CLERK)
    cabinet.pages.keep("d1c1", picture(99), new_page(), CLERK, replaces=sent[0].page_id)
    assert not any(one.dossier_id == "d1" for one in cabinet.removal.confirmed()), "changed since: not confirmed"
    confirm(cabinet, 1, 2)
    assert not stays(cabinet)


def test_a_lot_that_opens_in_the_same_moment_wins(cabinet: Cabinet, sent: tuple[SignedPage, ...]) -> None:
    """What was listed as due is asked again inside the transaction in which it would leave."""
    due = cabinet.removal.confirmed()
    lot_of(cabinet, sent)
    assert [cabinet.removal.remove(one.dossier_id, "desk") is None for one in due] == [True, False]
