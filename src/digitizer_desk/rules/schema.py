# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How the files of the law are written: strict models, one for each kind of file.

Apart from ``load.py`` so that the shape of the files can be read in one place. An unknown key, a missing key and a
wrong type are all refused: a misspelt limit must never be a limit that does not bind.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from digitizer_desk.dossier.stage import STEPS

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
Positive = Annotated[int, Field(gt=0)]
Length = Annotated[float, Field(gt=0)]
Severe = Literal["fault", "warning", "info"]
Kind = Literal[
    "text",
    "paper_type",
    "identifier",
    "person_name",
    "birth_date",
    "organisation_name",
    "year",
    "issue_date",
    "term",
]
Step = Literal["scan", "check", "sign", "extract", "assign_code", "send"]


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class PlainLimit(Strict):
    """A fact that is a finding by itself."""

    severity: Severe
    source: Text
    keep_allowed: bool = False


class ColourLimit(PlainLimit):
    value: Literal["colour", "grey", "bilevel"]


class LeastLimit(PlainLimit):
    min: float
    unit: str = ""
    tolerance: Annotated[float, Field(ge=0, lt=1)] = 0.0


class MostLimit(PlainLimit):
    max: float
    unit: str = ""


class LeadingLimit(MostLimit):
    """``lead``: how far the fact must also be above its counter-proof."""

    lead: Annotated[float, Field(ge=0)]


class RepeatedLimit(MostLimit):
    """``count``: on how many pages in a row."""

    count: Positive


class LeastVersion(PlainLimit):
    value: Annotated[str, Field(pattern=r"^[12]\.\d$")]


class PageLimits(Strict):
    min_dpi: LeastLimit
    good_dpi: LeastLimit
    colour: ColourLimit
    sharpness: LeastLimit
    good_sharpness: LeastLimit
    skew: MostLimit
    light: LeastLimit
    faint: MostLimit
    seal: LeastLimit
    streak: MostLimit
    overscan: MostLimit
    cut_edge: PlainLimit
    damaged_corner: PlainLimit
    real_resolution: LeastLimit
    not_upright: PlainLimit
    blank: PlainLimit
    note: PlainLimit


class ComponentLimits(Strict):
    not_declared: PlainLimit
    too_few_pages: PlainLimit
    too_many_pages: PlainLimit
    note_pair: PlainLimit
    blank_backs: PlainLimit
    duplicate_page: MostLimit
    show_through: LeadingLimit
    double_feed: MostLimit
    replaced: LeastLimit
    cast: RepeatedLimit


class FileLimits(Strict):
    pdf_version: LeastVersion
    encrypted: PlainLimit
    scale: MostLimit
    file_size: MostLimit


class Scan(Strict):
    dpi: Positive
    least_dpi: Positive
    mode: Literal["color", "gray", "bw"]
    feed: Literal["flatbed", "feeder", "feeder-duplex"]
    sheet_mm: Annotated[list[Length], Field(min_length=2, max_length=2)]
    source: Text


class Pdf(Strict):
    """How pages go into the PDF when nobody chose otherwise."""

    preset: Literal["archive", "small"]
    source: Text


class SignatureMark(Strict):
    corner: Literal["top-left", "top-right", "bottom-left", "bottom-right"]
    width_mm: Length
    height_mm: Length
    margin_mm: Annotated[float, Field(ge=0)]
    font_size_pt: Length
    source: Text


class SealMark(Strict):
    """The agency's mark with the picture of its seal; the picture brings its own size."""

    corner: Literal["top-left", "top-right", "bottom-left", "bottom-right"]
    margin_mm: Annotated[float, Field(ge=0)]
    font_size_pt: Length
    gap_mm: Annotated[float, Field(ge=0)]
    source: Text


class Code(Strict):
    separator: Annotated[str, Field(min_length=1, max_length=3)]
    keep_leading_dot: bool
    source: Text


class DeskNumbers(Strict):
    lock_minutes: Positive
    token_idle_minutes: Positive
    password_least: Positive
    tries_before_pause: Positive
    pause_minutes: Positive
    source: Text


class Machine(Strict):
    pages: Positive
    recent: Positive
    streak_pages: Positive
    streak_within: Annotated[float, Field(gt=0, lt=1)]
    sharpness_drop: Annotated[float, Field(gt=0, lt=1)]
    light_drop: Annotated[float, Field(gt=0, lt=1)]
    source: Text


