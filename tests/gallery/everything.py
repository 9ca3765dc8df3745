# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""All states of all screens. One import, so that pictures, looks and the table of states speak of the same set."""

from __future__ import annotations

import gallery.agency
import gallery.care_states
import gallery.counter_states
import gallery.door_states
import gallery.files
import gallery.help_states
import gallery.incoming_states
import gallery.marks
import gallery.paper_states
import gallery.program_states
import gallery.review_states
import gallery.setup_states
import gallery.wizard_states  # noqa: F401 - their states register themselves
from gallery.states import SHOWN, STATES

__all__ = ["SHOWN", "STATES"]
