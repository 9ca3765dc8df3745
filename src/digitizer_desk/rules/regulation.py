# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the law asks, as frozen values: limits, forms of submission, fields, the order of work, procedures.

Apart from ``load.py`` (which reads them from files) because everybody judges by these values and nobody but the
loader needs to know how they are written down. Every value names its source in the law (R63).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from digitizer_desk.dossier.finding import Severity
from digitizer_desk.dossier.model import Component


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit on a page, a component or a file.

    A rule has ``min``, ``max``, or ``value`` (a word the fact must equal), or none of them when the fact itself is the
    finding. ``tolerance`` is the share (0-1) of the limit that rounding may take. ``keep_allowed``: a clerk may keep
    the page in spite of the fault, with a reason. ``lead``: how far the fact must be above its counter-proof
    (:meth:`beats`). ``count``: on how many pages in a row it must be found.
    """

    name: str
    severity: Severity
    source: str
    value: str | None = None
    min: float | None = None
    max: float | None = None
    unit: str = ""
    tolerance: float = 0.0
    keep_allowed: bool = False
    lead: float = 0.0
    count: int = 1

    def beats(self, alike: float, counter: float) -> bool:
        """Whether a likeness (-1 to 1) is over the most, and by ``lead`` over its counter-proof.

        Near 1 a small step is a long way: a seal in the middle of its page lies nearly on its own mirror image. Where
        the counter-proof is above one half, the lead shrinks with what it leaves open.
        """
        over = self.max is not None and alike > self.max
        return over and alike - counter >= self.lead * min(1.0, 2 * (1 - counter))


@dataclass(frozen=True, slots=True)
class FormRule:
    """A form of submission (hình thức nộp) and whether it may be captured (TT 01/2023 Điều 4).

    ``overridable``: the officer may still choose another form afterwards. ``keeps_image``: pictures taken before the
    form was known may stay; False means they must go at once (giấy tờ mật).
    """

    id: str
    label: str
    may_scan: bool
    overridable: bool
    keeps_image: bool
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A choice from a short list, as the journal keeps it."""

    id: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One data field of TT 01/2023 Điều 9 khoản 2.

    ``kind``: how it is judged, one of :data:`FIELD_KINDS`. ``instead_of``: the field it stands in for when the paper
    lacks that one; fields of the same ``instead_of`` and ``applicant`` (person | organisation) are one set.
    ``max_length`` in characters, 0 = no limit.
    """

    name: str
    label: str
    kind: str
    required: bool
    instead_of: str
    source: str
    hint: str
    applicant: str = ""
    max_length: int = 0


#: how a field's value is judged
FIELD_KINDS = (
    "text",
    "paper_type",
    "identifier",
    "person_name",
    "birth_date",
    "organisation_name",
    "year",
    "issue_date",
    "term",
)


@dataclass(frozen=True, slots=True)
class ScanRule:
    """How to scan when nobody chose otherwise (R8).

    ``source`` is the paper source in the scanner's words (feeder-duplex …), ``sheet_mm`` (width, height) in mm,
    ``least_dpi`` the least a clerk may choose, ``law`` the legal source.
    """

    dpi: int
    mode: str
    source: str
    sheet_mm: tuple[float, float]
    least_dpi: int
    law: str


@dataclass(frozen=True, slots=True)
class SignatureRule:
    """Where a mark stands on the first page: the clerk's (R24) or the agency's on a copy (R41); lengths in mm, font
    size in pt."""

    corner: str
    width_mm: float
    height_mm: float
    margin_mm: float
    font_size_pt: float
    source: str


@dataclass(frozen=True, slots=True)
class SealRule:
    """Where the agency's mark with the picture of its seal stands on page 1 (R45); lengths in mm, font size in pt.

    The picture keeps its true size; ``gap_mm`` lies between it and the words under it.
    """

    corner: str
    margin_mm: float
    font_size_pt: float
    gap_mm: float
    source: str


@dataclass(frozen=True, slots=True)
class CodeRule:
    """How the parts of a result code are joined (R35)."""

    separator: str
    keep_leading_dot: bool
    source: str


@dataclass(frozen=True, slots=True)
class PdfRule:
    """What the file must be (R11, R12, R20); ``box_tolerance`` is a share (0-1) of the sheet's size.

    ``preset``: how pages go in when nobody chose otherwise, ``archive`` (as scanned) or ``small`` (for a slow line).
    """

    least_version: str
    size_budget_bytes: int
    box_tolerance: float
    source: str
    preset: str = "archive"


@dataclass(frozen=True, slots=True)
class DeskRule:
    """Numbers of the desk itself; times in minutes."""

    lock_minutes: int
    token_idle_minutes: int
    password_least: int
    tries_before_pause: int
    pause_minutes: int


@dataclass(frozen=True, slots=True)
class MachineRule:
    """When the pages of a scanner say that it wants cleaning.

    Of its last ``pages`` pages, the ``recent`` newest are held against those before them: a median sharpness or light
    lower by these drops (0-1), or streaks within ``streak_within`` (share of the width) of each other on
    ``streak_pages`` pages.
    """

    pages: int
    recent: int
    streak_pages: int
    streak_within: float
    sharpness_drop: float
    light_drop: float
    source: str


@dataclass(frozen=True, slots=True)
class Regulation:
    """One regulation as it judges a dossier: a legal text, with the province's stricter additions in its id."""

    id: str
    title: str
    in_force_from: date
    replaces: tuple[str, ...]
    optional: bool
    note: str
    order: tuple[str, ...]
    when_granted: tuple[str, ...]
    forms: tuple[FormRule, ...]
    left_out_reasons: tuple[Reason, ...]
    keep_reasons: tuple[Reason, ...]
    fields: tuple[FieldRule, ...]
    page: Mapping[str, Limit]
    component: Mapping[str, Limit]
    file: Mapping[str, Limit]
    scan: ScanRule
    signature: SignatureRule
    copy_signature: SignatureRule
    code: CodeRule
    pdf: PdfRule
    machine: MachineRule
    desk: DeskRule
    archive_signature: SealRule | None = None

    def form(self, form_id: str) -> FormRule:
        """The form of submission with this id.

        Raises:
            KeyError: this regulation has no such form.
        """
        for form in self.forms:
            if form.id == form_id:
                return form
        raise KeyError(form_id)

    def field(self, name: str) -> FieldRule:
        """The data field with this name.

        Raises:
            KeyError: this regulation has no such field.
        """
        for rule in self.fields:
            if rule.name == name:
                return rule
        raise KeyError(name)

    def may_scan(self, component: Component) -> bool:
        """Whether the form of submission allows capture (R3). Not chosen yet: yes. Unknown here: no."""
        if not component.form:
            return True
        return any(form.id == component.form and form.may_scan for form in self.forms)


@dataclass(frozen=True, slots=True)
class ProcedureComponent:
    """One paper a procedure asks for.

    ``form`` is the usual form of submission, ``forms`` all that may be chosen; ``sides`` the usual number of sides;
    ``refuse`` the form that forbids capture by the nature of the paper ('' = none) and ``why`` says it to the clerk;
    ``work_type`` the id of the way such a paper is usually scanned ('' = none named).
    """

    code: str
    title: str
    mandatory: bool
    paper_type: str
    form: str
    forms: tuple[str, ...]
    sides: int | None
    refuse: str
    why: str
    work_type: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """An administrative procedure (TTHC) and what it asks for. ``example``: not the province's own list."""

    code: str
    title: str
    domain: str
    example: bool
    note: str
    components: tuple[ProcedureComponent, ...]
