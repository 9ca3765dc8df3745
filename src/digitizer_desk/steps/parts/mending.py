# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Which repairs would help a page, and the page as it would be: made, measured and judged, but not yet kept.

Apart from ``steps.pages`` because nothing is changed here: a repair is looked at before it is taken.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.finding import PageMeasures
from digitizer_desk.dossier.model import Page
from digitizer_desk.dossier.repair import Mended, Repair
from digitizer_desk.errors import error
from digitizer_desk.imaging.master import Pixels, decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.repair import propose, repaired
from digitizer_desk.rules.check import check_page
from digitizer_desk.rules.regulation import Regulation


class Mend(StrEnum):
    """What a clerk can ask for beside a turn, which touches no pixel."""

    STRAIGHTEN = "straighten"
    CROP = "crop"
    LIGHTEN = "lighten"


#: what it is called inside a sentence
MEND_NAMES = {Mend.STRAIGHTEN: "chỉnh thẳng", Mend.CROP: "cắt viền", Mend.LIGHTEN: "chỉnh sáng"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A page as a repair would make it. ``page`` has the picture's own facts, measures and findings, and the version
    that is in use while nothing was taken; ``jpeg`` is the picture, ``pixels`` the same, decoded."""

    before: Page
    page: Page
    mend: Mend
    jpeg: bytes
    pixels: Pixels


def offered(page: Page, law: Regulation) -> frozenset[Mend]:
    """The repairs that would help this page by its own measures; each is offered once on a picture."""
    return frozenset(_steps(page, law))


def _steps(page: Page, law: Regulation) -> dict[Mend, Repair]:
    """Each repair that would help, as the whole that is to be done to the picture as it came."""
    if page.measures is None or page.unread or (page.origin is not None and page.origin.pdf):
        return {}
    done = page.mended.repair if page.mended is not None else Repair()
    wanted = _proposed(page.measures, law)
    found: dict[Mend, Repair] = {}
    if wanted.skew_deg and not done.skew_deg:
        found[Mend.STRAIGHTEN] = replace(done, skew_deg=wanted.skew_deg)
    if wanted.crop is not None and done.crop is None:
        found[Mend.CROP] = replace(done, crop=wanted.crop)
    if wanted.light and not done.light:
        found[Mend.LIGHTEN] = replace(done, light=True)
    return found


def _proposed(measures: PageMeasures, law: Regulation) -> Repair:
    """By the law's own limits. The picture is mended as it lies: its quarter turn is the page's, not the picture's."""
    light, skew, backing = law.page["light"].min, law.page["skew"].max, law.page["overscan"].max
    return propose(
        replace(measures, rotation=0),
        light_below=0.0 if light is None or measures.blank else light,
        skew_above=360.0 if skew is None else skew,
        backing_above=float("inf") if backing is None else backing,
    )


def proposal(desk: Desk, law: Regulation, page: Page, mend: Mend, number: int) -> Proposal:
    """The page with one repair more, made anew from the picture as it came.

    Args:
        number: of the page in its component, from 1, for the words of a refusal.

    Raises:
        DeskError: ``dossier.repair_idle`` when it would not help; ``store.page_missing``, ``store.page_altered``.
    """
    repair = _steps(page, law).get(mend)
    if repair is None:
        raise error("dossier.repair_idle", page=number, repair=MEND_NAMES[mend])
    of = page.mended.of if page.mended is not None else page.version
    first = next(one for one in desk.cabinet.pages.versions(page.id) if one.version == of)
    pixels = repaired(decode(desk.cabinet.pages.jpeg(first)), repair)
    jpeg = encode_master(pixels, first.dpi)
    height, width = pixels.shape[:2]
    sheet = (
        round(first.sheet_mm[0] * width / first.width, 1),
        round(first.sheet_mm[1] * height / first.height, 1),
    )
    shown = decode(jpeg)  # what will be kept is what is measured and shown
    measures = measure_page(shown, dpi=first.dpi, sheet_mm=sheet)
    findings = check_page(measures, law, turn=page.turn, note=page.note)
    still = {finding.rule for finding in findings}
    made = replace(
        page,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        size=len(jpeg),
        width=width,
        height=height,
        sheet_mm=sheet,
        measures=measures,
        findings=findings,
        keeps=tuple(keep for keep in page.keeps if keep.rule in still),
        mended=Mended(of, repair),
    )
    return Proposal(page, made, mend, jpeg, shown)
