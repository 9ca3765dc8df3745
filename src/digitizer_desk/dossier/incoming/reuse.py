# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A paper the province keeps already, and the decision to use it instead of scanning it again (R5).

Apart from the model so that a component can hold the decision without knowing where the paper was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PaperSource(StrEnum):
    """What the paper was before: a component handed in with another dossier, or the result of one."""

    COMPONENT = "component"
    RESULT = "result"


class PaperState(StrEnum):
    """What the store says of it."""

    VALID = "valid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Reusable:
    """One paper found. ``reference`` is the store's own id of it, ``kind`` the code of its type, ``code`` its mã kết
    quả số hóa ('' = none). ``issued`` and ``expires`` are None where the store does not say."""

    reference: str
    title: str
    kind: str = ""
    number: str = ""
    issued: date | None = None
    issuer: str = ""
    code: str = ""
    expires: date | None = None
    state: PaperState = PaperState.VALID
    source: PaperSource = PaperSource.COMPONENT

    def state_on(self, day: date) -> PaperState:
        """What holds on this day: a paper past its last day is expired, whatever the store says."""
        if self.state is PaperState.VALID and self.expires is not None and self.expires < day:
            return PaperState.EXPIRED
        return self.state


class ReuseState(StrEnum):
    """How far the province knows. UNDONE rows stay for the record and count for nothing."""

    WAITING = "waiting"
    SENDING = "sending"  # found at a start: not known whether it arrived; the same message is harmless
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Reused:
    """The decision that a component is such a paper. ``id`` is its key at the province for ever; ``said`` the
    province's words when it refused."""

    id: str
    paper: Reusable
    by: str
    at: datetime
    state: ReuseState = ReuseState.WAITING
    said: str = ""
    receipt: str = ""
