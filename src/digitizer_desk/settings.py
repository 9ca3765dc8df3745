# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What can be set at a desk: one frozen value, read strictly from ``settings.toml``, written whole.

Apart from the rooms, which never read settings by themselves. No secret and no personal data lies in this file:
the province's secret is kept in the encrypted cabinet.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digitizer_desk.errors import error


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Unit(_Part):
    """The agency and the counter this desk stands at."""

    code: str = ""
    name: str = ""
    counter: str = "1"


class ScannerChoice(_Part):
    """The scanner in use: its backend's name, and the settings a batch starts from (None = as the rules say)."""

    id: str = ""
    source: Literal["flatbed", "feeder", "feeder-duplex"] | None = None
    dpi: int | None = Field(default=None, ge=200, le=600)
    sheet_mm: tuple[float, float] = (210.0, 297.0)


class ProvinceChoice(_Part):
    """Where parcels go. ``base_url`` '' means: not connected yet."""

    name: str = ""
    base_url: str = ""
    desk_id: str = ""
    ca_file: str = ""
    timeout_s: float = Field(default=30.0, gt=0)
    settle_s: float = Field(default=2.0, ge=0)


class TimestampChoice(_Part):
    """Where timestamps for signatures come from; '' = none, signatures then go without. ``wait_s``: seconds one of them
    may take; ``clock_s``: seconds this machine's clock may differ from theirs."""

    url: str = ""
    wait_s: float = Field(default=20.0, gt=0)
    clock_s: float = Field(default=300.0, gt=0)


class BackupChoice(_Part):
    """A second place (another disk or a stick) for the encrypted copy; '' = none set."""

    folder: str = ""
    every_minutes: int = Field(default=60, ge=5)


class Settings(_Part):
    """Everything that can be set. Defaults are those of a desk fresh from its box."""

    schema_: int = Field(default=1, alias="schema")
    unit: Unit = Unit()
    scanner: ScannerChoice = ScannerChoice()
    province: ProvinceChoice = ProvinceChoice()
    timestamps: TimestampChoice = TimestampChoice()
    backup: BackupChoice = BackupChoice()
    regulation: str = ""  # a profile the province chose by id; '' = the one in force by its dates
    scheme: Literal["system", "light", "dark"] = "system"


def read(file: Path) -> Settings:
    """Read the settings; a missing file gives the defaults.

    Raises:
        DeskError: ``settings.unreadable`` with the file and the key at fault.
    """
    if not file.exists():
        return Settings()
    try:
        return Settings.model_validate(_tuples(tomllib.loads(file.read_text("utf-8"))))
    except ValidationError as problem:
        first = problem.errors()[0]
        raise error("settings.unreadable", file=file.name, where=".".join(str(p) for p in first["loc"])) from problem
    except (ValueError, OSError) as problem:
        raise error("settings.unreadable", str(problem), file=file.name, where="TOML") from problem


def _tuples(tree: dict[str, object]) -> dict[str, object]:
    """TOML has arrays only; the strict model wants a tuple where a pair is meant."""
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
        else:
            lines.append(f"{key} = {_toml(value)}")
    part = file.with_name(file.name + ".part")
    with open(part, "w", encoding="utf-8") as out:
        out.write("\n".join(lines + tables) + "\n")
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " else f"\\u{ord(c):04x}" for c in text) + '"'
