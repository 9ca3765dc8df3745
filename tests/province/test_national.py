# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The national portal's connector against our models of it and of the system that carries the files: told once and
whole, killed at each line of its trail, each trap answered.

Tested against request shapes read from the source of clients; never tested with the portal.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.dossier.result import PaperKind
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.link import Accepted, Later, Outcome, Rejected
from digitizer_desk.province.mapping import body_of
from digitizer_desk.province.national.link import NationalLink
from digitizer_desk.province.profile import Codes, Lgsp, Login, National, Profile, Secrets
from digitizer_desk.province.trail import Step, Trail
from digitizer_desk.province.wire import basic
from digitizer_desk.training.province import LocalProvince
from province.samples import parcel_of, pdf_of
from stand_ins import as_opencps
from stand_ins.as_national_portal import DESTINATION, PASSWORD, UNIT, USER, AsNationalPortal
from stand_ins.as_opencps import AsOpenCps

DOSSIER, PROCEDURE = "000.00.10.H08-261120-0006", "1.001193"
TOLD = National(
    after="tinh",
    unit=UNIT,
    unit_name="UBND xã Đại Đồng",
    destination=DESTINATION,
    share_path="/share",
    second_message="replaces",
    opens=True,
)
PROFILE = Profile(
    kind="national",
    desk_id="quay-1",
    login=Login(way="password", user=USER),
    timeout_s=5.0,
    settle_s=0.0,
    codes=Codes(components={"TP02": "000.01.TP02"}),
    national=TOLD,
)
CARRIER = f"""
schema = 1
kind = "opencps"
address = "{{url}}"
desk_id = "quay-1"
timeout_s = 5.0
settle_s = 0.0
[login]
way = "password"
user = "{as_opencps.USER}"
[opencps]
group = {as_opencps.GROUP}
marks = {{{{ original = 3 }}}}
"""


@pytest.fixture
def carrier() -> Iterator[AsOpenCps]:
    with AsOpenCps(DOSSIER) as running:
        yield running
    assert running.spec.wrong == []


@pytest.fixture
def portal() -> Iterator[AsNationalPortal]:
    with AsNationalPortal(PROCEDURE) as running:
        yield running
    assert running.spec.wrong == []


class Desk:
    """Drives the connector as the outbox does: keeps each trail, looks before a second try."""

    def __init__(self, folder: Path, carrier: AsOpenCps, portal: AsNationalPortal, **chosen: Any) -> None:
        (folder / "tinh.toml").write_text(CARRIER.format(url=carrier.url), "utf-8")
        self.folder, self.portal, self.parcels = folder, portal, dict[str, Parcel]()
        self.pdfs: dict[str, bytes] = {}
        self.profile = replace(PROFILE, address=portal.url, **chosen)
        self.trails: list[Trail] = []
        self.secrets = Secrets(as_opencps.PASSWORD, portal=PASSWORD)
        self.restart()

    def restart(self) -> None:
        of = self.of_dossier
        link = link_of(self.profile, self.secrets, self.folder, clock=lambda: datetime.now(UTC), parcels=of)
        assert isinstance(link, NationalLink)
        self.link = link

    def of_dossier(self, dossier_id: str) -> tuple[Parcel, ...]:
        return tuple(parcel for parcel in self.parcels.values() if parcel.dossier_id == dossier_id)

    def lay(self, number: int = 2, *, version: int = 1, **component: Any) -> Parcel:
        pdf = pdf_of(seed=number * 10 + version)
        parcel = parcel_of(pdf, number=number, version=version, parcel_id=f"parcel-{number}-{version}")
        if component:
            record = json.loads(parcel.body)
            record["component"] |= component
            body, digest = body_of(record)
            parcel = replace(parcel, body=body, digest=digest)
        self.parcels[parcel.id], self.pdfs[parcel.id] = parcel, pdf
        return parcel

    def send(self, parcel: Parcel) -> Any:
        parcel = self.parcels[parcel.id]
        reply = self.link.look(parcel) if parcel.tries or parcel.trail else None
        if reply is None:
            reply = self.link.deliver(parcel, self.pdfs[parcel.id], lambda _sent, _total: None, self.keeper(parcel))
        parcel = self.parcels[parcel.id]
        state = ParcelState.ACCEPTED if isinstance(reply, Accepted) else ParcelState.WAITING
        self.parcels[parcel.id] = replace(parcel, state=state, tries=parcel.tries + 1)
        return reply

    def keeper(self, parcel: Parcel) -> Any:
        def keep(trail: Trail) -> None:
            self.trails.append(trail)
            self.parcels[parcel.id] = replace(self.parcels[parcel.id], trail=trail.write())

        return keep


