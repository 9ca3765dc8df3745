# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the scanner tests share: small sheets told apart by content, and a batch run to its end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import Manifests, ScannerManifest, load_manifests
from digitizer_desk.devices.scanner import (
    BatchClosed,
    BatchEnd,
    BatchOpened,
    RawPage,
    ScanEvent,
    ScanJob,
    ScanSettings,
)
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import as_png, decode

FOLDER = Path(__file__).resolve().parents[3] / "drivers" / "scanners"
OURS = load_manifests([FOLDER])
#: a card-sized sheet: 600 x 360 pixels at 300 dpi, so that a batch takes milliseconds
SHEET = ScanSettings(sheet_mm=(50.8, 30.48))


def sheet(stack: str, number: int, width: int = 600, height: int = 360) -> bytes:
    """A PNG nobody can mistake for another: noise in blocks, seeded by stack and number."""
    seed = int.from_bytes(hashlib.sha256(f"{stack}{number}".encode()).digest()[:8], "big")
    blocks = np.random.default_rng(seed).integers(0, 256, (height // 4, width // 4, 3), np.uint8)
    return as_png(blocks.repeat(4, 0).repeat(4, 1), (300.0, 300.0))


def stack(name: str, count: int) -> list[bytes]:
    return [sheet(name, number) for number in range(1, count + 1)]


def marks(pages: list[RawPage]) -> list[str]:
    return [hashlib.sha256(page.pixels).hexdigest() for page in pages]


def mark_of(png: bytes) -> str:
    """The mark a page must have when it is this sheet, to the last pixel."""
    return hashlib.sha256(decode(png).tobytes()).hexdigest()


@dataclass
class Run:
    """What one batch gave."""

    events: list[ScanEvent] = field(default_factory=list)
    pages: list[RawPage] = field(default_factory=list)
    closed: BatchClosed | None = None
    fault: DeskError | None = None

    @property
    def end(self) -> BatchEnd | str:
        """How it ended: a BatchEnd, or the code of the fault."""
        assert (self.closed is None) != (self.fault is None), "a batch ends in exactly one way"
        return self.closed.reason if self.closed else self.fault.code if self.fault else ""

    @property
    def opened(self) -> BatchOpened:
        return next(event for event in self.events if isinstance(event, BatchOpened))


def run(
    scanner: SaneScanner,
    device: str,
    settings: ScanSettings = SHEET,
    *,
    stop: Callable[[], bool] = lambda: False,
    watch: Callable[[ScanEvent], None] = lambda event: None,
) -> Run:
    """Run a batch to its end; ``watch`` sees each event as it comes."""
    result = Run()
    try:
        for event in scanner.scan(ScanJob(device, settings), stop):
            result.events.append(event)
            if isinstance(event, RawPage):
                result.pages.append(event)
            if isinstance(event, BatchClosed):
                result.closed = event
            watch(event)
    except DeskError as problem:
        result.fault = problem
    if result.fault is not None:
        assert result.fault.facts["kept"] == len(result.pages)
        assert result.fault.facts["page"] == len(result.pages) + 1
    if result.closed is not None:
        assert result.closed.pages == len(result.pages)
    assert [page.number for page in result.pages] == list(range(1, len(result.pages) + 1))
    return result


def manifests(backend: str, **changes: Any) -> Manifests:
    """Our manifests, the one of ``backend`` with parts changed: ``timeouts={"inside_page_s": 0.5}``."""
    base = OURS.of(backend).model_dump(by_alias=True)
    for part, values in changes.items():
        base[part] = {**base[part], **values} if isinstance(values, dict) else values
    base["id"] = "changed"
    base["match"] = {"backend": [backend]}
    return Manifests((*OURS.all, ScannerManifest.model_validate(base)))
