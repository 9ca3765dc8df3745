# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A process that keeps what pages free gets the next page without the system clearing memory for it; its threads share
what is kept, and it goes back to the system when it is no longer wanted."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from digitizer_desk import memory

_PAGES = """
import resource, sys
import numpy as np
from digitizer_desk import memory
if sys.argv[1] == "kept" and not memory.keep_freed():
    sys.exit(3)
def turn():
    pages = [np.full((3508, 2480, 3), 255, np.uint8) for _ in range(3)]
    return [page.sum() for page in pages]
turn()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(4):
    turn()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _faults(way: str) -> int:
    done = subprocess.run([sys.executable, "-c", _PAGES, way], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip("this system's C library cannot be told")
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_the_next_page_gets_the_memory_of_the_last_one() -> None:
    plain, kept = _faults("plain"), _faults("kept")
    assert kept * 10 < plain, (kept, plain)


_THREADS = """
import threading
import numpy as np
from digitizer_desk import memory
def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
if not memory.keep_freed():
    raise SystemExit(3)
def turn():
    pages = [np.full((3508, 2480, 3), 255, np.uint8) for _ in range(2)]
    return [page.sum() for page in pages]
# all eight live, and each has its pages in its turn: no two have pages at once
gate = [threading.Event() for _ in range(9)]
def worker(number):
    gate[number].wait()
    turn()
    gate[number + 1].set()
    gate[8].wait()
threads = [threading.Thread(target=worker, args=(number,)) for number in range(8)]
before = rss()
for thread in threads:
    thread.start()
gate[0].set()
for thread in threads:
    thread.join()
kept = rss() - before
memory.give_back()
print(kept // 1_000_000, (rss() - before) // 1_000_000)
"""


def test_threads_share_what_is_kept_and_it_goes_back_when_the_stack_ends() -> None:
    done = subprocess.run([sys.executable, "-c", _THREADS], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip("this system's C library cannot be told")
    assert done.returncode == 0, done.stderr
    kept, left = map(int, done.stdout.split())
    assert kept < 4 * 26, "eight threads keep the pages of two, not of sixteen"
    assert left < 26


def test_nothing_is_collected_while_a_start_goes_on_and_what_was_set_before_holds_after() -> None:
    assert gc.isenabled()
    with memory.unswept():
        assert not gc.isenabled()
        with memory.unswept():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()

    def broken() -> None:
        with memory.unswept():
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        broken()
    assert gc.isenabled()
