# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of paper that came as files: progress, outcome, whose signatures a PDF brought, gaps.

Apart from the windows because these are sentences made of values, tested without one.
"""

from __future__ import annotations

from digitizer_desk.dossier.file import PaperFile
from digitizer_desk.dossier.model import Component
from digitizer_desk.messages import sentence
from digitizer_desk.steps.intake.files import FileProgress, IntakeOutcome
from digitizer_desk.ui.widgets.frame import Notice


def progress(event: FileProgress) -> str:
    """ "Đang đọc «a.pdf», trang 3/12 · tệp 1/2"."""
    many = f" · tệp {event.file}/{event.files}" if event.files > 1 else ""
    return f"Đang đọc «{event.name}», trang {event.page}/{event.pages}{many}"


def refused(outcome: IntakeOutcome) -> str:
    """The first refusal in full, how many more, and that nothing was taken."""
    first = sentence(outcome.refused[0][1])
    more = len(outcome.refused) - 1
    others = f" Và {more} tệp khác cũng không nhận được." if more else ""
    return f"Chưa nhập tệp nào. {first}{others}"


def brought(outcome: IntakeOutcome) -> str:
    """How many pages came in."""
    return f"Đã nhập {len(outcome.kept)} trang từ tệp. Nhấn Ctrl+Z nếu nhầm."


def in_tray(count: int) -> list[Notice]:
    """What a scanner pushed and nobody has placed: said wherever the clerk is."""
    words = f"{count} tệp từ máy quét chờ xếp vào hồ sơ. Nhấn Ctrl+Shift+O để xem và xếp."
    return [Notice("mind", words, "tray")] if count else []


def badge(component: Component) -> str:
    """What stands before the count of pages: "PDF" or "tệp", '' for scanned paper."""
    if component.file is not None:
        return "PDF"
    return "tệp" if any(page.origin is not None for page in component.pages) else ""


def signers(file: PaperFile) -> str:
    """Whose signatures a PDF brought, in a few words; '' without any."""
    named = ", ".join(dict.fromkeys(s.signer or "không rõ" for s in file.signatures if s.role != "timestamp"))
    if not named:
        return ""
    sure = all(signature.good for signature in file.signatures)
    return f"đã có chữ ký của {named}" + ("" if sure else " (chưa xác minh được người ký)")


def describe(component: Component) -> str:
    """The file a component is, with name and signers; '' for paper and pictures."""
    file = component.file
    return "" if file is None else " ".join(filter(None, (f"tệp PDF «{file.name}»", signers(file))))


def notices(component: Component, *, may_scan: bool = True) -> list[Notice]:
    """What has to be said of a component because it came as a file. ``may_scan``: its paper could be scanned."""
    found = []
    for number, page in enumerate(component.pages, start=1):
        if page.unread:
            instead = "Quét tờ đó (F6)" if may_scan else "Bỏ các trang (Ctrl+Z), xin tệp tốt rồi nhập lại (Ctrl+O)"
            text = f"Trang {number} của tệp không đọc được. {instead}, hoặc bỏ trang này (Del)."
            found.append(Notice("stop", text, "rescan" if may_scan else ""))
    if component.file is not None and component.document is None and (told := signers(component.file)):
        role = "work" if all(signature.good for signature in component.file.signatures) else "mind"
        found.append(Notice(role, f"Tệp {told}. Ký số (F9) giữ nguyên các chữ ký đó.", ""))
    return found
