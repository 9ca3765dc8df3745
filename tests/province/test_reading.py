# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What a desk reads at a gateway, from a real server: whole lists only, each fault one plain answer, numbers in no
address."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from digitizer_desk.dossier.incoming.decision import DecisionKind
from digitizer_desk.dossier.incoming.reuse import PaperSource, PaperState, Reusable
from digitizer_desk.dossier.model import Applicant
from digitizer_desk.province.connect import NotSet
from digitizer_desk.province.http import GatewayLink
from digitizer_desk.province.incoming import gateway
from digitizer_desk.province.incoming.reading import Decided, FetchedPack, Listed, Reading, Unchanged, reading_of
from digitizer_desk.province.link import Later, Rejected
from digitizer_desk.training.province import LocalProvince
from province.samples import reuse_body, waiting

PLACES = {
    "dossiers": lambda reading: reading.waiting(""),
    "decisions": lambda reading: reading.decisions(""),
    "papers": lambda reading: reading.papers("001185000123"),
    "packs": lambda reading: reading.packs(),
    "reuse": lambda reading: reading.tell_reuse("reuse-of-faults", reuse_body("reuse-of-faults", "KHO-1")),
}
#: fault -> what the desk understands; None: the answer is good
MEANINGS = {
    "error": "province.server_busy",
    "busy": "province.server_busy",
    "login": "province.login",
    "forbidden": "province.forbidden",
    "old_version": "province.old_version",
    "absent": "province.not_offered",
    "nonsense": "province.reply_unreadable",
    "redirect": "province.reply_unreadable",
    "truncated": "province.reply_unreadable",
    "wrong_types": "province.reply_unreadable",
    "huge": "province.reply_unreadable",
    "lost_reply": "province.offline",
    "duplicate": None,
}


@pytest.fixture
def reading(link: GatewayLink) -> Reading:
    return reading_of(link)


def test_the_list_comes_whole_however_many_pages_it_has(
    province: LocalProvince, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "_AT_ONCE", 2)
    for number in range(1, 6):
        province.offer("wait", dossier=waiting(number, came_at="2026-11-21T07:45:00+07:00"))
    found = reading.waiting("")
    assert isinstance(found, Listed)
    assert [one.code[-4:] for one in found.dossiers] == ["0001", "0002", "0003", "0004", "0005"]
    first = found.dossiers[0]
    assert first.applicant == Applicant("Nguyễn Thị Hường", identifier="001185000123")
    assert [(part.code, part.mandatory) for part in first.parts] == [("TP01", True)]
    assert reading.waiting(found.mark) == Unchanged()
    province.offer("withdraw", code=first.code, said="Công dân rút hồ sơ")
    again = reading.waiting(found.mark)
    assert isinstance(again, Listed)
    assert len(again.dossiers) == 4
    assert again.withdrawn == {first.code: "Công dân rút hồ sơ"}
    province.offer("wait", dossier=waiting(99, code="không phải mã"))
    odd = reading.waiting("")
    assert isinstance(odd, Listed)
    assert (len(odd.dossiers), odd.passed_over) == (4, 1)


def test_a_list_that_changes_while_it_is_read_is_read_anew(
    province: LocalProvince, link: GatewayLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "_AT_ONCE", 1)
    for number in (11, 12):
        province.offer("wait", dossier=waiting(number))
    ask, moved = link._ask, iter((13, 14))

    def with_a_change(method: str, path: str, **others: object) -> object:
        answer = ask(method, path, **others)
        if "cursor" not in path and (number := next(moved, None)) is not None:
            province.offer("wait", dossier=waiting(number))
        return answer

    monkeypatch.setattr(link, "_ask", with_a_change, raising=False)
    found = reading_of(link).waiting("")
    assert isinstance(found, Listed)
    assert {one.code[-4:] for one in found.dossiers} >= {"0011", "0012", "0013", "0014"}
    assert len({one.code for one in found.dossiers}) == len(found.dossiers)


def test_decisions_come_in_order_and_go_on_where_they_ended(
    province: LocalProvince, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "_DECISIONS_AT_ONCE", 2)
    for number in range(3):
        province.offer(
            "decide", decision={"parcel_id": f"parcel-{number:04d}", "kind": "returned", "said": "Mờ\ntrang 2"}
        )
    province.offer("decide", decision={"parcel_id": "parcel-0009", "kind": "coded", "result_code": "H08.1"})
    province.offer("decide", decision={"parcel_id": "parcel-0009", "kind": "of a later contract"})
    first = reading.decisions("")
    assert isinstance(first, Decided)
    assert (len(first.decisions), first.more) == (2, True)
    assert first.decisions[0].said == "Mờ trang 2"
    rest = reading.decisions(first.mark)
    assert isinstance(rest, Decided)
    assert [one.kind for one in rest.decisions] == [DecisionKind.RETURNED, DecisionKind.CODED]
    assert rest.more
    last = reading.decisions(rest.mark)
    assert isinstance(last, Decided)
    assert (last.decisions, last.more) == ((), False)
    assert reading.decisions("") == first


