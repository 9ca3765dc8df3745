# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A folder of rule files becomes a signed pack: what a province does, with the readers a desk reads it with.

Apart from taking packs because no desk is needed: nothing is kept here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitizer_desk import signing
from digitizer_desk.durable import whole_file
from digitizer_desk.errors import DeskError, error
from digitizer_desk.rules.load import Rulebook
from digitizer_desk.rules.packs.read import Pack, read_pack, write_pack
from digitizer_desk.rules.packs.schema import AGENCIES, FOLDERS, MANIFEST
from digitizer_desk.steps.incoming.packs import SIGNATURE


@dataclass(frozen=True, slots=True)
class MadePack:
    """Where a pack and its signature were written, and by whom they were signed (SHA-256 of the certificate, hex)."""

    pack: Pack
    file: Path
    signature: Path
    signer: str
    signer_sha256: str


def make(folder: Path, out: Path, sign: Callable[[bytes], bytes], load: Callable[[Pack], Rulebook]) -> MadePack:
    """Pack the files of a folder and sign them. ``load`` makes a rulebook with the pack on top of what came with the
    program: a pack that no desk could use is not made.

    Raises:
        DeskError: ``file.not_found``, ``file.exists``, ``pack.unreadable``, ``pack.newer_format``, ``pack.unusable``;
            whatever ``sign`` raises.
    """
    beside = out.with_name(out.name + SIGNATURE)
    for file in (out, beside):
        if file.exists():
            raise error("file.exists", file=file.name)
    content = write_pack(_files(folder))
    pack = read_pack(content, out.name)
    try:
        load(pack).in_force(pack.manifest.valid_from)
    except DeskError as problem:
        where = " ".join(str(problem.facts.get(name, "")) for name in ("file", "where")).strip()
        raise error("pack.unusable", problem.detail, file=out.name, where=where or "ngày hiệu lực") from problem
    signature = sign(content)
    found = signing.check_detached(signature, hashlib.sha256(content).digest())
    for file, data in ((out, content), (beside, signature)):
        with whole_file(file, new=True) as sink:
            sink.write(data)
    return MadePack(pack, out, beside, found.signer, hashlib.sha256(found.certificate).hexdigest())


def _files(folder: Path) -> dict[str, bytes]:
    """Every file of the folder by its name in the pack; one that may not be there is told by ``write_pack``."""
    if not (folder / MANIFEST).is_file():
        raise error("file.not_found", file=MANIFEST)
    names = [path for path in (folder / MANIFEST, folder / AGENCIES) if path.is_file()]
    names += [path for name in FOLDERS for path in sorted((folder / name).glob("*.toml"))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in names}
