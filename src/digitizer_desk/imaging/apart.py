# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files of strangers, read in a process of its own: what crashes, hangs or eats memory there takes nothing with it.

Apart from ``intake.py`` (which reads) because a decoder cannot be stopped from outside its process, and PDFium holds
the lock every other picture waits for. One process serves many files; after a failure the next file gets a new one.

Spoken in frames: four bytes length, that much JSON, then as many plain bytes as its ``bytes`` says.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from time import monotonic, sleep
from typing import Any, BinaryIO, cast

from digitizer_desk.dossier.finding import DpiSource
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.intake import FileFacts, open_bytes
from digitizer_desk.imaging.master import encode_master

#: address space of the reading process: the largest page allowed, decoded, turned and encoded, fits three times
MEMORY = 4 << 30
#: seconds a file may take to open, and each of its pages to be read; a page at the limit of size takes about three
PATIENCE = 60.0

_Frames = queue.Queue[tuple[dict[str, Any], bytes] | None]
#: seconds between two looks of the child whether its desk is still there
_WATCH_SECONDS = 1.0
_LENGTH = struct.Struct(">I")
#: what the child says that is passed on as it is: anything else was no reading but a crash
_FILE_CODES = frozenset(
    {
        "image.unreadable",
        "image.damaged",
        "image.encrypted",
        "image.too_big",
        "image.too_many_pages",
        "image.empty",
        "image.animated",
    }
)


@dataclass(frozen=True, slots=True)
class FileHead:
    """What a file says of itself before any page is read. As in :class:`~digitizer_desk.imaging.intake.FileFacts`."""

    pages: int
    pdf_version: str | None
    pdfa: str | None
    signed: bool
    encrypted: bool


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One page as the record it will be: ``jpeg`` the file's own bytes (``own``), else encoded once at record quality.

    ``width``, ``height`` in pixels of the JPEG; ``turn`` clockwise degrees to show it; ``dpi`` (x, y) and ``sheet_mm``
    as believed and ``stated_dpi`` as stated, all before ``turn``.
    """

    number: int
    jpeg: bytes
    own: bool
    width: int
    height: int
    turn: int
    dpi: tuple[float, float]
    stated_dpi: tuple[float, float] | None
    sheet_mm: tuple[float, float]
    dpi_source: DpiSource
    bilevel: bool


class Reader:
    """Reads files in a child process. For one thread; a context manager, for the child is ended with it."""

    def __init__(self, program: Sequence[str] = (), *, patience: float = PATIENCE, memory: int = MEMORY) -> None:
        """``program``: the command that serves; this program itself unless told."""
        own = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "digitizer_desk"]
        self._program = [*(program or (*own, "--read-files")), str(memory), str(os.getpid())]
        self._patience = patience
        self._child: subprocess.Popen[bytes] | None = None
        self._frames: _Frames = queue.Queue()
        self._gone = threading.Event()
        self._feeder: threading.Thread | None = None

    def read(
        self, data: bytes, name: str, stop: Callable[[], bool] = lambda: False
    ) -> Iterator[FileHead | ReadPage | DeskError]:
        """First the :class:`FileHead`, then each page in order, or the error of a page that cannot be read.

        Asked to stop, it ends early: the caller counts. ``name`` is what the file is called in errors.

        Raises:
            ImageFileError: the file as a whole: as :func:`~digitizer_desk.imaging.intake.open_file`;
                ``image.too_slow``; ``image.damaged`` when reading it ended the process.
        """
        self._ask(data)
        try:
            head, _ = self._next(name, stop)
            if not head:
                return
            if "error" in head:
                raise _told(head, name)
            yield FileHead(**head["file"])
            for _ in range(head["file"]["pages"]):
                said, jpeg = self._next(name, stop)
                if not said:
                    return
                yield _told(said, name) if "error" in said else _page(said["page"], jpeg)
        except BaseException:
            self.close()  # in the middle of an answer: it would be taken for the answer to the next file
            raise

    def _ask(self, data: bytes) -> None:
        if self._child is None:
            self._child = self._start()
        # a thread of its own: a child that hangs before it has heard everything must not hold the desk
        told = (self._child.stdin, {"bytes": len(data)}, data)
        self._feeder = threading.Thread(target=_write, args=told, name="file-feeder", daemon=True)
        self._feeder.start()

    def _start(self) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(  # noqa: S603 - this program itself
            self._program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # decoders print what the file tells them to
            start_new_session=os.name == "posix",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)},
        )
        self._frames, self._gone = queue.Queue(2), threading.Event()  # two pages at most wait in memory
        told = (child.stdout, self._frames, self._gone)
        threading.Thread(target=_pump, args=told, name="file-reader", daemon=True).start()
        return child

    def _next(self, name: str, stop: Callable[[], bool]) -> tuple[dict[str, Any], bytes]:
        """The next frame; an empty one when asked to stop, with the child ended."""
        until = monotonic() + self._patience
        while True:
            try:
                frame = self._frames.get(timeout=0.1)
            except queue.Empty:
                if stop():
                    self.close()
                    return {}, b""
                if monotonic() > until:
                    raise error("image.too_slow", file=name) from None
                continue
            if frame is None:
                code = self._child.wait() if self._child is not None else None
                raise error("image.damaged", f"reading ended with {code}", file=name)
            return frame

    def close(self) -> None:
        """End the child, whatever it does."""
        child, self._child = self._child, None
        if child is None:
            return
        self._gone.set()
        child.kill()
        child.wait()
        if self._feeder is not None:
            self._feeder.join()
        with contextlib.suppress(OSError):
            cast(BinaryIO, child.stdin).close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _told(said: dict[str, Any], name: str) -> DeskError:
    code = said["error"] if said["error"] in _FILE_CODES else "image.damaged"
    return error(code, said.get("detail", ""), file=name)


def _page(said: dict[str, Any], jpeg: bytes) -> ReadPage:
    stated = said.pop("stated_dpi")
    return ReadPage(
        jpeg=jpeg,
        dpi=tuple(said.pop("dpi")),
        stated_dpi=tuple(stated) if stated else None,
        sheet_mm=tuple(said.pop("sheet_mm")),
        dpi_source=DpiSource(said.pop("dpi_source")),
        **said,
    )


def _pump(pipe: BinaryIO, frames: _Frames, gone: threading.Event) -> None:
    """Reader thread: it alone reads and closes the child's pipe. None tells that it ended; ``gone``: nobody hears."""
    frame: tuple[dict[str, Any], bytes] | None = ({}, b"")
    with pipe:
        while frame is not None and not gone.is_set():
            try:
                frame = _read(pipe)
            except (OSError, ValueError):
                frame = None
            while not gone.is_set():
                with contextlib.suppress(queue.Full):
                    frames.put(frame, timeout=0.1)
                    break


