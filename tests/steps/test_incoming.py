# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What comes from a real practice province: dossiers opened without typing and never twice, decisions applied once and
in order, papers used again; offline, repeated, and cut off at every commit."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.incoming.reuse import ReuseState
from digitizer_desk.dossier.model import AccountCheck, Channel, Dossier, Parcel, ParcelState
from digitizer_desk.dossier.stage import DONE, REUSED, dossier_stage, missing, stage
from digitizer_desk.errors import DeskError
from digitizer_desk.messages import parcel_words
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.mapping import body_of
from digitizer_desk.steps import extract, pages, receive, scan, send
from digitizer_desk.steps.incoming import decisions, reuse, sync, waiting
from digitizer_desk.steps.review import monthly
from digitizer_desk.training.province import LocalProvince
from stand_ins.machines import stack
from steps.conftest import Bench, fresh
from steps.signed import packed_alone

OWNER = "001185000123"
_codes = count(1)
_references = count(1)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("p")) as province:
        yield province


@pytest.fixture
def province(running: LocalProvince) -> Iterator[LocalProvince]:
    yield running
    running.clear_faults()


@pytest.fixture
def bench(shared: Bench, province: LocalProvince) -> Bench:
    """The desk of the file with a link to the real thing."""
    profile = GatewayProfile("p", province.url, "quay-1", province.token, timeout_s=2.0, settle_s=0.0)
    return replace(shared, desk=replace(shared.desk, link=GatewayLink(profile)))


def listed(province: LocalProvince, **changes: Any) -> str:
    """One more dossier on the list. Its code."""
    code = f"000.00.12.H08-261120-{next(_codes):04d}"
    dossier = {
        "code": code,
        "procedure": "1.001193",
        "procedure_title": "Đăng ký khai sinh",
        "applicant": {
            "name": "Nguyễn Thị Hường",
            "kind": "person",
            "identifier": OWNER,
            "born_or_founded": "02/03/1985",
        },
        "account_check": "yes",
    }
    province.offer("wait", dossier={**dossier, **changes})
    return code


def refuses(code: str, call: Any, *args: Any) -> DeskError:
    with pytest.raises(DeskError) as caught:
        call(*args)
    assert caught.value.code == code
    return caught.value


@contextmanager
def commits(desk: Desk, most: int) -> Iterator[None]:
    """The power goes after so many commits."""
    database, left, depth = desk.cabinet.database, [most], [0]
    writing = database.writing

    @contextmanager
    def counted() -> Iterator[Any]:
        if not depth[0] and not left[0]:
            raise KeyboardInterrupt
        depth[0] += 1
        try:
            with writing() as connection:
                yield connection
        finally:
            depth[0] -= 1
        if not depth[0]:
            left[0] -= 1

    database.writing = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        del database.writing  # type: ignore[method-assign]


def cut_at_every_commit(desk: Desk) -> int:
    """Look again and again, the power gone after the first commit, the second, … until a look comes through."""
    for number in range(1, 60):
        try:
            with commits(desk, number):
                sync.look(desk)
                return number
        except KeyboardInterrupt:
            continue
    raise AssertionError("no look comes through")


# -- waiting dossiers ------------------------------------------------------------------------------------------------


def test_a_listed_dossier_opens_with_everything_filled_in_and_only_once(bench: Bench, province: LocalProvince) -> None:
    parts = [
        {"code": "TP02", "title": "Giấy chứng sinh", "paper_type": "GCS"},
        {"code": "X-99", "title": "Giấy ủy quyền", "mandatory": False},
    ]
    code = listed(province, parts=parts, channel="electronic")
    assert waiting.fetch(bench.desk) == ""
    assert waiting.known(bench.desk, f"Giấy tiếp nhận {code}") is not None
    dossier = waiting.take(bench.desk, code, bench.officer)
    assert (dossier.code, dossier.applicant.identifier, dossier.channel) == (code, OWNER, Channel.ELECTRONIC)
    assert (dossier.procedure, dossier.account_check) == ("1.001193", AccountCheck.YES)
    assert [(part.code, part.mandatory) for part in dossier.components] == [("TP02", True), ("X-99", False)]
    assert waiting.take(bench.desk, code, bench.officer).id == dossier.id
    assert waiting.known(bench.desk, code) is None
    (line,) = waiting.listed(bench.desk, code).lines
    assert line.dossier_id == dossier.id