@pytest.fixture
def desk(tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal) -> Desk:
    return Desk(tmp_path, carrier, portal)


def fetched(address: str) -> bytes:
    shown = {"Authorization": basic(as_opencps.USER, as_opencps.PASSWORD), "groupId": as_opencps.GROUP}
    with urlopen(Request(address, headers=shown), timeout=5) as answer:
        return answer.read()


def papers(portal: AsNationalPortal, where: str = "TaiLieuNop") -> list[dict[str, str]]:
    return portal.dossiers[DOSSIER][where]


def test_our_description_is_valid_openapi(portal: AsNationalPortal):
    assert list(OpenAPIV31SpecValidator(portal.spec.whole).iter_errors()) == []


def test_the_file_goes_first_and_its_address_after_it(desk: Desk, carrier: AsOpenCps, portal: AsNationalPortal):
    parcel = desk.lay()
    reply = desk.send(parcel)
    assert isinstance(reply, Accepted), reply
    assert (reply.outcome, reply.sha256) == (Outcome.DONE, parcel.file_sha256)
    (paper,) = papers(portal)
    assert paper | {"TepDinhKemId": "", "DuongDanTaiTepTin": ""} == {
        "TepDinhKemId": "",
        "TenTepDinhKem": "Giấy chứng sinh.pdf",
        "IsDeleted": "False",
        "MaThanhPhanHoSo": "000.01.TP02",
        "DuongDanTaiTepTin": "",
        "DuocSoHoa": "1",
        "DuocTaiSuDung": "0",
        "DuocLayTuKhoDMQG": "0",
    }
    assert fetched(paper["DuongDanTaiTepTin"]) == desk.pdfs[parcel.id]
    whole = portal.dossiers[DOSSIER]
    assert (whole["MaLinhVuc"], whole["TenTTHC"]) == ("G01-HT", "Đăng ký khai sinh (quốc gia)")
    assert whole["NgayTiepNhan"] == "20261120083100"
    assert whole["DinhDanhCHS"] == [{"LoaiDinhDanh": "1", "SoDinhDanh": "001199000123"}]
    assert whole["HoSoCoThanhPhanSoHoa"] == "1"
    assert "NguonHoSo" not in whole
    assert [(t.done, t.open) for t in desk.trails] == [
        (None, Step.UPLOAD),
        (Step.UPLOAD, None),
        (Step.ATTACH, None),
        (Step.RECORD, None),
        (Step.RECORD, Step.TELL),
        (Step.TELL, None),
    ]
    assert {path for _verb, path in portal.spec.used} == set(portal.spec.whole["paths"])


@pytest.mark.parametrize("second", ["replaces", "updates"])
@pytest.mark.parametrize("shows", ["all", "name"])
def test_every_message_is_the_whole_dossier(desk: Desk, portal: AsNationalPortal, second: str, shows: str):
    portal.second, portal.shows = second, shows
    sent = [desk.lay(number) for number in (2, 3, 4)]
    result = desk.lay(9, kind=PaperKind.RESULT.value)
    for parcel in (*sent, result):
        assert isinstance(desk.send(parcel), Accepted)
        desk.restart()
    assert [len(told["TaiLieuNop"]) for told in portal.told] == [1, 2, 3, 3]
    assert [fetched(paper["DuongDanTaiTepTin"]) for paper in papers(portal)] == [desk.pdfs[one.id] for one in sent]
    (told,) = papers(portal, "DanhSachGiayToKetQua")
    assert told["MaGiayToKetQua"] == "001199000123.KQ.G01.000005.15/2026"
    ids = [{one["TepDinhKemId"] for one in told["TaiLieuNop"]} for told in portal.told]
    assert ids[0] < ids[1] < ids[2] == ids[3]


