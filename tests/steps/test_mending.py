# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Repairs through a real cabinet: offered when they help, made from the first picture, taken, undone, refused."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.finding import Region
from digitizer_desk.dossier.model import Keep, Page
from digitizer_desk.dossier.repair import Mended, Repair
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.imaging.repair import repaired
from digitizer_desk.steps import check, pages, receive, scan, sign
from digitizer_desk.steps.parts.mending import Mend, offered
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.pages import NewPage
from digitizer_desk.store.vault import open_vault
from digitizer_desk.training.papers import PEOPLE, draw_paper
from stand_ins.machines import stack
from steps.conftest import Bench, fresh

DPI = 200


@pytest.fixture(scope="module")
def straight() -> Pixels:
    page = draw_paper("quyet_dinh", PEOPLE[0], 4)
    return cv2.resize(page, (1654, 2339), interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def crooked(straight: Pixels) -> Pixels:
    """A dark page that lies askew on a black backing: everything is wrong that can be mended."""
    rim = 80
    dark = (straight * 0.7).astype(np.uint8)
    framed = cv2.copyMakeBorder(dark, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(18, 18, 20))
    middle = ((framed.shape[1] - 1) / 2, (framed.shape[0] - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, -2.0, 1.0)
    return cv2.warpAffine(framed, matrix, framed.shape[1::-1], flags=cv2.INTER_CUBIC, borderValue=(18, 18, 20))


def kept(bench: Bench, pixels: Pixels) -> tuple[str, Page]:
    """A dossier with this page in it, measured; the page."""
    dossier = fresh(bench)
    height, width = pixels.shape[:2]
    sheet = (width / DPI * 25.4, height / DPI * 25.4)
    facts = NewPage(width, height, (DPI, DPI), sheet, bench.clock(), "máy A", turn=90)
    page = bench.desk.cabinet.pages.keep(dossier.components[0].id, encode_master(pixels, DPI), facts, bench.officer)
    law = bench.desk.law_of(dossier)
    return dossier.id, check.check_kept(bench.desk, law, page, decode(bench.desk.cabinet.pages.jpeg(page)))


def live(bench: Bench, dossier_id: str) -> Page:
    return bench.desk.cabinet.dossiers.load(dossier_id).components[0].pages[0]


def test_a_good_page_is_offered_nothing_and_says_so(shared: Bench, straight: Pixels) -> None:
    dossier_id, page = kept(shared, straight)
    assert offered(page, shared.desk.law_today()) == frozenset()
    for mend in Mend:
        with pytest.raises(DeskError) as idle:
            pages.propose_repair(shared.desk, dossier_id, page.id, mend)
        assert idle.value.code == "dossier.repair_idle"
    assert len(shared.desk.cabinet.pages.versions(page.id)) == 1


def test_looking_at_a_proposal_keeps_nothing(shared: Bench, crooked: Pixels) -> None:
    dossier_id, page = kept(shared, crooked)
    before = {f.name for f in shared.desk.cabinet.shelf.files()}
    wanted = pages.propose_repair(shared.desk, dossier_id, page.id, Mend.STRAIGHTEN)
    assert abs(page.measures.skew_deg) > 1.5  # type: ignore[union-attr,arg-type]
    assert abs(wanted.page.measures.skew_deg) < 0.15  # type: ignore[union-attr,arg-type]
    assert "skew" in {f.word for f in page.findings}
    assert "skew" not in {f.word for f in wanted.page.findings}
    assert live(shared, dossier_id) == page
    assert {f.name for f in shared.desk.cabinet.shelf.files()} == before


def test_three_repairs_are_one_resampling_of_the_first_picture(shared: Bench, crooked: Pixels) -> None:
    dossier_id, first = kept(shared, crooked)
    law = shared.desk.law_today()
    assert offered(first, law) == set(Mend)
    for mend in (Mend.STRAIGHTEN, Mend.CROP, Mend.LIGHTEN):
        wanted = pages.propose_repair(shared.desk, dossier_id, first.id, mend)
        pages.take_repair(shared.desk, dossier_id, wanted, shared.officer)
    page = live(shared, dossier_id)
    assert page.version == 4
    assert page.mended is not None
    assert page.mended.of == 1
    assert offered(page, law) == frozenset()
    assert {"skew", "overscan", "light"}.isdisjoint(f.word for f in page.findings)
    repair = page.mended.repair
    assert repair.skew_deg
    assert repair.crop is not None
    assert repair.light
    at_once = repaired(decode(shared.desk.cabinet.pages.jpeg(first)), repair)
    assert shared.desk.cabinet.pages.jpeg(page) == encode_master(at_once, first.dpi)
    # of the capture nothing changed; the page is as much smaller as was cut off
    for fact in ("scanned_at", "scanner", "batch", "dpi", "turn", "note", "origin"):
        assert getattr(page, fact) == getattr(first, fact)
    assert page.sheet_mm[0] / first.sheet_mm[0] == pytest.approx(page.width / first.width, abs=0.001)


def test_undo_and_redo_go_through_the_versions(shared: Bench, crooked: Pixels) -> None:
    dossier_id, first = kept(shared, crooked)
    wanted = pages.propose_repair(shared.desk, dossier_id, first.id, Mend.LIGHTEN)
    pages.take_repair(shared.desk, dossier_id, wanted, shared.officer)
    mended = live(shared, dossier_id)
    assert pages.undo(shared.desk, dossier_id, shared.officer)[1] == "chỉnh sáng trang 1"
    assert live(shared, dossier_id) == first
    pages.redo(shared.desk, dossier_id, shared.officer)
    assert live(shared, dossier_id) == mended
    pages.use_version(shared.desk, dossier_id, first.id, 1, shared.officer)
    again = pages.propose_repair(shared.desk, dossier_id, first.id, Mend.CROP)
    assert again.page.mended == Mended(1, Repair(crop=again.page.mended.repair.crop))  # type: ignore[union-attr]
    told = [entry.action for entry in shared.desk.cabinet.journal.entries(f"page:{first.id}")]
    assert told[::-1] == ["page_kept", "page_mended", "version_used"]


def test_a_turn_stays_a_turn(shared: Bench, crooked: Pixels) -> None:
    """The picture is mended as it lies, and what was turned before stays turned."""
    dossier_id, first = kept(shared, crooked)
    wanted = pages.propose_repair(shared.desk, dossier_id, first.id, Mend.STRAIGHTEN)
    assert (wanted.page.turn, wanted.page.width, wanted.page.mended.repair.turn) == (90, first.width, 0)  # type: ignore[union-attr]
    pages.take_repair(shared.desk, dossier_id, wanted, shared.officer)
    pages.turn(shared.desk, dossier_id, first.id, 90, shared.officer)
    turned = live(shared, dossier_id)
    assert (turned.turn, turned.sha256) == (180, wanted.page.sha256)


def test_a_proposal_that_came_too_late_is_refused(shared: Bench, crooked: Pixels) -> None:
    dossier_id, page = kept(shared, crooked)
    early = pages.propose_repair(shared.desk, dossier_id, page.id, Mend.CROP)
    pages.take_repair(
        shared.desk, dossier_id, pages.propose_repair(shared.desk, dossier_id, page.id, Mend.LIGHTEN), shared.officer
    )
    with pytest.raises(DeskError) as late:
        pages.take_repair(shared.desk, dossier_id, early, shared.officer)
    assert late.value.code == "store.conflict"


def test_a_kept_finding_stays_kept_as_long_as_it_is_found(shared: Bench, crooked: Pixels) -> None:
    dossier_id, page = kept(shared, crooked)
    reason = Keep("page.skew", "giấy cong", shared.officer.id, shared.clock())
    shared.desk.cabinet.pages.add_keep(page.id, reason, shared.officer)
    lit = pages.propose_repair(shared.desk, dossier_id, page.id, Mend.LIGHTEN)
    assert lit.page.keeps == (reason,)
    assert pages.propose_repair(shared.desk, dossier_id, page.id, Mend.STRAIGHTEN).page.keeps == ()


def test_a_signed_page_is_not_mended(shared: Bench) -> None:
    dossier = fresh(shared)
    component = dossier.components[0]
    shared.scanner.tray = list(stack(1, start=77))
    scan.scan(shared.desk, dossier.id, component.id, shared.officer, lambda _e: None, lambda: False)
    receive.declare(shared.desk, dossier.id, component.id, 1, shared.officer)
    page = live(shared, dossier.id)
    (choice,) = [c for c in sign.choices(shared.desk, shared.officer) if c.problem is None]
    pin = Pin(bytearray(b"246810"))
    sign.sign(shared.desk, dossier.id, choice.certificate, pin, shared.officer, lambda _e: None, lambda: False)
    with pytest.raises(DeskError) as refused:
        pages.propose_repair(shared.desk, dossier.id, page.id, Mend.STRAIGHTEN)
    assert refused.value.code == "dossier.repair_signed"


def test_a_repair_outlives_the_desk_and_so_does_its_undo(bench: Bench, crooked: Pixels, tmp_path: Path) -> None:
    dossier_id, first = kept(bench, crooked)
    wanted = pages.propose_repair(bench.desk, dossier_id, first.id, Mend.STRAIGHTEN)
    pages.take_repair(bench.desk, dossier_id, wanted, bench.officer)
    bench.desk.cabinet.close()
    vault = open_vault(bench.place.cabinet, FileKeeper(tmp_path / "key"))
    again = open_cabinet(bench.place.cabinet, vault, bench.clock)
    try:
        page = again.dossiers.load(dossier_id).components[0].pages[0]
        assert (page.version, page.mended) == (2, wanted.page.mended)
        assert [one.version for one in again.pages.recent("máy A", 9)] == [1]  # the machine took one picture
        assert again.pages.undo(dossier_id, bench.officer) == "chỉnh thẳng trang 1"
        assert again.dossiers.load(dossier_id).components[0].pages[0] == first
        assert again.pages.recovered() == ()
    finally:
        again.close()


def test_the_comparison_with_a_rescan_looks_through_a_repair(shared: Bench, crooked: Pixels) -> None:
    """A cropped page is not "another paper" than itself; a page scanned again is held against what it replaced."""
    dossier_id, page = kept(shared, crooked)
    wanted = pages.propose_repair(shared.desk, dossier_id, page.id, Mend.CROP)
    dossier = pages.take_repair(shared.desk, dossier_id, wanted, shared.officer)
    assert check.compare_component(shared.desk, dossier.components[0]).replaced == ()


def test_the_region_of_a_crop_is_what_is_left(shared: Bench, crooked: Pixels) -> None:
    dossier_id, page = kept(shared, crooked)
    wanted = pages.propose_repair(shared.desk, dossier_id, page.id, Mend.CROP)
    crop = wanted.page.mended.repair.crop  # type: ignore[union-attr]
    assert isinstance(crop, Region)
    assert 0 < crop.left < 0.1 < 0.9 < crop.right < 1
    assert max(wanted.page.measures.backing_mm) < max(page.measures.backing_mm) / 2  # type: ignore[union-attr]
