# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The package for an incident: what happened here, to which dossiers, when, provable by hashes (R59).

Apart from the help desk's bundle because it goes to those who must report within days: it names every dossier. Names
and numbers of people are in it only for a receiver who alone can open that part.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from digitizer_desk import __version__, durable
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Dossier, Officer, Parcel
from digitizer_desk.errors import error
from digitizer_desk.province.handover.package import read_recipient, sealed_for
from digitizer_desk.store import disk
from digitizer_desk.store.journal import Entry, shown
from digitizer_desk.store.sql.database import SCHEMA

_EVERY = 1 << 31
#: what is told of a parcel
_TOLD = (
    *("id", "dossier_id", "component_id", "version", "file_sha256", "file_size", "signed_sha256", "sent_sha256"),
    *("digest", "level", "made_at", "state", "tries", "next_try_at", "error", "accepted_at"),
)


@dataclass(frozen=True, slots=True)
class Incident:
    """What the package is about: moments from ``since`` to before ``until``, and dossiers by code; () = all of them."""

    since: datetime | None = None
    until: datetime | None = None
    codes: tuple[str, ...] = ()

    def covers(self, at: datetime) -> bool:
        """Whether a moment lies in it."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Told:
    """What was written: lines of the journal, dossiers, and whether people are named in a sealed part."""

    lines: int
    dossiers: int
    people: bool


def write_incident(desk: Desk, to: Path, by: Officer | str, about: Incident, recipient: Path | None = None) -> Told:
    """Write the package as one new zip file. With a ``recipient`` (certificate file) it also names people, sealed so
    that only its holder can read them.

    Raises:
        DeskError: ``file.exists``, ``dossier.unknown`` (a code nobody knows), ``file.not_found`` and
            ``handover.certificate_unfit`` (the certificate), ``file.not_written``, ``store.disk_full``. Nothing is
            left then.
    """
    certificate = None if recipient is None else read_recipient(recipient)
    if to.exists():
        raise error("file.exists", file=to.name)
    parcels = desk.cabinet.outbox.all()
    lines = [line for line in desk.cabinet.journal.entries(limit=_EVERY) if about.covers(line.at)]
    dossiers = _dossiers(desk, about, lines, parcels)
    ids = {dossier.id for dossier in dossiers}
    mine = [parcel for parcel in parcels if parcel.dossier_id in ids]
    if about.codes:
        subjects = set(_subjects(dossiers, mine))
        lines = [line for line in lines if line.subject in subjects or line.subject.startswith(("outbox:", "cabinet:"))]
    files = {
        "journal.jsonl": _lines(asdict(line) for line in reversed(lines)),
        "dossiers.jsonl": _lines(_dossier(dossier) for dossier in dossiers),
        "parcels.jsonl": _lines(_parcel(parcel) for parcel in mine),
        "summary.json": _json(_summary(desk, about, by, len(lines), len(dossiers))),
        **{f"logs/{file.name}": file.read_bytes() for file in sorted(desk.paths.logs.glob("desk.log*"))},
    }
    if certificate is not None:
        people = [_people(dossier, [p for p in mine if p.dossier_id == dossier.id]) for dossier in dossiers]
        files["people.json.p7m"] = sealed_for(certificate, _json(people))
    try:
        durable.write_whole(to, _zipped(files))
    except OSError as problem:
        raise error("file.not_written", type(problem).__name__, file=to.name) from problem
    desk.cabinet.journal.append(
        "incident_exported", "cabinet:", by, lines=len(lines), dossiers=len(dossiers), people=certificate is not None
    )
    return Told(len(lines), len(dossiers), certificate is not None)


def _dossiers(desk: Desk, about: Incident, lines: list[Entry], parcels: tuple[Parcel, ...]) -> list[Dossier]:
    """The dossiers named, or every one something happened to in that time."""
    cabinet = desk.cabinet
    if about.codes:
        found = []
        for code in about.codes:
            dossier = cabinet.dossiers.by_code(code)
            if dossier is None:
                raise error("dossier.unknown", code=code)
            found.append(dossier)
        return found
    named = {line.subject for line in lines} | {
        f"component:{line.facts['component']}" for line in lines if "component" in line.facts
    }
    every = (cabinet.dossiers.load(line.id) for line in cabinet.dossiers.recent(_EVERY))
    return [dossier for dossier in every if named & set(_subjects([dossier], parcels))]


def _subjects(dossiers: Iterable[Dossier], parcels: Iterable[Parcel]) -> Iterator[str]:
    """What the journal calls a dossier, its parts, its pages and its parcels."""
    ids = set()
    for dossier in dossiers:
        ids.add(dossier.id)
        yield f"dossier:{dossier.id}"
        for component in dossier.components:
            yield f"component:{component.id}"
            yield from (f"page:{page.id}" for page in component.pages)
    yield from (f"parcel:{parcel.id}" for parcel in parcels if parcel.dossier_id in ids)


def _dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.id,
        "code": shown(dossier.code),
        "procedure": dossier.procedure,
        "received_at": dossier.received_at,
        "received_by": dossier.received_by,
        "removed_at": dossier.removed_at,
        "components": [
            {
                "id": component.id,
                "number": component.number,
                "pages": [{"id": page.id, "sha256": page.sha256, "at": page.scanned_at} for page in component.pages],
                "document": component.document.sha256 if component.document else None,
            }
            for component in dossier.components
        ],
    }


def _parcel(parcel: Parcel) -> dict[str, Any]:
    """States and hashes; neither title nor the province's words, which may name people."""
    return {name: getattr(parcel, name) for name in _TOLD} | {"receipt": shown(parcel.receipt)}


def _people(dossier: Dossier, parcels: list[Parcel]) -> dict[str, Any]:
    return {
        "id": dossier.id,
        "code": dossier.code,
        "applicant": asdict(dossier.applicant),
        "papers": [component.title for component in dossier.components],
        "said": [parcel.said for parcel in parcels if parcel.said],
    }


def _summary(desk: Desk, about: Incident, by: Officer | str, lines: int, dossiers: int) -> dict[str, Any]:
    outbox, chain = desk.cabinet.outbox, desk.cabinet.journal.check()
    return {
        "made_at": desk.clock(),
        "made_by": by if isinstance(by, str) else by.id,
        "unit": desk.settings.unit.code,
        "desk": desk.settings.province.desk_id,
        "since": about.since,
        "until": about.until,
        "lines": lines,
        "dossiers": dossiers,
        "journal": asdict(chain),
        "outbox": {
            **asdict(outbox.counts()),
            "paused": outbox.paused(),
            "offline_since": outbox.tray.offline_since(),
            "rest": asdict(outbox.tray.resting()),
        },
        "program": {"version": __version__, "schema": SCHEMA, "python": platform.python_version()},
        "system": platform.platform(),
        "free_bytes": disk.free_bytes(desk.paths.data),
    }


def _zipped(files: dict[str, bytes]) -> bytes:
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*files.items(), ("SHA256SUMS", sums.encode())):
            archive.writestr(name, data)
    return memory.getvalue()


def _lines(values: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(value, ensure_ascii=False, default=_text).encode() + b"\n" for value in values)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_text).encode()


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