def test_without_parts_the_procedure_says_which_papers_and_an_unknown_one_is_refused(
    bench: Bench, province: LocalProvince
) -> None:
    plain, unknown = listed(province), listed(province, procedure="9.999999")
    foreign = listed(province, procedure="9.999999", parts=[{"code": "A", "title": "Đơn"}])
    waiting.fetch(bench.desk)
    ours = bench.desk.book_today().procedure("1.001193")
    taken = waiting.take(bench.desk, plain, bench.officer)
    assert [part.code for part in taken.components] == [part.code for part in ours.components]
    refuses("rules.procedure_unknown", waiting.take, bench.desk, unknown, bench.officer)
    assert bench.desk.cabinet.dossiers.by_code(unknown) is None
    other = waiting.take(bench.desk, foreign, bench.officer)
    assert (other.procedure, [part.title for part in other.components]) == ("9.999999", ["Đơn"])
    refuses("waiting.unknown", waiting.take, bench.desk, "000.00.12.H08-261120-9999", bench.officer)


def test_the_list_opens_without_a_line_and_says_when_it_was_true(bench: Bench, province: LocalProvince) -> None:
    code = listed(province)
    waiting.fetch(bench.desk)
    before = waiting.listed(bench.desk, code)
    province.go_offline()
    bench.clock.forward(days=3)
    assert waiting.fetch(bench.desk) == "province.offline"
    assert waiting.listed(bench.desk, code) == before
    assert waiting.listed(bench.desk, "huong " + code[-4:]).lines == before.lines  # marks are no matter
    assert waiting.take(bench.desk, code, bench.officer).code == code
    province.go_online()
    assert waiting.fetch(bench.desk) == ""
    assert waiting.listed(bench.desk).fetched_at > before.fetched_at + timedelta(days=2)  # type: ignore[operator]


def test_a_withdrawn_dossier_goes_unless_work_has_begun(bench: Bench, province: LocalProvince) -> None:
    idle, begun, gone_silently = listed(province), listed(province), listed(province)
    waiting.fetch(bench.desk)
    waiting.take(bench.desk, begun, bench.officer)
    for code in (idle, begun):
        province.offer("withdraw", code=code, said="Công dân xin rút")
    province.offer("wait", dossier={"code": gone_silently, "procedure": "x"})  # nothing a desk can read
    assert waiting.fetch(bench.desk) == "province.reply_unreadable"
    assert len(waiting.listed(bench.desk, idle).lines) == 1  # an unreadable answer takes nothing away
    province.offer("withdraw", code=gone_silently, said="")
    assert waiting.fetch(bench.desk) == ""
    assert waiting.listed(bench.desk, idle).lines == ()
    assert waiting.listed(bench.desk, gone_silently).lines == ()
    (line,) = waiting.listed(bench.desk, begun).lines
    assert line.withdrawn_at is not None
    assert line.said == "Công dân xin rút"
    assert waiting.listed(bench.desk).lines[0] == line  # before all others
    province.offer("wait", dossier={"code": begun, **_plain()})
    waiting.fetch(bench.desk)
    (again,) = waiting.listed(bench.desk, begun).lines
    assert again.withdrawn_at is None


def _plain() -> dict[str, Any]:
    return {"procedure": "1.001193", "procedure_title": "Khai sinh", "applicant": {"name": "A", "kind": "person"}}