class Order(Strict):
    component: list[Step]
    when_granted: list[Literal["certify", "send"]]
    source: Text

    @model_validator(mode="after")
    def _every_step_once(self) -> Self:
        if sorted(self.component) != sorted(STEPS):
            raise ValueError("every step must stand in the order exactly once")
        return self


class Form(Strict):
    id: Id
    label: Text
    may_scan: bool
    overridable: bool
    keeps_image: bool
    reason: str = ""
    source: Text

    @model_validator(mode="after")
    def _refusal_has_reason(self) -> Self:
        if not self.may_scan and not self.reason:
            raise ValueError("a form that must not be scanned needs a reason")
        return self


class Choice(Strict):
    id: Id
    label: Text
    source: Text


class DataField(Strict):
    name: Id
    label: Text
    kind: Kind
    required: bool
    instead_of: str = ""
    applicant: Literal["", "person", "organisation"] = ""
    max_length: Annotated[int, Field(ge=0)] = 0
    source: Text
    hint: str = ""


class RegulationFile(Strict):
    """A whole regulation."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    id: Id
    title: Text
    in_force_from: date
    replaces: list[Id] = []
    optional: bool = False
    note: str = ""
    order: Order
    scan: Scan
    page: PageLimits
    component: ComponentLimits
    file: FileLimits
    machine: Machine
    pdf: Pdf | None = None
    signature: SignatureMark
    copy_signature: SignatureMark
    archive_signature: SealMark | None = None
    code: Code
    desk: DeskNumbers
    forms: Annotated[list[Form], Field(min_length=1)]
    left_out: list[Choice]
    keep: Annotated[list[Choice], Field(min_length=1)]
    fields: Annotated[list[DataField], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_id_twice(self) -> Self:
        for ids in (
            [f.id for f in self.forms],
            [r.id for r in self.left_out],
            [r.id for r in self.keep],
            [f.name for f in self.fields],
        ):
            if len(set(ids)) != len(ids):
                raise ValueError("the same id stands twice")
        names = {f.name for f in self.fields}
        if any(f.instead_of and (f.instead_of not in names or not f.applicant) for f in self.fields):
            raise ValueError("instead_of must name a field, and applicant must say whose")
        return self


class LimitChange(Strict):
    """What a province may say about a limit: only keys it makes stricter."""

    severity: Severe | None = None
    min: float | None = None
    max: float | None = None
    tolerance: float | None = None
    keep_allowed: bool | None = None
    source: Text


class ScanChange(Strict):
    dpi: Positive | None = None
    least_dpi: Positive | None = None
    source: Text


class CodeChange(Strict):
    keep_leading_dot: bool
    source: Text


class DeskChange(Strict):
    lock_minutes: Positive | None = None
    token_idle_minutes: Positive | None = None
    password_least: Positive | None = None
    tries_before_pause: Positive | None = None
    pause_minutes: Positive | None = None
    source: Text


class FieldChange(Strict):
    name: Id
    required: Literal[True]
    source: Text


class AdditionFile(Strict):
    """A province's addition to a regulation; also how a province chooses an optional one."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    id: Id
    adds_to: Id
    title: Text
    in_force_from: date
    note: str = ""
    page: dict[str, LimitChange] = {}
    component: dict[str, LimitChange] = {}
    file: dict[str, LimitChange] = {}
    scan: ScanChange | None = None
    pdf: Pdf | None = None
    code: CodeChange | None = None
    desk: DeskChange | None = None
    fields: list[FieldChange] = []
    refuse_forms: list[Id] = []
    drop_left_out: list[Id] = []


class ProcedurePart(Strict):
    code: Text
    title: Text
    mandatory: bool
    paper_type: Text
    form: Id
    forms: Annotated[list[Id], Field(min_length=1)]
    sides: Positive | None = None
    refuse: str = ""
    why: str = ""
    work_type: str = ""

    @model_validator(mode="after")
    def _forms_agree(self) -> Self:
        if self.form not in self.forms:
            raise ValueError("form must be one of forms")
        if self.refuse and (self.refuse != self.form or not self.why):
            raise ValueError("refuse must be the form, and why must be said")
        return self


class ProcedureFile(Strict):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    code: Annotated[str, Field(pattern=r"^\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?$")]
    title: Text
    domain: Text
    example: bool = False
    note: str = ""
    component: Annotated[list[ProcedurePart], Field(min_length=1)]

    @model_validator(mode="after")
    def _no_code_twice(self) -> Self:
        codes = [part.code for part in self.component]
        if len(set(codes)) != len(codes):
            raise ValueError("the same component code stands twice")
        return self
