# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the desk knows of scanner families: words for its options, sensors, faults, times; read strictly from TOML.

Apart from the backends because this is data: a bad file can be refused, and cannot run.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from digitizer_desk.errors import CODES, error

#: what the code knows how to mind; a manifest may name no other
Quirk = Literal[
    "end_of_stack_untrusted",  # "out of documents" also stands for faults: only a sensor or a count proves the end
    "sheet_fed_only",  # no option for the source because there is only the feeder
    "counts_images",  # eSCL: the scanner's own status tells how many pictures it gave
    "not_in_search",  # shows devices another driver shows better, or none that are real
    "slow_search",  # its search asks the network: only in a search of everything, or opened by name
    "backs_turned",  # the feeder turns the sheet over: back sides come upside down, and are turned
    "takes_one_more",  # feeds a sheet more than it was asked for: the exit tray may hold one nobody scanned
]
#: what sorts of wishes a manifest may give other options for
Feature = Literal["double_feed", "backing", "keep_background", "overscan", "auto_length", "deskew", "crop"]
State = Literal["on", "off", "black", "white"]

Value = str | int | float | bool


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Match(_Part):
    """Which devices this manifest is for: shell patterns, compared without case."""

    backend: list[str]
    vendor: list[str] = ["*"]
    model: list[str] = ["*"]


class Duplex(_Part):
    """A second option that tells the feeder's sides apart (``adf-mode`` = Simplex or Duplex)."""

    option: str
    on: Value
    off: Value


class Options(_Part):
    """Our words -> the driver's words, in order of preference. Empty: the generic synonyms decide.

    ``set_first`` before, ``set_last`` after all else; ``set_feeder`` with every source but the glass, and held: a scan
    is refused rather than run without. An option a scanner lacks is passed over. ``feature`` says which options make a
    feature's states: ``[options.feature.double_feed] on = {...}``; states of ``backing`` are black and white, of all
    others on and off. Without it, the usual options of SANE (``sane/features.py``).
    """

    source: dict[Literal["flatbed", "feeder", "feeder-duplex"], list[str]] = {}
    mode: dict[Literal["color", "gray", "bw"], list[str]] = {}
    duplex: Duplex | None = None
    set_first: dict[str, Value] = {}
    set_feeder: dict[str, Value] = {}
    set_last: dict[str, Value] = {}
    feature: dict[Feature, dict[State, dict[str, Value]]] = {}

    @field_validator("feature")
    @classmethod
    def _known_states(cls, feature: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        for name, states in feature.items():
            lawful = {"black", "white"} if name == "backing" else {"on", "off"}
            if not set(states) <= lawful:
                raise ValueError(f"{name} has the states {sorted(lawful)}")
        return feature


class Sensors(_Part):
    """Names of options that can be read: paper in the feeder, the cover is open, the last fault was a double feed, a
    count (of ``sides`` or ``sheets``; unknown: only used one-sided, where it is the same), the buttons."""

    paper: str = ""
    cover: str = ""
    double_feed: str = ""
    counter: str = ""
    counter_counts: Literal["", "sides", "sheets"] = ""
    buttons: list[str] = []


class Twain(_Part):
    """For ``backend = ["twain"]``. ``bits``: the worker to prefer where the driver exists in both; ``transfer``: how
    pictures come, the other way where a source cannot; ``own_window``: the maker's window is wanted; ``manager``: the
    source manager to load instead of the usual one."""

    bits: list[Literal[32, 64]] = [64, 32]
    transfer: Literal["memory", "native"] = "memory"
    own_window: bool = False
    manager: str = ""


class Timeouts(_Part):
    """Seconds of silence after which the host is ended; ``stop_s`` and ``close_s`` are the grace for a polite end."""

    open_s: float = Field(default=20.0, gt=0)
    first_page_s: float = Field(default=60.0, gt=0)
    inside_page_s: float = Field(default=5.0, gt=0)
    between_pages_s: float = Field(default=15.0, gt=0)
    stop_s: float = Field(default=3.0, gt=0)
    close_s: float = Field(default=5.0, gt=0)


class ScannerManifest(_Part):
    """One file of ``drivers/scanners``. ``knowledge`` says where it comes from, ``untested`` what nobody has tried.

    ``binding``: how libsane is called. ``direct`` for drivers that python-sane mistreats.
    """

    schema_: Literal[1] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9-]+$")
    title: str
    knowledge: str = Field(min_length=1)
    untested: str
    match: Match
    binding: Literal["python-sane", "direct"] = "python-sane"
    options: Options = Options()
    sensors: Sensors = Sensors()
    quirks: list[Quirk] = []
    faults: dict[str, str] = {}
    timeouts: Timeouts = Timeouts()
    twain: Twain = Twain()
    tested: bool = False

    @field_validator("faults")
    @classmethod
    def _known_codes(cls, faults: dict[str, str]) -> dict[str, str]:
        for code in faults.values():
            if not code.startswith("scanner.") or code not in CODES:
                raise ValueError(f"{code} is no code of a scanner")
        return faults

    def fits(self, backend: str, vendor: str, model: str) -> int | None:
        """How specific the match is (count of letters that are no wildcard), or None."""
        best = 0
        for patterns, text in ((self.match.backend, backend), (self.match.vendor, vendor), (self.match.model, model)):
            good = [p for p in patterns if fnmatchcase(text.casefold(), p.casefold())]
            if not good:
                return None
            best += max(len(p.replace("*", "").replace("?", "")) for p in good)
        return best

    @property
    def host(self) -> str:
        """Which host process runs this family's driver."""
        return "sane-direct" if self.binding == "direct" else "sane"

    def for_host(self) -> Mapping[str, Any]:
        """What the host must know of the family, as fields of each request."""
        return {
            "source_words": self.options.source,
            "mode_words": self.options.mode,
            "duplex": self.options.duplex.model_dump() if self.options.duplex else None,
            "set_first": self.options.set_first,
            "set_feeder": self.options.set_feeder,
            "set_last": self.options.set_last,
            "features": self.options.feature,
            "sheet_fed": "sheet_fed_only" in self.quirks,
            "backs_turned": "backs_turned" in self.quirks,
            "takes_one_more": "takes_one_more" in self.quirks,
            "paper_sensor": self.sensors.paper,
            "cover_sensor": self.sensors.cover,
            "double_feed_sensor": self.sensors.double_feed,
            "buttons": self.sensors.buttons,
            "counter": self.sensors.counter,
            "counter_counts": self.sensors.counter_counts,
            "counts_images": "counts_images" in self.quirks,
            "faults": self.faults,
        }


