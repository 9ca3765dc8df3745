# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The watched folder: complete files only, to the right component or to the tray, plain copies gone, nothing lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digitizer_desk import settings
from digitizer_desk.desk import Desk
from digitizer_desk.errors import DeskError
from digitizer_desk.steps import pages
from digitizer_desk.steps.intake import files, folder, share, tray
from stand_ins.files import jpeg, pdf, tiff
from steps.folder_child import clerk, dossier_of, open_component, open_desk, watch


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = open_desk(tmp_path)
    yield opened
    opened.cabinet.close()


@pytest.fixture
def share_folder(tmp_path: Path) -> Path:
    return tmp_path / "share"


def plain(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def with_choice(desk: Desk, **choice: object) -> Desk:
    now = desk.settings.intake.model_dump() | choice
    return replace(desk, settings=desk.settings.model_copy(update={"intake": settings.IntakeChoice(**now)}))


def test_what_is_pushed_while_a_component_lies_open_goes_into_it(desk: Desk, share_folder: Path) -> None:
    target = open_component(desk)
    before = watch(desk, None, target)
    for number in (10, 2):
        (share_folder / f"scan{number}.jpg").write_bytes(jpeg(number))
    look = watch(desk, before, target)
    kept = dossier_of(desk).components[0].pages
    assert [desk.cabinet.pages.jpeg(page) for page in kept] == [jpeg(2), jpeg(10)]
    assert (len(look.brought), look.waiting, plain(share_folder)) == (2, (), [])


def test_a_clock_that_is_set_back_keeps_no_file_waiting(desk: Desk, share_folder: Path) -> None:
    times = [desk.clock()]
    patient = replace(with_choice(desk, still_seconds=2.0), clock=lambda: times[-1])
    before = watch(patient, None, None)
    (share_folder / "scan.jpg").write_bytes(jpeg(1))
    seen = watch(patient, before, None)
    assert plain(share_folder) == ["scan.jpg"], "it may still be written"
    times.append(times[-1] - timedelta(hours=5))
    look = watch(patient, seen, None)
    assert [arrival.name for arrival in look.waiting] == ["scan.jpg"]
    assert plain(share_folder) == []


def test_what_came_before_the_component_was_opened_waits_in_the_tray(desk: Desk, share_folder: Path) -> None:
    (share_folder / "early.jpg").write_bytes(jpeg(1))
    first = watch(desk, None, open_component(desk))
    assert [arrival.name for arrival in first.waiting] == ["early.jpg"]
    (share_folder / "between.jpg").write_bytes(jpeg(2))
    opened_after_it_may_have_come = open_component(desk)
    second = watch(desk, first, opened_after_it_may_have_come)
    assert [arrival.name for arrival in second.waiting] == ["early.jpg", "between.jpg"]
    assert not dossier_of(desk).components[0].pages
    assert plain(share_folder) == []


def test_nothing_is_placed_when_no_component_is_open_or_nobody_is_there(desk: Desk, share_folder: Path) -> None:
    before = watch(desk, None, None)
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    nobody = folder.look(desk, before, lambda: open_component(desk), None, str, lambda _e: None, lambda: False)
    assert len(nobody.waiting) == 1


def test_a_person_puts_an_arrival_where_it_belongs_and_undo_puts_it_back(desk: Desk, share_folder: Path) -> None:
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    (arrival,) = watch(desk, None, None).waiting
    dossier = dossier_of(desk)
    by, part = clerk(desk), dossier.components[0].id

    def assign(where: str) -> files.IntakeOutcome:
        sources = (tray.source(desk, arrival),)
        return files.bring(desk, dossier.id, where, sources, by, lambda _e: None, lambda: False, first_time=True)

    outcome = assign(part)
    assert (len(outcome.kept), tray.waiting(desk)) == (1, ())
    with pytest.raises(DeskError) as refused:
        assign(dossier.components[1].id)
    assert refused.value.code == "file.in_use"
    with pytest.raises(DeskError) as kept:
        tray.drop(desk, arrival, by)
    assert kept.value.code == "file.in_use"
    pages.undo(desk, dossier.id, by)
    assert tray.waiting(desk) == (replace(arrival, cleared=True),)
    assert tray.drop(desk, arrival, by) == ()


@pytest.mark.parametrize("name", ["a.jpg.part", "a.tmp", ".hidden.jpg", "~$a.pdf", "a.jpg~", "Thumbs.db"])
def test_names_of_unfinished_files_are_left_alone(desk: Desk, share_folder: Path, name: str) -> None:
    (share_folder / name).write_bytes(jpeg(1))
    look = watch(desk, watch(desk, None, None), None)
    assert (look.waiting, plain(share_folder)) == ((), [name])


def test_a_file_still_being_written_is_waited_for(desk: Desk, share_folder: Path) -> None:
    slow = with_choice(desk, still_seconds=3.0)
    file = share_folder / "a.jpg"
    look = None
    for end in (20_000, 60_000, 100_000, len(jpeg(1))):
        file.write_bytes(jpeg(1)[:end])
        look = watch(slow, look, None)
        assert look.waiting == ()
    while not look.waiting:
        look = watch(slow, look, None)
    assert slow.cabinet.arrivals.data(look.waiting[0].sha256) == jpeg(1)


def test_half_a_file_that_stands_still_is_given_time_then_moved_aside_with_a_note(
    desk: Desk, share_folder: Path
) -> None:
    (share_folder / "a.jpg").write_bytes(jpeg(1)[:50_000])
    look = watch(desk, None, None)
    assert (look.aside, plain(share_folder)) == ((), ["a.jpg"])
    impatient = with_choice(desk, patience_seconds=0.0)
    look = watch(impatient, look, None)
    assert [problem.code for problem in look.aside] == ["image.damaged"]
    assert plain(share_folder) == [f"{share.ASIDE}/a.jpg", f"{share.ASIDE}/a.jpg.ghi-chu.txt"]
    assert (share_folder / share.ASIDE / "a.jpg").read_bytes() == jpeg(1)[:50_000]
    assert "a.jpg" in (share_folder / share.ASIDE / "a.jpg.ghi-chu.txt").read_text("utf-8-sig")


def test_the_same_file_twice_is_told_and_not_kept_twice(desk: Desk, share_folder: Path) -> None:
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    first = watch(desk, None, None)
    (share_folder / "b.jpg").write_bytes(jpeg(1))
    second = watch(desk, first, None)
    assert (second.again, len(second.waiting), plain(share_folder)) == (("b.jpg",), 1, [])


def test_moving_keeps_the_plain_copy_and_never_overwrites_one(desk: Desk, share_folder: Path) -> None:
    moving = with_choice(desk, after="move")
    look = None
    for number in (1, 2):
        (share_folder / "a.jpg").write_bytes(jpeg(number))
        look = watch(moving, look, None)
    assert plain(share_folder) == [f"{share.TAKEN}/a (2).jpg", f"{share.TAKEN}/a.jpg"]
    assert (share_folder / share.TAKEN / "a (2).jpg").read_bytes() == jpeg(2)


def test_a_file_that_changed_under_our_hands_lies_in_the_folder_again(share_folder: Path, desk: Desk) -> None:
    (share_folder / "a.jpg").write_bytes(jpeg(2))
    assert not share.clear(share_folder / "a.jpg", share_folder, "0" * 64, remove=True)
    assert plain(share_folder) == ["a.jpg"]


def test_what_a_cut_left_moved_is_removed_when_known_and_given_back_when_not(desk: Desk, share_folder: Path) -> None:
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    watch(desk, None, None)
    (share_folder / share.TAKEN).mkdir(exist_ok=True)
    (share_folder / share.TAKEN / "a.jpg").write_bytes(jpeg(1))
    (share_folder / share.TAKEN / "new.jpg").write_bytes(jpeg(2))
    look = watch(desk, None, None)
    assert [arrival.name for arrival in look.waiting] == ["a.jpg", "new.jpg"]
    assert plain(share_folder) == []


def test_a_folder_out_of_reach_is_told_and_what_came_meanwhile_goes_to_the_tray(desk: Desk, share_folder: Path) -> None:
    target = open_component(desk)
    watch(desk, None, target)
    shutil.rmtree(share_folder)
    with pytest.raises(DeskError) as refused:
        watch(desk, None, target)
    assert refused.value.code == "folder.unreachable"
    share_folder.mkdir()
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    assert len(watch(desk, None, target).waiting) == 1


def test_a_pdf_for_a_component_that_has_pages_stays_in_the_tray_and_is_told(desk: Desk, share_folder: Path) -> None:
    target = open_component(desk)
    look = watch(desk, None, target)
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    look = watch(desk, look, target)
    (share_folder / "b.pdf").write_bytes(pdf(2))
    look = watch(desk, look, target)
    assert [problem.code for problem in look.troubles] == ["dossier.has_pages"]
    assert [arrival.name for arrival in look.waiting] == ["b.pdf"]
    assert len(dossier_of(desk).components[0].pages) == 1


def test_a_tiff_with_a_broken_page_is_kept_whole(desk: Desk, share_folder: Path) -> None:
    target = open_component(desk)
    look = watch(desk, None, target)
    (share_folder / "fax.tif").write_bytes(tiff(3, broken=2))
    look = watch(desk, look, target)
    (outcome,) = look.brought
    assert [gap.facts["page"] for gap in outcome.gaps] == [2]


@pytest.mark.skipif("os.geteuid() == 0", reason="root may remove anything")
def test_a_share_that_may_not_be_cleared_is_told_and_the_file_is_taken_once(desk: Desk, share_folder: Path) -> None:
    (share_folder / "a.jpg").write_bytes(jpeg(1))
    share_folder.chmod(0o500)
    try:
        look = watch(desk, watch(desk, None, None), None)
    finally:
        share_folder.chmod(0o700)
    assert [problem.code for problem in look.troubles] == ["folder.not_cleared"]
    assert len(look.waiting) == 1


def test_a_copy_that_cannot_be_moved_is_told_each_time_and_kept_once(
    desk: Desk, share_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> bool:
        raise PermissionError("in use by another program")

    (share_folder / "a.jpg").write_bytes(jpeg(1))
    with monkeypatch.context() as patch:
        patch.setattr(share, "clear", locked)
        look = watch(desk, None, None)
        look = watch(desk, look, None)
    assert [problem.code for problem in look.troubles] == ["folder.not_cleared"]
    assert (len(look.waiting), plain(share_folder)) == (1, ["a.jpg"])
    look = watch(desk, look, None)
    assert (look.troubles, len(look.waiting), plain(share_folder)) == ((), 1, [])
