# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The example a province starts from: it is read as it stands, and judges only dossiers received from its day on."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from digitizer_desk.rules.load import load_rulebook

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


def test_the_example_is_read_and_keeps_to_its_day(tmp_path: Path) -> None:
    shutil.copy(RESOURCES / "examples" / "tinh-mau.toml", tmp_path)
    book = load_rulebook([RESOURCES / "regulations", tmp_path], [])
    before, after = book.in_force(date(2026, 11, 30)), book.in_force(date(2026, 12, 1))
    assert (before.id, after.id) == ("tt02-2019", "tt02-2019+tinh-mau-2026")
    assert (before.page["good_dpi"].severity, after.page["good_dpi"].severity) == ("warning", "fault")
    assert after.component["duplicate_page"].max == before.component["duplicate_page"].max
    assert after.scan.least_dpi > before.scan.least_dpi
