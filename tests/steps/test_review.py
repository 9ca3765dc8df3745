# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""From a signed page to a lot, a sample, judgements, a verdict, and back to the clerk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from digitizer_desk.checkup.looks import examine, sources_of
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import Finding, Severity
from digitizer_desk.dossier.model import Officer
from digitizer_desk.dossier.review import Level, Lot, Verdict
from digitizer_desk.errors import DeskError
from digitizer_desk.steps import pages
from digitizer_desk.steps.review import agreement, judging, lots
from steps.conftest import Bench, set_up
from steps.reviewed import MORNING, SUPERVISOR, sign_again, sign_pages, with_tables
from store.samples import FAULT, new_page, picture

TODAY = date(2026, 11, 21)
SKEW = replace(FAULT, rule="page.skew", severity=Severity.WARNING)


@pytest.fixture
def desk(bench: Bench) -> Desk:
    return with_tables(bench)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Desk, Lot]]:
    """One lot of 60 pages for the tests that only look: making it is slow."""
    with set_up(tmp_path_factory.mktemp("big")) as bench:
        desk = with_tables(bench)
        for _ in range(3):
            sign_pages(bench, 20, findings=[FAULT])
        yield bench, desk, lots.open_lot(desk, [TODAY], SUPERVISOR)


def judge_all(desk: Desk, lot: Lot, faults: dict[int, str], by: Officer = SUPERVISOR) -> None:
    """Judge what is left to see: page ``n`` has fault ``faults[n]``, all others are good."""
    now = judging.progress(desk, lot.id)
    for place in range(now.next_place, len(now.to_see)):
        judging.judge(desk, lot.id, now.to_see[place], faults.get(place, ""), "", by)


def code_of(call) -> str:
    with pytest.raises(DeskError) as caught:
        call()
    return caught.value.code


def test_a_day_waits_by_scanner_and_officer(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 3)
    sign_pages(bench, 2, scanner="DS-780N")
    sign_pages(bench, 1, MORNING - timedelta(days=1))
    yesterday, today = lots.waiting_days(desk)
    assert (yesterday.day, yesterday.pages) == (date(2026, 11, 20), 1)
    assert (today.pages, today.small) == (5, True)
    assert today.scanners == (("fi-8170", 3), ("DS-780N", 2))
    assert today.officers == ((bench.officer.id, 5),)


def test_the_day_is_that_of_vietnam(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 1, datetime(2026, 11, 20, 18, 30, tzinfo=UTC))
    assert lots.waiting_days(desk)[0].day == TODAY


def test_only_a_supervisor_makes_judges_and_concludes(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 2)
    clerk = bench.officer
    assert code_of(lambda: lots.open_lot(desk, [TODAY], clerk)) == "officer.not_allowed"
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    page = judging.progress(desk, lot.id).to_see[0]
    assert code_of(lambda: judging.judge(desk, lot.id, page, "", "", clerk)) == "officer.not_allowed"
    assert code_of(lambda: judging.take_back(desk, lot.id, clerk)) == "officer.not_allowed"
    assert code_of(lambda: judging.conclude(desk, lot.id, "", clerk)) == "officer.not_allowed"
    assert code_of(lambda: lots.cause_found(desk, "x", clerk)) == "officer.not_allowed"
    gone = replace(SUPERVISOR, active=False)
    assert code_of(lambda: judging.conclude(desk, lot.id, "", gone)) == "officer.not_allowed"
    assert desk.cabinet.lots.pages(lot.id)[0].judgement is None


def test_small_days_join_large_ones_do_not(bench: Bench, desk: Desk) -> None:
    assert code_of(lambda: lots.open_lot(desk, [TODAY], SUPERVISOR)) == "review.nothing"
    sign_pages(bench, 26, MORNING - timedelta(days=2))
    sign_pages(bench, 3, MORNING - timedelta(days=1))
    sign_pages(bench, 2)
    two_ago, yesterday = date(2026, 11, 19), date(2026, 11, 20)
    assert code_of(lambda: lots.open_lot(desk, [two_ago, yesterday], SUPERVISOR)) == "review.not_joinable"
    joined = lots.open_lot(desk, [yesterday, TODAY], SUPERVISOR)
    assert (joined.first_day, joined.last_day, joined.size, joined.whole) == (yesterday, TODAY, 5, True)
    alone = lots.open_lot(desk, [two_ago], SUPERVISOR)
    assert (alone.size, alone.sample_size, alone.accept, alone.level) == (26, 5, 0, Level.NORMAL)
    assert lots.waiting_days(desk) == ()


