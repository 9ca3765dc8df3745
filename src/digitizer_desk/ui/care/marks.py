# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is marked on a page and beside it: its verdict, and frames where something was found.

Apart from the inspector because a comparison and the evidence of a machine's hint mark pages alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import Page
from digitizer_desk.messages import short
from digitizer_desk.ui.widgets import signs
from digitizer_desk.ui.widgets.page_view import Frame


def verdict(page: Page) -> tuple[str, str]:
    """Role and words of a page as a whole: its worst finding, or "Đạt"."""
    if page.open_faults:
        return "stop", short(page.open_faults[0])
    if page.keeps:
        return "mind", f"Giữ: {page.keeps[-1].reason}"
    warnings = [f for f in page.findings if f.severity is Severity.WARNING]
    if warnings:
        return "mind", short(warnings[0])
    return ("ok", "Đạt") if page.measures is not None else ("idle", "Chưa đo")


#: what brings a page closer: meant for the picture, also while the list beside it has the keys
ZOOM_KEYS = frozenset({Qt.Key.Key_Z, Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus})


class PageStrip(QListWidget):
    """A list of pages. Letters do not search it, as they would any other list: they belong to the screen around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ZOOM_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)


def strip_item(number: int, page: Page) -> QListWidgetItem:
    """A page in a list of pages: its number and its verdict."""
    item = QListWidgetItem()
    dress_item(item, number, page)
    return item


def list_pages(strip: QListWidget, shown: Sequence[Page], pages: Sequence[Page]) -> None:
    """Make a list that shows some pages show others: only rows that are another page now are touched."""
    while strip.count() > len(pages):
        strip.takeItem(strip.count() - 1)
    for row, page in enumerate(pages):
        if row >= strip.count():
            strip.addItem(strip_item(row + 1, page))
        elif shown[row] is not page:
            dress_item(strip.item(row), row + 1, page)


def dress_item(item: QListWidgetItem, number: int, page: Page) -> None:
    """Its words, its sign and what is read aloud of it."""
    role, words = verdict(page)
    brief = "Đã giữ" if page.keeps and not page.open_faults else words
    item.setText(f"{number}  {brief}")
    item.setIcon(signs.icon(signs.role_sign(role), signs.role_colour(role)))
    item.setSizeHint(QSize(0, 40))
    item.setToolTip(words)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"Trang {number}, {words}")


def frames(page: Page) -> tuple[Frame, ...]:
    """Where on the page something was found, in the colour of how bad it is."""
    roles = {Severity.FAULT: "stop", Severity.WARNING: "mind", Severity.INFO: "idle"}
    kept = {keep.rule for keep in page.keeps}
    return tuple(
        Frame(f.region, short(f), signs.paper_colour("mind" if f.rule in kept else roles[f.severity]))
        for f in page.findings
        if f.region is not None
    )
