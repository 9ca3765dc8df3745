# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Writes a hand-over package: documents, their records, the list of dossiers, and what proves them unchanged.

Apart from the names because here bytes go to a disk that may be full, slow or pulled out: the package has its final
name only when all of it is synced, and is never added to or overwritten.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from digitizer_desk import durable
from digitizer_desk.dossier.model import Dossier, Parcel
from digitizer_desk.errors import error
from digitizer_desk.province.handover.names import Kind, Layout, file_name, folder_name
from digitizer_desk.province.handover.workbook import Row, write_list

SUMS, MANIFEST, LIST = "SHA256SUMS", "manifest.json", "danh-sach.xlsx"
_RECORDS = "du-lieu"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document to hand over. ``number``: its component's place in the dossier."""

    dossier: Dossier
    parcel: Parcel
    number: int
    kind: Kind = Kind.COMPONENT


@dataclass(frozen=True, slots=True)
class Package:
    """How a package is made. ``unit``: code of the agency; ``recipient``: certificate to encrypt for, or None."""

    layout: Layout
    unit: str
    made_at: datetime
    journal_head: tuple[int, str]
    recipient: x509.Certificate | None = None


@dataclass(slots=True)
class _Folder:
    """The package while it is written, in a hidden folder of the place it goes to (a stick is often the whole disk)."""

    to: Path
    recipient: x509.Certificate | None
    sums: list[str] = field(default_factory=list)

    @property
    def part(self) -> Path:
        return self.to / ".ban-giao.part"

    def __enter__(self) -> Self:
        with _disk(self.to):
            for name in (SUMS, MANIFEST):
                if (self.to / name).exists():
                    raise error("file.exists", file=name)
            # what a cut left of an earlier try was never a package
            if self.part.exists():
                shutil.rmtree(self.part)
            self.part.mkdir(parents=True)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            shutil.rmtree(self.part, ignore_errors=True)

    def _finish(self) -> None:
        """Give everything its place, the sums last: where they are, the package is whole."""
        with _disk(self.to):
            entries = sorted(self.part.iterdir(), key=lambda entry: (entry.name == SUMS, entry.name))
            for entry in entries:
                if (self.to / entry.name).exists():
                    raise error("file.exists", file=entry.name)
            for folder in (*(entry for entry in entries if entry.is_dir()), self.part):
                durable.sync_folder(folder)
            for entry in entries:
                entry.rename(self.to / entry.name)
            durable.sync_folder(self.to)

    def put(self, name: str, data: bytes, *, personal: bool = True) -> str:
        """Write and sync one file; gives its name as written. Personal data is encrypted when there is a recipient."""
        if personal and self.recipient is not None:
            name, data = f"{name}.p7m", sealed_for(self.recipient, data)
        file = self.part / name
        with _disk(self.to):
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(file, "xb") as sink:
                sink.write(data)
                sink.flush()
                os.fsync(sink.fileno())
        self.sums.append(f"{hashlib.sha256(data).hexdigest()}  {name}")
        return name


def write_package(
    to: Path, package: Package, papers: Sequence[Paper], pdf_of: Callable[[Parcel], bytes]
) -> tuple[str, ...]:
    """Write everything into ``to``, which may exist; gives the documents' names, in order.

    Raises:
        DeskError: ``file.exists`` (a package is there: nothing is overwritten), ``store.disk_full``,
            ``handover.folder_unusable`` (stick pulled out, write-protected, no folder), whatever ``pdf_of`` raises.
            Nothing is left behind then.
    """
    inside = folder_name(package.layout, package.unit)
    counts: dict[str, int] = {}
    for paper in papers:
        counts[paper.dossier.id] = counts.get(paper.dossier.id, 0) + 1
    names: list[str] = []
    told: list[dict[str, Any]] = []
    with _Folder(to, package.recipient) as folder:
        for paper in papers:
            dossier, several = paper.dossier, counts[paper.dossier.id] > 1
            stem = file_name(package.layout, dossier.code, paper.kind, dossier.received_on.year, paper.number, several)
            stem = f"{inside}/{stem}" if inside else stem
            pdf = folder.put(f"{stem}.pdf", pdf_of(paper.parcel))
            record = folder.put(f"{_RECORDS}/{stem.rpartition('/')[2]}.json", paper.parcel.body.encode())
            signature = _signed(folder, paper.parcel, f"{_RECORDS}/{stem.rpartition('/')[2]}.json.p7s")
            names.append(pdf)
            told.append(_told(paper.parcel, pdf, record) | signature)
        folder.put(LIST, write_list(_rows(papers, names)))
        manifest = {
            "schema": 1,
            "made_at": package.made_at.isoformat(timespec="seconds"),
            "unit": package.unit,
            "layout": package.layout.value,
            "encrypted": package.recipient is not None,
            "journal": list(package.journal_head),
            "files": told,
        }
        folder.put(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode(), personal=False)
        folder.put(SUMS, ("\n".join(folder.sums) + "\n").encode(), personal=False)
    return tuple(names)


def _signed(folder: _Folder, parcel: Parcel, name: str) -> dict[str, str]:
    """The agency's signature beside the record it signs (R44), DER: ``openssl cms -verify -content`` reads the pair."""
    if not parcel.body_signature:
        return {}
    return {"record_signature": folder.put(name, base64.b64decode(parcel.body_signature))}


def _told(parcel: Parcel, pdf: str, record: str) -> dict[str, Any]:
    """A document in the manifest: the hash is that of the signed PDF itself, encrypted or not. No name of a person."""
    return {
        "parcel_id": parcel.id,
        "file": pdf,
        "record": record,
        "sha256": parcel.file_sha256,
        "size": parcel.file_size,
        "version": parcel.version,
    }


def _rows(papers: Sequence[Paper], names: Sequence[str]) -> list[Row]:
    """One row for a dossier, in the order they come."""
    rows: dict[str, Row] = {}
    for paper, name in zip(papers, names, strict=True):
        row = rows.setdefault(paper.dossier.id, Row(paper.dossier, [], []))
        (row.results if paper.kind is Kind.RESULT else row.components).append(name.rpartition("/")[2])
    return list(rows.values())


def read_recipient(file: Path) -> x509.Certificate:
    """The certificate a package is encrypted for, PEM or DER.

    Raises:
        DeskError: ``file.not_found``; ``handover.certificate_unfit`` for no certificate, or a key that is not RSA.
    """
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise error("file.not_found", type(problem).__name__, file=file.name) from problem
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        certificate = load(data)
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as problem:
        raise error("handover.certificate_unfit", "not a certificate of use", file=file.name) from problem
    if not isinstance(key, rsa.RSAPublicKey):
        raise error("handover.certificate_unfit", "not an RSA key", file=file.name)
    return certificate


def sealed_for(recipient: x509.Certificate, data: bytes) -> bytes:
    """CMS EnvelopedData (RFC 5652) with AES-256-CBC, DER: ``openssl cms -decrypt -inform DER`` opens it."""
    builder = PKCS7EnvelopeBuilder().set_data(data).add_recipient(recipient)
    builder = builder.set_content_encryption_algorithm(algorithms.AES256)
    return builder.encrypt(Encoding.DER, [PKCS7Options.Binary])


@contextlib.contextmanager
def _disk(folder: Path) -> Iterator[None]:
    try:
        with durable.full_is_an_error():
            yield
    except OSError as problem:
        raise error("handover.folder_unusable", type(problem).__name__, folder=folder.name) from problem
