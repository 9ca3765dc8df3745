# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the counter says of a component's count, of the way it is scanned, and of a stack that is to be turned over.

Apart from the widgets because these words decide whether a clerk counts again; they are tested without a window.
"""

from __future__ import annotations

from digitizer_desk.dossier.batch import DIFFERS, FAULT, PICTURES, PROVED, STOPPED, Batch, Turned
from digitizer_desk.dossier.model import Component
from digitizer_desk.dossier.stage import Count, count_of, halves, live_batches, waits_for_backs
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages import witness_words, words
from digitizer_desk.rules.work_types import Once, WorkType
from digitizer_desk.steps.parts.counting import open_point
from digitizer_desk.ui.widgets.frame import Notice

_YES = {
    "feeder_empty": ("khay còn giấy", "khay đã hết giấy"),
    "sides_even": ("số mặt lẻ", "đủ mặt trước, mặt sau"),
    "one_sheet": ("", "đặt tay từng tờ"),
}
_SOURCES = {"flatbed": "mặt kính", "feeder": "khay nạp, một mặt", "feeder-duplex": "khay nạp, hai mặt"}

#: batches the inspector names, the last ones
_LINES = 4

#: open points a typed number settles
COUNT_AGAIN = ("dossier.count_unproved", "dossier.count_differs")


def must_count_again(component: Component) -> bool:
    """Whether a number has to be typed: the pages may not be all there were."""
    problem = open_point(component)
    return problem is not None and problem.code in COUNT_AGAIN


def counted_next(component: Component) -> bool:
    """Whether a number is what is wanted next, and not more paper: the pages lie there, nobody has said how many sides
    there are, or must say it again."""
    if not component.pages or waits_for_backs(component):
        return False
    if component.expected is None:
        return True
    return must_count_again(component) and len(component.pages) >= component.expected


def standing_words(component: Component) -> tuple[str, str, str]:
    """Role, sign and words of a component's count; all '' while no page came from a feeder."""
    standing = count_of(component)
    if waits_for_backs(component):
        fronts, backs = (len(side) for side in halves(component))
        return "work", "clock", f"{fronts} mặt trước, {backs} mặt sau"
    if standing is Count.NOTHING:
        return "", "", ""
    if standing is Count.DIFFERS:
        return "stop", "x", "Số trang không khớp"
    if standing is Count.UNPROVED:
        return "mind", "alert", "Chưa đối chiếu số trang"
    return "ok", "check", f"Đã đối chiếu: {_proof(component)}"


def _proof(component: Component) -> str:
    again, batches = component.recount, live_batches(component)
    if again is not None and again.after >= batches[-1].number and again.sides == component.declared:
        return f"đếm lại {again.sides} mặt"
    said = [part for batch in batches if batch.outcome == PROVED for part in evidence_words(batch)]
    if said:
        return said[0] if len(batches) == 1 else f"{len(batches)} lượt quét"
    if component.stack is not None and halves(component)[1]:
        return "mặt trước bằng mặt sau"
    return f"khai trước {component.declared} mặt"


def evidence_words(batch: Batch) -> list[str]:
    """Each witness of a batch in words."""
    told = []
    for kind, number in batch.evidence:
        if kind in _YES:
            told.append(_YES[kind][bool(number)])
        elif kind == "declared":
            told.append(f"khai trước {number}")
        elif kind in PICTURES:
            told.append(witness_words(kind, number))
    return [part for part in told if part]


def batch_line(batch: Batch) -> str:
    """One batch in one line, for the inspector: "09:41 · 6 trang · đã đối chiếu · máy quét đếm 6"."""
    parts = [f"{batch.opened_at:%H:%M}", f"{batch.kept} trang", outcome_words(batch.outcome), *evidence_words(batch)]
    return " · ".join(part for part in parts if part)


def count_lines(component: Component) -> tuple[str, ...]:
    """The count of a component and its last batches, for the inspector; nothing where no page came from a feeder."""
    role, _sign, told = standing_words(component)
    if not role:
        return ()
    shown = live_batches(component)[-_LINES:]
    return (f"SỐ TRANG · {told}", *(batch_line(batch) for batch in shown))


def outcome_words(outcome: str) -> str:
    """The named outcome of a batch as a clerk reads it."""
    if outcome.startswith(FAULT):
        code = outcome.removeprefix(FAULT)
        return words(error(code)).what.rstrip(".").partition(" ở trang")[0].lower() if code in CODES else "lỗi"
    return {
        PROVED: "đã đối chiếu",
        DIFFERS: "số trang không khớp",
        STOPPED: "đã dừng",
        "": "đang quét",
    }.get(outcome, "chưa đối chiếu")


def turn_steps(turned: Turned) -> tuple[str, ...]:
    """How to turn the stack over, step by step."""
    if turned is Turned.REVERSED:
        return (
            "Lấy cả chồng giấy ở khay ra, không xáo thứ tự các tờ.",
            "Lật úp cả chồng một lần, để mặt sau quay về phía mặt trước lúc nãy: tờ cuối sẽ vào trước.",
            "Đặt lại vào khay nạp, nhấn F4. Các trang sẽ tự về đúng thứ tự.",
        )
    return (
        "Lấy cả chồng giấy ở khay ra, không xáo thứ tự các tờ.",
        "Giữ tờ đầu ở trên, chỉ xoay chồng giấy để mặt sau quay về phía mặt trước lúc nãy: tờ đầu vào trước.",
        "Đặt lại vào khay nạp, nhấn F4. Các trang sẽ tự về đúng thứ tự.",
    )


def work_words(work_type: WorkType, once: Once) -> str:
    """The way of scanning, and what is changed for the next batch only."""
    changes = []
    if once.source is not None:
        changes.append(_SOURCES[once.source])
    if once.dpi is not None:
        changes.append(f"{once.dpi} dpi")
    if once.sheet_mm is not None:
        changes.append(sheet_words(once.sheet_mm))
    if once.double_feed_stop is not None:
        changes.append("dừng khi dính tờ" if once.double_feed_stop else "không báo dính tờ")
    return f"{work_type.name} · chỉ lần này: {', '.join(changes)}" if changes else work_type.name


def source_words(source: str) -> str:
    return _SOURCES[source]


def sheet_words(sheet_mm: tuple[float, float]) -> str:
    """ "A4" for the usual sizes, else the millimetres."""
    known = {(210.0, 297.0): "A4", (297.0, 420.0): "A3", (148.0, 210.0): "A5"}
    width, height = (f"{side:g}".replace(".", ",") for side in sheet_mm)
    return known.get(sheet_mm, f"{width} x {height} mm")


def notices(component: Component) -> list[Notice]:
    """What the banner says of the count."""
    problem = open_point(component)
    if problem is None:
        return []
    told = str(words(problem))
    if problem.code == "dossier.backs_missing":
        return [Notice("work", told, "scan")]
    if problem.code == "dossier.halves_differ":
        fronts, backs = halves(component)
        return [Notice("stop", told, "join" if len(fronts) == len(backs) else "scan")]
    return [Notice("stop" if problem.code == "dossier.count_differs" else "mind", told)]
