# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``check`` over folders of old files, and ``build`` of both presets, as an IT unit runs them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from digitizer_desk.app import main
from digitizer_desk.imaging.master import as_png, encode_master
from digitizer_desk.training.papers import PEOPLE, draw_paper


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    return draw_paper("quyet_dinh", PEOPLE[0], 4)


@pytest.fixture
def old_files(tmp_path: Path, page: np.ndarray) -> Path:
    """What lies in the archive of a commune: a folder of PDFs, each with something else wrong."""
    folder = tmp_path / "kho"
    folder.mkdir()
    low = Image.fromarray(page).resize((1240, 1754))
    low.save(folder / "a-150dpi.pdf", resolution=150)
    Image.fromarray(page).convert("1").save(folder / "b-den-trang.pdf", resolution=300)
    Image.fromarray(page).save(folder / "c.pdf", resolution=300, quality=80)
    with pikepdf.open(folder / "c.pdf") as pdf:
        pdf.save(folder / "d-13.pdf", force_version="1.3")
        locked = pikepdf.Encryption(owner="chu", user="mo")
        pdf.save(folder / "e-mat-khau.pdf", encryption=locked)
        pdf.save(folder / "f-khoa-in.pdf", encryption=pikepdf.Encryption(owner="chu", user=""))
    (folder / "g-hong.pdf").write_bytes((folder / "c.pdf").read_bytes()[:900])
    (folder / "h.png").write_bytes(as_png(page[:1200, :1700], (300.0, 300.0)))
    (folder / "doc.txt").write_text("không phải ảnh", "utf-8")
    return folder


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_check_says_what_is_wrong_with_each_old_file(old_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", str(old_files)]) == 2  # an unreadable file outweighs the law's faults
    one = told(capsys)
    assert main(["check", "--json", "--jobs", "2", str(old_files)]) == 2
    two = told(capsys)
    for item in (*one, *two):
        item.pop("ms", None)
    assert one == two  # same objects in the same order, however many processes
    whole = {Path(str(item["file"])).name: item for item in one if item.get("summary")}
    errors = {Path(str(item["file"])).name: item["error"] for item in one if "error" in item}
    assert errors == {"e-mat-khau.pdf": "image.encrypted", "g-hong.pdf": "image.damaged"}
    rules = {name: {f["rule"] for f in item["findings"]} for name, item in whole.items()}  # type: ignore[attr-defined]
    assert "page.min_dpi" in rules["a-150dpi.pdf"]
    assert "page.colour" in rules["b-den-trang.pdf"]
    assert "file.pdf_version" in rules["d-13.pdf"]
    assert "file.encrypted" in rules["f-khoa-in.pdf"]
    assert (whole["c.pdf"]["pdfa"], whole["c.pdf"]["signed"], whole["c.pdf"]["encrypted"]) == (None, False, False)
    assert (whole["d-13.pdf"]["pdf_version"], whole["f-khoa-in.pdf"]["encrypted"]) == ("1.3", True)
    assert "pdf_version" not in whole["h.png"]
    assert "doc.txt" not in {*whole, *errors}


def test_a_person_gets_a_table_and_a_sum(old_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(old_files)]) == 2
    shown = capsys.readouterr()
    last = shown.out.strip().splitlines()[-1]
    assert last.startswith("8 tệp: ")
    for part in ("không phải PDF/A", "chưa ký", "1 đen trắng", "1 phiên bản PDF thấp", "2 có mật khẩu", "1 hỏng"):
        assert part in last
    assert "PDF 1.3," in re.sub(r"[│\s]+", " ", shown.out)
    cited = re.findall(r"^\[(\d+)\] (.+)$", shown.out, re.M)  # each article once, under the table, and pointed to
    assert [number for number, _ in cited] == [str(i + 1) for i in range(len(cited))]
    assert len({law for _, law in cited}) == len(cited) > 2
    assert all(f"[{number}]" in shown.out.split("\n[1] ")[0] for number, _ in cited)
    assert shown.err.count("image.") == 2


def test_build_small_says_what_it_did(tmp_path: Path, page: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jpg").write_bytes(encode_master(page, 300))
    noise = np.random.default_rng(3).integers(0, 256, (1754, 1240, 3), dtype=np.uint8)
    (tmp_path / "b.png").write_bytes(as_png(noise, (150.0, 150.0)))
    inputs = [str(tmp_path / "a.jpg"), str(tmp_path / "b.png")]
    out = tmp_path / "nho.pdf"
    assert main(["build", *inputs, "-o", str(out), "--preset", "small", "--json"]) == 0
    (result,) = told(capsys)
    assert (result["preset"], result["pages"]) == ("small", 2)
    assert result["as_scanned"] == [{"page": 2, "reason": "size"}]
    assert main(["build", *inputs, "-o", str(out), "--preset", "small"]) == 0
    assert "trang 2 giữ nguyên ảnh quét: nén không nhỏ hơn" in capsys.readouterr().out
    assert main(["build", inputs[0], "-o", str(out), "--preset", "small", "--json"]) == 0
    assert int(str(told(capsys)[0]["bytes"])) < 80_000
    first = out.read_bytes()
    assert main(["build", inputs[0], "-o", str(out), "--preset", "small", "--json"]) == 0
    assert out.read_bytes() == first
    capsys.readouterr()
    assert main(["check", "--json", str(out)]) == 0
    seen, summary = told(capsys)
    assert (seen["colour"], seen["red_seal"], summary["pdfa"]) == ("colour", True, "2B")


def test_an_unknown_preset_is_wrong_usage(tmp_path: Path) -> None:
    assert main(["build", "a.jpg", "-o", str(tmp_path / "x.pdf"), "--preset", "tiny"]) == 2
