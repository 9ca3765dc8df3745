# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""One labelled set for each check: pages made with a known defect, measured, and told right or wrong.

Apart from the pages so that the question is readable. Every set takes a random generator and a number of pages, and
gives rows (name, asked, right) to be counted, and errors to be put in percentiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from accuracy import scans
from accuracy.scans import scanned
from accuracy.sheets import DPI, HARD, SPARSE, WRITTEN, page, press
from digitizer_desk.dossier.finding import Colour, PageMeasures
from digitizer_desk.imaging.compare import alike
from digitizer_desk.imaging.master import Pixels
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.page.twin import read_sketch, seal_through
from digitizer_desk.imaging.repair import turn

ALL = (*WRITTEN, *HARD)
WHITE = (250, 249, 246)


@dataclass(slots=True)
class Tally:
    """Counts by name: of how many, how many were found; errors by name; names of what went wrong."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    errors: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, found: bool, what: str = "", *, want: bool = True) -> None:
        count = self.counts.setdefault(name, [0, 0])
        count[0] += found
        count[1] += 1
        if found != want and what:
            self.wrong.append(f"{name}: {what}")

    def share(self, name: str) -> float:
        found, of = self.counts[name]
        return found / of


Check = Callable[[np.random.Generator, int, Tally], None]


def measured(pixels: Pixels, dpi: float = DPI) -> PageMeasures:
    sheet = (pixels.shape[1] / dpi * 25.4, pixels.shape[0] / dpi * 25.4)
    return measure_page(pixels, dpi=(dpi, dpi), sheet_mm=sheet)


def pages(chance: np.random.Generator, count: int, kinds: tuple[str, ...] = ALL) -> Iterator[tuple[str, Pixels]]:
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield kind, page(kind, int(chance.integers(1000)))


def lines(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Skew and which way up, on every kind of page, every turn."""
    for number, (kind, made) in enumerate(pages(chance, count)):
        degrees, quarter = float(chance.uniform(-6, 6)), int(chance.choice([0, 90, 180, 270]))
        if number % 3 == 0:
            degrees /= 6
        backing = WHITE if chance.random() < 0.6 else scans.BACKINGS["black"]
        found = measured(turn(scanned(scans.leaning(made, degrees, backing), chance), quarter))
        tally.add("skew answered", found.skew_deg is not None)
        if found.skew_deg is not None:
            off = abs(found.skew_deg - degrees)
            tally.errors.setdefault("skew, degrees", []).append(off)
            tally.add("skew within 0.1 degree", off < 0.1, f"{kind} {degrees:.2f} -> {found.skew_deg:.2f}")
        tally.add("turn right", found.rotation == quarter)
        wrong = found.rotation not in (None, quarter)
        tally.add("turn wrong", wrong, f"{kind} {quarter} -> {found.rotation}", want=False)
        tally.add("turn unknown", found.rotation is None, kind, want=False)
        tally.add("written page called blank", found.blank, kind, want=False)


