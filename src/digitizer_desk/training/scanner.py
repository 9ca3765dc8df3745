# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A scanner that is not there: feeds page pictures through the real, unmodified airscan driver of SANE.

Apart from the eSCL side so that what a story or a test does (lay paper, order a fault) is one small class. Pages reach
the device process through its pipe and stay in its memory: nothing personal is written to disk.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from digitizer_desk.devices import line
from digitizer_desk.devices.process import own_program, surroundings

if TYPE_CHECKING:
    from digitizer_desk.training.escl import Machine

#: plain letters: SANE passes names on as Latin-1
NAME = "MAY QUET AO (TAP HUAN)"
SOCKET = "escl"

Sheet = bytes | tuple[bytes, bytes]


class VirtualScanner:
    """Starts the device process and lays paper in its tray. Ends with ``close()`` or with this process.

    ``ppm``: sheets a minute. An office scanner makes 30 to 80; 0 is as fast as the machine can, which no scanner is:
    airscan then now and then finds the job done before it looks, and calls the stack empty.
    """

    #: its name where a clerk reads it; SANE itself carries plain letters only
    title = "MÁY QUÉT ẢO (TẬP HUẤN)"

    def __init__(self, *, ppm: float = 2400.0) -> None:
        # short: the path of a UNIX socket may have 107 bytes
        self._folder = tempfile.mkdtemp(prefix="desk-scan-")
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [*own_program(), "--training", "scanner", self._folder, str(ppm)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=surroundings({}),
        )
        self._lock = threading.Lock()
        line.read(cast(BinaryIO, self._child.stdout))

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def device(self) -> str:
        """The name SANE opens it by."""
        return f"airscan:escl:{NAME}:unix://{SOCKET}/eSCL"

    @property
    def sane_env(self) -> dict[str, str]:
        """Environment of the scanner host: SANE settings that know this device and its socket, and no other."""
        return {"SANE_CONFIG_DIR": self._folder}

    def _tell(self, do: str, payload: bytes | None = None, **fields: Any) -> dict[str, Any]:
        with self._lock:
            line.write(cast(BinaryIO, self._child.stdin), {"do": do, **fields}, payload)
            return line.read(cast(BinaryIO, self._child.stdout))[0]

    def lay(self, sheets: Sequence[Sheet]) -> None:
        """Replace what lies in the tray by these sheets: pictures (PNG, JPEG) at 300 dpi, one side or (front, back)."""
        self._tell("clear")
        for sheet in sheets:
            sides = sheet if isinstance(sheet, tuple) else (sheet,)
            for number, side in enumerate(sides):
                self._tell("side", side, new=number == 0)

    def fault(self, *, after: int, kind: str, times: int = 1) -> None:
        """Let the next job go wrong after so many sides.

        Until :meth:`clear` or :meth:`lay`: jam, cover, double; unplug (half a page, then nobody is there), gone (nobody
        is there at all), occupied (somebody else's job is running), deaf (no answer to a cancelled job), claims_giant,
        claims_nothing (sizes the device says it has). Once: silent (the feeder gives up and says the stack has ended),
        vanish (and the job is not even listed), aborted (and the job says so); stall, stall_inside; drop (half a page);
        garbage, truncated, giant, nothing, taller (pictures that are none, or not what was asked); error, withdrawn,
        crash; busy (so many ``times``).
        """
        for _ in range(times):
            self._tell("fault", after=after, kind=kind)

    def state(self) -> tuple[int, int]:
        """(sides sent since the start, sheets left in the tray)."""
        answer = self._tell("state")
        return int(answer["sent"]), int(answer["left"])

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
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> VirtualScanner:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(arguments: Sequence[str]) -> int:
    """The device process: serve a socket in the folder named first until stdin closes. Returns the exit code."""
    from digitizer_desk.training.escl import Handler, Machine, Server

    folder = Path(arguments[0])
    machine = Machine(ppm=float(arguments[1]))
    handler = type("BoundHandler", (Handler,), {"machine": machine})
    server = Server(str(folder / SOCKET), handler)
    (folder / "dll.conf").write_text("airscan\n", "utf-8")
    (folder / "airscan.conf").write_text(
        f'[devices]\n"{NAME}" = unix://{SOCKET}/eSCL, eSCL\n'
        f"[options]\ndiscovery = disable\nws-discovery = off\nsocket_dir = {folder}\n",
        "utf-8",
    )
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    line.write(sink, {"event": "ready"})
    with contextlib.suppress(line.BrokenLine, BrokenPipeError):
        while True:
            message, payload = line.read(source)
            line.write(sink, _obey(machine, message, payload))
    shutil.rmtree(folder, ignore_errors=True)
    # request threads may stand in a stall: leave without them
    os._exit(0)


def _obey(machine: Machine, message: dict[str, Any], payload: bytearray | None) -> dict[str, Any]:
    with machine.lock:
        if message["do"] == "clear":
            machine.clear()
        elif message["do"] == "side" and payload is not None:
            if message["new"]:
                machine.tray.append([])
            machine.tray[-1].append(bytes(payload))
        elif message["do"] == "fault":
            machine.order(int(message["after"]), str(message["kind"]))
        return {"event": "done", "sent": machine.sent, "left": len(machine.tray)}
