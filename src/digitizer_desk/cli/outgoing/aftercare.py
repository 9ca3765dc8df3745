# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands for what comes after sending: ``retention`` and ``incident``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import emit, failing, say, table
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.messages.outbox import copies_held
from digitizer_desk.steps.outgoing import retention as keeping
from digitizer_desk.steps.outgoing.incident import Incident, write_incident

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]
_BY = "terminal"


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Bản lưu trên máy của hồ sơ tỉnh đã nhận: khi nào xóa; --now xóa các bản đã đến hạn")
    def retention(
        now: Annotated[bool, typer.Option("--now", help="Xóa các bản đã đến hạn")] = False, as_json: AsJson = False
    ) -> None:
        with failing(), doors.open_desk() as desk:
            if now:
                _remove(desk, as_json)
            else:
                _tell(desk, as_json)

    @program.command(help="Gói sự cố: nhật ký, trạng thái, mã băm; có tên người chỉ khi mã hóa cho nơi nhận")
    def incident(
        to: Annotated[Path, typer.Option("--to", help="Tệp .zip mới")],
        since: Annotated[datetime | None, typer.Option("--since", help="Từ lúc (giờ Việt Nam)")] = None,
        until: Annotated[datetime | None, typer.Option("--until", help="Đến trước lúc (giờ Việt Nam)")] = None,
        dossier: Annotated[
            list[str] | None, typer.Option("--dossier", help="Chỉ hồ sơ này; dùng được nhiều lần")
        ] = None,
        encrypt_to: Annotated[
            Path | None, typer.Option("--encrypt-to", help="Thêm tên người, mã hóa cho chứng thư này")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        about = Incident(_here(since), _here(until), tuple(dossier or ()))
        with failing(), doors.open_desk() as desk:
            told = write_incident(desk, to, _BY, about, encrypt_to)
        if as_json:
            emit({"file": str(to), "lines": told.lines, "dossiers": told.dossiers, "people": told.people})
        else:
            people = "có tên người, chỉ nơi nhận mở được" if told.people else "không có tên người"
            say(f"Đã ghi {to}: {told.lines} dòng nhật ký, {told.dossiers} hồ sơ, {people}.")


def _here(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=VIETNAM) if moment is not None and moment.tzinfo is None else moment


def _tell(desk: Desk, as_json: bool) -> None:
    found = keeping.leaving(desk)
    if as_json:
        for one in found:
            emit(
                {
                    "dossier": one.code,
                    "confirmed_at": one.confirmed_at.isoformat(),
                    "leaves_at": one.leaves_at.isoformat(),
                    "files": one.files,
                    "bytes": one.size,
                    "in_review": one.in_review,
                }
            )
        return
    if not desk.settings.retention.days:
        say("Cài đặt giữ mọi bản lưu trên máy ([retention] days = 0).")
        return
    rows = [
        (
            one.code,
            f"{one.confirmed_at:%d/%m/%Y}",
            "sau khi kiểm tra" if one.in_review else f"{one.leaves_at:%d/%m/%Y}",
            f"{one.size / 1e6:.1f} MB".replace(".", ","),
        )
        for one in found
    ]
    table("Bản lưu trên máy", ("Hồ sơ", "Tỉnh xác nhận", "Xóa khỏi máy", "Dung lượng"), rows)
    _tell_held(desk)


def _remove(desk: Desk, as_json: bool) -> None:
    gone = keeping.remove_due(desk, by=_BY)
    if as_json:
        for dossier_id, left in gone:
            emit({"dossier_id": dossier_id, "files": left.files, "bytes": left.size})
        return
    size = sum(left.size for _id, left in gone)
    say(f"Đã xóa bản lưu của {len(gone)} hồ sơ ({_size(size)}). Biên nhận và mã băm vẫn giữ.")
    _tell_held(desk)


def _tell_held(desk: Desk) -> None:
    held = keeping.held(desk)
    if held is not None:
        say(copies_held(held))


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB".replace(".", ",")