def test_the_seed_draws_the_sample_that_was_kept(big: tuple[Bench, Desk, Lot]) -> None:
    _, desk, lot = big
    assert (lot.size, lot.sample_size, lot.accept, len(lot.seed)) == (60, 20, 1, 32)
    assert lots.drawn_as_kept(desk, lot.id)
    (made,) = [entry for entry in desk.cabinet.journal.entries(f"lot:{lot.id}") if entry.action == "lot_made"]
    assert made.facts["seed"] == lot.seed
    with desk.cabinet.database.writing() as connection:
        connection.exec_driver_sql("UPDATE lot_pages SET place = 19 - place WHERE place IS NOT NULL")
    assert not lots.drawn_as_kept(desk, lot.id)
    told = {part.name: part for part in examine(replace(sources_of(desk), scanner=lambda: desk.scanner))}["Kho dữ liệu"]
    assert (told.state, f"lô {lot.number}" in told.words) == ("bad", True)
    with desk.cabinet.database.writing() as connection:
        connection.exec_driver_sql("UPDATE lot_pages SET place = 19 - place WHERE place IS NOT NULL")


def test_a_lot_is_judged_taken_back_and_accepted(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 4)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    now = judging.progress(desk, lot.id)
    assert (now.next_place, now.seen, len(now.to_see), now.verdict) == (0, 0, 4, Verdict.OPEN)
    judging.judge(desk, lot.id, now.to_see[0], "blurred", "", SUPERVISOR)
    assert judging.progress(desk, lot.id).verdict is Verdict.REFUSED, "a whole lot accepts no serious page"
    back = judging.take_back(desk, lot.id, SUPERVISOR)
    assert back is not None
    assert back.fault == "blurred"
    assert judging.take_back(desk, lot.id, SUPERVISOR) is None
    judge_all(desk, lot, {1: "skewed"})
    now = judging.progress(desk, lot.id)
    assert (now.seen, now.slight, now.serious, now.verdict) == (4, 1, 0, Verdict.ACCEPTED)
    done = judging.conclude(desk, lot.id, " tốt ", SUPERVISOR)
    assert (done.lot.verdict, done.lot.note, done.done) == (Verdict.ACCEPTED, "tốt", True)
    assert judging.returned(desk) == (), "minor faults are counted, not returned"
    assert code_of(lambda: judging.conclude(desk, lot.id, "", SUPERVISOR)) == "review.closed"
    assert code_of(lambda: judging.judge(desk, lot.id, now.to_see[0], "", "", SUPERVISOR)) == "review.closed"
    assert code_of(lambda: judging.take_back(desk, lot.id, SUPERVISOR)) == "review.closed"


def test_no_verdict_before_it_is_certain(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 3)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    page = judging.progress(desk, lot.id).to_see[0]
    judging.judge(desk, lot.id, page, "", "", SUPERVISOR)
    with pytest.raises(DeskError) as caught:
        judging.conclude(desk, lot.id, "", SUPERVISOR)
    assert (caught.value.code, caught.value.facts["left"]) == ("review.undecided", 2)


def test_another_fault_needs_words_and_an_unknown_one_is_a_mistake(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 2)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    page = judging.progress(desk, lot.id).to_see[0]
    assert code_of(lambda: judging.judge(desk, lot.id, page, "other", "  ", SUPERVISOR)) == "review.note_missing"
    with pytest.raises(ValueError, match="torn"):
        judging.judge(desk, lot.id, page, "torn", "", SUPERVISOR)
    said = judging.judge(desk, lot.id, page, "other", " vết  ố ", SUPERVISOR)
    assert (said.note, said.kind, said.mended_by) == ("vết ố", "major", "page")