def test_a_receipt_typed_by_hand_takes_the_papers_the_province_wants(bench: Bench, province: LocalProvince) -> None:
    code = listed(province, parts=[{"code": "TP01", "title": "Tờ khai"}])
    waiting.fetch(bench.desk)
    found = waiting.known(bench.desk, code)
    assert found is not None
    dossier = receive.receive(bench.desk, receive.Receipt(code, found.procedure, found.applicant), bench.officer)
    assert [part.title for part in dossier.components] == ["Tờ khai"]
    assert waiting.take(bench.desk, code, bench.officer).id == dossier.id


# -- decisions -------------------------------------------------------------------------------------------------------


def delivered(bench: Bench) -> Parcel:
    """A parcel of a paper of its own that the province has received."""
    packed = packed_alone(bench)
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    now = bench.desk.cabinet.outbox.get(packed.id)
    assert now.state is ParcelState.ACCEPTED, (now.error, now.said)
    return now


def decide(province: LocalProvince, parcel: Parcel, kind: str, **facts: Any) -> None:
    province.offer("decide", decision={"parcel_id": parcel.id, "kind": kind, **facts})


def test_a_returned_document_comes_back_once_with_the_provinces_words(bench: Bench, province: LocalProvince) -> None:
    parcel = delivered(bench)
    decide(province, parcel, "returned", said="thiếu mặt sau")
    assert [one.parcel_id for one in sync.look(bench.desk).decided] == [parcel.id]
    now = bench.desk.cabinet.outbox.get(parcel.id)
    assert (now.state, now.said) == (ParcelState.REJECTED, "thiếu mặt sau")
    assert parcel_words(now) == "Tỉnh trả lại: thiếu mặt sau"
    assert sync.look(bench.desk).decided == ()
    entries = bench.desk.cabinet.journal.entries(f"parcel:{parcel.id}")
    assert [one.action for one in entries].count("decision_returned") == 1
    # the same bytes would only meet their old receipt
    refuses("province.returned", bench.desk.cabinet.outbox.try_again, parcel.id, bench.officer)


def test_wrong_data_are_mended_without_another_scan_or_signature(bench: Bench, province: LocalProvince) -> None:
    parcel = delivered(bench)
    decide(province, parcel, "returned", said="sai số ký hiệu")
    sync.look(bench.desk)
    dossier = bench.desk.cabinet.dossiers.load(parcel.dossier_id)
    component = dossier.component(parcel.component_id)
    assert component.metadata is not None
    values = {field.name: field.value for field in component.metadata.fields} | {"so_ky_hieu": "13/TK-HT"}
    mended = extract.confirm(bench.desk, dossier.id, component.id, values, bench.officer).component(component.id)
    assert mended.parcel is not None
    assert (mended.parcel.id != parcel.id, mended.parcel.file_sha256) == (True, parcel.file_sha256)
    assert bench.desk.cabinet.outbox.get(parcel.id).state is ParcelState.SUPERSEDED
    again = extract.confirm(bench.desk, dossier.id, component.id, values, bench.officer).component(component.id)
    assert again.parcel == mended.parcel
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    now = bench.desk.cabinet.outbox.get(mended.parcel.id)
    assert now.state is ParcelState.ACCEPTED
    assert json.loads(now.body)["fields"]["so_ky_hieu"]["value"] == "13/TK-HT"


def test_a_code_that_comes_later_is_the_code(bench: Bench, province: LocalProvince) -> None:
    parcel = delivered(bench)
    decide(province, parcel, "coded", result_code="H08.KQ.0001")
    decide(province, parcel, "coded", result_code="H08.KQ.0002")
    assert len(sync.look(bench.desk).decided) == 2
    code = bench.desk.cabinet.dossiers.load(parcel.dossier_id).component(parcel.component_id).result_code
    assert code is not None
    assert (code.text, code.provisional) == ("H08.KQ.0002", False)


