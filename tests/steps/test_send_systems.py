# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A signed document through the outbox to systems of others (our models of them), the desk killed at each step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Parcel, ParcelState
from digitizer_desk.province.connect import link_of
from digitizer_desk.province.profile import Codes, Login, OpenCps, Profile, Secrets
from digitizer_desk.steps import send
from stand_ins import as_opencps, as_td
from steps.conftest import Bench
from steps.signed import packed_alone


def _nothing(_event: object) -> None:
    return None


def _go_on() -> bool:
    return False


@contextmanager
def opencps(parcel: Parcel) -> Iterator[tuple[Profile, str, Callable[[], list[bytes]]]]:
    login = Login(way="password", user=as_opencps.USER)
    with as_opencps.AsOpenCps(parcel.dossier_code) as server:
        group = OpenCps(group=int(as_opencps.GROUP))
        profile = Profile(kind="opencps", address=server.url, desk_id="q", login=login, settle_s=0.0, opencps=group)
        yield profile, as_opencps.PASSWORD, lambda: [server.files[row["referenceUid"]] for row in server.rows]
        assert server.spec.wrong == []


@contextmanager
def td(parcel: Parcel) -> Iterator[tuple[Profile, str, Callable[[], list[bytes]]]]:
    login = Login(way="password", user=as_td.USER)
    with as_td.AsTd(parcel.dossier_code, "TP-TINH") as server:
        component = parcel.body.partition('"component":{"code":"')[2].partition('"')[0]
        codes = Codes(components={component: "TP-TINH"})
        profile = Profile(kind="td", address=server.url, desk_id="q", login=login, settle_s=0.0, codes=codes)
        yield profile, as_td.PASSWORD, lambda: [server.files[record["dinhKem"]] for record in server.records]
        assert server.spec.wrong == []


class Killed(BaseException):
    """The desk is gone."""


@pytest.mark.parametrize(("system", "lines"), [(opencps, 3), (td, 5)])
def test_killed_at_each_step_it_arrives_once(
    shared: Bench, monkeypatch: pytest.MonkeyPatch, system: Callable[..., object], lines: int
):
    outbox = shared.desk.cabinet.outbox
    for line in range(1, lines + 1):
        parcel, follow, count = packed_alone(shared), outbox.follow, itertools.count(1)

        def dies(*arguments: str, follow=follow, count=count, line=line, **facts: str) -> None:
            follow(*arguments, **facts)
            if next(count) == line:
                raise Killed

        with system(parcel) as (profile, password, held):
            link = link_of(profile, Secrets(password), Path(), clock=shared.clock)
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
