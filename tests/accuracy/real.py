# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Real scans of no known truth, given a truth: turned, leaned, blown up, half of them blurred by known amounts.

The answers must agree with each other, and nothing may be seen that real paper does not have. One file is one case.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2

from accuracy import law, scans
from accuracy.case import Case
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.compare import same_sheet
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.repair import turn

#: smaller pictures are clippings, no pages
_LEAST_SIDE = 900
_WHITE = (255, 255, 255)


def real_files(folder: Path) -> list[Path]:
    return sorted(f for f in folder.rglob("*") if f.suffix.lower() in (".jpg", ".png", ".tif", ".tiff"))


def real(files: list[Path]) -> Callable[[Case], None]:
    def check(case: Case) -> None:
        try:
            page = next(iter(open_file(files[case.number]).pages))
        except DeskError:
            return
        if min(page.pixels.shape[:2]) >= _LEAST_SIDE:
            _asked(case, page.pixels, min(page.dpi), files[case.number].name)

    return check


def _asked(case: Case, pixels: Pixels, dpi: float, name: str) -> None:
    level = case.measured(pixels, dpi)
    case.add("pages that say which way up", level.rotation is not None)
    if level.rotation is not None:
        for quarter in (90, 180, 270):
            again = case.measured(turn(pixels, quarter), dpi).rotation
            case.add(
                "turned: disagrees",
                again not in (None, (level.rotation + quarter) % 360),
                f"{name} {quarter}",
                want=False,
            )
            case.add("turned: no answer", again is None, want=False)
    if level.skew_deg is not None and abs(level.skew_deg) < 5:
        for lean in (1.7, -0.6):
            leant = case.measured(scans.leaning(pixels, lean, _WHITE), dpi).skew_deg
            if leant is not None:
                case.tally.error("skew after a known lean", abs(leant - level.skew_deg - lean))
    case.add("called blank", level.blank, name, want=False)
    case.add("called blown up", level.real_dpi is not None, f"{name} {level.real_dpi}", want=False)
    case.add("with streaks", bool(level.streaks), name, want=False)
    case.add("with a red seal", level.red_seal, name, want=False)
    case.add("with a coloured note", level.note, name, want=False)
    if (
        pixels.ndim == 3 or len(set(pixels[::9, ::9].ravel().tolist())) > 2
    ):  # bilevel pictures have no slopes to measure
        _spoiled(case, pixels, dpi, level.sharpness, name)
    again = same_sheet(level, case.measured(scans.leaning(pixels, 0.8, _WHITE), dpi))
    if again is not None:
        case.add("same page leant known again", law.twin(again), f"{name} {again}")


def _spoiled(case: Case, pixels: Pixels, dpi: float, sharpness: float | None, name: str) -> None:
    for factor in (2, 4):
        if min(pixels.shape[:2]) / factor < _LEAST_SIDE / 3:
            continue
        small = cv2.resize(pixels, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
        found = case.measured(cv2.resize(small, pixels.shape[1::-1], interpolation=cv2.INTER_CUBIC), dpi)
        told = found.real_dpi is not None and found.real_dpi < 0.7 * dpi
        soft = law.below("good_sharpness", found.sharpness)
        case.add(
            f"blown up {factor} times told, or told blurred", told or soft, f"{name} {found.real_dpi} {found.sharpness}"
        )
    if sharpness is not None and not law.below("good_sharpness", sharpness):
        score = case.measured(scans.half_blurred(pixels, 3.2 * dpi / 300, True), dpi).sharpness
        case.add("half blurred found", law.below("good_sharpness", score), f"{name} {sharpness} -> {score}")
