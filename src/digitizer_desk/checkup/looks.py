# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What works, what is missing and what to do: each part looked at on its own, so that one that fails hides no other.

Apart from the steps because it goes round them all, and must also work where no cabinet was ever made.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import digitizer_desk
from digitizer_desk import assemble
from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import Scanner
from digitizer_desk.devices.token import Token
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError, error
from digitizer_desk.lanes import Lane
from digitizer_desk.messages import probe_words, sentence
from digitizer_desk.messages.outbox import copies_held
from digitizer_desk.province.connect import carrier_of
from digitizer_desk.province.probe import probe
from digitizer_desk.province.profile import Profile
from digitizer_desk.rules.load import Rulebook
from digitizer_desk.steps.outgoing.codes import unmapped
from digitizer_desk.steps.outgoing.retention import held
from digitizer_desk.steps.parts.room import FULL, disk_problem
from digitizer_desk.steps.review.lots import drawn_as_kept

State = Literal["ok", "warn", "bad"]
_PROVINCE, _PORTAL, _COPIES = "Hệ thống tỉnh", "Cổng quốc gia", "Bản lưu"
#: lots whose sample is drawn again, the newest
_LOTS = 20
#: missing codes named in one line
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the desk: how it is, and what to do when it is not well. No personal data."""

    name: str
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the parts are. ``desk`` is None while no cabinet was made in ``data``."""

    data: Path
    rulebook: Callable[[], Rulebook]
    scanner: Callable[[], Scanner]
    token: Callable[[], AbstractContextManager[Token]]
    stamp_font: Callable[[], bytes]
    desk: Callable[[], AbstractContextManager[Desk]] | None


@dataclass(frozen=True, slots=True)
class Look:
    """One question and the lane its machine is asked on. ``ask`` blocks and raises nothing a machine can do wrong."""

    name: str
    lane: Lane
    ask: Callable[[], tuple[Part, ...]]


def sources_of(desk: Desk) -> Sources:
    """The parts of a desk that stands open: nothing is opened twice, its token stays with it."""
    return Sources(
        data=desk.paths.data,
        rulebook=lambda: desk.rulebook,
        scanner=lambda: desk.scanner,
        token=lambda: nullcontext(desk.token),
        stamp_font=lambda: desk.stamp_font,
        desk=lambda: nullcontext(desk),
    )


def looks(at: Sources) -> tuple[Look, ...]:
    """All questions, in the order of the work."""
    return (
        Look("Chương trình", "pool", lambda: (_program(), _zone())),
        _look("Quy định", "pool", lambda: _rules(at)),
        _look("Máy quét", "scanner", lambda: _scanners(at)),
        _look("USB Token", "token", lambda: _tokens(at)),
        _look("Phông chữ dấu ký", "pool", lambda: f"{len(at.stamp_font()) // 1024} KB"),
        _look("Kho dữ liệu", "pool", lambda: _cabinet(at)),
        Look(_COPIES, "pool", lambda: _copies(at)),
        Look(_PROVINCE, "network", lambda: province(at)),
        Look("Ổ đĩa", "pool", lambda: (_disk(at.data),)),
    )


def examine(at: Sources) -> list[Part]:
    """All parts, one after the other."""
    return [part for look in looks(at) for part in look.ask()]


def _look(name: str, lane: Lane, ask: Callable[[], str | Part]) -> Look:
    def asked() -> tuple[Part, ...]:
        try:
            seen = ask()
        except DeskError as problem:
            return (Part(name, "bad", f"{problem.code}: {sentence(problem)}"),)
        except OSError as problem:  # what cannot even be looked at is told as well, beside what can
            said = error("store.no_access", type(problem).__name__, folder=str(problem.filename or ""))
            return (Part(name, "bad", f"{said.code}: {sentence(said)}"),)
        return (seen if isinstance(seen, Part) else Part(name, "ok", seen),)

    return Look(name, lane, asked)


def _program() -> Part:
    return Part("Chương trình", "ok", f"{digitizer_desk.__version__} · Python {platform.python_version()}")


def _zone() -> Part:
    now = datetime.now().astimezone()
    if now.utcoffset() == VIETNAM.utcoffset(None):
        return Part("Đồng hồ", "ok", f"{now:%d/%m/%Y %H:%M:%S %z}")
    return Part("Đồng hồ", "warn", f"múi giờ máy là {now:%z}, không phải +0700; dấu ký vẫn ghi giờ Việt Nam")


def _rules(at: Sources) -> str:
    book = at.rulebook()
    law = book.in_force(datetime.now(VIETNAM).date())
    return f"{law.id}, áp dụng từ {law.in_force_from:%d/%m/%Y}; {len(book.procedures)} thủ tục"


