# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The agency's mark: words on a copy, the seal's picture in its true size for the archive alone, free room or asked."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Dossier, Role
from digitizer_desk.dossier.result import CopyForm
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.place import Placement, render
from digitizer_desk.settings import ArchiveChoice
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import receive, send
from digitizer_desk.steps.results import papers
from digitizer_desk.steps.signatures import certify
from stand_ins.files import MADE
from stand_ins.machines import ScriptedToken, paper
from steps.conftest import Bench
from steps.test_results import OFFICE, THU, brought, counter, filled, people, put_agency, ready, signed
from steps.test_sign_and_send import _go_on, _nothing

__all__ = ["counter", "people"]

#: a ring of 36 mm, as agencies have them
SEAL_MM, SEAL_DPI = 36.0, 300


def seal(*, dpi: int | None = SEAL_DPI, colour: str = "#d01020", mode: str = "RGBA") -> bytes:
    side = round(SEAL_MM / 25.4 * SEAL_DPI)
    picture = Image.new(mode, (side, side), (0, 0, 0, 0) if mode == "RGBA" else "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((4, 4, side - 5, side - 5), outline=colour, width=14)
    draw.regular_polygon((side // 2, side // 2, side // 5), 5, fill=colour)
    sink = io.BytesIO()
    picture.save(sink, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return sink.getvalue()


@pytest.fixture
def archive(counter: Bench) -> Bench:
    """A desk whose agency submits to an archive and has given its seal."""
    counter.desk.paths.site.mkdir(parents=True, exist_ok=True)
    (counter.desk.paths.site / "dau.png").write_bytes(seal())
    chosen = ArchiveChoice(receiver="Trung tâm Lưu trữ lịch sử tỉnh", seal="dau.png")
    return with_archive(counter, chosen)


def with_archive(bench: Bench, chosen: ArchiveChoice) -> Bench:
    settings = bench.desk.settings.model_copy(update={"archive": chosen})
    return replace(bench, desk=replace(bench.desk, settings=settings))


def put_seal(bench: Bench, people: dict[str, ScriptedToken], *copies: certify.Copy) -> certify.CertifyOutcome:
    token = people[OFFICE]
    desk, pin = replace(bench.desk, token=token), Pin(bytearray(b"246810"))
    return certify.certify(desk, copies, token.certificate, pin, THU, _nothing, _go_on, CopyForm.SEAL)


def finished(bench: Bench, people: dict[str, ScriptedToken]) -> tuple[Dossier, str]:
    """A dossier that has its result, and all of it is at the province."""
    dossier, which = ready(bench)
    law = bench.desk.law_of(dossier)
    for component in dossier.components:
        if component.id != which and law.may_scan(component):
            reason = law.left_out_reasons[0].id
            receive.leave_out(bench.desk, dossier.id, component.id, reason, "", bench.officer)
    put_agency(bench, people)
    send.deliver_due(bench.desk, _nothing, _go_on)
    return bench.desk.cabinet.dossiers.load(dossier.id), which


def red_box_mm(pdf: bytes, dpi: float = 150.0) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in mm of what is red in the upper half of page 1."""
    pixels = render(pdf, 1, dpi).astype(int)
    pixels = pixels[: len(pixels) // 2]
    red = (pixels[..., 0] > 150) & (pixels[..., 1] < 60) & (pixels[..., 2] < 80)
    ys, xs = np.nonzero(red)
    return tuple(float(v) / dpi * 25.4 for v in (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1))  # type: ignore[return-value]


def test_the_seal_stands_top_right_in_its_true_size_beside_the_other_signatures(
    archive: Bench, people: dict[str, ScriptedToken]
) -> None:
    dossier, which = finished(archive, people)
    assert [d.id for d, _ in certify.candidates(archive.desk, CopyForm.SEAL)] == [dossier.id]
    outcome = put_seal(archive, people, certify.Copy(dossier.id, which, over_ink=True))
    assert (outcome.certified, outcome.refused) == ((which,), ())
    document = archive.desk.cabinet.dossiers.load(dossier.id).component(which).document
    assert document is not None
    assert [(s.role, s.form) for s in document.signatures] == [
        ("clerk", CopyForm.TEXT), ("organisation", CopyForm.TEXT), ("organisation", CopyForm.SEAL)
    ]  # fmt: skip
    pdf = archive.desk.cabinet.documents.pdf(document)
    verdict = verify_pdf(pdf, trust=archive.desk.trust, offline=True, at=archive.clock())
    assert verdict.valid
    left, top, right, bottom = red_box_mm(pdf)
    assert right - left == pytest.approx(SEAL_MM, abs=1.0)
    assert bottom - top == pytest.approx(SEAL_MM, abs=1.0)
    assert left > 210 / 2
    assert bottom < 297 / 3
    again = put_seal(archive, people, certify.Copy(dossier.id, which, over_ink=True))
    assert [problem.code for _, problem in again.refused] == ["dossier.frozen"]


def test_the_seal_is_refused_for_everything_but_the_archive(archive: Bench, people: dict[str, ScriptedToken]) -> None:
    dossier, which = ready(archive)
    nowhere = with_archive(archive, ArchiveChoice(seal="dau.png"))
    said = []
    for bench in (nowhere, archive):
        ((_, problem),) = put_seal(bench, people, certify.Copy(dossier.id, which)).refused
        assert problem.code == "signature.seal_not_archive"
        said.append(problem.facts["why"])
    assert said == ["Đơn vị chưa khai nơi nộp lưu trữ", "Hồ sơ chưa xong: tỉnh chưa nhận đủ"]
    papers.mark(archive.desk, dossier.id, which, is_result=False, by=THU)
    ((_, problem),) = put_seal(archive, people, certify.Copy(dossier.id, which)).refused
    assert problem.facts["why"] == "Hồ sơ chưa có kết quả"


SPOILT = [
    (b"GIF89a", "Không phải ảnh .png"),
    (seal(dpi=None), "kích thước thật"),
    (seal(mode="RGB"), "trong suốt"),
    (seal(colour="#101010"), "màu đỏ"),
    (seal()[:2000], "hỏng"),
]


@pytest.mark.parametrize(("data", "why"), SPOILT)
def test_a_picture_that_is_no_seal_is_refused_before_the_pin_is_used(
    archive: Bench, people: dict[str, ScriptedToken], data: bytes, why: str
) -> None:
    (archive.desk.paths.site / "dau.png").write_bytes(data)
    people[OFFICE].log_ins = 0
    with pytest.raises(DeskError) as refused:
        put_seal(archive, people)
    assert refused.value.code == "signature.seal_unfit"
    assert why in refused.value.facts["why"]
    assert people[OFFICE].log_ins == 0


@pytest.mark.parametrize("name", ["", "khong-co.png", "../site/../dau.png"])
def test_a_missing_seal_is_told(archive: Bench, people: dict[str, ScriptedToken], name: str) -> None:
    (archive.desk.paths.site.parent / "dau.png").write_bytes(seal())
    chosen = archive.desk.settings.archive.model_copy(update={"seal": name})
    with pytest.raises(DeskError) as refused:
        put_seal(with_archive(archive, chosen), people)
    assert refused.value.code == "signature.seal_missing"


def full_corner() -> bytes:
    """A page whose rows begin at its upper edge: the corner of the mark has no free room."""
    page = paper(text_lines=30)
    row = page[281:301].copy()
    for top in range(60, 280, 24):
        page[top : top + 20] = row
    sink = io.BytesIO()
    Image.fromarray(page).save(sink, "JPEG", quality=92, dpi=(200, 200))
    return build_pdf([PdfPage(sink.getvalue(), (210.0, 297.0), 0)], PdfInfo("Tờ khai", "", "", "", MADE))


def test_no_room_is_asked_and_covered_only_by_consent(
    counter: Bench, people: dict[str, ScriptedToken], tmp_path: Path
) -> None:
    dossier, which = papers.add(counter.desk, counter.received().id, "Giấy khai sinh", "KQ.G01", counter.officer)
    dossier = brought(counter, dossier, which, full_corner(), tmp_path)
    below = {which: Placement(20.0, 240.0, 0.0)}  # where the clerk was asked to put the other mark
    dossier = filled(counter, signed(counter, dossier, below), which)
    outcome = put_agency(counter, people)
    assert [problem.code for _, problem in outcome.refused] == ["signature.copy_no_room"]
    assert [s.role for s in stored(counter, dossier, which).signatures] == ["clerk"]
    outcome = put_agency(counter, people, certify.Copy(dossier.id, which, over_ink=True))
    assert (outcome.certified, outcome.over_ink) == ((which,), (which,))


def test_the_mark_keeps_clear_of_a_mark_that_is_there(archive: Bench, people: dict[str, ScriptedToken]) -> None:
    """A signature's mark is no ink of the page but covers as well."""
    dossier, which = finished(archive, people)
    outcome = put_seal(archive, people, certify.Copy(dossier.id, which))
    covered = [problem.code for _, problem in outcome.refused]
    assert covered in ([], ["signature.copy_no_room"])
    if covered:
        return
    pdf = archive.desk.cabinet.documents.pdf(stored(archive, dossier, which))
    boxes = sorted(signature_boxes(pdf)[1:])
    assert boxes[0][3] <= boxes[1][1] or boxes[1][3] <= boxes[0][1] or boxes[0][2] <= boxes[1][0]


def signature_boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """The marks on page 1 in points, in the order in which they were made."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [tuple(float(v) for v in one.Rect) for one in opened.pages[0].Annots]  # type: ignore[misc]


def stored(bench: Bench, dossier: Dossier, which: str):  # type: ignore[no-untyped-def]
    document = bench.desk.cabinet.dossiers.load(dossier.id).component(which).document
    assert document is not None
    return document


def test_the_certificate_must_be_the_agencys(archive: Bench, people: dict[str, ScriptedToken]) -> None:
    other = ScriptedToken("Phạm Thị Thư")
    with pytest.raises(DeskError) as refused:
        certify.certify(
            replace(archive.desk, token=other), (), other.certificate, Pin(bytearray(b"246810")), THU, _nothing, _go_on
        )
    assert refused.value.code == "token.not_agency"
    clerk = replace(THU, roles=frozenset({Role.CLERK}))
    with pytest.raises(DeskError) as refused:
        certify.certify(
            archive.desk, (), people[OFFICE].certificate, Pin(bytearray(b"246810")), clerk, _nothing, _go_on
        )
    assert refused.value.code == "officer.not_allowed"
