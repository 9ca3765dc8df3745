# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""An invented dossier and the parcels made of it, for tests and benchmarks of the way to the province."""

from __future__ import annotations

import base64
import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

from digitizer_desk.dossier.model import (
    AccountCheck,
    Applicant,
    CodeKind,
    Component,
    Document,
    Dossier,
    Field,
    FieldSource,
    Metadata,
    Officer,
    Parcel,
    ResultCode,
    Role,
    Signature,
)
from digitizer_desk.province.mapping import body_of, record

NOW = datetime(2026, 11, 20, 1, 31, 0, 250_000, tzinfo=UTC)
OFFICER = Officer("o-1", "mau", "Trần Thị Mẫu", frozenset({Role.CLERK}))
LABELS = {"ten_giay_to": "Tên giấy tờ", "so_ky_hieu": "Số, ký hiệu", "pham_vi": "Phạm vi có hiệu lực"}
HEAD = (118, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


def pdf_of(size: int = 40_000, seed: int = 1) -> bytes:
    """Bytes a server takes for a PDF, another for each seed."""
    block = hashlib.sha256(str(seed).encode()).digest()
    return (b"%PDF-1.7\n" + block * (size // len(block) + 1))[:size]


def dossier_of(component: Component) -> Dossier:
    return Dossier(
        id="h-1",
        code="000.00.10.H08-261120-0006",
        code_kind=CodeKind.OLD,
        procedure="1.001193",
        procedure_title="Đăng ký khai sinh",
        applicant=Applicant("Nguyễn Văn Mẫu", identifier="001199000123", born_or_founded="01/02/1999"),
        received_at=NOW,
        received_by=OFFICER.id,
        rules_id="tt02-2019",
        account_check=AccountCheck.YES,
        components=(component,),
    )


def component_of(number: int = 2) -> Component:
    return Component(f"c-{number}", number, f"TP{number:02}", "Giấy chứng sinh", True, "GCS", "original", declared=2)


def document_of(pdf: bytes, version: int = 1) -> Document:
    signature = Signature("clerk", OFFICER.name, "f" * 64, NOW, NOW, OFFICER.id)
    pages = (("p-1", "a" * 64, 0), ("p-2", "b" * 64, 90))
    return Document(
        f"d-{version}", version, hashlib.sha256(pdf).hexdigest(), len(pdf), pages, NOW, signatures=(signature,)
    )


def metadata_of(document: Document, title: str = "Giấy chứng sinh") -> Metadata:
    fields = (
        Field("ten_giay_to", title),
        Field("so_ky_hieu", "15/2026", FieldSource.OCR),
        Field("pham_vi", "", FieldSource.DOSSIER),
    )
    return Metadata(fields, OFFICER.id, NOW, document.id)


CODE = ResultCode("001199000123", "KQ.G01.000005", "15/2026", text="001199000123.KQ.G01.000005.15/2026")


def finished(pdf: bytes, *, number: int = 2, version: int = 1, title: str = "Giấy chứng sinh") -> Component:
    """A component with everything a parcel is made of."""
    document = document_of(pdf, version)
    return replace(component_of(number), document=document, metadata=metadata_of(document, title), result_code=CODE)


def record_of(component: Component, parcel_id: str = "parcel-1", **changes: Any) -> dict[str, Any]:
    given = {"labels": LABELS, "officer": OFFICER, "journal_head": HEAD, "made_at": NOW, **changes}
    return record(
        dossier_of(component), component, parcel_id=parcel_id, desk_id="quay-1", unit="000.00.10.H08", **given
    )


def parcel_of(
    pdf: bytes,
    *,
    number: int = 2,
    version: int = 1,
    title: str = "Giấy chứng sinh",
    parcel_id: str = "",
    tries: int = 0,
) -> Parcel:
    component = finished(pdf, number=number, version=version, title=title)
    assert component.document is not None
    parcel_id = parcel_id or str(uuid.uuid4())
    body, digest = body_of(record_of(component, parcel_id))
    return Parcel(
        id=parcel_id,
        dossier_id="h-1",
        dossier_code="000.00.10.H08-261120-0006",
        component_id=component.id,
        component_title=component.title,
        document_id=component.document.id,
        version=version,
        file_sha256=component.document.sha256,
        file_size=len(pdf),
        body=body,
        digest=digest,
        made_at=NOW,
        tries=tries,
    )


OFFICE = "Ủy ban nhân dân xã Đại Đồng"


def record_signature(body: bytes) -> bytes:
    """A detached CMS over ``body`` by a key of the moment, made by another library than ours: each call another one."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OFFICE)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    certificate = builder.sign(key, SHA256())
    options = [PKCS7Options.DetachedSignature, PKCS7Options.Binary]
    return PKCS7SignatureBuilder().set_data(body).add_signer(certificate, key, SHA256()).sign(Encoding.DER, options)


def signed_parcel(pdf: bytes, body_of: str = "") -> Parcel:
    """A parcel whose record, or another text, the agency signed."""
    parcel = parcel_of(pdf)
    signature = record_signature((body_of or parcel.body).encode())
    return replace(parcel, body_signature=base64.b64encode(signature).decode())


def waiting(number: int, **changes: Any) -> dict[str, Any]:
    """A dossier as a province lists it."""
    return {
        "code": f"000.00.12.H08-261121-{number:04d}",
        "procedure": "1.001193",
        "procedure_title": "Đăng ký khai sinh",
        "applicant": {"name": "Nguyễn Thị Hường", "kind": "person", "identifier": "001185000123"},
        "parts": [{"code": "TP01", "title": "Tờ khai", "mandatory": True}],
        **changes,
    }


def reuse_body(reuse_id: str, reference: str) -> str:
    """What a desk tells about a paper it uses again."""
    return body_of(
        {
            "schema": 1,
            "reuse_id": reuse_id,
            "made_at": "2026-11-21T09:00:00+07:00",
            "desk": {"id": "quay-1", "unit": "000.00.12.H08"},
            "officer": {"id": "o-1", "name": "Lê Văn An"},
            "dossier": {"code": "000.00.12.H08-261121-0007", "procedure": "1.001193"},
            "component": {"id": "c-1", "number": 1, "code": "TP01", "title": "Giấy khai sinh"},
            "paper": {"reference": reference, "source": "result", "kind": "", "number": "", "code": ""},
        }
    )[0]