def _scanners(at: Sources) -> str | Part:
    found = at.scanner().find()
    if not found:
        return Part(
            "Máy quét", "warn", "chưa thấy máy nào. Bật máy, cắm dây, kiểm tra gói sane-airscan hoặc trình điều khiển"
        )
    return ", ".join(f"{s.vendor} {s.model}".strip() for s in found)


def _tokens(at: Sources) -> str | Part:
    with at.token() as token:
        certificates = token.certificates()
        plugged = token.tokens()
    if not plugged:
        return Part("USB Token", "warn", "chưa cắm token nào")
    days = [(c.not_after - datetime.now(VIETNAM)).days for c in certificates]
    if not days:
        return Part("USB Token", "warn", "token không có chứng thư ký")
    return f"{len(days)} chứng thư ký, sớm nhất còn {min(days)} ngày"


def _cabinet(at: Sources) -> Part:
    if at.desk is None:
        return Part("Kho dữ liệu", "warn", f"chưa thiết lập ở {at.data}. Mở chương trình để thiết lập")
    with at.desk() as desk:
        chain = desk.cabinet.journal.check()
        counts = desk.cabinet.outbox.counts()
        if not chain.ok:
            return Part("Kho dữ liệu", "bad", f"nhật ký bị sửa ở dòng {chain.first_bad}. Báo bộ phận CNTT")
        odd = [lot.number for lot in desk.cabinet.lots.all(_LOTS) if not drawn_as_kept(desk, lot.id)]
        if odd:
            return Part("Kho dữ liệu", "bad", f"mẫu của lô {odd[0]} không như hạt giống đã rút. Báo bộ phận CNTT")
        backup = desk.settings.backup.folder or "chưa đặt nơi sao lưu"
        words = f"nhật ký {chain.count} dòng nguyên vẹn; {counts.waiting} gói chờ gửi; sao lưu: {backup}"
        return Part("Kho dữ liệu", "ok" if desk.settings.backup.folder else "warn", words)


def _copies(at: Sources) -> tuple[Part, ...]:
    """Only what is to be told: copies that a clock keeps here."""
    if at.desk is None:
        return ()
    try:
        with at.desk() as desk:
            kept = held(desk)
    except DeskError as problem:
        return (Part(_COPIES, "bad", f"{problem.code}: {sentence(problem)}"),)
    return (Part(_COPIES, "warn", copies_held(kept)),) if kept is not None else ()


def province(at: Sources) -> tuple[Part, ...]:
    """The way to the province, stretch by stretch up to the first that is broken; () where no cabinet was made."""
    if at.desk is None:
        return ()
    try:
        with at.desk() as desk:
            profile = assemble.province_profile(desk.paths, desk.settings)
            if profile is None:
                return (Part(_PROVINCE, "warn", "chưa nối với tỉnh. Khai [province] trong settings.toml"),)
            walked = probe(profile, assemble.province_secrets(desk.paths, desk.cabinet), desk.paths.provinces)
            tables = _tables(desk, profile)
    except DeskError as problem:
        return (Part(_PROVINCE, "bad", f"{problem.code}: {sentence(problem)}"),)
    told = [(stretch.state, *probe_words(stretch.code, stretch.state != "bad", stretch.facts)) for stretch in walked]
    whose = [_PORTAL if stretch.portal else _PROVINCE for stretch in walked]
    return (
        *(Part(f"{who}: {name}", state, words) for who, (state, name, words) in zip(whose, told, strict=True)),
        *tables,
    )


def _tables(desk: Desk, profile: Profile) -> list[Part]:
    """Codes that the profile calls complete and that lack some."""
    profiles = [(_PROVINCE, profile)]
    if profile.kind == "national":
        with contextlib.suppress(DeskError):  # told by the probe
            profiles = [(_PROVINCE, carrier_of(profile, desk.paths.provinces)), (_PORTAL, profile)]
    parts = []
    for whose, one in profiles:
        lacking = unmapped(desk, one.codes)
        if lacking:
            more = f" và {len(lacking) - _SHOWN} mã nữa" if len(lacking) > _SHOWN else ""
            words = (
                f"chưa khai mã cho {', '.join(lacking[:_SHOWN])}{more}. Bổ sung [codes]; các gói này sẽ được giữ lại"
            )
            parts.append(Part(f"{whose}: bảng mã", "bad", words))
        elif one.codes.complete:
            parts.append(Part(f"{whose}: bảng mã", "ok", "đủ mã cho mọi thủ tục và gói đang chờ"))
    return parts


def _disk(data: Path) -> Part:
    place = next(p for p in (data, *data.parents) if p.exists())
    free = shutil.disk_usage(place).free
    words = f"còn {free / 1e9:.0f} GB" + ("" if os.access(place, os.W_OK) else ", không ghi được")
    problem = disk_problem(free)
    if problem is None:
        return Part("Ổ đĩa", "ok", words)
    return Part("Ổ đĩa", "bad" if free < FULL else "warn", f"{words}. {problem.code}: {sentence(problem)}")