@pytest.mark.parametrize("second", ["replaces", "updates"])
def test_a_newer_version_takes_the_place_of_the_older(desk: Desk, portal: AsNationalPortal, second: str):
    portal.second = second
    for version in (1, 2):
        desk.send(desk.lay(3))
        assert isinstance(desk.send(desk.lay(version=version)), Accepted)
    addresses = {one["MaThanhPhanHoSo"]: one["DuongDanTaiTepTin"] for one in papers(portal)}
    assert len(papers(portal)) == 2
    assert fetched(addresses["000.01.TP02"]) == desk.pdfs["parcel-2-2"]


def test_what_stands_there_of_others_stays(desk: Desk, portal: AsNationalPortal):
    theirs = {
        "TepDinhKemId": "cua-nguoi-khac",
        "TenTepDinhKem": "Đơn.pdf",
        "IsDeleted": "False",
        "MaThanhPhanHoSo": "000.01.TP01",
        "DuongDanTaiTepTin": "https://tinh.example/don.pdf",
        "DuocSoHoa": 0,
        "DuocTaiSuDung": "0",
        "DuocLayTuKhoDMQG": "0",
        "Base64": "AAAA",
    }
    fees = [{"TenPhiLePhi": "Lệ phí", "Gia": "0"}]
    portal.dossiers[DOSSIER] = {
        "MaHoSo": DOSSIER,
        "TrangThaiHoSo": 9,
        "NgayHenTra": "20261201170000",
        "SoGiayToChuHoSo": "001199000123",
        "DanhSachLePhi": fees,
        "TaiLieuNop": [theirs],
    }
    assert isinstance(desk.send(desk.lay()), Accepted)
    whole = portal.dossiers[DOSSIER]
    assert (whole["TrangThaiHoSo"], whole["NgayHenTra"], whole["DanhSachLePhi"]) == ("9", "20261201170000", fees)
    assert whole["TaiLieuNop"][0] == {**{k: v for k, v in theirs.items() if k != "Base64"}, "DuocSoHoa": "0"}
    assert len(whole["TaiLieuNop"]) == 2


def test_a_paper_that_arrived_before_there_was_a_portal_is_told_too(desk: Desk, portal: AsNationalPortal):
    older, newer = desk.lay(2), desk.lay(3)
    carrier = desk.link._carrier
    assert isinstance(carrier.deliver(older, desk.pdfs[older.id], lambda *_: None, desk.keeper(older)), Accepted)
    desk.parcels[older.id] = replace(desk.parcels[older.id], state=ParcelState.ACCEPTED)
    assert isinstance(desk.send(newer), Accepted)
    assert [fetched(one["DuongDanTaiTepTin"]) for one in papers(portal)] == [desk.pdfs[older.id], desk.pdfs[newer.id]]


def test_what_is_neither_handed_in_nor_a_result_is_not_told(desk: Desk, portal: AsNationalPortal):
    assert isinstance(desk.send(desk.lay(5, kind=PaperKind.INTERMEDIATE.value)), Accepted)
    assert portal.told == []


def test_a_result_that_lost_its_effect_is_told_no_more(desk: Desk, portal: AsNationalPortal):
    gone = {"at": "2026-11-21T08:00:00+07:00", "reason": "cấp sai"}
    assert isinstance(desk.send(desk.lay(9, kind="KQ")), Accepted)
    assert isinstance(desk.send(desk.lay(9, version=2, kind="KQ", cancelled=gone)), Accepted)
    assert papers(portal, "DanhSachGiayToKetQua") == []


def test_a_dossier_of_others_that_cannot_be_seen_is_left_alone(
    desk: Desk, tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal
):
    portal.dossiers[DOSSIER] = {"MaHoSo": DOSSIER, "TaiLieuNop": [{"TepDinhKemId": "khác"}]}
    portal.shows = "name"
    assert desk.send(desk.lay()) == Rejected("province.portal_unseen", "")
    assert portal.told == []
    bold = Desk(tmp_path, carrier, portal, national=replace(TOLD, unseen="send"))
    assert isinstance(bold.send(bold.lay()), Accepted)
    assert carrier.uploads == 1  # found, not sent again


