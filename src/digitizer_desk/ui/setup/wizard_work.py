# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The first-run wizard at work: where one stands is kept at every step, so that it goes on where it was left.

Apart from the settings' work, which it uses as it is: a value given here is set, refused and journaled as there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from digitizer_desk import settings
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.steps.trial.course import Course
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.card import sheet as key_card
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.rooms import STOP_FIRST
from digitizer_desk.ui.screens.setup import wizard_table as table
from digitizer_desk.ui.screens.setup.wizard import WizardScreen
from digitizer_desk.ui.screens.setup.wizard_table import Facts, Kept, View
from digitizer_desk.ui.setup.strip import Ahead
from digitizer_desk.ui.setup.trial_work import TrialWork
from digitizer_desk.ui.side.room import SideRoom
from digitizer_desk.ui.side.settings_work import SettingsWork

if TYPE_CHECKING:
    from digitizer_desk.ui.main_window import MainWindow

#: name of what is kept in the cabinet
KEPT = "first_run"
#: a button of the settings, and the view whose test it is; the roles that say the test held
_TESTS = {
    "trial": (View.SCANNER, ("ok", "mind")),
    "find_token": (View.TOKEN, ("ok",)),
    "try_province": (View.PROVINCE, ("ok", "mind")),
}
#: every button that asks a machine, and the view it stands in
_OF = {act: view for act, (view, _roles) in _TESTS.items()} | {
    "find_scanner": View.SCANNER,
    "add_scanner": View.SCANNER,
}
#: a value that was changed, and the view that must be tested again
_UNDOES = {
    "scanner.id": View.SCANNER,
    "province.base_url": View.PROVINCE,
    "province.ca_file": View.PROVINCE,
    "province.desk_id": View.PROVINCE,
    "secret": View.PROVINCE,
}


