# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is asked of a page as a whole: its lean, its turn, its sharpness, its resolution, its light, dirt and notes.

Apart from what stands at the rim, from ink and seals, and from pages held against each other. Each function makes one
case: a page with a known defect, measured, and told right or wrong.
"""

from __future__ import annotations

import cv2
import numpy as np

from accuracy import law, scans
from accuracy.case import DPI, Case
from accuracy.scans import scanned
from accuracy.sheets import HARD, WRITTEN, page
from digitizer_desk.dossier.finding import Colour
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.repair import turn

ALL = (*WRITTEN, *HARD)
WHITE = (250, 249, 246)
#: blurred before anybody scanned them
_SOFT = ("carbon", "screened", "pencil_letter", "spread_ink", "photo", "drawing")


def drawn(case: Case, kinds: tuple[str, ...] = ALL) -> tuple[str, Pixels]:
    """The kind and the page of this case: kinds in turn, so that each is asked as often."""
    kind = kinds[case.number % len(kinds)]
    return kind, page(kind, int(case.chance.integers(100_000)))


def lines(case: Case) -> None:
    """Skew and which way up, on every kind of page, every turn."""
    kind, made = drawn(case)
    degrees, quarter = case.between(-6, 6), int(case.chance.choice([0, 90, 180, 270]))
    if case.chance.random() < 0.34:
        degrees /= 6
    backing = WHITE if case.chance.random() < 0.6 else scans.BACKINGS["black"]
    made = scanned(scans.leaning(made, degrees, backing), case.chance)
    found = case.measured(turn(made, quarter))
    case.add("skew answered", found.skew_deg is not None)
    if found.skew_deg is not None:
        off = abs(found.skew_deg - degrees)
        case.tally.error("skew, degrees", off)
        case.add("skew within 0.1 degree", off < 0.1, f"{kind} {degrees:.2f} -> {found.skew_deg:.2f}")
    case.add("turn right", found.rotation == quarter)
    case.add("turn wrong", found.rotation not in (None, quarter), f"{kind} {quarter} -> {found.rotation}", want=False)
    case.add("turn unknown", found.rotation is None, kind, want=False)
    case.add("written page called blank", found.blank, kind, want=False)


def blur(case: Case) -> None:
    """Sharp pages, strong blur, movement of the feed, half of a page out of focus."""
    kind, made = drawn(case, tuple(k for k in ALL if k not in _SOFT))
    how = ("sharp", "strong", "motion", "half")[int(case.chance.integers(4))]
    if how == "strong":
        made = scans.blurred(made, case.between(1.7, 3.5))
    elif how == "motion":
        made = cv2.blur(made, (1, int(case.chance.integers(7, 15))))
    elif how == "half":
        made = scans.half_blurred(made, case.between(2.4, 4), bool(case.chance.random() < 0.5))
    found = case.measured(scanned(made, case.chance))
    case.add("sharpness not answered", found.sharpness is None, want=False)
    if found.sharpness is not None:
        name = "sharp page told blurred" if how == "sharp" else f"blur found: {how}"
        case.add(name, law.below("good_sharpness", found.sharpness), f"{kind} {found.sharpness}", want=how != "sharp")


def resolution(case: Case) -> None:
    """Blown-up pages, and true ones; and headers that lie about sheets seen on their backing."""
    kind, made = drawn(case, tuple(k for k in ALL if k not in _SOFT))
    before = (300, 75, 100, 120, 150)[int(case.chance.integers(5))]
    way = cv2.INTER_CUBIC if case.chance.random() < 0.5 else cv2.INTER_LINEAR
    if before < DPI:
        made = scans.blown_up(made, before, way)
    found = case.measured(scanned(made, case.chance))
    told = law.below("real_resolution", found.real_dpi)
    if before == DPI:
        case.add("true page called blown up", told, f"{kind} {found.real_dpi}", want=False)
    else:
        soft = law.below("good_sharpness", found.sharpness)
        case.add(f"blown up from {before} told, or told blurred", told or soft, f"{kind} {found.real_dpi}")
        case.add(f"blown up from {before} told as such", told)
    if case.number % 4 == 0:
        _lying_header(case)


def _lying_header(case: Case) -> None:
    kind, made = drawn(case, WRITTEN)
    rim = case.between(2, 12)
    made = scanned(scans.framed(made, rim, scans.BACKINGS[case.one_of("black", "grey")]), case.chance)
    lie = float(case.chance.choice([72, 96, 150, 200, 600]))
    found = measure_page(made, dpi=(lie, lie), sheet_mm=None)
    off = abs(found.dpi[0] / DPI - 1)
    case.tally.error("dpi behind a lying header, share", off)
    case.add("dpi behind a lying header within 2 %", off < 0.02, f"{kind} {rim:.0f} mm {lie} -> {found.dpi}")


def light(case: Case) -> None:
    """Too dark, too bright, tinted by the machine, grey in the dress of colour, two tones; and none of these."""
    kind, made = drawn(case, (*WRITTEN, "table", "two_columns", "photo", "square_stamps", "sealed_text", "crumpled"))
    how = ("good", "dark", "over", "cast", "grey", "two tones")[int(case.chance.integers(6))]
    made = _lit(case, scanned(made, case.chance, clip=False), how)
    found = case.measured(made)
    case.add(f"too dark: {how}", law.below("light", found.light), f"{kind} {found.light}", want=how == "dark")
    if kind != "photo" and how != "two tones":
        pale = law.above("faint", found.ink_tone)
        case.add(f"ink too pale: {how}", pale, f"{kind} {found.ink_tone}", want=how == "over")
    if found.cast is not None and how in ("good", "cast"):
        case.add(f"tinted: {how}", law.tinted(found.cast), f"{kind} {found.cast}", want=how == "cast")
    want = {"grey": Colour.GREY, "two tones": Colour.BILEVEL}.get(how, Colour.COLOUR)
    case.add("colour right", found.colour is want, f"{kind} {how} {found.colour}")


def _lit(case: Case, made: Pixels, how: str) -> Pixels:
    if how == "dark":
        return (made * case.between(0.45, 0.75)).astype(np.uint8)
    if how == "over":
        levels = np.clip(np.arange(256) / 255 * case.between(1.3, 1.7), 0, 1) ** case.between(0.4, 0.55)
        return np.asarray(cv2.LUT(made, (levels * 255).astype(np.uint8)))
    if how == "cast":
        tints = ((1, 0.93, 0.84), (0.86, 0.94, 1), (0.93, 1, 0.91))
        return (made * np.array(tints[int(case.chance.integers(3))])).astype(np.uint8)
    if how in ("grey", "two tones"):
        grey = cv2.cvtColor(made, cv2.COLOR_RGB2GRAY)
        return np.asarray(cv2.merge([grey if how == "grey" else cv2.compare(grey, 160, cv2.CMP_GT)] * 3))
    return made


def streaks(case: Case) -> None:
    """Dirt on the glass, one to three lines; and pages with frames, tables and show-through that have none."""
    kind, made = drawn(case)
    places: list[float] = []
    if case.chance.random() < 0.5:
        made, places = scans.streaked(made, case.chance, int(case.chance.integers(1, 4)))
    else:
        made = scans.other_side(made, page("quyet_dinh", case.number), case.between(0, 0.08))
    found = [(r.left + r.right) / 2 for r in case.measured(scanned(made, case.chance)).streaks]
    for place in places:
        case.add("streak found", any(abs(place - f) < 0.004 for f in found), f"{kind} at {place:.3f}")
    if not places:
        case.add("streak where there is none", bool(found), f"{kind} {found}", want=False)


def notes(case: Case) -> None:
    """Coloured sticky notes and flags; none on tinted paper, cards, photographs, damp."""
    colours = ((252, 240, 120), (250, 160, 190), (190, 235, 140), (150, 210, 240))
    kind, made = drawn(case)
    noted = bool(case.chance.random() < 0.5)
    if noted:
        made = scans.noted(made, case.chance, colours[int(case.chance.integers(4))])
    found = case.measured(scanned(made, case.chance)).note
    case.add("coloured note found" if noted else "note where there is none", found, kind, want=noted)
