# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Lots in the cabinet: what is signed comes into exactly one, what was said stays, what came back is computed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from digitizer_desk.dossier.model import Dossier, Metadata
from digitizer_desk.dossier.review import Judgement, Level, Lot, SignedPage, Verdict
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.review.lots import new_lot
from store.room import Room
from store.samples import CLERK, FAULT, MEASURES, START, freeze, new_page, pack, picture


def scan(cabinet: Cabinet, part: str = "d1c1", count: int = 3) -> None:
    for number in range(count):
        page = cabinet.pages.keep(part, picture(100 * int(part[-1]) + number), new_page(), CLERK)
        cabinet.pages.set_measures(page.id, MEASURES, [FAULT] if number == 0 else [])


def lot_of(cabinet: Cabinet, count: int = 2) -> tuple[Lot, tuple[SignedPage, ...]]:
    members = cabinet.lots.signed_pages()
    sample = [(page.page_id, page.version) for page in members[:count]]
    made = new_lot("Quầy 1", members, Level.NORMAL, "tcvn7790-1", count, 0, "ab" * 16, START)
    return cabinet.lots.make(made, members, sample, CLERK), members


def said(page: SignedPage, fault: str = "", mended_by: str = "") -> Judgement:
    kind, rule = ("major", "limit") if fault else ("", "")
    return Judgement(0, page.page_id, page.version, fault, kind, rule, mended_by, "", "", START)


@pytest.fixture
def lot(cabinet: Cabinet, dossier: Dossier) -> tuple[Lot, tuple[SignedPage, ...]]:
    scan(cabinet)
    pack(cabinet, "d1", "d1c1")
    return lot_of(cabinet)


def test_only_signed_pages_wait_for_a_lot(cabinet: Cabinet, dossier: Dossier) -> None:
    scan(cabinet)
    assert cabinet.lots.signed_pages() == ()
    freeze(cabinet, "d1", "d1c1")
    found = cabinet.lots.signed_pages()
    assert [page.number for page in found] == [1, 2, 3]
    first = found[0]
    assert (first.day, first.officer, first.scanner) == (date(2026, 11, 21), CLERK.id, "test:0")
    assert (first.dossier_code, first.component_title, first.findings) == (dossier.code, "Giấy tờ 1", (FAULT,))
    assert first.sharpness == MEASURES.sharpness
    assert found[0].doubt < found[1].doubt
    cabinet.pages.keep("d1c1", picture(99), new_page(), CLERK)
    assert cabinet.lots.signed_pages() == (), "opened again: not signed as it stands"


def test_a_page_comes_into_one_lot_and_its_new_picture_into_the_next(cabinet: Cabinet, lot) -> None:
    made, members = lot
    assert (made.number, made.size, made.sample_size, made.verdict) == (1, 3, 2, Verdict.OPEN)
    assert cabinet.lots.signed_pages() == ()
    with pytest.raises(DeskError) as caught:
        cabinet.lots.make(
            new_lot("Quầy 1", members, Level.NORMAL, "s", 1, 0, "ab" * 16, START),
            members,
            [(members[0].page_id, members[0].version)],
            CLERK,
        )
    assert caught.value.code == "store.conflict"
    assert len(cabinet.lots.all()) == 1
    cabinet.pages.keep("d1c1", picture(50), new_page(), CLERK, replaces=members[1].page_id)
    freeze(cabinet, "d1", "d1c1", version=2)
    assert [(page.page_id, page.version) for page in cabinet.lots.signed_pages()] == [(members[1].page_id, 2)]


def test_a_sample_must_be_of_the_lot(cabinet: Cabinet, dossier: Dossier) -> None:
    scan(cabinet)
    freeze(cabinet, "d1", "d1c1")
    members = cabinet.lots.signed_pages()
    wanted = new_lot("Quầy 1", members, Level.NORMAL, "s", 1, 0, "ab" * 16, START)
    for sample in ([("nobody", 1)], [], [(page.page_id, 1) for page in members]):
        with pytest.raises(ValueError, match="sample"):
            cabinet.lots.make(wanted, members, sample, CLERK)
    assert cabinet.lots.all() == ()


