# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How the terminal speaks: JSON lines or tables on stdout, ``CODE: câu`` on stderr, exit codes that add up.

Apart because every command must do it alike.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from digitizer_desk.errors import DeskError, error
from digitizer_desk.messages import sentence

#: families whose failure is a device, token, province or disk (exit 3); the rest is input (exit 2)
_OUTSIDE = ("scanner", "token", "province", "store", "signature", "program")
#: but for these: what was typed, or not typed, is at fault
_TYPED = ("scanner.address_bad", "signature.no_room")


def emit(value: dict[str, Any]) -> None:
    """One JSON object on one line of stdout."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A line for a person, on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(problem: DeskError) -> int:
    """Print a failure as ``CODE: câu tiếng Việt`` on stderr; returns the exit code it stands for."""
    sys.stderr.write(f"{problem.code}: {sentence(problem)}\n")
    return 3 if problem.code.partition(".")[0] in _OUTSIDE and problem.code not in _TYPED else 2


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table for a person, on stdout."""
    sheet = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        sheet.add_column(column)
    for row in rows:
        sheet.add_row(*row)
    Console(soft_wrap=not sys.stdout.isatty()).print(sheet)


@contextmanager
def failing() -> Iterator[None]:
    """Turn a DeskError into its sentence and exit code; so too what the system says of a place nobody may use."""
    try:
        yield
    except DeskError as problem:
        raise typer.Exit(tell(problem)) from problem
    except (PermissionError, NotADirectoryError, IsADirectoryError, FileNotFoundError) as problem:
        said = error("store.no_access", type(problem).__name__, folder=str(problem.filename or ""))
        raise typer.Exit(tell(said)) from problem


class ExitCode:
    """The worst of the codes met so far: 3 over 2 over 1 over 0."""

    def __init__(self) -> None:
        self.value = 0

    def add(self, code: int) -> None:
        self.value = max(self.value, code)

    def leave(self) -> None:
        """End the command with what was met."""
        if self.value:
            raise typer.Exit(self.value)
