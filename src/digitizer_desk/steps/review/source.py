# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Where a review gets its pages from: this desk's cabinet, and one day another desk's.

Apart so that lots and judging know only these few questions, whoever answers them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.review import SignedPage


class Source(Protocol):
    """The desk whose pages are reviewed."""

    @property
    def name(self) -> str:
        """What the desk is called in lots and verdicts; lots of one name make one history."""

    def signed_pages(self) -> tuple[SignedPage, ...]:
        """Signed pages that lie in no lot yet."""

    def picture(self, page: SignedPage) -> bytes:
        """The JPEG master of a page, proved to be what was kept.

        Raises:
            DeskError: ``store.page_missing``, ``store.page_altered``.
        """

    def facts(self, page: SignedPage) -> tuple[tuple[str, str], ...]:
        """What the paper should say: label and value, of the dossier and of the data confirmed for this paper.

        Raises:
            DeskError: ``dossier.unknown``.
        """


@dataclass(frozen=True, slots=True)
class OwnCabinet:
    """The cabinet of this very desk: clerk and supervisor share it by log-in."""

    desk: Desk

    @property
    def name(self) -> str:
        return f"Quầy {self.desk.settings.unit.counter}"

    def signed_pages(self) -> tuple[SignedPage, ...]:
        return self.desk.cabinet.lots.signed_pages()

    def picture(self, page: SignedPage) -> bytes:
        return self.desk.cabinet.pages.jpeg(page.sha256)

    def facts(self, page: SignedPage) -> tuple[tuple[str, str], ...]:
        dossier = self.desk.cabinet.dossiers.load(page.dossier_id)
        law, component = self.desk.law_of(dossier), dossier.component(page.component_id)
        labels = {rule.name: rule.label for rule in law.fields}
        fields = component.metadata.fields if component.metadata is not None else ()
        typed = tuple((labels.get(field.name, field.name), field.value) for field in fields if field.value)
        return (
            ("Chủ hồ sơ", dossier.applicant.name),
            ("Số định danh", dossier.applicant.identifier or "–"),
            ("Thủ tục", dossier.procedure_title),
            ("Giấy tờ", component.title),
            *typed,
        )
