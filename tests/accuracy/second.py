# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A second opinion: pages of another generator, drawn and spoiled by other hands.

The generator is a Python file of its own, named on the command line and not part of this project. It must have
``preset(name, number, seed) -> spec`` and ``make_page(spec, seed) -> (pixels, truth)``; which keys of the truth are
read stands below.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from accuracy import law
from accuracy.case import Case
from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.imaging.compare import same_sheet
from digitizer_desk.imaging.master import decode

Truth = dict[str, Any]


def second(generator: Path, name: str) -> Callable[[Case], None]:
    """The set of one preset of that generator."""

    def check(case: Case) -> None:
        seed = int(case.chance.integers(1_000_000))
        if name == "duplicate":
            _pair(case, _module(generator), seed)
            return
        found, truth = _measured(case, _module(generator), name, seed)
        _ASKED[name](case, found, truth)

    return check


@lru_cache(maxsize=2)
def _module(generator: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("second_generator", generator)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _measured(case: Case, module: ModuleType, name: str, seed: int, **more: object) -> tuple[PageMeasures, Truth]:
    pixels, truth = module.make_page({**module.preset(name, case.number, seed), **more}, seed * 100_000 + case.number)
    quality = int(truth["jpeg"] or 95)
    made = cv2.imencode(".jpg", pixels[..., ::-1] if pixels.ndim == 3 else pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[
        1
    ]
    read = decode(made.tobytes())
    if pixels.ndim == 3 and read.ndim == 2:
        read = np.asarray(cv2.cvtColor(read, cv2.COLOR_GRAY2RGB))
    return case.measured(read, truth["dpi"]), truth


def _pair(case: Case, module: ModuleType, seed: int) -> None:
    """One scene scanned twice, and the next scene of the same kind."""
    kind = case.one_of("decision", "application", "certificate", "table", "letter", "sketch", "photocopy")
    made = [
        _measured(
            case, module, "skew_small", seed + i, kind=kind, scene_seed=seed + (i == 2), skew=case.between(-1, 1)
        )[0]
        for i in range(3)
    ]
    same, differs = same_sheet(made[0], made[1]), same_sheet(made[0], made[2])
    case.add("sheet scanned twice found", law.twin(same), f"{kind} {same}")
    case.add("other sheet of one kind taken for it", law.twin(differs), f"{kind} {differs}", want=False)


def _skew(case: Case, found: PageMeasures, truth: Truth) -> None:
    case.add("skew answered", found.skew_deg is not None)
    if found.skew_deg is not None:
        off = abs(found.skew_deg - truth["skew"])
        case.tally.error("skew, degrees", off)
        case.add("skew within 0.1 degree", off < 0.1, f"{truth['kind']} {truth['skew']:.2f} -> {found.skew_deg}")
    case.add("written page called blank", found.blank, truth["kind"], want=False)


def _orient(case: Case, found: PageMeasures, truth: Truth) -> None:
    want = truth["orientation"]
    case.add("turn right", found.rotation == want)
    case.add(
        "turn wrong", found.rotation not in (None, want), f"{truth['kind']} {want} -> {found.rotation}", want=False
    )
    case.add("turn unknown", found.rotation is None, truth["kind"], want=False)


def _blank(case: Case, found: PageMeasures, truth: Truth) -> None:
    if truth["is_blank"] and truth["seal_bleed"] == 0:
        case.add(
            "blank side found", found.blank, f"bleed {truth['bleed']:.2f} specks {truth['specks']} {truth['paper']}"
        )
    elif truth["blank_with_marks"]:
        case.add("written page called blank", found.blank, f"{truth['sparse']} {truth['paper']}", want=False)


def _seal(case: Case, found: PageMeasures, truth: Truth) -> None:
    how, what = truth["seal"], f"{truth['kind']} {truth['paper']} {truth['profile']}"
    if how in ("none", "square"):
        case.add("red seal where there is none", found.red_seal, f"{how} {what}", want=False)
    else:
        case.add(f"red seal found: {how}" + (f", {truth['profile']}" if how == "faded" else ""), found.red_seal, what)


def _blur(case: Case, found: PageMeasures, truth: Truth) -> None:
    strong, none = truth["blur"] >= 1.6 or truth["motion"] >= 6, truth["blur"] == 0 and truth["motion"] == 0
    if found.sharpness is None:
        case.add("sharpness not answered", True, want=False)
    elif strong or none:
        name = "strong blur found" if strong else "sharp page told blurred"
        told = law.below("good_sharpness", found.sharpness)
        case.add(
            name, told, f"{truth['kind']} {truth['blur']:.1f} {truth['motion']:.0f} -> {found.sharpness}", want=strong
        )


def _corner(case: Case, found: PageMeasures, truth: Truth) -> None:
    what = f"{truth['kind']} {truth['corner']} {truth['corner_mm']:.0f} {truth['backing']} -> {found.damaged_corners}"
    if truth["corner"] == "none":
        case.add("missing corner where there is none", bool(found.damaged_corners), what, want=False)
    elif truth["corner_mm"] >= 10 and truth["backing"] != "white":
        case.add("missing corner found", truth["corner_at"] in found.damaged_corners, what)


def _note(case: Case, found: PageMeasures, truth: Truth) -> None:
    if truth["note"] == "white":
        case.add("white note found (not promised)", found.note)
    else:
        name = "note where there is none" if truth["note"] == "none" else "coloured note found"
        case.add(name, found.note, f"{truth['kind']} {truth['note']} {truth['paper']}", want=truth["note"] != "none")


def _lowdpi(case: Case, found: PageMeasures, truth: Truth) -> None:
    told = law.below("real_resolution", found.real_dpi)
    if truth["true_dpi"] >= truth["dpi"]:
        case.add("true page called blown up", told, f"{truth['kind']} {found.real_dpi}", want=False)
    elif truth["true_dpi"] <= 150:
        soft = law.below("good_sharpness", found.sharpness)
        case.add(
            f"blown up from {truth['true_dpi']} told, or told blurred",
            told or soft,
            f"{truth['kind']} {found.sharpness}",
        )


def _damage(case: Case, found: PageMeasures, truth: Truth) -> None:
    if not truth["streaks"]:
        case.add(
            "streak where there is none",
            bool(found.streaks),
            f"{truth['kind']} shadow {truth['shadow']:.1f}",
            want=False,
        )
    else:
        case.add("page with streaks found", bool(found.streaks), f"{truth['kind']} {truth['streaks']}")


def _edge(case: Case, found: PageMeasures, truth: Truth) -> None:
    side, what = truth["edge_cut"], f"{truth['kind']} {truth['edge_mm']:.0f} {truth['backing']} -> {found.cut_edges}"
    if side == "none":
        case.add("cut edge where there is none", bool(found.cut_edges), what, want=False)
    elif truth["ink_px_lost"] > 300:
        case.add("cut edge found", side in found.cut_edges, what)


_ASKED: dict[str, Callable[[Case, PageMeasures, Truth], None]] = {
    "skew": _skew, "orient": _orient, "blank": _blank, "seal": _seal, "blur": _blur, "corner": _corner, "note": _note,
    "lowdpi": _lowdpi, "damage": _damage, "edge": _edge,
}  # fmt: skip
PRESETS = (*_ASKED, "duplicate")
