# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A desk of its own that sends until nothing waits, in the hurry of somebody who keeps pressing "gửi ngay": run, and
killed, by ``test_bad_line``. Ends with 1 when a parcel needs a person.

PYTHONPATH=src:tests python -m flow.send_child
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from digitizer_desk import assemble
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import send


def main() -> int:
    with assemble.opened(DeskPaths(Path(os.environ["DIGITIZER_DESK_DATA"]))) as desk:
        while (counts := desk.cabinet.outbox.counts()).waiting or counts.sending:
            send.send_now(desk, "test")
            if not send.deliver_due(desk, lambda _event: None, lambda: False).accepted:
                time.sleep(0.02)  # the line is down
        return 1 if counts.attention else 0


if __name__ == "__main__":
    sys.exit(main())
