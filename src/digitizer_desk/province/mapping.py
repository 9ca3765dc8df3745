# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Our values as the gateway's record, and the record as bytes that never change.

Apart from ``http.py`` because the record is frozen when a parcel is packed, long before anything is sent: the same
values give the same bytes for ever, so the province can tell a repeat from a change. The shape is ``Record`` in
``resources/contracts/gateway.openapi.yaml``.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from digitizer_desk.dossier.incoming.reuse import Reused
from digitizer_desk.dossier.model import VIETNAM, Component, Dossier, Officer, Signature
from digitizer_desk.dossier.result import PaperKind

#: of the record's structure; raised when a key changes its meaning
SCHEMA = 1


def record(
    dossier: Dossier,
    component: Component,
    *,
    parcel_id: str,
    officer: Officer,
    desk_id: str,
    unit: str,
    journal_head: tuple[int, str],
    made_at: datetime,
    labels: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Everything the province is told about one version of one document.

    ``officer`` is who packs, ``unit`` the code of the agency. ``journal_head`` is count and hash of the desk's journal:
    kept by the province, the journal can no longer be rewritten unseen (R56). ``labels`` gives the Vietnamese label of
    each data field (Điều 9 k2 TT 01/2023/TT-VPCP) by its name in the regulation; without one the name stands. Fields
    left empty do not go.

    Raises:
        ValueError: the component has no document, data or result code yet; or a time has no zone.
    """
    document, metadata, result_code = component.document, component.metadata, component.result_code
    if document is None or metadata is None or result_code is None:
        raise ValueError("a component without document, data or result code")
    known = labels or {}
    applicant = dossier.applicant
    return {
        "schema": SCHEMA,
        "parcel_id": parcel_id,
        "made_at": _time(made_at),
        "desk": {"id": desk_id, "unit": unit},
        "officer": {"id": officer.id, "name": officer.name},
        "rules_id": dossier.rules_id,
        "dossier": {
            "code": dossier.code,
            "code_kind": dossier.code_kind.value,
            "procedure": dossier.procedure,
            "procedure_title": dossier.procedure_title,
            "channel": dossier.channel.value,
            "received_at": _time(dossier.received_at),
            "account_check": dossier.account_check.value,
        },
        "component": _paper(component)
        | {
            "id": component.id,
            "number": component.number,
            "code": component.code,
            "title": component.title,
            "mandatory": component.mandatory,
            "paper_type": component.paper_type,
            "form": component.form,
        },
        "applicant": {
            "name": applicant.name,
            "kind": applicant.kind.value,
            "identifier": applicant.identifier,
            "born_or_founded": applicant.born_or_founded,
        },
        "fields": {
            f.name: {"label": known.get(f.name, f.name), "value": f.value, "source": f.source.value}
            for f in metadata.fields
            if f.value
        },
        "confirmed": {"officer": metadata.confirmed_by, "at": _time(metadata.confirmed_at)},
        "result_code": {
            "owner": result_code.owner,
            "kind": result_code.kind,
            "number": result_code.number,
            "text": result_code.text,
            "provisional": result_code.provisional,
        },
        "document": {
            "id": document.id,
            "version": document.version,
            "sha256": document.sha256,
            "size": document.size,
            "pages": len(document.pages),
            "made_at": _time(document.made_at),
            "signatures": [_signature(s) for s in document.signatures],
        },
        "journal": {"count": journal_head[0], "hash": journal_head[1]},
    }


def reuse_record(
    dossier: Dossier,
    component: Component,
    reused: Reused,
    *,
    officer: Officer,
    desk_id: str,
    unit: str,
) -> dict[str, Any]:
    """What the province is told about a component that is a paper it keeps: ``Reuse`` in the contract."""
    paper = reused.paper
    return {
        "schema": SCHEMA,
        "reuse_id": reused.id,
        "made_at": _time(reused.at),
        "desk": {"id": desk_id, "unit": unit},
        "officer": {"id": officer.id, "name": officer.name},
        "dossier": {"code": dossier.code, "procedure": dossier.procedure},
        "component": {
            "id": component.id,
            "number": component.number,
            "code": component.code,
            "title": component.title,
        },
        "paper": {
            "reference": paper.reference,
            "source": paper.source.value,
            "kind": paper.kind,
            "number": paper.number,
            "code": paper.code,
        },
    }


def _paper(component: Component) -> dict[str, Any]:
    """What a result or a paper of the handling says beside; what was handed in is told as it always was."""
    if component.kind is PaperKind.COMPONENT:
        return {}
    told: dict[str, Any] = {"kind": component.kind.value}
    if component.cancelled is not None:
        told["cancelled"] = {"at": _time(component.cancelled.at), "reason": component.cancelled.reason}
    return told


def _signature(signature: Signature) -> dict[str, str]:
    return {
        "role": signature.role,
        "signer": signature.signer,
        "captured_at": _time(signature.captured_at),
        "signed_at": _time(signature.signed_at),
        "certificate_sha256": signature.certificate_sha256,
    }


def _time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")


def body_of(what: Mapping[str, Any]) -> tuple[str, str]:
    """The record as canonical JSON, and the SHA-256 (hex) of its UTF-8 bytes.

    Canonical: keys sorted by code point, no spaces, letters as they are (NFC), integers only. Any JSON value built of
    these reads back equal and gives the same text again, in this and every other language.

    Raises:
        TypeError: a number that is no integer, a key that is no text, or a value JSON does not know.
        ValueError: two keys that differ only in how their letters are composed, or half a surrogate pair.
    """
    text = json.dumps(_canonical(what), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text, hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key that is no text")
        composed = {unicodedata.normalize("NFC", key): _canonical(item) for key, item in value.items()}
        if len(composed) != len(value):
            raise ValueError("two keys become one")
        return composed
    raise TypeError(f"{type(value).__name__} has no canonical form")
