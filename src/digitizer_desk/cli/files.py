# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal command ``extract``: data off the paper. Apart from ``pages.py``, which only judges and binds pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import failing
from digitizer_desk.errors import error

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Bóc tách dữ liệu từ ảnh hoặc PDF")
    def extract(path: Annotated[Path, typer.Argument()], as_json: AsJson = False) -> None:
        with failing():
            raise error("program.not_built", what="bóc tách dữ liệu (extract)")
