# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The worker's life: hello, one request (``find``, ``scan`` or a question), its events, the end of the process.

One batch = one process: drivers crash, hang, and keep pages of one citizen for the next; a process's end ends that.
"""

from __future__ import annotations

import argparse
import os
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from twain_worker.wire import PROTOCOL, DeskGone, Wire, take_over

if TYPE_CHECKING:
    from twain_worker.session import Session
    from twain_worker.window import Window

#: a desk that has gone waits for nobody: so long may a driver take to let go of the scanner
_LEAVE_SECONDS = 3.0


def main(arguments: Sequence[str]) -> NoReturn:
    """Serve the desk at stdin and stdout."""
    parser = argparse.ArgumentParser(prog="twain", description="TWAIN worker of Digitizer Desk")
    parser.add_argument("--dsm", default="", help="source manager to load instead of the usual one")
    options = parser.parse_args(arguments)
    wire = take_over()
    _no_boxes()
    try:
        from twain_worker.window import HiddenWindow

        code = serve(wire, HiddenWindow, options.dsm)
    except ImportError as problem:
        wire.fault("scanner.driver_missing", str(problem), driver="pytwain")
        code = 1
    except DeskGone:
        code = 0
    except Exception:
        import traceback

        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    # teardown of vendors' libraries crashes and hangs: leave without it
    os._exit(code)


def _no_boxes() -> None:
    """A driver that crashes or misses a library ends or fails at once: no box of Windows' waits for a click."""
    if sys.platform == "win32":
        import ctypes

        fail_critical, no_crash_box, no_open_box = 0x0001, 0x0002, 0x8000
        ctypes.windll.kernel32.SetErrorMode(fail_critical | no_crash_box | no_open_box)


def serve(wire: Wire, make_window: Callable[[], Window], dsm: str = "") -> int:
    """Answer one request. A ``stop`` line may follow a scan at any time. Returns the exit code.

    Raises:
        DeskGone: the desk closed the pipe.
        ImportError: pytwain is not there.
    """
    from twain_worker.batch import Batch
    from twain_worker.order import Order
    from twain_worker.session import Session
    from twain_worker.trouble import DriverBroke, Fault, Trouble
    from twain_worker.wishes.inquiry import QUESTIONS, answer

    bits = struct.calcsize("P") * 8
    wire.send("hello", protocol=PROTOCOL, backend="twain", version=f"pytwain, {bits} bit", bits=bits)
    request = wire.receive()
    stop = threading.Event()
    # before any vendor code is loaded: from now on the desk is heard
    threading.Thread(target=_listen, args=(wire, stop), name="desk-listener", daemon=True).start()
    manager = str(request.get("dsm") or dsm)
    asked = str(request.get("do", ""))

    def start() -> Session:
        return Session(make_window(), manager)

    try:
        if asked == "find":
            _find(wire, start)
        elif asked == "scan":
            Batch(wire, Order.from_message(request), stop).run(start)
        elif asked in QUESTIONS:
            answer(wire, asked, Order.from_message(request), start)
    except DriverBroke as broken:
        if asked == "find":
            wire.fault("scanner.crashed", str(broken))
        return 3
    except (Fault, Trouble) as problem:
        wire.fault(problem.code if isinstance(problem, Fault) else "scanner.unknown", str(problem))
    return 0


def _find(wire: Wire, start: Callable[[], Session]) -> None:
    """Sources by product name. Those Windows makes out of WIA drivers are left out: they cut or stretch later pages."""
    with start() as session:
        for name, maker in session.sources():
            if not name.casefold().startswith("wia-"):
                wire.send("device", name=name, vendor=maker, model=name, kind="TWAIN")
    wire.send("found")


def _listen(wire: Wire, stop: threading.Event) -> None:
    """Set the flag on a stop line, and when the desk is gone; then the process ends even if a driver does not."""
    try:
        while True:
            if wire.receive().get("do") == "stop":
                stop.set()
    except DeskGone:
        stop.set()
        time.sleep(_LEAVE_SECONDS)
        os._exit(1)
