# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal's front door: which commands there are, and the window when none is named."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

import digitizer_desk
from digitizer_desk.cli import files, machines, pages, queue, scanning, signatures
from digitizer_desk.cli.agency import results
from digitizer_desk.cli.card import keys
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.incoming import packs, waiting
from digitizer_desk.cli.outgoing import aftercare
from digitizer_desk.cli.reports import monthly
from digitizer_desk.cli.speak import failing, say

#: what a shell expects of a program that Ctrl+C ended
_INTERRUPTED = 130


def run(argv: Sequence[str], doors: Doors) -> int:
    """Run one command. Returns the exit code: 0 good, 1 findings, 2 usage or input, 3 device and the like, 130 ^C."""
    program = typer.Typer(
        add_completion=False,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        help="Bàn số hóa: quét, kiểm tra, ký số và gửi hồ sơ tại Bộ phận Một cửa.",
    )

    @program.callback(invoke_without_command=True)
    def front(
        context: typer.Context,
        version: Annotated[bool, typer.Option("--version", help="In phiên bản rồi thoát")] = False,
    ) -> None:
        if version:
            say(digitizer_desk.__version__)
            raise typer.Exit
        if context.invoked_subcommand is None:
            with failing():
                raise typer.Exit(doors.window())

    @program.command(help="Bàn tập huấn: máy quét ảo, token mềm, tỉnh mô phỏng; không cần thiết bị")
    def train(
        headless: Annotated[
            bool, typer.Option("--headless", help="Không mở cửa sổ, tự diễn một buổi làm việc")
        ] = False,
        data: Annotated[Path | None, typer.Option("--data", help="Thư mục dữ liệu tập huấn")] = None,
        seed: Annotated[int, typer.Option("--seed", help="Số để buổi diễn lặp lại y hệt")] = 1,
    ) -> None:
        with failing():
            raise typer.Exit(doors.train(data, seed, headless))

    machines.add(program, doors)
    keys.add(program, doors)
    scanning.add(program, doors)
    pages.add(program, doors)
    files.add(program, doors)
    signatures.add(program, doors)
    queue.add(program, doors)
    results.add(program, doors)
    monthly.add(program, doors)
    aftercare.add(program, doors)
    waiting.add(program, doors)
    packs.add(program, doors)
    try:
        result = program(args=list(argv), standalone_mode=False, prog_name="digitizer-desk")
    except typer.Exit as leaving:
        return leaving.exit_code
    except Exception as problem:
        # click's usage errors know how to print themselves; anything else is a bug and must be seen
        show, code = getattr(problem, "show", None), getattr(problem, "exit_code", None)
        if show is None or code is None:
            raise
        show()
        return 2
    if result == _INTERRUPTED:
        sys.stderr.write("Đã dừng.\n")
    return result if isinstance(result, int) else 0
