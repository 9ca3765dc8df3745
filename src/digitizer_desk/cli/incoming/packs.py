# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal command ``packs``: what is kept, a pack from a stick, and, for a province, making and signing one."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.assemble import rulebook_with
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.signatures import choose_certificate, read_pin
from digitizer_desk.cli.speak import emit, failing, say, table
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.text import format_date
from digitizer_desk.signing.beside.key_file import load_key
from digitizer_desk.signing.sign import sign_bytes
from digitizer_desk.steps.incoming import packs
from digitizer_desk.steps.incoming.make_pack import MadePack, make

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""
    group = typer.Typer(no_args_is_help=True, help="Gói quy định có chữ ký: danh mục thủ tục, quy định, mã cơ quan")
    program.add_typer(group, name="packs")

    @group.command("list", help="Các gói đang giữ; gói có hiệu lực hôm nay được đánh dấu")
    def list_(as_json: AsJson = False) -> None:
        with failing(), doors.open_desk() as desk:
            _list(desk, as_json)

    @group.command("import", help="Nhận một gói từ USB hoặc thư mục; chữ ký nằm cạnh, tên thêm .p7s")
    def import_(
        file: Annotated[Path, typer.Argument(help="Tệp gói (.zip)")],
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            _tell_taken(packs.take_file(desk, file, "terminal"), as_json)

    @group.command("make", help="Đóng và ký một gói từ thư mục (xem docs/packs.md); dành cho tỉnh")
    def make_(
        folder: Annotated[Path, typer.Argument(help="Thư mục có pack.toml")],
        out: Annotated[Path, typer.Option("--out", "-o", help="Tệp gói cần tạo (.zip)")],
        key: Annotated[Path | None, typer.Option("--key", help="Khóa ký: PKCS#12 (.p12, .pfx) hoặc PEM")] = None,
        cert: Annotated[Path | None, typer.Option("--cert", help="Chứng thư (PEM) khi không nằm cùng khóa")] = None,
        password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu khóa từ stdin")] = False,
        module: Annotated[str | None, typer.Option("--module", help="Ký bằng token: thư viện PKCS#11")] = None,
        token: Annotated[str, typer.Option("--token", help="Nhãn token")] = "",
        pin_stdin: Annotated[bool, typer.Option("--pin-stdin", help="Đọc PIN từ dòng đầu của stdin")] = False,
        as_json: AsJson = False,
    ) -> None:
        if (key is None) == (module is None):
            raise typer.BadParameter("chọn đúng một trong hai", param_hint="--key / --module")
        with failing():
            if key is not None:
                password = sys.stdin.readline().rstrip("\n") if password_stdin else getpass("Mật khẩu khóa: ")
                made = make(folder, out, _by_file(key, password, cert), rulebook_with)
            else:
                made = _by_token(doors, module, token, pin_stdin, folder, out)
            _tell_made(made, as_json)


def _by_file(key: Path, password: str, cert: Path | None) -> Callable[[bytes], bytes]:
    found = load_key(key, password, cert)
    return lambda data: sign_bytes(
        data, certificate=found.certificate, chain=found.chain, raw_sign=found.raw_sign, key_kind=found.kind
    )


def _by_token(doors: Doors, module: str | None, label: str, pin_stdin: bool, folder: Path, out: Path) -> MadePack:
    with closing(doors.token(module)) as source:
        certificate = choose_certificate(source, label, "")
        with read_pin(pin_stdin) as pin:
            session = source.open(certificate, pin)
        with session:

            def sign(data: bytes) -> bytes:
                kind = session.certificate.key_kind
                return sign_bytes(data, certificate=certificate.der, chain=(), raw_sign=session.sign, key_kind=kind)

            return make(folder, out, sign, rulebook_with)


def _list(desk: Desk, as_json: bool) -> None:
    today = desk.edition_today().key.split()
    kept = desk.cabinet.packs.all()
    if as_json:
        for one in kept:
            emit({"id": one.id, "sequence": one.sequence, "title": one.title, "valid_from": one.valid_from.isoformat(),
                  "signer": one.signer, "sha256": one.sha256,
                  "in_force": f"{one.id}#{one.sequence}" in today})  # fmt: skip
        return
    if not kept:
        say("Chưa có gói nào.")
        return
    rows = [
        (
            one.id,
            str(one.sequence),
            one.title,
            format_date(one.valid_from),
            one.signer,
            "đang dùng" if f"{one.id}#{one.sequence}" in today else "",
        )
        for one in kept
    ]
    table("Gói quy định", ("Mã", "Số", "Tên", "Hiệu lực từ", "Người ký", ""), rows)


def _tell_taken(taken: packs.TakenPack, as_json: bool) -> None:
    one = taken.pack
    if as_json:
        emit({"id": one.id, "sequence": one.sequence, "valid_from": one.valid_from.isoformat(), "new": taken.new})
    elif taken.new:
        say(
            f"Đã nhận gói «{one.title}» số {one.sequence}, hiệu lực từ {format_date(one.valid_from)}. Ký: {one.signer}."
        )
    else:
        say(f"Gói «{one.title}» số {one.sequence} đã có từ trước.")


def _tell_made(made: MadePack, as_json: bool) -> None:
    told = made.pack.manifest
    if as_json:
        emit({"file": str(made.file), "signature": str(made.signature), "id": told.id, "sequence": told.sequence,
              "signer": made.signer, "signer_sha256": made.signer_sha256})  # fmt: skip
        return
    say(f"Đã tạo {made.file} và {made.signature}.")
    say(f"Ký: {made.signer}. Ở bàn số hóa khai trong settings.toml:")
    say(f'[packs]\nsigners = ["{made.signer_sha256}"]')
