# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The same work on many files, in processes side by side: order kept, memory bounded, no file stops the others.

Apart from the work itself because processes end in ways that functions do not: one that is killed, or never answers,
takes down a file and nothing else.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Generic, TypeVar

from digitizer_desk.errors import DeskError, error

_Result = TypeVar("_Result")

#: files in work or waiting for their turn, for each process
_AHEAD = 3
#: a file that takes longer than this many seconds is given up; a thousand pages take two minutes
LONGEST_S = 600.0


def spread(
    work: Callable[[Path], _Result], files: Iterable[Path], jobs: int, longest_s: float = LONGEST_S
) -> Iterator[_Result | DeskError]:
    """``work`` of each file, in the order of the files; ``files`` is read only as far as there is room.

    With one job everything happens here, one file after the other. ``work`` must be a function of a module, and what it
    gives must go through a pipe. A process that dies or does not answer gives ``image.too_big`` for its file.
    """
    if jobs <= 1:
        yield from map(work, files)
        return
    with _Pool(work, jobs, longest_s) as pool:
        waiting: deque[tuple[Path, Future[_Result]]] = deque()
        for file in files:
            waiting.append((file, pool.submit(file)))
            if len(waiting) >= jobs * _AHEAD:
                yield pool.result(waiting)
        while waiting:
            yield pool.result(waiting)


class _Pool(Generic[_Result]):
    """Processes that are started again when one of them was lost."""

    def __init__(self, work: Callable[[Path], _Result], jobs: int, longest_s: float) -> None:
        self._work, self._jobs, self._longest_s = work, jobs, longest_s
        self._processes = self._started(jobs)

    def __enter__(self) -> _Pool[_Result]:
        return self

    def __exit__(self, *exc: object) -> None:
        _end(self._processes)

    def submit(self, file: Path) -> Future[_Result]:
        try:
            return self._processes.submit(self._work, file)
        except BrokenProcessPool as lost:
            failed: Future[_Result] = Future()
            failed.set_exception(lost)
            return failed

    def result(self, waiting: deque[tuple[Path, Future[_Result]]]) -> _Result | DeskError:
        """What came of the first file that waits. When processes were lost, the others start anew with the rest."""
        file, future = waiting.popleft()
        try:
            return future.result(self._longest_s)
        except (BrokenProcessPool, TimeoutError):
            _end(self._processes)
            outcome = self._alone(file)
            self._processes = self._started(self._jobs)
            for place, (other, unfinished) in enumerate(waiting):
                if not (unfinished.done() and unfinished.exception() is None):
                    waiting[place] = (other, self.submit(other))
            return outcome

    def _alone(self, file: Path) -> _Result | DeskError:
        """One file in a process of its own: whether it was this one that cost the others their lives."""
        single = self._started(1)
        try:
            return single.submit(self._work, file).result(self._longest_s)
        except (BrokenProcessPool, TimeoutError) as problem:
            return error("image.too_big", type(problem).__name__, file=str(file))
        finally:
            _end(single)

    @staticmethod
    def _started(jobs: int) -> ProcessPoolExecutor:
        # begun from nothing: a copy of this process could hold another thread's lock for ever
        return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))


def _end(processes: ProcessPoolExecutor) -> None:
    """End them now; what they were at is given up."""
    running = list((getattr(processes, "_processes", None) or {}).values())
    processes.shutdown(wait=False, cancel_futures=True)
    for process in running:
        if process.is_alive():
            process.kill()
    for process in running:
        process.join()
