# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A host's faults as the desk's errors, with the facts their words need.

Apart because every kind of scanner host speaks of them in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digitizer_desk.devices.process import HostGone
from digitizer_desk.devices.scanner import Mode, ScanSettings, Source
from digitizer_desk.errors import CODES, DeskError, error

#: seconds before a busy or warming scanner is tried again
PAUSE = 5.0


def end_words(problem: HostGone) -> str:
    code = problem.exit_code
    return f"signal {-code}" if code is not None and code < 0 else f"exit {code}"


#: the desk's words for what a scanner may refuse, as the clerk knows them from the settings
_SOURCE_WORDS = {
    Source.FLATBED: "mặt kính",
    Source.FEEDER: "khay nạp một mặt",
    Source.FEEDER_DUPLEX: "khay nạp hai mặt",
}
_MODE_WORDS = {Mode.COLOR: "màu", Mode.GRAY: "xám", Mode.BW: "đen trắng"}


def option_words(option: str, want: ScanSettings) -> str:
    """``option`` as the host names it, in Vietnamese with the value asked for."""
    width, height = want.sheet_mm
    words = {
        "source": f"nguồn giấy ({_SOURCE_WORDS[want.source]})",
        "mode": f"chế độ màu ({_MODE_WORDS[want.mode]})",
        "dpi": f"độ phân giải ({want.dpi} dpi)",
        "depth": f"chế độ màu ({_MODE_WORDS[want.mode]})",
        "sheet": f"khổ giấy ({width:g} x {height:g} mm)",
        "transfer": "cách truyền ảnh không nén",
        "blank": "không tự bỏ trang trắng",
        "ui": "quét không hiện cửa sổ của hãng",
    }
    return words.get(option, option or "cài đặt quét")


def fault_of(message: Mapping[str, Any], kept: int, want: ScanSettings | None = None) -> DeskError:
    """The host's fault as our error; a code this desk does not know becomes ``scanner.unknown``."""
    code = str(message["code"])
    if code not in CODES or not code.startswith("scanner."):
        code = "scanner.unknown"
    facts = dict(message.get("facts", {}))
    if code == "scanner.refused":
        option = str(facts.get("option", ""))
        facts["option"] = option_words(option, want) if want else option
    elif code == "scanner.busy":
        facts["seconds"] = round(PAUSE)
    elif code == "scanner.driver_missing":
        facts.setdefault("driver", "SANE")
    facts |= {"page": kept + 1, "kept": kept}
    if not facts.keys() >= set(CODES[code]):
        # a code that no host has the words for
        code = "scanner.unknown"
    return error(code, str(message.get("detail", "")), **facts)
