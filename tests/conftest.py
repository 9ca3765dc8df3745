# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What every test relies on: no display is needed, no real data folder or secret store is touched, and whether a test
passes depends on the code, not on chance or on how busy the machine is."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import keyring
import pytest
from hypothesis import HealthCheck, settings
from keyring.backends.fail import Keyring as NoKeyring

from soak import soaking

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# left alone, keyring takes the best of all classes it has heard of, those of the tests among them
keyring.set_keyring(NoKeyring())
# a shell begins what it runs in the background with Ctrl+C ignored, and so would every program the tests start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# the daily run tries the same examples each time, the soak run new ones; neither counts milliseconds
settings.register_profile(
    "desk", deadline=None, derandomize=not soaking(), database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("desk")


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test never sees the tester's own desk."""
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(home / "desk"))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
