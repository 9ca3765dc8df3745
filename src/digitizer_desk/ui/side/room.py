# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The rooms beside the counter: what each one needs to be reached by a key, filled for an officer, and left again.

Apart from ``rooms.py`` (the counter's own ways) so that one more room is one more value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.model import Officer
from digitizer_desk.ui.commands import Place


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class SideRoom:
    """``command`` opens it. ``enter(officer)`` fills it, and is False when this officer may not (and was told so);
    ``leave()`` is False when Esc was used up inside. ``acts`` are commands of the table that mean something there."""

    command: str
    screen: QWidget
    title: str
    place: Place
    enter: Callable[[Officer], bool]
    leave: Callable[[], bool] = _always
    acts: Mapping[str, Callable[[], None]] = field(default_factory=dict)
