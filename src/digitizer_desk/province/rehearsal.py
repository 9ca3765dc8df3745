# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Trying the way to a province with a real file that does not stay there: what a connector may be able to do.

Apart from the contract of delivery because not every province has such a way, and none must be sent a trial as if it
were a paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from digitizer_desk.province.link import Later


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """``sent`` bytes arrived there; ``gone``: the province itself says that it no longer has them."""

    sent: int
    gone: bool


@runtime_checkable
class CanRehearse(Protocol):
    """A connector whose province can take a file and give it up again."""

    def rehearse(self, data: bytes, progress: Callable[[int, int], None]) -> Rehearsed | Later | None:
        """Send ``data`` so that it never becomes a file there, and take it back. None when this province has no such
        way: then nothing was sent. ``progress`` as in ``deliver``; it may raise to stop, what arrived is taken back.
        """
        ...
