# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper that came as a file: what a page knows of its file, and what is known of a PDF that is a whole component.

Apart from ``model.py`` because a page from the scanner has none of this. Whether a component *is* a file is computed
from its pages and never stored, so that taking an act back can never leave the two at odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the picture of a page came from: page ``number`` (from 1) of ``count`` in the file with this SHA-256.

    ``pdf``: the file lies in the cabinet as it came and is what gets signed; the picture only shows its page. Otherwise
    the picture is the record. ``unread``: the page could not be read, the picture stands for the gap.
    """

    sha256: str
    number: int
    count: int
    pdf: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class FileSignature:
    """A signature a PDF brought along, whole when it came in. ``trusted``: by the roots the desk knows.

    ``role`` is clerk | organisation | timestamp | other; ``revocation`` good | revoked | unknown.
    """

    signer: str
    role: str
    signed_at: datetime | None
    trusted: bool
    in_time: bool
    revocation: str = "unknown"

    @property
    def good(self) -> bool:
        """Nothing known speaks against it."""
        return self.trusted and self.in_time and self.revocation != "revoked"


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A PDF that came in as a component, kept byte for byte under ``sha256`` (R4). ``size`` in bytes."""

    sha256: str
    size: int
    name: str
    pages: int
    pdf_version: str
    pdfa: str
    came_at: datetime
    signatures: tuple[FileSignature, ...] = ()


def is_whole_file(pages: Sequence[tuple[Origin | None, int]]) -> bool:
    """Whether pages (each with its turn in degrees) are exactly those of one PDF, all of them, in order, unturned."""
    first = pages[0][0] if pages else None
    if first is None or not first.pdf or len(pages) != first.count:
        return False
    return all(
        origin is not None and origin.pdf and origin.sha256 == first.sha256 and origin.number == number and not turn
        for number, (origin, turn) in enumerate(pages, start=1)
    )
