# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""``keys``: every key of the desk, as a table here or as one sheet to print.

Apart from the machines because it asks none: it works on a computer where nothing was ever set up.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say, table
from digitizer_desk.durable import whole_file


class Size(StrEnum):
    """The sizes of ``ui.card.sizes``, which only the windows may load."""

    A4 = "a4"
    A5 = "a5"
    TWO = "a5x2"


def add(program: typer.Typer, doors: Doors) -> None:
    """Put the command on the program."""

    @program.command(help="Thẻ phím: mọi phím của bàn; --pdf ghi một trang để in")
    def keys(
        pdf: Annotated[Path | None, typer.Option("--pdf", help="Tệp PDF sẽ ghi")] = None,
        size: Annotated[Size, typer.Option("--size", help="a4, a5, hoặc a5x2: hai thẻ A5 trên một tờ A4")] = Size.A4,
        as_json: Annotated[bool, typer.Option("--json", help="Mỗi phím một dòng JSON")] = False,
    ) -> None:
        with failing():
            if pdf is not None:
                with whole_file(pdf) as stream:
                    stream.write(doors.key_card(size.value))
                if not as_json:
                    say(f"Đã ghi {pdf}")
                return
            rows = doors.key_rows()
            if as_json:
                for where, key, name, told in rows:
                    emit({"where": where, "key": key, "name": name, "help": told})
            else:
                table("Thẻ phím", ("Ở đâu", "Phím", "Lệnh", ""), rows)
