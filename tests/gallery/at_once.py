# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A lane for pictures: runs a step on the spot, or holds it so that its running state can be looked at."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any


class Task:
    """A run that has ended, or one held until ``end``."""

    def __init__(self) -> None:
        self.value: Any = None
        self.stopped = False
        self.on_event: Callable[[Any], None] | None = None
        self.on_done: Callable[[Any], None] | None = None

    def stop(self) -> None:
        self.stopped = True

    def result(self) -> Any:
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value

    def end(self, value: Any) -> None:
        self.value = value
        if self.on_done is not None:
            self.on_done(self)


class AtOnce:
    """Called like ``Lanes.run``. Steps whose name is in ``hold`` are kept in ``held``."""

    def __init__(self, *hold: str) -> None:
        self._hold = frozenset(hold)
        self.held: list[Task] = []

    def __call__(
        self,
        _lane: str,
        step: Callable[..., Any],
        *args: Any,
        on_event: Callable[[Any], None] | None = None,
        on_done: Callable[[Any], None] | None = None,
        **kwargs: Any,
    ) -> Task:
        task = Task()
        task.on_event, task.on_done = on_event, on_done
        if step.__name__ in self._hold:
            self.held.append(task)
            return task
        wanted = inspect.signature(step).parameters
        if "report" in wanted:
            kwargs.setdefault("report", on_event or (lambda _event: None))
        if "stop" in wanted:
            kwargs.setdefault("stop", lambda: False)
        try:
            value = step(*args, **kwargs)
        except Exception as problem:
            value = problem
        task.end(value)
        return task
