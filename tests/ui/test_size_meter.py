# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The meter of the counter: what it says, when it minds, and that pages are weighed once and off the window thread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from digitizer_desk.dossier.model import Component, Document
from digitizer_desk.imaging.pdf.sizes import Weight
from digitizer_desk.rules.component import check_component
from digitizer_desk.steps.parts.weighing import ComponentSize, size_of
from digitizer_desk.ui.care.meter import size_words
from digitizer_desk.ui.main_window import MainWindow
from gallery.papers import checked, law_in_force
from gallery.people import NOW
from stand_ins.machines import stack
from steps.conftest import Bench, bench  # noqa: F401 - the fixture
from ui.test_main_window import _log_in, window  # noqa: F401 - the fixture

MB = 1024 * 1024
LAW = law_in_force()


def weights(component: Component, archive: int, small: int) -> dict[str, Weight]:
    return {page.sha256: Weight(archive, small, False) for page in component.pages}


@pytest.mark.parametrize(
    ("size", "role", "words"),
    [
        (ComponentSize(MB, MB // 5, True), "idle", "Tệp gửi: 1 MB · dạng gọn: khoảng 0,20 MB · tối đa 30 MB"),
        (ComponentSize(5 * MB // 4, 10 * MB, False), "idle", "Tệp gửi: khoảng 1,2 MB · bản lưu 10 MB · tối đa 30 MB"),
        (ComponentSize(24 * MB - 1, None, True), "idle", "Tệp gửi: 24,0 MB · tối đa 30 MB"),
        (ComponentSize(24 * MB, None, True), "mind", "Tệp gửi: 24 MB · tối đa 30 MB"),
        (ComponentSize(30 * MB, None, True), "mind", "Tệp gửi: 30 MB · tối đa 30 MB"),
        (ComponentSize(30 * MB + 1, None, True), "stop", "Tệp gửi: 30,0 MB · tối đa 30 MB"),
    ],
)  # fmt: skip
def test_what_the_meter_says(size: ComponentSize, role: str, words: str) -> None:
    assert size_words(size, LAW) == (role, words)


def test_the_preset_of_the_law_is_what_is_sent() -> None:
    pages = checked()
    known = weights(pages, 1_000_000, 60_000)
    archive, small = size_of(pages, False, known), size_of(pages, True, known)
    assert archive is not None
    assert small is not None
    assert (archive.sent, archive.other, archive.exact) == (small.other, small.sent, True)
    assert not small.exact
    assert archive.sent == pytest.approx(6_000_000, rel=0.01)


def test_pages_not_weighed_yet_count_with_what_they_are_on_disk() -> None:
    pages = checked()
    some = dict(list(weights(pages, 1_400_000, 60_000).items())[:2])
    found = size_of(pages, False, some)
    assert found is not None
    assert found.other is None
    assert found.sent == pytest.approx(sum(page.size for page in pages.pages), rel=0.01)
    assert size_of(pages, True, some) is None  # nobody knows yet how small they become
    assert size_of(replace(pages, pages=()), False, some) is None


def test_a_signed_file_weighs_what_it_weighs() -> None:
    pages = checked()
    signed = replace(pages, document=Document("d", 1, "a" * 64, 777, pages.page_list, NOW))
    assert size_of(signed, True, {}) == ComponentSize(777, None, True)
    changed = replace(signed, pages=pages.pages[:-1])
    assert size_of(changed, False, weights(pages, 500, 500)) != ComponentSize(777, None, True)


def test_a_small_file_is_not_blamed_for_the_size_of_its_pictures() -> None:
    heavy = replace(checked(), pages=tuple(replace(p, size=9 * MB) for p in checked().pages), declared=6)
    assert "file_size" in {f.word for f in check_component(heavy, LAW)}
    assert "file_size" not in {f.word for f in check_component(heavy, LAW, size=2 * MB)}


def test_it_is_shown_while_pages_come_and_weighs_each_once(
    qtbot: QtBot,
    window: MainWindow,  # noqa: F811
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from digitizer_desk.ui.care import meter

    asked: list[str] = []
    weigh = meter.weigh_pages

    def counted(desk: Any, pages: Any, stop: Any) -> Any:
        asked.extend(page.sha256 for page in pages)
        return weigh(desk, pages, stop)

    monkeypatch.setattr(meter, "weigh_pages", counted)
    _log_in(qtbot, window)
    dossier = bench.received()
    window.rooms.open(dossier.id, dossier.components[0].id)
    qtbot.waitUntil(lambda: window.rooms.work.dossier is not None, timeout=10_000)
    line = window.rooms.counter.size_line
    assert not line.isVisible()
    bench.scanner.tray = list(stack(3, start=50))
    window.do("scan")
    qtbot.waitUntil(
        lambda: not window.rooms.work.scanning and "dạng gọn" in line.words and len(set(asked)) == 3, timeout=20_000
    )
    assert line.isVisible()
    assert len(asked) == 3
    window.rooms.work.changed.emit()
    assert len(asked) == 3