def test_judgements_survive_a_restart_and_the_last_is_taken_back(
    cabinet: Cabinet, lot, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    made, members = lot
    cabinet.lots.judge(made.id, said(members[0], "blurred", "page"), CLERK)
    cabinet.lots.judge(made.id, said(members[1]), CLERK)
    again = reopen(cabinet)
    sample = again.lots.pages(made.id)
    assert [page.place for page in sample] == [0, 1, None]
    assert [page.judgement.fault if page.judgement else None for page in sample] == ["blurred", "", None]
    with pytest.raises(DeskError) as caught:
        again.lots.judge(made.id, said(members[0]), CLERK)
    assert caught.value.code == "store.conflict"
    back = again.lots.take_back(made.id, CLERK)
    assert back is not None
    assert back.page_id == members[1].page_id
    again.lots.judge(made.id, said(members[1], "skewed"), CLERK)
    assert [page.judgement.fault for page in again.lots.pages(made.id) if page.judgement] == ["blurred", "skewed"]
    actions = [entry.action for entry in again.journal.entries(f"lot:{made.id}")]
    assert actions == ["page_judged", "judgement_taken_back", "page_judged", "page_judged", "lot_made"]


def test_the_verdict_is_given_once_whoever_tries(cabinet: Cabinet, lot) -> None:
    made, _ = lot
    done = cabinet.lots.conclude(made.id, Verdict.ACCEPTED, "tốt", CLERK)
    assert (done.verdict, done.judged_by, done.note) == (Verdict.ACCEPTED, CLERK.id, "tốt")
    with pytest.raises(DeskError) as caught:
        cabinet.lots.conclude(made.id, Verdict.REFUSED, "", CLERK)
    assert caught.value.code == "review.closed"
    for statement in (
        "UPDATE lots SET verdict = 'refused'",
        "DELETE FROM lots",
        "DELETE FROM lot_pages",
    ):
        with pytest.raises(DeskError), cabinet.database.writing() as connection:
            connection.execute(text(statement))
    assert cabinet.lots.get(made.id) == done


def test_a_judgement_is_never_rewritten_or_deleted(cabinet: Cabinet, lot) -> None:
    made, members = lot
    cabinet.lots.judge(made.id, said(members[0], "blurred", "page"), CLERK)
    for statement in ("UPDATE judgements SET fault = ''", "DELETE FROM judgements"):
        with pytest.raises(DeskError), cabinet.database.writing() as connection:
            connection.execute(text(statement))
    assert cabinet.lots.pages(made.id)[0].judgement is not None


def test_a_lot_nobody_knows(cabinet: Cabinet) -> None:
    for act in (
        lambda: cabinet.lots.get("?"),
        lambda: cabinet.lots.judge("?", said_of_nobody(), CLERK),
        lambda: cabinet.lots.conclude("?", Verdict.ACCEPTED, "", CLERK),
    ):
        with pytest.raises(DeskError) as caught:
            act()
        assert caught.value.code == "review.unknown"
    assert cabinet.lots.take_back("?", CLERK) is None


def said_of_nobody() -> Judgement:
    return Judgement(0, "p", 1, "", "", "", "", "", "", START)


def send_back(cabinet: Cabinet, lot, mended_by: str, place: int = 0) -> None:
    made, members = lot
    cabinet.lots.judge(made.id, said(members[place], "blurred", mended_by), CLERK)
    assert cabinet.lots.returned() == (), "nothing comes back before the verdict"
    cabinet.lots.conclude(made.id, Verdict.REFUSED, "", CLERK)
    (back,) = cabinet.lots.returned()
    assert (back.page, back.lot_id) == (members[place], made.id)
    assert cabinet.lots.returned("d1c1") == (back,)
    assert cabinet.lots.returned("d1c2") == ()


def test_a_page_is_mended_by_another_picture_that_is_signed(cabinet: Cabinet, lot) -> None:
    send_back(cabinet, lot, "page")
    members = lot[1]
    cabinet.pages.keep("d1c1", picture(51), new_page(), CLERK, replaces=members[1].page_id)
    freeze(cabinet, "d1", "d1c1", version=2)
    assert len(cabinet.lots.returned()) == 1, "another page was replaced"
    cabinet.pages.keep("d1c1", picture(50), new_page(), CLERK, replaces=members[0].page_id)
    assert len(cabinet.lots.returned()) == 1, "not signed yet"
    freeze(cabinet, "d1", "d1c1", version=3)
    assert cabinet.lots.returned() == ()


def test_a_missing_page_is_mended_by_another_list_of_pages(cabinet: Cabinet, lot) -> None:
    send_back(cabinet, lot, "pages")
    cabinet.pages.keep("d1c1", picture(52), new_page(), CLERK)
    freeze(cabinet, "d1", "d1c1", version=2)
    assert cabinet.lots.returned() == ()


def test_stronger_signatures_alone_mend_nothing(cabinet: Cabinet, lot) -> None:
    send_back(cabinet, lot, "pages")
    freeze(cabinet, "d1", "d1c1", version=2)
    assert len(cabinet.lots.returned()) == 1


def test_data_are_mended_by_being_confirmed_again(cabinet: Cabinet, room: Room, lot) -> None:
    send_back(cabinet, lot, "data")
    cabinet.dossiers.set_metadata("d1c1", Metadata((), CLERK.id, START - timedelta(seconds=1)), CLERK)
    assert len(cabinet.lots.returned()) == 1
    cabinet.dossiers.set_metadata("d1c1", Metadata((), CLERK.id, START + timedelta(seconds=1)), CLERK)
    assert cabinet.lots.returned() == ()


def test_an_answer_ends_a_return_once(cabinet: Cabinet, lot) -> None:
    send_back(cabinet, lot, "page")
    number = cabinet.lots.returned()[0].judgement.number
    cabinet.lots.answer(number, "giấy gốc nhòe", CLERK)
    assert cabinet.lots.returned() == ()
    with pytest.raises(DeskError) as caught:
        cabinet.lots.answer(number, "nữa", CLERK)
    assert caught.value.code == "review.closed"
    assert "nhòe" not in str(cabinet.journal.entries())


def test_what_came_back_may_be_mended_although_the_province_has_it(cabinet: Cabinet, lot) -> None:
    _, members = lot
    with cabinet.database.writing() as connection:
        connection.execute(text("UPDATE parcels SET state = 'accepted'"))
    with pytest.raises(DeskError) as caught:
        cabinet.pages.remove(members[0].page_id, CLERK)
    assert caught.value.code == "dossier.frozen"
    send_back(cabinet, lot, "pages")
    with cabinet.database.writing() as connection:
        connection.execute(text("UPDATE parcels SET state = 'sending'"))
    with pytest.raises(DeskError):
        cabinet.pages.remove(members[0].page_id, CLERK)
    with cabinet.database.writing() as connection:
        connection.execute(text("UPDATE parcels SET state = 'accepted'"))
    cabinet.pages.remove(members[0].page_id, CLERK)
    assert len(cabinet.dossiers.load("d1").component("d1c1").pages) == 2


def test_history_is_in_the_order_of_the_verdicts(cabinet: Cabinet, room: Room, lot) -> None:
    first = lot[0]
    scan(cabinet, "d1c2", 2)
    freeze(cabinet, "d1", "d1c2")
    second, _ = lot_of(cabinet, 1)
    cabinet.lots.conclude(second.id, Verdict.REFUSED, "", CLERK)
    room.clock.pass_time(minutes=1)
    cabinet.lots.cause_found("Quầy 1", "kính bẩn", CLERK)
    room.clock.pass_time(minutes=1)
    cabinet.lots.conclude(first.id, Verdict.ACCEPTED, "", CLERK)
    assert cabinet.lots.history("Quầy 1") == (
        (Level.NORMAL, Verdict.REFUSED),
        None,
        (Level.NORMAL, Verdict.ACCEPTED),
    )
    assert cabinet.lots.history("Quầy 2") == ()
