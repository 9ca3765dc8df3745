# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One batch of the worker on the fake manager, in this process: what it told, and what it left behind."""

from __future__ import annotations

import io
import json
import threading
from dataclasses import dataclass, field
from typing import Any

from twain_worker.batch import Batch
from twain_worker.order import Order
from twain_worker.session import Session
from twain_worker.trouble import DriverBroke
from twain_worker.wire import Wire

from devices.twain.fake_dsm import FakeDsm, FakeWindow, Script, side_rows


@dataclass
class Played:
    """``events`` without the pages' bytes; ``pages`` as (message, bytes)."""

    dsm: FakeDsm
    broke: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    pages: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)

    @property
    def last(self) -> dict[str, Any]:
        return self.events[-1]

    @property
    def end(self) -> str:
        """The reason it was closed for, or the code of its fault."""
        return str(self.last["reason"] if self.last["event"] == "closed" else self.last["code"])

    @property
    def got(self) -> dict[str, str]:
        opened = next(event for event in self.events if event["event"] == "opened")
        return {name: got for name, _, got in opened["got"]}


class _Sink(io.BytesIO):
    """Sets the stop flag when a text goes by."""

    def __init__(self, stop: threading.Event, at: bytes) -> None:
        super().__init__()
        self._stop, self._at = stop, at

    def write(self, data: Any) -> int:
        if self._at and self._at in bytes(data[:200]):
            self._stop.set()
        return super().write(data)


def play(monkeypatch: Any, script: Script, *, stop_at: str = "", stopped: bool = False, **wishes: Any) -> Played:
    """Run a batch to its end. ``stop_at``: the clerk presses Esc when this text is told. Always checked: one last
    event, every call in its state, the source closed, no memory kept."""
    dsm = FakeDsm(script)
    dsm.install(monkeypatch)
    stop = threading.Event()
    if stopped:
        stop.set()
    sink = _Sink(stop, stop_at.encode())
    order = {"device": "Fake ADF", "source": "feeder", "mode": "color", "dpi": 300, "sheet_mm": [210, 297], **wishes}
    played = Played(dsm)
    try:
        Batch(Wire(io.BytesIO(), sink), Order.from_message(order), stop).run(lambda: Session(FakeWindow(), ""))
    except DriverBroke:
        played.broke = True
    data = io.BytesIO(sink.getvalue())
    while line := data.readline():
        message = json.loads(line)
        if "bytes" in message:
            played.pages.append((message, data.read(message["bytes"])))
        played.events.append(message)
    ends = [event for event in played.events if event["event"] in ("closed", "fault")]
    assert dsm.bugs == []
    assert ends == played.events[-1:]
    if not played.broke:
        if not any(place in ("OPENDSM", "ENTRYPOINT") for place in script.trouble):
            assert closed_down(dsm), (dsm.state, dsm.log[-6:])
        assert dsm.alive == 0
    return played


def closed_down(dsm: FakeDsm) -> bool:
    """State 2, or everything to get there was tried and the driver refused."""
    tried = {name for _, name in dsm.log}
    return dsm.state == 2 or bool(set(dsm.script.trouble) & {"CLOSEDS", "CLOSEDSM", "DISABLEDS", "RESET"} & tried)


def sides(script: Script, mode: str, numbers: list[int]) -> list[bytes]:
    """The bytes the desk must get for these sides of the stack."""
    return [b"".join(side_rows(number, script.width, script.height, mode)) for number in numbers]
