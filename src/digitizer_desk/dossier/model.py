# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The frozen values the whole desk works on: officer, dossier, component, page, document, parcel.

Apart from every room because what passes between rooms is one of these values. Nothing here reads or writes;
a change is a new value (``dataclasses.replace``). All times are timezone-aware; all text is NFC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from digitizer_desk.dossier.batch import Batch, Recount, Stack
from digitizer_desk.dossier.file import Origin, PaperFile, is_whole_file
from digitizer_desk.dossier.finding import Finding, PageMeasures
from digitizer_desk.dossier.incoming.reuse import Reused, ReuseState
from digitizer_desk.dossier.repair import Mended
from digitizer_desk.dossier.result import Cancelled, CopyForm, Granted, PaperKind, issued_by

#: Vietnam time, the zone every stamp and report is written in (no daylight saving since 1975)
VIETNAM = timezone(timedelta(hours=7), "+07:00")


class Role(StrEnum):
    """What an officer may do at this desk (R40, R60)."""

    CLERK = "clerk"
    VAN_THU = "van_thu"
    SUPERVISOR = "supervisor"
    IT = "it"


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who logs in by name; ``name`` must equal the signing certificate's holder (R25)."""

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    active: bool = True


class CodeKind(StrEnum):
    """Shape of a dossier code (R1): TT 01/2018 order, QĐ 20/2020 order, or an older code taken with a warning."""

    OLD = "old"
    QD20 = "qd20"
    LEGACY = "legacy"


class ApplicantKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Applicant:
    """The owner of the dossier (chủ hồ sơ). ``identifier``: personal number, tax code, passport, or empty."""

    name: str
    kind: ApplicantKind = ApplicantKind.PERSON
    identifier: str = ""
    born_or_founded: str = ""


class AccountCheck(StrEnum):
    """Whether the applicant's account on the national portal was looked up (R6)."""

    YES = "yes"
    NO = "no"
    NOT_DONE = "not_done"


class Channel(StrEnum):
    """How the dossier came in; an electronic one is never scanned (R4)."""

    PAPER = "paper"
    ELECTRONIC = "electronic"


@dataclass(frozen=True, slots=True)
class Keep:
    """A clerk's reasoned decision to keep a page in spite of one finding (journaled, shown to the supervisor)."""

    rule: str
    reason: str
    by: str
    at: datetime


class NoteSide(StrEnum):
    """A sheet with a note stuck on is captured twice: with, then without it (R14)."""

    NONE = "none"
    WITH = "with"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Page:
    """One picture of one side, as kept. The master JPEG lies sealed in the cabinet under ``sha256``.

    ``width`` and ``height`` are pixels of the master as stored, ``dpi`` what the device was asked and answered to
    give, ``sheet_mm`` the width and height of the sheet in mm as scanned (before ``turn``), ``turn`` the clockwise
    degrees (0, 90, 180, 270) the page must be shown turned by, ``batch`` the batch that brought it ('' = no feeder),
    ``origin`` the file it came in (None from a scanner), ``mended`` how the picture was made from an earlier version
    (None: as it came).
    """

    id: str
    sha256: str
    width: int
    height: int
    dpi: tuple[float, float]
    sheet_mm: tuple[float, float]
    scanned_at: datetime
    scanner: str
    size: int
    version: int = 1
    turn: int = 0
    note: NoteSide = NoteSide.NONE
    measures: PageMeasures | None = None
    findings: tuple[Finding, ...] = ()
    keeps: tuple[Keep, ...] = ()
    origin: Origin | None = None
    batch: str = ""
    mended: Mended | None = None

    @property
    def unread(self) -> bool:
        """A gap: the page is there in its file but cannot be read. It closes signing until replaced or taken out."""
        return self.origin is not None and self.origin.unread

    @property
    def open_faults(self) -> tuple[Finding, ...]:
        """Faults nobody has excused: these close signing."""
        if not self.findings:  # the usual page: a key asks it of five hundred
            return ()
        excused = {keep.rule for keep in self.keeps}
        return tuple(f for f in self.findings if f.is_fault and f.rule not in excused)


