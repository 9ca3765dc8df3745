# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Receipts that come back by hand for a package: read strictly, since a receipt ends our duty to keep sending.

Apart from the package because another party writes this file. Its shape: ``{"schema": 1, "receipts": [{"parcel_id",
"sha256", "number", "at", "result_code"?}]}``; ``sha256`` is the hash the receiver computed over the signed PDF.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from digitizer_desk.errors import error
from digitizer_desk.province.link import Accepted

_MOST_BYTES = 16 << 20


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Receipt(_Strict):
    parcel_id: Annotated[str, Field(min_length=1, max_length=100)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    number: Annotated[str, Field(min_length=1, max_length=200)]
    at: AwareDatetime
    result_code: Annotated[str, Field(max_length=200)] = ""


class _Receipts(_Strict):
    schema_: Annotated[Literal[1], Field(alias="schema")]
    receipts: list[_Receipt]


def read_receipts(file: Path) -> tuple[tuple[str, Accepted], ...]:
    """(parcel id, receipt) of every line, in order.

    Raises:
        DeskError: ``file.not_found``; ``handover.receipts_unreadable`` with the place at fault. Nothing is taken then.
    """
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise error("handover.receipts_unreadable", "too large", file=file.name, where="")
        said = _Receipts.model_validate(json.loads(file.read_bytes()))
    except OSError as problem:
        raise error("file.not_found", type(problem).__name__, file=file.name) from problem
    except ValidationError as problem:
        where = ".".join(str(part) for part in problem.errors()[0]["loc"])
        raise error("handover.receipts_unreadable", file=file.name, where=where) from problem
    except (ValueError, RecursionError) as problem:
        raise error("handover.receipts_unreadable", "not JSON", file=file.name, where="JSON") from problem
    return tuple((one.parcel_id, _accepted(one)) for one in said.receipts)


def _accepted(receipt: _Receipt) -> Accepted:
    at: datetime = receipt.at
    return Accepted(receipt.number, receipt.sha256, receipt.result_code, at)
