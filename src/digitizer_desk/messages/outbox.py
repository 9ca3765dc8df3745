# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Why a parcel waits, in plain words, for windows and terminal alike.

Apart from the labels because the reason is chosen: of all that hold a parcel, the one a person can do most about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digitizer_desk.dossier.model import VIETNAM, Parcel, ParcelState
from digitizer_desk.steps.outgoing.look import Queue
from digitizer_desk.steps.outgoing.retention import Held
from digitizer_desk.store.tray.look import Seen
from digitizer_desk.store.tray.turns import OPEN, Rush


@dataclass(frozen=True, slots=True)
class Waiting:
    """``cause``: paused, unlinked, offline, unknown, retry, behind, busy, hours or turn."""

    cause: str
    words: str


def moment_words(moment: datetime, now: datetime) -> str:
    """A time of day; with its date when that is another day."""
    there, here = moment.astimezone(VIETNAM), now.astimezone(VIETNAM)
    return there.strftime("%H:%M") if there.date() == here.date() else there.strftime("%d/%m/%Y %H:%M")


def copies_held(held: Held) -> str:
    """Why copies whose days are over by this machine's clock are still here."""
    ours = f"giờ máy này là {held.ours.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    theirs = "tỉnh chưa lần nào cho biết giờ"
    if held.theirs is not None:
        theirs = f"giờ tỉnh cho biết lần cuối là {held.theirs.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return (
        f"Chưa xóa bản quét đến hạn của {held.dossiers} hồ sơ: {ours}, {theirs}. Kiểm tra ngày giờ máy; nếu đúng, nối "
        "mạng tới tỉnh (hoặc đọc biên nhận mới) để đối chiếu giờ."
    )


def why_it_waits(seen: Seen, queue: Queue) -> Waiting:
    """The reason why a waiting parcel does not leave now."""
    parcel, now = seen.parcel, queue.now
    if queue.paused:
        return Waiting("paused", "Đang tạm dừng gửi")
    if not queue.linked:
        return Waiting("unlinked", "Chờ nối với hệ thống tỉnh")
    if queue.offline_since is not None:
        return Waiting("offline", "Chờ mạng")
    if parcel.error == "province.unknown_outcome":
        return Waiting("unknown", "Chưa rõ tỉnh đã nhận chưa, đang hỏi lại")
    opens = queue.opens_at if seen.rush is Rush.NONE else None
    if parcel.tries and parcel.next_try_at is not None and parcel.next_try_at > (opens or now):
        return Waiting("retry", f"Thử lại lúc {moment_words(parcel.next_try_at, now)} (lần {parcel.tries + 1})")
    if seen.behind:
        return Waiting("behind", "Chờ gói trước của cùng hồ sơ")
    if queue.rest.holds(now) and queue.rest.until is not None and queue.rest.until > (opens or now):
        return Waiting("busy", f"Hệ thống tỉnh đang bận, gửi lại lúc {moment_words(queue.rest.until, now)}")
    if opens is not None:
        return Waiting("hours", f"Chờ đến {moment_words(opens, now)} theo cài đặt")
    if seen.rush is Rush.FIRST:
        return Waiting("turn", "Gửi trước các gói khác")
    return Waiting("turn", "Chờ gửi")


def is_overdue(parcel: Parcel, queue: Queue) -> bool:
    """Whether it should have arrived by now (R47)."""
    through = (ParcelState.ACCEPTED, ParcelState.SUPERSEDED)
    return parcel.state not in through and parcel.made_at < queue.overdue_before


def age_words(age: timedelta) -> str:
    """How long something has waited: "3 ngày", "5 giờ", "12 phút"."""
    if age >= timedelta(days=2):
        return f"{age.days} ngày"
    if age >= timedelta(hours=1):
        return f"{age // timedelta(hours=1)} giờ"
    return f"{max(0, round(age / timedelta(minutes=1)))} phút"


def open_words(seen: Seen, queue: Queue) -> str:
    """What is said of a parcel that has not arrived and waits for nobody; '' for all others."""
    if seen.parcel.state not in OPEN:
        return ""
    words = "Đang gửi" if seen.parcel.state is ParcelState.SENDING else why_it_waits(seen, queue).words
    late = f" · quá hạn {age_words(queue.now - seen.parcel.made_at)}" if is_overdue(seen.parcel, queue) else ""
    return words + late
