# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""All keys of the desk grouped by where they hold: what the key card and the terminal show. No Qt.

Apart from the table of commands because a card for the wall is read by task: the counter's keys are too many for one
group. A command nobody put into a group of the counter stands in the last of them, so that none is ever left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from digitizer_desk.messages import ROLE_NAMES
from digitizer_desk.ui.commands import COMMANDS, Command, Place, shown


@dataclass(frozen=True, slots=True)
class KeyRow:
    """``keys``: the caps to press together, as on the keyboard; ``name`` of the command; ``help`` in a few words."""

    keys: tuple[str, ...]
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that hold in one place, or serve one task at the counter."""

    title: str
    rows: tuple[KeyRow, ...]


#: tasks at the counter -> ids, in the order of the work
_TASKS = (
    ("Quầy: quét giấy", ("scan", "wait", "rescan", "intake", "tray", "work_type", "join", "insert_after",
                         "insert_before", "machine")),
    ("Quầy: ký và dữ liệu", ("sign", "signatures", "data", "accept", "previous", "next", "leave_out", "hand_on")),
    ("Quầy: kết quả giải quyết", ("result", "no_result", "granted", "cancel_result")),
)  # fmt: skip
_PAGES = "Quầy: trang giấy"
_PLACES = (
    (Place.OUTBOX, "Hàng chờ gửi"),
    (Place.AGENCY, "Ký của cơ quan"),
    (Place.REVIEW, "Duyệt chất lượng"),
    (Place.SETTINGS, "Thiết lập"),
)
#: keys that are not in the table of commands, for they mean what they mean everywhere
_JUMP = KeyRow(("Ctrl", "1…9"), "Tới thành phần thứ n", "")


def key_groups() -> tuple[KeyGroup, ...]:
    """Every command with a key once, the groups in the order of a day's work."""
    named = {command_id for _title, ids in _TASKS for command_id in ids}
    counter = [c for c in COMMANDS if c.place is Place.COUNTER]
    tasks = [(title, [c for wanted in ids for c in counter if c.id == wanted]) for title, ids in _TASKS]
    rest = [c for c in counter if c.id not in named]
    groups = [("Ở mọi màn hình", [c for c in COMMANDS if c.place is Place.EVERYWHERE]), tasks[0], (_PAGES, rest)]
    groups += tasks[1:]
    groups += [(title, [c for c in COMMANDS if c.place is place]) for place, title in _PLACES]
    groups += [(place.value, [c for c in COMMANDS if c.place is place]) for place in _unnamed()]
    made = [KeyGroup(title, tuple(_row(c) for c in commands if c.keys)) for title, commands in groups]
    return tuple(_with_jump(group) for group in made if group.rows)


def _unnamed() -> list[Place]:
    known = {Place.EVERYWHERE, Place.COUNTER, *(place for place, _ in _PLACES)}
    return [place for place in Place if place not in known]


def _with_jump(group: KeyGroup) -> KeyGroup:
    if group.title != _TASKS[1][0]:
        return group
    return KeyGroup(group.title, (*group.rows, _JUMP))


def _row(command: Command) -> KeyRow:
    role = f"{ROLE_NAMES[command.role]}" if command.role is not None else ""
    return KeyRow(caps(shown(command.keys[0])), command.name, command.help or role)


def caps(key: str) -> tuple[str, ...]:
    """The caps of a key as shown: "Ctrl++" -> ("Ctrl", "+")."""
    if key.endswith("++"):
        return (*key[:-2].split("+"), "+")
    return tuple(key.split("+"))
