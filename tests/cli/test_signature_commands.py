# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``sign --tsa``, ``upgrade`` and ``verify`` on real files, a software token and a running authority."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest

from digitizer_desk import assemble, paths
from digitizer_desk.app import main
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.main import run
from digitizer_desk.devices.token import PinState
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.place import render
from digitizer_desk.paths import DeskPaths
from signing.people import draw_pdf
from signing.services import Services
from stand_ins.disks import small_disk
from stand_ins.machines import ScriptedToken

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="SoftHSM2 is asked for here")
Said = Callable[[], tuple[list[dict[str, object]], str]]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    running = Services(tmp_path_factory.mktemp("authority"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("training")


@pytest.fixture
def place(tmp_path: Path, training: Path, authority: Services, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "training_data", lambda: training)
    (tmp_path / "a.pdf").write_bytes(draw_pdf())
    (tmp_path / "root.der").write_bytes(authority.der("root"))
    return tmp_path


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    def both() -> tuple[list[dict[str, object]], str]:
        captured = capsys.readouterr()
        return [json.loads(line) for line in captured.out.splitlines()], captured.err

    return both


def sign(place: Path, *more: str) -> int:
    order = ["sign", str(place / "a.pdf"), "--out", str(place / "out"), "--training", "--json"]
    return main([*order, "--trust", str(place / "root.der"), *more])


def roots(place: Path, training: Path) -> list[str]:
    return ["--trust", str(place / "root.der"), "--trust", str(training / "token" / "ca.der")]


def test_sign_with_a_timestamp(place: Path, training: Path, authority: Services, said: Said) -> None:
    assert sign(place, "--tsa", authority.tsa) == 0
    (told,), _ = said()
    assert (told["level"], told["missing"]) == ("B-LTA", "")
    assert told["bytes"] == (place / "out" / "a.pdf").stat().st_size
    assert main(["verify", "--json", "--offline", *roots(place, training), str(place / "out" / "a.pdf")]) == 0
    (found,), _ = said()
    assert [s["role"] for s in found["signatures"]] == ["clerk", "timestamp"]  # type: ignore[index,union-attr]
    assert set(found) == {"file", "signatures", "modified_after_signing", "valid"}


def test_sign_without_the_service_still_signs_and_says_so(place: Path, authority: Services, said: Said) -> None:
    with authority.fault(tsa="down"):
        assert sign(place, "--tsa", authority.tsa) == 0
    (told,), err = said()
    assert (told["level"], told["missing"]) == ("B-B", "signature.timestamp_offline")
    assert err.startswith("signature.timestamp_offline: Chưa lấy được dấu thời gian.")


def test_upgrade_later(place: Path, training: Path, authority: Services, said: Said) -> None:
    assert sign(place) == 0
    signed, better = place / "out" / "a.pdf", place / "better" / "a.pdf"
    order = ["upgrade", str(signed), "--out", str(better.parent), *roots(place, training), "--json"]
    said()
    for fault, code in (("down", "signature.timestamp_offline"), ("nonce", "signature.timestamp_wrong")):
        with authority.fault(tsa=fault):
            assert main([*order, "--tsa", authority.tsa]) == 3
        (told,), err = said()
        assert told == {"file": str(signed), "error": code}
        assert err.startswith(code)
        assert not better.exists()
    before = signed.read_bytes()
    assert main([*order, "--tsa", authority.tsa_short]) == 0
    (told,), _ = said()
    assert (told["changed"], told["level"], told["missing"]) == (True, "B-LTA", "")
    assert signed.read_bytes() == before
    due = ["upgrade", "--due", str(better), str(signed), *roots(place, training), "--json"]
    assert main([*due, "--within", "60"]) == 0
    first, second = said()[0]
    assert (first["due"], first["held_until"] is not None) == (True, True)
    assert (second["due"], second["held_until"], second["level"]) == (False, None, "B-B")
    again = ["upgrade", str(better), "--out", str(place / "again"), "--tsa", authority.tsa, *roots(place, training)]
    assert main([*again, "--json"]) == 0
    assert said()[0][0]["changed"] is False
    assert (place / "again" / "a.pdf").read_bytes() == better.read_bytes()
    assert main([*again, "--renew", "--within", "60", "--json"]) == 0
    assert said()[0][0]["changed"] is True


def test_upgrade_tells_what_is_missing_and_writes_what_it_has(
    place: Path, training: Path, authority: Services, said: Said
) -> None:
    """The training certificates name no service; the timestamper's list is what cannot be had."""
    assert sign(place) == 0
    said()
    order = ["upgrade", str(place / "out" / "a.pdf"), "--out", str(place / "b"), *roots(place, training), "--json"]
    with authority.fault(crl="down"):
        assert main([*order, "--tsa", authority.tsa]) == 3
    (told,), err = said()
    assert (told["level"], told["missing"]) == ("B-T", "signature.evidence_missing")
    assert err.startswith("signature.evidence_missing")
    assert (place / "b" / "a.pdf").is_file()


def test_one_bad_file_does_not_stop_the_others(place: Path, training: Path, authority: Services, said: Said) -> None:
    assert sign(place) == 0
    said()
    (place / "broken.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    files = [str(place / name) for name in ("broken.pdf", "a.pdf", "none.pdf", "out/a.pdf")]
    order = ["upgrade", *files, "--out", str(place / "b"), "--tsa", authority.tsa, *roots(place, training), "--json"]
    assert main(order) == 2
    told, _ = said()
    assert [t.get("error", "") for t in told] == ["image.damaged", "file.not_signed", "file.not_found", ""]
    assert sorted(f.name for f in (place / "b").iterdir()) == ["a.pdf"]


def test_an_original_is_never_replaced(place: Path, training: Path, authority: Services, said: Said) -> None:
    assert sign(place) == 0
    file = place / "out" / "a.pdf"
    before = file.read_bytes()
    order = ["upgrade", str(file), "--out", str(file.parent), "--tsa", authority.tsa, *roots(place, training)]
    assert main(order) == 2
    assert "file.exists" in said()[1]
    assert file.read_bytes() == before


def test_disk_full_while_signing_leaves_the_good_one(place: Path, said: Said) -> None:
    size = (place / "a.pdf").stat().st_size
    with small_disk(place / "out", size + 8192):
        (place / "out" / "a.pdf").write_bytes(b"the good one")
        assert sign(place) == 3
        assert said()[0] == [{"file": str(place / "a.pdf"), "error": "store.disk_full"}]
        assert (place / "out" / "a.pdf").read_bytes() == b"the good one"
        assert [f.name for f in (place / "out").iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("damage", [lambda pdf: pdf[: len(pdf) // 2], lambda pdf: b"no PDF", lambda pdf: b""])
def test_a_file_damaged_before_signing(place: Path, said: Said, damage: Callable[[bytes], bytes]) -> None:
    (place / "a.pdf").write_bytes(damage((place / "a.pdf").read_bytes()))
    assert sign(place) == 2
    (told,), _ = said()
    assert str(told["error"]).startswith("image.")
    assert not (place / "out").exists() or list((place / "out").iterdir()) == []


def page_of(pixels: np.ndarray, file: Path) -> None:
    jpeg = encode_master(pixels, (100.0, 100.0))
    info = PdfInfo("Thử", "", "", "", datetime(2026, 11, 21, tzinfo=UTC))
    file.write_bytes(build_pdf([PdfPage(jpeg, (210.0, 297.0), 0)], info))


def test_no_room_in_the_corner_is_told(place: Path, said: Said) -> None:
    page_of(np.random.default_rng(1).integers(0, 255, (1169, 827, 3), np.uint8), place / "a.pdf")
    assert sign(place) == 2
    (told,), err = said()
    assert told == {"file": str(place / "a.pdf"), "error": "signature.no_room"}
    assert "--mark-at" in err
    assert not (place / "out").exists() or not list((place / "out").iterdir()), "nothing is covered unasked"
    assert sign(place, "--mark-at", "120,250") == 0
    (told,), _ = said()
    assert float(str(told["stamp_over_ink"])) > 0.3
    with pikepdf.open(place / "out" / "a.pdf") as opened:
        left, bottom, _, top = (float(v) * 25.4 / 72 for v in opened.pages[0].Annots[0].Rect)
    assert (left, 297 - top) == (pytest.approx(120, abs=0.1), pytest.approx(250, abs=0.1))
    assert top > bottom
    assert sign(place, "--mark-at", "here") == 2


def test_a_code_and_a_seal_in_the_corner_stay_clear(place: Path, said: Said) -> None:
    """What is drawn there looks the same before and after."""
    page = np.full((1169, 827, 3), 255, np.uint8)
    code = cv2.QRCodeEncoder.create().encode("000.00.12.H08-261121-0007")
    page[40:140, 40:140] = cv2.resize(code, (100, 100), interpolation=cv2.INTER_NEAREST)[..., None]
    cv2.circle(page, (240, 90), 50, (200, 30, 40), 4)
    page_of(page, place / "a.pdf")
    before = render(place / "a.pdf", 1, 100.0)
    assert sign(place) == 0
    (told,), _ = said()
    assert told["stamp_over_ink"] == 0
    with pypdfium2.PdfDocument(place / "out" / "a.pdf") as opened:
        opened.init_forms()
        after = opened[0].render(scale=100 / 72, rev_byteorder=True).to_numpy()[..., :3]
    drawn = (before != after[: before.shape[0], : before.shape[1]]).any(axis=2)
    assert drawn.any(), "the mark is there"
    assert not (drawn & (before < 250).any(axis=2)).any(), "and covers nothing"


def test_usage(place: Path) -> None:
    assert main(["upgrade", str(place / "a.pdf")]) == 2
    assert main(["upgrade", str(place / "a.pdf"), "--out", str(place / "b")]) == 2


def test_words_for_a_person(
    place: Path, training: Path, authority: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(place) == 0
    signed = str(place / "out" / "a.pdf")
    assert main(["verify", "--offline", *roots(place, training), signed]) == 0
    assert "chưa có dấu thời gian" in capsys.readouterr().out
    order = ["upgrade", signed, "--out", str(place / "b"), "--tsa", authority.tsa, *roots(place, training)]
    assert main(order) == 0
    assert "kiểm tra được lâu dài" in capsys.readouterr().out
    assert main(["upgrade", "--due", str(place / "b" / "a.pdf"), *roots(place, training)]) == 0
    assert "chưa đến hạn" in capsys.readouterr().out


@pytest.mark.parametrize("given", [[], ["--last-try"]])
def test_a_script_does_not_take_the_last_try_of_a_token(
    place: Path, given: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ScriptedToken("Lê Văn An", state=PinState(count_low=True, final_try=True))
    doors: dict[str, Any] = dict.fromkeys(field.name for field in fields(Doors))  # no other may be gone through
    doors |= {
        "token": lambda _module: token,
        "trusted": lambda _files: (token.der,),
        "stamp_font": assemble.stamp_font,
        "rulebook": lambda: assemble.rulebook(DeskPaths(paths.desk_data())),
    }
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"246810\n")))
    order = ["sign", str(place / "a.pdf"), "--out", str(place / "out"), "--module", "x.so", "--pin-stdin", *given]
    assert run(order, Doors(**doors)) == (0 if given else 3)
    assert token.log_ins == (1 if given else 0)
    assert ("token.pin_last_try: Đây là lần nhập cuối." in capsys.readouterr().err) is not bool(given)
