# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Run by a Windows Python: a job ends a host and what the host has started; let go, it leaves that alone."""

from __future__ import annotations

import ctypes
import subprocess
import sys

from digitizer_desk.devices.windows.job import Job

SLEEPER = "import time; time.sleep(120)"
HOST = (
    "import subprocess, sys\n"
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}])\n"
    "print(child.pid, flush=True)\n"
    "sys.stdin.readline()\n"
)
SYNCHRONIZE, WAIT_TIMEOUT = 0x00100000, 0x102


def gone(handle: int, milliseconds: int) -> bool:
    return ctypes.windll.kernel32.WaitForSingleObject(ctypes.c_void_p(handle), milliseconds) != WAIT_TIMEOUT


def grandchild_gone(*, end: bool) -> bool:
    host = subprocess.Popen([sys.executable, "-c", HOST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    job = Job(host.pid)
    grandchild = int(host.stdout.readline())
    ctypes.windll.kernel32.OpenProcess.restype = ctypes.c_void_p
    handle = ctypes.windll.kernel32.OpenProcess(SYNCHRONIZE | 1, False, grandchild)
    if end:
        job.end()
        host.wait(20)
        job.let_go()
        return gone(handle, 5000)
    host.stdin.write("\n")
    host.stdin.close()
    host.wait(20)
    job.let_go()
    left = not gone(handle, 500)
    ctypes.windll.kernel32.TerminateProcess(ctypes.c_void_p(handle), 0)
    return not left


if __name__ == "__main__":
    print(f"ended together: {grandchild_gone(end=True)}; left alone: {not grandchild_gone(end=False)}")
