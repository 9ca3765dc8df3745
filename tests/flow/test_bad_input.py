# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Bad input, provoked on real machines: each has its own clear Vietnamese error, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk import assemble
from digitizer_desk.app import main
from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import AccountCheck, Applicant, Component, Dossier
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import as_png
from digitizer_desk.messages import sentence
from digitizer_desk.paths import DeskPaths
from digitizer_desk.settings import ScannerChoice
from digitizer_desk.steps import extract, receive, scan, send, sign
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import create_vault
from digitizer_desk.training.papers import PEOPLE, draw_paper
from digitizer_desk.training.room import TrainingRoom, training_room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the training room needs SANE and SoftHSM2")

PROCEDURE = "1.001193"


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingRoom]:
    with training_room(tmp_path_factory.mktemp("room")) as opened:
        yield opened


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return as_png(draw_paper("giay_chung_sinh", PEOPLE[0], 5), (300.0, 300.0))


_numbers = iter(range(1, 999))


def _dossier(room: TrainingRoom) -> tuple[Dossier, Component]:
    code = f"000.00.12.H08-261121-{5000 + next(_numbers)}"
    receipt = receive.Receipt(code, PROCEDURE, Applicant("Người Thử"), account_check=AccountCheck.NOT_DONE)
    dossier = receive.receive(room.desk, receipt, room.officer)
    return dossier, dossier.components[0]


def _captured(room: TrainingRoom, sheet: bytes) -> tuple[Dossier, Component]:
    dossier, component = _dossier(room)
    room.scanner.lay([sheet])
    outcome = scan.scan(room.desk, dossier.id, component.id, room.officer, _nothing, _go_on)
    assert outcome.error is None, outcome.error
    dossier = receive.declare(room.desk, dossier.id, component.id, 1, room.officer)
    return dossier, dossier.component(component.id)


def _pin(room: TrainingRoom) -> Pin:
    return Pin(bytearray(room.token.pin.encode()))


def _clear(problem: DeskError, code: str) -> None:
    assert problem.code == code
    words = sentence(problem)
    assert len(words) > 20
    assert "{" not in words