class WizardWork(QObject):
    """The wizard of one window. ``room`` is how it is reached."""

    def __init__(self, desk: Desk, bridge: Bridge, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._officer: Officer | None = None
        self.screen = WizardScreen()
        self.settings = SettingsWork(desk, bridge, self.screen, window)
        self.trial = TrialWork(bridge, self.screen.trial, window)
        self.kept = Kept()
        Ahead(window, self.settings)
        keys = {"previous": self.back, "next": self.go, "undo": self.settings.undo}
        self.room = SideRoom("wizard", self.screen, "Thiết lập lần đầu", Place.SETTINGS, self.enter, self.leave, keys)
        self._join()

    def _join(self) -> None:
        screen = self.screen
        screen.go_asked.connect(self.go)
        screen.later_asked.connect(self.later)
        screen.back_asked.connect(self.back)
        screen.view_asked.connect(lambda view: self.open_at(View(view)))
        screen.card_asked.connect(self._card)
        screen.trial.begin_asked.connect(self._begin_trial)
        screen.trial.stop_asked.connect(self.trial.stop)
        self.settings.bug.connect(self._window.show_bug)
        self.settings.settled.connect(self._settled)
        self.settings.answered.connect(self._answered)
        self.trial.bug.connect(self._window.show_bug)
        self.trial.ended.connect(self._tried)
        self.trial.running_changed.connect(self._show)

    # -- coming and going -------------------------------------------------------------------------------------------

    def begun(self) -> None:
        """A desk is new: from now on the wizard comes after log-in, until it was ended."""
        shelf = self.settings.desk.cabinet.settings
        if shelf.get(KEPT) is None:
            shelf.put(KEPT, Kept().text())

    def begin_for(self, officer: Officer) -> None:
        """After log-in: on with a wizard that was begun and not ended, for who may set this desk up."""
        kept = table.kept_from(self.settings.desk.cabinet.settings.get(KEPT))
        if kept is not None and not kept.ended and Role.IT in officer.roles:
            self._window.rooms.do("wizard")

    def enter(self, officer: Officer) -> bool:
        """Show the wizard where it was left. False while pages come in."""
        if self._window.rooms.work.scanning:
            self._window.rooms.work.flashed.emit(STOP_FIRST)
            return False
        if self._officer is None or self._officer.id != officer.id or not self.screen.isVisible():
            self._officer = officer
            self.kept = table.kept_from(self.settings.desk.cabinet.settings.get(KEPT)) or Kept()
            self.settings.open(officer)
        self._show()
        return True

    def open_view(self, view: View) -> None:
        """At one view, from the status strip."""
        rooms = self._window.rooms
        rooms.do("wizard")
        if rooms.side is self.room:
            self.open_at(view)

    def open_from(self, work: SettingsWork) -> None:
        """From the settings: with what was changed there, and not yet given to the window."""
        self.settings.desk = work.desk
        self.settings.changed = self.settings.changed or work.changed
        work.changed = False
        self._window.rooms.do("wizard")

    def leave(self) -> bool:
        """Esc: stop what runs, else go; where one stands is kept."""
        if self.trial.stop():
            return False
        if self.settings.changed:
            self.settings.changed = False
            self._window.desk_changed.emit(self.settings.desk)
        return True

    # -- steps --------------------------------------------------------------------------------------------------------

    @property
    def facts(self) -> Facts:
        """What is true of the desk as it is set now."""
        desk = self.settings.desk
        return table.facts_of(desk.settings, settings.locks(desk.paths.fixed_settings).keys)

    def go(self) -> None:
        """On, where this view is done; behind the last one to the counter."""
        if self.trial.running:
            return
        self._keep(table.gone_on(self.facts, self.kept))
        if self.kept.ended and self.kept.at is View.DONE:
            self._window.do("back")

    def later(self) -> None:
        """This view later."""
        if not self.trial.running:
            self._keep(table.put_off(self.facts, self.kept))

    def back(self) -> None:
        """One view back."""
        self.open_at(table.before(self.kept.at))

    def open_at(self, view: View) -> None:
        """Any view, at any time."""
        if not self.trial.running:
            self._keep(replace(self.kept, at=view))

    def _keep(self, kept: Kept) -> None:
        if kept != self.kept:
            self.kept = kept
            self.settings.desk.cabinet.settings.put(KEPT, kept.text(), self._officer or "desk")
        self._show()

    def _show(self) -> None:
        self.screen.show_state(self.facts, self.kept, busy=self.trial.running)

    # -- what was found -----------------------------------------------------------------------------------------------

    def _settled(self, key: str) -> None:
        undone = _UNDOES.get(key)
        self._keep(self.kept if undone is None else table.tested(self.kept, undone, held=False))

    def _answered(self, act: str, role: str) -> None:
        if act == "find_scanner":
            self._take_the_only_one()
        view, roles = _TESTS.get(act, (None, ()))
        if view is not None and role in roles:
            self._keep(table.tested(self.kept, view, held=True))
        if _OF.get(act) is self.kept.at:
            self._show()
            self.screen.take_keys_back()
        if view is not None:
            self.screen.see_answer(view.value)

    def _take_the_only_one(self) -> None:
        """Where one scanner stands there and none was chosen, it is the one."""
        row = self.screen.pages["scanner"].rows["scanner.id"]
        if not self.facts.scanner_chosen and row.box.count() == 1 and row.box.isEnabled():
            found = row.box.itemData(0)
            self.settings.give("scanner.id", found)
            row.show_value(found)

    def _begin_trial(self) -> None:
        if self._officer is not None:
            self.trial.begin(self.settings.desk, self._officer)

    def _tried(self, course: Course) -> None:
        self._keep(table.tested(self.kept, View.TRIAL, course.passed))
        self.screen.take_focus()

    def _card(self, way: str) -> None:
        told = key_card.printed(self._window) if way == "print" else key_card.saved(self._window)
        if told is not None:
            self.screen.end.answer.show_state(*told)
            self.screen.end.answer.show()
