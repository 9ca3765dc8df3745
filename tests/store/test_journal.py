# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The journal: only added to, every change to it seen, nobody's number in it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from digitizer_desk.store.journal import EMPTY, holds_identifier, shown
from store.room import Room
from store.samples import CLERK, IDENTIFIER

CUT = "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete"


def fill(cabinet: Cabinet, lines: int = 6) -> None:
    for number in range(lines):
        cabinet.journal.append("looked_at", f"page:{number}", CLERK, number=number, word="đã xem")


def tamper(cabinet: Cabinet, *statements: str) -> None:
    """What somebody with the key can do: take the triggers away, then change rows."""
    with cabinet.database.writing() as connection:
        for statement in (*CUT.split(";"), *statements):
            connection.execute(text(statement))


def test_lines_come_back_newest_first(cabinet: Cabinet, room: Room) -> None:
    cabinet.journal.append("opened", "dossier:d1", CLERK, missing=None, parts=["a", "b"], ok=True, share=0.5)
    room.clock.pass_time(seconds=1)
    cabinet.journal.append("closed", "dossier:d2", "desk")
    newest, oldest = cabinet.journal.entries()
    assert (newest.action, newest.by, newest.at - oldest.at) == ("closed", "desk", timedelta(seconds=1))
    assert oldest.facts == {"missing": None, "parts": ["a", "b"], "ok": True, "share": 0.5}
    assert cabinet.journal.entries("dossier:d1") == (oldest,)
    assert cabinet.journal.entries(limit=1) == (newest,)


def test_the_chain_is_whole_and_its_head_moves(cabinet: Cabinet) -> None:
    assert cabinet.journal.head() == EMPTY
    assert cabinet.journal.check().ok
    fill(cabinet)
    check = cabinet.journal.check()
    assert (check.ok, check.count, check.first_bad, check.head) == (True, 6, None, cabinet.journal.head())
    fill(cabinet, 1)
    assert cabinet.journal.head() != check.head
    assert cabinet.journal.check(known=check.head).ok
    assert cabinet.journal.check(known=EMPTY).ok


@pytest.mark.parametrize("table", ["journal", "documents"])
@pytest.mark.parametrize("act", ["UPDATE {} SET rowid = 9", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_lines_and_documents(cabinet: Cabinet, table: str, act: str) -> None:
    fill(cabinet)
    with cabinet.database.reading() as connection:
        triggers = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    assert {f"{table}_no_update", f"{table}_no_delete"} <= triggers
    if table == "journal":
        # the driver calls a refusal by trigger a constraint
        with pytest.raises(DeskError, match=r"store\.conflict"), cabinet.database.writing() as connection:
            connection.execute(text(act.format(table).replace("rowid", "number")))
    assert cabinet.journal.check().ok


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE journal SET facts = '{}' WHERE number = 3", 3),
        ("UPDATE journal SET \"by\" = 'nobody' WHERE number = 1", 1),
        ("UPDATE journal SET at = '2026-11-20T09:00:00+07:00' WHERE number = 6", 6),
        ("DELETE FROM journal WHERE number = 4", 4),
        ("DELETE FROM journal WHERE number = 1", 1),
        ("UPDATE journal SET number = 99 - number WHERE number IN (3, 4)", 3),
        ("UPDATE journal SET number = number - 1 WHERE number > 1; DELETE FROM journal WHERE number = 0", 1),
    ],
)
def test_an_edited_deleted_or_moved_line_is_found(cabinet: Cabinet, statement: str, first_bad: int) -> None:
    fill(cabinet)
    statements = statement.split(";")
    if "number - 1" in statement:
        statements = ["DELETE FROM journal WHERE number = 1", "UPDATE journal SET number = number - 1"]
    tamper(cabinet, *statements)
    check = cabinet.journal.check()
    assert (check.ok, check.first_bad) == (False, first_bad)


def test_two_lines_with_their_places_exchanged_are_found(cabinet: Cabinet) -> None:
    fill(cabinet)
    tamper(
        cabinet,
        "UPDATE journal SET number = -2 WHERE number = 2",
        "UPDATE journal SET number = 2 WHERE number = 3",
        "UPDATE journal SET number = 3 WHERE number = -2",
    )
    assert cabinet.journal.check().first_bad == 2


