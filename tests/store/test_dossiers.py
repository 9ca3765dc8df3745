# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dossiers, documents and officers: every value comes back as it was given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.dossier.model import (
    AccountCheck,
    Applicant,
    ApplicantKind,
    Channel,
    CodeKind,
    Dossier,
    Field,
    FieldSource,
    HandedOn,
    Metadata,
    NotDigitised,
    Officer,
    ResultCode,
    Role,
)
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.sql.codec import canonical, decode, encode
from store.room import Room
from store.samples import CLERK, IDENTIFIER, START, freeze, make_dossier, new_page, pack, pdf_of, picture

METADATA = Metadata(
    (Field("ho_ten", "Đặng Thị Ước"), Field("so_dinh_danh", IDENTIFIER, FieldSource.QR)), "clerk", START, "doc"
)


def test_a_dossier_comes_back_as_it_was(cabinet: Cabinet, reopen: Callable[[Cabinet], Cabinet]) -> None:
    plain = make_dossier()
    parts = list(plain.components)
    parts[0] = replace(parts[0], declared=2, form="ban_chinh", paper_type="TK.001", metadata=METADATA)
    parts[1] = replace(parts[1], not_digitised=NotDigitised("khong_vua_may", "sổ dày", "clerk", START))
    parts[2] = replace(parts[2], result_code=ResultCode("", "KS", "07/2021", False, "KS.07/2021"))
    full = replace(
        plain,
        components=tuple(parts),
        code_kind=CodeKind.LEGACY,
        applicant=Applicant("Công ty Ước Mơ", ApplicantKind.ORGANISATION, "0100233488", "2001"),
        channel=Channel.ELECTRONIC,
        account_check=AccountCheck.NO,
        handed_on=HandedOn(("Giấy tờ 1",), "bổ sung sau", "clerk", START),
    )
    cabinet.dossiers.add(full, CLERK)
    cabinet = reopen(cabinet)
    assert cabinet.dossiers.load("d1") == full
    assert cabinet.dossiers.by_code(full.code) == full
    assert cabinet.dossiers.of_component("d1c2") == "d1"


def test_every_fact_is_set_and_journaled_without_its_words(cabinet: Cabinet, dossier: Dossier) -> None:
    left_out = NotDigitised("khong_vua_may", "sổ của bà Hường", "clerk", START)
    handed = HandedOn(("Giấy tờ 2",), "bà Hường bổ sung", "clerk", START)
    code = ResultCode(IDENTIFIER, "KS", "07", text=f"{IDENTIFIER}.KS.07")
    drawer = cabinet.dossiers
    drawer.set_form("d1c1", "ban_chinh", CLERK)
    drawer.set_declared("d1c1", 3, CLERK)
    drawer.set_metadata("d1c1", METADATA, CLERK)
    drawer.set_result_code("d1c1", code, CLERK)
    drawer.set_left_out("d1c2", left_out, CLERK)
    drawer.set_left_out("d1c3", left_out, CLERK)
    drawer.set_left_out("d1c3", None, CLERK)
    drawer.set_account_check("d1", AccountCheck.YES, CLERK)
    drawer.hand_on("d1", handed, CLERK)
    now = drawer.load("d1")
    one, two, three = now.components
    assert (one.form, one.declared, one.metadata, one.result_code) == ("ban_chinh", 3, METADATA, code)
    assert (two.not_digitised, three.not_digitised) == (left_out, None)
    assert (now.account_check, now.handed_on) == (AccountCheck.YES, handed)
    lines = cabinet.journal.entries()
    assert [line.action for line in reversed(lines)] == [
        "dossier_added",
        "form_set",
        "sides_declared",
        "data_confirmed",
        "code_set",
        "left_out",
        "left_out",
        "left_out_taken_back",
        "account_checked",
        "handed_on",
    ]
    for secret in (IDENTIFIER, "Hường", "Ước"):
        assert secret not in str(lines)
    assert {line.by for line in lines} == {"clerk"}


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.load("x"),
        lambda d: d.of_component("x"),
        lambda d: d.set_form("x", "a", CLERK),
        lambda d: d.set_account_check("x", AccountCheck.YES, CLERK),
        lambda d: d.save_draft_fields("x", ()),
    ],
)
def test_what_is_not_there_is_unknown(cabinet: Cabinet, change: Callable[..., object]) -> None:
    with pytest.raises(DeskError, match=r"dossier\.unknown"):
        change(cabinet.dossiers)
    assert cabinet.dossiers.by_code("000") is None


