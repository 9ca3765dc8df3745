# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Every window by Tab alone: the keys land somewhere, nothing is left out, and one comes back to where one began."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QRadioButton,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from digitizer_desk import paths
from digitizer_desk.ui.application import make_application
from digitizer_desk.ui.widgets.panels.landing import Landing
from gallery.everything import STATES

#: screens and small windows beside the counter, full and empty
WINDOWS = (
    "agency-nothing",
    "agency-ready",
    "agency-sign-ready",
    "copies-kept",
    "help-search",
    "leave-waiting",
    "login",
    "login-locked",
    "monthly",
    "monthly-missing",
    "officers",
    "older-results",
    "older-results-empty",
    "outbox-empty",
    "outbox-returned",
    "returned",
    "reuse",
    "reuse-offline",
    "review-judging",
    "review-overview",
    "review-overview-empty",
    "review-verdict-refuse",
    "settings-about",
    "settings-scanner",
    "signatures-complete",
    "signing-several",
    "waiting",
    "waiting-empty",
    "wizard-2-scanner",
    "wizard-6-done",
)
#: the small ones
SMALL = (
    "agency-document",
    "agency-sign-ready",
    "bug",
    "checkup",
    "closed-damaged",
    "copies-kept",
    "facts-sheet",
    "guide",
    "help-counter",
    "leave-waiting",
    "officers",
    "older-results",
    "result-add",
    "returned",
    "review-verdict-given",
    "review-verdict-refuse",
    "signatures-complete",
    "signatures-renewals",
    "signing-locked",
    "signing-ready",
)
#: more than any window has
_MOST = 60


@pytest.fixture(scope="module", autouse=True)
def dressed(qapp: QApplication) -> None:
    make_application(paths.resources(), "light")


def stops(window: QWidget) -> set[QWidget]:
    """What Tab must reach: of several choices the one that is taken, as arrows lead to the others."""
    found = set()
    for child in window.findChildren(QWidget):
        inner = isinstance(child, QScrollBar) or isinstance(child.parentWidget(), QAbstractScrollArea)
        if inner or not child.isVisible() or not child.isEnabled() or child.objectName().startswith("qt_"):
            continue
        if not child.focusPolicy() & Qt.FocusPolicy.TabFocus or child.focusProxy() is not None:
            continue
        group = child.group() if isinstance(child, QAbstractButton) else None
        if (group is not None or isinstance(child, QRadioButton)) and not child.isChecked():  # type: ignore[attr-defined]
            continue
        found.add(child)
    return found


@pytest.mark.parametrize("name", WINDOWS)
def test_tab_reaches_everything_and_comes_back(qtbot: QtBot, name: str) -> None:
    made = STATES[name]()
    window = made
    if not isinstance(made, QDialog):
        window = QWidget()  # as in the frame, where nothing else takes Tab
        QVBoxLayout(window).addWidget(made)
        window.resize(1366, 638)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    if isinstance(made, Landing):
        made.setFocus()
    first = QApplication.focusWidget()
    assert first is not None
    assert window.isAncestorOf(first), "the keys land in the window"
    assert first.isVisible()
    walked = [first]
    for _ in range(_MOST):
        QTest.keyClick(walked[-1], Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        assert now is not None
        if now in walked:
            break
        walked.append(now)
    assert now is first, "Tab comes back to where it began"
    missed = [child.accessibleName() or child for child in stops(window) - set(walked)]
    assert missed == []


@pytest.mark.parametrize("name", SMALL)
def test_esc_leaves_every_small_window(qtbot: QtBot, name: str) -> None:
    window = STATES[name]()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert not window.isVisible()
