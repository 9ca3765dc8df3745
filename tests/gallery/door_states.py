# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The door of the program: logging in, the locked desk, the first start, and leaving while parcels wait."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer_desk.errors import error
from digitizer_desk.ui.screens.people.first_run import FirstRun
from digitizer_desk.ui.screens.people.login import LogIn
from digitizer_desk.ui.screens.sheets import LeaveSheet
from gallery.people import CLERK, OFFICE
from gallery.states import state

_PHRASE = "7K2M-QX4T-9WRD-3HJP-8NVB-5CYG-2ZSE-6FA8"


@state("login")
def login() -> QWidget:
    return LogIn(office=OFFICE)


@state("login-refused")
def refused() -> QWidget:
    made = LogIn(office=OFFICE)
    made.login.setText("anlv")
    made.refuse(error("officer.password_wrong", left=3))
    return made


@state("login-locked")
def locked() -> QWidget:
    made = LogIn(office=OFFICE)
    made.lock(CLERK, "anlv")
    return made


@state("first-run-phrase")
def phrase() -> QWidget:
    return FirstRun(_PHRASE, 8)


@state("first-run-officer")
def officer() -> QWidget:
    made = FirstRun(_PHRASE, 8)
    made.secret.kept.setChecked(True)
    made.secret.on.click()
    return made


@state("leave-waiting")
def leave() -> QWidget:
    return LeaveSheet(12)