def test_a_code_is_taken_once(cabinet: Cabinet, dossier: Dossier) -> None:
    with pytest.raises(DeskError) as taken:
        cabinet.dossiers.add(replace(make_dossier(2), code=dossier.code), CLERK)
    assert (taken.value.code, taken.value.facts) == ("dossier.code_taken", {"code": dossier.code})
    assert len(cabinet.dossiers.recent(9)) == 1


def test_an_older_code_of_digits_only_is_taken_too(cabinet: Cabinet) -> None:
    cabinet.dossiers.add(replace(make_dossier(), code="202611210001"), CLERK)
    assert cabinet.journal.entries()[0].facts["code"].startswith("sha256:")


def test_a_draft_is_kept_until_the_data_is_confirmed(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    assert cabinet.dossiers.draft_fields("d1c1") == ()
    assert cabinet.dossiers.drafts("d1") == {}
    lines = cabinet.journal.head()
    cabinet.dossiers.save_draft_fields("d1c1", METADATA.fields)
    cabinet = reopen(cabinet)
    assert cabinet.dossiers.draft_fields("d1c1") == METADATA.fields
    assert cabinet.dossiers.drafts("d1") == {"d1c1": METADATA.fields}
    assert cabinet.journal.head() == lines
    cabinet.dossiers.set_metadata("d1c1", METADATA, CLERK)
    assert cabinet.dossiers.draft_fields("d1c1") == ()
    assert cabinet.dossiers.drafts("d1") == {}


def test_finding_needs_neither_marks_nor_case_nor_order(cabinet: Cabinet) -> None:
    people = ("NGUYỄN THỊ HƯỜNG", "Đặng Văn Hòa", "Trần 100% Thật")
    for number, name in enumerate(people, start=1):
        dossier = make_dossier(number)
        person = replace(dossier.applicant, name=name, identifier=f"00000000000{number}")
        cabinet.dossiers.add(replace(dossier, applicant=person), CLERK)

    def found(words: str) -> list[str]:
        return [line.applicant for line in cabinet.dossiers.find(words, 9)]

    assert found("huong nguyen") == found("HƯỜNG") == found("121-0001") == found("000000000001") == [people[0]]
    assert found("dang hoà") == found("đặng hòa") == [people[1]]
    assert found("100%") == [people[2]]
    assert found("%") == [people[2]], "a sign is a sign, not a pattern"
    assert found("_") == []
    assert found("khai sinh") == found("") == list(reversed(people))
    assert len(cabinet.dossiers.find("", 2)) == 2


def test_lines_count_what_the_province_holds(cabinet: Cabinet, dossier: Dossier) -> None:
    parcel = pack(cabinet, "d1", "d1c1")
    cabinet.outbox.accepted(parcel.id, "1", "", START)
    (line,) = cabinet.dossiers.recent(5)
    assert (line.id, line.code, line.components, line.accepted) == ("d1", dossier.code, 3, 1)
    assert (line.applicant, line.procedure_title, line.received_at) == (
        dossier.applicant.name,
        dossier.procedure_title,
        START,
    )
    pack(cabinet, "d1", "d1c1", version=2)
    assert cabinet.dossiers.recent(5)[0].accepted == 0, "a newer version is not there yet"


def test_a_dossier_is_open_until_each_component_is_finished(cabinet: Cabinet, dossier: Dossier) -> None:
    cabinet.dossiers.add(make_dossier(2), CLERK)
    cabinet.outbox.accepted(pack(cabinet, "d1", "d1c1").id, "1", "", START)
    assert cabinet.dossiers.open_ids() == ("d1", "d2")
    cabinet.dossiers.set_form("d1c2", "chi_xuat_trinh", CLERK)
    assert cabinet.dossiers.open_ids({"chi_xuat_trinh"}) == ("d2",)
    assert cabinet.dossiers.open_ids() == ("d1", "d2")
    page = cabinet.pages.keep("d1c3", picture(1), new_page(), CLERK)
    assert cabinet.dossiers.open_ids({"chi_xuat_trinh"}) == ("d1", "d2"), "the optional paper was begun"
    counts = {line.id: (line.scanned, line.unfinished) for line in cabinet.dossiers.recent(5, {"chi_xuat_trinh"})}
    assert counts["d1"] == (1, 1)
    assert cabinet.dossiers.recent(5)[-1].unfinished == 2, "no form is told that is never scanned"
    cabinet.pages.remove(page.id, CLERK)
    assert cabinet.dossiers.open_ids({"chi_xuat_trinh"}) == ("d2",)


# documents


def test_a_document_is_kept_for_ever_and_the_newest_counts(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    first, second = freeze(cabinet, "d1", "d1c1"), freeze(cabinet, "d1", "d1c1", version=2)
    cabinet = reopen(cabinet)
    assert cabinet.dossiers.load("d1").component("d1c1").document == second
    assert cabinet.documents.versions("d1c1") == (first, second)
    assert cabinet.documents.pdf(first) == cabinet.documents.pdf_by_hash(first.sha256) == pdf_of("d1c1", 1)
    assert cabinet.documents.pdf(second) == pdf_of("d1c1", 2)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        freeze(cabinet, "d1", "d1c1", version=2)
    with pytest.raises(DeskError, match=r"store\.conflict"), cabinet.database.writing() as connection:
        connection.execute(text("UPDATE documents SET sha256 = 'x'"))
    with pytest.raises(DeskError, match=r"store\.conflict"), cabinet.database.writing() as connection:
        connection.execute(text("DELETE FROM documents"))


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"size": 1}])
def test_bytes_that_are_not_those_signed_are_refused(
    cabinet: Cabinet, dossier: Dossier, change: dict[str, object]
) -> None:
    document = freeze(cabinet, "d1", "d1c1")
    wrong = replace(document, version=2, **change)  # type: ignore[arg-type]
    with pytest.raises(DeskError, match=r"signature\.broken"):
        cabinet.documents.freeze("d1c1", pdf_of("d1c1", 1), wrong, CLERK)
    with pytest.raises(DeskError, match=r"dossier\.unknown"):
        cabinet.documents.freeze("nowhere", pdf_of("d1c1", 1), replace(document, version=2), CLERK)
    assert cabinet.documents.versions("d1c1") == (document,)


