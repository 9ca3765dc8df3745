# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Pages: kept, rearranged, taken back; and what a cut between file and row leaves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from digitizer_desk.dossier.model import Dossier, Keep, NoteSide, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.store.cabinet import Cabinet
from store.samples import (
    CLERK,
    FAULT,
    MEASURES,
    START,
    freeze,
    new_page,
    pack,
    picture,
    redo_name,
    undo_name,
)

PART = "d1c1"


def order(cabinet: Cabinet, part: str = PART) -> list[str]:
    return [page.id for page in cabinet.dossiers.load("d1").component(part).pages]


def keep(cabinet: Cabinet, *seeds: int, part: str = PART) -> list[Page]:
    return [cabinet.pages.keep(part, picture(seed), new_page(), CLERK) for seed in seeds]


def test_a_kept_page_comes_back_whole_after_a_restart(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    facts = new_page(dpi=(299.5, 301.0), batch="b1", note=NoteSide.WITH, turn=90)
    page = cabinet.pages.keep(PART, picture(1), facts, CLERK)
    cabinet = reopen(cabinet)
    (again,) = cabinet.dossiers.load("d1").component(PART).pages
    assert again == page
    assert (again.dpi, again.sheet_mm, again.scanned_at, again.turn) == (facts.dpi, facts.sheet_mm, START, 90)
    assert again.scanned_at.utcoffset() == START.utcoffset()
    assert cabinet.pages.jpeg(again) == cabinet.pages.jpeg(again.sha256) == picture(1)


def test_measures_findings_and_keeps_round_trip(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    measured = cabinet.pages.set_measures(page.id, MEASURES, [FAULT])
    assert measured.measures == MEASURES
    assert measured.findings == (FAULT,)
    assert measured.open_faults == (FAULT,)
    cabinet.pages.add_keep(page.id, Keep(FAULT.rule, "bản gốc mờ", "clerk", START), CLERK)
    (again,) = cabinet.dossiers.load("d1").component(PART).pages
    assert again.keeps == (Keep(FAULT.rule, "bản gốc mờ", "clerk", START),)
    assert not again.open_faults
    assert "mờ" not in str(cabinet.journal.entries()), "the reason's words are in the row, not in the journal"


def test_a_new_page_goes_to_the_end_or_behind_another(cabinet: Cabinet, dossier: Dossier) -> None:
    a, b = keep(cabinet, 1, 2)
    c = cabinet.pages.keep(PART, picture(3), new_page(), CLERK, after=a.id)
    assert order(cabinet) == [a.id, c.id, b.id]


def test_equal_pictures_are_two_pages_and_one_file(cabinet: Cabinet, dossier: Dossier) -> None:
    a, b = keep(cabinet, 1, 1)
    assert a.id != b.id
    assert a.sha256 == b.sha256
    assert len(list(cabinet.shelf.files())) == 1


def test_a_damaged_file_is_mended_when_its_content_comes_again(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    path = cabinet.shelf.path_of(page.sha256)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DeskError) as altered:
        cabinet.pages.jpeg(page)
    assert altered.value.code == "store.page_altered"
    assert altered.value.facts == {"page": 1}
    keep(cabinet, 1)
    assert cabinet.pages.jpeg(page) == picture(1)


def test_a_lost_file_is_named_by_its_page_number(cabinet: Cabinet, dossier: Dossier) -> None:
    _, second = keep(cabinet, 1, 2)
    cabinet.shelf.path_of(second.sha256).unlink()
    with pytest.raises(DeskError) as missing:
        cabinet.pages.jpeg(second)
    assert missing.value.code == "store.page_missing"
    assert missing.value.facts == {"page": 2}


def test_a_file_under_the_name_of_another_is_seen(cabinet: Cabinet, dossier: Dossier) -> None:
    a, b = keep(cabinet, 1, 2)
    cabinet.shelf.path_of(a.sha256).write_bytes(cabinet.shelf.path_of(b.sha256).read_bytes())
    with pytest.raises(DeskError, match="page_altered"):
        cabinet.pages.jpeg(a)


@pytest.mark.parametrize("how", [{"after": "nobody"}, {"replaces": "nobody"}])
def test_keeping_beside_a_page_that_is_not_there_leaves_no_file(
    cabinet: Cabinet, dossier: Dossier, how: dict[str, str]
) -> None:
    with pytest.raises(DeskError, match=r"dossier\.unknown"):
        cabinet.pages.keep(PART, picture(1), new_page(), CLERK, **how)  # type: ignore[arg-type]
    with pytest.raises(DeskError, match=r"dossier\.unknown"):
        cabinet.pages.keep("nowhere", picture(1), new_page(), CLERK)
    assert not list(cabinet.shelf.files())


def test_a_page_scanned_again_is_a_new_version_of_the_same_page(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    cabinet.pages.set_measures(page.id, MEASURES, [FAULT])
    cabinet.pages.set_note(page.id, NoteSide.WITH, CLERK)
    cabinet.pages.turn(page.id, 90, CLERK)
    second = cabinet.pages.keep(PART, picture(2), new_page(), CLERK, replaces=page.id)
    assert (second.id, second.version, second.turn, second.note) == (page.id, 2, 0, NoteSide.WITH)
    assert second.measures is None
    assert [(v.version, v.turn) for v in cabinet.pages.versions(page.id)] == [(1, 90), (2, 0)]
    cabinet.pages.use_version(page.id, 1, CLERK)
    (used,) = cabinet.dossiers.load("d1").component(PART).pages
    assert (used.version, used.turn, used.measures) == (1, 90, MEASURES)
    third = cabinet.pages.keep(PART, picture(3), new_page(), CLERK, replaces=page.id)
    assert third.version == 3
    with pytest.raises(DeskError, match=r"dossier\.unknown"):
        cabinet.pages.use_version(page.id, 4, CLERK)


def test_a_late_measure_goes_to_the_version_it_was_made_of(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    cabinet.pages.keep(PART, picture(2), new_page(), CLERK, replaces=page.id)
    cabinet.pages.set_measures(page.id, MEASURES, [], version=1)
    assert [v.measures for v in cabinet.pages.versions(page.id)] == [MEASURES, None]


def test_every_act_is_undone_and_redone_in_order_across_restarts(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet]
) -> None:
    states = [cabinet.dossiers.load("d1")]
    pages: list[Page] = []

    def act(do: Callable[[], object]) -> None:
        do()
        states.append(cabinet.dossiers.load("d1"))

    for seed in (1, 2, 3):
        act(lambda seed=seed: pages.extend(keep(cabinet, seed)))
    a, b, c = (page.id for page in pages)
    act(lambda: cabinet.pages.move(c, 0, CLERK))
    act(lambda: cabinet.pages.turn(a, 270, CLERK))
    act(lambda: cabinet.pages.remove(b, CLERK))
    act(lambda: cabinet.pages.keep(PART, picture(4), new_page(turn=90), CLERK, replaces=a))
    act(lambda: cabinet.pages.turn(a, 90, CLERK))
    act(lambda: cabinet.pages.use_version(a, 1, CLERK))
    act(lambda: cabinet.pages.set_note(c, NoteSide.WITH, CLERK))
    act(lambda: cabinet.pages.keep(PART, picture(5), new_page(), CLERK, after=c))
    names = []
    for step in range(len(states) - 2, -1, -1):
        if step % 3 == 0:
            cabinet = reopen(cabinet)
        name = undo_name(cabinet, "d1")
        assert cabinet.pages.undo("d1", CLERK) == name
        names.append(name)
        assert cabinet.dossiers.load("d1") == states[step], name
    assert names == [
        "thêm trang 2",
        "đánh dấu ghi chú trang 1",
        "dùng bản 1 của trang 2",
        "xoay trang 2",
        "quét lại trang 2",
        "bỏ trang 3",
        "xoay trang 2",
        "chuyển trang 3 thành trang 1",
        "thêm trang 3",
        "thêm trang 2",
        "thêm trang 1",
    ]
    assert cabinet.pages.undo("d1", CLERK) is None
    assert undo_name(cabinet, "d1") == ""
    for step in range(1, len(states)):
        assert redo_name(cabinet, "d1") == cabinet.pages.redo("d1", CLERK) == names[len(names) - step]
        assert cabinet.dossiers.load("d1") == states[step]
    assert cabinet.pages.redo("d1", CLERK) is None


def test_a_new_act_ends_redoing(cabinet: Cabinet, dossier: Dossier) -> None:
    a, b = keep(cabinet, 1, 2)
    cabinet.pages.remove(a.id, CLERK)
    cabinet.pages.undo("d1", CLERK)
    cabinet.pages.turn(b.id, 90, CLERK)
    assert cabinet.pages.redo("d1", CLERK) is None
    assert cabinet.pages.undo("d1", CLERK) == "xoay trang 2"


def test_an_act_that_changes_nothing_is_none(cabinet: Cabinet, dossier: Dossier) -> None:
    a, _ = keep(cabinet, 1, 2)
    lines = cabinet.journal.head()
    cabinet.pages.move(a.id, 0, CLERK)
    cabinet.pages.turn(a.id, 360, CLERK)
    assert cabinet.journal.head() == lines
    assert undo_name(cabinet, "d1") == "thêm trang 2"
    with pytest.raises(ValueError, match="quarters"):
        cabinet.pages.turn(a.id, 45, CLERK)


def test_every_act_is_journaled_with_its_officer(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    cabinet.pages.turn(page.id, 90, CLERK)
    cabinet.pages.remove(page.id, "somebody")
    lines = cabinet.journal.entries(f"page:{page.id}")
    assert [(line.action, line.by) for line in lines] == [
        ("page_removed", "somebody"),
        ("page_turned", "clerk"),
        ("page_kept", "clerk"),
    ]
    assert lines[-1].facts["sha256"] == page.sha256
    assert lines[1].facts["degrees"] == 90


def test_pages_of_a_sent_document_are_not_touched(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    parcel = pack(cabinet, "d1", PART)
    cabinet.pages.turn(page.id, 90, CLERK)  # signed and waiting: allowed, the document is then out of date
    component = cabinet.dossiers.load("d1").component(PART)
    assert component.document is not None
    assert component.document.pages != component.page_list
    assert cabinet.pages.undo("d1", CLERK) == "xoay trang 1"
    cabinet.outbox.claim(parcel.id)
    for refused in (
        lambda: cabinet.pages.remove(page.id, CLERK),
        lambda: cabinet.pages.move(page.id, 0, CLERK),
        lambda: cabinet.pages.turn(page.id, 90, CLERK),
        lambda: cabinet.pages.undo("d1", CLERK),
    ):
        with pytest.raises(DeskError) as frozen:
            refused()
        assert frozen.value.code == "dossier.frozen"
        assert frozen.value.facts == {"component": "Giấy tờ 1"}
    assert undo_name(cabinet, "d1") == ""


def test_undo_goes_past_what_was_sent_in_another_component(cabinet: Cabinet, dossier: Dossier) -> None:
    (other,) = keep(cabinet, 1, part="d1c2")
    keep(cabinet, 2)
    parcel = pack(cabinet, "d1", PART)
    cabinet.outbox.claim(parcel.id)
    assert cabinet.pages.undo("d1", CLERK) == "thêm trang 1"
    assert not cabinet.dossiers.load("d1").component("d1c2").pages
    assert cabinet.pages.versions(other.id)
    with pytest.raises(DeskError, match=r"dossier\.frozen"):
        cabinet.pages.undo("d1", CLERK)


def test_after_a_refusal_pages_can_be_mended_and_even_taken_back(cabinet: Cabinet, dossier: Dossier) -> None:
    (page,) = keep(cabinet, 1)
    parcel = pack(cabinet, "d1", PART)
    cabinet.outbox.claim(parcel.id)
    cabinet.outbox.rejected(parcel.id, "province.rejected", "thiếu mặt sau")
    cabinet.pages.turn(page.id, 90, CLERK)
    assert cabinet.pages.undo("d1", CLERK) == "xoay trang 1"
    with pytest.raises(DeskError, match=r"dossier\.signed"):  # what was signed is not unmade by one key too many
        cabinet.pages.undo("d1", CLERK)
    cabinet.pages.remove(page.id, CLERK)
    assert not cabinet.dossiers.load("d1").component(PART).pages


def test_a_page_scanned_while_its_component_is_being_sent_is_not_lost(cabinet: Cabinet, dossier: Dossier) -> None:
    keep(cabinet, 1)
    cabinet.outbox.claim(pack(cabinet, "d1", PART).id)
    (page,) = keep(cabinet, 2)
    assert order(cabinet)[-1] == page.id


def test_a_picture_whose_row_a_cut_prevented_is_found_and_adopted(
    cabinet: Cabinet, dossier: Dossier, reopen: Callable[[Cabinet], Cabinet], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(cabinet, 1)
    freeze(cabinet, "d1", PART)
    facts = new_page(note=NoteSide.WITHOUT, batch="b7")
    with monkeypatch.context() as cut:
        cut.setattr(cabinet.pages, "_new_page", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        with pytest.raises(OSError, match="cut"):
            cabinet.pages.keep(PART, picture(2), facts, CLERK)
    cabinet = reopen(cabinet)
    (found,) = cabinet.pages.recovered()
    assert (found.component_id, found.size, found.facts, found.scanned_at) == (PART, len(picture(2)), facts, START)
    page = cabinet.pages.adopt(found, "d1c2", CLERK)
    assert cabinet.dossiers.load("d1").component("d1c2").pages == (page,)
    assert (page.note, page.dpi, page.size) == (NoteSide.WITHOUT, facts.dpi, len(picture(2)))
    assert cabinet.pages.jpeg(page) == picture(2)
    assert cabinet.pages.recovered() == ()
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.pages.adopt(found, PART, CLERK)
    assert cabinet.pages.undo("d1", CLERK) == "thêm trang 1"
    assert cabinet.pages.recovered() == (), "a page taken out is not a lost one"


def test_a_recovered_picture_knows_the_page_it_was_taken_again_for(
    cabinet: Cabinet, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page,) = keep(cabinet, 1)
    with monkeypatch.context() as cut:
        cut.setattr(cabinet.pages, "_new_version", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        with pytest.raises(OSError, match="cut"):
            cabinet.pages.keep(PART, picture(2), new_page(), CLERK, replaces=page.id)
    (found,) = cabinet.pages.recovered()
    assert found.replaces == page.id


def test_a_broken_orphan_is_not_offered(cabinet: Cabinet, dossier: Dossier) -> None:
    sha256 = cabinet.shelf.put(picture(9), b"{}")
    path = cabinet.shelf.path_of(sha256)
    path.write_bytes(path.read_bytes()[:-5])
    assert cabinet.pages.recovered() == ()


def test_a_page_taken_again_is_the_new_version_in_spite_of_the_cut(
    cabinet: Cabinet, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page,) = keep(cabinet, 1)
    with monkeypatch.context() as cut:
        cut.setattr(cabinet.pages, "_new_version", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        with pytest.raises(OSError, match="cut"):
            cabinet.pages.keep(PART, picture(2), new_page(), CLERK, replaces=page.id)
    (found,) = cabinet.pages.recovered()
    taken = cabinet.pages.adopt(found, PART, CLERK)
    assert (taken.id, taken.version) == (page.id, 2)
    assert order(cabinet) == [page.id]
    assert cabinet.pages.undo("d1", CLERK) == "quét lại trang 1"
    assert cabinet.dossiers.load("d1").component(PART).pages[0].sha256 == page.sha256


def test_a_page_left_out_changes_nothing_that_was_signed_and_stays_in_reach(
    cabinet: Cabinet, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(cabinet, 1)
    cabinet.outbox.claim(pack(cabinet, "d1", PART).id)
    before = cabinet.dossiers.load("d1")
    with monkeypatch.context() as cut:
        cut.setattr(cabinet.pages, "_new_page", lambda *_: (_ for _ in ()).throw(OSError("cut")))
        with pytest.raises(OSError, match="cut"):
            cabinet.pages.keep(PART, picture(2), new_page(), CLERK)
    (found,) = cabinet.pages.recovered()
    with pytest.raises(DeskError, match=r"dossier\.frozen"):
        cabinet.pages.adopt(found, PART, CLERK)
    gone = cabinet.pages.put_aside(found, PART, CLERK)
    assert cabinet.dossiers.load("d1") == before
    assert [r.page for r in cabinet.pages.removed("d1")] == [gone]
    assert cabinet.pages.recovered() == ()
    assert cabinet.pages.jpeg(gone) == picture(2)
    with pytest.raises(DeskError, match=r"store\.conflict"):
        cabinet.pages.put_aside(found, PART, CLERK)
    assert cabinet.journal.check().ok
