# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A process that keeps what pages free gets the next page without the system clearing memory for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
