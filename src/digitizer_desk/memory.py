# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of memory that was freed.

Apart because it is said once for a whole process, at its start. A page is 26 MB and gone a moment later; given back to
the system each time, every new page is cleared and mapped anew, which costs a sixth of all the work on it.

All threads share one heap. Left alone, glibc gives each its own, and the room that one thread's page leaves in there is
of no use to the next thread: with eight of them half of 800 MB was such room, and which half was chance.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: parameters of mallopt(3), glibc
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _HEAPS = -1, -3, -8
#: pieces up to this many bytes come from kept memory (the most glibc takes); so much of it may lie idle
_PIECE, _IDLE = 32 << 20, 256 << 20


def keep_freed() -> bool:
    """Let this process keep what its pages free, for the next page. True where the system's library can be told so."""
    if not sys.platform.startswith("linux"):
        return False
    wanted = ((_MMAP_THRESHOLD, _PIECE), (_TRIM_THRESHOLD, _IDLE), (_HEAPS, 1))
    try:
        tell = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return all(bool(tell(what, value)) for what, value in wanted)


def give_back() -> bool:
    """Return to the system what lies idle: the stack has ended, and the next one may be an hour away. True where the
    system's library can be told so and had any."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library
        return False
    return bool(trim(0))


@contextmanager
def unswept() -> Iterator[None]:
    """Nothing is collected meanwhile. What a start imports and builds stays, and walking it over and over again is a
    twentieth of the start; and nothing that others walk may go under their hands."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
