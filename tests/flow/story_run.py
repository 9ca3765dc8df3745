# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the headless story as a program of its own, and kills it where a test wants."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 180


class StoryRun:
    """One start of ``digitizer-desk train --headless``. What it said is in ``said`` when it has ended."""

    def __init__(self, data: Path, seed: int = 1) -> None:
        self._log = data / "desk" / "logs" / "desk.log"
        self._seen = self._log.stat().st_size if self._log.exists() else 0
        self._out = data.with_name(f"{data.name}-said-{time.monotonic_ns()}.txt")
        with open(self._out, "wb") as sink:
            self._child = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "digitizer_desk",
                    "train",
                    "--headless",
                    "--data",
                    str(data),
                    "--seed",
                    str(seed),
                ],
                stdout=sink,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"},
            )

    @property
    def said(self) -> str:
        return self._out.read_text("utf-8", errors="replace")

    @property
    def ended(self) -> bool:
        return self._child.poll() is not None

    def wait(self) -> int:
        return self._child.wait(LIMIT_SECONDS)

    def new_log(self) -> str:
        """What this start has logged so far."""
        if not self._log.exists():
            return ""
        with open(self._log, "rb") as log:
            log.seek(self._seen)
            return log.read().decode("utf-8", errors="replace")

    def kill_inside(self, act: str, occurrence: int, delay: float) -> bool:
        """SIGKILL ``delay`` seconds after the act began for the n-th time. True when it was really inside that act."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while self.new_log().count(f" begin {act} ") < occurrence:
            if self.ended or time.monotonic() > deadline:
                return False
            time.sleep(0.0005)
        time.sleep(delay)
        self.kill()
        lines = [line for line in self.new_log().splitlines() if f" {act} " in line]
        return bool(lines) and " begin " in lines[-1]

    def kill_after(self, seconds: float) -> None:
        """SIGKILL after some time, wherever it is then."""
        deadline = time.monotonic() + seconds
        while not self.ended and time.monotonic() < deadline:
            time.sleep(0.005)
        self.kill()

    def kill(self) -> None:
        if not self.ended:
            self._child.send_signal(signal.SIGKILL)
        self._child.wait(10)
