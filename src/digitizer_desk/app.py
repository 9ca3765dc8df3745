# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Builds every part and joins them: the only place that knows all rooms.

Heavy rooms are imported where they are used, so that a terminal command starts without loading what it does not need.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from digitizer_desk import assemble, cli, durable, memory, paths
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Pin
from digitizer_desk.errors import error
from digitizer_desk.store.sql.database import Upgrading, unseen

if TYPE_CHECKING:
    from digitizer_desk.steps.review.monthly import MonthReport


def main(argv: Sequence[str] | None = None) -> int:
    """The program: a terminal command, or the window when none is named. Returns the exit code."""
    return cli.run(sys.argv[1:] if argv is None else argv, doors(paths.desk_data()))


def doors(data: Path) -> cli.Doors:
    """Everything the terminal may ask for, made when it is asked for."""
    place = paths.DeskPaths(data)
    return cli.Doors(
        data=data,
        rulebook=lambda: assemble.rulebook(place),
        scanner=lambda: assemble.scanner(place),
        token=lambda module: assemble.token(place, module),
        training_key=_training_key,
        trusted=lambda files: assemble.trusted(place, files),
        stamp_font=assemble.stamp_font,
        restore=lambda folder, passphrase: assemble.restore(place, folder, passphrase),
        open_desk=lambda: _existing_desk(place),
        window=lambda: _window(place),
        train=_train,
        key_card=_key_card,
        month_pdf=_month_pdf,
        key_rows=_key_rows,
    )


@contextmanager
def _within_reach(place: paths.DeskPaths) -> Iterator[None]:
    """A data folder this user may not open, or that lies on a disk that is away, is told in words like any failure."""
    try:
        with durable.full_is_an_error():
            yield
    except OSError as problem:
        raise error("store.no_access", type(problem).__name__, folder=str(place.data)) from problem


@contextmanager
def _existing_desk(place: paths.DeskPaths) -> Iterator[Desk]:
    """The desk in its folder, which must have been set up."""
    with _within_reach(place):
        made = assemble.is_set_up(place)
        away = not made and assemble.is_away(place)
    if away:
        raise error("store.away", folder=str(place.data))
    if not made:
        raise error("store.key_missing", "no cabinet in the data folder yet")
    with _opened(place) as desk:
        yield desk


@contextmanager
def _opened(place: paths.DeskPaths, upgrading: Upgrading = unseen) -> Iterator[Desk]:
    with ExitStack() as stack:
        with _within_reach(place):
            desk = stack.enter_context(assemble.opened(place, upgrading))
        yield desk


def _window(place: paths.DeskPaths) -> int:
    with memory.unswept():
        from digitizer_desk.ui.application import run_window

    def set_up(anew: bool) -> str:
        with _within_reach(place):
            return assemble.set_up(place, anew=anew)

    try:
        made = assemble.is_set_up(place)
    except OSError:
        made = True  # opening it says what is the matter
    return run_window(
        open_desk=lambda upgrading: _opened(place, upgrading),
        set_up=None if made else set_up,
        resources=paths.resources(),
        data=place.data,
        recover=lambda passphrase: assemble.recover(place, passphrase),
    )


def _train(data: Path | None, seed: int, headless: bool) -> int:
    from digitizer_desk.training.room import LOGIN, PASSWORD, SUPERVISOR_LOGIN, VAN_THU, training_room

    with training_room(data or paths.training_data(), lay_by_itself=not headless) as room:
        if headless:
            from digitizer_desk.training.story import play

            return play(room, seed)
        from digitizer_desk.ui.application import run_window

        return run_window(
            open_desk=lambda _upgrading: nullcontext(room.desk),
            set_up=None,
            resources=paths.resources(),
            hint=f"Tập huấn: đăng nhập «{LOGIN}» (văn thư: «{VAN_THU}», người duyệt: «{SUPERVISOR_LOGIN}»), "
            f"mật khẩu «{PASSWORD}», mã PIN «{room.token.pin}». Tỉnh mô phỏng: {room.province.url}",
        )


def _training_key() -> cli.TrainingKey:
    from digitizer_desk.training.token import prepare_token

    root = paths.training_data()
    root.mkdir(parents=True, exist_ok=True)
    (root / assemble.TRAINING_KEY).touch(mode=0o600, exist_ok=True)
    key = prepare_token(root / "token", holder="Lê Văn An")
    place = paths.DeskPaths(root / "desk")
    return cli.TrainingKey(
        assemble.token(place, key.module, key.env), lambda: Pin(bytearray(key.pin.encode())), key.root_certificate
    )


def _typeset(make: Callable[[], bytes]) -> bytes:
    """A sheet as PDF. Qt sets its type, without a screen: where there is none its own painter is enough."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from digitizer_desk.ui.application import make_application

    application = make_application(paths.resources(), "light")
    made = make()
    application.processEvents()
    return made


def _key_card(size: str) -> bytes:
    from digitizer_desk.ui.card.sheet import pdf
    from digitizer_desk.ui.card.sizes import CardSize

    return _typeset(lambda: pdf(CardSize(size)))


def _month_pdf(report: MonthReport) -> bytes:
    from digitizer_desk.ui.review.monthly import month_pdf

    return _typeset(lambda: month_pdf(report))


def _key_rows() -> Sequence[tuple[str, str, str, str]]:
    from digitizer_desk.ui.card.groups import key_groups

    return [(group.title, "+".join(row.keys), row.name, row.help) for group in key_groups() for row in group.rows]