def test_a_dossier_the_portal_does_not_have_is_not_opened_unless_told_so(
    desk: Desk, tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal
):
    careful = Desk(tmp_path, carrier, portal, national=replace(TOLD, opens=False))
    parcel = careful.lay()
    assert careful.send(parcel) == Rejected("province.portal_unknown", "")
    assert portal.told == []
    portal.dossiers[DOSSIER] = {"MaHoSo": DOSSIER, "TrangThaiHoSo": "4"}
    assert isinstance(careful.send(parcel), Accepted)
    assert portal.dossiers[DOSSIER]["TrangThaiHoSo"] == "4"


def test_a_portal_that_keeps_a_line_for_each_message_is_found_out(desk: Desk, portal: AsNationalPortal):
    portal.second = "adds"
    assert isinstance(desk.send(desk.lay(2)), Accepted)
    assert desk.send(desk.lay(3)) == Rejected("province.portal_adds", "")
    told = len(portal.told)
    assert desk.send(desk.lay(4)) == Rejected("province.portal_adds", "")
    assert len(portal.told) == told  # once found out, it is told no more of this dossier


def test_it_came_to_be_there_between_look_and_word(desk: Desk, portal: AsNationalPortal):
    portal.dossiers[DOSSIER] = {"MaHoSo": DOSSIER, "TrangThaiHoSo": "4", "TaiLieuNop": []}
    portal.traps = [("TraCuuHoSo", "no")]
    desk.link._portal._session = ""
    assert isinstance(desk.send(desk.lay()), Accepted)
    assert len(portal.told) == 2
    assert portal.dossiers[DOSSIER]["TrangThaiHoSo"] == "4"
    assert len(papers(portal)) == 1


TRAPS = [
    ("403", Outcome.REFUSED, "province.forbidden"),
    ("413", Outcome.REFUSED, "province.portal_refused"),
    ("429", Outcome.RETRY, "province.portal_away"),
    ("500", Outcome.RETRY, "province.portal_away"),
    ("page", Outcome.RETRY, "province.reply_unreadable"),
    ("bare", Outcome.RETRY, "province.reply_unreadable"),
    ("words", Outcome.RETRY, "province.reply_unreadable"),
]


@pytest.mark.parametrize(
    ("service", "trap", "outcome", "code"),
    [(service, *trap) for service in ("login", "LayThuTuc", "TraCuuHoSo", "DongBoHoSoMC") for trap in TRAPS]
    + [
        ("DongBoHoSoMC", "no", Outcome.REFUSED, "province.portal_refused"),
        ("DongBoHoSoMC", "lost", Outcome.RETRY, "province.unknown_outcome"),
        ("DongBoHoSoMC", "502", Outcome.RETRY, "province.unknown_outcome"),
        ("DongBoHoSoMC", "forgets", Outcome.RETRY, "province.not_kept"),
        ("TraCuuHoSo", "session", Outcome.NEEDS_LOGIN, "province.login"),
        ("DongBoHoSoMC", "session", Outcome.NEEDS_LOGIN, "province.login"),
        ("login", "no", Outcome.NEEDS_LOGIN, "province.login"),
        ("login", "401", Outcome.NEEDS_LOGIN, "province.login"),
        ("LayThuTuc", "no", Outcome.REFUSED, "province.portal_refused"),
    ],
)
def test_each_trap_and_the_file_is_never_sent_again(
    desk: Desk, carrier: AsOpenCps, portal: AsNationalPortal, service: str, trap: str, outcome: Outcome, code: str
):
    parcel = desk.lay()
    # a refusal is asked once more with a new session: it lasts for both
    portal.traps = [(service, trap)] * (2 if trap in ("no", "session") and service != "login" else 1)
    reply = desk.send(parcel)
    assert not isinstance(reply, Accepted)
    assert (reply.outcome, reply.code) == (outcome, code)
    if isinstance(reply, Later):
        assert reply.attempt
    portal.traps = []
    desk.restart()
    again = desk.send(parcel)
    assert isinstance(again, Accepted), again
    assert carrier.uploads == 1
    assert len(papers(portal)) == 1