def test_a_refused_lot_is_looked_at_by_the_desk_the_doubtful_pages_first(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 20, findings=[FAULT])
    sign_pages(bench, 10, findings=[SKEW])
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    first = judging.progress(desk, lot.id).to_see[0]
    rest_before = judging.progress(desk, lot.id).pages[lot.sample_size]
    assert code_of(lambda: judging.judge(desk, lot.id, rest_before, "", "", bench.officer)) == "officer.not_allowed"
    judging.judge(desk, lot.id, first, "wrong_dossier", "", SUPERVISOR)
    judging.conclude(desk, lot.id, "", SUPERVISOR)
    now = judging.progress(desk, lot.id)
    assert (len(now.to_see), now.done) == (30, False)
    doubts = [one.page.doubt for one in now.to_see[lot.sample_size :]]
    assert doubts == sorted(doubts)
    judge_all(desk, lot, {lot.sample_size: "cut"}, bench.officer)
    now = judging.progress(desk, lot.id)
    assert now.done
    assert (now.critical, now.serious) == (1, 0), "the verdict rests on the sample"
    assert [one.judgement.fault for one in judging.returned(desk)] == ["wrong_dossier", "cut"]
    judging.take_back(desk, lot.id, bench.officer)
    judge_all(desk, lot, {}, bench.officer)
    assert judging.progress(desk, lot.id).done


def test_what_the_desk_finds_later_does_not_change_what_the_verdict_rests_on(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 20)
    sign_pages(bench, 8)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    first = judging.progress(desk, lot.id).to_see[0]
    judging.judge(desk, lot.id, first, "blurred", "", SUPERVISOR)
    done = judging.conclude(desk, lot.id, "", SUPERVISOR)
    assert (lot.sample_size, len(done.blind), done.serious) == (5, 1, 1)
    judge_all(desk, lot, {1: "cut", 9: "missing"}, bench.officer)
    now = judging.progress(desk, lot.id)
    assert (now.serious, now.critical, len(now.blind), now.done) == (1, 0, 1, True)
    assert sum(row.only_human for row in agreement.compare(desk.sampling(), judging.progress(desk, lot.id).blind)) == 1
    taken = [judging.take_back(desk, lot.id, bench.officer) for _ in range(27)]
    assert all(taken)
    assert code_of(lambda: judging.take_back(desk, lot.id, bench.officer)) == "review.closed"
    assert judging.progress(desk, lot.id).seen == 1


