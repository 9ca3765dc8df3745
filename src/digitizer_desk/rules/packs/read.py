# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What may lie in a pack, read strictly; and the same written, so that equal content gives equal bytes.

Apart from ``load.py`` because a pack comes from outside: before one word of it is law, its container must be exactly
what ``docs/packs.md`` says. Whether it is signed is not asked here.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import ValidationError

from digitizer_desk.dossier.text import nfc
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.packs.schema import (
    AGENCIES,
    BEGINNING,
    FOLDERS,
    FORMAT,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    NAME,
    RIGHTS,
    UNIX,
    AgenciesFile,
    Manifest,
)

_INSIDE = re.compile(rf"(?:{'|'.join(FOLDERS)})/{NAME}")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that could be read. ``files`` are the rule files, by name ("procedures/khai-sinh.toml")."""

    manifest: Manifest
    files: Mapping[str, bytes]
    agencies: Mapping[str, str]


def read_pack(content: bytes, file: str) -> Pack:
    """Read a pack; ``file`` is what messages call it. The rule files in it are not looked into yet.

    Raises:
        DeskError: ``pack.newer_format``; ``pack.unreadable`` with the place in it.
    """
    members = _members(content, file)
    if MANIFEST not in members:
        raise _unreadable(file, MANIFEST)
    manifest = _manifest(members.pop(MANIFEST), file)
    agencies = _agencies(members.pop(AGENCIES), file) if AGENCIES in members else {}
    if not members and not agencies:
        raise _unreadable(file, "gói rỗng")
    return Pack(manifest, MappingProxyType(members), MappingProxyType(agencies))


def _members(content: bytes, file: str) -> dict[str, bytes]:
    """The files of a zip: only plain ones, only those that may be there, each once, never more than fits."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            entries = box.infolist()
            _refuse_unfit(entries, file)
            return {entry.filename: _bytes(box, entry, file) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as problem:
        raise _unreadable(file, "zip", type(problem).__name__) from None


def _refuse_unfit(entries: list[zipfile.ZipInfo], file: str) -> None:
    names = Counter(entry.filename for entry in entries)
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _unreadable(file, "quá lớn")
    for entry in entries:
        known = entry.filename in (MANIFEST, AGENCIES) or _INSIDE.fullmatch(entry.filename)
        if not known or names[entry.filename] > 1 or entry.flag_bits & 1:
            raise _unreadable(file, entry.filename[:100])


def _bytes(box: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> bytes:
    with box.open(entry) as source:
        data = source.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise _unreadable(file, entry.filename[:100])
    return data


def _toml(data: bytes, name: str, file: str) -> dict[str, object]:
    try:
        return tomllib.loads(nfc(data.decode("utf-8-sig")).replace("\r\n", "\n"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise _unreadable(file, name) from None


def _manifest(data: bytes, file: str) -> Manifest:
    tree = _toml(data, MANIFEST, file)
    told = tree.get("format")
    if isinstance(told, int) and told > FORMAT:
        raise error("pack.newer_format", f"format {told}", file=file)
    try:
        return Manifest.model_validate(tree)
    except ValidationError as problem:
        raise _unreadable(file, _first(MANIFEST, problem)) from None


def _agencies(data: bytes, file: str) -> dict[str, str]:
    try:
        found = AgenciesFile.model_validate(_toml(data, AGENCIES, file)).agency
    except ValidationError as problem:
        raise _unreadable(file, _first(AGENCIES, problem)) from None
    named = {entry.code.upper(): entry.name for entry in found}
    if len(named) != len(found):
        raise _unreadable(file, f"{AGENCIES}: mã trùng")
    return named


def _first(name: str, problem: ValidationError) -> str:
    loc = problem.errors(include_url=False, include_input=False)[0]["loc"]
    return f"{name}: {'.'.join(str(part) for part in loc) or 'toàn tệp'}"


def _unreadable(file: str, where: str, detail: str = "") -> DeskError:
    return error("pack.unreadable", f"{where} {detail}".strip(), file=file, where=where)


def write_pack(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a pack of these files, ``pack.toml`` among them: the same files give the same bytes.

    Raises:
        DeskError: ``pack.newer_format``, ``pack.unreadable``: what is made can be read.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as box:
        for name in sorted(files, key=lambda name: (name != MANIFEST, name)):
            entry = zipfile.ZipInfo(name, BEGINNING)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, RIGHTS
            box.writestr(entry, files[name])
    content = whole.getvalue()
    read_pack(content, "pack")
    return content
