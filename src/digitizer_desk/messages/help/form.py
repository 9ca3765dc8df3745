# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The form the help of a screen has. Apart from the texts so that these hold nothing but words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenHelp:
    """``title`` names the screen, ``purpose`` says what it is for, ``steps`` what is done there, in that order.

    ``keys``: what the keyboard does here beside the table of commands, as (key, what). ``chapter``: the heading of the
    clerk's guide that goes with it.
    """

    title: str
    purpose: str
    steps: tuple[str, ...]
    chapter: str
    keys: tuple[tuple[str, str], ...] = ()
