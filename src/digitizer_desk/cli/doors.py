# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the terminal needs from the rest of the program, given by ``app.py``.

Apart so that no command knows how a desk is put together, and each can be tried with another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import Scanner
from digitizer_desk.devices.token import Pin, Token
from digitizer_desk.rules.load import Rulebook
from digitizer_desk.store.backup import BackupInfo

if TYPE_CHECKING:
    from digitizer_desk.steps.review.monthly import MonthReport


@dataclass(frozen=True, slots=True)
class TrainingKey:
    """The software token of training: how to reach it, and its PIN, which is no secret."""

    token: Token
    pin: Callable[[], Pin]
    root: bytes


@dataclass(frozen=True, slots=True)
class Doors:
    """Ways into the program. ``data`` None means the desk's usual folder."""

    data: Path
    rulebook: Callable[[], Rulebook]
    scanner: Callable[[], Scanner]
    token: Callable[[str | None], Token]  # the module to use, or None for all known ones
    training_key: Callable[[], TrainingKey]
    trusted: Callable[[Sequence[Path]], tuple[bytes, ...]]  # roots (DER) that count for these files
    stamp_font: Callable[[], bytes]
    restore: Callable[[Path, str], BackupInfo]  # backup folder, passphrase -> what came back
    open_desk: Callable[[], AbstractContextManager[Desk]]
    window: Callable[[], int]
    train: Callable[[Path | None, int, bool], int]  # data, seed, headless
    key_card: Callable[[str], bytes]  # every key on one sheet of this size, as PDF
    month_pdf: Callable[[MonthReport], bytes]  # the monthly report, as the window prints it
    key_rows: Callable[[], Sequence[tuple[str, str, str, str]]]  # where, key, name, help
