# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal command ``scan``: one batch into a folder of plain files, by the caller's wish.

Apart from ``machines.py`` (which machines are there) because here paper moves: every page that came stays, whatever
happens after it, and how the batch ended is said in one word.
"""

from __future__ import annotations

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    CountState,
    Mode,
    PageProgress,
    PageStarted,
    RawPage,
    ScanEvent,
    ScanJob,
    ScanSettings,
    Source,
)
from digitizer_desk.durable import whole_file
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.master import as_png, encode_master, from_raw

_PAGE_NAME = re.compile(r"\d{4,}\.(png|jpg)")


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the command."""

    @program.command(help="Quét một tập ra thư mục (ảnh thường, không mã hóa, theo ý người gọi)")
    def scan(
        device: Annotated[str, typer.Option("--device", help="Tên máy quét như lệnh devices in ra")],
        out: Annotated[Path, typer.Option("--out", help="Thư mục nhận ảnh")],
        dpi: Annotated[int, typer.Option("--dpi", min=50, max=1200)] = 300,
        mode: Annotated[Mode, typer.Option("--mode")] = Mode.COLOR,
        source: Annotated[Source, typer.Option("--source")] = Source.FEEDER,
        max_pages: Annotated[int | None, typer.Option("--max-pages", min=1)] = None,
        picture: Annotated[str, typer.Option("--format", help="png (không mất chi tiết) hoặc jpeg")] = "png",
        as_json: Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")] = False,
    ) -> None:
        if picture not in ("png", "jpeg"):
            raise typer.BadParameter("png hoặc jpeg", param_hint="--format")
        job = ScanJob(device, ScanSettings(source=source, mode=mode, dpi=dpi, max_pages=max_pages))
        with failing():
            _scan(doors, job, _Folder(out, picture, as_json))


def _scan(doors: Doors, job: ScanJob, folder: _Folder) -> None:
    """Write each page as it comes; pages before a fault stay, and the fault decides the exit code."""
    folder.prepare()
    end: BatchClosed | None = None
    fault: DeskError | None = None
    try:
        with (
            _interrupted() as stop,
            _bar() as show,
            contextlib.closing(doors.scanner().scan(job, stop.is_set)) as events,
        ):
            for event in events:
                show(event)
                if isinstance(event, RawPage):
                    folder.keep(event)
                elif isinstance(event, BatchClosed):
                    end = event
        _check_count(end, folder.kept)
    except DeskError as problem:
        fault = problem
        raise
    finally:
        folder.tell_end(end, fault)


def _check_count(end: BatchClosed | None, kept: int) -> None:
    """A page that may be missing is a failure of the scanner, however politely its driver ended."""
    if end is None:
        raise error("scanner.unknown", "the batch had no end", kept=kept)
    if end.count is CountState.DIFFERS:
        raise error("scanner.count_differs", ", ".join(f"{p.kind}={p.number}" for p in end.proofs), kept=kept)


@dataclass(slots=True)
class _Folder:
    """Where the pages go, and what is said of them on stdout."""

    path: Path
    picture: str
    as_json: bool
    kept: int = field(default=0, init=False)

    def prepare(self) -> None:
        """Make the folder; refuse one that holds pages already, before any paper moves."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            there = sorted(file.name for file in self.path.iterdir() if _PAGE_NAME.fullmatch(file.name))
        except OSError as problem:
            raise error("file.exists", str(problem), file=self.path.name) from problem
        if there:
            raise error("file.exists", file=there[0])

    def keep(self, page: RawPage) -> None:
        file = self.path / f"{page.number:04d}.{'jpg' if self.picture == 'jpeg' else 'png'}"
        pixels = from_raw(page.pixels, page.width, page.height, page.samples)
        data = encode_master(pixels, page.dpi) if self.picture == "jpeg" else as_png(pixels, page.dpi)
        with whole_file(file, new=True) as sink:
            sink.write(data)
        self.kept += 1
        if self.as_json:
            size = {"width": page.width, "height": page.height, "dpi": list(page.dpi), "bytes": len(data)}
            emit({"file": str(file), "page": page.number, **size})
        else:
            say(f"{file}  {page.width}×{page.height}")

    def tell_end(self, end: BatchClosed | None, fault: DeskError | None) -> None:
        """One object or one sentence: how many pages, how it ended, and what the witnesses say of the count."""
        if self.as_json:
            told: dict[str, Any] = {"summary": True, "pages": self.kept, "end": end.reason.value if end else "fault"}
            told |= {"counter": end.counter if end else None, "ahead": end.ahead if end else None}
            told |= {"count": end.count.value if end else None}
            told |= {"proofs": {p.kind.value: p.number for p in end.proofs} if end else {}}
            emit({**told, "code": fault.code if fault else None})
        else:
            say(f"Đã quét {self.kept} trang vào {self.path}")
            if end is not None and end.ahead:
                say(f"Máy đã rút thêm ít nhất {end.ahead} mặt giấy mà chưa đưa ảnh: lấy lại ở khay ra và quét lại.")
        if end is not None and end.reason is BatchEnd.STOPPED:
            sys.stderr.write("Đã dừng theo yêu cầu; giấy chưa quét còn trong khay.\n")
        elif end is not None and end.reason is BatchEnd.EMPTY and fault is None:
            sys.stderr.write(f"{_COUNT_WORDS[end.count]}\n")


_COUNT_WORDS = {
    CountState.PROVED: "Số trang khớp với số máy quét tự đếm.",
    CountState.UNPROVED: "Máy quét không cho biết số trang: hãy đếm lại số tờ.",
}


@contextlib.contextmanager
def _interrupted() -> Iterator[threading.Event]:
    """A Ctrl-C asks the scanner for a clean end; a second one is the usual kind."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        # only the main thread hears the terminal
        yield stop
        return
    usual = signal.getsignal(signal.SIGINT)

    def ask(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, usual)

    signal.signal(signal.SIGINT, ask)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, usual)


@contextlib.contextmanager
def _bar() -> Iterator[Any]:
    """Takes events and shows the page under way on stderr; nothing where stderr is no terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("Trang {task.fields[page]}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None, page=1)

        def show(event: ScanEvent) -> None:
            if isinstance(event, PageStarted):
                progress.update(task, page=event.number, completed=0, total=None)
            elif isinstance(event, PageProgress):
                rows = event.rows if event.rows > 0 else None
                progress.update(task, page=event.number, completed=event.row, total=rows)

        yield show
