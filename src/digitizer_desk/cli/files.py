# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on files: ``check``, ``build``, ``extract``."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.report import as_json_values, verdict_rows
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, table, tell
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.master import encode_master, encode_small
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.steps.check_files import check_paths

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]
Paths = Annotated[list[Path], typer.Argument(help="Ảnh, TIFF nhiều trang, PDF hoặc thư mục")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Kiểm tra ảnh, TIFF, PDF, thư mục theo quy định; mã thoát 1 khi có lỗi theo luật")
    def check(
        paths: Paths,
        rules: Annotated[str, typer.Option("--rules", help="Mã bộ quy định")] = "",
        declared: Annotated[int | None, typer.Option("--declared", min=1, help="Số mặt giấy đã khai")] = None,
        jobs: Annotated[int, typer.Option("--jobs", min=1)] = 1,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            _check(doors, paths, rules, declared, jobs, as_json)

    @program.command(help="Ghép các trang theo thứ tự thành một PDF")
    def build(
        paths: Paths,
        out: Annotated[Path, typer.Option("-o", "--output", help="Tệp PDF sẽ ghi")],
        preset: Annotated[str, typer.Option("--preset", help="archive (giữ nguyên ảnh) hoặc small")] = "archive",
        ocr: Annotated[bool, typer.Option("--ocr", help="Lớp chữ nhận dạng")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            _build(paths, out, preset, ocr, as_json)

    @program.command(help="Bóc tách dữ liệu từ ảnh hoặc PDF")
    def extract(path: Annotated[Path, typer.Argument()], as_json: AsJson = False) -> None:
        with failing():
            raise error("program.not_built", what="bóc tách dữ liệu (extract)")


def _check(doors: Doors, paths: list[Path], rules: str, declared: int | None, jobs: int, as_json: bool) -> None:
    book = doors.rulebook()
    law = book.regulation(rules) if rules else book.in_force(datetime.now(VIETNAM).date())
    code = ExitCode()
    rows: list[tuple[str, str, str]] = []
    for verdict in check_paths(paths, law, declared, jobs):
        if isinstance(verdict, DeskError):
            code.add(tell(verdict))
            if as_json:
                emit({"file": verdict.facts.get("file", ""), "error": verdict.code})
            continue
        code.add(0 if verdict.passed else 1)
        if as_json:
            for item in as_json_values(verdict, law.id, declared):
                emit(item)
        else:
            rows += verdict_rows(verdict)
    if not as_json:
        table(f"Kiểm tra theo {law.id}", ("Tệp", "Trang", "Kết quả"), rows)
    code.leave()


def _build(paths: list[Path], out: Path, preset: str, ocr: bool, as_json: bool) -> None:
    if preset not in ("archive", "small"):
        raise typer.BadParameter("archive hoặc small", param_hint="--preset")
    if ocr:
        raise error("program.not_built", what="lớp chữ nhận dạng (--ocr)")
    pages: list[PdfPage] = []
    for path in paths:
        for page in open_file(path).pages:
            dpi = page.dpi or (300.0, 300.0)
            if preset == "small":
                jpeg = encode_small(page.pixels, dpi)
            else:
                jpeg = page.jpeg if page.jpeg is not None else encode_master(page.pixels, dpi)
            pages.append(PdfPage(jpeg, page.sheet_mm, 0))
    newest = max(path.stat().st_mtime for path in paths)
    info = PdfInfo(
        title=out.stem, author="", subject="", keywords="", made_at=datetime.fromtimestamp(int(newest), VIETNAM)
    )
    pdf = build_pdf(pages, info)
    _write_whole(out, pdf)
    result = {"file": str(out), "pages": len(pages), "bytes": len(pdf), "sha256": hashlib.sha256(pdf).hexdigest()}
    emit(result) if as_json else say(f"Đã ghi {out}: {len(pages)} trang, {len(pdf) / 1e6:.1f} MB".replace(".", ",", 0))


def _write_whole(file: Path, data: bytes) -> None:
    """All or nothing: nothing is left under the final name when writing fails."""
    part = file.with_name(file.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(file)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise error("store.disk_full", str(problem)) from problem
