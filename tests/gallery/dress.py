# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Dresses the program for pictures exactly as it dresses itself. Apart so that pictures and their tests do it alike."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from digitizer_desk.ui import theme


def dress(application: QApplication, *, dark: bool) -> None:
    """Put the whole program into one of its two palettes."""
    theme.apply(application, dark=dark)
