# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on machines: ``devices``, ``scan``, ``doctor``."""

from __future__ import annotations

import io
import json
import platform
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

import digitizer_desk
from digitizer_desk.cli.devices import list_devices, show_options
from digitizer_desk.cli.doctor import Part, examine
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say, table
from digitizer_desk.devices.scanner import BatchClosed, Mode, RawPage, ScanJob, ScanSettings, Source
from digitizer_desk.errors import error
from digitizer_desk.imaging.master import as_png, encode_master, from_raw

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Máy quét và token đang thấy, kèm tệp mô tả khớp")
    def devices(
        as_json: AsJson = False,
        everywhere: Annotated[
            bool, typer.Option("--all", help="Hỏi mọi trình điều khiển của hệ thống, kể cả loại dò mạng (chậm)")
        ] = False,
        options: Annotated[
            str | None,
            typer.Option("--options", metavar="MÃ", help="Mọi tùy chọn của một máy quét, để gửi kèm báo lỗi"),
        ] = None,
    ) -> None:
        if options is not None:
            show_options(doors, options, as_json)
        else:
            list_devices(doors, as_json, everywhere)

    @program.command(help="Quét một tập ra thư mục (ảnh thường, không mã hóa, theo ý người gọi)")
    def scan(
        device: Annotated[str, typer.Option("--device", help="Tên máy quét như lệnh devices in ra")],
        out: Annotated[Path, typer.Option("--out", help="Thư mục nhận ảnh")],
        dpi: Annotated[int, typer.Option("--dpi", min=50, max=1200)] = 300,
        mode: Annotated[Mode, typer.Option("--mode")] = Mode.COLOR,
        source: Annotated[Source, typer.Option("--source")] = Source.FEEDER,
        max_pages: Annotated[int | None, typer.Option("--max-pages", min=1)] = None,
        picture: Annotated[str, typer.Option("--format", help="png (không mất chi tiết) hoặc jpeg")] = "png",
        as_json: AsJson = False,
    ) -> None:
        if picture not in ("png", "jpeg"):
            raise typer.BadParameter("png hoặc jpeg", param_hint="--format")
        job = ScanJob(device, ScanSettings(source=source, mode=mode, dpi=dpi, max_pages=max_pages))
        with failing():
            _scan(doors, job, out, picture, as_json)

    @program.command(help="Cái gì chạy, cái gì thiếu, làm gì tiếp; --bundle gói báo cáo không có dữ liệu cá nhân")
    def doctor(
        bundle: Annotated[Path | None, typer.Option("--bundle", help="Tệp .zip gửi bộ phận hỗ trợ")] = None,
    ) -> None:
        parts = examine(doors)
        marks = {"ok": "✔", "warn": "⚠", "bad": "✖"}
        table("Kiểm tra bàn số hóa", ("", "Phần", "Kết quả"), [(marks[p.state], p.name, p.words) for p in parts])
        if bundle is not None:
            _bundle(bundle, parts)
            say(f"Đã ghi {bundle}")
        if any(p.state == "bad" for p in parts):
            raise typer.Exit(3)


def _scan(doors: Doors, job: ScanJob, out: Path, picture: str, as_json: bool) -> None:
    """Write each page as it comes; pages before a fault stay, and the fault decides the exit code."""
    out.mkdir(parents=True, exist_ok=True)
    kept = 0
    counter: int | None = None
    ahead: int | None = None
    reason = ""
    try:
        for event in doors.scanner().scan(job, lambda: False):
            if isinstance(event, RawPage):
                file = out / f"{event.number:04d}.{'jpg' if picture == 'jpeg' else 'png'}"
                pixels = from_raw(event.pixels, event.width, event.height, event.samples)
                data = encode_master(pixels, event.dpi) if picture == "jpeg" else as_png(pixels, event.dpi)
                _write_new(file, data)
                kept += 1
                if as_json:
                    emit(
                        {
                            "file": str(file),
                            "page": event.number,
                            "width": event.width,
                            "height": event.height,
                            "dpi": list(event.dpi),
                            "bytes": len(data),
                        }
                    )
                else:
                    say(f"{file}  {event.width}×{event.height}")
            elif isinstance(event, BatchClosed):
                reason, counter, ahead = event.reason.value, event.counter, event.ahead
    finally:
        if as_json:
            emit({"summary": True, "pages": kept, "end": reason or "fault", "counter": counter, "ahead": ahead})
        else:
            say(f"Đã quét {kept} trang vào {out}")
            if ahead:
                say(f"Máy đã rút thêm ít nhất {ahead} mặt giấy mà chưa đưa ảnh: lấy lại ở khay ra và quét lại.")


def _write_new(file: Path, data: bytes) -> None:
    """Write a file that must not exist yet: a second scan never overwrites the first."""
    try:
        with open(file, "xb") as sink:
            sink.write(data)
    except FileExistsError as problem:
        raise error("file.exists", file=file.name) from problem
    except OSError as problem:
        raise error("store.disk_full", str(problem)) from problem


def _bundle(file: Path, parts: list[Part]) -> None:
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
