# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What can be set at a desk: one frozen value, read strictly from ``settings.toml``, written whole.

Apart from the rooms, which never read settings by themselves. No secret and no personal data lies in this file:
the province's secret is kept in the encrypted cabinet.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from digitizer_desk.devices.network.address import NetworkScanner, is_kept_form
from digitizer_desk.dossier.incoming.receipt_qr import check_layout
from digitizer_desk.durable import write_whole
from digitizer_desk.errors import error

#: in the province's file: who fixed these values, as the clerk reads it
_BY = "set_by"
_TIME_OF_DAY = r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$"
# no longer than a calendar can reckon with: "for ever" is not a number
_Days = Annotated[int, Field(le=36_500)]
_Hours = Annotated[float, Field(gt=0, le=87_600)]
_Minutes = Annotated[float, Field(gt=0, le=1440)]
_Seconds = Annotated[float, Field(ge=0, le=86_400)]
#: a sheet's side in millimetres
_Side = Annotated[float, Field(gt=0, le=10_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Unit(_Part):
    """The agency and the counter this desk stands at."""

    code: str = ""
    name: str = ""
    counter: str = "1"


class ScannerChoice(_Part):
    """The scanner in use: its backend's name, and the settings a batch starts from (None = as the rules say).

    ``work_type`` is used where neither clerk nor procedure chose another ('' = the first); "chờ giấy" looks at the
    scanner every ``look_every_s`` seconds and ends after ``wait_minutes``.
    """

    id: str = ""
    source: Literal["flatbed", "feeder", "feeder-duplex"] | None = None
    dpi: int | None = Field(default=None, ge=200, le=600)
    sheet_mm: tuple[_Side, _Side] = (210.0, 297.0)
    work_type: str = ""
    wait_minutes: _Minutes = 10.0
    look_every_s: _Seconds = Field(default=1.0, ge=0.2)


class WorkTypeLocks(_Part):
    """Work types no clerk may change, not even for one batch: their ids, or "*" for all."""

    locked: list[str] = Field(default_factory=list)


class ScannerAddress(_Part):
    """A scanner on the network that was added by address: a name for people, and the address in its kept form."""

    name: str = ""
    url: str
    model: str = ""

    @field_validator("url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        if not is_kept_form(url):
            raise ValueError("no address of a scanner")
        return url


class TwainChoice(_Part):
    """``program``: the folder of the TWAIN worker ('' = where it came with the desk). ``python_64``, ``python_32``: the
    Python that runs it ('' = the one in that folder); not on Windows: the whole command of a launcher."""

    program: str = ""
    python_64: str = ""
    python_32: str = ""


class ProvinceChoice(_Part):
    """Where parcels go. ``profile`` names a file of ``site/provinces`` without its ending; '' = the gateway contract
    with an access key at ``base_url``, and with neither the desk is not connected yet. ``receipt_qr``: what the QR of
    its receipts holds, as ``dossier.incoming.receipt_qr`` reads it; '' = the dossier code alone."""

    profile: str = Field(default="", pattern=r"^[A-Za-z0-9_-]*$")
    name: str = ""
    base_url: str = ""
    desk_id: str = ""
    ca_file: str = ""
    timeout_s: _Seconds = Field(default=30.0, gt=0)
    settle_s: _Seconds = 2.0
    receipt_qr: str = ""

    @field_validator("receipt_qr")
    @classmethod
    def _a_layout(cls, layout: str) -> str:
        return check_layout(layout)  # its DeskError passes through: it says more than "not allowed"


class SendingChoice(_Part):
    """How parcels leave. ``bytes_per_s``: at most so many bytes a second, 0 = as fast as the line.

    ``only_from``, ``only_until`` ("19:00", "06:00", both or none, in Vietnam time): only between these hours, unless
    somebody says "gửi ngay". A parcel that has not arrived after ``overdue_hours`` is overdue (R47).
    """

    bytes_per_s: int = Field(default=0, ge=0)
    only_from: str = Field(default="", pattern=_TIME_OF_DAY)
    only_until: str = Field(default="", pattern=_TIME_OF_DAY)
    overdue_hours: _Hours = 24.0

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if bool(self.only_from) != bool(self.only_until) or (self.only_from and self.only_from == self.only_until):
            raise ValueError("two different times of day, or none")
        return self


class RetentionChoice(_Part):
    """Pictures and documents of a dossier leave this machine ``days`` after the province confirmed the last of them
    (R57); 0 = never by themselves. ``paper_place``: where the paper is kept, told with a dossier whose copies left."""

    days: _Days = Field(default=90, ge=0)
    paper_place: str = ""


class TimestampChoice(_Part):
    """Where timestamps for signatures come from; '' = none, signatures then go without. ``wait_s``: seconds one of them
    may take; ``clock_s``: seconds this machine's clock may differ from theirs; ``renew_days``: how many
    days before its end an archive timestamp is renewed."""

    url: str = ""
    wait_s: _Seconds = Field(default=20.0, gt=0)
    clock_s: _Seconds = Field(default=300.0, gt=0)
    renew_days: _Days = Field(default=180, ge=1)


class ArchiveChoice(_Part):
    """``receiver``: the archive this agency submits its papers to ('' = none). ``seal``: name of the picture (.png) of
    the agency's seal in its true size, in the site's folder."""

    receiver: str = ""
    seal: str = ""


class BackupChoice(_Part):
    """A second place (another disk or a stick) for the encrypted copy; '' = none set."""

    folder: str = ""
    every_minutes: int = Field(default=60, ge=5, le=525_600)


class IntakeChoice(_Part):
    """The folder a scanner pushes files to; '' = none. One desk a folder.

    ``after``: what becomes of the plain copy once the cabinet has the file: removed, for it is somebody's paper lying
    open on a share, or moved to ``da-nhan``. A file is taken when it stood still for ``still_seconds``; one that cannot
    be read is waited for ``patience_seconds`` before it is moved aside.
    """

    folder: str = ""
    after: Literal["remove", "move"] = "remove"
    still_seconds: _Seconds = 2.0
    patience_seconds: _Seconds = 60.0


class PacksChoice(_Part):
    """Who may sign packs of rules: SHA-256 (hex) of their certificates; none = no pack is taken."""

    signers: list[Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")]] = Field(default_factory=list)


class Settings(_Part):
    """Everything that can be set. Defaults are those of a desk fresh from its box."""

    schema_: int = Field(default=1, alias="schema")
    unit: Unit = Unit()
    scanner: ScannerChoice = ScannerChoice()
    network_scanners: tuple[ScannerAddress, ...] = ()
    twain: TwainChoice = TwainChoice()
    work_types: WorkTypeLocks = WorkTypeLocks()
    province: ProvinceChoice = ProvinceChoice()
    timestamps: TimestampChoice = TimestampChoice()
    archive: ArchiveChoice = ArchiveChoice()
    backup: BackupChoice = BackupChoice()
    intake: IntakeChoice = IntakeChoice()
    sending: SendingChoice = SendingChoice()
    retention: RetentionChoice = RetentionChoice()
    packs: PacksChoice = PacksChoice()
    regulation: str = ""  # a profile the province chose by id; '' = the one in force by its dates
    scheme: Literal["system", "light", "dark"] = "system"


@dataclass(frozen=True, slots=True)
class Locks:
    """What the province has fixed at this desk: keys as ``table.key`` (or ``key``), and who says so."""

    by: str = ""
    keys: frozenset[str] = frozenset()


def read(file: Path, site: Path | None = None) -> Settings:
    """Read the settings; a missing file gives the defaults. What the province's own file ``site`` sets goes before.

    Raises:
        DeskError: ``settings.unreadable`` with the file and the key at fault; ``settings.receipt_qr``.
    """
    own, fixed = _tree(file), _tree(site)
    fixed.pop(_BY, None)
    alone = _checked(own, file)  # each alone first: a fault is told with the file it stands in
    if not fixed or site is None:
        return alone
    _checked(fixed, site)
    for key, value in fixed.items():
        here = own.get(key)
        own[key] = {**here, **value} if isinstance(value, dict) and isinstance(here, dict) else value
    return _checked(own, site)


def locks(site: Path) -> Locks:
    """The keys a province's file fixes; none while there is no such file.

    Raises:
        DeskError: ``settings.unreadable``.
    """
    tree = _tree(site)
    by = str(tree.pop(_BY, ""))
    _checked(tree, site)
    tree.pop("schema", None)
    return Locks(by, frozenset(_keys(tree)))


def changed(chosen: Settings, key: str, value: object) -> Settings:
    """The settings with one value changed; ``key`` is ``table.key`` or ``key``. A mapping changes several of a table.

    Raises:
        DeskError: ``settings.refused`` with the key: there is none of that name, or it cannot have this value;
            ``settings.receipt_qr``.
    """
    tree = chosen.model_dump(by_alias=True)
    table, _, name = key.rpartition(".")
    place = tree.get(table) if table else tree
    if not isinstance(place, dict) or name not in place:
        raise error("settings.refused", key=key)
    place[name] = {**place[name], **value} if isinstance(value, dict) else value
    try:
        return Settings.model_validate(tree)
    except ValidationError as problem:
        raise error("settings.refused", key=key) from problem


def value_of(chosen: Settings, key: str) -> object:
    """One value, by ``table.key`` or ``key``."""
    place: object = chosen
    for name in key.split("."):
        place = getattr(place, name)
    return place


def _keys(tree: dict[str, object]) -> Iterator[str]:
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from (f"{key}.{name}" for name in value)
        else:
            yield key


def _tree(file: Path | None) -> dict[str, object]:
    if file is None or not file.exists():
        return {}
    try:
        return _tuples(tomllib.loads(file.read_text("utf-8-sig")))  # Notepad puts a mark in front
    except (ValueError, OSError, RecursionError) as problem:
        line = re.search(r"at line (\d+)", str(problem))
        where = f"dòng {line[1]}" if line else "TOML"
        raise error("settings.unreadable", str(problem), file=file.name, where=where) from problem


def _checked(tree: dict[str, object], file: Path) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as problem:
        first = problem.errors()[0]
        raise error("settings.unreadable", file=file.name, where=".".join(str(p) for p in first["loc"])) from problem


def _tuples(tree: dict[str, object]) -> dict[str, object]:
    """TOML has arrays only; the strict model wants a tuple where a pair or a row of tables is meant."""
    if isinstance(tree.get("network_scanners"), list):
        tree = {**tree, "network_scanners": tuple(tree["network_scanners"])}  # type: ignore[arg-type]
    scanner = tree.get("scanner")
    if isinstance(scanner, dict) and isinstance(scanner.get("sheet_mm"), list):
        pair = [float(v) if isinstance(v, int) else v for v in scanner["sheet_mm"]]
        tree = {**tree, "scanner": {**scanner, "sheet_mm": tuple(pair)}}
    return tree


def write(file: Path, settings: Settings) -> None:
    """Write all settings, atomically: a power cut leaves the old file or the new one."""
    lines: list[str] = []
    tables: list[str] = []
    for key, value in settings.model_dump(by_alias=True).items():
        if isinstance(value, dict):
            tables.append(f"\n[{key}]")
            tables += [f"{k} = {_toml(v)}" for k, v in value.items() if v is not None]
        elif key == "network_scanners":
            for row in value:
                tables += [f"\n[[{key}]]", *(f"{k} = {_toml(v)}" for k, v in row.items())]
        else:
            lines.append(f"{key} = {_toml(value)}")
    write_whole(file, ("\n".join(lines + tables) + "\n").encode())


def add_scanner(file: Path, scanner: NetworkScanner) -> None:
    """Keep a scanner's address; the same address added again only gets the new name.

    Raises:
        DeskError: as :func:`read`.
    """
    chosen = read(file)
    others = tuple(one for one in chosen.network_scanners if one.url != scanner.url)
    added = (*others, ScannerAddress(name=scanner.name, url=scanner.url, model=scanner.model))
    file.parent.mkdir(parents=True, exist_ok=True)
    write(file, chosen.model_copy(update={"network_scanners": added}))


def forget_scanner(file: Path, scanner_id: str) -> bool:
    """Take an added scanner off again. False when there is none of this id.

    Raises:
        DeskError: as :func:`read`.
    """
    chosen = read(file)
    left = tuple(one for one in chosen.network_scanners if NetworkScanner(one.name, one.url).id != scanner_id)
    if left == chosen.network_scanners:
        return False
    write(file, chosen.model_copy(update={"network_scanners": left}))
    return True


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in text) + '"'
