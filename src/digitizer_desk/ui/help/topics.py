# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which help belongs to which screen: one line a screen, by the name of its class.

By name, so that this room needs none of the screens, and one more screen is one more line. A test holds it complete.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from digitizer_desk.messages.help import SCREENS, ScreenHelp

#: class of a screen or small window -> key of ``messages.help.SCREENS``
HELP_OF = {
    "BugSheet": "bug",
    "CabinetAway": "away",
    "CannotOpen": "cannot_open",
    "CertifyingScreen": "agency",
    "Compare": "compare",
    "Counter": "counter",
    "DocumentView": "document",
    "FindDialog": "find",
    "FirstRun": "first_run",
    "GuideWindow": "guide",
    "Inspector": "inspector",
    "Judging": "judging",
    "KeepPage": "keep_page",
    "KeptSheet": "kept",
    "LeaveSheet": "leave",
    "LogIn": "login",
    "MachineSheet": "machine",
    "Monthly": "monthly",
    "OfficersDialog": "officers",
    "OlderResults": "older",
    "Outbox": "outbox",
    "Overview": "overview",
    "OwnPassword": "own_password",
    "PlaceSheet": "mark_place",
    "ReasonSheet": "reason",
    "ReceiveDialog": "receive",
    "RenewalsSheet": "renewals",
    "ResultSheet": "result",
    "ReturnedSheet": "returned",
    "SettingsScreen": "settings",
    "SignaturesSheet": "signatures",
    "SigningDialog": "signing",
    "RecoveredDialog": "recovered",
    "ReuseScreen": "reuse",
    "Start": "start",
    "TakenOut": "taken_out",
    "TextSheet": "checkup",
    "TrayDialog": "tray",
    "VerdictDialog": "verdict",
    "WaitingScreen": "waiting",
    "WizardScreen": "wizard",
    "WordsSheet": "words",
    "WorkTypeSheet": "work_types",
}


def topic_of(widget: QWidget | None) -> ScreenHelp | None:
    """The help of a screen; None for a window of Qt's own."""
    if getattr(widget, "comparing", False):
        return SCREENS["compare"]
    return next((SCREENS[HELP_OF[kind.__name__]] for kind in type(widget).__mro__ if kind.__name__ in HELP_OF), None)
