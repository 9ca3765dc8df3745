# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Any sequence of acts, undos and restarts gives what plain lists give, and no page is ever beyond reach."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from soak import rounds
from store.room import Room
from store.samples import CLERK, freeze, make_dossier, new_page, pack, picture, undo_name

ACTS = (
    "append",
    "after",
    "before",
    "again",
    "remove",
    "put_back",
    "move",
    "turn",
    "older",
    "shuffle",
    "undo",
    "redo",
    "reopen",
)
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2**16)), max_size=25)


@dataclass
class Plain:
    """The same with lists: pages in order for each component, the version in use, the turn of each version."""

    order: dict[str, list[str]]
    version: dict[str, int] = field(default_factory=dict)
    turn: dict[tuple[str, int], int] = field(default_factory=dict)

    def seen(self, part: str) -> list[tuple[str, int, int]]:
        using = [(page, self.version.get(page, 1)) for page in self.order[part]]
        return [(page, version, self.turn.get((page, version), 0)) for page, version in using]


class Play:
    """Does each act in the cabinet and with the lists."""

    def __init__(self, room: Room, number: int) -> None:
        self._room = room
        self.cabinet: Cabinet = room.open()
        dossier = make_dossier(number, parts=2)
        self.cabinet.dossiers.add(dossier, CLERK)
        self.id, self.parts = dossier.id, [c.id for c in dossier.components]
        self.now = Plain({part: [] for part in self.parts})
        self.past: list[Plain] = []
        self.undone: list[Plain] = []
        self.kept: dict[str, str] = {}
        self.newest: dict[str, int] = {}
        self._seed = number * 1000

    def _begin(self) -> Plain:
        return copy.deepcopy(self.now)

    def _did(self, then: Plain) -> None:
        if then != self.now:
            self.past.append(self.now)
            self.undone.clear()
        self.now = then

    def _picture(self) -> bytes:
        self._seed += 1
        return picture(self._seed, 60)

    def do(self, act: str, chance: int) -> None:
        part = self.parts[chance % 2]
        live = self.now.order[part]
        page = live[chance // 2 % len(live)] if live else None
        if act in ("undo", "redo", "reopen", "append", "put_back") or page is not None:
            getattr(self, f"_{act}")(part, page, chance)

    def _add(self, part: str, index: int, **place: Any) -> None:
        made = self.cabinet.pages.keep(part, self._picture(), new_page(), CLERK, **place)
        self.kept[made.id], self.newest[made.id] = part, 1
        then = self._begin()
        then.order[part].insert(index, made.id)
        self._did(then)

    def _append(self, part: str, _page: str | None, _chance: int) -> None:
        self._add(part, len(self.now.order[part]))

    def _after(self, part: str, page: str, _chance: int) -> None:
        self._add(part, self.now.order[part].index(page) + 1, after=page)

    def _before(self, part: str, page: str, _chance: int) -> None:
        self._add(part, self.now.order[part].index(page), before=page)

    def _again(self, part: str, page: str, _chance: int) -> None:
        self.cabinet.pages.keep(part, self._picture(), new_page(), CLERK, replaces=page)
        self.newest[page] += 1
        then = self._begin()
        then.version[page] = self.newest[page]
        self._did(then)

    def _remove(self, part: str, page: str, _chance: int) -> None:
        self.cabinet.pages.remove(page, CLERK)
        then = self._begin()
        then.order[part].remove(page)
        self._did(then)

    def _put_back(self, part: str, _page: str | None, chance: int) -> None:
        out = [p for p, of in self.kept.items() if of == part and p not in self.now.order[part]]
        if out:
            page = out[chance % len(out)]
            self.cabinet.pages.put_back(page, CLERK)
            then = self._begin()
            then.order[part].append(page)
            self._did(then)

    def _move(self, part: str, page: str, chance: int) -> None:
        index = chance // 7 % (len(self.now.order[part]) + 1)
        self.cabinet.pages.move(page, index, CLERK)
        then = self._begin()
        then.order[part].remove(page)
        then.order[part].insert(index, page)
        self._did(then)

    def _turn(self, _part: str, page: str, _chance: int) -> None:
        self.cabinet.pages.turn(page, 90, CLERK)
        then = self._begin()
        key = (page, then.version.get(page, 1))
        then.turn[key] = (then.turn.get(key, 0) + 90) % 360
        self._did(then)

    def _older(self, _part: str, page: str, chance: int) -> None:
        version = chance // 5 % self.newest[page] + 1
        self.cabinet.pages.use_version(page, version, CLERK)
        then = self._begin()
        if version != then.version.get(page, 1):
            then.version[page] = version
        self._did(then)

    def _shuffle(self, part: str, _page: str, chance: int) -> None:
        then = self._begin()
        random.Random(chance).shuffle(then.order[part])
        self.cabinet.pages.arrange(part, then.order[part], "xếp lại", CLERK)
        self._did(then)

    def _undo(self, _part: str, _page: str | None, _chance: int) -> None:
        assert bool(self.cabinet.pages.undo(self.id, CLERK)) == bool(self.past)
        if self.past:
            self.undone.append(self.now)
            self.now = self.past.pop()

    def _redo(self, _part: str, _page: str | None, _chance: int) -> None:
        assert bool(self.cabinet.pages.redo(self.id, CLERK)) == bool(self.undone)
        if self.undone:
            self.past.append(self.now)
            self.now = self.undone.pop()

    def _reopen(self, _part: str, _page: str | None, _chance: int) -> None:
        self.cabinet.close()
        self.cabinet = self._room.open()

    def check(self) -> None:
        dossier = self.cabinet.dossiers.load(self.id)
        for part in self.parts:
            there = [(p.id, p.version, p.turn) for p in dossier.component(part).pages]
            assert there == self.now.seen(part)
        out = {gone.page.id: gone.component_id for gone in self.cabinet.pages.removed(self.id)}
        live = {page.id: c.id for c in dossier.components for page in c.pages}
        assert out.keys().isdisjoint(live)
        assert out | live == self.kept, "a page that was kept is live or among those taken out"


def _numbers() -> Callable[[], int]:
    count = 0

    def following() -> int:
        nonlocal count
        count += 1
        return count

    return following


def test_any_sequence_of_acts_is_what_plain_lists_make_of_it(room: Room) -> None:
    following = _numbers()

    @settings(max_examples=rounds(500), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(STEPS)
    def play(steps: list[tuple[str, int]]) -> None:
        game = Play(room, following())
        try:
            for act, chance in steps:
                game.do(act, chance)
                game.check()
            for page in game.kept:
                assert all(game.cabinet.pages.jpeg(version) for version in game.cabinet.pages.versions(page))
            assert game.cabinet.journal.check().ok
        finally:
            game.cabinet.close()

    play()


def test_what_was_signed_is_not_undone_and_what_came_after_is(room: Room) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    first = cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    freeze(cabinet, "d1", "d1c1")
    with pytest.raises(DeskError) as signed:
        cabinet.pages.undo("d1", CLERK)
    assert signed.value.code == "dossier.signed"
    assert signed.value.facts == {"component": "Giấy tờ 1"}
    cabinet.pages.remove(first.id, CLERK)
    assert undo_name(cabinet, "d1") == "bỏ trang 1"
    assert cabinet.pages.undo("d1", CLERK) == "bỏ trang 1", "back to exactly what was signed"
    document = cabinet.dossiers.load("d1").component("d1c1").document
    assert document is not None
    assert document.pages == cabinet.dossiers.load("d1").component("d1c1").page_list


def test_what_went_out_says_so(room: Room) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    cabinet.pages.keep("d1c1", picture(1), new_page(), CLERK)
    cabinet.outbox.claim(pack(cabinet, "d1", "d1c1").id)
    with pytest.raises(DeskError) as frozen:
        cabinet.pages.undo("d1", CLERK)
    assert frozen.value.code == "dossier.frozen"


def test_pages_may_only_be_arranged_as_they_are(room: Room) -> None:
    cabinet = room.open()
    cabinet.dossiers.add(make_dossier(), CLERK)
    one, two = (cabinet.pages.keep("d1c1", picture(seed), new_page(), CLERK) for seed in (1, 2))
    for wrong in ([one.id], [one.id, two.id, "x"], [one.id, one.id]):
        with pytest.raises(DeskError, match="conflict"):
            cabinet.pages.arrange("d1c1", wrong, "xếp lại", CLERK)
    with pytest.raises(DeskError, match="conflict"):
        cabinet.pages.put_back(one.id, CLERK)
