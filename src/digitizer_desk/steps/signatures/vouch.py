# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Whether the signatures a result came in with may be believed (R43).

Apart from certifying because a result that is signed already needs no copy mark, and one that is signed badly must not
get one: the agency would answer for a paper whose signature does not hold.
"""

from __future__ import annotations

from digitizer_desk.dossier.file import FileSignature
from digitizer_desk.dossier.model import Component
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.errors import DeskError, error


def doubtful(component: Component) -> DeskError | None:
    """The first signature of a result's file that does not hold, told with its reason; None when there is none."""
    if component.kind is not PaperKind.RESULT or component.file is None:
        return None
    for one in component.file.signatures:
        if one.role != "timestamp" and not one.good:
            return error("result.signatures_bad", component=component.title, why=_why(one))
    return None


def _why(signature: FileSignature) -> str:
    who = signature.signer or "không rõ ai"
    if signature.revocation == "revoked":
        return f"Chứng thư của {who} đã bị thu hồi"
    if not signature.in_time:
        return f"Chứng thư của {who} không còn hạn lúc ký"
    return f"Chữ ký của {who} chưa được tin cậy"
