# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files into components: all of them or none, each page checked, each refusal with its own words."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import select
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer_desk.devices.process import surroundings
from digitizer_desk.dossier.model import Channel, Dossier
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.apart import Reader, ReadPage
from digitizer_desk.messages import sentence
from digitizer_desk.steps import pages, receive, scan
from digitizer_desk.steps.intake import files
from digitizer_desk.steps.intake.source import MOST_BYTES, from_paths, natural, read_whole
from stand_ins.files import encoded, jpeg, lying_jpeg, pdf, signed_pdf, tiff, without_changes_allowed
from stand_ins.machines import ScriptedToken, paper
from steps.conftest import Bench


def nothing(_event: object) -> None:
    return None


def go_on() -> bool:
    return False


def lay(folder: Path, **named: bytes) -> list[Path]:
    """Files in a folder; ``a__tif`` becomes a.tif."""
    folder.mkdir(exist_ok=True)
    for name, data in named.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return list(folder.iterdir())


def bring(
    bench: Bench, dossier: Dossier, paths: Sequence[Path], *, replace_all: bool = False, part: int = 0
) -> files.IntakeOutcome:
    component = dossier.components[part]
    return files.bring(
        bench.desk,
        dossier.id,
        component.id,
        from_paths(paths),
        bench.officer,
        nothing,
        go_on,
        replace_all=replace_all,
    )


def refusal(bench: Bench, dossier: Dossier, paths: Sequence[Path]) -> DeskError:
    """The one refusal of these files; and that nothing is in the component."""
    outcome = bring(bench, dossier, paths)
    assert not bench.desk.cabinet.dossiers.load(dossier.id).components[0].pages
    assert not outcome.kept
    ((name, problem),) = outcome.refused
    assert name in sentence(problem)
    return problem


