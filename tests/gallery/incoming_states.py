# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""States of what comes from the province: the list of waiting dossiers, papers used again. Imported for its states."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtWidgets import QWidget

from digitizer_desk.dossier.incoming.reuse import PaperSource, PaperState, Reusable, Reused, ReuseState
from digitizer_desk.dossier.incoming.waiting import WaitingDossier, WaitingLine
from digitizer_desk.dossier.model import Applicant, CodeKind, Component, Dossier
from digitizer_desk.errors import error
from digitizer_desk.messages import sentence
from digitizer_desk.steps.incoming.reuse import Found
from digitizer_desk.steps.incoming.waiting import WaitingList
from digitizer_desk.ui.screens.incoming.reuse import ReuseScreen
from digitizer_desk.ui.screens.incoming.waiting import WaitingScreen
from gallery.people import NOW
from gallery.setup_states import _screen as setup_screen
from gallery.states import state

PEOPLE = ("Nguyễn Thị Hường", "Phạm Văn Đức", "Lò Thị Mây", "Hộ kinh doanh Bình Minh", "Trần Quốc Toản")
TITLES = (
    "Đăng ký khai sinh",
    "Đăng ký kết hôn",
    "Cấp giấy xác nhận tình trạng hôn nhân",
    "Đăng ký thành lập hộ kinh doanh",
    "Chứng thực bản sao từ bản chính",
)


def lines() -> tuple[WaitingLine, ...]:
    made = [
        WaitingLine(
            WaitingDossier(
                f"000.00.12.H08-261121-{number:04d}",
                "1.001193",
                TITLES[number % 5],
                Applicant(PEOPLE[number % 5]),
                came_at=NOW - timedelta(minutes=17 * (12 - number)),
            )
        )
        for number in range(1, 10)
    ]
    made[0] = replace(made[0], withdrawn_at=NOW, said="Công dân xin rút hồ sơ", dossier_id="d1")
    made[8] = replace(made[8], dossier_id="d9")
    return tuple(made)


@state("waiting", shown=True)
def _waiting() -> QWidget:
    screen = WaitingScreen()
    screen.show_list(WaitingList(lines(), 7, NOW))
    return screen


@state("waiting-offline")
def _waiting_offline() -> QWidget:
    screen = WaitingScreen()
    screen.show_list(WaitingList(lines()[:4], 3, NOW - timedelta(days=2)))
    screen.show_fetched(error("waiting.offline"))
    return screen


@state("waiting-empty")
def _waiting_empty() -> QWidget:
    screen = WaitingScreen()
    screen.show_list(WaitingList((), 0, None))
    return screen


def dossier(reused: Reused | None = None) -> Dossier:
    part = Component("c2", 2, "TP02", "Giấy chứng nhận kết hôn của cha mẹ", True, reused=reused)
    return Dossier(
        id="d",
        code="000.00.12.H08-261121-0007",
        code_kind=CodeKind.OLD,
        procedure="1.001193",
        procedure_title=TITLES[0],
        applicant=Applicant("Nguyễn Thị Hường", identifier="001185000123"),
        received_at=NOW,
        received_by="an",
        rules_id="tt02-2019",
        components=(part,),
    )


PAPERS = (
    Reusable(
        "KHO-1",
        "Giấy chứng nhận kết hôn",
        "GCNKH",
        "45/2012",
        date(2012, 5, 8),
        "UBND phường Bến Thông",
        "001185000123.GCNKH.45/2012",
        source=PaperSource.RESULT,
    ),
    Reusable(
        "KHO-2",
        "Giấy xác nhận tình trạng hôn nhân",
        "XNHN",
        "12/XN",
        date(2011, 12, 1),
        "UBND phường Bến Thông",
        "001185000123.XNHN.12",
        expires=date(2012, 6, 1),
    ),
    Reusable("KHO-3", "Giấy khai sinh", "GKS", "7/2015", date(2015, 3, 2), "UBND xã Cũ", state=PaperState.CANCELLED),
    Reusable(
        "KHO-4", "Căn cước công dân", "CCCD", "", date(2021, 7, 19), "Cục CSQLHC về TTXH", expires=date(2030, 7, 19)
    ),
)


def reuse(reused: Reused | None = None) -> ReuseScreen:
    screen, made = ReuseScreen(), dossier(reused)
    screen.show_component(made, made.components[0])
    return screen


@state("reuse", shown=True)
def _reuse() -> QWidget:
    screen = reuse()
    screen.show_found(Found("d", PAPERS, NOW.date()))
    return screen


@state("reuse-chosen")
def _reuse_chosen() -> QWidget:
    screen = reuse(Reused("r", PAPERS[0], "an", NOW))
    screen.show_found(Found("d", PAPERS, NOW.date()))
    return screen


@state("reuse-refused")
def _reuse_refused() -> QWidget:
    screen = reuse(Reused("r", PAPERS[1], "an", NOW, ReuseState.REFUSED, "Giấy tờ không còn hiệu lực trong kho"))
    screen.show_found(Found("d", PAPERS[1:], NOW.date()))
    return screen


@state("reuse-offline")
def _reuse_offline() -> QWidget:
    screen = reuse()
    screen.show_asking()
    screen.show_problem(error("reuse.offline"))
    return screen


@state("settings-packs")
def _settings_packs() -> QWidget:
    """A pack was refused; two are in force."""
    made = setup_screen("law", {})
    in_force = (
        "Danh mục thủ tục của tỉnh, số 12, từ 01/11/2026\nQuy định số hóa của tỉnh Mẫu năm 2026, số 3, từ 15/11/2026"
    )
    made.tell({"packs": in_force, "law": "Thông tư 02/2019/TT-BNV, từ 24/01/2019", "procedures": "214 thủ tục"})
    made.pages["law"].say("stop", sentence(error("pack.altered", file="quy-dinh-13.zip")))
    return made
