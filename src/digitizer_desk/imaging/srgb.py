# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The sRGB colour profile that every PDF carries, built from the numbers of the standard.

Apart from the PDF because a profile made by a library changes with the library and with the hour; this one has
the same bytes for ever, and so has every PDF built from the same pages. Version 2.1 matrix profile as of
ICC.1:1998-09, primaries adapted to D50 (Bradford) and tone curve of IEC 61966-2-1.
"""

from __future__ import annotations

import struct

_WHITE = (0.9642, 1.0, 0.8249)  # D50, the connection space
_RED = (0.43607, 0.22249, 0.01392)
_GREEN = (0.38515, 0.71687, 0.09708)
_BLUE = (0.14307, 0.06061, 0.71410)
_CURVE_POINTS = 1024


def srgb_profile() -> bytes:
    """The profile as bytes, for the output intent of a PDF/A."""
    curve = _curve()
    tags = [
        (b"desc", _description("sRGB IEC61966-2.1")),
        (b"cprt", b"text" + bytes(4) + b"No copyright, use freely\0"),
        (b"wtpt", _xyz(_WHITE)),
        (b"rXYZ", _xyz(_RED)),
        (b"gXYZ", _xyz(_GREEN)),
        (b"bXYZ", _xyz(_BLUE)),
        (b"rTRC", curve),
        (b"gTRC", curve),
        (b"bTRC", curve),
    ]
    offset = 128 + 4 + 12 * len(tags)
    table, body, placed = struct.pack(">I", len(tags)), b"", dict[bytes, int]()
    for name, data in tags:
        if data not in placed:  # the three curves are one
            placed[data] = offset + len(body)
            body += data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", placed[data], len(data))
    head = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4s8sI12s4s44s",
        offset + len(body), bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ", 1998, 12, 1, 0, 0, 0,
        b"acsp", bytes(4), 0, bytes(4), bytes(4), bytes(8), 0, b"".join(_fixed(v) for v in _WHITE), bytes(4), bytes(44),
    )  # fmt: skip
    return head + table + body


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(_fixed(v) for v in values)


def _description(text: str) -> bytes:
    ascii_text = text.encode("ascii") + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(ascii_text)) + ascii_text + bytes(4 + 4 + 2 + 1 + 67)


def _curve() -> bytes:
    """Linear light of each code value (IEC 61966-2-1, 5.2)."""
    codes = (i / (_CURVE_POINTS - 1) for i in range(_CURVE_POINTS))
    light = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in codes)
    return b"curv" + bytes(4) + struct.pack(">I", _CURVE_POINTS) + b"".join(
        struct.pack(">H", round(v * 65535)) for v in light
    )  # fmt: skip