# -- the child --------------------------------------------------------------------------------------------------------


def serve(arguments: Sequence[str]) -> int:
    """Answer files on standard input until it closes.

    ``arguments``: the most address space, in bytes, and the process of the desk (asked here, it could be gone already).
    """
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a decoder prints must not be taken for an answer
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (int(arguments[0]), int(arguments[0])))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold somebody's paper, plain
        threading.Thread(target=_end_with, args=(int(arguments[1]),), name="desk-watch", daemon=True).start()
    while (frame := _read(source)) is not None:
        _answer(frame[1], sink)
    return 0


def _end_with(desk: int) -> None:
    """End when the desk is gone: a decoder that hangs in a file would never see its input closed.

    Not by a signal of the system's at the parent's death: that comes already when the *thread* that started us ends.
    """
    while os.getppid() == desk:
        sleep(_WATCH_SECONDS)
    os._exit(1)


def _answer(data: bytes, sink: BinaryIO) -> None:
    try:
        facts = open_bytes(data, "")
    except DeskError as problem:
        _write(sink, {"error": problem.code, "detail": problem.detail})
        return
    head = FileHead(facts.page_count, facts.pdf_version, facts.pdfa, facts.signed, facts.encrypted)
    _write(sink, {"file": asdict(head)})
    for number in range(1, facts.page_count + 1):
        try:
            said, jpeg = _record(facts, number)
        except DeskError as problem:
            _write(sink, {"error": problem.code, "detail": problem.detail})
        except MemoryError:
            _write(sink, {"error": "image.too_big"})
        else:
            _write(sink, {"page": said, "bytes": len(jpeg)}, jpeg)


def _record(facts: FileFacts, number: int) -> tuple[dict[str, Any], bytes]:
    page = facts.pages.page(number)
    own = page.jpeg or (page.turned[0] if page.turned else None)
    turn = page.turned[1] if page.turned else 0
    jpeg = own or encode_master(page.pixels, page.dpi or (300.0, 300.0))
    height, width = page.pixels.shape[:2]
    lying = turn in (90, 270)  # everything told is of the picture as it lies
    return {
        "number": number,
        "own": own is not None,
        "width": height if lying else width,
        "height": width if lying else height,
        "turn": turn,
        "dpi": _lying(page.dpi or (300.0, 300.0), lying),
        "stated_dpi": _lying(page.stated_dpi, lying) if page.stated_dpi else None,
        "sheet_mm": _lying(page.sheet_mm, lying),
        "dpi_source": page.dpi_source.value,
        "bilevel": page.bilevel,
    }, jpeg


def _lying(pair: tuple[float, float], lying: bool) -> tuple[float, float]:
    return (pair[1], pair[0]) if lying else pair


def _write(pipe: BinaryIO, said: dict[str, Any], data: bytes = b"") -> None:
    text = json.dumps(said).encode()
    with contextlib.suppress(BrokenPipeError):  # who should have listened is gone, which is told where it is read
        pipe.write(_LENGTH.pack(len(text)) + text)
        pipe.write(data)
        pipe.flush()


def _read(pipe: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    length = pipe.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    said: dict[str, Any] = json.loads(pipe.read(_LENGTH.unpack(length)[0]))
    size = said.pop("bytes", 0)
    data = pipe.read(size) if size else b""
    return (said, data) if len(data) == size else None
