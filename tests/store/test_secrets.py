# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the desk shows to others lies in the system's secret store, one desk apart from the other."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from digitizer_desk.errors import DeskError
from digitizer_desk.store.keepers import SystemSecrets


class Shelf(KeyringBackend):
    """A secret store in memory, which may be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._open()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._open()
        self.kept[service, username] = password

    def _open(self) -> None:
        if self.locked:
            raise KeyringLocked("the user said no")


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    before, made = keyring.get_keyring(), Shelf()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_each_desk_has_its_own(shelf: Shelf):
    one, other = SystemSecrets("/desk/1"), SystemSecrets("/desk/2")
    one.put("province.secret", "khóa-1")
    one.put("province.secret.proxy", "p")
    assert one.get("province.secret") == "khóa-1"
    assert other.get("province.secret") is None
    one.put("province.secret", "khóa-2")
    assert one.get("province.secret") == "khóa-2"
    assert len(shelf.kept) == 2


def test_a_locked_store_is_said_without_its_words(shelf: Shelf):
    shelf.locked = True
    for call in (lambda: SystemSecrets("d").get("k"), lambda: SystemSecrets("d").put("k", "s3cret")):
        with pytest.raises(DeskError) as refused:
            call()
        assert refused.value.code == "store.key_missing"
        assert "s3cret" not in str(refused.value)