def test_a_lot_is_made_whole_or_not_at_all(bench: Bench, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure after the last row, as a cut before the commit would be: nothing of the lot is there."""
    sign_pages(bench, 3)

    def fail(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as cut:
        cut.setattr(desk.cabinet.journal, "append", fail)
        with pytest.raises(OSError):  # noqa: PT011 - the very error that was provoked
            lots.open_lot(desk, [TODAY], SUPERVISOR)
    assert desk.cabinet.lots.all() == ()
    assert lots.waiting_days(desk)[0].pages == 3
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    page = judging.progress(desk, lot.id).to_see[0]
    with monkeypatch.context() as cut:
        cut.setattr(desk.cabinet.journal, "append", fail)
        with pytest.raises(OSError):  # noqa: PT011
            judging.judge(desk, lot.id, page, "blurred", "", SUPERVISOR)
    assert judging.progress(desk, lot.id).seen == 0


def test_the_sample_of_a_refused_lot_is_not_taken_back(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 2)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    judge_all(desk, lot, {0: "missing"})
    judging.conclude(desk, lot.id, "", SUPERVISOR)
    assert code_of(lambda: judging.take_back(desk, lot.id, SUPERVISOR)) == "review.closed"


def test_a_returned_page_is_mended_by_scanning_and_signing_again(bench: Bench, desk: Desk) -> None:
    dossier = sign_pages(bench, 2)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    judge_all(desk, lot, {0: "blurred"})
    judging.conclude(desk, lot.id, "", SUPERVISOR)
    (back,) = judging.returned(desk)
    component = dossier.components[0].id
    desk.cabinet.pages.keep(component, picture(1), new_page(), bench.officer, replaces=back.page.page_id)
    sign_again(bench, dossier, MORNING + timedelta(hours=3))
    assert judging.returned(desk) == ()
    (day,) = lots.waiting_days(desk)
    assert day.pages == 1, "the new picture comes into the next lot, what was looked at does not"


def test_a_page_of_another_dossier_may_be_taken_out_after_it_came_back(bench: Bench, desk: Desk) -> None:
    dossier = sign_pages(bench, 2)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    judge_all(desk, lot, {0: "wrong_dossier"})
    judging.conclude(desk, lot.id, "", SUPERVISOR)
    (back,) = judging.returned(desk)
    pages.remove(desk, dossier.id, back.page.page_id, bench.officer)
    assert len(judging.returned(desk)) == 1
    sign_again(bench, dossier)
    assert judging.returned(desk) == ()


def test_a_clerk_answers_with_words(bench: Bench, desk: Desk) -> None:
    sign_pages(bench, 1)
    lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
    judge_all(desk, lot, {0: "blurred"})
    judging.conclude(desk, lot.id, "", SUPERVISOR)
    (back,) = judging.returned(desk)
    assert code_of(lambda: judging.leave_as_it_is(desk, back, "x", SUPERVISOR)) == "officer.not_allowed"
    assert code_of(lambda: judging.leave_as_it_is(desk, back, " ", bench.officer)) == "review.note_missing"
    judging.leave_as_it_is(desk, back, "giấy gốc nhòe", bench.officer)
    assert judging.returned(desk) == ()


def test_refusals_tighten_and_a_cause_found_loosens(bench: Bench, desk: Desk) -> None:
    assert lots.level_now(desk) is Level.NORMAL
    levels = []
    for _ in range(8):
        sign_pages(bench, 1)
        lot = lots.open_lot(desk, [TODAY], SUPERVISOR)
        levels.append(lot.level)
        judge_all(desk, lot, {0: "blurred"})
        judging.conclude(desk, lot.id, "", SUPERVISOR)
    assert levels == [Level.NORMAL] * 2 + [Level.TIGHTENED] * 5 + [Level.WHOLE]
    assert code_of(lambda: lots.cause_found(desk, " ", SUPERVISOR)) == "review.note_missing"
    lots.cause_found(desk, "kính bẩn", SUPERVISOR)
    assert lots.level_now(desk) is Level.TIGHTENED


def test_without_tables_the_review_says_so(bench: Bench) -> None:
    assert code_of(lambda: lots.level_now(bench.desk)) == "rules.unreadable"


# -- the machine beside the human -------------------------------------------------------------------------------------


def test_the_comparison_counts_both_and_each_alone(big: tuple[Bench, Desk, Lot]) -> None:
    _, desk, lot = big
    scheme = desk.sampling()
    sample = judging.progress(desk, lot.id).pages

    def row(fault: str, findings: tuple[Finding, ...], said: str) -> tuple[int, int, int]:
        page = replace(sample[0].page, findings=findings)
        human = judging.Judgement(1, page.page_id, 1, said, "", "", "", "", "boss", MORNING)
        table = agreement.compare(scheme, [replace(sample[0], page=page, judgement=human)])
        found = next(one for one in table if one.fault.id == fault)
        return found.both, found.only_machine, found.only_human

    told = replace(SKEW, severity=Severity.INFO)
    assert row("blurred", (FAULT,), "blurred") == (1, 0, 0)
    assert row("blurred", (FAULT,), "") == (0, 1, 0)
    assert row("blurred", (), "blurred") == (0, 0, 1)
    assert row("skewed", (told,), "") == (0, 0, 0), "what is only told is no fault"
    assert row("skewed", (FAULT, SKEW), "blurred") == (0, 0, 0), "the human names the worst one only"
    assert row("skewed", (SKEW,), "blurred") == (0, 1, 0)
    assert all((one.both, one.only_machine, one.only_human) == (0, 0, 0) for one in agreement.compare(scheme, sample))
