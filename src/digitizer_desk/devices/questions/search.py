# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The search of everything: every backend the system has switched on is asked, each in a host of its own.

Apart from ``client.py`` because it is an explicit, slow act. One backend that hangs or crashes costs its own answer
only, and it is told which ones were slow: those ask the network and are never part of an everyday search.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from digitizer_desk.devices.scanner import BackendAsked
from digitizer_desk.errors import DeskError, error

Found = TypeVar("Found")

#: hosts at a time: most of them only wait
_AT_ONCE = 4
#: no backend gets longer than this, and all together not longer than that
BACKEND_SECONDS = 15.0
_ALL_SECONDS = 90.0
_NAME = re.compile(r"[A-Za-z0-9_-]+")


def switched_on(folders: Sequence[Path]) -> tuple[str, ...]:
    """The backends named in the first ``dll.conf`` of these folders, and in ``dll.d`` beside it; in their order."""
    for folder in folders:
        main = folder / "dll.conf"
        if main.is_file():
            files = [main, *sorted((folder / "dll.d").glob("*"))]
            names = [
                line.strip()
                for file in files
                if file.is_file()
                for line in file.read_text("utf-8", "replace").splitlines()
            ]
            return tuple(dict.fromkeys(name for name in names if _NAME.fullmatch(name)))
    return ()


def everywhere(
    backends: Sequence[str],
    one: Callable[[str, float], list[Found]],
    told: Callable[[BackendAsked], None] | None = None,
) -> list[Found]:
    """Ask every backend by ``one(backend, seconds)`` and join the answers; ``told`` hears of each as it is done.

    Raises:
        DeskError: ``scanner.driver_missing`` when nothing was found because SANE itself is not there.
    """
    end = time.monotonic() + _ALL_SECONDS

    def asked(backend: str) -> tuple[BackendAsked, list[Found]]:
        begun = time.monotonic()
        found: list[Found] = []
        code = ""
        try:
            if begun >= end:
                raise error("scanner.stuck", "no time left", page=1, kept=0)
            found = one(backend, min(BACKEND_SECONDS, end - begun))
        except DeskError as problem:
            code = problem.code
        return BackendAsked(backend, time.monotonic() - begun, len(found), code), found

    answers: list[Found] = []
    codes: set[str] = set()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="search") as pool:
        for report, found in pool.map(asked, backends):
            answers += found
            codes.add(report.code)
            if told is not None:
                told(report)
    if codes == {"scanner.driver_missing"}:
        raise error("scanner.driver_missing", "search", driver="python-sane, libsane1")
    return answers