def test_a_mark_of_another_province_begins_anew(bench: Bench, province: LocalProvince) -> None:
    parcel = delivered(bench)
    decide(province, parcel, "coded", result_code="H08.KQ.0009")
    bench.desk.cabinet.decisions.keep([], "of another province", bench.clock())
    looked = sync.look(bench.desk)
    assert looked.code("decisions") == ""
    assert [one.result_code for one in looked.decided] == ["H08.KQ.0009"]
    assert bench.desk.cabinet.decisions.mark().isdecimal()


def test_order_is_the_provinces_whatever_comes_first(bench: Bench) -> None:
    parcel = delivered(bench)
    at, drawer = bench.clock(), bench.desk.cabinet.decisions
    late = Decision("late-1", 901, parcel.id, DecisionKind.CODED, at, result_code="OLD")
    drawer.keep([Decision("late-2", 902, parcel.id, DecisionKind.CODED, at, result_code="NEW")], "m", at)
    assert len(decisions.apply(bench.desk)) == 1
    drawer.keep([late], "m", at)
    assert drawer.keep([late], "m", at) == 0
    assert decisions.apply(bench.desk) == ()
    code = bench.desk.cabinet.dossiers.load(parcel.dossier_id).component(parcel.component_id).result_code
    assert code is not None
    assert code.text == "NEW"
    drawer.keep([], "", at)  # the province begins anew: nothing is lost, nothing done twice


def test_a_decision_waits_for_its_receipt_and_a_newer_version_overtakes_it(bench: Bench) -> None:
    desk, at = bench.desk, bench.clock()
    waits = packed_alone(bench)
    desk.cabinet.decisions.keep([Decision("w-1", 950, waits.id, DecisionKind.RETURNED, at, said="mờ")], "m", at)
    assert decisions.apply(desk) == ()
    assert desk.cabinet.outbox.get(waits.id).state is ParcelState.WAITING
    send.deliver_due(desk, lambda _e: None, lambda: False)
    assert [one.id for one in decisions.apply(desk)] == ["w-1"]
    first, second = delivered(bench), delivered(bench)  # of one component: the second is the newer version
    assert first.component_id == second.component_id
    late = Decision("w-2", 951, first.id, DecisionKind.RETURNED, at, said="mờ")
    stranger = Decision("w-3", 952, "of-another-desk", DecisionKind.RETURNED, at)
    desk.cabinet.decisions.keep([late, stranger], "m", at)
    assert decisions.apply(desk) == ()
    assert desk.cabinet.outbox.get(first.id).state is ParcelState.ACCEPTED
    desk.cabinet.decisions.keep([], "", at)


def test_a_week_offline_then_everything_once_cut_at_every_commit(bench: Bench, province: LocalProvince) -> None:
    parcel = delivered(bench)
    sync.look(bench.desk)
    province.go_offline()
    code = listed(province)
    decide(province, parcel, "coded", result_code="H08.KQ.7")
    decide(province, parcel, "returned", said="sai số hiệu")
    dossier = chosen(bench, province, online=False)
    bench.clock.forward(days=7)
    assert {name for name, why in sync.look(bench.desk).codes if why == "province.offline"} == {
        "reuses",
        "decisions",
        "dossiers",
        "packs",
    }
    province.go_online()
    bench.clock.forward(days=1)
    assert cut_at_every_commit(bench.desk) > 3
    now = bench.desk.cabinet.outbox.get(parcel.id)
    assert (now.state, now.said) == (ParcelState.REJECTED, "sai số hiệu")
    actions = [one.action for one in bench.desk.cabinet.journal.entries(f"parcel:{parcel.id}")]
    assert actions.count("decision_returned") == actions.count("decision_coded") == 1
    assert len(waiting.listed(bench.desk, code).lines) == 1
    component = bench.desk.cabinet.dossiers.load(dossier.id).components[0]
    assert component.reused is not None
    assert component.reused.state is ReuseState.ACCEPTED
    told = [one for one in province.reuses() if one["reuse_id"] == component.reused.id]
    assert len(told) == 1
    assert bench.desk.cabinet.journal.check().ok


# -- papers used again -----------------------------------------------------------------------------------------------


