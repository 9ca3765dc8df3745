# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which TWAIN workers this machine has: the same program run by a 64-bit and by a 32-bit Python.

Apart from the client because most vendors' sources exist in one bitness only, and only a worker of that one loads them.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TwainWorker:
    """One worker: ``command`` starts it, ``env`` is added to its environment."""

    bits: int
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


def find_workers(
    program: Path, chosen: Mapping[int, str], *, windows: bool, own_python: str = ""
) -> tuple[TwainWorker, ...]:
    """The workers there are, 64-bit first.

    ``program`` is the worker's folder. On Windows ``chosen`` names the Python for a bitness; without one, that of the
    folder (``python-64``, ``python-32``) is used, then ``own_python``, the 64-bit Python this desk runs on ('' when it
    is frozen). Elsewhere TWAIN does not exist, and ``chosen`` is the whole command of a launcher, as under Wine.
    """
    found: list[TwainWorker] = []
    for bits in (64, 32):
        if not windows:
            command = tuple(shlex.split(chosen.get(bits, "")))
            if command:
                found.append(TwainWorker(bits, command))
            continue
        candidates = [chosen.get(bits, ""), str(program / f"python-{bits}" / "python.exe")]
        python = _first_file([*candidates, own_python if bits == 64 else ""])
        if python and (program / "__main__.py").is_file():
            # -I: neither PYTHONPATH nor a user's own packages, which may be of the other bitness
            found.append(TwainWorker(bits, (python, "-I", str(program))))
    return tuple(found)


def _first_file(candidates: Sequence[str]) -> str:
    return next((name for name in candidates if name and Path(name).is_file()), "")
