# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A dossier that is read again: what changed is read, what did not is the very same value."""

from __future__ import annotations

from dataclasses import replace

from digitizer_desk.dossier.model import Keep, NoteSide, Page
from digitizer_desk.store.cabinet import Cabinet
from store.samples import CLERK, MEASURES, START, make_dossier, new_page, picture


def shown(cabinet: Cabinet) -> tuple[Page, ...]:
    return cabinet.dossiers.load("d1").component("d1c1").pages


def three(cabinet: Cabinet) -> tuple[Page, ...]:
    cabinet.dossiers.add(make_dossier(1), CLERK)
    for number in range(3):
        page = cabinet.pages.keep("d1c1", picture(number), new_page(), CLERK)
        cabinet.pages.set_measures(page.id, MEASURES, ())
    return shown(cabinet)


def test_pages_that_did_not_change_are_not_made_again(cabinet: Cabinet) -> None:
    first = three(cabinet)
    again = shown(cabinet)
    assert all(one is other for one, other in zip(first, again, strict=True))
    cabinet.pages.move(first[2].id, 0, CLERK)
    moved = shown(cabinet)
    assert [page.id for page in moved] == [first[2].id, first[0].id, first[1].id]
    assert all(any(page is known for known in first) for page in moved), "a place is no part of a page"


def test_every_fact_of_a_page_is_seen_when_it_changes(cabinet: Cabinet) -> None:
    first, second, third = three(cabinet)
    cabinet.pages.turn(first.id, 90, CLERK)
    assert shown(cabinet)[0] == replace(first, turn=90)
    cabinet.pages.set_note(second.id, NoteSide.WITH, CLERK)
    assert shown(cabinet)[1] == replace(second, note=NoteSide.WITH)
    keep = Keep("page.blank", "giấy trắng", CLERK.id, START)
    cabinet.pages.add_keep(third.id, keep, CLERK)
    assert shown(cabinet)[2] == replace(third, keeps=(keep,))
    other = replace(MEASURES, sharpness=0.11)
    cabinet.pages.set_measures(third.id, other, ())
    assert shown(cabinet)[2].measures == other
    newer = cabinet.pages.keep("d1c1", picture(9), new_page(), CLERK, replaces=second.id)
    assert shown(cabinet)[1].sha256 == newer.sha256 != second.sha256
    cabinet.pages.use_version(second.id, 1, CLERK)
    assert shown(cabinet)[1] == replace(second, note=NoteSide.WITH)


def test_what_a_taken_back_transaction_showed_is_not_believed(cabinet: Cabinet) -> None:
    first = three(cabinet)[0]

    class Never(Exception):
        pass

    try:
        with cabinet.transaction():
            cabinet.pages.turn(first.id, 180, CLERK)
            assert shown(cabinet)[0].turn == 180
            raise Never
    except Never:
        pass
    assert shown(cabinet)[0].turn == 0


def test_another_dossier_takes_its_place(cabinet: Cabinet) -> None:
    first = three(cabinet)
    cabinet.dossiers.add(make_dossier(2), CLERK)
    page = cabinet.pages.keep("d2c1", picture(5), new_page(), CLERK)
    assert cabinet.dossiers.load("d2").component("d2c1").pages == (page,)
    again = shown(cabinet)
    assert again == first
    assert not any(one is other for one, other in zip(first, again, strict=True)), "nothing is kept of it meanwhile"
