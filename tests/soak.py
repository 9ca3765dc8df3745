# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How often a long test runs: in full in the soak run, a twentieth of it (same seeds) in the daily run."""

from __future__ import annotations

import os


def soaking() -> bool:
    """Whether this is the soak run."""
    return os.environ.get("DESK_SOAK") == "1"


def rounds(long: int) -> int:
    """``long`` in the soak run, else a twentieth of it, at least one."""
    return long if soaking() else max(1, long // 20)