def test_papers_are_found_and_their_state_depends_on_the_day(province: LocalProvince, reading: Reading) -> None:
    paper = {
        "reference": "KHO-1",
        "title": "Giấy chứng nhận kết hôn",
        "kind": "KQ.02",
        "number": "15/2019",
        "issued": "2019-03-02",
        "issuer": "UBND phường Mẫu",
        "code": "001185000123.KQ.02.15/2019",
        "expires": "2026-11-20",
        "source": "result",
    }
    province.offer("paper", owner="001185000777", paper=paper)
    (found,) = reading.papers("001185000777")
    assert found == Reusable(
        "KHO-1",
        "Giấy chứng nhận kết hôn",
        "KQ.02",
        "15/2019",
        date(2019, 3, 2),
        "UBND phường Mẫu",
        "001185000123.KQ.02.15/2019",
        date(2026, 11, 20),
        PaperState.VALID,
        PaperSource.RESULT,
    )
    assert found.state_on(date(2026, 11, 20)) is PaperState.VALID
    assert found.state_on(date(2026, 11, 21)) is PaperState.EXPIRED
    assert reading.papers("001185999999") == ()


def test_no_number_stands_in_an_address(
    province: LocalProvince, link: GatewayLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ask = link._ask
    monkeypatch.setattr(link, "_ask", lambda m, p, **o: asked.append(p) or ask(m, p, **o), raising=False)
    reading_of(link).papers("001185000777")
    assert asked == ["/v1/papers/search"]


def test_a_reuse_told_twice_is_one(province: LocalProvince, reading: Reading) -> None:
    province.offer("paper", owner="001185000123", paper={"reference": "KHO-5", "title": "Giấy khai sinh"})
    body = reuse_body("reuse-0001", "KHO-5")
    first = reading.tell_reuse("reuse-0001", body)
    assert reading.tell_reuse("reuse-0001", body) == first
    assert [one["reuse_id"] for one in province.reuses()].count("reuse-0001") == 1
    other = reading.tell_reuse("reuse-0001", reuse_body("reuse-0001", "KHO-6"))
    assert isinstance(other, Rejected)
    province.offer("paper", owner="1", paper={"reference": "KHO-8", "title": "Cũ", "state": "cancelled"})
    refused = reading.tell_reuse("reuse-0002", reuse_body("reuse-0002", "KHO-8"))
    assert refused == Rejected("province.rejected", "Giấy tờ không còn hiệu lực trong kho")


def test_a_pack_comes_whole_or_not_at_all(province: LocalProvince, reading: Reading, tmp_path: Path) -> None:
    pack = tmp_path / "rules.zip"
    pack.write_bytes(b"PK" * 700_000)  # more than any other answer may have
    pack.with_name("rules.zip.p7s").write_bytes(b"signature")
    province.offer("pack", id="h08", sequence=7, file=str(pack))
    (offered,) = reading.packs()
    assert offered.sha256 == hashlib.sha256(pack.read_bytes()).hexdigest()
    assert reading.pack(offered) == FetchedPack(pack.read_bytes(), b"signature")
    for fault in ("truncated", "lost_reply"):
        province.fault(fault, on="pack")
        cut = reading.pack(offered)
        assert isinstance(cut, Later)
        assert cut.code == "pack.cut"
    assert isinstance(reading.pack(offered), FetchedPack)


@pytest.mark.parametrize("place", PLACES)
def test_each_fault_has_one_meaning(province: LocalProvince, reading: Reading, place: str) -> None:
    province.offer("paper", owner="001185000123", paper={"reference": "KHO-1", "title": "Giấy khai sinh"})
    for fault, usual in MEANINGS.items():
        province.fault(fault, on=place)
        said = PLACES[place](reading)
        wanted = "province.unknown_outcome" if (place, fault) == ("reuse", "lost_reply") else usual
        if wanted is None:
            assert not isinstance(said, Later | Rejected), fault
        else:
            assert isinstance(said, Later | Rejected), fault
            assert said.code == wanted, fault
            assert "001185" not in repr(said)


def test_what_is_not_there_is_said(link_to: Callable[..., GatewayLink], province: LocalProvince) -> None:
    for nobody in (None, NotSet("x"), object()):
        reading = reading_of(nobody)
        for ask in PLACES.values():
            said = ask(reading)
            assert isinstance(said, Later)
            assert said.code in ("province.not_offered", "province.not_set")
    wrong = reading_of(link_to(province, secret="đ"))
    assert wrong.waiting("").code == "province.not_set"  # type: ignore[union-attr]
    province.go_offline()
    assert reading_of(link_to(province)).papers("1").code == "province.offline"  # type: ignore[union-attr]