def test_pictures_become_pages_in_the_order_people_number_them(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    lay(tmp_path / "in", trang10__jpg=jpeg(10), Trang2__jpg=jpeg(2), trang1__JPG=jpeg(1))
    outcome = bring(bench, dossier, list((tmp_path / "in").iterdir()))
    component = outcome.dossier.components[0]
    assert [p.sha256 for p in component.pages] == [hashlib.sha256(jpeg(i)).hexdigest() for i in (1, 2, 10)]
    assert [bench.desk.cabinet.pages.jpeg(p) for p in component.pages] == [jpeg(1), jpeg(2), jpeg(10)]
    assert all(p.measures is not None and not p.open_faults for p in component.pages)
    assert component.file is None
    assert stage(component, bench.desk.law_of(dossier).order) == "scan"
    dossier = receive.declare(bench.desk, dossier.id, component.id, 3, bench.officer)
    assert stage(dossier.components[0], bench.desk.law_of(dossier).order) == "sign"


@pytest.mark.parametrize(("orientation", "turn"), [(3, 180), (6, 90), (8, 270)])
def test_a_lying_jpeg_stays_as_it_is_and_its_turn_is_recorded(
    bench: Bench, tmp_path: Path, orientation: int, turn: int
) -> None:
    data = lying_jpeg(orientation)
    outcome = bring(bench, bench.received(), lay(tmp_path / "in", a__jpg=data))
    (page,) = outcome.kept
    assert bench.desk.cabinet.pages.jpeg(page) == data
    assert page.turn == turn
    assert page.measures is not None
    assert (page.measures.width, page.measures.height) == (page.width, page.height)
    assert not page.open_faults
    with Image.open(io.BytesIO(data)) as stored:
        shown = np.rot90(np.asarray(stored), -(turn // 90)).astype(int)
    assert np.abs(shown - paper()).mean() < 4, "turned so, it stands upright"


def test_a_mirrored_jpeg_is_drawn_anew(bench: Bench, tmp_path: Path) -> None:
    (page,) = bring(bench, bench.received(), lay(tmp_path / "in", a__jpg=lying_jpeg(2))).kept
    with Image.open(io.BytesIO(bench.desk.cabinet.pages.jpeg(page))) as kept:
        difference = np.abs(np.asarray(kept).astype(int) - paper()).mean()
    assert (page.turn, bool(difference < 4)) == (0, True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", encoded("PNG", dpi=(200, 200))),
        ("a.bmp", encoded("BMP", dpi=(200, 200))),
        ("a.webp", encoded("WEBP", lossless=True)),
        ("cmyk.jpg", encoded("JPEG", Image.fromarray(paper()).convert("CMYK"), quality=95, dpi=(200, 200))),
        ("palette.png", encoded("PNG", Image.fromarray(paper()).quantize(64), dpi=(200, 200))),
        ("sixteen.png", encoded("PNG", Image.fromarray(paper(grey=True).astype(np.uint16) * 257), dpi=(200, 200))),
        ("wrong-name.pdf", jpeg(1)),
    ],
)
def test_every_kind_of_picture_is_encoded_once_at_record_quality(
    bench: Bench, tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(data)
    (page,) = bring(bench, bench.received(), [tmp_path / name]).kept
    kept = bench.desk.cabinet.pages.jpeg(page)
    assert kept.startswith(b"\xff\xd8\xff")
    assert (page.width, page.height) == paper().shape[1::-1]
    assert page.measures is not None
    with Image.open(io.BytesIO(kept)) as shown:
        assert np.abs(np.asarray(shown.convert("L")).astype(int) - np.asarray(paper(grey=True))).mean() < 12


def test_a_header_that_lies_about_its_dpi_is_recorded_and_not_believed(bench: Bench, tmp_path: Path) -> None:
    small = Image.fromarray(paper()).resize((827, 1169))
    (page,) = bring(bench, bench.received(), lay(tmp_path / "in", a__jpg=encoded("JPEG", small, dpi=(300, 300)))).kept
    assert page.dpi == (300.0, 300.0)
    assert page.measures is not None
    assert max(page.measures.dpi) < 101
    assert "min_dpi" in {f.word for f in page.open_faults}


def test_a_broken_page_inside_a_tiff_leaves_a_gap_that_nobody_can_sign_over(bench: Bench, tmp_path: Path) -> None:
    dossier = receive.declare(
        bench.desk, (received := bench.received()).id, received.components[0].id, 5, bench.officer
    )
    outcome = bring(bench, dossier, lay(tmp_path / "in", fax__tif=tiff(5, broken=3)))
    (gap,) = outcome.gaps
    assert (gap.code, gap.facts["page"], gap.facts["pages"]) == ("image.page_damaged", 3, 5)
    component, law = outcome.dossier.components[0], bench.desk.law_of(dossier)
    assert [p.unread for p in component.pages] == [False, False, True, False, False]
    assert stage(component, law.order) == "scan"
    fewer = receive.declare(bench.desk, dossier.id, component.id, 4, bench.officer)
    assert stage(fewer.components[0], law.order) == "scan", "a smaller number does not fill the gap"
    receive.declare(bench.desk, dossier.id, component.id, 5, bench.officer)
    bench.scanner.tray = [paper(seed=3)]
    place = component.pages[2].id
    filled = scan.scan(
        bench.desk, dossier.id, component.id, bench.officer, nothing, go_on, scan.Order(replace=place)
    ).dossier
    assert stage(filled.components[0], law.order) == "sign"


def test_taking_the_gap_out_is_a_decision_that_is_journaled(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    outcome = bring(bench, dossier, lay(tmp_path / "in", fax__tif=tiff(3, broken=2)))
    place = next(p for p in outcome.kept if p.unread)
    pages.remove(bench.desk, dossier.id, place.id, bench.officer)
    dossier = receive.declare(bench.desk, dossier.id, dossier.components[0].id, 2, bench.officer)
    assert stage(dossier.components[0], bench.desk.law_of(dossier).order) == "sign"
    assert "page_removed" in {entry.action for entry in bench.desk.cabinet.journal.entries()}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("cut.jpg", jpeg(1)[:60_000], "image.damaged"),
        ("cut.png", encoded("PNG")[:20_000], "image.damaged"),
        ("cut.tif", tiff(3)[: len(tiff(3)) * 2 // 3], "image.damaged"),
        ("empty.jpg", b"", "image.empty"),
        ("dot.png", encoded("PNG", Image.new("RGB", (1, 1))), "image.too_small"),
        ("text.jpg", b"xin chao " * 400, "image.unreadable"),
        (
            "moving.webp",
            encoded("WEBP", save_all=True, append_images=[Image.fromarray(paper(seed=2))]),
            "image.animated",
        ),
        ("cut.pdf", pdf()[: len(pdf()) // 2], "image.damaged"),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_nothing_is_attached(
    bench: Bench, tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert refusal(bench, bench.received(), [tmp_path / name]).code == code


def _png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has next to nothing in it."""
    small = bytearray(encoded("PNG", Image.new("RGB", (8, 8))))
    small[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    import zlib

    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    return bytes(small)


def test_forty_thousand_pixels_a_side_are_refused_unread(bench: Bench, tmp_path: Path) -> None:
    paths = lay(tmp_path / "in", huge__png=_png_header(40_000, 40_000))
    assert refusal(bench, bench.received(), paths).code == "image.too_big"


def test_a_pdf_with_a_password_is_refused(bench: Bench, tmp_path: Path) -> None:
    for name, owner_only in (("user.pdf", False), ("owner.pdf", True)):
        with pikepdf.open(io.BytesIO(pdf())) as opened:
            opened.save(tmp_path / name, encryption=pikepdf.Encryption(owner="x", user="" if owner_only else "y"))
        assert refusal(bench, bench.received(f"000.00.12.H08-261121-1{owner_only:03d}"), [tmp_path / name]).code == (
            "image.encrypted"
        )


def test_a_file_that_went_away_and_a_folder_that_cannot_be_read(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    assert refusal(bench, dossier, [tmp_path / "gone.jpg"]).code == "file.not_found"
    assert refusal(bench, dossier, [tmp_path]).code == "file.unreachable"


def test_a_file_that_grows_while_it_is_read_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg(1))
    looked: list[object] = []
    real = Path.stat

    def stat(self: Path, **kwargs: bool) -> object:
        if self == file and looked:
            with file.open("ab") as more:
                more.write(b"more")
        looked.append(self)
        return real(self, **kwargs)

    monkeypatch.setattr(Path, "stat", stat)
    with pytest.raises(DeskError) as refused:
        read_whole(file)
    assert refused.value.code == "file.changing"


def test_a_file_above_the_limit_is_not_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "big.tif").open("wb") as sparse:
        sparse.truncate(MOST_BYTES + 1)
    with pytest.raises(DeskError) as refused:
        read_whole(tmp_path / "big.tif")
    assert refused.value.code == "file.too_big"


def test_one_bad_file_among_good_ones_keeps_all_out_and_only_it_is_named(bench: Bench, tmp_path: Path) -> None:
    paths = lay(tmp_path / "in", a__jpg=jpeg(1), b__jpg=jpeg(2)[:50_000], c__jpg=jpeg(3))
    assert refusal(bench, bench.received(), paths).facts["file"] == "b.jpg"


def test_stopping_attaches_nothing(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    seen: list[object] = []
    outcome = files.bring(
        bench.desk,
        dossier.id,
        dossier.components[0].id,
        from_paths(lay(tmp_path / "in", a__jpg=jpeg(1), b__jpg=jpeg(2))),
        bench.officer,
        seen.append,
        lambda: bool(seen),
    )
    assert (outcome.stopped, outcome.kept) == (True, ())
    assert not bench.desk.cabinet.dossiers.load(dossier.id).components[0].pages


def test_one_undo_takes_the_whole_choice_out_and_redo_brings_it_back(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    bring(bench, dossier, lay(tmp_path / "in", a__jpg=jpeg(1), b__jpg=jpeg(2)))
    undone, what = pages.undo(bench.desk, dossier.id, bench.officer)
    assert (what, undone.components[0].pages) == ("nhập tệp", ())
    again, _ = pages.redo(bench.desk, dossier.id, bench.officer)
    assert len(again.components[0].pages) == 2


def test_a_pdf_becomes_the_component_byte_for_byte(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    outcome = bring(bench, dossier, lay(tmp_path / "in", khai__pdf=pdf(3)))
    component = outcome.dossier.components[0]
    assert component.file is not None
    assert bench.desk.cabinet.files.data(component.file.sha256) == pdf(3)
    assert (component.file.pages, component.file.name, component.file.signatures) == (3, "khai.pdf", ())
    assert len(component.pages) == 3
    assert stage(component, bench.desk.law_of(dossier).order) == "sign"
    assert bench.desk.cabinet.pages.recovered() == (), "its pictures are no lost pages"


def test_pages_of_a_pdf_stay_together_whatever_is_asked(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    kept = bring(bench, dossier, lay(tmp_path / "in", khai__pdf=pdf(3))).kept
    desk, by, first = bench.desk, bench.officer, kept[0].id
    for act in (
        lambda: pages.remove(desk, dossier.id, first, by),
        lambda: pages.move(desk, dossier.id, first, 2, by),
        lambda: pages.turn(desk, dossier.id, first, 90, by),
        lambda: scan.scan(desk, dossier.id, dossier.components[0].id, by, nothing, go_on),
        lambda: scan.scan(desk, dossier.id, dossier.components[0].id, by, nothing, go_on, scan.Order(replace=first)),
        lambda: bring(bench, dossier, lay(tmp_path / "more", a__jpg=jpeg(1))),
    ):
        with pytest.raises(DeskError) as refused:
            act()
        assert refused.value.code == "dossier.is_file"
    assert bench.desk.cabinet.dossiers.load(dossier.id).components[0].pages == kept


def test_a_pdf_replaces_what_lies_there_only_when_told_and_undo_gives_it_back(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    before = bring(bench, dossier, lay(tmp_path / "in", a__jpg=jpeg(1), b__jpg=jpeg(2))).kept
    paper_file = lay(tmp_path / "pdf", khai__pdf=pdf(3))
    with pytest.raises(DeskError) as refused:
        bring(bench, dossier, paper_file)
    assert (refused.value.code, refused.value.facts["count"]) == ("dossier.has_pages", 2)
    after = bring(bench, dossier, paper_file, replace_all=True).dossier.components[0]
    assert after.file is not None
    undone, what = pages.undo(bench.desk, dossier.id, bench.officer)
    assert what == "thay bằng tệp"
    assert (undone.components[0].file, undone.components[0].pages) == (None, before)


def test_withdrawing_a_file_can_be_undone(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    kept = bring(bench, dossier, lay(tmp_path / "in", khai__pdf=pdf(2))).kept
    empty = files.withdraw(bench.desk, dossier.id, dossier.components[0].id, bench.officer).components[0]
    assert (empty.file, empty.pages) == (None, ())
    back, what = pages.undo(bench.desk, dossier.id, bench.officer)
    assert (what, back.components[0].pages) == ("rút tệp", kept)
    assert back.components[0].file is not None


def test_two_files_with_a_pdf_among_them_are_refused(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(DeskError) as refused:
        bring(bench, bench.received(), lay(tmp_path / "in", a__jpg=jpeg(1), b__pdf=pdf(1)))
    assert refused.value.code == "file.one_pdf"


def test_signatures_a_pdf_brings_are_told_with_whose_they_are(bench: Bench, tmp_path: Path) -> None:
    other = ScriptedToken("Sở Tư pháp")
    data = signed_pdf(other, bench.desk.stamp_font)
    component = bring(bench, bench.received(), lay(tmp_path / "in", a__pdf=data)).dossier.components[0]
    assert component.file is not None
    (theirs,) = component.file.signatures
    assert (theirs.signer, theirs.role, theirs.trusted, theirs.in_time) == ("Sở Tư pháp", "organisation", False, True)
    assert not theirs.good


def test_a_pdf_changed_after_it_was_signed_is_refused(bench: Bench, tmp_path: Path) -> None:
    data = signed_pdf(ScriptedToken("Sở Tư pháp"), bench.desk.stamp_font)
    spot = data.index(b"/MediaBox")
    changed = data[:spot] + data[spot:].replace(b"595", b"585", 1)
    if changed == data:
        changed = data.replace(b"JFIF", b"JFIG", 1)
    code = refusal(bench, bench.received(), lay(tmp_path / "in", a__pdf=changed)).code
    assert code == "file.changed_after_signing"


def test_a_pdf_whose_author_forbids_changes_is_refused_with_his_name(bench: Bench, tmp_path: Path) -> None:
    data = without_changes_allowed(ScriptedToken("Sở Tư pháp"))
    problem = refusal(bench, bench.received(), lay(tmp_path / "in", a__pdf=data))
    assert (problem.code, problem.facts["signer"]) == ("file.locked_by_signature", "Sở Tư pháp")


def test_a_form_of_submission_that_may_not_be_captured_takes_no_file(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    law = bench.desk.law_of(dossier)
    barred = next(form.id for form in law.forms if not form.may_scan)
    dossier = receive.choose_form(bench.desk, dossier.id, dossier.components[0].id, barred, bench.officer)
    with pytest.raises(DeskError) as refused:
        bring(bench, dossier, lay(tmp_path / "in", a__jpg=jpeg(1)))
    assert refused.value.code == "dossier.file_refused"


def test_no_name_of_a_file_is_in_journal_or_log(bench: Bench, tmp_path: Path) -> None:
    dossier = bench.received()
    bring(bench, dossier, lay(tmp_path / "in", Nguyen_Thi_Huong_001185000123__jpg=jpeg(1)))
    told = json.dumps([entry.facts for entry in bench.desk.cabinet.journal.entries()])
    assert "Huong" not in told
    assert "files_attached" in {entry.action for entry in bench.desk.cabinet.journal.entries()}


def test_numbers_in_names_are_sorted_as_numbers() -> None:
    names = ["trang 10.jpg", "trang 2.jpg", "Trang 1.jpg", "bìa.jpg", "trang 2a.jpg"]
    ordered = [path.name for path in sorted(map(Path, names), key=natural)]
    assert ordered == ["bìa.jpg", "Trang 1.jpg", "trang 2.jpg", "trang 2a.jpg", "trang 10.jpg"]


def test_a_file_that_eats_memory_or_time_ends_alone_and_the_next_one_is_read(bench: Bench) -> None:
    spins = [sys.executable, "-c", "import sys; sys.stdin.buffer.read(1)\nwhile True: pass"]
    dies = [sys.executable, "-c", "import os, sys; sys.stdin.buffer.read(1); os.abort()"]
    for program, code in ((spins, "image.too_slow"), (dies, "image.damaged")):
        with Reader(program, patience=0.5) as reader, pytest.raises(DeskError) as refused:
            list(reader.read(jpeg(1), "a.jpg"))
        assert refused.value.code == code
    with Reader(memory=600 << 20) as reader:
        big = encoded("PNG", Image.new("RGB", (9_900, 9_900)))
        told = []
        with contextlib.suppress(DeskError):
            told = list(reader.read(big, "big.png"))
        assert not any(isinstance(said, ReadPage) for said in told)
        assert isinstance(list(reader.read(jpeg(1), "a.jpg"))[-1], ReadPage)


ORPHANER = """
import os, sys, threading
from digitizer_desk.imaging import apart
import digitizer_desk.imaging.intake as intake
desk, hang = os.getppid(), threading.Event()
apart.open_bytes = lambda data, name: hang.wait()  # a decoder that never comes back
os.write(2, b"ready\\n")
sys.exit(apart.serve([str(8 << 30), str(desk)]))
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs the pidfds of Linux")
def test_a_reader_that_hangs_ends_with_its_desk() -> None:
    """The desk in between is killed; its pipes stay open in this process, so only the watch can end the child."""
    spawn = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {ORPHANER!r}])
print(child.pid, flush=True)
child.wait()
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", spawn], **pipes, env=surroundings({})) as desk:  # type: ignore[call-overload]
        assert desk.stdin is not None
        child = int(desk.stdout.readline())
        handle = os.pidfd_open(child)
        assert desk.stderr.readline() == b"ready\n"
        desk.stdin.write(struct.pack(">I", 12) + json.dumps({"bytes": 0}).encode())
        desk.stdin.flush()
        desk.kill()
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        assert poll.poll(20_000), "the reader outlived its desk"
        os.close(handle)


def _bomb() -> bytes:
    """A PDF of three kilobytes whose page draws 2^40 forms."""
    with pikepdf.new() as made:
        box = pikepdf.Array([0, 0, 9, 9])
        form = made.make_stream(b"0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=box)
        for _ in range(40):
            inner = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
            form = made.make_stream(
                b"/F Do /F Do",
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=box,
                Resources=inner,
            )
        page = made.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Contents = made.make_stream(b"/F Do")
        sink = io.BytesIO()
        made.save(sink)
    return sink.getvalue()


def test_a_pdf_bomb_ends_with_its_reader(bench: Bench) -> None:
    with Reader(patience=1.0) as reader:
        told: list[object] = []
        try:
            told += reader.read(_bomb(), "bomb.pdf")
        except DeskError as refused:
            told.append(refused.code)
        # its time is up, or the decoder's own limit of depth was quicker
        assert told[-1] == "image.too_slow" or isinstance(told[-1], ReadPage)
        assert isinstance(list(reader.read(jpeg(1), "a.jpg"))[-1], ReadPage)


def test_an_electronic_dossier_refuses_the_scanner_and_takes_files(bench: Bench, tmp_path: Path) -> None:
    from digitizer_desk.dossier.model import Applicant

    receipt = receive.Receipt(
        "000.00.12.H08-261121-0009",
        "1.001193",
        Applicant("Nguyễn Thị Hường", identifier="001185000123"),
        channel=Channel.ELECTRONIC,
    )
    dossier = receive.receive(bench.desk, receipt, bench.officer)
    with pytest.raises(DeskError) as refused:
        scan.scan(bench.desk, dossier.id, dossier.components[0].id, bench.officer, nothing, go_on)
    assert refused.value.code == "dossier.scan_refused"
    assert len(bring(bench, dossier, lay(tmp_path / "in", a__pdf=pdf(2))).kept) == 2
