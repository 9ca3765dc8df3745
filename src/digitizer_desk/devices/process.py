# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The desk's side of a host process: start it, talk to it with deadlines, stop or kill it.

Apart from ``client.py`` (what is said) because starting, watching and killing is the same for scanner and token.
"""

from __future__ import annotations

import contextlib
import io
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from digitizer_desk.devices import line

Message = tuple[dict[str, Any], bytearray | None]


class HostGone(Exception):
    """The host process ended. ``exit_code`` is negative for a signal (a crash), 0 for a normal end."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"host ended with {exit_code}")
        self.exit_code = exit_code


class HostSilent(Exception):
    """The host said nothing within the time allowed."""


class HostProcess:
    """One child process speaking the line protocol. Not shared between threads except :meth:`send` and :meth:`kill`."""

    def __init__(self, backend: str, *, env: Mapping[str, str] | None = None, log: Path | None = None) -> None:
        """Start ``python -m digitizer_desk --host BACKEND`` (or the frozen program itself) with ``env`` added.

        stderr is appended to ``log``, or thrown away: it is vendor text and never shown.
        """
        self._log = open(log, "ab") if log else None  # noqa: SIM115 - closed in close()
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "digitizer_desk"]
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [*program, "--host", backend],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log or subprocess.DEVNULL,
            bufsize=0,  # a buffer on the way to the host would keep a copy of the PIN
            env={**os.environ, **(env or {}), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            start_new_session=os.name == "posix",
        )
        self._stdout = io.BufferedReader(cast(io.RawIOBase, self._child.stdout), 1 << 16)
        self._messages: queue.SimpleQueue[Message | line.BrokenLine] = queue.SimpleQueue()
        self._write_lock = threading.Lock()
        # two pages at most wait in memory: a fast feeder is held back by the pipe
        self._room = threading.Semaphore(2)
        threading.Thread(target=self._pump, name=f"{backend}-host-reader", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def _pump(self) -> None:
        stream = self._stdout
        while True:
            try:
                message = line.read(stream)
            except line.BrokenLine as problem:
                self._messages.put(problem)
                return
            except (OSError, ValueError):
                self._messages.put(line.BrokenLine("pipe closed", closed=True))
                return
            if message[1] is not None:
                self._room.acquire()
            self._messages.put(message)

    def send(self, do: str, payload: bytes | bytearray | memoryview | None = None, **fields: Any) -> None:
        """Send a request.

        Raises:
            HostGone: the host has ended.
        """
        try:
            with self._write_lock:
                line.write(cast(BinaryIO, self._child.stdin), {"do": do, **fields}, payload)
        except (BrokenPipeError, OSError, ValueError) as problem:
            raise HostGone(self._end()) from problem

    def receive(self, seconds: float) -> Message:
        """Wait for the next event.

        Raises:
            HostSilent: nothing came in time.
            HostGone: the host ended, crashed or spoke nonsense.
        """
        try:
            message = self._messages.get(timeout=seconds)
        except queue.Empty:
            raise HostSilent from None
        if isinstance(message, line.BrokenLine):
            raise HostGone(self._end()) from message
        if message[1] is not None:
            self._room.release()
        return message

    def _end(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._child.wait(2.0)
        self.kill()
        return None

    def kill(self) -> None:
        """End the host at once, whatever it is doing (2 ms measured)."""
        with contextlib.suppress(ProcessLookupError):
            self._child.kill()
        self._child.wait()

    def close(self, seconds: float = 2.0) -> None:
        """Close the pipe, give the host ``seconds`` to leave, then kill it. Safe to call twice."""
        with contextlib.suppress(OSError, ValueError):
            cast(BinaryIO, self._child.stdin).close()
        for _ in range(4):
            self._room.release()
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        with contextlib.suppress(OSError):
            self._stdout.close()
        if self._log:
            self._log.close()
            self._log = None

    def __enter__(self) -> HostProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