@dataclass(frozen=True, slots=True)
class NotDigitised:
    """Why a component was not scanned at all (R18), by whom and when. ``reason`` is an id from the regulation."""

    reason: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature in a document. ``captured_at`` (shown in the mark) and ``signed_at`` are both kept (R24).

    ``form`` is how the agency's mark looks; the clerk's has one look only.
    """

    role: str  # clerk | organisation
    signer: str
    certificate_sha256: str
    captured_at: datetime
    signed_at: datetime
    officer: str
    form: CopyForm = CopyForm.TEXT


@dataclass(frozen=True, slots=True)
class Document:
    """The PDF of a component, frozen once signed (R27, R30). The bytes lie sealed under ``sha256``.

    ``pages`` are (page id, sha256, turn) in the order in which they went in: another list means it is out of date.
    """

    id: str
    version: int
    sha256: str
    size: int
    pages: tuple[tuple[str, str, int], ...]
    made_at: datetime
    signatures: tuple[Signature, ...] = ()


class FieldSource(StrEnum):
    """Where a value came from (R32)."""

    TYPED = "typed"
    QR = "qr"
    OCR = "ocr"
    DOSSIER = "dossier"


@dataclass(frozen=True, slots=True)
class Field:
    """One data field of TT 01/2023 Điều 9; ``name`` is the id in the regulation."""

    name: str
    value: str
    source: FieldSource = FieldSource.TYPED


@dataclass(frozen=True, slots=True)
class Metadata:
    """The confirmed data of a component, who answers for it, since when, and from which document it was read."""

    fields: tuple[Field, ...]
    confirmed_by: str
    confirmed_at: datetime
    document_id: str = ""

    def get(self, name: str) -> str:
        """The value of a field, or '' when it was not given."""
        return next((f.value for f in self.fields if f.name == name), "")


@dataclass(frozen=True, slots=True)
class ResultCode:
    """Mã kết quả số hóa in three stored parts (R35), never parsed back; provisional until the province answers."""

    owner: str
    kind: str
    number: str
    provisional: bool = True
    text: str = ""  # as joined by the rule in force, or as the province returned it


class ParcelState(StrEnum):
    """SENDING found at a start means: we do not know, ask first."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEEDS_PERSON = "needs_person"
    SUPERSEDED = "superseded"  # never sent: a newer version of the same paper took its place


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything that goes to the province for one version of one document. ``id`` is the idempotency key for ever.

    ``body`` is the canonical JSON sent beside the PDF, frozen when packed; ``digest`` its SHA-256. ``file_sha256``
    names the signed PDF in the cabinet.

    ``signed_sha256`` is the file as the last person signed it, ``sent_sha256`` the file as it first left ('' before):
    between the two it may have been given timestamps and proofs, from then on not a byte changes. ``level`` is the
    PAdES level of its signatures, '' when not known.
    """

    id: str
    dossier_id: str
    dossier_code: str
    component_id: str
    component_title: str
    document_id: str
    version: int
    file_sha256: str
    file_size: int
    body: str
    digest: str
    made_at: datetime
    state: ParcelState = ParcelState.WAITING
    tries: int = 0
    next_try_at: datetime | None = None
    error: str = ""  # code of the last failure
    said: str = ""  # the province's own words
    receipt: str = ""  # số biên nhận
    accepted_at: datetime | None = None
    signed_sha256: str = ""
    sent_sha256: str = ""
    level: str = ""
    body_signature: str = ""  # CMS (base64) of the agency over the bytes of ``body``, detached (R44)
    trail: str = ""  # how far its connector came with it; only the connector reads it


@dataclass(frozen=True, slots=True)
class Component:
    """One paper the procedure asks for (thành phần hồ sơ); one file of its own (R2).

    ``form`` is the id of a form of submission in the regulation ('' until chosen); ``declared`` the sides the clerk
    counted on the paper (R13); ``pages`` the live pages in order; ``file`` the PDF these are the pages of, if one came.
    ``batches`` are all batches ever run for it, oldest first; ``recount`` the newest second count; ``stack`` the newest
    stack that was turned by hand. ``kind`` tells results from what was handed in; a result that is ``cancelled`` stays.
    """

    id: str
    number: int
    code: str
    title: str
    mandatory: bool
    paper_type: str = ""
    form: str = ""
    declared: int | None = None
    not_digitised: NotDigitised | None = None
    pages: tuple[Page, ...] = ()
    document: Document | None = None
    metadata: Metadata | None = None
    result_code: ResultCode | None = None
    parcel: Parcel | None = None
    file: PaperFile | None = None
    batches: tuple[Batch, ...] = ()
    recount: Recount | None = None
    stack: Stack | None = None
    kind: PaperKind = PaperKind.COMPONENT
    cancelled: Cancelled | None = None
    reused: Reused | None = None  # a paper the province keeps takes the place of a scan (R5)

    @property
    def is_reused(self) -> bool:
        """Whether a paper the province keeps stands here; one it refused does not count."""
        return self.reused is not None and self.reused.state is not ReuseState.REFUSED

    @property
    def expected(self) -> int | None:
        """Pictures there must be: declared sides, and one more for each side captured with its note (R13, R14).

        A PDF counts itself, unless the clerk counted its paper.
        """
        if self.declared is None:
            return self.file.pages if self.file is not None else None
        return self.declared + sum(page.note is NoteSide.WITH for page in self.pages)

    @property
    def is_original(self) -> bool:
        """A result that came as a file, signed by the agency its data name and by the person who decided (R43)."""
        agency = self.metadata.get("co_quan_cap") if self.metadata is not None else ""
        return self.kind is PaperKind.RESULT and issued_by(self.file, agency)

    @property
    def page_list(self) -> tuple[tuple[str, str, int], ...]:
        """What a document made now would be made of."""
        return tuple((page.id, page.sha256, page.turn) for page in self.pages)

    @property
    def is_whole(self) -> bool:
        """No gap among the pages and, where a PDF is the component, nothing but all of its pages."""
        if any(page.unread for page in self.pages):
            return False
        if not any(page.origin is not None and page.origin.pdf for page in self.pages):
            return self.file is None
        return self.file is not None and is_whole_file([(page.origin, page.turn) for page in self.pages])


@dataclass(frozen=True, slots=True)
class HandedOn:
    """The dossier went on although mandatory components are missing (R7); the handling officer must finish it."""

    missing: tuple[str, ...]
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier at the counter. ``rules_id`` is the regulation in force when it was received; it never changes.

    ``removed_at``: when its pictures and documents left this machine after the province had confirmed them all (R57).
    """

    id: str
    code: str
    code_kind: CodeKind
    procedure: str
    procedure_title: str
    applicant: Applicant
    received_at: datetime
    received_by: str
    rules_id: str
    channel: Channel = Channel.PAPER
    account_check: AccountCheck = AccountCheck.NOT_DONE
    handed_on: HandedOn | None = None
    granted: Granted | None = None
    components: tuple[Component, ...] = field(default=())
    removed_at: datetime | None = None
    packs: str = ""  # the province's packs of rules it was begun under, "id#sequence"

    @property
    def received_on(self) -> date:
        """The day (Vietnam time) whose law judges this dossier."""
        return self.received_at.astimezone(VIETNAM).date()

    def component(self, component_id: str) -> Component:
        """The component with this id.

        Raises:
            KeyError: no such component here.
        """
        for component in self.components:
            if component.id == component_id:
                return component
        raise KeyError(component_id)
