# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Machines to break: one virtual scanner and one saned for the whole folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from devices.faults.breaking import SANED, Saned
from digitizer_desk.training.scanner import VirtualScanner


@pytest.fixture(scope="session")
def _broken_often() -> Iterator[VirtualScanner]:
    with VirtualScanner() as scanner:
        yield scanner


@pytest.fixture
def virtual(_broken_often: VirtualScanner) -> VirtualScanner:
    """The virtual scanner, lid closed, tray empty, no fault ordered."""
    _broken_often.clear()
    return _broken_often


@pytest.fixture(scope="session")
def saned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saned]:
    if SANED is None:
        pytest.skip("saned (Debian: sane-utils) is not installed")
    server = Saned(tmp_path_factory.mktemp("saned"))
    yield server
    server.close()