def test_words_of_a_refusal_are_shown(desk: Desk, portal: AsNationalPortal):
    portal.traps = [("DongBoHoSoMC", "no")] * 2
    assert desk.send(desk.lay()) == Rejected("province.portal_refused", "Dữ liệu không hợp lệ: NgayTiepNhan")


def test_a_session_that_ends_after_every_second_request_is_renewed(desk: Desk, portal: AsNationalPortal):
    portal.session_uses = 2
    assert isinstance(desk.send(desk.lay(2)), Accepted)
    assert isinstance(desk.send(desk.lay(3)), Accepted)
    assert len(papers(portal)) == 2
    assert len(portal.sessions) > 2


def test_a_session_is_not_asked_for_each_parcel(desk: Desk, portal: AsNationalPortal):
    portal.dossiers[DOSSIER] = {"MaHoSo": DOSSIER, "TrangThaiHoSo": "4"}
    for number in (2, 3, 4):
        assert isinstance(desk.send(desk.lay(number)), Accepted)
    assert len(portal.sessions) == 1
    assert portal.services.count("LayThuTuc") == 1


def test_a_wrong_password_rests_the_queue_and_the_file_has_arrived(
    tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal
):
    desk = Desk(tmp_path, carrier, portal)
    desk.secrets = replace(desk.secrets, portal="sai")
    desk.restart()
    reply = desk.send(desk.lay())
    assert isinstance(reply, Later)
    assert (reply.code, reply.pause_all) == ("province.login", True)
    assert desk.link.portal_health().code == "province.login"
    assert desk.link.health().code == ""
    assert len(carrier.files) == 1


def test_a_portal_that_is_away_does_not_look_like_a_lost_line(
    tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal
):
    desk = Desk(tmp_path, carrier, portal)
    desk.profile = replace(desk.profile, address="http://127.0.0.1:1")
    desk.restart()
    reply = desk.send(desk.lay())
    assert isinstance(reply, Later)
    assert (reply.code, reply.attempt, reply.pause_all) == ("province.portal_away", True, False)
    assert len(carrier.files) == 1


def test_a_carrier_that_tells_no_address(tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal):
    desk = Desk(tmp_path, carrier, portal, national=replace(TOLD, files="http://127.0.0.1/tep/{number}"))
    assert isinstance(desk.send(desk.lay()), Accepted)
    assert papers(portal)[0]["DuongDanTaiTepTin"] == "http://127.0.0.1/tep/1"
    plain = Desk(tmp_path, carrier, portal, national=replace(TOLD, files="ftp://x/{number}"))
    parcel = plain.lay(3)
    assert plain.send(parcel) == Rejected("province.no_address", "")
    plain.profile = replace(plain.profile, national=TOLD)
    plain.restart()
    assert isinstance(plain.send(parcel), Accepted)  # mended in the profile: nothing is sent again
    assert carrier.uploads == 2


@pytest.mark.parametrize("way", ["header", "bearer"])
def test_through_a_platform(tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal, way: Any):
    portal.bearer = way == "bearer"
    desk = Desk(
        tmp_path,
        carrier,
        portal,
        national=replace(TOLD, lgsp=Lgsp(way, "ung-dung", f"{portal.url}/token", application="ban-so-hoa")),
    )
    desk.secrets = replace(desk.secrets, lgsp="khóa")
    desk.restart()
    assert isinstance(desk.send(desk.lay()), Accepted)
    assert len(portal.tokens) == (1 if way == "bearer" else 0)


class Killed(BaseException):
    """The desk is gone."""


@pytest.mark.parametrize(("line", "before"), [*((line, True) for line in range(6)), (0, False), (4, False)])
@pytest.mark.parametrize("shows", ["all", "name"])
def test_killed_at_each_line_of_its_trail_nothing_is_sent_twice(
    desk: Desk, carrier: AsOpenCps, portal: AsNationalPortal, line: int, before: bool, shows: str
):
    """``before``: killed when the line was written; else the request after it was made and its answer lost."""
    portal.shows = shows
    parcel = desk.lay()
    if not before and line == 0:
        carrier.traps = [("/100/files", "lost")]
    if not before and line == 4:
        portal.traps = [("DongBoHoSoMC", "lost")]
    kept = 0

    def keep(trail: Trail) -> None:
        nonlocal kept
        desk.keeper(parcel)(trail)
        kept += 1
        if before and kept == line + 1:
            raise Killed

    with contextlib.suppress(Killed):
        desk.link.deliver(parcel, desk.pdfs[parcel.id], lambda *_: None, keep)
    desk.restart()
    uploads, told = carrier.uploads, len(portal.told)
    reply = desk.send(parcel)
    assert isinstance(reply, Accepted), reply
    assert carrier.uploads == max(uploads, 1)
    assert len(carrier.files) == 1
    assert len(papers(portal)) == 1
    # a message whose answer was lost is told again only where the portal does not show that it has it
    assert len(portal.told) == max(told, 1) + (1 if (before, line, shows) == (False, 4, "name") else 0)


def test_another_number_of_the_owner_is_never_made_up(desk: Desk, portal: AsNationalPortal):
    parcel = desk.lay()
    record = json.loads(parcel.body)
    record["applicant"]["identifier"] = ""
    body, digest = body_of(record)
    desk.parcels[parcel.id] = replace(parcel, body=body, digest=digest)
    assert desk.send(parcel) == Rejected("province.no_identifier", "")
    assert portal.told == []


def test_a_code_that_is_missing_is_told_before_anything_is_sent(
    tmp_path: Path, carrier: AsOpenCps, portal: AsNationalPortal
):
    codes = Codes(complete=("components", "procedures"), procedures={PROCEDURE: PROCEDURE})
    desk = Desk(tmp_path, carrier, portal, codes=codes)
    assert desk.send(desk.lay()) == Rejected("province.code_unmapped", "thành phần TP02")
    assert (carrier.uploads, portal.services) == (0, [])


def test_without_all_parcels_of_a_dossier_nothing_is_told(tmp_path: Path, desk: Desk):
    link = link_of(desk.profile, desk.secrets, tmp_path)
    assert link is not None
    assert link.health().code == "province.not_set"


def test_our_own_contract_may_carry_the_files(tmp_path: Path, province: LocalProvince, portal: AsNationalPortal):
    profile = replace(PROFILE, address=portal.url)
    (tmp_path / "tinh.toml").write_text(f'kind = "gateway"\naddress = "{province.url}"\n', "utf-8")
    link = link_of(profile, Secrets(province.token, portal=PASSWORD), tmp_path, parcels=lambda _dossier: ())
    assert link is not None
    pdf, kept = pdf_of(seed=77), list[Trail]()
    parcel = parcel_of(pdf)
    portal.traps = [("DongBoHoSoMC", "500")]
    assert isinstance(link.deliver(parcel, pdf, lambda _sent, _total: None, kept.append), Later)
    copies = len(province.copies())
    again = replace(parcel, tries=1, trail=kept[-1].write())
    reply = link.deliver(again, pdf, lambda _sent, _total: None, kept.append)
    assert isinstance(reply, Accepted), reply
    assert reply.number.startswith("BN-")
    (paper,) = papers(portal)
    shown = {"Authorization": f"Bearer {province.token}"}
    with urlopen(Request(paper["DuongDanTaiTepTin"], headers=shown), timeout=5) as answer:
        assert answer.read() == pdf
    assert len(province.copies()) == copies


def test_the_way_of_the_files_breaks_while_others_are_asked_for(
    desk: Desk, carrier: AsOpenCps, portal: AsNationalPortal
):
    older, newer = desk.lay(2), desk.lay(3)
    by_itself = desk.link._carrier
    assert isinstance(by_itself.deliver(older, desk.pdfs[older.id], lambda *_: None, desk.keeper(older)), Accepted)
    desk.parcels[older.id] = replace(desk.parcels[older.id], state=ParcelState.ACCEPTED)
    portal.traps = [("LayThuTuc", "500")]
    assert isinstance(desk.send(newer), Later)
    carrier.traps = [("/dossiers", "500")]
    reply = desk.send(newer)
    assert isinstance(reply, Later)
    assert reply.code == "province.server_busy", "the portal has nothing to do with it"
    assert isinstance(desk.send(newer), Accepted)
    assert len(papers(portal)) == 2
