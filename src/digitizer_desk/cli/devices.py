# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What ``devices`` prints: scanners and tokens seen, the search of everything, a scanner's options for a bug report.

Apart from ``machines.py``, which registers the commands.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any

import digitizer_desk
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, table, tell
from digitizer_desk.devices.scanner import BackendAsked, Capabilities, DriverOption, Examined, Scanner, ScannerInfo
from digitizer_desk.devices.token import TokenInfo
from digitizer_desk.errors import DeskError, error

#: a backend that takes longer than this asks the network, and is named
_SLOW_SECONDS = 1.0


def list_devices(doors: Doors, as_json: bool, everywhere: bool) -> None:
    """Scanners of the backends manifests name, or of every backend; and all tokens plugged in."""
    code = ExitCode()
    rows: list[tuple[str, str, str, str, str]] = []
    notes: dict[str, str] = {}
    asked: list[BackendAsked] = []
    try:
        for scanner in _search(doors.scanner(), everywhere, asked):
            name = f"{scanner.vendor} {scanner.model}".strip()
            rows.append(("máy quét", name, scanner.id, scanner.manifest, "một phần" if scanner.tested else "chưa"))
            notes[scanner.manifest] = scanner.untested
            if as_json:
                emit(_scanner(scanner))
    except DeskError as problem:
        code.add(tell(problem))
    try:
        with closing(doors.token(None)) as reader:
            plugged = reader.tokens()
        for token in plugged:
            rows.append(("token", token.label, token.serial, token.manifest, ""))
            if as_json:
                emit(_token(token))
    except DeskError as problem:
        code.add(tell(problem))
    if as_json:
        for report in asked:
            emit({"kind": "backend", **asdict(report), "seconds": round(report.seconds, 2)})
    else:
        table("Thiết bị", ("Loại", "Tên", "Mã", "Tệp mô tả", "Đã thử"), rows)
        for manifest, untested in notes.items():
            say(f"{manifest}: chưa thử: {untested}")
        _tell_nothing(rows, everywhere)
        _tell_slow(asked)
    code.leave()


def _search(scanner: Scanner, everywhere: bool, asked: list[BackendAsked]) -> tuple[ScannerInfo, ...]:
    if not (everywhere and isinstance(scanner, Examined)):
        return scanner.find(everywhere=everywhere)

    def told(report: BackendAsked) -> None:
        asked.append(report)
        if sys.stderr.isatty():
            sys.stderr.write(f"\rĐã hỏi {len(asked)} trình điều khiển ({report.backend}) … ")

    found = scanner.search(told)
    if sys.stderr.isatty():
        sys.stderr.write("\r\n")
    return found


def _tell_nothing(rows: list[tuple[str, str, str, str, str]], everywhere: bool) -> None:
    if not rows:
        say("Không thấy máy quét hay token nào. Kiểm tra dây, nguồn và trình điều khiển.")
    if not everywhere and not any(row[0] == "máy quét" for row in rows):
        say("Mới hỏi các trình điều khiển có tệp mô tả. Muốn hỏi tất cả (chậm): digitizer-desk devices --all")


def _tell_slow(asked: list[BackendAsked]) -> None:
    slow = [report for report in asked if report.code or report.seconds >= _SLOW_SECONDS]
    if slow:
        rows = [(report.backend, f"{report.seconds:.1f}", str(report.found), report.code) for report in slow]
        table("Trình điều khiển chậm hoặc hỏng", ("Tên", "Giây", "Máy thấy", "Lỗi"), rows)


def _scanner(scanner: ScannerInfo) -> dict[str, Any]:
    return {
        "kind": "scanner",
        "id": scanner.id,
        "vendor": scanner.vendor,
        "model": scanner.model,
        "backend": scanner.backend,
        "manifest": scanner.manifest,
        "tested": scanner.tested,
        "untested": scanner.untested,
    }


def _token(token: TokenInfo) -> dict[str, Any]:
    return {
        "kind": "token",
        "label": token.label,
        "serial": token.serial,
        "module": token.module,
        "manufacturer": token.manufacturer,
        "model": token.model,
        "manifest": token.manifest,
        "pin": {
            "count_low": token.pin.count_low,
            "final_try": token.pin.final_try,
            "locked": token.pin.locked,
        },
    }


def show_options(doors: Doors, scanner_id: str, as_json: bool) -> None:
    """Everything a bug report on this scanner needs: what it can do, and each option of its driver. No paper moves."""
    with failing():
        scanner = doors.scanner()
        if not isinstance(scanner, Examined):
            raise error("scanner.refused", "no such list", option="danh sách tùy chọn", page=1, kept=0)
        options = scanner.options(scanner_id)
        able = scanner.capabilities(scanner_id)
    if as_json:
        emit({"kind": "options", "device": scanner_id, "program": digitizer_desk.__version__, **_able(able)})
        for option in options:
            emit({"option": option.name, **{key: value for key, value in asdict(option).items() if key != "name"}})
        return
    table(f"{scanner_id}: tệp mô tả {able.manifest}", ("", "Giá trị"), list(_able_words(able).items()))
    table("Tùy chọn của trình điều khiển", ("Tên", "Loại", "Nhận", "Đang là", "Dùng được"), [*map(_row, options)])


def _able(able: Capabilities) -> Mapping[str, Any]:
    told = asdict(able)
    del told["scanner"]
    return told


def _able_words(able: Capabilities) -> dict[str, str]:
    ways = []
    for way in able.ways:
        size = f", tới {way.sheet_mm[0]:g} × {way.sheet_mm[1]:g} mm" if way.sheet_mm else ""
        ways.append(f"{way.source.value} ({', '.join(mode.value for mode in way.modes)}{size})")
    flags = {
        "phát hiện kẹp hai tờ": able.double_feed,
        "quét quá mép": able.overscan,
        "theo chiều dài giấy": able.auto_length,
        "máy tự xoay thẳng": able.hardware_deskew,
        "máy tự cắt": able.hardware_crop,
        "chỉnh được mức trắng": able.clips_background,
        "cảm biến giấy": able.paper_sensor,
        "cảm biến nắp": able.cover_sensor,
        "bộ đếm": able.counter,
    }
    return {
        "nguồn giấy": "; ".join(ways) or "không rõ",
        "có": ", ".join(name for name, there in flags.items() if there) or "–",
        "không có": ", ".join(name for name, there in flags.items() if not there) or "–",
        "nền sau giấy": ", ".join(backing.value for backing in able.backings) or "không chọn được",
        "nút bấm": ", ".join(able.buttons) or "–",
    }


def _row(option: DriverOption) -> tuple[str, str, str, str, str]:
    takes = ""
    if option.choices is not None:
        takes = " | ".join(f"{choice:g}" if isinstance(choice, float) else str(choice) for choice in option.choices)
    elif option.limits is not None:
        takes = f"{option.limits[0]:g} … {option.limits[1]:g}"
        takes += f", bước {option.limits[2]:g}" if option.limits[2] else ""
    value = f"{option.value:g}" if isinstance(option.value, float) else str(option.value)
    kind = f"{option.kind}[{option.count}]" if option.count > 1 else option.kind
    return (
        option.name,
        kind,
        f"{takes} {option.unit}".strip(),
        "" if option.value is None else value,
        ", ".join(option.abilities) if option.active else "đang ẩn",
    )