def stored(province: LocalProvince, **changes: Any) -> str:
    """One more paper of the applicant in the store. Its reference."""
    reference = f"KHO-{next(_references)}"
    paper = {
        "reference": reference,
        "title": "Giấy khai sinh",
        "kind": "GKS",
        "number": "15/2019",
        "code": f"{OWNER}.GKS.15",
        "source": "result",
    }
    province.offer("paper", owner=OWNER, paper={**paper, **changes})
    return reference


def chosen(bench: Bench, province: LocalProvince, *, online: bool = True) -> Dossier:
    """A dossier whose first paper is one of the store."""
    reference = stored(province)
    if not online:
        province.go_online()
    dossier = fresh(bench)
    found = reuse.look_up(bench.desk, dossier.id, bench.officer)
    if not online:
        province.go_offline()
    return reuse.choose(bench.desk, found, dossier.components[0].id, reference, bench.officer)


def test_a_paper_of_the_store_needs_no_scan_and_the_province_is_told(bench: Bench, province: LocalProvince) -> None:
    dossier = chosen(bench, province)
    component = dossier.components[0]
    law = bench.desk.law_of(dossier)
    assert stage(component, law.order, True) == REUSED
    assert component not in missing(dossier)
    alone = replace(dossier, components=(component,))
    assert dossier_stage(alone, law.order, lambda _part: True) == "send"
    bench.scanner.tray = list(stack(1, start=20_000))
    refuses("reuse.stands", scan.scan, bench.desk, dossier.id, component.id, bench.officer, print, lambda: False)
    assert sync.look(bench.desk).code("reuses") == ""
    component = bench.desk.cabinet.dossiers.load(dossier.id).components[0]
    assert component.reused is not None
    assert component.reused.state is ReuseState.ACCEPTED
    assert component.reused.receipt.startswith("TSD-")
    alone = replace(dossier, components=(component,))
    assert dossier_stage(alone, law.order, lambda _part: True) == DONE
    told = next(one for one in province.reuses() if one["reuse_id"] == component.reused.id)
    assert told["component"]["code"] == component.code
    assert told["paper"]["code"] == f"{OWNER}.GKS.15"
    assert told["dossier"]["code"] == dossier.code
    assert "applicant" not in told
    assert body_of(told)[0] == json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    month = monthly.month_of(bench.desk)
    assert monthly.report(bench.desk, month).rows[0].reused >= 1  # type: ignore[operator]
    refuses("reuse.sent", reuse.undo, bench.desk, dossier.id, component.id, bench.officer)


def test_it_is_undone_while_the_province_does_not_know(bench: Bench, province: LocalProvince) -> None:
    dossier = chosen(bench, province)
    component = dossier.components[0]
    before = len(province.reuses())
    back = reuse.undo(bench.desk, dossier.id, component.id, bench.officer)
    assert back.components[0].reused is None
    assert component.id in {part.id for part in missing(back)}
    sync.look(bench.desk)
    assert len(province.reuses()) == before
    refuses("store.conflict", reuse.undo, bench.desk, dossier.id, component.id, bench.officer)


def test_a_lost_answer_makes_it_neither_undone_nor_twice(bench: Bench, province: LocalProvince) -> None:
    dossier = chosen(bench, province)
    component = dossier.components[0]
    province.fault("lost_reply", on="reuse")
    sync.look(bench.desk)
    refuses("reuse.sent", reuse.undo, bench.desk, dossier.id, component.id, bench.officer)
    bench.clock.forward(hours=1)
    sync.look(bench.desk)
    now = bench.desk.cabinet.dossiers.load(dossier.id).components[0].reused
    assert now is not None
    assert now.state is ReuseState.ACCEPTED
    assert [one["reuse_id"] for one in province.reuses()].count(now.id) == 1


