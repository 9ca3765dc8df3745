# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What happens in the played working day: two dossiers, five papers, a jam, a blurred page, an hour without network.

Apart from ``story.py`` (which plays it) because this is data: who, which papers, how many sides, what goes wrong.
All people and places are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

from digitizer_desk.dossier.model import Applicant
from digitizer_desk.training.papers import PEOPLE, Person


@dataclass(frozen=True, slots=True)
class ScriptedPaper:
    """One paper on the counter. ``component`` is the code in the procedure's file; ``kinds`` what to draw, side by side
    in order. ``blurred`` is the side (0-based) that comes out blurred the first time; ``jam_after`` the sides that come
    through before the feeder jams, once."""

    component: str
    kinds: tuple[str, ...]
    number: str
    issued: str
    issuer: str
    summary: str
    blurred: int | None = None
    jam_after: int | None = None


@dataclass(frozen=True, slots=True)
class ScriptedDossier:
    """One citizen at the counter. ``order`` is the running number of the receipt on its day."""

    procedure: str
    person: Person
    papers: tuple[ScriptedPaper, ...]

    @property
    def applicant(self) -> Applicant:
        return Applicant(name=self.person.name, identifier=self.person.identifier, born_or_founded=self.person.born)


SCRIPT = (
    ScriptedDossier(
        procedure="1.001193",
        person=PEOPLE[0],
        papers=(
            ScriptedPaper(
                component="KS.01",
                kinds=("to_khai_khai_sinh", "mat_sau_to_khai"),
                number="01/TK-KS",
                issued="20/11/2026",
                issuer="Người yêu cầu tự khai",
                summary="Tờ khai đăng ký khai sinh",
            ),
            ScriptedPaper(
                component="KS.02",
                kinds=("giay_chung_sinh",),
                number="1274/GCS",
                issued="12/11/2026",
                issuer="Bệnh viện Đa khoa khu vực Bến Thông",
                summary="Giấy chứng sinh của trẻ",
                blurred=0,
            ),
            ScriptedPaper(
                component="KS.03",
                kinds=("can_cuoc_truoc", "can_cuoc_sau", "can_cuoc_truoc", "can_cuoc_sau"),
                number="045/2021",
                issued="25/04/2021",
                issuer="Cục Cảnh sát quản lý hành chính về trật tự xã hội",
                summary="Căn cước của cha, mẹ",
                jam_after=2,
            ),
        ),
    ),
    ScriptedDossier(
        procedure="1.010038",
        person=PEOPLE[1],
        papers=(
            ScriptedPaper(
                component="CT.01",
                kinds=("don_de_nghi", "mat_sau_to_khai"),
                number="02/TK-CT",
                issued="21/11/2026",
                issuer="Người yêu cầu tự khai",
                summary="Tờ khai thay đổi thông tin cư trú",
            ),
            ScriptedPaper(
                component="CT.03",
                kinds=("giay_xac_nhan_cu_tru", "quyet_dinh"),
                number="318/XN-UBND",
                issued="18/11/2026",
                issuer="Ủy ban nhân dân phường Bến Thông",
                summary="Xác nhận nơi ở hợp pháp",
            ),
        ),
    ),
)
