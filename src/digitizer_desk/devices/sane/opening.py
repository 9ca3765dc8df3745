# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Opening a scanner, and what libsane's sentences mean to the desk.

Apart because a batch and a short question open in the same way and must fail in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from glob import glob
from typing import Any

from digitizer_desk.devices.sane.binding import ENDLESS, Binding, Device, SaneTrouble

#: the sentences libsane always uses -> our code
SENTENCES = {
    "Document feeder jammed": "scanner.jam",
    "Scanner cover is open": "scanner.cover_open",
    "Device busy": "scanner.busy",
    "Error during device I/O": "scanner.lost",
    "End of file reached": "scanner.short_page",
    "Invalid argument": "scanner.refused",
    "Operation not supported": "scanner.refused",
    "Access to resource has been denied": "scanner.denied",
    # numbers of SANE 1.06 that libsane 1.2 has no words for
    "Unknown SANE status code 12": "scanner.warming_up",
    "Unknown SANE status code 13": "scanner.busy",
    ENDLESS: "scanner.bad_image",
}
_DRIVER_FOLDERS = ("/usr/lib/*/sane", "/usr/lib/sane", "/usr/lib64/sane", "/usr/local/lib/sane")


class Fault(Exception):
    """What was asked ends here, by this code."""

    def __init__(self, code: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.facts = code, detail, facts


def open_device(binding: Binding, name: str, sentences: Mapping[str, str]) -> Device:
    """Open a scanner by its name, without a search.

    Raises:
        Fault: ``scanner.driver_missing`` when its backend is not installed, else what the sentence means here.
    """
    try:
        return binding.open(name)
    except SaneTrouble as problem:
        backend = name.partition(":")[0]
        if not any(glob(f"{folder}/libsane-{backend}.so*") for folder in _DRIVER_FOLDERS):
            raise Fault("scanner.driver_missing", problem.sentence, driver=f"libsane-{backend}") from problem
        code = sentences.get(problem.sentence, "scanner.offline")
        # at opening these mean: there is no such device now
        code = {"scanner.refused": "scanner.none", "scanner.lost": "scanner.offline"}.get(code, code)
        raise Fault(code, f"open: {problem.sentence}") from problem


def sense(device: Device, name: str) -> int | None:
    """A sensor or counter of the scanner as a number; None when it has none or will not tell."""
    option = device.options.get(name)
    if option is None or not option.can_read:
        return None
    try:
        return int(device.read(name))
    except (SaneTrouble, ValueError):
        return None
