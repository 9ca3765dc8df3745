# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures as drivers make them in memory: every lawful header is read, every lie is refused, none is read past."""

from __future__ import annotations

import contextlib
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twain_worker.dib import BadPicture, Picture, header_length, picture_of, read_header, spread

from devices.twain.fake_dsm import Script, dib, side_rows
from devices.twain.stage import play


def parse(data: bytes) -> Picture:
    header = read_header(data[: header_length(data[:40])])
    return picture_of(header, memoryview(data)[header.start :])


@given(st.integers(1, 70), st.integers(1, 12), st.sampled_from(["color", "gray", "bw"]), st.booleans())
def test_any_size_comes_back_as_it_was(width: int, height: int, mode: str, top_down: bool) -> None:
    rows = side_rows(1, width, height, mode)
    got = parse(dib(rows, width, mode, top_down=top_down))
    assert bytes(got.pixels) == b"".join(rows)
    assert (got.width, got.height, got.samples, got.bilevel) == (
        width, height, 3 if mode == "color" else 1, mode == "bw",
    )  # fmt: skip


@given(st.binary(max_size=200))
def test_noise_is_refused_and_nothing_else_happens(noise: bytes) -> None:
    with contextlib.suppress(BadPicture):
        parse(noise.ljust(40, b"\0"))


def header(**changes: int) -> bytes:
    """Header of a grey 2 x 1 picture with a palette of its own length."""
    fields: dict[str, Any] = {"size": 40, "width": 2, "height": 1, "planes": 1, "bits": 8, "compression": 0, "used": 0}
    fields |= changes
    order = [fields[name] for name in ("size", "width", "height", "planes", "bits", "compression")]
    head = struct.pack("<IiiHHI", *order) + struct.pack("<IiiII", 0, 0, 0, fields["used"], 0)
    return head.ljust(fields["size"], b"\0")


GREYS = b"".join(bytes([i, i, i, 0]) for i in range(256))


@pytest.mark.parametrize("size", [40, 52, 56, 108, 124])
def test_newer_and_longer_headers(size: int) -> None:
    assert bytes(parse(header(size=size) + GREYS + b"\x07\x09\0\0").pixels) == b"\x07\x09"


def test_the_oldest_header() -> None:
    core = struct.pack("<IHHHH", 12, 1, 2, 1, 24)
    assert bytes(parse(core.ljust(12) + b"\3\2\1\0" + b"\6\5\4\0" + bytes(800)).pixels) == b"\4\5\6\1\2\3"


def test_a_short_palette_moves_the_rows() -> None:
    palette = bytes([0, 0, 0, 0, 200, 200, 200, 0])
    assert bytes(parse(header(used=2) + palette + b"\1\0\0\0" + bytes(1100)).pixels) == bytes([200, 0])
    with pytest.raises(BadPicture):
        parse(header(used=2) + palette + b"\1\2\0\0" + bytes(1100))


def test_a_true_colour_picture_may_carry_a_palette_as_a_hint() -> None:
    data = header(bits=24, used=3) + bytes(12) + b"\3\2\1\6\5\4\0\0"
    assert bytes(parse(data).pixels) == b"\1\2\3\4\5\6"


def test_a_palette_with_colours_gives_a_coloured_picture() -> None:
    palette = bytes([1, 2, 3, 0, 4, 5, 6, 0])
    got = parse(header(used=2) + palette + b"\0\1\0\0" + bytes(1100))
    assert (got.samples, bytes(got.pixels)) == (3, bytes([3, 2, 1, 6, 5, 4]))


def test_black_and_white_whichever_way_round() -> None:
    for palette, wanted in ((b"\0\0\0\0\xff\xff\xff\0", b"\xff\0"), (b"\xff\xff\xff\0\0\0\0\0", b"\0\xff")):
        got = parse(header(bits=1) + palette + b"\x80\0\0\0")
        assert (got.bilevel, bytes(got.pixels)) == (True, wanted)
    with pytest.raises(BadPicture):
        parse(header(bits=1) + b"\0\0\0\0\xff\0\0\0" + b"\x80\0\0\0")


@pytest.mark.parametrize(
    "lie",
    [
        {"size": 41},
        {"width": 0},
        {"width": -2},
        {"height": 0},
        {"planes": 3},
        {"bits": 4},
        {"bits": 16},
        {"bits": 32},
        {"compression": 1},
        {"used": 257},
        {"width": 1 << 20, "height": 1 << 20},
        {"width": 1 << 30, "height": -(1 << 31)},
        {"height": 2},
    ],
)
def test_headers_that_lie(lie: dict[str, int]) -> None:
    with pytest.raises(BadPicture):
        parse(header(**lie) + GREYS + bytes(4))


def test_a_row_of_bits_is_cut_to_its_width() -> None:
    assert spread(b"\xa5\xff", 10) == b"\xff\0\xff\0\0\xff\0\xff\xff\xff"


def test_a_lying_native_picture_is_no_page(monkeypatch: Any) -> None:
    for liar in (lambda *a, **k: dib(*a, **k)[:12] + b"\x02\0" + dib(*a, **k)[14:], lambda *a, **k: bytes(64)):
        monkeypatch.setattr("devices.twain.fake_dsm.dib", liar)
        got = play(monkeypatch, Script(), transfer="native")
        assert (got.end, got.pages) == ("scanner.bad_image", [])
