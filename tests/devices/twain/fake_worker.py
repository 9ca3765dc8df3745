# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole worker as a process of its own, with the fake source manager and window: for the desk to start."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[2]
WORKER = TESTS.parent / "drivers" / "twain"
sys.path[:0] = [str(WORKER), str(TESTS), str(WORKER / "lib")]

import twain  # noqa: E402
from twain_worker.main import serve  # noqa: E402
from twain_worker.wire import DeskGone, take_over  # noqa: E402

from devices.twain.fake_dsm import FakeDsm, FakeWindow, Script  # noqa: E402

if __name__ == "__main__":
    dsm = FakeDsm(Script(**json.loads(sys.argv[1])))
    twain._get_dsm = lambda *_, **__: {"DSM_Entry": dsm.entry}
    wire = take_over()
    code = 0
    try:
        code = serve(wire, FakeWindow)
    except DeskGone:
        code = 0
    if len(sys.argv) > 2:
        # what the scanner was left in, for the test to read
        Path(sys.argv[2]).write_text(f"{dsm.state} {dsm.alive}", "utf-8")
    os._exit(code)
