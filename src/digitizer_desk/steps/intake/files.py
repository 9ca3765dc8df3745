# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files become the pages of a component: pictures as pages, a PDF as the component itself (R4). All of them or none.

Apart from ``scan.py`` because a file can be read again: nothing is in the component before everything was read, sealed
and measured. The one exception is told and closes signing: a page of a TIFF that cannot be read leaves a gap. A file
that is refused can be chosen again; the good pages inside a broken one have no other way in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.file import Origin, PaperFile
from digitizer_desk.dossier.model import Component, Dossier, Officer, Page, ParcelState
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.apart import FileHead, Reader, ReadPage
from digitizer_desk.imaging.gap import gap_picture
from digitizer_desk.imaging.intake import LEAST_SIDE
from digitizer_desk.imaging.master import decode
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.rules import check as rules_check
from digitizer_desk.rules.regulation import Regulation
from digitizer_desk.steps.intake.pdf import look_into
from digitizer_desk.steps.intake.source import Source
from digitizer_desk.steps.officers import clerk_only
from digitizer_desk.steps.parts.trace import act
from digitizer_desk.store.intake.files import FilePicture
from digitizer_desk.store.pages import NewPage

#: what stands where a scanner's name stands: the file itself may be named after a person
FROM_PICTURE, FROM_PDF = "tệp ảnh", "tệp PDF"
_A4_MM = (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class FileProgress:
    """Page ``page`` of ``pages`` of file ``file`` of ``files`` was read. ``name`` is for the clerk's eyes only."""

    name: str
    file: int
    files: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class IntakeOutcome:
    """``kept``: pages now in the component. ``refused``: (name, error) of each file that could not be taken, and then
    nothing was; ``gaps``: an error for each page that could not be read inside a file that was."""

    dossier: Dossier
    kept: tuple[Page, ...] = ()
    refused: tuple[tuple[str, DeskError], ...] = ()
    gaps: tuple[DeskError, ...] = ()
    stopped: bool = False


def bring(
    desk: Desk,
    dossier_id: str,
    component_id: str,
    sources: Sequence[Source],
    by: Officer,
    report: Callable[[object], None],
    stop: Callable[[], bool],
    *,
    replace_all: bool = False,
    first_time: bool = False,
) -> IntakeOutcome:
    """Take files into a component, in the order given, as one act that one undo takes back.

    ``report`` gets a :class:`FileProgress` for each page. ``replace_all``: in place of what lies there.

    Raises:
        DeskError: the component takes no files (``dossier.file_refused``, ``dossier.frozen``, ``dossier.has_pages``,
            ``dossier.is_file``), ``file.one_pdf``, ``file.in_use``, ``store.*``, ``officer.not_allowed``.
    """
    clerk_only(by)
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component, law = dossier.component(component_id), desk.law_of(dossier)
    refuse(component, law)
    with act(desk, "intake", component_id):
        taken = _Taken(desk, law, stop, report, len(sources))
        with Reader() as reader:
            for number, source in enumerate(sources, start=1):
                if stop():
                    break
                taken.take(reader, number, source)
        if stop() or taken.refused:
            return IntakeOutcome(dossier, refused=tuple(taken.refused), stopped=stop())
        _refuse_mixing(component, taken, len(sources), replace_all)
        ids = desk.cabinet.files.attach(
            component_id, taken.pictures, by, file=taken.file, replace=replace_all, first_time=first_time
        )
    dossier = desk.cabinet.dossiers.load(dossier_id)
    kept = tuple(page for page in dossier.component(component_id).pages if page.id in ids)
    return IntakeOutcome(dossier, kept, gaps=tuple(taken.gaps))


def withdraw(desk: Desk, dossier_id: str, component_id: str, by: Officer) -> Dossier:
    """Take a file out of its component again; nothing is deleted and undo brings it back.

    Raises:
        DeskError: ``dossier.frozen`` when it is being sent or was received.
    """
    clerk_only(by)
    desk.cabinet.files.withdraw(component_id, by)
    return desk.cabinet.dossiers.load(dossier_id)


def refuse(component: Component, law: Regulation) -> None:
    """Whether a component may have a picture at all (R3), and none that was sent is changed.

    Raises:
        DeskError: ``dossier.file_refused``, ``dossier.frozen``.
    """
    if not law.may_scan(component):
        raise error("dossier.file_refused", component=component.title, why=law.form(component.form).reason)
    if component.not_digitised is not None:
        raise error("dossier.file_refused", component=component.title, why="đã ghi lý do không số hóa")
    if component.is_reused:
        raise error("reuse.stands", component=component.title)
    if component.parcel is not None and component.parcel.state in (ParcelState.SENDING, ParcelState.ACCEPTED):
        raise error("dossier.frozen", component=component.title)


def _refuse_mixing(component: Component, taken: _Taken, files: int, replace_all: bool) -> None:
    """One component is one PDF or a row of pictures, never both (R2)."""
    if taken.file is not None and files > 1:
        raise error("file.one_pdf", count=files)
    if replace_all or not component.pages:
        return
    if component.file is not None:
        raise error("dossier.is_file", component=component.title)
    if taken.file is not None:
        raise error("dossier.has_pages", component=component.title, count=len(component.pages))


class _Taken:
    """What was read so far: sealed pictures that have no row yet."""

    def __init__(
        self, desk: Desk, law: Regulation, stop: Callable[[], bool], report: Callable[[object], None], files: int
    ) -> None:
        self._desk, self._law, self._stop, self._report, self._files = desk, law, stop, report, files
        self.pictures: list[FilePicture] = []
        self.file: PaperFile | None = None
        self.refused: list[tuple[str, DeskError]] = []
        self.gaps: list[DeskError] = []

    def take(self, reader: Reader, number: int, source: Source) -> None:
        """Read one file. What is wrong with it is noted, the others are read all the same: told once, all of it."""
        try:
            self._read(reader, number, source)
        except DeskError as problem:
            if problem.code.startswith("store."):
                raise
            self.refused.append((source.name, problem))

    def _read(self, reader: Reader, number: int, source: Source) -> None:
        data = source.read()
        sha256 = hashlib.sha256(data).hexdigest()
        head, is_pdf, came = FileHead(0, None, None, False, False), False, 0
        gaps: list[tuple[int, DeskError]] = []
        first = len(self.pictures)
        for said in reader.read(data, source.name, self._stop):
            if isinstance(said, FileHead):
                head, is_pdf = said, said.pdf_version is not None
                if is_pdf:
                    self.file = look_into(self._desk, source.name, data, sha256, head)
                continue
            came += 1
            origin = Origin(sha256, came, head.pages, is_pdf)
            if isinstance(said, DeskError):
                gaps.append((len(self.pictures), said))
                self.pictures.append(self._gap(origin))
            else:
                self.pictures.append(self._picture(said, origin, source.name))
            self._report(FileProgress(source.name, number, self._files, came, head.pages))
        if gaps and len(gaps) == head.pages:
            raise gaps[0][1]
        if gaps and is_pdf:  # nothing can be put in the place of its page: the file stays as it is or stays away
            place = gaps[0][0] - first + 1
            raise error("file.page_damaged", gaps[0][1].detail, file=source.name, page=place, pages=head.pages)
        self.gaps += [
            error("image.page_damaged", said.detail, file=source.name, page=at - first + 1, pages=head.pages)
            for at, said in gaps
        ]
        if is_pdf and not self._stop():
            self._desk.cabinet.files.seal(data)

    def _picture(self, page: ReadPage, origin: Origin, name: str) -> FilePicture:
        if min(page.width, page.height) < LEAST_SIDE:
            raise error("image.too_small", f"{page.width}x{page.height}", file=name)
        measures = measure_page(
            decode(page.jpeg, name),
            dpi=page.dpi,
            sheet_mm=page.sheet_mm,
            bilevel=page.bilevel,
            dpi_source=page.dpi_source,
        )
        facts = NewPage(
            width=page.width,
            height=page.height,
            dpi=page.stated_dpi or page.dpi,
            sheet_mm=(round(page.sheet_mm[0], 2), round(page.sheet_mm[1], 2)),
            scanned_at=self._desk.clock(),
            scanner=FROM_PDF if origin.pdf else FROM_PICTURE,
            turn=0 if origin.pdf else page.turn,
        )
        findings = rules_check.check_page(measures, self._law, turn=facts.turn)
        return FilePicture(self._desk.cabinet.files.seal(page.jpeg), len(page.jpeg), facts, origin, measures, findings)

    def _gap(self, origin: Origin) -> FilePicture:
        """What stands where a page could not be read, so that its place is seen and can be filled (F6)."""
        jpeg, (width, height), dpi = gap_picture(_A4_MM)
        facts = NewPage(width, height, (dpi, dpi), _A4_MM, self._desk.clock(), FROM_PDF if origin.pdf else FROM_PICTURE)
        sha256 = self._desk.cabinet.files.seal(jpeg)
        return FilePicture(sha256, len(jpeg), facts, replace(origin, unread=True), None)
