# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The terminal command ``incoming``: what the province has for this desk, fetched and told."""

from __future__ import annotations

from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, table, tell
from digitizer_desk.desk import Desk
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages.incoming import decision_words, fetched_words, line_state
from digitizer_desk.steps.incoming import sync, waiting

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]

#: no failure: this kind of province has no such thing
_NOT_THERE = "province.not_offered"


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Hồ sơ chờ ở quầy, quyết định của tỉnh, gói quy định: lấy về rồi liệt kê")
    def incoming(
        find: Annotated[str, typer.Option("--find", help="Chỉ hồ sơ có những chữ này, không cần dấu")] = "",
        kept: Annotated[bool, typer.Option("--kept", help="Không hỏi tỉnh, chỉ xem danh sách đang giữ")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            looked = sync.Looked() if kept else sync.look(desk)
            _tell_news(looked, as_json)
            _tell_list(desk, find, as_json)
            code = ExitCode()
            for why in dict.fromkeys(why for _name, why in looked.codes if why != _NOT_THERE):
                code.add(tell(error(why, **dict.fromkeys(CODES[why], ""))))
            code.leave()


def _tell_news(looked: sync.Looked, as_json: bool) -> None:
    for one in looked.decided:
        if as_json:
            emit({"decision": one.kind.value, "parcel": one.parcel_id, "said": one.said, "code": one.result_code})
        else:
            say(decision_words(one))
    for taken in looked.packs:
        if as_json:
            emit({"pack": taken.pack.id, "sequence": taken.pack.sequence})
        else:
            say(f"Đã nhận gói «{taken.pack.title}» số {taken.pack.sequence}.")


def _tell_list(desk: Desk, find: str, as_json: bool) -> None:
    found = waiting.listed(desk, find)
    if as_json:
        for line in found.lines:
            one = line.dossier
            emit({"code": one.code, "procedure": one.procedure, "parts": len(one.parts),
                  "opened": bool(line.dossier_id), "withdrawn": line.withdrawn_at is not None,
                  "said": line.said})  # fmt: skip
        return
    say(fetched_words(found.fetched_at))
    rows = [
        (line.dossier.code, line.dossier.applicant.name, line.dossier.procedure_title, line_state(line)[1])
        for line in found.lines
    ]
    if rows:
        table("Hồ sơ chờ ở quầy", ("Mã hồ sơ", "Chủ hồ sơ", "Thủ tục", ""), rows)
