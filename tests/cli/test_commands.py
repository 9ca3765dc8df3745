# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal's contract: names, options, exit codes and JSON keys, on real files, machines and signatures."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime
from pathlib import Path

import pytest

from digitizer_desk import assemble, paths, settings
from digitizer_desk.app import main
from digitizer_desk.dossier.model import Applicant
from digitizer_desk.imaging.master import as_png, encode_master
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers, receive
from digitizer_desk.store import backup
from digitizer_desk.training.papers import PEOPLE, draw_paper
from digitizer_desk.training.province import LocalProvince
from stand_ins.machines import ScriptedToken

PAGE_KEYS = {
    "file", "page", "width", "height", "dpi", "dpi_source", "colour", "sharpness", "skew_deg", "blank", "rotation",
    "cut_edges", "damaged_corners", "light", "red_seal", "note", "duplicate_of", "qr", "findings", "ms",
}  # fmt: skip
SUMMARY_KEYS = {"file", "summary", "pages", "declared", "passed", "rules", "findings"}
linux = pytest.mark.skipif(sys.platform != "linux", reason="SANE and SoftHSM2 are asked for here")


@pytest.fixture(scope="module")
def good() -> bytes:
    return encode_master(draw_paper("giay_chung_sinh", PEOPLE[0], 4), (300.0, 300.0))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> object:
    def lines() -> list[dict[str, object]]:
        return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]

    return lines


def test_check_tells_every_key_and_passes_a_good_page(tmp_path: Path, good: bytes, said) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.jpg").write_bytes(good)
    assert main(["check", "--json", "--declared", "1", str(tmp_path / "a.jpg")]) == 0
    page, summary, whole = said()
    assert set(page) >= PAGE_KEYS  # the first contract; what came since: test_check_contract.py
    assert set(summary) == SUMMARY_KEYS
    assert (page["colour"], page["red_seal"], page["blank"]) == ("colour", True, False)
    assert whole["component"] is True
    assert whole["passed"] is True


def test_check_finds_the_faults_of_the_law(tmp_path: Path, said) -> None:  # type: ignore[no-untyped-def]
    for fault in ("blur", "grey"):
        page = draw_paper("giay_chung_sinh", PEOPLE[0], 4, fault=fault)
        (tmp_path / f"{fault}.png").write_bytes(as_png(page, (300.0, 300.0)))
    assert main(["check", "--json", "--jobs", "2", "--declared", "3", str(tmp_path)]) == 1
    told = said()
    rules = {f["rule"]: f for item in told for f in item["findings"]}
    assert {"page.sharpness", "page.colour", "component.too_few_pages"} <= set(rules)
    finding = rules["page.colour"]
    assert set(finding) == {"rule", "severity", "value", "limit", "law", "message"}
    assert finding["severity"] == "fault"
    assert "TT 02/2019" in finding["law"]


