# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The limits the measures are judged by here: those of the regulation in force, never numbers of this program."""

from __future__ import annotations

import math
from datetime import date

from digitizer_desk.paths import resources
from digitizer_desk.rules.load import load_rulebook

_BOOK = load_rulebook([resources() / "regulations"], [resources() / "procedures"])
LAW = _BOOK.in_force(date(2026, 11, 21))


def below(limit: str, value: float | None) -> bool:
    """Whether a page's measure is under the least the law asks for; an unknown one is not."""
    least = LAW.page[limit].min
    return value is not None and least is not None and value < least


def above(limit: str, value: float | None) -> bool:
    """Whether a page's measure is over the most the law lets pass; an unknown one is not."""
    most = LAW.page[limit].max
    return value is not None and most is not None and value > most


def twin(alike: float | None) -> bool:
    """Whether two pages are so alike that the desk says: one sheet, scanned twice."""
    most = LAW.component["duplicate_page"].max
    return alike is not None and most is not None and alike > most


def through(found: tuple[float, float] | None) -> bool:
    """Whether a back shows its front's seal and nothing else. ``found``: likeness mirrored, and not."""
    return found is not None and LAW.component["show_through"].beats(*found)


def tinted(cast: tuple[float, float] | None) -> bool:
    most = LAW.component["cast"].max
    return cast is not None and most is not None and math.hypot(*cast) > most
