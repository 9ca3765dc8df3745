# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What pages will weigh in the file to be sent, before there is one.

Apart from the step that makes the file because a meter must answer while paper is still running.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Page
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.pdf.sizes import Weight, sizes, weigh
from digitizer_desk.imaging.pdf.writer import PdfPage


@dataclass(frozen=True, slots=True)
class ComponentSize:
    """Bytes of a component's file: ``sent`` as the law's preset makes it, ``other`` by the other preset (None: there
    is only one), and whether ``sent`` is ``exact``: a file that is there, or pages that go in as they are."""

    sent: int
    other: int | None
    exact: bool


def weigh_pages(desk: Desk, pages: Sequence[Page], stop: Callable[[], bool]) -> dict[str, Weight]:
    """The weight of each page by its SHA-256, about 10 ms a page. One that cannot be read is left out: its own place
    says what is wrong with it."""
    found: dict[str, Weight] = {}
    for page in pages:
        if stop():
            break
        try:
            found[page.sha256] = weigh(PdfPage(desk.cabinet.pages.jpeg(page), page.sheet_mm))
        except DeskError:
            continue
    return found


def size_of(component: Component, small: bool, weights: Mapping[str, Weight]) -> ComponentSize | None:
    """What a component's file weighs; None while it has no page, or while one of its pages was not weighed and counts.

    Args:
        small: whether the law's preset is the small one.
    """
    if component.document is not None and component.document.pages == component.page_list:
        return ComponentSize(component.document.size, None, True)
    if component.file is not None:
        return ComponentSize(component.file.size, None, True)
    if not component.pages:
        return None
    known = [weights.get(page.sha256) for page in component.pages]
    told = [one for one in known if one is not None]
    if len(told) < len(known):
        rest = [Weight(p.size, p.size, True) for p, one in zip(component.pages, known, strict=True) if one is None]
        return None if small else ComponentSize(sizes([*told, *rest])[0], None, True)
    archive, least = sizes(told)
    return ComponentSize(least, archive, False) if small else ComponentSize(archive, least, True)
