# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One sheet scanned to see whether scanner and checks work: shown, judged, and kept nowhere.

Apart from ``steps.scan`` because no dossier, no row and no file comes of it: whatever lies in the tray by chance does
not enter the cabinet.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import BatchClosed, RawPage, ScanJob, ScanSettings, Source
from digitizer_desk.dossier.finding import Finding
from digitizer_desk.errors import error
from digitizer_desk.imaging.master import encode_master, from_raw
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.rules.check import check_page
from digitizer_desk.steps.parts.keeping import sheet_of

_LONGEST = 900


@dataclass(frozen=True, slots=True)
class TrialPage:
    """What came: ``picture`` uint8 (H, W, 3) RGB, longest side 900 px; ``size`` width and height in pixels as scanned;
    ``findings`` by the law in force today; ``jpeg`` the master, in memory only."""

    picture: NDArray[np.uint8]
    size: tuple[int, int]
    dpi: tuple[float, float]
    findings: tuple[Finding, ...]
    seconds: float
    jpeg: bytes


def trial_page(desk: Desk, stop: Callable[[], bool] = lambda: False) -> TrialPage:
    """Scan one sheet as the settings say, check it by the law in force. Blocks: for the scanner lane.

    Raises:
        DeskError: ``scanner.*`` (``scanner.empty`` when the batch ended without a sheet), ``rules.*``.
    """
    chosen = desk.settings.scanner
    if not chosen.id:
        raise error("scanner.none")
    law = desk.law_today()
    source = Source(chosen.source) if chosen.source else desk.scanner.capabilities(chosen.id).sources[0]
    one_side = Source.FEEDER if source is Source.FEEDER_DUPLEX else source
    wish = ScanSettings(source=one_side, dpi=chosen.dpi or law.scan.dpi, sheet_mm=chosen.sheet_mm, max_pages=1)
    started = time.monotonic()
    page: RawPage | None = None
    with contextlib.closing(desk.scanner.scan(ScanJob(chosen.id, wish), stop)) as events:
        for event in events:
            if isinstance(event, RawPage) and page is None:
                page = event
            elif isinstance(event, BatchClosed):
                break
    if page is None:
        raise error("scanner.empty")
    pixels = from_raw(page.pixels, page.width, page.height, page.samples)
    sheet = sheet_of(page.width, page.height, page.dpi, chosen.sheet_mm)
    findings = check_page(measure_page(pixels, dpi=page.dpi, sheet_mm=sheet), law)
    jpeg = encode_master(pixels, page.dpi)
    seconds = time.monotonic() - started
    return TrialPage(thumbnail(jpeg, _LONGEST), (page.width, page.height), page.dpi, findings, seconds, jpeg)
