# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A screen made of sections: how their rows are filled, refused and accepted, whatever they are laid out in.

Apart from the two screens that show sections, settings and wizard, so that both fill the very same fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from digitizer_desk.ui.screens.setup.rows import SettingRow
from digitizer_desk.ui.screens.setup.section import SectionPage
from digitizer_desk.ui.screens.setup.table import Section, Value


class SectionScreen(QWidget):
    """Signals:
    changed(str, object): key and value the officer gave.
    act_asked(str): a button was pressed.
    shown(str): another section is looked at.
    """

    changed = Signal(str, object)
    act_asked = Signal(str)
    shown = Signal(str)

    def __init__(self, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = {section.id: SectionPage(section) for section in sections}
        for page in self.pages.values():
            page.changed.connect(self.changed)
            page.act_asked.connect(self.act_asked)

    @property
    def section(self) -> str:
        """The section looked at."""
        raise NotImplementedError

    def open_section(self, section_id: str) -> None:
        """Show a section."""
        raise NotImplementedError

    def show_values(self, value: Callable[[str], Value], closed: Callable[[str], str]) -> None:
        """Fill all rows: ``value(key)``, and ``closed(key)``, why a row is not to be changed ('' = it may be)."""
        for page in self.pages.values():
            for key, row in page.rows.items():
                row.show_value(value(key))
                row.close_to(closed(key))

    def set_choices(self, key: str, choices: Sequence[tuple[Value, str]]) -> None:
        """What may be chosen in a row."""
        for row in self._rows(key):
            row.set_choices(choices)

    def tell(self, facts: Mapping[str, str]) -> None:
        """Fill rows that are only shown."""
        for key, words in facts.items():
            for row in self._rows(key):
                row.show_value(words)

    def refuse(self, key: str, words: str, value: Value) -> None:
        """Why a value was not taken; the row shows again what is set."""
        for row in self._rows(key):
            row.show_value(value)
            row.say("stop", words)
            row.field.setFocus()

    def accept(self, key: str, words: str) -> None:
        """A value was taken."""
        for row in self._rows(key):
            row.say("ok", words)

    def _rows(self, key: str) -> Iterator[SettingRow]:
        """The row of a key; none when this screen does not show its section."""
        return (page.rows[key] for page in self.pages.values() if key in page.rows)
