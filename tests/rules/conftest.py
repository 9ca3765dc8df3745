# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The law as shipped, read once."""

from pathlib import Path

import pytest

from digitizer_desk.rules.load import Rulebook, load_rulebook
from digitizer_desk.rules.regulation import Regulation

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook([RESOURCES / "regulations"], [RESOURCES / "procedures"])


@pytest.fixture(scope="session")
def law(rulebook: Rulebook) -> Regulation:
    return rulebook.regulation("tt02-2019")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An empty folder of a province's own files."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder
