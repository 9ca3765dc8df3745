# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The training room: virtual scanner, software token and local province around a real desk in a folder of its own.

Apart from the story (which plays in it) because the training window stands in the same room.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from digitizer_desk import assemble, settings
from digitizer_desk.desk import Desk
from digitizer_desk.devices.scanner import Scanner
from digitizer_desk.dossier.model import VIETNAM, Officer, Role
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers
from digitizer_desk.training.counter import set_out
from digitizer_desk.training.province import LocalProvince
from digitizer_desk.training.scanner import VirtualScanner
from digitizer_desk.training.token import TrainingToken, add_officer, prepare_token
from digitizer_desk.training.tray import SelfLayingScanner

#: shown on the log-in screen of the training desk: nothing here is a secret
LOGIN, PASSWORD = "an", "tap-huan-2026"
VAN_THU, VAN_THU_NAME = "thu", "Phạm Thị Thư"
_OFFICE_KEPT = "training.office"
#: who judges the pages of the trainee; the same password
SUPERVISOR_LOGIN = "duyet"
OFFICER_NAME = "Lê Văn An"


@dataclass(frozen=True, slots=True)
class TrainingRoom:
    """Everything that stands in the room. ``root`` holds ``desk/``, ``province/`` and ``token/`` side by side."""

    root: Path
    desk: Desk
    scanner: VirtualScanner
    province: LocalProvince
    token: TrainingToken
    officer: Officer


@contextmanager
def training_room(root: Path, *, lay_by_itself: bool = False) -> Iterator[TrainingRoom]:
    """Open the room, making what is not there yet. All processes started here end with it.

    ``lay_by_itself``: the tray fills with the papers of the component when F4 is pressed (the training window).

    Raises:
        DeskError: what opening a desk raises; ``scanner.driver_missing`` when sane-airscan is not installed.
    """
    root.mkdir(parents=True, exist_ok=True)
    key = root / assemble.TRAINING_KEY
    key.touch(mode=0o600, exist_ok=True)
    place = DeskPaths(root / "desk")
    with ExitStack() as stack:
        province = stack.enter_context(LocalProvince(root / "province"))
        virtual = stack.enter_context(VirtualScanner())
        token = prepare_token(root / "token", holder=OFFICER_NAME)
        if not assemble.is_set_up(place):
            assemble.set_up(place)
        settings.write(place.settings_file, _settings(place, virtual, province))

        def make_scanner(_chosen: settings.Settings) -> Scanner:
            real = assemble.scanner(place, virtual.sane_env)
            return SelfLayingScanner(real, virtual) if lay_by_itself else real

        desk = stack.enter_context(
            assemble.opened_with(
                place, make_scanner, lambda: assemble.token(place, token.module, token.env), training=True
            )
        )
        if desk.cabinet.settings.get("province.secret") != province.token:
            desk.cabinet.settings.put("province.secret", province.token)
            desk = assemble.rejoined(desk, desk.settings)
        _agency(desk, token)
        set_out(province, desk.clock().astimezone(VIETNAM).date())
        yield TrainingRoom(root, desk, virtual, province, token, _officer(desk))


def _settings(place: DeskPaths, virtual: VirtualScanner, province: LocalProvince) -> settings.Settings:
    """What changes with every start (the addresses), on top of what the trainee has set."""
    chosen = settings.read(place.settings_file)
    return chosen.model_copy(
        update={
            "unit": chosen.unit
            if chosen.unit.code
            else settings.Unit(code="000.00.12.H08", name="UBND phường Bến Thông (tập huấn)"),
            "scanner": chosen.scanner.model_copy(update={"id": virtual.device, "source": "feeder"}),
            "province": settings.ProvinceChoice(
                name="Tỉnh mô phỏng",
                base_url=province.url,
                desk_id="quay-1",
                settle_s=0.0,
                receipt_qr=chosen.province.receipt_qr,
            ),
        }
    )


def _agency(desk: Desk, token: TrainingToken) -> None:
    """The agency's own token beside the clerk's, for whoever trains as Văn thư; made once for each name."""
    office = desk.settings.unit.name
    if desk.cabinet.settings.get(_OFFICE_KEPT) != office:
        add_officer(token, office, organisation=True)
        desk.cabinet.settings.put(_OFFICE_KEPT, office)


def _officer(desk: Desk) -> Officer:
    """The training officer; both made on the first day, Văn thư also in a room from before."""
    known = {officer.login: officer for officer in desk.cabinet.officers.all()}
    first = known.get(LOGIN) or officers.first(desk, LOGIN, OFFICER_NAME, PASSWORD)
    assert Role.CLERK in first.roles
    if VAN_THU not in known:
        officers.add(desk, VAN_THU, VAN_THU_NAME, PASSWORD, frozenset({Role.VAN_THU}), first)
    if SUPERVISOR_LOGIN not in known:
        officers.add(desk, SUPERVISOR_LOGIN, "Trần Thị Bình", PASSWORD, frozenset({Role.SUPERVISOR}), first)
    return first
