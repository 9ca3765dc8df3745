# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on machines: ``devices``, ``doctor``; and on what opens this one's cabinet: ``passphrase``."""

from __future__ import annotations

import io
import json
import platform
import sys
import zipfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

import digitizer_desk
from digitizer_desk import assemble, settings
from digitizer_desk.cli.devices import list_devices, show_options
from digitizer_desk.cli.doctor import Part, examine
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say, table
from digitizer_desk.errors import error
from digitizer_desk.paths import DeskPaths

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Máy quét và token đang thấy, kèm tệp mô tả khớp")
    def devices(
        everywhere: Annotated[
            bool, typer.Option("--all", help="Hỏi mọi trình điều khiển của hệ thống, kể cả loại dò mạng (chậm)")
        ] = False,
        options: Annotated[
            str | None,
            typer.Option("--options", metavar="MÃ", help="Mọi tùy chọn của một máy quét, để gửi kèm báo lỗi"),
        ] = None,
        as_json: AsJson = False,
        address: Annotated[
            str | None, typer.Option("--add", help="Thêm máy quét mạng: IP, tên máy, http://…/eSCL hoặc saned://MÁY")
        ] = None,
        name: Annotated[str, typer.Option("--name", help="Tên gọi ở quầy, dùng với --add")] = "",
        forget: Annotated[str | None, typer.Option("--forget", help="Bỏ máy quét mạng đã thêm (mã như in ra)")] = None,
    ) -> None:
        if address is not None:
            with failing():
                _add_scanner(doors, address, name, as_json)
        elif forget is not None:
            with failing():
                _forget_scanner(doors, forget)
        elif options is not None:
            show_options(doors, options, as_json)
        else:
            list_devices(doors, as_json, everywhere)

    @program.command(help="Cụm từ khôi phục của kho: --renew tạo cụm từ mới, in một lần; cụm từ cũ hết hiệu lực")
    def passphrase(
        renew: Annotated[bool, typer.Option("--renew", help="Tạo cụm từ mới thay cụm từ đang có")] = False,
    ) -> None:
        if not renew:
            raise typer.BadParameter("cụm từ chỉ hiện một lần khi tạo; dùng --renew để tạo cụm từ mới")
        with failing(), doors.open_desk() as desk:
            made = assemble.renew_passphrase(desk)
            say(f"Cụm từ khôi phục mới: {made}")
            say("In ra, cất tủ có khóa: chương trình không hiện lại. Cụm từ cũ không mở được kho này nữa.")
            say("Bản sao lưu làm trước lúc này vẫn mở bằng cụm từ cũ: sao lưu lại ngay, rồi mới hủy tờ giấy cũ.")

    @program.command(help="Cái gì chạy, cái gì thiếu, làm gì tiếp; --bundle gói báo cáo không có dữ liệu cá nhân")
    def doctor(
        bundle: Annotated[Path | None, typer.Option("--bundle", help="Tệp .zip gửi bộ phận hỗ trợ")] = None,
    ) -> None:
        with failing():
            parts = examine(doors)
            marks = {"ok": "✔", "warn": "⚠", "bad": "✖"}
            table("Kiểm tra bàn số hóa", ("", "Phần", "Kết quả"), [(marks[p.state], p.name, p.words) for p in parts])
            if bundle is not None:
                _bundle(bundle, parts)
                say(f"Đã ghi {bundle}")
        if any(p.state == "bad" for p in parts):
            raise typer.Exit(3)


def _add_scanner(doors: Doors, address: str, name: str, as_json: bool) -> None:
    """Keep a network scanner once it has answered."""
    scanner = assemble.add_scanner(DeskPaths(doors.data), address, name)
    if as_json:
        emit({"kind": "scanner", "id": scanner.id, "name": scanner.name, "url": scanner.url, "added": True})
    else:
        say(f"Đã thêm {scanner.name}: {scanner.id}")


def _forget_scanner(doors: Doors, scanner_id: str) -> None:
    if not settings.forget_scanner(DeskPaths(doors.data).settings_file, scanner_id):
        raise error("scanner.none", scanner_id)
    say(f"Đã bỏ {scanner_id}")


def _bundle(file: Path, parts: Sequence[Part]) -> None:
    """A report for the help desk: versions and states, no names, numbers or pictures."""
    versions = {
        name: metadata.version(name) for name in ("PySide6", "pyHanko", "pikepdf", "SQLAlchemy", "python-pkcs11")
    }
    report = {
        "program": digitizer_desk.__version__,
        "python": sys.version,
        "system": platform.platform(),
        "libraries": versions,
        "parts": [{"part": p.name, "state": p.state, "words": p.words} for p in parts],
    }
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doctor.json", json.dumps(report, ensure_ascii=False, indent=1))
    file.write_bytes(memory.getvalue())
