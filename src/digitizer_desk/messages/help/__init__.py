# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What F1 tells: of every screen what it is for and what is done there in which order; of every finding what it means.

Apart from the messages, which name what happened now: these texts are read in quiet, and are longer.
"""

from __future__ import annotations

from digitizer_desk.messages.help.desk import DESK
from digitizer_desk.messages.help.findings import MEANINGS
from digitizer_desk.messages.help.form import ScreenHelp
from digitizer_desk.messages.help.office import OFFICE
from digitizer_desk.messages.help.sheets import SHEETS

SCREENS: dict[str, ScreenHelp] = {**DESK, **OFFICE, **SHEETS}

__all__ = ["MEANINGS", "SCREENS", "ScreenHelp"]
