# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Begin and end of each act in the log, with its time: what a help desk reads, and what a crash test aims at.

Apart because every step writes them alike. Names and ids only: no person, no number of a paper, no file content.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from digitizer_desk.desk import Desk


@contextmanager
def act(desk: Desk, name: str, subject: str) -> Iterator[None]:
    """Log ``begin NAME SUBJECT``, then ``end`` with milliseconds, or ``failed`` with the kind of failure."""
    started = time.perf_counter()
    desk.log.info("begin %s %s", name, subject)
    try:
        yield
    except BaseException as problem:
        desk.log.info("failed %s %s %s", name, subject, type(problem).__name__)
        raise
    desk.log.info("end %s %s %.0f ms", name, subject, (time.perf_counter() - started) * 1000)
