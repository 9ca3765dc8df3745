# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the fault tests share: machines to break, and the proof that the desk is as it was after each breakage."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from devices.scanning.rig import OURS, manifests
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import Manifests

SANED = shutil.which("saned", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def client(env: dict[str, str], folder: Path, known: Manifests = OURS) -> SaneScanner:
    """A desk's scanner side with no pause before a busy device is tried again."""
    return SaneScanner(known, env=env, config_folder=folder / "sane", sleep=lambda _seconds: None)


def patience(backend: str, *waits: str, **parts: Any) -> Manifests:
    """Our manifests with these waits cut to 0.8 s: only those that the fault at hand makes hang."""
    grace = {"stop_s": 0.5, "close_s": 0.5}
    return manifests(backend, timeouts={**dict.fromkeys(waits, 0.8), **grace}, **parts)


def hosts() -> list[psutil.Process]:
    """The scanner hosts of this process that still run."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "--host" in child.cmdline():
                found.append(child)
    return found


@contextmanager
def nothing_stays_behind(folder: Path) -> Iterator[None]:
    """Around one case: no process, no open file, no settings folder more than before."""
    gc.collect()  # what earlier tests left in circles closes its files now, not in the middle of this one
    files = psutil.Process().num_fds()
    yield
    assert hosts() == []
    assert list((folder / "sane").glob("*")) == []
    gc.collect()
    assert psutil.Process().num_fds() <= files, psutil.Process().open_files()


class Saned:
    """Debian's own saned with SANE's test device behind it, on a loopback address nobody else has."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="saned-", dir=folder))
        # 127.0.0.0/8 is all loopback: the port is fixed, so each server takes an address of its own
        pid = os.getpid()
        self.host = f"127.{64 + pid // 65000 % 64}.{pid // 250 % 250 + 1}.{pid % 250 + 1}"
        (self._folder / "dll.conf").write_text("test\n", "utf-8")
        (self._folder / "saned.conf").write_text("127.0.0.0/8\n", "utf-8")
        assert SANED is not None
        self._child = subprocess.Popen(
            [SANED, "-l", "-b", self.host, "-p", "6566"],
            env={**os.environ, "SANE_CONFIG_DIR": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while True:
            assert self._child.poll() is None, "saned did not start"
            with contextlib.suppress(OSError), socket.create_connection((self.host, 6566), timeout=5):
                return

    @property
    def device(self) -> str:
        return f"net:{self.host}:test:0"

    def serving(self) -> list[psutil.Process]:
        """The processes that serve a client now."""
        return psutil.Process(self._child.pid).children(recursive=True)

    def strike(self, how: int) -> None:
        """Send a signal to everything that serves a client."""
        for process in self.serving():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(how)

    def close(self) -> None:
        for process in [*self.serving(), psutil.Process(self._child.pid)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._child.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
