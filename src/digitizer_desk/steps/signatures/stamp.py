# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The agency's mark on a page: the words of a copy, or, for papers that go into an archive, the picture of its seal.

Apart from certifying because where a mark fits is asked before anybody types a PIN (R26), and because the two forms
must never be mixed: the seal is for the archive alone (R45).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from digitizer_desk import signing
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Component, Dossier
from digitizer_desk.dossier.result import CopyForm
from digitizer_desk.dossier.stage import DONE, dossier_stage
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.pdf.seal_picture import SealPicture, read_seal
from digitizer_desk.imaging.place import first_page, free_corner
from digitizer_desk.rules.regulation import Regulation

if TYPE_CHECKING:
    from digitizer_desk.signing.appearance import Mark

_MM = 72 / 25.4
_TRAINING = "(TẬP HUẤN)"


class Stamp:
    """One form of the agency's mark, for a batch.

    Raises:
        DeskError: ``signature.seal_missing``, ``signature.seal_unfit`` when the form wants a picture that is not there.
    """

    def __init__(self, desk: Desk, form: CopyForm) -> None:
        self.form = form
        self._desk = desk
        self._seal = _seal(desk) if form is CopyForm.SEAL else None

    def words(self, signed_at: datetime) -> tuple[str, ...]:
        """The text of the mark, its lines not yet broken."""
        office = self._desk.settings.unit.name
        lines = (signing.copy_line(office, signed_at),) if self._seal is None else signing.seal_lines(office, signed_at)
        return (*lines[:-1], f"{lines[-1]} {_TRAINING}") if self._desk.training else lines

    def place(self, pdf: bytes, law: Regulation, signed_at: datetime) -> tuple[Mark, float]:
        """The mark in the freest place of its corner on page 1, and the share of ink (0-1) that would lie under it.

        Raises:
            DeskError: ``signature.mark_letters``, ``image.damaged`` and its like; ``signature.seal_missing`` when the
                regulation of the dossier knows no such mark.
        """
        mark, margin, corner = self._mark(law, signed_at)
        pixels, (page_width, page_height) = first_page(pdf)
        box = (mark.width_pt / _MM, mark.height_pt / _MM)
        found = free_corner(pixels, (page_width / _MM, page_height / _MM), box, margin, corner)
        at = (found.left_mm * _MM, found.top_mm * _MM)
        placed = signing.Mark(mark.lines, *at, mark.width_pt, mark.height_pt, mark.font_size, mark.picture)
        return placed, found.ink_share

    def _mark(self, law: Regulation, signed_at: datetime) -> tuple[Mark, float, str]:
        """The mark at no place yet, its distance from the edges in mm, and its corner."""
        font = self._desk.stamp_font
        if self._seal is None:
            rule = law.copy_signature
            lines = signing.wrapped(self.words(signed_at)[0], font, rule.font_size_pt, rule.width_mm * _MM)
            width, height = signing.mark_size(lines, font, rule.font_size_pt)
            return signing.Mark(lines, 0, 0, width, height, rule.font_size_pt), rule.margin_mm, rule.corner
        seal = law.archive_signature
        if seal is None:
            raise error("signature.seal_missing", "the regulation has no such mark")
        picture = signing.Picture(
            self._seal.width,
            self._seal.height,
            self._seal.rgb,
            self._seal.alpha,
            self._seal.width_mm * _MM,
            self._seal.height_mm * _MM,
        )
        least = law.copy_signature.width_mm * _MM
        lines = tuple(
            part for line in self.words(signed_at) for part in signing.wrapped(line, font, seal.font_size_pt, least)
        )
        width, height = signing.mark_size(lines, font, seal.font_size_pt)
        whole = height + seal.gap_mm * _MM + picture.height_pt
        mark = signing.Mark(lines, 0, 0, max(width, picture.width_pt), whole, seal.font_size_pt, picture)
        return mark, seal.margin_mm, seal.corner


def _seal(desk: Desk) -> SealPicture:
    name = desk.settings.archive.seal
    if not name:
        raise error("signature.seal_missing")
    file = desk.paths.site / name
    # a settings file that names a place elsewhere must not make the desk read it
    if file.resolve().parent != desk.paths.site.resolve():
        raise error("signature.seal_missing", "not in the site's folder")
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise error("signature.seal_missing", type(problem).__name__) from problem
    return read_seal(data, name)


def not_for_archive(desk: Desk, dossier: Dossier, component: Component) -> DeskError | None:
    """Why this paper is not submitted to an archive now, or None: only what is finished goes there (R45)."""
    law = desk.law_of(dossier)
    why = ""
    if not desk.settings.archive.receiver:
        why = "Đơn vị chưa khai nơi nộp lưu trữ"
    elif dossier.granted is None:
        why = "Hồ sơ chưa có kết quả"
    elif dossier_stage(dossier, law.order, law.may_scan) != DONE:
        why = "Hồ sơ chưa xong: tỉnh chưa nhận đủ"
    return error("signature.seal_not_archive", component=component.title, why=why) if why else None
