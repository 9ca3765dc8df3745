# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Documents carried by hand: a package anybody can check, whole or not there, and receipts that prove themselves."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from openpyxl import load_workbook

from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.model import Dossier, ParcelState
from digitizer_desk.errors import DeskError
from digitizer_desk.province.handover.names import Layout
from digitizer_desk.province.handover.package import Package, Paper, read_recipient, write_package
from digitizer_desk.province.link import Rejected
from digitizer_desk.signing.lasting.timestamps import TimestampService
from digitizer_desk.steps import hand_over, send
from digitizer_desk.steps.outgoing import retention
from province.samples import record_signature
from steps.conftest import CODE, Bench, set_up
from steps.test_sign_and_send import _captured, _fill, _sign


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A desk with two documents that wait for the network, for tests that only carry them."""
    with set_up(tmp_path_factory.mktemp("waiting")) as made:
        packed(made)
        yield made


def packed(bench: Bench) -> Dossier:
    dossier = _sign(bench, _captured(bench, components=2)).dossier
    for component in dossier.components[:2]:
        dossier = _fill(bench, dossier, component.id)
    assert len(bench.desk.cabinet.outbox.all()) == 2
    return dossier


def over(bench: Bench, to: Path, layout: Layout = Layout.TT02, recipient: Path | None = None) -> hand_over.HandedOver:
    return hand_over.hand_over(bench.desk, to, "terminal", layout=layout, recipient=recipient)


def refusal(call: Any) -> DeskError:
    with pytest.raises(DeskError) as caught:
        call()
    return caught.value


def whole(to: Path) -> None:
    """Every file is in the sums and as they say, and nothing else lies there."""
    lines = dict(reversed(line.split("  ", 1)) for line in (to / "SHA256SUMS").read_text("utf-8").splitlines())
    there = {str(p.relative_to(to)) for p in to.rglob("*") if p.is_file()} - {"SHA256SUMS"}
    assert there == set(lines)
    for name, expected in lines.items():
        assert hashlib.sha256((to / name).read_bytes()).hexdigest() == expected


def test_the_agencys_signature_lies_beside_the_record_it_signs(waiting: Bench, tmp_path: Path) -> None:
    parcel = waiting.desk.cabinet.outbox.all()[0]
    dossier = waiting.desk.cabinet.dossiers.load(parcel.dossier_id)
    signed = replace(parcel, body_signature=base64.b64encode(record_signature(parcel.body.encode())).decode())
    package = Package(Layout.TT02, "", datetime.now(UTC), (1, "0"))
    to = tmp_path / "usb"
    write_package(to, package, [Paper(dossier, signed, 1)], lambda _: b"%PDF-")
    whole(to)
    [told] = json.loads((to / "manifest.json").read_text("utf-8"))["files"]
    assert told["record_signature"] == told["record"] + ".p7s"
    order = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", to / told["record_signature"]]
    order += ["-content", to / told["record"], "-noverify", "-out", tmp_path / "said.json"]
    assert subprocess.run(order, capture_output=True).returncode == 0
    assert (tmp_path / "said.json").read_text("utf-8") == parcel.body
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    recipient = read_recipient(made_certificate(tmp_path, key))
    write_package(tmp_path / "shut", replace(package, recipient=recipient), [Paper(dossier, signed, 1)], lambda _: b"")
    [told] = json.loads((tmp_path / "shut" / "manifest.json").read_text("utf-8"))["files"]
    assert told["record_signature"].endswith(".json.p7s.p7m"), "the signer's name is personal too"


@pytest.mark.parametrize("layout", list(Layout))
def test_a_package_proves_itself(waiting: Bench, tmp_path: Path, layout: Layout) -> None:
    to = tmp_path / "usb"
    handed = over(waiting, to, layout)
    whole(to)
    manifest = json.loads((to / "manifest.json").read_text("utf-8"))
    assert manifest["layout"] == layout.value
    assert manifest["journal"][0] > 0
    for (parcel, name), told in zip(handed.files, manifest["files"], strict=True):
        assert (told["file"], told["parcel_id"], told["sha256"]) == (name, parcel.id, parcel.file_sha256)
        assert hashlib.sha256((to / name).read_bytes()).hexdigest() == parcel.file_sha256
        assert (to / told["record"]).read_text("utf-8") == parcel.body
    expected = f"{CODE}.01.pdf" if layout is Layout.TT02 else f"CSDL_/{CODE}_TP_2026_01.pdf"
    assert handed.files[0][1] == expected
    assert all(parcel.state is ParcelState.WAITING for parcel in waiting.desk.cabinet.outbox.all())


def test_sums_are_what_sha256sum_reads(waiting: Bench, tmp_path: Path) -> None:
    if not shutil.which("sha256sum"):
        pytest.skip("no sha256sum here")
    over(waiting, tmp_path / "usb", Layout.BAC_KAN)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "usb", check=True)


def test_the_list_is_text_from_a_to_k(waiting: Bench, tmp_path: Path) -> None:
    over(waiting, tmp_path / "usb", Layout.BAC_KAN)
    sheet = load_workbook(tmp_path / "usb" / "danh-sach.xlsx").active
    assert sheet is not None
    header, row = (tuple(cell.value for cell in line) for line in sheet.iter_rows(min_row=1, max_row=2))
    assert header[0] == "Mã hồ sơ"
    assert header[9] == "Ngày hẹn trả"
    assert row[0] == CODE
    assert row[2] == "Nguyễn Thị Hường"
    assert row[7] == f"{CODE}_TP_2026_01.pdf; {CODE}_TP_2026_02.pdf"
    assert row[8] == "21/11/2026"
    assert sheet.max_row == 2
    assert {cell.data_type for cell in sheet[2] if cell.value} == {"s"}


def test_a_name_that_looks_like_a_formula_is_a_name(bench: Bench, tmp_path: Path) -> None:
    from digitizer_desk.province.handover.workbook import Row, write_list

    dossier = bench.received()
    dossier = replace(dossier, applicant=replace(dossier.applicant, name="=HYPERLINK(1)\x07"))
    (tmp_path / "a.xlsx").write_bytes(write_list([Row(dossier, [], [])]))
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert (sheet["C2"].value, sheet["C2"].data_type) == ("=HYPERLINK(1)", "s")


def made_certificate(folder: Path, key: Any) -> Path:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sở")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=2))
    file = folder / "so.pem"
    file.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "so.key").write_bytes(secret)
    return file


def test_encrypted_only_the_receiver_reads_it(waiting: Bench, tmp_path: Path) -> None:
    """Opened by another program than ours."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl here")
    certificate = made_certificate(tmp_path, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    to = tmp_path / "usb"
    handed = over(waiting, to, recipient=certificate)
    assert handed.encrypted
    whole(to)
    for file in to.rglob("*"):
        if file.is_file():
            plain = file.read_bytes()
            assert b"%PDF-1." not in plain
            assert "Nguyễn Thị Hường".encode() not in plain
    parcel, name = handed.files[0]
    out = tmp_path / "out.pdf"
    command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-binary", "-in", to / name, "-out", out]
    subprocess.run([*command, "-recip", certificate, "-inkey", tmp_path / "so.key"], check=True)
    assert hashlib.sha256(out.read_bytes()).hexdigest() == parcel.file_sha256


def test_certificates_that_cannot_be_used(waiting: Bench, tmp_path: Path) -> None:
    unfit = made_certificate(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    text = tmp_path / "text.cer"
    text.write_text("không phải chứng thư", "utf-8")
    to = tmp_path / "usb"
    assert refusal(lambda: over(waiting, to, recipient=unfit)).code == "handover.certificate_unfit"
    assert refusal(lambda: over(waiting, to, recipient=text)).code == "handover.certificate_unfit"
    assert refusal(lambda: over(waiting, to, recipient=tmp_path / "gone.cer")).code == "file.not_found"
    assert not to.exists()


def test_a_package_is_never_written_over(waiting: Bench, tmp_path: Path) -> None:
    to = tmp_path / "usb"
    over(waiting, to)
    before = (to / "SHA256SUMS").read_bytes()
    assert refusal(lambda: over(waiting, to)).code == "file.exists"
    (to / "SHA256SUMS").unlink()
    (to / "manifest.json").unlink()
    # a stranger's file of the same name is not ours to replace either
    assert refusal(lambda: over(waiting, to)).code == "file.exists"
    assert not (to / ".ban-giao.part").exists()
    assert before


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "store.disk_full"), (errno.EIO, "handover.folder_unusable")]
)
def test_a_stick_that_fails_midway_leaves_nothing(
    waiting: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    to, calls, sync = tmp_path / "usb", [], os.fsync

    def failing(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 3:
            raise OSError(number, "stick")
        sync(handle)

    from digitizer_desk.province.handover import package

    with monkeypatch.context() as broken:
        broken.setattr(package.os, "fsync", failing)
        assert refusal(lambda: over(waiting, to)).code == code
    assert list(to.iterdir()) == []
    over(waiting, to)
    whole(to)


def test_a_place_that_is_no_folder(waiting: Bench, tmp_path: Path) -> None:
    (tmp_path / "usb").write_text("x")
    assert refusal(lambda: over(waiting, tmp_path / "usb")).code == "handover.folder_unusable"


def test_what_a_cut_left_is_cleared_by_the_next_try(waiting: Bench, tmp_path: Path) -> None:
    left = tmp_path / "usb" / ".ban-giao.part"
    left.mkdir(parents=True)
    (left / "x.pdf").write_bytes(b"half")
    over(waiting, tmp_path / "usb")
    whole(tmp_path / "usb")


def test_only_what_the_province_lacks_is_carried(bench: Bench, tmp_path: Path) -> None:
    packed(bench)
    bench.province.replies = [Rejected("province.rejected", "thiếu trang")]
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    states = {p.state for p in bench.desk.cabinet.outbox.all()}
    assert states == {ParcelState.REJECTED, ParcelState.ACCEPTED}
    assert refusal(lambda: over(bench, tmp_path / "usb")).code == "handover.nothing"


# -- receipts --


def receipt_of(parcel: Any, **changes: Any) -> dict[str, Any]:
    whole = {"parcel_id": parcel.id, "sha256": parcel.file_sha256, "number": "BN-1", "at": "2026-11-23T08:00:00+07:00"}
    return {**whole, **changes}


def take(bench: Bench, tmp_path: Path, said: object) -> hand_over.ReceiptsRead:
    file = tmp_path / "bien-nhan.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    return hand_over.take_receipts(bench.desk, file)


def test_receipts_settle_the_outbox_once(bench: Bench, tmp_path: Path) -> None:
    packed(bench)
    one, two = (parcel for parcel, _ in over(bench, tmp_path / "usb").files)
    strange = receipt_of(one, parcel_id="khong-co")
    said = {"schema": 1, "receipts": [receipt_of(one), receipt_of(two, sha256="0" * 64), strange]}
    read = take(bench, tmp_path, said)
    assert read.accepted == (one.id,)
    assert {parcel_id for parcel_id, _ in read.refused} == {two.id, "khong-co"}
    now = {p.id: p for p in bench.desk.cabinet.outbox.all()}
    assert (now[one.id].state, now[one.id].receipt) == (ParcelState.ACCEPTED, "BN-1")
    assert now[two.id].state is ParcelState.WAITING
    again = take(bench, tmp_path, said)
    assert (again.accepted, again.known) == ((), (one.id,))


def test_what_the_line_would_not_take_is_carried_and_its_receipt_counts(bench: Bench, tmp_path: Path) -> None:
    packed(bench)
    bench.province.replies = [Rejected("province.too_large", ""), Rejected("province.forbidden", "")]
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    carried = [parcel for parcel, _ in over(bench, tmp_path / "usb").files]
    assert {parcel.state for parcel in carried} == {ParcelState.NEEDS_PERSON}
    read = take(bench, tmp_path, {"schema": 1, "receipts": [receipt_of(parcel) for parcel in carried]})
    assert (set(read.accepted), read.refused) == ({parcel.id for parcel in carried}, ())
    assert bench.desk.cabinet.outbox.counts().attention == 0


@pytest.mark.parametrize("code", ["signature.revoked", "signature.broken"])
def test_what_is_held_for_its_signature_is_not_carried_either(bench: Bench, tmp_path: Path, code: str) -> None:
    packed(bench)
    bad, good = bench.desk.cabinet.outbox.all()
    bench.desk.cabinet.outbox.needs_person(bad.id, code, "")
    assert [parcel.id for parcel, _ in over(bench, tmp_path / "usb").files] == [good.id]


def test_what_was_carried_is_asked_about_and_never_changed_when_the_line_is_back(bench: Bench, tmp_path: Path) -> None:
    packed(bench)
    carried = [parcel for parcel, _ in over(bench, tmp_path / "usb").files]
    # the stick reached the province, no receipt came back yet
    for parcel in carried:
        pdf = bench.desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)
        bench.province.stored[parcel.id] = (pdf, parcel.body)
    service = TimestampService("http://127.0.0.1:9/")  # asked, it would end the test with its silence
    outcome = send.deliver_due(replace(bench.desk, stamps=service), lambda _e: None, lambda: False)
    assert set(outcome.accepted) == {parcel.id for parcel in carried}
    assert bench.province.deliveries == [], "the province had them: nothing goes twice"
    now = {parcel.id: parcel for parcel in bench.desk.cabinet.outbox.all()}
    assert all(now[one.id].file_sha256 == one.file_sha256 == now[one.id].sent_sha256 for one in carried)
    assert all(now[one.id].body == one.body for one in carried)


def test_a_receipt_read_again_does_not_undo_that_the_province_gave_it_back(bench: Bench, tmp_path: Path) -> None:
    packed(bench)
    one = over(bench, tmp_path / "usb").files[0][0]
    said = {"schema": 1, "receipts": [receipt_of(one)]}
    assert take(bench, tmp_path, said).accepted == (one.id,)
    back = Decision("d1", 1, one.id, DecisionKind.RETURNED, bench.clock(), "mờ")
    bench.desk.cabinet.decisions.keep([back], "1", bench.clock())
    assert bench.desk.cabinet.decisions.apply(bench.clock()) == (back,)
    again = take(bench, tmp_path, said)
    assert (again.accepted, again.refused) == ((), ((one.id, "tỉnh đã trả lại gói này"),))
    assert bench.desk.cabinet.outbox.get(one.id).state is ParcelState.REJECTED


@pytest.mark.parametrize("year", ["9999"])
def test_a_receipt_of_no_time_keeps_the_copies_as_long_as_any(bench: Bench, tmp_path: Path, year: str) -> None:
    packed(bench)
    carried = [parcel for parcel, _ in over(bench, tmp_path / "usb").files]
    told = [receipt_of(parcel, at=f"{year}-12-31T23:59:59Z") for parcel in carried]
    take(bench, tmp_path, {"schema": 1, "receipts": told})
    bench.desk.cabinet.shelf._lately.clear()
    assert retention.remove_due(bench.desk) == ()
    (leaving,) = retention.leaving(bench.desk)
    assert (leaving.leaves_at - bench.clock.now).days == 89


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        {"schema": 2, "receipts": []},
        {"schema": 1, "receipts": [{"parcel_id": "a"}]},
        {"schema": 1, "receipts": [], "more": 1},
        {
            "schema": 1,
            "receipts": [{"parcel_id": "a", "sha256": "x", "number": "1", "at": "2026-11-23T08:00:00+07:00"}],
        },
        {"schema": 1, "receipts": [{"parcel_id": "a", "sha256": "0" * 64, "number": "1", "at": "2026-11-23T08:00:00"}]},
    ],
)
def test_receipts_that_are_none_change_nothing(waiting: Bench, tmp_path: Path, said: object) -> None:
    assert refusal(lambda: take(waiting, tmp_path, said)).code == "handover.receipts_unreadable"
    assert {p.state for p in waiting.desk.cabinet.outbox.all()} == {ParcelState.WAITING}


def test_receipts_that_are_not_there(bench: Bench, tmp_path: Path) -> None:
    assert refusal(lambda: hand_over.take_receipts(bench.desk, tmp_path / "x.json")).code == "file.not_found"
