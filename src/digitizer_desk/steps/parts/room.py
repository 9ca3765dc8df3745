# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How much room the disk must have: what the window, ``doctor`` and the strip say of it is one and the same.

Apart from the store, which only fails when there is none left; here it is told before.
"""

from __future__ import annotations

from digitizer_desk.errors import DeskError, error

#: bytes free below which people are told, and below which no paper runs
LOW, FULL = 5_000_000_000, 500_000_000
_GB = 1e9


def disk_problem(free: int) -> DeskError | None:
    """``store.disk_full`` or ``store.disk_low`` for so many bytes that are free, None while there is room."""
    if free < FULL:
        return error("store.disk_full")
    return error("store.disk_low", free_gb=free / _GB) if free < LOW else None
