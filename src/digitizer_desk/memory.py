# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What becomes of memory that was freed.

Apart because it is said once for a whole process, at its start. A page is 26 MB and gone a moment later; given back to
the system each time, every new page is cleared and mapped anew, which costs a sixth of all the work on it.
"""

from __future__ import annotations

import ctypes
import sys

#: parameters of mallopt(3), glibc
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
#: pieces up to this many bytes come from kept memory (the most glibc takes); so much of it may lie idle
_PIECE, _IDLE = 32 << 20, 256 << 20


def keep_freed() -> bool:
    """Let this process keep what its pages free, for the next page. True where the system's library can be told so."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        tell = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(tell(_MMAP_THRESHOLD, _PIECE)) and bool(tell(_TRIM_THRESHOLD, _IDLE))
