# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The sheet of facts a help desk asks for: versions, machines, sizes, queue, the last failures by their codes.

Apart from the looks (what to do) because this is read by somebody who is not here: it names no person, no dossier, no
address and no serial number, whatever lies in the settings or in the log.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

import digitizer_desk
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import CODES, DeskError
from digitizer_desk.messages.form import text_of
from digitizer_desk.store.sql.database import SCHEMA

_LIBRARIES = ("PySide6", "pyHanko", "pikepdf", "SQLAlchemy", "python-pkcs11")
#: how many codes of failures are told, the latest first
_MOST = 12
_LOG_LINE = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3} (?P<level>ERROR|WARNING) (?P<text>.*)")
_CODE = re.compile(r"\b[a-z]+\.[a-z_0-9]+\b")
_BUG = re.compile(r"\bbug ([0-9A-F]{4})\b")


@dataclass(frozen=True, slots=True)
class Failure:
    """A code of :data:`errors.CODES`, or the number of a bug; how often the log has it, and when last (local time)."""

    code: str
    times: int
    last: datetime


def failures(log: Iterable[str]) -> tuple[Failure, ...]:
    """The failures in these lines of the log, the latest first. Only known codes and bug numbers are taken out."""
    found: dict[str, Failure] = {}
    for line in log:
        match = _LOG_LINE.match(line)
        if match is None:
            continue
        at = datetime.fromisoformat(match["at"])
        for code in dict.fromkeys(_codes(match["text"])):
            before = found.get(code)
            found[code] = Failure(code, before.times + 1 if before else 1, at)
    return tuple(sorted(found.values(), key=lambda failure: failure.last, reverse=True))


def _codes(text: str) -> Iterator[str]:
    yield from (code for code in _CODE.findall(text) if code in CODES)
    yield from (f"trục trặc {number}" for number in _BUG.findall(text))


def facts_sheet(desk: Desk, scanners: Sequence[str] | None = None) -> str:
    """The whole sheet, lines of text. Asks the token, so it is for its lane; ``scanners``: what
    :func:`scanner_rows` gave on the scanner's (None = asked here)."""
    lines = ["PHIẾU THÔNG TIN MÁY · Bàn số hóa", f"Lập lúc {text_of(datetime.now(VIETNAM))}", ""]
    for title, rows in (
        ("Phiên bản", lambda: _versions(desk)),
        ("Máy quét", lambda: scanner_rows(desk) if scanners is None else scanners),
        ("USB Token", lambda: _tokens(desk)),
        ("Kho dữ liệu", lambda: _cabinet(desk)),
        ("Hàng chờ gửi", lambda: _queue(desk)),
        ("Lỗi gần đây", lambda: _failed(desk.paths.logs)),
    ):
        lines += [title.upper(), *(f"  {row}" for row in _asked(rows)), ""]
    lines.append("Phiếu không có tên người, số giấy tờ, số sê-ri, địa chỉ mạng hay mã PIN.")
    return "\n".join(lines) + "\n"


def _asked(rows: Callable[[], Sequence[str]]) -> Sequence[str]:
    try:
        return rows()
    except DeskError as problem:
        return (problem.code,)


def _versions(desk: Desk) -> Sequence[str]:
    law = desk.law_today()
    return (
        f"Chương trình {digitizer_desk.__version__}, kho bậc {SCHEMA}" + (", bàn tập huấn" if desk.training else ""),
        f"Hệ điều hành {platform.system()} {platform.release()} {platform.machine()}",
        f"Python {platform.python_version()}",
        ", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES),
        f"Quy định {law.id}",
    )


def scanner_rows(desk: Desk) -> Sequence[str]:
    """The scanners by backend and manifest; maker and model only where the driver says them: a name typed at this desk
    may be anything.

    Raises:
        DeskError: ``scanner.*``, ``manifest.*``.
    """
    typed = {scanner.name for scanner in desk.settings.network_scanners}
    rows = []
    for found in desk.scanner.find():
        said = f"{found.vendor} {found.model}".strip()
        known = said if said and not any(name and name in said for name in typed) else "máy mạng"
        here = ", đang dùng" if found.id == desk.settings.scanner.id else ""
        rows.append(f"{known}, {found.backend}, mô tả {found.manifest}{here}")
    chosen = desk.settings.scanner
    rows.append(f"Nguồn giấy {chosen.source or 'theo loại việc'}, độ phân giải {chosen.dpi or 'theo loại việc'}")
    return rows


def _tokens(desk: Desk) -> Sequence[str]:
    rows = []
    for certificate in desk.token.certificates():
        token = certificate.token
        left = (certificate.not_after - datetime.now(VIETNAM)).days
        rows.append(f"{token.manufacturer} {token.model}, mô tả {token.manifest}, khóa {certificate.key_kind}")
        rows.append(f"Chứng thư còn {left} ngày" + (", token đã khóa" if token.pin.locked else ""))
    return rows or ("Không có token hoặc chứng thư ký",)


def _cabinet(desk: Desk) -> Sequence[str]:
    files = [file for file in desk.cabinet.folder.rglob("*") if file.is_file()]
    size = sum(_size(file) for file in files)
    chain = desk.cabinet.journal.check()
    whole = "nguyên vẹn" if chain.ok else f"sai từ dòng {chain.first_bad}"
    kept = "đã đặt" if desk.settings.backup.folder else "chưa đặt"
    return f"{len(files)} tệp, {size / 1e6:.0f} MB", f"Nhật ký {chain.count} dòng, {whole}", f"Nơi sao lưu {kept}"


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # went while we looked
        return 0


def _queue(desk: Desk) -> Sequence[str]:
    counts = desk.cabinet.outbox.counts()
    told = f"Chờ {counts.waiting}, đang gửi {counts.sending}, tỉnh đã nhận {counts.accepted}"
    return f"{told}, cần xử lý {counts.attention}", "Đã nối với tỉnh" if desk.link else "Chưa nối với tỉnh"


def _failed(logs: Path) -> Sequence[str]:
    """From the log of this desk, older pieces first."""
    files = sorted(logs.glob("desk.log*"), key=lambda file: file.name, reverse=True)
    lines = (line for file in files for line in file.read_text("utf-8", "replace").splitlines())
    found = failures(lines)[:_MOST]
    return [f"{f.code}: {f.times} lần, gần nhất {text_of(f.last.replace(tzinfo=VIETNAM))}" for f in found] or (
        "Không có",
    )
