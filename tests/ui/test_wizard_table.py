# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The order of the wizard and when one may go on: a table, without a window."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from digitizer_desk.settings import ProvinceChoice, ScannerChoice, Settings, Unit
from digitizer_desk.ui.screens.setup import wizard_table as table
from digitizer_desk.ui.screens.setup.table import SECTIONS
from digitizer_desk.ui.screens.setup.wizard_table import BY_VIEW, PAGES, VIEWS, Facts, Kept, Mark, View

ALL = Facts(unit_named=True, scanner_chosen=True, province_set=True)
EVERY_TEST = frozenset(VIEWS) - {View.UNIT, View.DONE}


def test_the_views_stand_in_the_order_of_the_work() -> None:
    assert [page.view for page in PAGES] == list(View)
    assert {view.value for view in VIEWS[:4]} <= {section.id for section in SECTIONS}
    assert BY_VIEW[View.PROVINCE].later == "Làm sau khi có mạng"


def test_it_needs_no_qt() -> None:
    asked = "import sys, digitizer_desk.ui.screens.setup.wizard_table; print('PySide6' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize("view", [view for view in VIEWS if view is not View.DONE])
def test_one_goes_on_only_when_a_view_is_done(view: View) -> None:
    nothing = Kept(at=view)
    assert table.gone_on(Facts(), nothing) == nothing
    ready = Kept(at=view, held=EVERY_TEST)
    assert table.gone_on(ALL, ready).at is table.after(view)


@pytest.mark.parametrize("view", [view for view in VIEWS if view is not View.DONE])
def test_every_view_can_be_put_off_and_is_marked_until_it_is_done(view: View) -> None:
    later = table.put_off(Facts(), Kept(at=view))
    assert later.at is table.after(view)
    assert table.mark(view, Facts(), later) is Mark.LATER
    done = replace(later, held=EVERY_TEST)
    assert table.mark(view, ALL, done) is Mark.DONE


def test_what_is_done_is_not_put_off() -> None:
    assert table.put_off(ALL, Kept(at=View.UNIT)).later == frozenset()


def test_a_chosen_scanner_alone_is_not_enough_and_a_test_alone_neither() -> None:
    assert not table.done(View.SCANNER, ALL, Kept())
    assert not table.done(View.SCANNER, Facts(), Kept(held=EVERY_TEST))
    assert table.done(View.SCANNER, ALL, Kept(held=EVERY_TEST))


def test_what_the_province_fixed_is_ticked_without_a_test() -> None:
    chosen = Settings(
        unit=Unit(code="000.00.12.H08", name="UBND phường Bến Thông"),
        province=ProvinceChoice(base_url="https://so-hoa.mau.gov.vn"),
        scanner=ScannerChoice(id="x"),
    )
    locked = {"unit.code", "unit.name", "province.base_url"}
    facts = table.facts_of(chosen, locked)
    assert table.mark(View.UNIT, facts, Kept()) is Mark.FIXED
    assert table.mark(View.PROVINCE, facts, Kept()) is Mark.FIXED
    assert table.mark(View.SCANNER, facts, Kept()) is Mark.OPEN
    # locked but left empty is nothing to tick
    assert table.facts_of(Settings(), locked).fixed == frozenset()


def test_the_end_is_ended_once_and_stays_so() -> None:
    at_end = Kept(at=View.DONE)
    ended = table.gone_on(Facts(), at_end)
    assert ended.ended
    assert ended.at is View.DONE
    assert table.mark(View.DONE, Facts(), ended) is Mark.DONE
    assert table.put_off(Facts(), replace(ended, at=View.UNIT)).ended


def test_a_machine_that_was_changed_must_be_tried_again() -> None:
    kept = table.tested(Kept(), View.SCANNER, held=True)
    assert View.SCANNER not in table.tested(kept, View.SCANNER, held=False).held


def test_before_and_after_stop_at_the_ends() -> None:
    assert table.before(View.UNIT) is View.UNIT
    assert table.after(View.DONE) is View.DONE
    assert table.before(View.SCANNER) is View.UNIT


def test_what_is_kept_comes_back_and_what_cannot_be_read_begins_anew() -> None:
    kept = Kept(View.PROVINCE, frozenset({View.SCANNER}), frozenset({View.TOKEN}), ended=False)
    assert table.kept_from(kept.text()) == kept
    assert table.kept_from(None) is None
    for broken in ("", "[]", "{}", '{"at": "mars", "held": [], "later": [], "ended": false}'):
        assert table.kept_from(broken) == Kept()


def test_the_next_act_is_the_test_of_the_view_until_it_held() -> None:
    assert table.next_act(Facts(), Kept(at=View.UNIT)) == ""
    assert table.next_act(Facts(), Kept(at=View.SCANNER)) == "find_scanner"
    acts = {act.id for section in SECTIONS for act in section.acts} | {"begin"}
    for view in VIEWS[1:-1]:
        assert table.next_act(ALL, Kept(at=view)) in acts
        assert table.next_act(ALL, Kept(at=view, held=EVERY_TEST)) == ""
    assert table.next_act(ALL, Kept(at=View.DONE)) == ""


def test_fields_that_are_wanted_are_rows_of_their_section() -> None:
    for page in PAGES:
        rows = {row.key for section in SECTIONS if section.id == page.view.value for row in section.rows}
        assert set(page.wanted) <= rows
