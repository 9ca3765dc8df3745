# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What other programs rely on in ``check``: its keys, its streams, its end when a file or a person says stop."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer_desk.app import main
from digitizer_desk.cli import pages as commands
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.steps.check_files import check_paths
from digitizer_desk.training.papers import PEOPLE, draw_paper
from gallery.people import NOW

ROOT = Path(__file__).resolve().parents[2]
INFO = PdfInfo(title="t", author="", subject="", keywords="", made_at=NOW)
A4 = (210.0, 297.0)
SOAK = bool(os.environ.get("DESK_SOAK"))


def program(*args: str, **given: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "digitizer_desk", *args],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        stdout=given.pop("stdout", subprocess.PIPE),
        stderr=given.pop("stderr", subprocess.PIPE),
        **given,
    )


@pytest.fixture(scope="module")
def sheet() -> np.ndarray:
    return cv2.resize(draw_paper("quyet_dinh", PEOPLE[0], 4), (1654, 2339), interpolation=cv2.INTER_AREA)


def tiny_pdf(number: int) -> bytes:
    """A PDF of one small page, unlike every other."""
    pixels = np.full((58, 41, 3), 255, np.uint8)
    pixels[10 : 12 + number % 40, 5 : 6 + number % 30] = number % 200
    return build_pdf([PdfPage(encode_master(pixels, 5), A4)], INFO)


# -- keys -------------------------------------------------------------------------------------------------------------


def documented() -> list[set[str]]:
    """The keys of each table of the page, in its order."""
    text = (ROOT / "docs" / "check-json.md").read_text("utf-8")
    tables = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    rows = [[line.split("|")[1] for line in table.splitlines() if line.startswith("| `")] for table in tables]
    return [{key for row in table for key in re.findall(r"`(\w+)`", row)} for table in rows]


