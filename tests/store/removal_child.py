# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A cabinet that lets copies leave and is killed at a chosen line of it: run by ``test_removal``.

PYTHONPATH=src:tests python -m store.removal_child FOLDER LINE   (LINE 0: live, and print how many lines there were)
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import open_vault
from store.room import Clock
from store.samples import START

#: code in which each line is a place to die
_AIMED = ("/store/tray/removal.py", "/store/files/shelf.py", "/store/disk.py", "/durable.py", "/store/journal.py")


def main(folder: Path, key: Path, line: int) -> None:
    clock = Clock(START + timedelta(days=100))
    cabinet = open_cabinet(folder, open_vault(folder, FileKeeper(key)), clock)
    passed = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal passed
        if not any(aim in frame.f_code.co_filename for aim in _AIMED):
            return None
        if event == "line":
            passed += 1
            if passed == line:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)
    cabinet.removal.remove("d1", "desk")
    sys.settrace(None)
    print(passed)
    cabinet.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
