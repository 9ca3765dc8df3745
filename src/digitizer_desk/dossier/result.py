# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Results (kết quả giải quyết) and what sets them apart from the papers that were handed in.

Apart from the model because a result obeys rules of its own: it needs the signatures of those who issued it or a copy
mark of the agency (R43), it can be cancelled but never goes away (R49), and what only looks like one says so (R51).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digitizer_desk.dossier.file import PaperFile


class PaperKind(StrEnum):
    """What a paper of a dossier is; the values are those of the province's file names (R39)."""

    COMPONENT = "TP"
    RESULT = "KQ"
    INTERMEDIATE = "TG"  # made while the dossier was handled: "không phải là kết quả giải quyết"


class CopyForm(StrEnum):
    """How the agency's signature looks on page 1."""

    TEXT = "text"  # SAO Y, NĐ 30/2020/NĐ-CP
    SEAL = "seal"  # with the picture of the seal, TT 02/2019/TT-BNV: for submission to an archive only


@dataclass(frozen=True, slots=True)
class Granted:
    """The dossier has its result ("đã có kết quả"): since when, and who said so."""

    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A result lost its effect (hủy hiệu lực): when, who recorded it and why. Its file stays (R49)."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ListedResult:
    """One line of the list of older results that are still in force.

    ``values`` are (field of the regulation, text) as confirmed on reading; ``row`` is the line in the file it came
    from; ``component_id`` is the paper it became, '' while it waits to be digitised.
    """

    id: str
    dossier_code: str
    procedure: str
    applicant_kind: str
    values: tuple[tuple[str, str], ...]
    source: str
    row: int
    listed_at: datetime
    component_id: str = ""

    def get(self, name: str) -> str:
        """The value of a field, or ''."""
        return dict(self.values).get(name, "")


def same_name(one: str, other: str) -> bool:
    """Whether two names of people or offices are one; spacing and case are no matter. An empty name is nobody's."""
    words, others = (unicodedata.normalize("NFC", name).casefold().split() for name in (one, other))
    return bool(words) and words == others


def issued_by(file: PaperFile | None, office: str) -> bool:
    """Whether a file came in signed by its office and by a person beside it, and nothing speaks against either (R43).

    Args:
        office: the issuing agency, as the data of the paper name it.
    """
    people = [one for one in file.signatures if one.role != "timestamp"] if file is not None else []
    if not all(one.good for one in people):
        return False
    return any(same_name(one.signer, office) for one in people) and any(
        not same_name(one.signer, office) and one.signer.strip() for one in people
    )