def test_the_page_about_the_keys_is_current(
    tmp_path: Path, sheet: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.fromarray(sheet).save(tmp_path / "a.pdf", resolution=200)
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert main(["check", "--json", "--declared", "1", str(tmp_path)]) == 2
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    page, file, broken, everything = said
    assert [set(item) for item in (page, file, broken, everything)] == documented()
    assert page["seal"]["state"] == "good"
    assert len(page["seal"]["region"]) == 4
    assert page["exposure"]["paper"] == page["light"]


def test_what_a_page_shows_is_told_as_numbers(
    tmp_path: Path, sheet: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dark backing, a tinted paper, an enlarged picture: each has its key, and the rule that judges it its word."""
    framed = cv2.copyMakeBorder(sheet, 80, 80, 80, 80, cv2.BORDER_CONSTANT, value=(18, 18, 20))
    Image.fromarray(framed).save(tmp_path / "a.png", dpi=(200, 200))
    yellow = np.clip(sheet.astype(np.int16) - np.array([0, 4, 40]), 0, 255).astype(np.uint8)
    Image.fromarray(yellow).save(tmp_path / "b.png", dpi=(200, 200))
    low = cv2.resize(sheet, (827, 1170), interpolation=cv2.INTER_AREA)
    large = cv2.resize(low, (2480, 3508), interpolation=cv2.INTER_CUBIC)
    Image.fromarray(large).save(tmp_path / "c.png", dpi=(300, 300))
    main(["check", "--json", str(tmp_path)])
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    backing, tint, enlarged = (item for item in said if "page" in item)
    assert min(backing["backing_mm"]) > 6
    assert "page.overscan" in {f["rule"] for f in backing["findings"]}
    assert tint["cast"][1] > 8
    assert enlarged["real_dpi"] < 150


# -- files that do not end --------------------------------------------------------------------------------------------


def endless(folder: Path) -> Path:
    """A PDF whose page draws itself, each time twice: longer than anybody waits."""
    with pikepdf.open(io.BytesIO(tiny_pdf(1))) as pdf:
        forms = [pdf.make_stream(b"0 0 9 9 re f")]
        for _ in range(40):
            form = pdf.make_stream(b"/F Do /F Do")
            form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=forms[-1]))
            forms.append(form)
        for form in forms:
            form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
            form.BBox = pikepdf.Array([0, 0, 600, 800])
        pdf.pages[0].obj.Resources.XObject.F = forms[-1]
        pdf.pages[0].obj.Contents = pdf.make_stream(b"/F Do")
        pdf.save(folder / "khong-het.pdf")
    return folder / "khong-het.pdf"


def million(folder: Path) -> Path:
    """A PDF that says it has a million pages, and has them: a tree of six levels of ten, each the same node."""
    lines = [b"%PDF-1.7"]
    lines += [
        b"%d 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj" % (n + 2, 10 ** (6 - n), b"%d 0 R " % (n + 3) * 10)
        for n in range(6)
    ]
    lines += [b"8 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj", b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj"]
    lines += [b"trailer<</Root 1 0 R/Size 9>>", b"%%EOF"]
    (folder / "trieu-trang.pdf").write_bytes(b"\n".join(lines))
    return folder / "trieu-trang.pdf"


def test_a_single_file_that_never_ends_is_given_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "check_paths", partial(check_paths, silent_s=1.0))
    assert main(["check", "--json", str(endless(tmp_path))]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"] == "image.too_slow"
    assert told.err.startswith("image.too_slow: ")


def test_a_million_pages_are_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(million(tmp_path))]) == 2
    assert json.loads(capsys.readouterr().out)["error"] in ("image.too_many_pages", "image.damaged")


# -- who watches ------------------------------------------------------------------------------------------------------


def test_progress_is_for_a_terminal_alone(tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    for number in range(4):
        (tmp_path / f"{number}.pdf").write_bytes(tiny_pdf(number))
    ours, theirs = pty.openpty()
    running = program("check", str(tmp_path), stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    out, _ = running.communicate()
    os.close(ours)
    assert "Kiểm tra" in shown.decode()
    assert "4/4" in shown.decode()
    assert "4 tệp" in out.decode()
    silent = program("check", "--json", str(tmp_path))
    out, err = silent.communicate()
    assert err == b""
    assert len(out.splitlines()) == 8


def test_ctrl_c_ends_it_clean(tmp_path: Path) -> None:
    """The terminal tells everybody in the group; what was told so far is whole lines, and nobody is left behind."""
    for number in range(400):
        (tmp_path / f"{number:03}.pdf").write_bytes(tiny_pdf(number))
    running = program("check", "--json", "--jobs", "2", str(tmp_path), start_new_session=True)
    assert running.stdout is not None
    first = running.stdout.readline()
    os.killpg(running.pid, signal.SIGINT)
    rest, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err.decode() == "Đã dừng.\n"
    for line in (first + rest).splitlines():
        json.loads(line)
    assert len(rest.splitlines()) < 790
    until = monotonic() + 20
    while alive(running.pid) and monotonic() < until:  # Python's own book-keeper of children ends last
        sleep(0.02)
    assert not alive(running.pid)


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_ever_more_files_need_no_more_memory_than_a_few(tmp_path: Path) -> None:
    """The most memory of ``check`` itself, without its readers, over ever more files."""
    most = {}
    for count in (100, 10_000 if SOAK else 600):
        folder = tmp_path / str(count)
        folder.mkdir()
        pages = [tiny_pdf(number) for number in range(50)]
        for number in range(count):
            (folder / f"{number:05}.pdf").write_bytes(pages[number % 50])
        code = (
            "import resource, sys; from digitizer_desk.app import main; main(sys.argv[1:]);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,"
            "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, "check", "--json", "--jobs", "2", str(folder)],
            env=os.environ | {"PYTHONPATH": str(ROOT / "src")}, capture_output=True, check=True,
        )  # fmt: skip
        assert done.stdout.count(b'"summary": true') == count
        most[count] = [int(kb) / 1024 for kb in done.stderr.split()[-2:]]
    (few, few_read), (many, many_read) = most.values()
    assert many - few < (40 if SOAK else 15), most
    assert many_read - few_read < 40, most
