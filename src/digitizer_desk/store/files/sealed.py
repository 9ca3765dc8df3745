# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The format of a sealed file: a header, sealed facts, then the content in pieces of 1 MiB.

Apart from the vault (which keeps the keys) because this is a format on disk that must be readable for decades.

```text
magic 8 | nonce 12 | file key, sealed by the vault 48 | stream prefix 7 | length of sealed facts 4, big endian
sealed facts | sealed piece | sealed piece | ...
```

Every piece is AES-256-GCM under the file's own random key. Its nonce is the prefix, a counter and a mark on the last
piece (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), so that a flipped bit, a cut end and
swapped, missing or foreign pieces are all seen. The facts are piece 0; the header is bound to every piece.
"""

from __future__ import annotations

import os
import struct
from io import BytesIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from digitizer_desk.errors import error

MAGIC = b"BSHSEAL1"
PIECE = 1 << 20
_TAG = 16
_HEAD = struct.Struct(">8s12s48s7sI")


def seal(wrapping_key: bytes, data: bytes, facts: bytes = b"") -> bytes:
    """Seal ``data`` and ``facts`` (at most 1 MiB) under a new random key, sealed by ``wrapping_key`` (32 bytes)."""
    if len(facts) > PIECE:
        raise ValueError("facts are longer than one piece")
    file_key, nonce, prefix = AESGCM.generate_key(256), os.urandom(12), os.urandom(7)
    wrapped = AESGCM(wrapping_key).encrypt(nonce, file_key, MAGIC)
    head = _HEAD.pack(MAGIC, nonce, wrapped, prefix, len(facts) + _TAG)
    cipher = AESGCM(file_key)
    view = memoryview(data)
    count = max(1, -(-len(data) // PIECE))
    whole = _room_for(_HEAD.size + len(facts) + _TAG + len(data) + count * _TAG)
    whole.write(head)
    whole.write(cipher.encrypt(_nonce(prefix, 0, last=False), facts, head))
    for number in range(count):
        piece = view[number * PIECE : (number + 1) * PIECE]
        whole.write(cipher.encrypt(_nonce(prefix, number + 1, last=number == count - 1), piece, head))
    return whole.getvalue()


def unseal(wrapping_key: bytes, sealed: bytes) -> tuple[bytes, bytes]:
    """Give back (data, facts).

    Raises:
        DeskError: ``store.page_altered`` when even one bit is not as it was sealed, or another key sealed it.
    """
    if len(sealed) < _HEAD.size + 2 * _TAG:
        raise error("store.page_altered", "shorter than an empty sealed file", page="")
    head = sealed[: _HEAD.size]
    magic, nonce, wrapped, prefix, facts_length = _HEAD.unpack(head)
    if magic != MAGIC or facts_length > PIECE + _TAG:
        raise error("store.page_altered", "not a sealed file", page="")
    body = memoryview(sealed)[_HEAD.size :]
    rest = body[facts_length:]
    count = max(1, -(-len(rest) // (PIECE + _TAG)))
    try:
        cipher = AESGCM(AESGCM(wrapping_key).decrypt(nonce, wrapped, MAGIC))
        facts = cipher.decrypt(_nonce(prefix, 0, last=False), body[:facts_length], head)
        data = _room_for(len(rest) - count * _TAG)
        for number in range(count):
            piece = rest[number * (PIECE + _TAG) : (number + 1) * (PIECE + _TAG)]
            data.write(cipher.decrypt(_nonce(prefix, number + 1, last=number == count - 1), piece, head))
    except (InvalidTag, ValueError) as altered:
        raise error("store.page_altered", "a piece does not verify", page="") from altered
    return data.getvalue(), facts


def _room_for(size: int) -> BytesIO:
    """A buffer that takes this many bytes without growing: unlike a list to be joined it never holds them twice."""
    room = BytesIO()
    if size > 0:
        room.seek(size - 1)
        room.write(b"\0")
        room.seek(0)
    return room


def _nonce(prefix: bytes, counter: int, *, last: bool) -> bytes:
    return prefix + counter.to_bytes(4, "big") + (b"\x01" if last else b"\x00")
