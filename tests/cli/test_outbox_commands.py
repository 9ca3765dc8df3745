# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal's commands around the outbox: reasons, wishes, what stays and what leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk import assemble, paths, settings
from digitizer_desk.app import main
from digitizer_desk.paths import DeskPaths
from store.samples import CLERK, START, make_dossier, pack

Said = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    return lines


@pytest.fixture
def place() -> DeskPaths:
    """A desk with a parcel that was received long ago and one that waits, in hours that never come."""
    here = DeskPaths(paths.desk_data())
    assemble.set_up(here)
    now = assemble.now()
    start, end = ((now + timedelta(hours=hours)).strftime("%H:%M") for hours in (10, 12))
    hours = settings.SendingChoice(only_from=start, only_until=end, overdue_hours=1.0)
    province = settings.ProvinceChoice(name="Tỉnh", base_url="http://127.0.0.1:9", desk_id="quay-1")
    settings.write(here.settings_file, settings.Settings(sending=hours, province=province))
    with assemble.opened(here) as desk:
        desk.cabinet.settings.put("province.secret", "s", CLERK)
        for number in (1, 2):
            desk.cabinet.dossiers.add(make_dossier(number), CLERK)
        sent = pack(desk.cabinet, "d1", "d1c1")
        desk.cabinet.outbox.accepted(sent.id, "884213", "", now - timedelta(days=200))
        pack(desk.cabinet, "d2", "d2c1")
    return here


def test_the_list_tells_why_each_waits_and_what_is_overdue(place: DeskPaths, said: Said) -> None:
    assert main(["outbox", "--json"]) == 0
    waits, sent = said()
    assert (waits["state"], waits["overdue"]) == ("waiting", (assemble.now() - START) > timedelta(hours=1))
    assert waits["waits"].startswith("Chờ đến ")
    assert "theo cài đặt" in waits["waits"]
    assert (sent["state"], sent["waits"], sent["overdue"]) == ("accepted", "", False)
    assert main(["outbox", "--drawer", "accepted", "--find", "884213", "--json"]) == 0
    assert [row["receipt"] for row in said()] == ["884213"]
    assert main(["outbox", "--find", "khong co"]) == 0


def test_hours_pause_and_now(place: DeskPaths, said: Said, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", "--json"]) == 0
    (told,) = said()
    assert (told["waiting"], told["offline"]) == (1, False)
    assert told["waits_until"]
    assert main(["pause"]) == 0
    assert main(["send"]) == 3
    assert "province.paused: Đã tạm dừng gửi." in capsys.readouterr().err
    assert main(["resume"]) == 0
    assert main(["send", "--now"]) == 3
    assert "province.offline" in capsys.readouterr().err, "the hours were lifted, and nobody answers there"


def test_what_was_held_waits_again_when_it_is_told_to(place: DeskPaths, said: Said) -> None:
    with assemble.opened(place) as desk:
        (parcel,) = [one for one in desk.cabinet.outbox.all() if not one.receipt]
        desk.cabinet.outbox.needs_person(parcel.id, "province.code_unmapped", "thành phần TP07")
    assert main(["send", "--once", "--json"]) == 0
    assert said()[0]["attention"] == 1
    assert main(["send", "--once", "--again", "--json"]) == 0
    assert (said()[0]["attention"], main(["outbox", "--drawer", "waiting", "--json"])) == (0, 0)
    assert [row["id"] for row in said()] == [parcel.id]


def test_copies_are_told_before_they_leave_and_leave_when_asked(place: DeskPaths, said: Said) -> None:
    assert main(["retention", "--json"]) == 0
    (told,) = said()
    assert (told["dossier"], told["files"]) == (make_dossier(1).code, 1)
    assert main(["retention", "--now"]) == 0
    with assemble.opened(place) as desk:
        assert desk.cabinet.dossiers.load("d1").removed_at is None, "nobody but this machine says that it is time"
        desk.cabinet.outbox.tray.hear_time(desk.clock(), now=True)
    assert main(["retention"]) == 0
    assert main(["retention", "--now", "--json"]) == 0
    assert [row["dossier_id"] for row in said()] == ["d1"]
    assert main(["retention", "--json"]) == 0
    assert said() == []
    assert main(["retention", "--now"]) == 0


def test_the_package_for_an_incident(place: DeskPaths, said: Said, tmp_path: Path) -> None:
    file = tmp_path / "su-co.zip"
    assert main(["incident", "--to", str(file), "--json"]) == 0
    (told,) = said()
    assert (told["dossiers"], told["people"]) == (2, False)
    assert file.is_file()
    assert main(["incident", "--to", str(file)]) == 2, "it is never written over"
    assert main(["incident", "--to", str(tmp_path / "b.zip"), "--since", "2026-01-01", "--dossier", "khong-co"]) == 2
    assert main(["incident", "--to", str(tmp_path / "c.zip"), "--dossier", make_dossier(1).code]) == 0
