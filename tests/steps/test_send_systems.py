# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A signed document through the outbox to systems of others (our models of them), the desk killed at each step."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.profile import Codes, Login, National, OpenCps, Profile, Secrets
from digitizer_desk.steps import send
from stand_ins import as_national_portal, as_opencps, as_td
from steps.conftest import Bench
from steps.signed import packed_alone


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


Running = tuple[Profile, Secrets, Callable[[], list[bytes]]]


@contextmanager
def opencps(parcel: Parcel, _folder: Path) -> Iterator[Running]:
    login = Login(way="password", user=as_opencps.USER)
    with as_opencps.AsOpenCps(parcel.dossier_code) as server:
        group = OpenCps(group=int(as_opencps.GROUP))
        profile = Profile(kind="opencps", address=server.url, desk_id="q", login=login, settle_s=0.0, opencps=group)
        yield profile, Secrets(as_opencps.PASSWORD), lambda: [server.files[row["referenceUid"]] for row in server.rows]
        assert server.spec.wrong == []


@contextmanager
def td(parcel: Parcel, _folder: Path) -> Iterator[Running]:
    login = Login(way="password", user=as_td.USER)
    with as_td.AsTd(parcel.dossier_code, "TP-TINH") as server:
        component = parcel.body.partition('"component":{"code":"')[2].partition('"')[0]
        codes = Codes(components={component: "TP-TINH"})
        profile = Profile(kind="td", address=server.url, desk_id="q", login=login, settle_s=0.0, codes=codes)
        yield profile, Secrets(as_td.PASSWORD), lambda: [server.files[record["dinhKem"]] for record in server.records]
        assert server.spec.wrong == []


@contextmanager
def national(parcel: Parcel, folder: Path) -> Iterator[Running]:
    """The files through OpenCPS, then their addresses to the portal."""
    login, procedure = (
        Login(way="password", user=as_national_portal.USER),
        json.loads(parcel.body)["dossier"]["procedure"],
    )
    with (
        as_opencps.AsOpenCps(parcel.dossier_code) as carrier,
        as_national_portal.AsNationalPortal(procedure) as portal,
    ):
        (folder / "tinh.toml").write_text(
            f'kind = "opencps"\naddress = "{carrier.url}"\ndesk_id = "q"\nsettle_s = 0.0\n[login]\nway = "password"\n'
            f'user = "{as_opencps.USER}"\n[opencps]\ngroup = {as_opencps.GROUP}\n',
            "utf-8",
        )
        told = National("tinh", unit="U", unit_name="UBND", destination="D", share_path="/share", opens=True)
        profile = Profile(kind="national", address=portal.url, desk_id="q", login=login, settle_s=0.0, national=told)

        def held() -> list[bytes]:
            assert len(carrier.files) == carrier.uploads == 1, "the first stage is not repeated"
            listed = portal.dossiers[parcel.dossier_code]["TaiLieuNop"]
            return [carrier.files[one["DuongDanTaiTepTin"].rpartition("/")[2]] for one in listed]

        yield profile, Secrets(as_opencps.PASSWORD, portal=as_national_portal.PASSWORD), held
        assert (carrier.spec.wrong, portal.spec.wrong) == ([], [])


class Killed(BaseException):
    """The desk is gone."""


@pytest.mark.parametrize(("system", "lines"), [(opencps, 3), (td, 5), (national, 6)])
def test_killed_at_each_step_it_arrives_once(
    shared: Bench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: Callable[..., object], lines: int
):
    outbox = shared.desk.cabinet.outbox
    for line in range(1, lines + 1):
        parcel, follow, count = packed_alone(shared), outbox.follow, itertools.count(1)

        def dies(*arguments: str, follow=follow, count=count, line=line, **facts: str) -> None:
            follow(*arguments, **facts)
            if next(count) == line:
                raise Killed

        with system(parcel, tmp_path) as (profile, secrets, held):
            link = link_of(profile, secrets, tmp_path, clock=shared.clock, parcels=outbox.of_dossier)
            desk: Desk = replace(shared.desk, link=link)
            with monkeypatch.context() as patched:
                patched.setattr(outbox, "follow", dies)
                with pytest.raises(Killed):
                    send.deliver_due(desk, _nothing, _go_on)
            assert outbox.get(parcel.id).state is ParcelState.SENDING
            for _round in range(3):
                send.deliver_due(desk, _nothing, _go_on)
                shared.clock.forward(hours=1)
            assert outbox.get(parcel.id).state is ParcelState.ACCEPTED
            assert held() == [desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)]
