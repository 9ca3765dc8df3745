# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A whole dossier as DongBoHoSoMC wants it: every paper the desk brought, and whatever stands there of others.

Apart from the calls because this is where nothing may get lost: no source says whether a second message replaces the
list of the first or changes single lines of it, so each message is complete and each line has an id that never
changes. Then both come out right.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from digitizer_desk.dossier.model import VIETNAM, ApplicantKind, Channel, Parcel
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.province.link import Accepted
from digitizer_desk.province.national.portal import Procedure
from digitizer_desk.province.profile import Codes, National
from digitizer_desk.province.systems.talk import paper_of

#: of the stable ids of our lines; ours for ever
_OURS: Final = uuid.UUID("0d7c1f5e-52b4-5c1a-9a83-4f6e2b90d8c7")

HANDED_IN: Final = "TaiLieuNop"
RESULTS: Final = "DanhSachGiayToKetQua"
#: the id of a line, by its list
_ID: Final = {HANDED_IN: "TepDinhKemId", RESULTS: "GiayToId"}
#: the address of a line's file, by its list
_ADDRESS: Final = {HANDED_IN: "DuongDanTaiTepTin", RESULTS: "DuongDanTepTinKetQua"}
#: lists that go back as they came
_OTHER_LISTS: Final = (
    "DinhDanhCHS",
    "DSKetNoiCSDL",
    "DanhSachLePhi",
    "DanhSachTepDinhKemKhac",
    "DanhSachHoSoBoSung",
)
#: only ever sent from the portal to a province
_NOT_BACK: Final = ("Base64",)
_YES, _NO = "1", "0"
#: digits of a number -> LoaiDinhDanh; other kinds have no public table
_IDENTITY: Final = {12: "1", 9: "2"}


@dataclass(frozen=True, slots=True)
class Brought:
    """A paper of which the province holds the very bytes."""

    parcel: Parcel
    receipt: Accepted


@dataclass(frozen=True, slots=True)
class Line:
    """One paper in one of the two lists; ``withdrawn`` when a result lost its effect: it is not told of any more."""

    where: str
    id: str
    values: dict[str, str]
    withdrawn: bool = False


def newest(brought: list[Brought]) -> list[Brought]:
    """The newest version of each paper, in the order they came."""
    last: dict[str, Brought] = {}
    for one in brought:
        there = last.get(one.parcel.component_id)
        if there is None or one.parcel.version >= there.parcel.version:
            last[one.parcel.component_id] = one
    return list(last.values())


def line_of(one: Brought, codes: Codes, chosen: National, desk_id: str) -> Line | None:
    """A paper as a line; None for one made while the dossier was handled: it was not handed in and is no result.

    Raises:
        Stop: ``province.code_unmapped``.
    """
    record, paper = json.loads(one.parcel.body), paper_of(one.parcel, codes)
    kind = record["component"].get("kind", PaperKind.COMPONENT.value)
    own = str(uuid.uuid5(_OURS, "|".join((desk_id, paper.dossier, paper.component_id))))
    if kind == PaperKind.COMPONENT:
        values = {
            "TepDinhKemId": own,
            "TenTepDinhKem": f"{paper.title[:3996]}.pdf",
            "IsDeleted": "False" if chosen.deleted == "words" else _NO,
            "MaThanhPhanHoSo": paper.component,
            "DuongDanTaiTepTin": one.receipt.address,
            # the desk sends nothing that did not pass its checks, was signed, confirmed and found again at the province
            "DuocSoHoa": _YES,
            "DuocTaiSuDung": _NO,
            "DuocLayTuKhoDMQG": _NO,
        }
        return Line(HANDED_IN, own, values)
    if kind == PaperKind.RESULT:
        values = {
            "TenGiayTo": paper.title[:2000],
            "MaThanhPhanHoSo": paper.component,
            "GiayToId": own,
            "DuongDanTepTinKetQua": one.receipt.address,
            "MaGiayToKetQua": one.receipt.result_code or paper.result_code,
        }
        return Line(RESULTS, own, values, withdrawn="cancelled" in record["component"])
    return None


