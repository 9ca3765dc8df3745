# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the practice province has for a trainee: dossiers of the day that wait at the counter, papers to be used again.

Apart from the province, which says only what somebody lets it say. All of these people are invented.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.training.papers import PEOPLE
from digitizer_desk.training.province import LocalProvince

_PROCEDURES = (("1.001193", "Đăng ký khai sinh"), ("1.000894", "Đăng ký kết hôn"))
_OFFICE = "UBND phường Bến Thông"
#: numbers of the day's receipts a trainee is not likely to type
_FIRST = 901


def set_out(province: LocalProvince, today: date) -> None:
    """Let dossiers of this day wait, and the applicants have papers in the store: one good, one that has ended. Set
    out again, they are the same."""
    for number, person in enumerate(PEOPLE):
        code, title = _PROCEDURES[number % len(_PROCEDURES)]
        came = datetime.combine(today, time(7, 30), VIETNAM) + timedelta(minutes=11 * number)
        waits: dict[str, Any] = {
            "code": f"000.00.12.H08-{today:%y%m%d}-{_FIRST + number:04d}",
            "procedure": code,
            "procedure_title": title,
            "applicant": {
                "name": person.name,
                "kind": "person",
                "identifier": person.identifier,
                "born_or_founded": person.born,
            },
            "account_check": "yes",
            "came_at": came.isoformat(),
        }
        province.offer("wait", dossier=waits)
        for paper in _papers(number, today):
            province.offer("paper", owner=person.identifier, paper=paper)


def _papers(number: int, today: date) -> tuple[dict[str, Any], ...]:
    birth = {
        "reference": f"KHO-TH-{number}A",
        "title": "Giấy khai sinh",
        "kind": "GKS",
        "number": f"{15 + number}/2015",
        "issued": "2015-03-02",
        "issuer": _OFFICE,
        "code": f"TH.GKS.{15 + number}.2015",
        "source": "result",
    }
    status = {
        "reference": f"KHO-TH-{number}B",
        "title": "Giấy xác nhận tình trạng hôn nhân",
        "kind": "XNHN",
        "number": f"{40 + number}/XN",
        "issued": (today - timedelta(days=300)).isoformat(),
        "expires": (today - timedelta(days=120)).isoformat(),
        "issuer": _OFFICE,
        "source": "component",
    }
    return birth, status
