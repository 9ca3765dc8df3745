# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the province decides about a document after it has received it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DecisionKind(StrEnum):
    """RETURNED: refused after receipt, with a reason. CODED: its final code, or another one."""

    RETURNED = "returned"
    CODED = "coded"


@dataclass(frozen=True, slots=True)
class Decision:
    """``number`` is the province's own count: it says which of two decisions is the later, in whatever order they come.
    ``said`` are its words, ``result_code`` the code of a CODED one."""

    id: str
    number: int
    parcel_id: str
    kind: DecisionKind
    at: datetime
    said: str = ""
    result_code: str = ""