def test_a_changed_or_lost_document_is_refused_when_read(cabinet: Cabinet, dossier: Dossier) -> None:
    document = freeze(cabinet, "d1", "d1c1")
    path = cabinet.shelf.path_of(document.sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(DeskError, match=r"signature\.broken"):
        cabinet.documents.pdf(document)
    path.write_bytes(cabinet.shelf._vault.seal(b"%PDF another"))
    with pytest.raises(DeskError, match=r"signature\.broken"):
        cabinet.documents.pdf(document)
    path.unlink()
    with pytest.raises(DeskError, match=r"store\.page_missing"):
        cabinet.documents.pdf(document)


# officers


@dataclass(frozen=True)
class Rule:
    tries_before_pause: int = 3
    pause_minutes: int = 5


OFFICER = Officer("o1", "An", "Lê Văn An", frozenset({Role.CLERK, Role.IT}))


def refusal(cabinet: Cabinet, password: str) -> tuple[str, dict[str, object]]:
    with pytest.raises(DeskError) as refused:
        cabinet.officers.log_in("an", password, Rule())
    return refused.value.code, refused.value.facts


def test_an_officer_logs_in_by_name_and_password(cabinet: Cabinet, reopen: Callable[[Cabinet], Cabinet]) -> None:
    assert not cabinet.officers.any()
    cabinet.officers.add(OFFICER, "mật khẩu dài", "desk")
    cabinet = reopen(cabinet)
    assert cabinet.officers.any()
    assert cabinet.officers.all() == (OFFICER,)
    assert cabinet.officers.get("o1") == OFFICER
    decomposed = "ma\u0323\u0302t kha\u0302\u0309u da\u0300i"
    assert cabinet.officers.log_in(" AN ".strip(), decomposed, Rule()) == OFFICER
    with pytest.raises(DeskError, match=r"officer\.taken"):
        cabinet.officers.add(replace(OFFICER, id="o2", login="ÂN"), "x", CLERK)
    assert [line.action for line in cabinet.journal.entries("officer:o1")] == ["logged_in", "officer_added"]
    with cabinet.database.reading() as connection:
        (kept,) = connection.execute(text("SELECT password FROM officers")).scalars()
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_wrong_passwords_are_counted_across_restarts_and_then_paused(
    cabinet: Cabinet, room: Room, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    cabinet.officers.add(OFFICER, "right", "desk")
    assert refusal(cabinet, "wrong") == ("officer.password_wrong", {"left": 2})
    cabinet = reopen(cabinet)
    assert refusal(cabinet, "") == ("officer.password_wrong", {"left": 1})
    assert refusal(cabinet, "Right") == ("officer.locked_out", {"minutes": 5})
    assert refusal(cabinet, "right") == ("officer.locked_out", {"minutes": 5}), "not even the right one"
    room.clock.pass_time(minutes=3, seconds=30)
    cabinet = reopen(cabinet)
    assert refusal(cabinet, "right") == ("officer.locked_out", {"minutes": 2})
    room.clock.pass_time(days=-2)
    assert refusal(cabinet, "right") == ("officer.locked_out", {"minutes": 5}), "a clock set back adds nothing"
    room.clock.pass_time(days=2, minutes=2)
    assert refusal(cabinet, "wrong") == ("officer.password_wrong", {"left": 2})
    assert cabinet.officers.log_in("an", "right", Rule()) == OFFICER
    assert refusal(cabinet, "wrong") == ("officer.password_wrong", {"left": 2})


def test_one_who_left_is_unknown_until_called_back(cabinet: Cabinet) -> None:
    cabinet.officers.add(OFFICER, "right", "desk")
    cabinet.officers.set_active("o1", False, CLERK)
    assert refusal(cabinet, "right") == ("officer.unknown", {"login": "an"})
    assert cabinet.officers.all() == (replace(OFFICER, active=False),)
    cabinet.officers.set_active("o1", True, CLERK)
    for tries in range(3):
        assert refusal(cabinet, f"wrong {tries}")
    cabinet.officers.set_password("o1", "newer", CLERK)
    assert refusal(cabinet, "right")[0] == "officer.password_wrong"
    assert cabinet.officers.log_in("an", "newer", Rule()) == OFFICER
    for unknown in (
        lambda: cabinet.officers.get("o9"),
        lambda: cabinet.officers.set_active("o9", True, CLERK),
        lambda: cabinet.officers.log_in("binh", "x", Rule()),
    ):
        with pytest.raises(DeskError, match=r"officer\.unknown"):
            unknown()


# values as text


@given(
    st.builds(
        Metadata,
        fields=st.lists(st.builds(Field, st.text(), st.text())).map(tuple),
        confirmed_at=st.datetimes(timezones=st.just(START.tzinfo)),
        confirmed_by=st.text(),
        document_id=st.text(),
    )
)  # type: ignore[arg-type]
def test_any_metadata_round_trips(metadata: Metadata) -> None:
    assert decode(Metadata, encode(Metadata, metadata)) == metadata


def test_a_value_of_an_earlier_program_takes_defaults_and_of_a_later_one_is_read() -> None:
    assert decode(ResultCode, '{"owner":"","kind":"K","number":"1"}') == ResultCode("", "K", "1")
    assert decode(ResultCode, '{"owner":"","kind":"K","number":"1","more":true}') == ResultCode("", "K", "1")
    with pytest.raises(ValueError, match="PageMeasures"):
        decode(PageMeasures, "{}")


def test_canonical_text_is_one_text() -> None:
    assert canonical({"b": 1, "a": "Ư"}) == canonical({"a": "Ư", "b": 1}) == '{"a":"Ư","b":1}'
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})