def test_a_cut_tail_is_seen_with_a_head_known_elsewhere(cabinet: Cabinet) -> None:
    fill(cabinet)
    head = cabinet.journal.head()
    tamper(cabinet, "DELETE FROM journal WHERE number > 4")
    assert cabinet.journal.check().ok, "the chain alone cannot know"
    check = cabinet.journal.check(known=head)
    assert (check.ok, check.count, check.first_bad) == (False, 4, 5)
    fill(cabinet, 4)
    check = cabinet.journal.check(known=head)
    assert (check.ok, check.first_bad) == (False, 6), "other lines in place of those that were cut"


@pytest.mark.parametrize(
    "facts",
    [
        {"name": IDENTIFIER},
        {"name": f"số {IDENTIFIER},"},
        {"name": "0451 9000 1234"},
        {"name": "cmnd:123456789"},
        {"names": ["ok", "0100233488"]},
        {"number": int("451900012345")},
        {"x123456789012": "ok"},
    ],
)
def test_a_number_that_may_be_somebodys_is_refused_and_not_repeated(cabinet: Cabinet, facts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="somebody's") as refused:
        cabinet.journal.append("looked_at", "page:1", CLERK, **facts)
    assert not holds_identifier(str(refused.value))
    with pytest.raises(ValueError, match="somebody's"):
        cabinet.journal.append("looked_at", f"person:{IDENTIFIER}", CLERK)
    assert cabinet.journal.head() == EMPTY


@pytest.mark.parametrize(
    "fine",
    [
        "000.00.10.H08-221006-0006",
        "H08.10-221006-0006",
        "1.000047.000.00.00.H08",
        "0451******34",
        "2026-11-21T09:00:00.123456+07:00",
        "0" * 64,
        "1" * 32,
        "12345678-1234-1234-1234-123456789012",
    ],
)
def test_codes_hashes_ids_masks_and_times_are_fine(cabinet: Cabinet, fine: str) -> None:
    cabinet.journal.append("looked_at", f"thing:{fine}", fine, fact=fine, share=3.14159265358979)
    assert shown(fine) == fine


def test_a_size_of_hundreds_of_megabytes_is_no_number_of_anybodys(cabinet: Cabinet) -> None:
    cabinet.journal.append("arrival_kept", "arrival:1", CLERK, bytes=1_234_567_890)
    with pytest.raises(ValueError, match="somebody's"):
        cabinet.journal.append("arrival_kept", "arrival:1", CLERK, bytes="1234567890")


def test_only_hashes_of_a_known_length_are_let_through() -> None:
    assert holds_identifier("a" * 28 + "1234567890")
    assert not holds_identifier("a" * 22 + "1234567890")


@given(st.uuids())
def test_no_id_of_the_desk_is_taken_for_a_number(own: uuid.UUID) -> None:
    assert not holds_identifier(f"page:{own.hex} {own}")


@given(st.integers(min_value=10**8, max_value=10**14))
def test_every_long_number_is_hidden(number: int) -> None:
    assert holds_identifier(f"x {number}.")
    assert str(number) not in shown(str(number))
    assert not holds_identifier(shown(str(number)))


def test_a_line_stands_or_falls_with_its_transaction(cabinet: Cabinet) -> None:
    def half() -> None:
        with cabinet.transaction():
            cabinet.settings.put("a", "1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert cabinet.journal.head() == EMPTY
    assert cabinet.settings.get("a") is None


def test_settings_are_journaled_by_name_only(cabinet: Cabinet) -> None:
    cabinet.settings.put("province.secret", "hush", CLERK)
    cabinet.settings.put("province.secret", "hush", CLERK)
    cabinet.settings.put("province.secret", None, CLERK)
    assert [line.subject for line in cabinet.journal.entries()] == ["setting:province.secret"] * 2
    assert "hush" not in str(cabinet.journal.entries())


def test_a_setting_named_after_a_machine_with_a_long_number_is_kept(cabinet: Cabinet) -> None:
    """A scanner's serial number looks like somebody's: putting off its hint must not fail for that."""
    key = "hint_put_off:streak:fujitsu:fi-7160:612345678"
    cabinet.settings.put(key, "2026-11-21", CLERK)
    assert cabinet.settings.get(key) == "2026-11-21"
    (line,) = cabinet.journal.entries(limit=1)
    assert line.action == "setting_changed"
    assert "612345678" not in line.subject