@dataclass(frozen=True, slots=True)
class Manifests:
    """All manifests of this desk; the most specific match wins, among equals the one read last (the site's)."""

    all: tuple[ScannerManifest, ...]

    def of(self, backend: str, vendor: str = "", model: str = "") -> ScannerManifest:
        """The manifest for a device, or a plain one that knows nothing special."""
        best, best_fit = PLAIN, -1
        for manifest in self.all:
            fit = manifest.fits(backend, vendor, model)
            if fit is not None and fit >= best_fit:
                best, best_fit = manifest, fit
        return best

    def searched(self) -> tuple[str, ...]:
        """The backends worth asking when scanners are looked for: named without wildcard and fit for a search."""
        # twain is no backend of SANE's
        unfit = {"not_in_search", "slow_search"}
        left_out = {name for m in self.all if unfit & set(m.quirks) for name in m.match.backend}
        names = {name for m in self.all for name in m.match.backend} - left_out - {"twain"}
        return tuple(sorted(name for name in names if not set(name) & set("*?[")))

    def hidden(self, backend: str) -> bool:
        """Whether devices of this backend are left out of a search of everything."""
        return "not_in_search" in self.of(backend).quirks


PLAIN = ScannerManifest.model_validate(
    {
        "schema": 1,
        "id": "plain",
        "title": "Máy quét chưa có tệp mô tả",
        "knowledge": "none",
        "untested": "all",
        "match": {"backend": ["*"]},
        "quirks": ["end_of_stack_untrusted"],
    }
)


def load_manifests(folders: Sequence[Path]) -> Manifests:
    """Read every ``*.toml``; a later folder's file replaces an earlier one of the same id.

    Raises:
        DeskError: ``manifest.unreadable`` with the file (also for an id given twice in one folder);
            ``manifest.unknown_key`` with file and key.
    """
    found: dict[str, ScannerManifest] = {}
    for folder in folders:
        here: set[str] = set()
        for file in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            manifest = read_manifest(file)
            if manifest.id in here:
                raise error("manifest.unreadable", f"id {manifest.id} twice in this folder", file=file.name)
            here.add(manifest.id)
            # to the end: among equally good matches the site's is to win
            found.pop(manifest.id, None)
            found[manifest.id] = manifest
    return Manifests(tuple(found.values()))


def read_manifest(file: Path) -> ScannerManifest:
    """Read one manifest.

    Raises:
        DeskError: as :func:`load_manifests`.
    """
    try:
        return ScannerManifest.model_validate(tomllib.loads(file.read_text("utf-8-sig")))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise error("manifest.unknown_key", file=file.name, key=where) from problem
        raise error("manifest.unreadable", where, file=file.name) from problem
    except (OSError, ValueError) as problem:
        raise error("manifest.unreadable", str(problem), file=file.name) from problem
