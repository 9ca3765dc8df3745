# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Five queues of work off the window thread, one worker for each outside thing and one for what a key asked.

Apart from steps (which know no threads) and windows (which only show): here and in the host processes is all the
concurrency there is. One worker per outside thing means no lock around it. What a key asks of the cabinet has a worker
of its own: it never waits behind pictures that are being made or pages that are being compared, and two keys are
answered in the order in which they were pressed.
"""

from __future__ import annotations

import inspect
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, Literal, TypeVar

Lane = Literal["scanner", "token", "network", "keys", "pool"]
T = TypeVar("T")

_log = logging.getLogger("digitizer_desk.lanes")


class Task(Generic[T]):
    """One run of a step: can be asked to stop, and has a result or an error."""

    def __init__(self, lane: Lane, name: str) -> None:
        self.lane = lane
        self.name = name
        self._stop = threading.Event()
        self._future: Future[T] | None = None

    def stop(self) -> None:
        """Ask the step to stop at its next safe point. What it has kept stays kept."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    @property
    def done(self) -> bool:
        return self._future is not None and self._future.done()

    def result(self, seconds: float | None = None) -> T:
        """The step's value, or its exception raised here."""
        if self._future is None:
            raise RuntimeError("task was never started")
        return self._future.result(seconds)

    @property
    def error(self) -> BaseException | None:
        """What the finished step raised, if anything."""
        return self._future.exception() if self._future is not None and self._future.done() else None


class Lanes:
    """The five executors. ``run`` may be called from any thread."""

    def __init__(self) -> None:
        pool = max(1, (os.cpu_count() or 2) - 1)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {
            "scanner": ThreadPoolExecutor(1, "scanner"),
            "token": ThreadPoolExecutor(1, "token"),
            "network": ThreadPoolExecutor(1, "network"),
            "keys": ThreadPoolExecutor(1, "keys"),
            "pool": ThreadPoolExecutor(pool, "pool"),
        }
        self._running: set[Task[Any]] = set()
        self._lock = threading.Lock()

    def run(
        self,
        lane: Lane,
        step: Callable[..., T],
        *args: Any,
        on_event: Callable[[Any], None] | None = None,
        on_done: Callable[[Task[T]], None] | None = None,
        **kwargs: Any,
    ) -> Task[T]:
        """Put a step on a lane. ``report`` and ``stop`` are given to steps that take them by name.

        ``on_event`` and ``on_done`` are called on the lane's thread.
        """
        task: Task[T] = Task(lane, getattr(step, "__name__", "step"))
        wanted = inspect.signature(step).parameters
        if "report" in wanted and "report" not in kwargs:
            kwargs["report"] = on_event or (lambda _event: None)
        if "stop" in wanted and "stop" not in kwargs:
            kwargs["stop"] = lambda: task.stopping
        with self._lock:
            self._running.add(task)
        future = self._lanes[lane].submit(step, *args, **kwargs)
        task._future = future
        future.add_done_callback(lambda _done: self._finish(task, on_done))
        return task

    def _finish(self, task: Task[T], on_done: Callable[[Task[T]], None] | None) -> None:
        with self._lock:
            self._running.discard(task)
        if on_done is None:
            return
        try:
            on_done(task)
        except Exception:
            # a window that has gone must not silence the lane
            _log.exception("a listener of %s failed", task.name)

    def busy(self, lane: Lane) -> bool:
        """Whether anything waits or runs on this lane."""
        with self._lock:
            return any(task.lane == lane for task in self._running)

    def close(self) -> None:
        """Ask every task to stop and wait for the workers to leave."""
        with self._lock:
            running = list(self._running)
        for task in running:
            task.stop()
        for executor in self._lanes.values():
            executor.shutdown(wait=True, cancel_futures=True)
