# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How far one parcel came at one connector: a small value that is kept before and after each step.

Apart from the connectors because all of them are resumed the same way, and apart from the store because only a
connector can read its own notes: to everybody else the kept text is opaque.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError


class Step(StrEnum):
    """What a delivery is made of, in order. A connector whose province does two of them in one call skips one."""

    UPLOAD = "upload"  # the bytes lie at the province
    VERIFY = "verify"  # their hash is known to be ours
    ATTACH = "attach"  # the file is tied to its component
    RECORD = "record"  # the data is told; the receipt is the answer
    TELL = "tell"  # another system is told where the received file lies


class _Kept(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    connector: str
    sha256: str
    done: str
    open: str
    since: AwareDatetime | None
    notes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Trail:
    """``done`` is the last step whose result is certain; ``open`` one whose request may be out since ``since``.

    ``spare`` (not kept): a desk that lost this line to a power cut would only repeat what is harmless to repeat, so
    nobody need wait for the disk. It is never lost with the program alone.

    ``sha256`` (hex) names the file it is about. ``notes`` are what the connector must know to go on: the address of an
    upload, the id the province gave a file, its receipt. No secret; they are kept in the cabinet and go nowhere else.
    """

    connector: str = ""
    sha256: str = ""
    done: Step | None = None
    open: Step | None = None
    since: datetime | None = None
    notes: dict[str, str] = field(default_factory=dict)
    spare: bool = field(default=False, compare=False)

    def has(self, step: Step) -> bool:
        """Whether this step is certainly done."""
        order = list(Step)
        return self.done is not None and order.index(self.done) >= order.index(step)

    def opening(self, step: Step, at: datetime, **notes: str) -> Trail:
        """A request of this step goes out now."""
        return replace(self, open=step, since=at, notes={**self.notes, **notes})

    def finished(self, step: Step, **notes: str) -> Trail:
        """This step is done; nothing is open."""
        return replace(self, done=step, open=None, since=None, notes={**self.notes, **notes})

    def note(self, name: str) -> str:
        return self.notes.get(name, "")

    def write(self) -> str:
        """As text to be kept."""
        return json.dumps(
            {
                "connector": self.connector,
                "sha256": self.sha256,
                "done": self.done or "",
                "open": self.open or "",
                "since": self.since.isoformat() if self.since else None,
                "notes": self.notes,
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )


def read(text: str, connector: str, sha256: str) -> Trail:
    """The trail kept for this file at this connector; a fresh one when there is none, or it is about another file,
    another connector or unreadable: then the province is asked as if nothing were known."""
    fresh = Trail(connector, sha256)
    if not text:
        return fresh
    try:
        kept = _Kept.model_validate_json(text)
        done, now = (Step(word) if word else None for word in (kept.done, kept.open))
    except (ValidationError, ValueError):
        return fresh
    if (kept.connector, kept.sha256) != (connector, sha256):
        return fresh
    return Trail(connector, sha256, done, now, kept.since, kept.notes)
