# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The visible mark: what it says, how big it is, and how it is drawn into a PDF.

Apart from ``sign.py`` because a mark can be wrong while its signature is valid (letters missing, numbers no reader
takes), so everything that decides how it looks lies here and is tested by looking at rendered pages.
"""

from __future__ import annotations

import unicodedata
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont, TTLibError
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import ArrayObject, FloatObject, NumberObject, StreamObject, pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import error

#: distance from one baseline to the next, in font sizes
LEADING = 1.2
#: PDF form matrices that turn the mark so that it stands upright on a page shown turned clockwise by the key
_UPRIGHT = {0: None, 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a mark, in its true size in points: ``rgb`` and ``alpha`` are rows of uint8, top row first,
    ``width`` x ``height`` pixels of three and of one value. Its colours are sRGB."""

    width: int
    height: int
    rgb: bytes
    alpha: bytes
    width_pt: float
    height_pt: float


@dataclass(frozen=True, slots=True)
class Mark:
    """Text and place of a visible mark on page 1.

    ``left_pt`` and ``top_pt`` are points (1/72 inch) from the top left corner of the page as it is shown,
    ``width_pt`` x ``height_pt`` the box, ``font_size`` points. Text that does not fit is set smaller, never cut. A
    ``picture`` stands above the text in the middle of the box and is never scaled.
    """

    lines: tuple[str, ...]
    left_pt: float
    top_pt: float
    width_pt: float
    height_pt: float
    font_size: float
    picture: Picture | None = None


def clerk_lines(name: str, captured_at: datetime) -> tuple[str, str]:
    """The clerk's mark: who captured, and when, in Vietnam time to the second with its offset.

    TT 01/2023/TT-VPCP Điều 8 khoản 1 (name and time of capture); time format of NĐ 30/2020/NĐ-CP Phụ lục I.
    """
    if captured_at.tzinfo is None:
        raise ValueError("time of capture without a time zone")
    return _tidy(name), captured_at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S +07:00")


def copy_line(office: str, signed_at: datetime) -> str:
    """The agency's mark on a copy made of paper: form of copy, who, when.

    NĐ 30/2020/NĐ-CP Phụ lục III Mẫu 3.2; the offset as in its time format.
    """
    if signed_at.tzinfo is None:
        raise ValueError("time of signing without a time zone")
    moment = signed_at.astimezone(VIETNAM).strftime("%d/%m/%Y; %H:%M:%S +07:00")
    return f"SAO Y; {_tidy(office)}; {moment}"


def seal_lines(office: str, signed_at: datetime) -> tuple[str, str]:
    """The words under the agency's seal: who, and when in ISO 8601 with Vietnam's offset (TT 02/2019/TT-BNV)."""
    if signed_at.tzinfo is None:
        raise ValueError("time of signing without a time zone")
    return _tidy(office), signed_at.astimezone(VIETNAM).isoformat(timespec="seconds")


def wrapped(line: str, font: bytes, font_size: float, width_pt: float) -> tuple[str, ...]:
    """The line broken between words so that each part is at most ``width_pt`` points wide; one long word stays whole.

    Raises:
        DeskError: ``signature.mark_letters``.
    """
    lines: list[str] = []
    for word in _tidy(line).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and mark_size((longer,), font, font_size)[0] <= width_pt:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def missing_letters(lines: tuple[str, ...], font: bytes) -> str:
    """Letters of ``lines`` the font cannot draw; '' when all are there.

    A mark that no composed letter exists for counts as missing: the font is set without mark positioning.
    """
    letters = _metrics(font).advances
    wanted = dict.fromkeys("".join(map(_tidy, lines)))
    return "".join(c for c in wanted if ord(c) not in letters or unicodedata.combining(c))


def mark_size(lines: tuple[str, ...], font: bytes, font_size: float) -> tuple[float, float]:
    """Natural width and height of the text in points at ``font_size``.

    Raises:
        DeskError: ``signature.mark_letters`` when the font lacks a letter.
    """
    if missing := missing_letters(lines, font):
        raise error("signature.mark_letters", letters=missing)
    metrics = _metrics(font)
    width = max((metrics.width(_tidy(line)) for line in lines), default=0.0)
    height = (len(lines) - 1) * LEADING + metrics.ascent + metrics.descent if lines else 0.0
    return width * font_size, height * font_size


def _tidy(line: str) -> str:
    return unicodedata.normalize("NFC", line)


@dataclass(frozen=True, slots=True)
class _Metrics:
    """Measures of a font in ems."""

    advances: dict[int, float]
    ascent: float
    descent: float

    def width(self, line: str) -> float:
        return sum(self.advances[ord(c)] for c in line)