# -- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("trang.jpg", b"khong phai anh", "image.unreadable"),
        ("rong.png", b"", "image.empty"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj", "image."),
    ],
)
def test_an_unreadable_file_is_one_clear_line(
    tmp_path: Path, name: str, content: bytes, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    assert main(["check", "--json", str(file)]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(code)
    assert file.read_bytes() == content


# -- scanner -------------------------------------------------------------------------------------------------------


def test_no_scanner_at_this_address(room: TrainingRoom) -> None:
    dossier, component = _dossier(room)
    chosen = room.desk.settings.model_copy(
        update={"scanner": ScannerChoice(id="airscan:escl:Mat:http://127.0.0.1:9/eSCL")}
    )
    desk = replace(room.desk, settings=chosen)
    outcome = scan.scan(desk, dossier.id, component.id, room.officer, _nothing, _go_on)
    assert outcome.error is not None
    assert outcome.error.code in ("scanner.none", "scanner.offline")
    _clear(outcome.error, outcome.error.code)


def test_a_garbled_page_is_refused_and_the_ones_before_stay(room: TrainingRoom, sheet: bytes) -> None:
    dossier, component = _dossier(room)
    other = as_png(draw_paper("giay_ket_hon", PEOPLE[1], 6), (300.0, 300.0))
    room.scanner.lay([sheet, other, sheet])
    room.scanner.fault(after=1, kind="garbage")
    outcome = scan.scan(room.desk, dossier.id, component.id, room.officer, _nothing, _go_on)
    room.scanner.clear()
    assert outcome.error is not None
    _clear(outcome.error, outcome.error.code)
    kept = room.desk.cabinet.dossiers.load(dossier.id).component(component.id).pages
    assert len(kept) == len(outcome.kept) == 1
    assert room.desk.cabinet.pages.jpeg(kept[0])


# -- token ---------------------------------------------------------------------------------------------------------


def test_a_wrong_pin_shows_the_flags_the_token_gives(room: TrainingRoom, sheet: bytes) -> None:
    dossier, component = _captured(room, sheet)
    (choice,) = [c for c in sign.choices(room.desk, room.officer) if c.problem is None]
    with pytest.raises(DeskError) as refused:
        sign.sign(room.desk, dossier.id, choice.certificate, Pin(bytearray(b"999999")), room.officer, _nothing, _go_on)
    _clear(refused.value, "token.pin_wrong")
    (token,) = [t for t in room.desk.token.tokens() if t.serial == choice.certificate.token.serial]
    assert token.pin.count_low
    assert not token.pin.locked
    assert room.desk.cabinet.dossiers.load(dossier.id).component(component.id).document is None
    outcome = sign.sign(room.desk, dossier.id, choice.certificate, _pin(room), room.officer, _nothing, _go_on)
    assert outcome.signed == (component.id,)
    (token,) = [t for t in room.desk.token.tokens() if t.serial == choice.certificate.token.serial]
    assert not token.pin.count_low


def test_a_missing_token_is_told_and_the_dossier_waits(room: TrainingRoom, sheet: bytes, tmp_path: Path) -> None:
    dossier, component = _captured(room, sheet)
    (choice,) = [c for c in sign.choices(room.desk, room.officer) if c.problem is None]
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    gone = assemble.token(room.desk.paths, room.token.module, {"SOFTHSM2_CONF": str(tmp_path / "softhsm2.conf")})
    desk = replace(room.desk, token=gone)
    with contextlib.closing(gone):
        assert sign.choices(desk, room.officer) == ()
        with pytest.raises(DeskError) as refused:
            sign.sign(desk, dossier.id, choice.certificate, _pin(room), room.officer, _nothing, _go_on)
    assert refused.value.code in ("token.none", "token.removed")
    _clear(refused.value, refused.value.code)
    assert [c.id for c in sign.waiting(room.desk, dossier.id)] == [component.id]


def test_a_module_that_is_not_installed(room: TrainingRoom) -> None:
    none = assemble.token(room.desk.paths, "/khong/co/module.so")
    with contextlib.closing(none), pytest.raises(DeskError) as refused:
        sign.choices(replace(room.desk, token=none), room.officer)
    _clear(refused.value, "token.module_missing")


# -- province ------------------------------------------------------------------------------------------------------


def _filled(room: TrainingRoom, sheet: bytes) -> tuple[Dossier, Component]:
    dossier, component = _captured(room, sheet)
    (choice,) = [c for c in sign.choices(room.desk, room.officer) if c.problem is None]
    sign.sign(room.desk, dossier.id, choice.certificate, _pin(room), room.officer, _nothing, _go_on)
    dossier = room.desk.cabinet.dossiers.load(dossier.id)
    component = dossier.component(component.id)
    values = {f.name: f.value for f in extract.guess(room.desk, dossier, component)}
    values |= {"ngay_sinh": "02/03/1985", "so_ky_hieu": f"{component.id[:6]}/GCS", "ngay_cap": "20/11/2026"}
    values |= {"co_quan_cap": "Bệnh viện Bến Thông", "trich_yeu": "Giấy chứng sinh"}
    dossier = extract.confirm(room.desk, dossier.id, component.id, values, room.officer)
    return dossier, dossier.component(component.id)


@pytest.mark.parametrize(
    ("fault", "codes"),
    [
        ("offline", {"province.offline"}),
        ("nonsense", {"province.reply_unreadable", "province.unknown_outcome"}),
        ("busy", {"province.server_busy"}),
        ("wrong_hash", {"province.reply_unreadable"}),
    ],
)
def test_a_province_in_trouble_loses_nothing(room: TrainingRoom, sheet: bytes, fault: str, codes: set[str]) -> None:
    component = _filled(room, sheet)[1]
    assert component.parcel is not None
    before = len(room.province.copies())
    # a round begins with a question about health, which has no hash to be wrong
    room.province.fault(fault, 1, on="file" if fault == "wrong_hash" else "any")
    send.deliver_due(room.desk, _nothing, _go_on)
    parcel = room.desk.cabinet.outbox.get(component.parcel.id)
    assert parcel.state.value in ("waiting", "sending")
    if parcel.error:
        assert parcel.error in codes
    room.province.clear_faults()
    for _ in range(5):
        send.send_now(room.desk)
        send.deliver_due(room.desk, _nothing, _go_on)
    parcel = room.desk.cabinet.outbox.get(component.parcel.id)
    assert parcel.state.value == "accepted"
    assert len(room.province.copies()) == before + 1


# -- rules and disk ------------------------------------------------------------------------------------------------


def test_a_rules_file_with_an_unknown_key_names_file_and_key(tmp_path: Path) -> None:
    place = DeskPaths(tmp_path / "desk")
    folder = place.site / "regulations"
    folder.mkdir(parents=True)
    own = next(iter(sorted((Path(__file__).parents[2] / "resources" / "regulations").glob("tt02-2019.toml"))))
    (folder / "tinh.toml").write_text(own.read_text("utf-8").replace("[scan]", "[scan]\nnhanh_hon = true", 1), "utf-8")
    with pytest.raises(DeskError) as refused:
        assemble.rulebook(place)
    _clear(refused.value, "rules.unreadable")
    assert refused.value.facts["file"] == "tinh.toml"
    assert "nhanh_hon" in refused.value.facts["where"]


def test_a_full_disk_on_a_small_tmpfs(room: TrainingRoom, sheet: bytes, tmp_path: Path) -> None:
    """A real full file system where mounting is allowed; tests/steps plays the same with failing writes elsewhere."""
    small = tmp_path / "small"
    small.mkdir()
    mount = shutil.which("mount")
    asked = [str(mount), "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(small)]
    if mount is None or os.geteuid() != 0 or subprocess.run(asked, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a tmpfs is refused here; tests/steps/test_scan.py ran the failing-write stand-in")
    try:
        _fill_the_small_disk(room, sheet, small, tmp_path)
    finally:
        subprocess.run(["umount", "--lazy", str(small)], check=True)


def _fill_the_small_disk(room: TrainingRoom, sheet: bytes, small: Path, tmp_path: Path) -> None:
    place = DeskPaths(small / "desk")
    place.make()
    cabinet = open_cabinet(
        place.cabinet, create_vault(place.cabinet, "mot hai", FileKeeper(tmp_path / "key")), assemble.now
    )
    try:
        desk = replace(room.desk, cabinet=cabinet, paths=place)
        cabinet.officers.add(room.officer, "mat-khau-dai", "desk")
        receipt = receive.Receipt("000.00.12.H08-261121-0001", PROCEDURE, Applicant("Người Thử"))
        dossier = receive.receive(desk, receipt, room.officer)
        component = dossier.components[0]
        room.scanner.lay([as_png(draw_paper("don_de_nghi", PEOPLE[0], i), (300.0, 300.0)) for i in range(8)])
        with pytest.raises(DeskError) as refused:
            scan.scan(desk, dossier.id, component.id, room.officer, _nothing, _go_on)
        room.scanner.clear()
        _clear(refused.value, "store.disk_full")
        kept = cabinet.dossiers.load(dossier.id).component(component.id).pages
        assert 1 <= len(kept) < 8
        assert all(cabinet.pages.jpeg(page).startswith(b"\xff\xd8") for page in kept)
    finally:
        cabinet.close()
