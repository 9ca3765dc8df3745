# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is set at the desk: by whom, within the law, never against the province; and a sheet scanned to try it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.steps.parts import choices
from digitizer_desk.steps.parts.trial import trial_page
from stand_ins.machines import paper
from steps.conftest import Bench

CLERK = Officer(id="c" * 32, login="binh", name="Trần Thị Bình", roles=frozenset({Role.CLERK}))


def _refused(bench: Bench, key: str, value: object, by: Officer | None = None) -> DeskError:
    before = settings.read(bench.place.settings_file, bench.place.fixed_settings)
    lines = len(bench.desk.cabinet.journal.entries(f"setting:{key}"))
    with pytest.raises(DeskError) as told:
        choices.change(bench.desk, key, value, by or bench.officer)
    assert settings.read(bench.place.settings_file, bench.place.fixed_settings) == before
    assert len(bench.desk.cabinet.journal.entries(f"setting:{key}")) == lines
    return told.value


def test_a_value_is_written_and_journaled(bench: Bench) -> None:
    made = choices.change(bench.desk, "unit.name", "UBND phường Bến Thông", bench.officer)
    assert made.unit.name == "UBND phường Bến Thông"
    assert settings.read(bench.place.settings_file) == made
    (line,) = bench.desk.cabinet.journal.entries("setting:unit.name")
    assert (line.action, line.by) == ("setting_changed", bench.officer.id)


def test_a_clerk_sets_how_it_looks_and_no_address(bench: Bench) -> None:
    assert choices.change(bench.desk, "scheme", "dark", CLERK).scheme == "dark"
    assert _refused(bench, "province.base_url", "https://tinh.example", CLERK).code == "officer.not_allowed"
    assert not choices.may_set("backup.folder", CLERK)
    gone = replace(bench.officer, active=False)
    assert not choices.may_set("scheme", gone)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("scanner.dpi", 150),  # the law of the day asks 200
        ("scanner.dpi", "300"),
        ("scheme", "pink"),
        ("backup.every_minutes", 1),
        ("regulation", "no-such-law"),
        ("unit.colour", "red"),
        ("nothing", 1),
    ],
)
def test_what_is_no_value_or_below_the_law_is_refused(bench: Bench, key: str, value: object) -> None:
    assert _refused(bench, key, value).code == "settings.refused"


def test_what_the_province_fixed_fills_and_locks(bench: Bench) -> None:
    bench.place.site.mkdir()
    bench.place.fixed_settings.write_text(
        'set_by = "UBND tỉnh Mẫu"\n[province]\nbase_url = "https://mau.gov.vn"\n[unit]\ncode = "000.00.12.H08"\n',
        "utf-8",
    )
    choices.change(bench.desk, "unit.counter", "3", bench.officer)  # beside a fixed value, free
    told = _refused(bench, "province.base_url", "https://khac.example")
    assert (told.code, told.facts["by"]) == ("settings.locked", "UBND tỉnh Mẫu")
    now = settings.read(bench.place.settings_file, bench.place.fixed_settings)
    assert (now.province.base_url, now.unit.code, now.unit.counter) == (
        "https://mau.gov.vn", "000.00.12.H08", "3",
    )  # fmt: skip
    assert settings.locks(bench.place.fixed_settings).keys == {"province.base_url", "unit.code"}


def test_a_fault_is_told_with_the_file_it_stands_in(bench: Bench) -> None:
    bench.place.site.mkdir()
    bench.place.fixed_settings.write_text("[province]\nbase_ulr = 'https://x'\n", "utf-8")
    for look in (
        lambda: settings.read(bench.place.settings_file, bench.place.fixed_settings),
        lambda: settings.locks(bench.place.fixed_settings),
    ):
        with pytest.raises(DeskError) as told:
            look()
        assert (told.value.code, told.value.facts["where"]) == ("settings.unreadable", "province.base_ulr")
    bench.place.fixed_settings.unlink()
    bench.place.settings_file.write_text("unit = ", "utf-8")
    with pytest.raises(DeskError) as told:
        settings.read(bench.place.settings_file, bench.place.fixed_settings)
    assert told.value.facts["file"] == "settings.toml"


def test_the_provinces_key_goes_into_the_cabinet_alone(bench: Bench) -> None:
    keep = bench.desk.cabinet.settings.put
    choices.set_secret(keep, "khoa-cua-ban-1", bench.officer)
    assert bench.desk.cabinet.settings.get("province.secret") == "khoa-cua-ban-1"
    with pytest.raises(DeskError) as told:
        choices.set_secret(keep, "x", CLERK)
    assert told.value.code == "officer.not_allowed"
    for file in bench.place.data.rglob("*"):
        assert not file.is_file() or b"khoa-cua-ban-1" not in file.read_bytes()


def test_a_desk_set_up_anew_has_another_link_and_the_same_cabinet(bench: Bench) -> None:
    made = choices.change(bench.desk, "province.base_url", "http://127.0.0.1:9", bench.officer)
    joined = assemble.rejoined(bench.desk, made)
    assert joined.cabinet is bench.desk.cabinet
    assert joined.link is not None
    assert joined.link is not bench.desk.link
    assert joined.stamps is None
    stamped = settings.changed(made, "timestamps.url", "http://127.0.0.1:9/tsa")
    assert assemble.rejoined(joined, stamped).stamps is not None


def test_a_trial_sheet_is_judged_and_kept_nowhere(bench: Bench) -> None:
    before = sorted(path for path in bench.place.cabinet.rglob("*"))
    lines = len(bench.desk.cabinet.journal.entries())
    bench.scanner.tray = [paper(7)]
    page = trial_page(bench.desk)
    assert page.picture.shape[2] == 3
    assert max(page.picture.shape[:2]) == 900
    assert page.dpi == (200.0, 200.0)
    assert sorted(path for path in bench.place.cabinet.rglob("*")) == before
    assert len(bench.desk.cabinet.journal.entries()) == lines


def test_a_trial_without_scanner_or_paper_says_so(bench: Bench) -> None:
    with pytest.raises(DeskError) as told:
        trial_page(replace(bench.desk, settings=settings.Settings()))
    assert told.value.code == "scanner.none"
    bench.scanner.tray = []
    with pytest.raises(DeskError) as told:
        trial_page(bench.desk)
    assert told.value.code == "scanner.empty"


def test_what_a_receipt_holds_is_declared_at_the_desk_or_by_the_province(bench: Bench) -> None:
    key = "province.receipt_qr"
    assert choices.change(bench.desk, key, "<code>;<procedure>", bench.officer).province.receipt_qr
    assert _refused(bench, key, "<code><procedure>").code == "settings.receipt_qr"
    fixed = bench.place.fixed_settings
    fixed.parent.mkdir(parents=True, exist_ok=True)
    fixed.write_text('set_by = "Tỉnh"\n[province]\nreceipt_qr = "<code>|<procedure>"\n', "utf-8")
    read = settings.read(bench.place.settings_file, fixed)
    assert read.province.receipt_qr == "<code>|<procedure>"
    assert _refused(bench, key, "").code == "settings.locked"
    fixed.write_text('[province]\nreceipt_qr = "<procedure>"\n', "utf-8")
    with pytest.raises(DeskError) as told:
        settings.read(bench.place.settings_file, fixed)
    assert told.value.code == "settings.receipt_qr"
