# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Asks a host which scanners there are, until it has told them all.

Apart from following batches because nothing is scanned here and the whole search has one time limit.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from digitizer_desk.devices.process import HostGone, HostProcess, HostSilent
from digitizer_desk.devices.watching.faults import end_words, fault_of
from digitizer_desk.errors import error


def find_devices(host: HostProcess, seconds: float) -> list[Mapping[str, Any]]:
    """The ``device`` messages of a search, for ``seconds`` in all; the host is gone after it.

    Raises:
        DeskError: ``scanner.stuck``, ``scanner.crashed``, or the host's own fault.
    """
    found: list[Mapping[str, Any]] = []
    deadline = time.monotonic() + seconds
    try:
        host.send("find")
        while True:
            message, _ = host.receive(max(0.0, deadline - time.monotonic()))
            if message.get("event") == "device":
                found.append(message)
            elif message.get("event") == "fault":
                raise fault_of(message, 0)
            elif message.get("event") == "found":
                return found
    except HostSilent as problem:
        raise error("scanner.stuck", "search", page=1, kept=0) from problem
    except HostGone as problem:
        raise error("scanner.crashed", f"search, {end_words(problem)}", page=1, kept=0) from problem
    finally:
        host.kill()
