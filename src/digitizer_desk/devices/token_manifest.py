# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What is known about token families: reads ``drivers/tokens/*.toml``, finds their libraries, matches a token.

Apart from the client because this is data about vendors, and it must be readable without starting anything.
Manifests hold data only: a bad one is refused, none can name code.
"""

from __future__ import annotations

import fnmatch
import os
import platform
import struct
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digitizer_desk.errors import DeskError, error


class Quirk(StrEnum):
    """What the code can do about a vendor's ways; a manifest may name these and nothing else."""

    RELOAD_AFTER_UNPLUG = "reload_after_unplug"  # sees a token plugged again only after its library was loaded anew
    LOGIN_FOR_EACH_SIGNATURE = "login_for_each_signature"  # wants the PIN for every signature
    OWN_PIN_WINDOW = "own_pin_window"  # asks for the PIN in a window of its own
    RAW_RSA_ONLY = "raw_rsa_only"  # does not hash: takes RSA_PKCS over a DigestInfo
    LENGTHS_NOT_TOLD = "lengths_not_told"  # answers 0 when asked how long a value is: spoken to by the thin binding


@dataclass(frozen=True, slots=True)
class PinLimits:
    """What the issuer says of PINs. ``letters``: whether others than digits are allowed; ``tries`` 0 = not known."""

    least: int = 4
    most: int = 16
    letters: bool = True
    tries: int = 0


@dataclass(frozen=True, slots=True)
class TokenManifest:
    """One family of tokens. ``modules`` are candidate paths per system (linux, windows, macos), ``manufacturers``,
    ``models`` and ``labels`` globs over what the token says of itself, ``help`` Vietnamese: whom to call."""

    id: str
    vendor: str
    help: str
    tested: bool
    modules: dict[str, tuple[str, ...]] = field(default_factory=dict)
    manufacturers: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    pin: PinLimits = PinLimits()
    quirks: frozenset[Quirk] = frozenset()
    notes: str = ""

    def fit(self, manufacturer: str, model: str, label: str) -> int:
        """How well a token fits: 0 not at all, otherwise the more the more letters had to be right.

        The label counts most: it is the issuer's, while maker and model are those of the bare hardware.
        """
        score = 0
        for weight, globs, said in (
            (1, self.manufacturers, manufacturer),
            (1, self.models, model),
            (10, self.labels, label),
        ):
            if not globs:
                continue
            hits = [glob for glob in globs if fnmatch.fnmatchcase(said.lower(), glob.lower())]
            if not hits:
                return 0
            score += weight * max(1 + len(glob.replace("*", "").replace("?", "")) for glob in hits)
        return score


#: stands for every token no manifest knows
GENERIC = TokenManifest(
    id="generic",
    vendor="nhà cung cấp token",
    help="đơn vị cấp chứng thư số hoặc bộ phận CNTT",
    tested=False,
)


@dataclass(frozen=True, slots=True)
class ModuleChoice:
    """A PKCS#11 library to speak to, and the manifest that named it."""

    path: str
    manifest: TokenManifest = GENERIC


_Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _MatchText(_Strict):
    manufacturer: list[_Text] = []
    model: list[_Text] = []
    label: list[_Text] = []


class _PinText(_Strict):
    least: Annotated[int, Field(ge=1, le=255)] = 4
    most: Annotated[int, Field(ge=1, le=255)] = 16
    letters: bool = True
    tries: Annotated[int, Field(ge=0, le=100)] = 0


