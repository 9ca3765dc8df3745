# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What was added to a file after its first signature, revision by revision.

Apart from judging signatures because it explains a verdict and never makes it: whether a file was changed is decided
for each signature by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification

from digitizer_desk.signing.verdict import Revision, SignatureCheck

#: a file with more revisions than this was not made by signing; only so many are explained
_MOST = 32


def later_revisions(reader: Any, checks: Sequence[SignatureCheck]) -> tuple[Revision, ...]:
    """The revisions behind the first one that carries a signature, oldest first; () without signatures."""
    closes = {check.behind.revision: check.role for check in checks if check.behind.revision}
    if not closes:
        return ()
    first, last = min(closes), reader.xrefs.total_revisions
    return tuple(_revision(reader, number, closes) for number in range(first + 1, min(last, first + _MOST) + 1))


def _revision(reader: Any, number: int, closes: dict[int, str]) -> Revision:
    """``number`` counts from 1, pyHanko from 0."""
    try:
        found = DEFAULT_DIFF_POLICY.apply(
            old=reader.get_historical_resolver(number - 2), new=reader.get_historical_resolver(number - 1)
        )
        level = found.modification_level
    except (SuspiciousModification, PdfError, ValueError, LookupError, TypeError, AttributeError):
        level = ModificationLevel.OTHER
    role = closes.get(number)
    if role is not None:
        kind = "timestamp" if role == "timestamp" else "signature"
    else:
        kind = "evidence" if level <= ModificationLevel.LTA_UPDATES else "unsigned"
    return Revision(number, kind, level <= ModificationLevel.FORM_FILLING)
