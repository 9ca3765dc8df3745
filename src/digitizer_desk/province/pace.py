# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A limit on the bytes that leave in a second: a token bucket.

Apart from the wire because the line of an office is one line, whoever sends on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: as much as this many seconds bring may leave at once: small enough not to fill a slow line's buffers
_BURST_S = 0.25


class Pace:
    """Lets bytes go at no more than ``bytes_per_s`` (0 = at once). One thread at a time.

    A piece larger than the bucket goes when the bucket is full and is paid for afterwards: the mean is what counts.
    """

    def __init__(
        self,
        bytes_per_s: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = bytes_per_s
        self._clock, self._sleep = clock, sleep
        self._most = bytes_per_s * _BURST_S
        self._have = self._most
        self._at = clock()

    def take(self, count: int) -> None:
        """Wait until ``count`` bytes may leave."""
        if not self._rate:
            return
        now = self._clock()
        self._have = min(self._most, self._have + (now - self._at) * self._rate)
        self._at = now
        missing = min(count, self._most) - self._have
        if missing > 0:
            self._sleep(missing / self._rate)
            now = self._clock()
            self._have = min(self._most, self._have + (now - self._at) * self._rate)
            self._at = now
        self._have -= count
