# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The sizes the key card comes in, and the question for one.

Apart from the sheet, which is drawn into whatever room it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtWidgets import QInputDialog, QWidget


class CardSize(StrEnum):
    """``TWO``: two cards of A5 side by side on one A4, to be cut apart."""

    A4 = "a4"
    A5 = "a5"
    TWO = "a5x2"


@dataclass(frozen=True, slots=True)
class CardPage:
    """How a size is laid out. ``margin``: mm around each card; ``cards``: how many stand side by side; ``helped``:
    whether there is room for the words behind the name of a key."""

    paper: QPageSize.PageSizeId
    landscape: bool
    margin: float
    cards: int
    helped: bool

    def layout(self) -> QPageLayout:
        """The page as Qt wants it."""
        turn = QPageLayout.Orientation.Landscape if self.landscape else QPageLayout.Orientation.Portrait
        margins = QMarginsF(self.margin, self.margin, self.margin, self.margin)
        return QPageLayout(QPageSize(self.paper), turn, margins, QPageLayout.Unit.Millimeter)


PAGES = {
    CardSize.A4: CardPage(QPageSize.PageSizeId.A4, False, 10.0, 1, True),
    CardSize.A5: CardPage(QPageSize.PageSizeId.A5, False, 6.0, 1, False),
    CardSize.TWO: CardPage(QPageSize.PageSizeId.A4, True, 6.0, 2, False),
}
_WORDS = {
    CardSize.A4: "A4, dán cạnh màn hình",
    CardSize.A5: "A5, để trên bàn",
    CardSize.TWO: "Hai thẻ A5 trên một tờ A4",
}


def ask_size(title: str, parent: QWidget) -> CardSize | None:
    """Which size: None when it was called off."""
    words = list(_WORDS.values())
    said, given = QInputDialog.getItem(parent, title, "Cỡ thẻ:", words, 0, False)
    return tuple(_WORDS)[words.index(said)] if given else None