@lru_cache(maxsize=2)
def _metrics(font: bytes) -> _Metrics:
    try:
        with TTFont(BytesIO(font), lazy=True) as tt:
            em = tt["head"].unitsPerEm
            if em != 1000:
                # pyHanko writes widths in font units, PDF wants thousandths: other fonts come out letter-spaced
                raise ValueError(f"the mark's font has {em} units per em, not 1000")
            advances = {code: tt["hmtx"][glyph][0] / em for code, glyph in tt.getBestCmap().items()}
            return _Metrics(advances, tt["hhea"].ascent / em, -tt["hhea"].descent / em)
    except TTLibError as problem:
        raise ValueError("the mark's font cannot be read") from problem


class MarkStyle:
    """Stands in for a pyHanko stamp style: draws a :class:`Mark` as the appearance of the signature field.

    ``turned`` is the page's /Rotate (0, 90, 180, 270). We set the text ourselves because pyHanko's layout writes
    rounding residues with exponents, which are no PDF numbers and make the mark vanish in some readers.
    """

    def __init__(self, mark: Mark, font: bytes, turned: int = 0) -> None:
        self._mark = mark
        self._font = font
        self._turned = turned
        natural = mark_size(mark.lines, font, 1.0)
        room = mark.height_pt - (mark.picture.height_pt if mark.picture is not None else 0.0)
        fits = min(mark.width_pt / max(natural[0], 1e-6), room / max(natural[1], 1e-6))
        self._size = min(mark.font_size, fits)

    def create_stamp(self, writer: Any, box: BoxConstraints, text_params: dict[str, Any]) -> _DrawnMark:
        """Called by pyHanko with the field's box, which on a turned page has its sides swapped; ours stands."""
        return _DrawnMark(writer, self._mark, self._font, self._size, self._turned)


class _DrawnMark(AppearanceContent):  # type: ignore[misc]
    """The mark as a form XObject with its own subset of the font."""

    def __init__(self, writer: Any, mark: Mark, font: bytes, size: float, turned: int) -> None:
        super().__init__(writer=writer, box=BoxConstraints(width=mark.width_pt, height=mark.height_pt))
        self._mark = mark
        self._size = size
        self._turned = turned
        self._writer = writer
        self._ascent = _metrics(font).ascent
        self._descent = _metrics(font).descent
        self._engine = GlyphAccumulator(writer, BytesIO(font), size, bcp47_lang_code="vi")

    def render(self) -> bytes:
        self.set_resource(ResourceType.FONT, pdf_name("/F1"), self._engine.as_resource())
        commands = [b"q 0 g"]
        baseline = self._mark.height_pt - self._ascent * self._size
        if (picture := self._mark.picture) is not None:
            self.set_resource(
                ResourceType.XOBJECT, pdf_name("/Seal"), self._writer.add_object(_image(self._writer, picture))
            )
            left, bottom = (self._mark.width_pt - picture.width_pt) / 2, self._mark.height_pt - picture.height_pt
            matrix = " ".join(_number(v) for v in (picture.width_pt, 0, 0, picture.height_pt, left, bottom))
            commands.append(f"q {matrix} cm /Seal Do Q".encode())
            # the words stand at the foot of the box: what is left between is the gap
            baseline = (len(self._mark.lines) - 1) * LEADING * self._size + self._descent * self._size
        for line in self._mark.lines:
            drawn = self._engine.shape(_tidy(line)).graphics_ops
            where = f"BT /F1 {_number(self._size)} Tf 1 0 0 1 0 {_number(baseline)} Tm "
            commands.append(where.encode() + drawn + b" ET")
            baseline -= LEADING * self._size
        commands.append(b"Q")
        return b"\n".join(commands)

    def as_form_xobject(self) -> StreamObject:
        form = super().as_form_xobject()
        form["/BBox"] = ArrayObject(
            [NumberObject(0), NumberObject(0), *(FloatObject(_number(v)) for v in (self.box.width, self.box.height))]
        )
        if upright := _UPRIGHT[self._turned]:
            form["/Matrix"] = ArrayObject([NumberObject(n) for n in (*upright, 0, 0)])
        return form


def _image(writer: Any, picture: Picture) -> StreamObject:
    """The picture as an image with a soft mask: transparent where the paper must show."""
    mask = _samples(picture, picture.alpha, "/DeviceGray")
    image = _samples(picture, picture.rgb, "/DeviceRGB")
    image["/SMask"] = writer.add_object(mask)
    return image


def _samples(picture: Picture, data: bytes, space: str) -> StreamObject:
    facts = {
        "/Type": pdf_name("/XObject"),
        "/Subtype": pdf_name("/Image"),
        "/Width": NumberObject(picture.width),
        "/Height": NumberObject(picture.height),
        "/BitsPerComponent": NumberObject(8),
        "/ColorSpace": pdf_name(space),
        "/Filter": pdf_name("/FlateDecode"),
    }
    return StreamObject({pdf_name(key): value for key, value in facts.items()}, encoded_data=zlib.compress(data, 9))


def _number(value: float) -> str:
    """A PDF number: never with an exponent, which PDF does not know."""
    return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) >= 0.00005 else "0"
