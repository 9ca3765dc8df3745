# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Error or finding → Vietnamese words: what happened, why, what to do now.

Apart from the windows because the terminal speaks the same words; no Qt here. A test holds the texts equal to the
codes of ``errors.py`` and the limits of the rules.
"""

from __future__ import annotations

from digitizer_desk.errors import DeskError
from digitizer_desk.messages.faults import TEXTS
from digitizer_desk.messages.findings import FINDINGS, RULE_NAMES, finding_words, short
from digitizer_desk.messages.form import Message, fill
from digitizer_desk.messages.labels import (
    PAGE_FINE,
    ROLE_NAMES,
    SEVERITY_NAMES,
    STEP_NAMES,
    parcel_words,
    spoken,
    stage_words,
    step_name,
    witness_words,
)
from digitizer_desk.messages.machine import machine_words
from digitizer_desk.messages.probes import probe_words

__all__ = [
    "FINDINGS",
    "PAGE_FINE",
    "ROLE_NAMES",
    "RULE_NAMES",
    "SEVERITY_NAMES",
    "STEP_NAMES",
    "TEXTS",
    "Message",
    "finding_words",
    "machine_words",
    "parcel_words",
    "probe_words",
    "sentence",
    "short",
    "stage_words",
    "step_name",
    "witness_words",
    "words",
]


def words(error: DeskError) -> Message:
    """The three lines for an error, its facts filled in."""
    return fill(TEXTS[error.code], {name: spoken(name, value) for name, value in error.facts.items()})


def sentence(error: DeskError) -> str:
    """The same on one line, for the terminal and the banner."""
    return str(words(error))
