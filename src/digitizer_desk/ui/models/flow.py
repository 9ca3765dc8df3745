# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How fast bytes leave: measured over the last seconds, never guessed.

Apart from the words so that a pause, a new parcel and a slow line are tried without a window.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

#: seconds the rate is the mean of; and how long it must have been watched before it is told
_SPAN_S, _LEAST_S = 10.0, 1.0


@dataclass(slots=True)
class Flow:
    """``sent`` of ``total`` bytes of the parcel on its way; '' when none is."""

    parcel_id: str = ""
    sent: int = 0
    total: int = 0
    _left: int = 0
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    def note(self, parcel_id: str, sent: int, total: int, now: float) -> None:
        """So many bytes of a parcel have left. ``now``: seconds of a clock that only goes on."""
        more = sent - self.sent if parcel_id == self.parcel_id else sent
        if parcel_id != self.parcel_id and sent == 0:
            more = 0
        self.parcel_id, self.sent, self.total = parcel_id, sent, total
        self._left += max(0, more)
        self._seen.append((now, self._left))
        while now - self._seen[0][0] > _SPAN_S:
            self._seen.popleft()

    def over(self) -> None:
        """Nothing is on its way."""
        self.parcel_id, self.sent, self.total = "", 0, 0

    def rate(self, now: float) -> float | None:
        """Bytes a second over the last seconds, None while that is not known yet."""
        recent = [seen for seen in self._seen if now - seen[0] <= _SPAN_S]
        if len(recent) < 2 or now - recent[0][0] < _LEAST_S:
            return None
        return (recent[-1][1] - recent[0][1]) / (now - recent[0][0])
