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
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, cast

from digitizer_desk.devices import line
from digitizer_desk.devices.windows.job import job_of

Message = tuple[dict[str, Any], bytearray | None]

#: one thread starts all hosts and lives as long as the desk: Linux ends a host when the *thread* that started it ends
_STARTER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="host-starter")


#: how long the end of a killed host is waited for
_END_SECONDS = 5.0

#: Windows: a console program started from a window opens no console of its own
_NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0


class HostGone(Exception):
    """The host process ended. ``exit_code`` is negative for a signal (a crash), 0 for a normal end."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"host ended with {exit_code}")
        self.exit_code = exit_code


class HostSilent(Exception):
    """The host said nothing within the time allowed."""


class HostProcess:
    """One child process speaking the line protocol. Not shared between threads except :meth:`send` and :meth:`kill`."""

    def __init__(
        self,
        backend: str,
        *,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """Start ``python -m digitizer_desk --host BACKEND`` (or the frozen program itself) with ``env`` added; or
        ``command``, another program that speaks the line protocol and shall not find our modules.

        stderr is appended to ``log``, or thrown away: it is vendor text and never shown.
        """
        self._log = open(log, "ab") if log else None  # noqa: SIM115 - closed in close()
        self._child: subprocess.Popen[bytes] = _STARTER.submit(
            subprocess.Popen,
            [*(command or (*own_program(), "--host", backend))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log or subprocess.DEVNULL,
            bufsize=0,  # a buffer on the way to the host would keep a copy of the PIN
            env=foreign_surroundings(env or {}) if command else surroundings(env or {}),
            start_new_session=os.name == "posix",
            creationflags=_NO_WINDOW,
        ).result()
        self._job = job_of(self._child.pid)
        self._stdout = io.BufferedReader(cast(io.RawIOBase, self._child.stdout), 1 << 16)
        self._messages: queue.SimpleQueue[Message | line.BrokenLine] = queue.SimpleQueue()
        self._write_lock = threading.Lock()
        # one page waits to be asked for and one more is read: a fast feeder is held back by the pipe
        self._room = threading.Semaphore(1)
        self._closed = False
        self._reader = threading.Thread(target=self._pump, name=f"{backend}-host-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def _pump(self) -> None:
        """Reader thread: it alone reads the host's pipe and so it alone closes it, whoever ends the host and how."""
        try:
            while True:
                message = line.read(self._stdout)
                if message[1] is not None and not self._closed:
                    self._room.acquire()
                if not self._closed:
                    self._messages.put(message)
                del message  # a page is 26 MB, and the next one may be a minute away
        except line.BrokenLine as problem:
            self._messages.put(problem)
        except (OSError, ValueError):
            self._messages.put(line.BrokenLine("pipe closed", closed=True))
        finally:
            with contextlib.suppress(OSError):
                self._stdout.close()

    def send(self, do: str, payload: bytes | bytearray | memoryview | None = None, **fields: Any) -> None:
        """Send a request. That the host has ended is told by :meth:`receive`, after the last it said: a page it had
        sent already, or why it left, must not be lost because nobody hears a request any more.
        """
        with contextlib.suppress(OSError, ValueError), self._write_lock:
            line.write(cast(BinaryIO, self._child.stdin), {"do": do, **fields}, payload)

    def receive(self, seconds: float) -> Message:
        """Wait for the next event.

        Raises:
            HostSilent: nothing came in time.
            HostGone: the host ended, crashed or spoke nonsense; again at each later call.
        """
        try:
            message = self._messages.get(timeout=seconds)
        except queue.Empty:
            raise HostSilent from None
        if isinstance(message, line.BrokenLine):
            if not message.closed:
                # whatever it goes on to say cannot be understood any more
                self.kill()
            self._messages.put(message)
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
        """End the host at once, whatever it is doing (2 ms measured), and what its driver may have started.

        One that hangs inside the kernel (a USB call to a device that is wedged) ends only when that call does: it is
        left to the system, the desk does not wait for it.
        """
        if self._child.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.name == "posix":
                    os.killpg(self._child.pid, signal.SIGKILL)
                elif self._job is not None:
                    self._job.end()
                else:
                    self._child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(_END_SECONDS)

    def close(self, seconds: float = 2.0) -> None:
        """Close the pipe, give the host ``seconds`` to leave, then kill it. Safe to call twice."""
        with contextlib.suppress(OSError, ValueError):
            cast(BinaryIO, self._child.stdin).close()
        # nobody asks for what is still to come: the reader throws it away, so that the host can write and leave. A
        # grandchild of a driver that holds the pipe keeps only that thread, never the desk
        self._closed = True
        self._room.release()
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._reader.join(seconds)
        if self._job is not None:
            self._job.let_go()
        if self._log:
            self._log.close()
            self._log = None

    def __enter__(self) -> HostProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def own_program() -> list[str]:
    """The command that starts this program again, from source or frozen, to become one of its child processes."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "digitizer_desk"]


def surroundings(env: Mapping[str, str]) -> dict[str, str]:
    """A child's environment: English driver words (they are the keys to faults), no proxies, our own modules."""
    kept = _without_words(os.environ)
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return {**kept, **env, "LC_ALL": "C", "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}


def foreign_surroundings(env: Mapping[str, str]) -> dict[str, str]:
    """The same for a program that is not ours: it may be of another bitness and must not meet our modules."""
    kept = _without_words(os.environ)
    return {**{name: kept[name] for name in kept if not name.startswith("PYTHON")}, **env, "LC_ALL": "C"}


def _without_words(environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith("LC_") and name not in ("LANG", "LANGUAGE")
    }