class _ManifestText(_Strict):
    """The file as written."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    vendor: _Text
    help: _Text
    tested: bool
    notes: str = ""
    quirks: list[str] = []
    module: dict[Literal["linux", "windows", "macos"], list[_Text]]
    match: _MatchText = _MatchText()
    pin: _PinText = _PinText()


def load_manifests(folders: Sequence[Path]) -> tuple[TokenManifest, ...]:
    """Read all ``*.toml`` of the folders in order; the same id in a later folder replaces the earlier one.

    Raises:
        DeskError: ``manifest.unreadable``, ``manifest.unknown_key`` with the file's name.
    """
    found: dict[str, TokenManifest] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            manifest = read_manifest(path)
            found[manifest.id] = manifest
    return tuple(found.values())


def read_manifest(path: Path) -> TokenManifest:
    """Read one manifest strictly.

    Raises:
        DeskError: ``manifest.unreadable``, ``manifest.unknown_key``.
    """
    try:
        raw = _ManifestText.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
        quirks = frozenset(Quirk(name) for name in raw.quirks)
        if raw.pin.least > raw.pin.most:
            raise ValueError("pin.least over pin.most")
    except ValidationError as problem:
        raise _refusal(path, problem) from problem
    except (OSError, ValueError) as problem:
        raise error("manifest.unreadable", str(problem), file=path.name) from problem
    return TokenManifest(
        id=raw.id,
        vendor=raw.vendor,
        help=raw.help,
        tested=raw.tested,
        modules={system: tuple(paths) for system, paths in raw.module.items()},
        manufacturers=tuple(raw.match.manufacturer),
        models=tuple(raw.match.model),
        labels=tuple(raw.match.label),
        pin=PinLimits(raw.pin.least, raw.pin.most, raw.pin.letters, raw.pin.tries),
        quirks=quirks,
        notes=raw.notes,
    )


def _refusal(path: Path, problem: ValidationError) -> DeskError:
    first = problem.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return error("manifest.unknown_key", where, file=path.name, key=where)
    return error("manifest.unreadable", f"{where}: {first['type']}", file=path.name)


def best_match(manifests: Iterable[TokenManifest], manufacturer: str, model: str, label: str) -> TokenManifest | None:
    """The most specific manifest a token fits, or None."""
    scored = [(manifest.fit(manufacturer, model, label), manifest) for manifest in manifests]
    best = max(scored, key=lambda pair: pair[0], default=(0, GENERIC))
    return best[1] if best[0] else None


def find_modules(manifests: Iterable[TokenManifest], *, system: str = "") -> tuple[ModuleChoice, ...]:
    """Libraries the manifests name that are on this machine, each once, in the manifests' order.

    ``system`` is ``linux``, ``windows`` or ``macos``; this machine's when not given. ``%NAME%`` and ``$NAME`` in
    paths are taken from the environment, and ``*`` stands for part of a name.
    """
    system = system or {"win32": "windows", "darwin": "macos"}.get(sys.platform, "linux")
    found: dict[str, ModuleChoice] = {}
    for manifest in manifests:
        for pattern in manifest.modules.get(system, ()):
            for path in _existing(os.path.expandvars(pattern)):
                found.setdefault(os.path.realpath(path), ModuleChoice(path, manifest))
    return tuple(found.values())


def _existing(pattern: str) -> list[str]:
    path = Path(pattern)
    if "*" not in pattern:
        return [pattern] if path.is_file() else []
    try:
        return sorted(str(p) for p in Path(path.anchor).glob(str(path.relative_to(path.anchor))) if p.is_file())
    except (OSError, ValueError):
        return []


def check_module(choice: ModuleChoice) -> None:
    """Look into a library's header before anything is loaded: no foreign library is run by trial.

    Raises:
        DeskError: ``token.module_missing`` no such file, or no library; ``token.module_bits`` for another machine.
    """
    try:
        with open(choice.path, "rb") as stream:
            head = stream.read(4096)
    except OSError as problem:
        raise error("token.module_missing", type(problem).__name__, vendor=choice.manifest.vendor) from problem
    kind = _machine(head)
    if kind is None:
        raise error("token.module_missing", "not a library", vendor=choice.manifest.vendor)
    if kind not in _OURS:
        raise error("token.module_bits", f"library is for {kind}")


_ELF = {3: "x86", 62: "x86-64", 40: "arm", 183: "arm64"}
_PE = {0x014C: "x86", 0x8664: "x86-64", 0x01C4: "arm", 0xAA64: "arm64"}


def _machine(head: bytes) -> str | None:
    """The processor a library was made for, from its ELF, PE or Mach-O header; None when it is no library."""
    if head[:4] == b"\x7fELF" and len(head) >= 20:
        order = ">" if head[5] == 2 else "<"
        name = _ELF.get(struct.unpack_from(f"{order}H", head, 18)[0], "other")
        # x86-64 with 32-bit pointers is another world
        return name if (head[4] == 2) == name.endswith("64") else "other"
    if head[:2] == b"MZ" and len(head) >= 0x40:
        at = struct.unpack_from("<I", head, 0x3C)[0]
        if head[at : at + 4] == b"PE\0\0" and len(head) >= at + 6:
            return _PE.get(struct.unpack_from("<H", head, at + 4)[0], "other")
        return None
    if head[:4] == b"\xcf\xfa\xed\xfe" and len(head) >= 8:
        return {0x01000007: "x86-64", 0x0100000C: "arm64"}.get(struct.unpack_from("<I", head, 4)[0], "other")
    if head[:4] == b"\xca\xfe\xba\xbe":
        return "universal"
    return None


def _own_machines() -> frozenset[str]:
    name = platform.machine().lower()
    wide: dict[str, Any] = {"x86_64": "x86-64", "amd64": "x86-64", "aarch64": "arm64", "arm64": "arm64"}
    narrow = {"x86-64": "x86", "arm64": "arm"}
    own = wide.get(name, name)
    if sys.maxsize <= 2**32:
        own = narrow.get(own, own)
    return frozenset({str(own), "universal"})


_OURS = _own_machines()