def test_what_the_province_refuses_has_to_be_scanned(bench: Bench, province: LocalProvince) -> None:
    dossier = chosen(bench, province)
    component = dossier.components[0]
    assert component.reused is not None
    reference = component.reused.paper.reference
    stored_again = {"reference": reference, "title": "Giấy khai sinh", "state": "cancelled"}
    province.offer("paper", owner=OWNER, paper=stored_again)
    sync.look(bench.desk)
    dossier = bench.desk.cabinet.dossiers.load(dossier.id)
    component = dossier.components[0]
    assert component.reused is not None
    assert (component.reused.state, component.is_reused) == (ReuseState.REFUSED, False)
    assert component.reused.said == "Giấy tờ không còn hiệu lực trong kho"
    assert component in missing(dossier)
    found = reuse.look_up(bench.desk, dossier.id, bench.officer)
    refuses("reuse.not_valid", reuse.choose, bench.desk, found, component.id, reference, bench.officer)
    again = reuse.choose(bench.desk, found, component.id, stored_in(found), bench.officer)
    assert again.components[0].is_reused


def stored_in(found: reuse.Found) -> str:
    """A paper that is good today."""
    return next(one.reference for one in found.papers if one.state_on(found.day).value == "valid")


def test_only_an_empty_component_and_only_a_paper_that_was_found(bench: Bench, province: LocalProvince) -> None:
    ended = stored(province, expires="2026-01-01")
    good = stored(province)
    dossier = fresh(bench)
    component = next(part for part in dossier.components if bench.desk.law_of(dossier).may_scan(part))
    found = reuse.look_up(bench.desk, dossier.id, bench.officer)
    refuses("reuse.not_valid", reuse.choose, bench.desk, found, component.id, ended, bench.officer)
    refuses("reuse.other_owner", reuse.choose, bench.desk, found, component.id, "KHO-0", bench.officer)
    bench.scanner.tray = list(stack(1, start=30_000))
    scan.scan(bench.desk, dossier.id, component.id, bench.officer, lambda _e: None, lambda: False)
    refuses("reuse.not_empty", reuse.choose, bench.desk, found, component.id, good, bench.officer)
    (page,) = bench.desk.cabinet.dossiers.load(dossier.id).component(component.id).pages
    pages.remove(bench.desk, dossier.id, page.id, bench.officer)
    reuse.choose(bench.desk, found, component.id, good, bench.officer)
    # the page that was taken out does not come back unseen behind the paper
    refuses("reuse.stands", pages.undo, bench.desk, dossier.id, bench.officer)
    refuses("reuse.stands", pages.put_back, bench.desk, dossier.id, page.id, bench.officer)
    reuse.undo(bench.desk, dossier.id, component.id, bench.officer)
    pages.undo(bench.desk, dossier.id, bench.officer)
    assert len(bench.desk.cabinet.dossiers.load(dossier.id).component(component.id).pages) == 1


def test_the_look_up_needs_a_line_and_a_number_and_is_journaled_without_it(
    bench: Bench, province: LocalProvince
) -> None:
    stored(province)
    dossier = fresh(bench)
    reuse.look_up(bench.desk, dossier.id, bench.officer)
    province.go_offline()
    refuses("reuse.offline", reuse.look_up, bench.desk, dossier.id, bench.officer)
    lines = bench.desk.cabinet.journal.entries(f"dossier:{dossier.id}")[:2]
    assert [(one.action, one.facts["code"]) for one in lines] == [
        ("papers_looked_up", "province.offline"),
        ("papers_looked_up", ""),
    ]
    assert lines[1].facts["found"] >= 1
    assert OWNER not in repr(lines)
    nobody = replace(bench.desk, link=bench.province)
    refuses("province.not_offered", reuse.look_up, nobody, dossier.id, bench.officer)
    applicant = replace(dossier.applicant, identifier="")
    nameless = replace(dossier, id="nameless", code="000.00.12.H08-261120-8888", applicant=applicant, components=())
    bench.desk.cabinet.dossiers.add(nameless, bench.officer)
    refuses("reuse.no_identifier", reuse.look_up, bench.desk, "nameless", bench.officer)