def dossier_of(
    parcel: Parcel,
    lines: list[Line],
    there: dict[str, Any] | None,
    procedure: Procedure,
    codes: Codes,
    chosen: National,
) -> dict[str, Any]:
    """The message. What the portal shows of the dossier goes back as it is: its state and its dates are not ours.

    Raises:
        Stop: ``province.code_unmapped``.
    """
    ours = _facts(parcel, procedure, codes, chosen)
    told: dict[str, Any] = {**ours, **_texts(there or {}), "MaHoSo": ours["MaHoSo"]}
    for name in _OTHER_LISTS:
        theirs = _lines_there(there, name)
        if theirs:
            told[name] = theirs
    for name in (HANDED_IN, RESULTS):
        told[name] = _merged(_lines_there(there, name), [line for line in lines if line.where == name], _ID[name])
    digitised = any(_YES in (one.get("DuocSoHoa"), one.get("DuocTaiSuDung")) for one in told[HANDED_IN])
    told["HoSoCoThanhPhanSoHoa"] = _YES if digitised else _NO
    return told


def lists(there: dict[str, Any] | None, line: Line) -> bool | None:
    """Whether the portal lists this line with this very address; None when it shows no such list."""
    if there is None or not isinstance(there.get(line.where), list):
        return None
    own = _own(there, line)
    return len(own) == 1 and own[0].get(_ADDRESS[line.where]) == line.values[_ADDRESS[line.where]]


def doubled(there: dict[str, Any] | None, lines: list[Line]) -> bool:
    """Whether any of these lines stands there more than once."""
    return any(len(_own(there, line)) > 1 for line in lines)


def _own(there: dict[str, Any] | None, line: Line) -> list[dict[str, str]]:
    return [one for one in _lines_there(there, line.where) if one.get(_ID[line.where]) == line.id]


def _facts(parcel: Parcel, procedure: Procedure, codes: Codes, chosen: National) -> dict[str, Any]:
    record, paper = json.loads(parcel.body), paper_of(parcel, codes)
    dossier, applicant = record["dossier"], record["applicant"]
    received = datetime.fromisoformat(dossier["received_at"]).astimezone(VIETNAM).strftime("%Y%m%d%H%M%S")
    facts: dict[str, Any] = {
        "MaHoSo": paper.dossier,
        "MaTTHC": paper.procedure,
        "TenTTHC": procedure.title,
        "MaLinhVuc": procedure.field,
        "TenLinhVuc": procedure.field_title,
        "KenhThucHien": "2" if dossier["channel"] == Channel.ELECTRONIC else "1",
        "SoGiayToChuHoSo": paper.owner,
        "ChuHoSo": paper.owner_name,
        "LoaiDoiTuong": "1" if applicant["kind"] == ApplicantKind.PERSON else str(chosen.organisation),
        "TrichYeuHoSo": dossier["procedure_title"][:1000],
        "NgayTiepNhan": received,
        "NgayNopHoSo": received,
        "NgayHenTra": "",
        "TrangThaiHoSo": str(chosen.state),
        "HinhThuc": _YES if chosen.by_post else _NO,
        "DonViXuLy": chosen.unit_name,
        "NoiNopHoSo": "2",
    }
    identity = _IDENTITY.get(len(paper.owner)) if paper.owner.isdecimal() else None
    if identity:
        facts["DinhDanhCHS"] = [{"LoaiDinhDanh": identity, "SoDinhDanh": paper.owner}]
    return facts


def _texts(values: dict[str, Any]) -> dict[str, str]:
    """What is one value, as text: everything is text on this wire."""
    return {
        name: str(value)
        for name, value in values.items()
        if isinstance(value, str | int) and not isinstance(value, bool) and name not in _NOT_BACK
    }


def _lines_there(there: dict[str, Any] | None, name: str) -> list[dict[str, str]]:
    listed = (there or {}).get(name)
    return [_texts(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _merged(theirs: list[dict[str, str]], ours: list[Line], key: str) -> list[dict[str, str]]:
    """Lines of others as they stand, each of ours once; a withdrawn one is gone."""
    mine = {line.id for line in ours}
    return [one for one in theirs if one.get(key) not in mine] + [line.values for line in ours if not line.withdrawn]
