# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on pages: ``check`` judges them, ``build`` puts them into one PDF."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer_desk.cli.checking.progress import told_on_terminal
from digitizer_desk.cli.checking.report import Grounds, Totals, as_json_values, verdict_rows
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, table, tell
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.durable import whole_file
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.apart import Reader, ReadPage
from digitizer_desk.imaging.intake import LEAST_SIDE
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.pdf.presets import FellBack, Preset, small_page
from digitizer_desk.imaging.pdf.selfcheck import Departure
from digitizer_desk.messages.labels import AS_SCANNED
from digitizer_desk.steps.check_files import CountVerdict, check_paths, files_in
from digitizer_desk.steps.intake.source import read_whole

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]
Paths = Annotated[list[Path], typer.Argument(help="Ảnh, TIFF nhiều trang, PDF hoặc thư mục")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Kiểm tra ảnh, TIFF, PDF, thư mục theo quy định; mã thoát 1 khi có lỗi theo luật")
    def check(
        paths: Paths,
        rules: Annotated[str, typer.Option("--rules", help="Mã bộ quy định")] = "",
        declared: Annotated[int | None, typer.Option("--declared", min=1, help="Số mặt giấy đã khai")] = None,
        jobs: Annotated[
            int | None, typer.Option("--jobs", min=1, help="Số tệp kiểm tra cùng lúc; thư mục: mỗi nhân một tệp")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            _check(doors, paths, rules, declared, jobs or _usual_jobs(paths), as_json)

    @program.command(help="Ghép các trang theo thứ tự thành một PDF")
    def build(
        paths: Paths,
        out: Annotated[Path, typer.Option("-o", "--output", help="Tệp PDF sẽ ghi")],
        preset: Annotated[
            Preset, typer.Option("--preset", help="archive: giữ nguyên ảnh quét; small: hai lớp đã tự đối chiếu")
        ] = Preset.ARCHIVE,
        ocr: Annotated[bool, typer.Option("--ocr", help="Lớp chữ nhận dạng")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            _build(paths, out, preset, ocr, as_json)


def _usual_jobs(paths: Sequence[Path]) -> int:
    """Of a folder each core looks at a file; what was named one by one is few."""
    return max(2, os.cpu_count() or 2) if any(path.is_dir() for path in paths) else 1


def _check(doors: Doors, paths: list[Path], rules: str, declared: int | None, jobs: int, as_json: bool) -> None:
    book = doors.rulebook()
    law = book.regulation(rules) if rules else book.in_force(datetime.now(VIETNAM).date())
    code = ExitCode()
    rows: list[tuple[str, str, str]] = []
    totals, grounds = Totals(), Grounds()
    files = list(files_in(paths))
    with told_on_terminal(len(files), silent=as_json) as done:
        for verdict in check_paths(files, law, declared, jobs):
            totals.add(verdict)
            if isinstance(verdict, DeskError):
                done(0)
                code.add(tell(verdict))
                if as_json:
                    emit({"file": verdict.facts.get("file", ""), "error": verdict.code})
                continue
            if not isinstance(verdict, CountVerdict):
                done(len(verdict.pages))
            code.add(0 if verdict.passed else 1)
            if as_json:
                for item in as_json_values(verdict, law.id, declared):
                    emit(item)
            else:
                rows += verdict_rows(verdict, grounds)
    if not as_json:
        table(f"Kiểm tra theo {law.id}", ("Tệp", "Trang", "Kết quả"), rows)
        for line in grounds.lines():
            say(line)
        say(totals.sentence())
    code.leave()


def _build(paths: list[Path], out: Path, preset: Preset, ocr: bool, as_json: bool) -> None:
    if ocr:
        raise error("program.not_built", what="lớp chữ nhận dạng (--ocr)")
    pages: list[PdfPage] = []
    fallen: list[FellBack] = []
    with Reader() as reader:
        for path in paths:
            for page in _as_scanned(reader, path):  # one page of pixels at a time
                made = small_page(page) if preset is Preset.SMALL else page
                if isinstance(made, Departure):
                    fallen.append(FellBack(len(pages) + 1, made))
                    made = page
                pages.append(made)
    newest = max(path.stat().st_mtime for path in paths)
    info = PdfInfo(
        title=out.stem, author="", subject="", keywords="", made_at=datetime.fromtimestamp(int(newest), VIETNAM)
    )
    pdf = build_pdf(pages, info)
    with whole_file(out) as sink:
        sink.write(pdf)
    result = {
        "file": str(out),
        "pages": len(pages),
        "bytes": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "preset": preset.value,
        "as_scanned": [{"page": one.page, "reason": one.reason.value} for one in fallen],
    }
    emit(result) if as_json else _say_built(result, fallen)


def _as_scanned(reader: Reader, path: Path) -> Iterator[PdfPage]:
    """The pages of a file, each with the file's own JPEG where it has one, else with a master of high quality.

    Raises:
        DeskError: the file, or a page of it, cannot be read (``image.*``, ``file.*``).
    """
    for found in reader.read(read_whole(path), path.name):
        if isinstance(found, DeskError):
            raise found
        if isinstance(found, ReadPage):
            if min(found.width, found.height) < LEAST_SIDE:
                raise error("image.too_small", f"{found.width}x{found.height}", file=path.name)
            yield PdfPage(found.jpeg, found.sheet_mm, found.turn)


def _say_built(result: dict[str, Any], fallen: Sequence[FellBack]) -> None:
    size = f"{result['bytes'] / 1e6:.2f}".replace(".", ",")
    say(f"Đã ghi {result['file']}: {result['pages']} trang, {size} MB")
    for one in fallen:
        say(f"    trang {one.page} giữ nguyên ảnh quét: {AS_SCANNED[one.reason.value]}")
