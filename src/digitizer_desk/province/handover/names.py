# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""File names of handed-over documents, by the scheme the receiver asks for (R39).

Apart because receivers sort and match by these names: they are a contract, and must be readable back.
"""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import unquote

#: illegal in a file name on Windows or Linux, and the sign that stands for them
_ILLEGAL = re.compile(r'[<>:"/\\|?*%\x00-\x1f]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


class Layout(StrEnum):
    """How files are named and where they lie."""

    TT02 = "tt02"  # <mã hồ sơ>.<số thứ tự>.pdf, TT 02/2019/TT-BNV
    BAC_KAN = "bac-kan"  # CSDL_<đơn vị>/<mã hồ sơ>_<TP|KQ>_<năm>.pdf and a list of dossiers


class Kind(StrEnum):
    """What a document is: part of what was handed in, or the result."""

    COMPONENT = "TP"
    RESULT = "KQ"


def folder_name(layout: Layout, unit: str) -> str:
    """The folder the documents lie in, below the one that was chosen; empty = right there."""
    return f"CSDL_{safe(unit)}" if layout is Layout.BAC_KAN else ""


def file_name(layout: Layout, code: str, kind: Kind, year: int, number: int, several: bool) -> str:
    """The name without its ending. ``number``: place among the dossier's documents; ``several``: it has more than one.

    The Bắc Kạn scheme knows one file for a dossier and year; since each component is its own file (TT 01/2023), the
    number is added where there are several.
    """
    if layout is Layout.TT02:
        return f"{safe(code)}.{number:02d}"
    return f"{safe(code)}_{kind}_{year}" + (f"_{number:02d}" if several else "")


def safe(text: str) -> str:
    """A text that may be part of a file name on every system; :func:`read_back` gives it back."""
    mapped = _ILLEGAL.sub(lambda sign: f"%{ord(sign[0]):02X}", text)
    if mapped.endswith((".", " ")):
        mapped = mapped[:-1] + f"%{ord(mapped[-1]):02X}"
    return f"%{ord(mapped[0]):02X}{mapped[1:]}" if _RESERVED.fullmatch(mapped) else mapped


def read_back(name: str) -> str:
    """What :func:`safe` was given."""
    return unquote(name, errors="strict")
