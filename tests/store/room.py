# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A place where cabinets stand, and the clock on its wall."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from digitizer_desk.store.cabinet import Cabinet, open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import Vault
from store.samples import START


@dataclass
class Clock:
    """A clock that goes on only when told."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **kw: float) -> None:
        self.now += timedelta(**kw)


@dataclass
class Room:
    """A place where cabinets stand: the first lies in ``folder``; all that were opened are closed at the end."""

    folder: Path
    vault: Vault
    keeper: FileKeeper
    clock: Clock
    opened: list[Cabinet] = field(default_factory=list)

    def open(self, folder: Path | None = None) -> Cabinet:
        cabinet = open_cabinet(folder or self.folder, self.vault, self.clock)
        self.opened.append(cabinet)
        return cabinet
