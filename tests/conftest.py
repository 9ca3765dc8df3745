# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What every test relies on: no display is needed, and no real data folder or secret store is touched."""

from __future__ import annotations

import os
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# left alone, keyring takes the best of all classes it has heard of, those of the tests among them
keyring.set_keyring(NoKeyring())


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test never sees the tester's own desk."""
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(home / "desk"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
