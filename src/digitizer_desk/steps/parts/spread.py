# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The same work on many files, in processes side by side: order kept, memory bounded, no file stops the others.

Apart from the work itself because a file of a stranger can hang, crash or eat what reads it: that is always a process
of its own, also for one file alone. Each process has one file at a time, so that who was lost is known.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

from digitizer_desk.errors import DeskError, error

_Result = TypeVar("_Result")
#: ``work(file, alive)``: a function of a module; it calls ``alive`` after each page it has done
Work = Callable[[Path, Callable[[], None]], _Result]

#: files in work, waiting for their turn or for those before them, for each process
_AHEAD = 3
#: a file of which nothing is heard for this many seconds is given up; a page at the limit of size takes about three
SILENT_S = 60.0
#: a process that begins loads the decoders first
_STARTING_S = 60.0
#: address space of each process: the largest page allowed, decoded and looked at, fits three times
MEMORY = 4 << 30


def spread(work: Work[_Result], files: Iterable[Path], jobs: int, silent_s: float = SILENT_S) -> Iterator[Any]:
    """``work`` of each file, in the order of the files; ``files`` is read only as far as there is room.

    What ``work`` gives must go through a pipe. A file that ends its process gives an ``image.damaged``, one of which
    nothing is heard an ``image.too_slow``, each naming the ``file``, and the rest go on. Closing the generator, or an
    exception in whoever asks it, ends all processes at once.
    """
    pool = _Pool(work, max(1, jobs), silent_s)
    try:
        yield from pool.run(iter(files))
    finally:
        pool.close()


@dataclass(slots=True)
class _Slot(Generic[_Result]):
    """A file in its place in the order, and what came of it."""

    file: Path
    taken: bool = False
    outcome: list[_Result | DeskError] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Reader(Generic[_Result]):
    """One process. ``slot``: the file it is at; ``heard``: when something was last heard of it."""

    process: BaseProcess
    pipe: Connection
    slot: _Slot[_Result] | None = None
    heard: float = 0.0
    began: bool = False


class _Pool(Generic[_Result]):
    def __init__(self, work: Work[_Result], jobs: int, silent_s: float) -> None:
        self._work, self._jobs, self._silent_s = work, jobs, silent_s
        self._readers: list[_Reader[_Result]] = []
        self._slots: deque[_Slot[_Result]] = deque()

    def run(self, files: Iterator[Path]) -> Iterator[_Result | DeskError]:
        while True:
            self._take(files)
            if not self._slots:
                return
            if self._slots[0].outcome:
                yield self._slots.popleft().outcome[0]
            else:
                self._listen()

    def _take(self, files: Iterator[Path]) -> None:
        """Fill the places there are, and give every idle process a file."""
        while len(self._slots) < self._jobs * _AHEAD and (file := next(files, None)) is not None:
            self._slots.append(_Slot(file))
        for slot in [s for s in self._slots if not s.taken]:
            reader = next((r for r in self._readers if r.slot is None), None)
            if reader is None and len(self._readers) < self._jobs:
                reader = _started(self._work)
                self._readers.append(reader)
            if reader is None:
                return
            slot.taken, reader.slot, reader.heard = True, slot, monotonic()
            with contextlib.suppress(OSError):  # it is gone: that is found out where it is listened to
                reader.pipe.send(slot.file)

    def _listen(self) -> None:
        """Wait until something is heard, or a process was silent for too long."""
        busy = {reader.pipe: reader for reader in self._readers if reader.slot is not None}
        until = min(self._patience(reader) for reader in busy.values())
        heard = wait(list(busy), timeout=max(0.0, until - monotonic()))
        for pipe in heard:
            self._hear(busy[pipe])  # type: ignore[index]
        for reader in busy.values():
            if reader.slot is not None and reader.pipe not in heard and monotonic() > self._patience(reader):
                self._lose(reader, "image.too_slow")

    def _patience(self, reader: _Reader[_Result]) -> float:
        return reader.heard + self._silent_s + (0.0 if reader.began else _STARTING_S)

    def _hear(self, reader: _Reader[_Result]) -> None:
        try:
            said = reader.pipe.recv()
        except (EOFError, OSError):
            self._lose(reader, "image.damaged")
            return
        reader.heard, reader.began = monotonic(), True
        if said and reader.slot is not None:
            reader.slot.outcome.append(said[0])
            reader.slot = None

    def _lose(self, reader: _Reader[_Result], code: str) -> None:
        self._readers.remove(reader)
        _end(reader)
        if reader.slot is not None:
            reason = f"reading ended with {reader.process.exitcode}"
            reader.slot.outcome.append(error(code, reason, file=str(reader.slot.file)))

    def close(self) -> None:
        for reader in self._readers:
            _end(reader)
        self._readers.clear()


def _started(work: Work[_Result]) -> _Reader[_Result]:
    # begun from nothing: a copy of this process could hold another thread's lock for ever
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, theirs, os.getpid()), daemon=True)
    reader = _Reader[_Result](process, ours)
    try:
        with _not_for_children():
            process.start()
    except BaseException:  # Ctrl+C that was held back until here
        if process.pid is not None:
            _end(reader)
        raise
    finally:
        theirs.close()
    return reader


@contextlib.contextmanager
def _not_for_children() -> Iterator[None]:
    """Ctrl+C goes to everybody at the terminal: only this process acts on it, and ends the others.

    It is held back, not ignored, while a child begins with what it finds here: pressed just then it still counts.
    """
    if os.name != "posix":
        yield
        return
    resource_tracker.ensure_running()  # where it is begun it lets Ctrl+C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(reader: _Reader[Any]) -> None:
    if reader.process.is_alive():
        reader.process.kill()
    reader.process.join()
    reader.pipe.close()


# -- the child --------------------------------------------------------------------------------------------------------


def _serve(work: Work[Any], pipe: Connection, desk: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold somebody's paper, plain
        threading.Thread(target=_end_with, args=(desk,), name="desk-watch", daemon=True).start()
    pipe.send(())
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            file = pipe.recv()
            pipe.send((work(file, lambda: pipe.send(())),))


def _end_with(desk: int) -> None:
    """End when the process that asked is gone: a decoder that hangs would never hear of it."""
    while os.getppid() == desk:
        sleep(1.0)
    os._exit(1)
