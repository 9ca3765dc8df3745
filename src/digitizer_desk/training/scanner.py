# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A scanner that is not there: feeds page pictures through the real, unmodified airscan driver of SANE.

Apart from the eSCL side so that what a story or a test does (lay paper, order a fault) is one small class. Pages reach
the device process through its pipe and stay in its memory: nothing personal is written to disk.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from digitizer_desk.devices import line

Sheet = bytes | tuple[bytes, bytes]


class VirtualScanner:
    """Starts the device process and lays paper in its tray. Ends with ``close()`` or with this process."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="desk-scan-")
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "digitizer_desk", "--training", "scanner", str(self._socket)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        self._lock = threading.Lock()
        line.read(cast(BinaryIO, self._child.stdout))

    @property
    def _socket(self) -> Path:
        return Path(self._folder.name) / "s"

    @property
    def device(self) -> str:
        """The name SANE opens it by."""
        return "airscan:escl:May quet ao (TAP HUAN):unix://s/eSCL"

    @property
    def sane_env(self) -> dict[str, str]:
        """Environment of the scanner host: where airscan finds the socket."""
        return {"SANE_AIRSCAN_SOCKETS": self._folder.name}

    def _tell(self, do: str, payload: bytes | None = None, **fields: Any) -> None:
        with self._lock:
            line.write(cast(BinaryIO, self._child.stdin), {"do": do, **fields}, payload)
            line.read(cast(BinaryIO, self._child.stdout))

    def lay(self, sheets: Sequence[Sheet]) -> None:
        """Replace what lies in the tray by these sheets: pictures (PNG, JPEG) at 300 dpi, one side or (front, back)."""
        self._tell("clear")
        for sheet in sheets:
            sides = sheet if isinstance(sheet, tuple) else (sheet,)
            for number, side in enumerate(sides):
                self._tell("side", side, new=number == 0)

    def fault(self, *, after: int, kind: str) -> None:
        """Let the next job go wrong after so many sides.

        ``kind``: jam, cover, double, stall, drop, garbage, truncated, busy, crash.
        """
        self._tell("fault", after=after, kind=kind)

    def clear(self) -> None:
        """Open the lid, take out all paper, forget all faults."""
        self._tell("clear")

    def close(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            cast(BinaryIO, self._child.stdin).close()
        try:
            self._child.wait(2)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        cast(BinaryIO, self._child.stdout).close()
        self._folder.cleanup()

    def __enter__(self) -> VirtualScanner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(arguments: Sequence[str]) -> int:
    """The device process: serve the socket named first until stdin closes. Returns the exit code."""
    from digitizer_desk.training.escl import Handler, Machine, Server

    machine = Machine()
    handler = type("BoundHandler", (Handler,), {"machine": machine})
    server = Server(arguments[0], handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    line.write(sink, {"event": "ready"})
    with contextlib.suppress(line.BrokenLine):
        while True:
            message, payload = line.read(source)
            _obey(machine, message, payload)
            line.write(sink, {"event": "done"})
    machine.closing.set()
    with contextlib.suppress(OSError):
        os.unlink(arguments[0])
    os._exit(0)


def _obey(machine: Any, message: dict[str, Any], payload: bytearray | None) -> None:
    with machine.lock:
        if message["do"] == "clear":
            machine.tray.clear()
            machine.faults.clear()
            machine.stuck_state = ""
            for job in machine.jobs.values():
                job.open = False
        elif message["do"] == "side" and payload is not None:
            if message["new"]:
                machine.tray.append([])
            machine.tray[-1].append(bytes(payload))
        elif message["do"] == "fault":
            machine.faults.append((int(message["after"]), str(message["kind"])))