def blur(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Sharp pages, strong blur, movement of the feed, half of a page out of focus. Limits: below 0.5 is told."""
    for number, (kind, made) in enumerate(
        pages(chance, count, (*WRITTEN, "table", "archive", "tinted", "two_columns"))
    ):
        how = ("sharp", "strong", "motion", "half")[number % 4]
        if how == "strong":
            made = scans.blurred(made, float(chance.uniform(1.7, 3.5)))
        elif how == "motion":
            made = cv2.blur(made, (1, int(chance.integers(7, 15))))
        elif how == "half":
            made = scans.half_blurred(made, float(chance.uniform(2.4, 4)), bool(chance.random() < 0.5))
        score = measured(scanned(made, chance)).sharpness
        if score is None:
            tally.add("sharpness not answered", True)
            continue
        name = "sharp page told blurred" if how == "sharp" else f"blur found: {how}"
        tally.add(name, score < 0.5, f"{kind} {score}", want=how != "sharp")


def blank(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Empty sides with all dirt, and sides with next to nothing on them."""
    for number in range(count):
        kind = ("blank", *SPARSE)[number % (len(SPARSE) + 1)] if number % 2 else "blank"
        made = page(kind, int(chance.integers(1000)))
        if kind == "blank":
            if chance.random() < 0.4:
                back = page(str(chance.choice(WRITTEN)), int(chance.integers(1000)))
                made = scans.other_side(made, back, float(chance.uniform(0.03, 0.22)))
            if chance.random() < 0.2:
                made, _ = scans.streaked(made, chance, 1)
        made = scans.dirty(made, chance)
        if chance.random() < 0.3:
            made = scans.framed(made, 3, scans.BACKINGS["black"])
        found = measured(scanned(made, chance)).blank
        if kind == "blank":
            tally.add("blank side found", found, "dirt")
        else:
            tally.add("written page called blank", found, kind, want=False)


def seals(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Whole, faint and half seals; red titles, square stamps, tinted paper and photographs without one."""
    plain = ("don_de_nghi", "to_khai_khai_sinh", "can_cuoc_truoc", "table", "handwritten", "archive", "tinted", "photo", "two_columns")  # fmt: skip
    for number, (kind, made) in enumerate(pages(chance, count, plain)):
        how = ("none", "whole", "faint", "half")[number % 4]
        at = (float(chance.uniform(40, 170)), float(chance.uniform(40, 255)))
        if how == "half":
            at = (float(chance.uniform(203, 212)), at[1])
        if how != "none":
            strength = float(chance.uniform(0.16, 0.34)) if how == "faint" else float(chance.uniform(0.75, 1))
            made = press(made, at, strength, int(chance.integers(8)))
        found = measured(scanned(made, chance))
        name = "red seal where there is none" if how == "none" else f"red seal found: {how}"
        tally.add(name, found.red_seal, f"{kind}", want=how != "none")
        if found.seal_strength is not None and how in ("whole", "faint"):
            told = found.seal_strength < 0.15
            tally.add(f"seal called pale: {how}", told, f"{kind} {found.seal_strength}", want=how == "faint")


def through(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Backs that show the seal of their front, and backs with a stamp or a seal of their own."""
    for number in range(count):
        front, seed = page("quyet_dinh", int(chance.integers(1000))), int(chance.integers(8))
        at = (float(chance.uniform(50, 160)), float(chance.uniform(60, 240)))
        front = press(page("two_columns", number % 7), at, 0.95, seed)
        made = page("blank", int(chance.integers(1000)))
        own = number % 3 == 0
        if own:
            made = press(made, at if number % 2 else (210 - at[0] * 0.6, 297 - at[1] * 0.8), 0.9, seed + 1)
        else:
            made = press(made, (210 - at[0], at[1]), float(chance.uniform(0.25, 0.8)), seed, mirrored=True)
        one, other = (measured(scanned(p, chance, clip=False)) for p in (made, front))
        sketches = read_sketch(one.sketch), read_sketch(other.sketch)
        found = seal_through(*sketches) if sketches[0] and sketches[1] else None
        told = found is not None and found[0] > 0.5 and found[0] - found[1] >= 0.2
        if one.blank and not own:
            continue
        name = "back's own seal taken for show-through" if own else "show-through of a seal found"
        tally.add(name, told, str(found), want=not own)
        tally.add("back's own seal called blank", one.blank, want=False) if own else None


def edges(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Sheets fed too far off, so that print is cut; whole ones with seals over the edge and full-bleed patterns."""
    for number, (kind, made) in enumerate(pages(chance, count)):
        side = ("none", "left", "right", "top", "bottom")[number % 5]
        behind = WHITE if chance.random() < 0.6 else scans.BACKINGS["black"]
        lost = True
        if side == "none":
            if chance.random() < 0.3:
                made = press(made, (208, float(chance.uniform(40, 250))), 0.9, number)
        else:
            by = float(chance.uniform(20, 45))
            high, wide = made.shape[:2]
            cut = round(by / 25.4 * DPI)
            strip = {
                "left": made[:, :cut],
                "right": made[:, wide - cut :],
                "top": made[:cut],
                "bottom": made[high - cut :],
            }
            lost = int((strip[side].min(axis=2) < 110).sum()) > 300
            made = scans.shifted(made, side, by, behind)
        found = measured(scanned(scans.leaning(made, float(chance.normal(0, 0.2)), behind), chance)).cut_edges
        if side == "none":
            tally.add("cut edge where there is none", bool(found), f"{kind} {found}", want=False)
        elif lost:
            tally.add(f"cut edge found: {side}", side in found, f"{kind}, backing {behind[0]}")


def corners(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Corners of 10 to 35 mm missing before black or grey backing, and whole sheets before it."""
    for number, (kind, made) in enumerate(pages(chance, count)):
        backing = ("black", "grey")[number % 2]
        corner = str(chance.choice(["tl", "tr", "bl", "br"]))
        how = ("none", "cut", "torn", "folded")[number % 4]
        if how == "none":
            made = scans.framed(made, 3, scans.BACKINGS[backing])
        else:
            made = scans.cornered(made, chance, corner, float(chance.uniform(10, 35)), how, backing)
        made = scans.leaning(made, float(chance.uniform(-1.5, 1.5)), scans.BACKINGS[backing])
        found = measured(scanned(made, chance)).damaged_corners
        if how == "none":
            tally.add("missing corner where there is none", bool(found), f"{kind} {found}", want=False)
        else:
            tally.add("missing corner found", corner in found, f"{kind} {how} {backing}")


def resolution(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Blown-up pages; and headers that lie about sheets seen on their backing."""
    kinds = (*WRITTEN, "table", "archive", "handwritten", "two_columns")
    for number, (kind, made) in enumerate(pages(chance, count, kinds)):
        before = (300, 75, 100, 120, 150)[number % 5]
        way = cv2.INTER_CUBIC if chance.random() < 0.5 else cv2.INTER_LINEAR
        if before < DPI:
            made = scans.blown_up(made, before, way)
        found = measured(scanned(made, chance))
        told = found.real_dpi is not None and found.real_dpi < 200
        if before == DPI:
            tally.add("true page called blown up", found.real_dpi is not None, f"{kind} {found.real_dpi}", want=False)
        else:
            blurred_too = found.sharpness is not None and found.sharpness < 0.5
            tally.add(f"blown up from {before} found", told or blurred_too, f"{kind} {found.real_dpi}")
    for number, (kind, made) in enumerate(pages(chance, max(4, count // 4), WRITTEN)):
        rim = float(chance.uniform(2, 12))
        made = scanned(scans.framed(made, rim, scans.BACKINGS[("black", "grey")[number % 2]]), chance)
        lie = float(chance.choice([72, 96, 150, 200, 600]))
        found = measure_page(made, dpi=(lie, lie), sheet_mm=None)
        off = abs(found.dpi[0] / DPI - 1)
        tally.errors.setdefault("dpi behind a lying header, share", []).append(off)
        tally.add("dpi behind a lying header within 2 %", off < 0.02, f"{kind} {rim:.0f} mm {lie} -> {found.dpi}")


def light(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Too dark, too bright, tinted by the machine, grey in the dress of colour, two tones; and none of these."""
    kinds = (*WRITTEN, "table", "two_columns", "photo")
    for number, (kind, made) in enumerate(pages(chance, count, kinds)):
        how = ("good", "dark", "over", "cast", "grey", "two tones")[number % 6]
        made = scanned(made, chance, clip=False)
        if how == "dark":
            made = (made * chance.uniform(0.45, 0.75)).astype(np.uint8)
        elif how == "over":
            levels = np.clip(np.arange(256) / 255 * chance.uniform(1.3, 1.7), 0, 1) ** chance.uniform(0.4, 0.55)
            made = cv2.LUT(made, (levels * 255).astype(np.uint8))
        elif how == "cast":
            tints = ((1, 0.93, 0.84), (0.86, 0.94, 1), (0.93, 1, 0.91))
            made = (made * np.array(tints[int(chance.integers(3))])).astype(np.uint8)
        elif how in ("grey", "two tones"):
            grey = cv2.cvtColor(made, cv2.COLOR_RGB2GRAY)
            made = cv2.merge([grey if how == "grey" else cv2.compare(grey, 160, cv2.CMP_GT)] * 3)
        found = measured(made)
        tally.add(f"too dark: {how}", found.light < 0.8, f"{kind} {found.light}", want=how == "dark")
        if kind not in ("photo",) and how != "two tones":
            faint = found.ink_tone is not None and found.ink_tone > 0.27
            tally.add(f"ink too pale: {how}", faint, f"{kind} {found.ink_tone}", want=how == "over")
        if found.cast is not None and how in ("good", "cast"):
            tally.add(f"tinted: {how}", float(np.hypot(*found.cast)) > 4, f"{kind} {found.cast}", want=how == "cast")
        want = {"grey": Colour.GREY, "two tones": Colour.BILEVEL}.get(how, Colour.COLOUR)
        tally.add("colour right", found.colour is want, f"{kind} {how} {found.colour}")


def streaks(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Dirt on the glass, one to three lines; and pages with frames, tables and show-through that have none."""
    for number, (kind, made) in enumerate(pages(chance, count)):
        places: list[float] = []
        if number % 2:
            made, places = scans.streaked(made, chance, int(chance.integers(1, 4)))
        else:
            made = scans.other_side(made, page("quyet_dinh", number), float(chance.uniform(0, 0.08)))
        found = [(r.left + r.right) / 2 for r in measured(scanned(made, chance)).streaks]
        for place in places:
            tally.add("streak found", any(abs(place - f) < 0.004 for f in found), f"{kind} at {place:.3f}")
        if not places:
            tally.add("streak where there is none", bool(found), f"{kind} {found}", want=False)


def notes(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """Coloured sticky notes and flags; none on tinted paper, cards, photographs."""
    colours = ((252, 240, 120), (250, 160, 190), (190, 235, 140), (150, 210, 240))
    for number, (kind, made) in enumerate(pages(chance, count)):
        if number % 2:
            made = scans.noted(made, chance, colours[number // 2 % 4])
        found = measured(scanned(made, chance)).note
        name = "coloured note found" if number % 2 else "note where there is none"
        tally.add(name, found, kind, want=bool(number % 2))


def twins(chance: np.random.Generator, count: int, tally: Tally) -> None:
    """A sheet scanned twice, skewed anew; and neighbours, many of them on the same form."""
    for number in range(count):
        kind, seed = ALL[number % len(ALL)], int(chance.integers(1000))
        one, two = (
            measured(scanned(scans.leaning(page(kind, seed), float(chance.uniform(-1.5, 1.5))), chance)) for _ in (0, 1)
        )
        other = measured(scanned(page(kind, seed + 1), chance))
        same, differs = alike(one, two), alike(one, other)
        tally.add("sheet scanned twice found", same is not None and same > 0.965, f"{kind} {same}")
        if kind not in ("photo", "full_bleed"):  # drawn from so few words that two of them are the same page
            tally.add("other sheet of one form taken for it", (differs or 0) > 0.965, f"{kind} {differs}", want=False)


CHECKS: dict[str, Check] = {
    "lines": lines, "blur": blur, "blank": blank, "seals": seals, "through": through, "edges": edges, "corners": corners,
    "resolution": resolution, "light": light, "streaks": streaks, "notes": notes, "twins": twins,
}  # fmt: skip
