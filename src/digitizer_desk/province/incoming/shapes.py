# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the gateway's reading addresses answer: strict shapes, and the desk's values made of them.

Apart from the asking so that what is believed of an answer stands in one place. Unknown keys are passed over, as in all
answers; a missing or odd one makes the whole answer unreadable.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from digitizer_desk.dossier.code import read_code
from digitizer_desk.dossier.incoming.decision import Decision, DecisionKind
from digitizer_desk.dossier.incoming.reuse import PaperSource, PaperState, Reusable
from digitizer_desk.dossier.incoming.waiting import WaitingDossier, WaitingPart
from digitizer_desk.dossier.model import AccountCheck, Applicant, ApplicantKind, Channel
from digitizer_desk.dossier.text import tidy_name
from digitizer_desk.errors import DeskError
from digitizer_desk.province.replies import Sha256, Shape, Short, tidy_words

_Text = Annotated[str, StringConstraints(max_length=500)]
_Code = Annotated[str, StringConstraints(max_length=200)]
_Day = Annotated[date, Field(strict=False)]  # JSON has no dates of its own


class ApplicantShape(Shape):
    name: Short
    kind: Literal["person", "organisation"]
    identifier: _Code = ""
    born_or_founded: _Code = ""


class PartShape(Shape):
    code: Short
    title: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    mandatory: bool = True
    paper_type: _Code = ""


class WaitingShape(Shape):
    code: Short
    procedure: Short
    procedure_title: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    applicant: ApplicantShape
    channel: Literal["paper", "electronic"] = "paper"
    account_check: Literal["yes", "no", "not_done"] = "not_done"
    came_at: AwareDatetime | None = None
    parts: list[PartShape] = Field(default_factory=list)

    def value(self) -> WaitingDossier | None:
        """The dossier; None when its code is none the desk can read (R1)."""
        try:
            code = read_code(self.code).text
        except DeskError:
            return None
        person = self.applicant
        return WaitingDossier(
            code=code,
            procedure=tidy_words(self.procedure),
            procedure_title=tidy_words(self.procedure_title),
            applicant=Applicant(
                name=tidy_name(person.name),
                kind=ApplicantKind(person.kind),
                identifier=tidy_words(person.identifier),
                born_or_founded=tidy_words(person.born_or_founded),
            ),
            channel=Channel(self.channel),
            account_check=AccountCheck(self.account_check),
            # a year no calendar can go on from is how servers write "not set"
            came_at=self.came_at if self.came_at and MINYEAR < self.came_at.year < MAXYEAR else None,
            parts=tuple(
                WaitingPart(tidy_words(p.code), tidy_words(p.title), p.mandatory, tidy_words(p.paper_type))
                for p in self.parts
            ),
        )


class WithdrawnShape(Shape):
    code: Short
    said: str = ""


class WaitingPage(Shape):
    dossiers: list[WaitingShape]
    withdrawn: list[WithdrawnShape] = Field(default_factory=list)
    next: str | None = None


class DecisionShape(Shape):
    id: Short
    number: Annotated[int, Field(ge=1)]
    parcel_id: Short
    kind: Short
    at: AwareDatetime
    said: str = ""
    result_code: _Code = ""

    def value(self) -> Decision | None:
        """The decision; None for a kind a later contract may know."""
        if self.kind not in set(DecisionKind):
            return None
        kind, said, code = DecisionKind(self.kind), tidy_words(self.said), tidy_words(self.result_code)
        return Decision(self.id, self.number, self.parcel_id, kind, self.at, said, code)


class DecisionPage(Shape):
    decisions: list[DecisionShape]
    mark: Annotated[str, StringConstraints(max_length=200)]
    more: bool = False


class PaperShape(Shape):
    reference: Short
    title: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    kind: _Code = ""
    number: _Code = ""
    issued: _Day | None = None
    issuer: _Text = ""
    code: _Code = ""
    expires: _Day | None = None
    state: Literal["valid", "expired", "cancelled"] = "valid"
    source: Literal["component", "result"] = "component"

    def value(self) -> Reusable:
        return Reusable(
            reference=self.reference,
            title=tidy_words(self.title),
            kind=tidy_words(self.kind),
            number=tidy_words(self.number),
            issued=self.issued,
            issuer=tidy_words(self.issuer),
            code=tidy_words(self.code),
            expires=self.expires,
            state=PaperState(self.state),
            source=PaperSource(self.source),
        )


class PapersFound(Shape):
    papers: list[PaperShape]


class ReuseReceipt(Shape):
    number: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reuse_id: Short
    record_sha256: Sha256


class PackShape(Shape):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    sequence: Annotated[int, Field(ge=1, le=99_999_999)]
    sha256: Sha256


class PacksOffered(Shape):
    packs: list[PackShape]