def test_check_mixes_codes_and_goes_on(tmp_path: Path, good: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jpg").write_bytes(good)
    (tmp_path / "b.jpg").write_bytes(good)
    (tmp_path / "c.png").write_bytes(b"khong phai anh")
    (tmp_path / "ghi-chu.txt").write_text("bỏ qua")
    assert main(["check", "--json", str(tmp_path)]) == 2
    out = capsys.readouterr()
    told = [json.loads(line) for line in out.out.splitlines()]
    assert {"file": str(tmp_path / "c.png"), "error": "image.unreadable"} in told
    twin = next(t for t in told if t.get("page") and t["file"].endswith("b.jpg"))
    assert twin["duplicate_of"] == {"file": str(tmp_path / "a.jpg"), "page": 1}
    assert out.err.startswith("image.unreadable: ")


def test_build_keeps_the_pictures_and_is_the_same_twice(tmp_path: Path, good: bytes, said) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.jpg").write_bytes(good)
    sizes = {}
    for name, preset in (("1", "archive"), ("2", "archive"), ("3", "small")):
        out = tmp_path / name / "a.pdf"
        out.parent.mkdir()
        assert main(["build", str(tmp_path / "a.jpg"), "-o", str(out), "--preset", preset, "--json"]) == 0
        sizes[name] = out.read_bytes()
    assert sizes["1"] == sizes["2"]
    assert good in sizes["1"]
    assert len(sizes["3"]) < len(sizes["1"]) / 2
    said()
    assert main(["check", "--json", str(tmp_path / "3" / "a.pdf")]) == 0
    summary = said()[-1]
    assert summary["pdfa"] == "2B"
    assert float(summary["pdf_version"]) >= 1.4
    assert main(["build", str(tmp_path / "a.jpg"), "-o", str(tmp_path / "x.pdf"), "--ocr"]) == 3


@linux
def test_sign_and_verify(tmp_path: Path, good: bytes, said, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(paths, "training_data", lambda: tmp_path / "training")
    (tmp_path / "a.jpg").write_bytes(good)
    assert main(["build", str(tmp_path / "a.jpg"), "-o", str(tmp_path / "a.pdf")]) == 0
    moment = "2026-11-21T09:38:12+07:00"
    out = tmp_path / "signed"
    order = ["sign", str(tmp_path / "a.pdf"), "--out", str(out), "--training", "--captured-at", moment, "--json"]
    assert main(order) == 0
    (told,) = said()
    assert told["captured_at"] == moment
    assert told["stamp_over_ink"] < 0.01
    stranger = tmp_path / "stranger.der"
    stranger.write_bytes(ScriptedToken("Người Lạ").der)
    assert main(["verify", "--json", "--offline", "--trust", str(stranger), str(out / "a.pdf")]) == 1
    root = tmp_path / "training" / "token" / "ca.der"
    assert main(["verify", "--json", "--offline", "--trust", str(root), str(out / "a.pdf")]) == 0
    broken = bytearray((out / "a.pdf").read_bytes())
    broken[len(broken) // 3] ^= 1
    (out / "b.pdf").write_bytes(broken)
    assert main(["verify", "--json", "--offline", "--trust", str(root), str(out / "b.pdf")]) == 1
    untrusted, valid, changed = said()
    assert set(valid) == {"file", "signatures", "modified_after_signing", "valid"}
    (signature,) = valid["signatures"]
    assert set(signature) == {
        "role", "signer", "intact", "covers_whole_file", "trusted", "valid_at", "signed_at", "captured_at",
        "revocation", "level",
    }  # fmt: skip
    assert (valid["valid"], untrusted["valid"], changed["valid"]) == (True, False, False)
    assert (signature["role"], signature["level"], signature["revocation"]) == ("clerk", "B-B", "unknown")
    assert datetime.fromisoformat(signature["captured_at"]) == datetime.fromisoformat(moment)


@linux
def test_a_missing_scanner_is_exit_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    device = "airscan:escl:Mat:http://127.0.0.1:9/eSCL"
    assert main(["scan", "--device", device, "--out", str(tmp_path / "out")]) == 3
    assert capsys.readouterr().err.startswith("scanner.")
    assert list((tmp_path / "out").iterdir()) == []


@linux
def test_scan_writes_lossless_pages(tmp_path: Path, said) -> None:  # type: ignore[no-untyped-def]
    out = tmp_path / "out"
    assert main(["scan", "--device", "test:0", "--out", str(out), "--dpi", "100", "--max-pages", "2", "--json"]) == 0
    first, second, summary = said()
    assert [Path(str(p["file"])).name for p in (first, second)] == ["0001.png", "0002.png"]
    assert summary == {
        "summary": True,
        "pages": 2,
        "end": "enough",
        "counter": None,
        "ahead": None,
        "count": "unproved",
        "proofs": {},
        "code": None,
    }
    assert main(["scan", "--device", "test:0", "--out", str(out), "--dpi", "100", "--max-pages", "1"]) == 2


@pytest.mark.parametrize("command", [["extract", "x.pdf"]])
def test_what_is_not_built_says_so(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 3
    assert "chưa có" in capsys.readouterr().err


def test_a_desk_that_is_not_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["outbox"], ["send", "--once"], ["export", "--to", "x"]):
        assert main(command) == 3
        assert capsys.readouterr().err.startswith("store.key_missing: ")


def test_wrong_usage_is_exit_two() -> None:
    assert main(["check"]) == 2
    assert main(["scan", "--device", "x"]) == 2
    assert main(["bay"]) == 2


def test_a_new_machine_takes_up_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A desk dies after a week offline: its backup and the printed passphrase bring everything back."""
    place = DeskPaths(tmp_path / "old")
    place.make()
    monkeypatch.setattr(assemble, "new_passphrase", lambda: "mot hai ba bon nam sau")
    passphrase = assemble.set_up(place)
    (tmp_path / "stick").mkdir()
    with assemble.opened(place) as desk:
        clerk = officers.first(desk, "an", "Lê Văn An", "mat-khau-dai")
        receipt = receive.Receipt("000.00.12.H08-261121-0007", "1.001193", Applicant("Nguyễn Thị Hường"))
        dossier = receive.receive(desk, receipt, clerk)
        desk.cabinet.arrivals.keep("a.jpg", b"somebody's paper", desk.clock(), clerk)
        backup.back_up(desk.cabinet, tmp_path / "stick")
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(tmp_path / "new"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("sai cum tu\n"))
    assert main(["restore", str(tmp_path / "stick"), "--passphrase-stdin"]) == 3
    monkeypatch.setattr(sys, "stdin", io.StringIO(passphrase + "\n"))
    assert main(["restore", str(tmp_path / "stick"), "--passphrase-stdin"]) == 0
    with assemble.opened(DeskPaths(tmp_path / "new")) as desk:
        assert desk.cabinet.dossiers.load(dossier.id) == dossier
        assert desk.cabinet.journal.check().ok
    # a page the stick no longer has is told, and keeps nothing else from coming back
    next((tmp_path / "stick").glob("sealed/*/*.sealed")).unlink()
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(tmp_path / "newer"))
    monkeypatch.setattr(sys, "stdin", io.StringIO(passphrase + "\n"))
    assert main(["restore", str(tmp_path / "stick"), "--passphrase-stdin"]) == 1
    assert "1 tệp trong bản sao bị hỏng hoặc thiếu" in capsys.readouterr().out


@linux
def test_doctor_looks_at_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--bundle", str(tmp_path / "b.zip")])
    told = capsys.readouterr().out
    for part in ("Chương trình", "Quy định", "Máy quét", "USB Token", "Kho dữ liệu", "Ổ đĩa"):
        assert part in told
    assert (tmp_path / "b.zip").stat().st_size > 200


def test_the_provinces_key_is_kept_sealed_and_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = DeskPaths(tmp_path / "desk")
    assemble.set_up(place)
    monkeypatch.setenv("DIGITIZER_DESK_DATA", str(place.data))
    with LocalProvince(tmp_path / "province") as province:
        chosen = settings.Settings(province=settings.ProvinceChoice(base_url=province.url, desk_id="quay-1"))
        settings.write(place.settings_file, chosen)
        monkeypatch.setattr(sys, "stdin", io.StringIO(province.token + "\n"))
        assert main(["connect", "--secret-stdin"]) == 0
        assert "Đã nối" in capsys.readouterr().out
    assert settings.read(place.settings_file) == chosen
    for file in place.data.rglob("*"):
        assert not file.is_file() or province.token.encode() not in file.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.StringIO("x\n"))
    assert main(["connect", "--secret-stdin"]) == 3
    assert capsys.readouterr().err.startswith("province.offline: ")
