# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far long work on files has come: a bar with its rate and the time left, on the terminal's error stream alone.

Apart from the command because nothing of this may reach a pipe, a file or another program.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: fewer files than this are done before a bar could be read
_WORTH_A_BAR = 3


@contextmanager
def told_on_terminal(total: int, *, silent: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar for ``total`` files while the block runs; gives what is called with the pages of each file done.

    Nothing is shown when ``silent``, when stderr is no terminal, or for a handful of files.
    """
    if silent or total < _WORTH_A_BAR or not sys.stderr.isatty():
        yield lambda _pages: None
        return
    pages = 0
    columns = (
        TextColumn("Kiểm tra"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("tệp · {task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False, transient=True) as bar:
        task = bar.add_task("", total=total, rate="")

        def done(more: int) -> None:
            nonlocal pages
            pages += more
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{pages / elapsed * 60:.0f} trang/phút · còn" if elapsed > 1 else ""
            bar.update(task, advance=1, rate=rate)

        yield done
