# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Values of the dossier as JSON text in a column, and back, typed.

Apart from the tables because what is never searched for need not be spread over columns: a measure more is then no
upgrade of the database. A key that is missing takes the value's default; a key from a later program is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(Any, kind))


def encode(kind: type[T], value: T) -> str:
    """JSON text of a value of this type."""
    return _adapter(cast(Hashable, kind)).dump_json(value).decode()


def decode(kind: type[T], text: str) -> T:
    """The value again.

    Raises:
        ValueError: the text is not of this type.
    """
    return cast(T, _adapter(cast(Hashable, kind)).validate_json(text))


def canonical(value: Any) -> str:
    """The one JSON text of plain data: keys sorted, no spaces, letters as they are. What is hashed must be this."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
