# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How many pages a TIFF really chains together, and whether the chain is whole.

Apart because the decoder stops at a broken link as if the file ended there: a scan cut off half-way would lose its last
pages without a word. Format: TIFF 6.0, section 2; BigTIFF as libtiff writes it.
"""

from __future__ import annotations

import struct

from digitizer_desk.errors import error

#: far more than any feeder holds; a chain that is longer is one that was built to be
MOST_PAGES = 5000
_BIG = 43


def count_pages(data: bytes, name: str) -> int:
    """Pages in the chain of directories of a TIFF.

    Raises:
        ImageFileError: ``image.damaged`` when a link leads out of the file, back into the chain, or to a cut directory;
            ``image.empty`` without any page; ``image.too_many_pages`` beyond MOST_PAGES.
    """
    try:
        return _walk(data, name)
    except struct.error as cut:
        raise error("image.damaged", "directory cut off", file=name) from cut


def _walk(data: bytes, name: str) -> int:
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == _BIG
    count_format, link_format, entry = (order + "Q", order + "Q", 20) if big else (order + "H", order + "I", 12)
    at = struct.unpack_from(link_format, data, 8 if big else 4)[0]
    seen: set[int] = set()
    while at:
        if at in seen:
            raise error("image.damaged", "directories in a circle", file=name)
        if len(seen) >= MOST_PAGES:
            raise error("image.too_many_pages", file=name, most=MOST_PAGES)
        seen.add(at)
        entries = struct.unpack_from(count_format, data, at)[0]
        link = at + struct.calcsize(count_format) + entries * entry
        at = struct.unpack_from(link_format, data, link)[0] if entries < 1 << 16 else len(data)
    if not seen:
        raise error("image.empty", file=name)
    return len(seen)
