# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One labelled case and the counts of many: how often a check was right, and how sure that number is.

Apart from the questions because every question counts alike. A case has a random generator of its own, drawn from the
seed, the name of its set and its number: it can be made again alone, and one more case changes no other.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.measure import measure_page

DPI = 300
#: normal deviate of a two-sided 95 % interval
_Z = 1.959964


@dataclass(slots=True)
class Tally:
    """``counts``: name -> [found, of]; ``mistakes``: names where "found" is the mistake; ``errors``: values by name;
    ``wrong``: what went wrong, in words."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    mistakes: set[str] = field(default_factory=set)
    errors: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, found: bool, what: str = "", *, want: bool = True) -> None:
        count = self.counts.setdefault(name, [0, 0])
        count[0] += bool(found)
        count[1] += 1
        if not want:
            self.mistakes.add(name)
        if found != want and what:
            self.wrong.append(f"{name}: {what}")

    def error(self, name: str, value: float) -> None:
        self.errors.setdefault(name, []).append(value)

    def share(self, name: str) -> float:
        found, of = self.counts[name]
        return found / of

    def take(self, other: Tally) -> None:
        """The counts of another part of the same set, added."""
        for name, (found, of) in other.counts.items():
            count = self.counts.setdefault(name, [0, 0])
            count[0] += found
            count[1] += of
        self.mistakes |= other.mistakes
        for name, values in other.errors.items():
            self.errors.setdefault(name, []).extend(values)
        self.wrong += other.wrong


@dataclass(slots=True)
class Case:
    """One page, or a few that belong together, and what was asked of it."""

    chance: np.random.Generator
    number: int
    tally: Tally
    pictures: list[Pixels] = field(default_factory=list)

    def measured(self, pixels: Pixels, dpi: float = DPI) -> PageMeasures:
        """As a scanner's page whose sheet is its picture; the picture is remembered, to be looked at."""
        self.pictures.append(pixels)
        sheet = (pixels.shape[1] / dpi * 25.4, pixels.shape[0] / dpi * 25.4)
        return measure_page(pixels, dpi=(dpi, dpi), sheet_mm=sheet)

    def add(self, name: str, found: bool, what: str = "", *, want: bool = True) -> None:
        self.tally.add(name, bool(found), f"{what} (case {self.number})" if what else "", want=want)

    def between(self, low: float, high: float) -> float:
        return float(self.chance.uniform(low, high))

    def one_of(self, *things: str) -> str:
        return things[int(self.chance.integers(len(things)))]


Check = Callable[[Case], None]


def case_of(name: str, seed: int, number: int, tally: Tally) -> Case:
    """The same case for the same name, seed and number."""
    return Case(np.random.default_rng([seed, zlib.crc32(name.encode()), number]), number, tally)


def sure(found: int, of: int) -> tuple[float, float]:
    """Bounds (low, high) within which the true share lies 95 times of 100 (Wilson 1927); with no hit or no miss, the
    exact one-sided bound (the rule of three)."""
    if found == 0:
        return 0.0, 1 - 0.05 ** (1 / of)
    if found == of:
        return 0.05 ** (1 / of), 1.0
    share, weight = found / of, _Z * _Z / of
    middle = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * math.sqrt(share * (1 - share) / of + weight / (4 * of))
    return middle - half, middle + half
