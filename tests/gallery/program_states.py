# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of the program as a whole: machine, token, disk and network in the frame; small windows of everyday use."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QVBoxLayout, QWidget

from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import error
from digitizer_desk.messages import sentence
from digitizer_desk.steps.outgoing.retention import Leaving
from digitizer_desk.store.dossiers import DossierLine
from digitizer_desk.ui.commands import Place, bar_for
from digitizer_desk.ui.screens.find import FindDialog
from digitizer_desk.ui.screens.outgoing.kept import KeptSheet
from digitizer_desk.ui.screens.people.officers import OfficersDialog, People
from digitizer_desk.ui.screens.people.own_password import OwnPassword
from digitizer_desk.ui.screens.sheets import BugSheet
from digitizer_desk.ui.watch import disk_notices
from digitizer_desk.ui.widgets.frame import Banner, Header, KeyBar, Notice
from digitizer_desk.ui.widgets.panels.status_strip import StatusStrip
from gallery.at_once import AtOnce
from gallery.paper_states import PROVED, batch, counter, fed, of
from gallery.people import CLERK, NOW, certificate
from gallery.states import state

#: place of the strip -> role and words while all is well
_WELL = {
    "scanner": ("ok", "Máy quét fi-8170"),
    "token": ("ok", f"Token {certificate().holder}, còn 214 ngày"),
    "outbox": ("ok", "Đã gửi hết"),
    "officer": ("idle", CLERK),
    "saved": ("ok", "Đã lưu 09:41:03"),
}


def frame(notice: Notice | None, next_id: str = "scan", **places: tuple[str, str]) -> QWidget:
    """The counter inside its frame, the banner and the status strip as given."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    header, keys, strip = Header(), KeyBar(), StatusStrip()
    desk = counter(fed(*of(1, 4), batches=(batch(1, 4, PROVED, ("device_counter", 4)),)))
    header.show_words("Hồ sơ 000.00.12.H08-261121-0007 · NGUYỄN THỊ HƯỜNG · Đăng ký khai sinh", "bước: QUÉT 1/3")
    banner = desk.findChild(Banner)
    assert isinstance(banner, Banner)
    banner.show_notices([notice] if notice is not None else [])
    keys.show_commands(bar_for(Place.COUNTER), next_id=next_id, off=frozenset(), renamed={})
    for place, (role, words) in {**_WELL, **places}.items():
        strip.show_state(place, role, words, "person" if place == "officer" else "")
    for part in (header, desk, keys, strip):
        column.addWidget(part, 1 if part is desk else 0)
    return whole


def fault(code: str, act: str = "scan", **facts: object) -> Notice:
    return Notice("stop", sentence(error(code, **facts)), act)


@state("frame-jam")
def jam() -> QWidget:
    return frame(fault("scanner.jam", page=7, kept=6), scanner=("stop", "Kẹt giấy"))


@state("frame-double-feed")
def double_feed() -> QWidget:
    return frame(fault("scanner.double_feed", page=3, kept=2), scanner=("stop", "Hai tờ dính nhau"))


@state("frame-scanner-lost")
def scanner_lost() -> QWidget:
    return frame(fault("scanner.lost", kept=4), scanner=("stop", "Mất kết nối máy quét"))


@state("frame-no-machines")
def no_machines() -> QWidget:
    return frame(None, scanner=("idle", "Chưa chọn máy quét"), token=("idle", "Chưa cắm token"))


@state("frame-token-ends")
def token_ends() -> QWidget:
    return frame(None, token=("mind", f"Token {CLERK}, còn 12 ngày"))


@state("frame-offline")
def offline() -> QWidget:
    return frame(None, outbox=("idle", "Mất mạng · 12 chờ"))


@state("frame-disk-low")
def disk_low() -> QWidget:
    return frame(disk_notices(error("store.disk_low", free_gb=4.2))[0])


@state("frame-disk-full")
def disk_full() -> QWidget:
    return frame(disk_notices(error("store.disk_full"))[0], "reload")


@state("bug")
def bug() -> QWidget:
    return BugSheet(RuntimeError("x"))


@state("find")
def find() -> QWidget:
    lines = [
        DossierLine("1", "000.00.12.H08-261121-0007", "Nguyễn Thị Hường", "Đăng ký khai sinh", NOW, 6, 0, 1, 2),
        DossierLine("2", "000.00.12.H08-261121-0006", "Trần Văn Bình", "Đăng ký kết hôn", NOW, 4, 2, 3, 1),
        DossierLine("3", "000.00.12.H08-261120-0041", "Lê Thị Ngọc Ánh", "Đăng ký khai tử", NOW, 3, 2, 2, 0),
    ]
    return FindDialog(lambda _text: lines, AtOnce())


@state("find-none")
def find_none() -> QWidget:
    made = FindDialog(lambda _text: (), AtOnce())
    made.box.setText("hường")
    return made


@state("officers")
def officers() -> QWidget:
    known = (
        Officer("1", "an", CLERK, frozenset({Role.CLERK})),
        Officer("2", "hung", "Phạm Quốc Hùng", frozenset({Role.SUPERVISOR})),
        Officer("3", "mai", "Đỗ Thị Mai", frozenset({Role.VAN_THU, Role.IT})),
        Officer("4", "tam", "Lý Thị Tâm", frozenset({Role.CLERK}), active=False),
    )
    people = People(lambda: known, lambda *_: known[0], lambda *_: None, lambda *_: None)
    made = OfficersDialog(people, AtOnce(), 8)
    made.list.setCurrentRow(1)
    return made


@state("officers-reset")
def officers_reset() -> QWidget:
    made = officers()
    assert isinstance(made, OfficersDialog)
    made.renew.click()
    return made


@state("own-password")
def own_password() -> QWidget:
    return OwnPassword(lambda *_: None, AtOnce(), 8)


@state("copies-kept")
def copies_kept() -> QWidget:
    days = (timedelta(days=day) for day in (80, 41, 3))
    rows = [
        Leaving(str(n), f"000.00.12.H08-261{n:03d}-0007", NOW - gone, NOW - gone + timedelta(days=90), 6, 9_400_000)
        for n, gone in enumerate(days, 1)
    ]
    return KeptSheet(rows, 90)
