# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One authority, one officer, one draft and one signed file for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from signing.people import Authority, Person, draw_pdf, make_authority, make_person
from signing.services import Services


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority()


@pytest.fixture(scope="session")
def officer(authority: Authority) -> Person:
    return make_person(authority)


@pytest.fixture(scope="session")
def draft() -> bytes:
    return draw_pdf()


@pytest.fixture(scope="session")
def signed(officer: Person, draft: bytes) -> bytes:
    return officer.sign(draft)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A whole certificate authority on loopback; its faults are switched on with ``services.fault``."""
    running = Services(tmp_path_factory.mktemp("authority"))
    yield running
    running.close()
