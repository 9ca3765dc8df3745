# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One batch as the desk orders it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Order:
    """The desk's wishes, and what its manifest knows of this family. Lengths in mm. ``device`` is the product name."""

    device: str
    source: str
    mode: str
    dpi: int
    sheet_mm: tuple[float, float]
    max_pages: int | None = None
    transfer: str = "memory"
    ui: bool = False
    sheet_fed: bool = False
    dsm: str = ""
    wishes: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Order:
        """Fields this version does not know are passed over."""
        known = {name: message[name] for name in cls.__slots__ if name in message}
        known["sheet_mm"] = (float(known["sheet_mm"][0]), float(known["sheet_mm"][1]))
        return cls(**known)
