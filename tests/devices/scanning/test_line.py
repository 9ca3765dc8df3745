# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The line protocol: what is written is read, and nothing else is believed."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitizer_desk.devices import line

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
MESSAGES = st.dictionaries(st.text().filter(lambda key: key != "bytes"), VALUES, max_size=5)
PAYLOADS = st.none() | st.binary(max_size=500)


class Stingy(io.RawIOBase):
    """A pipe that takes and gives a few bytes at a time, as real ones may."""

    def __init__(self, step: int) -> None:
        self.data = bytearray()
        self._step = step

    def write(self, data: Any) -> int:
        part = bytes(data)[: self._step]
        self.data += part
        return len(part)


@given(st.lists(st.tuples(MESSAGES, PAYLOADS), max_size=4), st.integers(1, 40))
def test_messages_come_out_as_they_went_in(sent: list[tuple[dict[str, Any], bytes | None]], step: int) -> None:
    pipe = Stingy(step)
    for message, payload in sent:
        line.write(pipe, message, payload)  # type: ignore[arg-type]
    source = io.BytesIO(bytes(pipe.data))
    for message, payload in sent:
        got, got_payload = line.read(source)
        assert {key: value for key, value in got.items() if key != "bytes"} == message
        assert got_payload == payload
    with pytest.raises(line.BrokenLine) as end:
        line.read(source)
    assert end.value.closed


@given(st.binary(max_size=300))
def test_nonsense_is_one_kind_of_error(data: bytes) -> None:
    source = io.BytesIO(data)
    try:
        while True:
            message, _ = line.read(source)
            assert isinstance(message, dict)
    except line.BrokenLine:
        pass


@given(MESSAGES, st.binary(min_size=1, max_size=200), st.data())
def test_a_message_cut_off_anywhere_is_never_half_believed(
    message: dict[str, Any], payload: bytes, data: st.DataObject
) -> None:
    whole = io.BytesIO()
    line.write(whole, message, payload)
    cut = data.draw(st.integers(0, len(whole.getvalue()) - 1))
    with pytest.raises(line.BrokenLine):
        line.read(io.BytesIO(whole.getvalue()[:cut]))


@pytest.mark.parametrize("count", [-1, line.MAX_BYTES + 1, 1.5, "9", None, True])
def test_a_count_out_of_range_takes_no_memory(count: object) -> None:
    source = io.BytesIO(json.dumps({"event": "page", "bytes": count}).encode() + b"\n12345")
    with pytest.raises(line.BrokenLine, match="count"):
        line.read(source)


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(line.BrokenLine, match="too long"):
        line.read(io.BytesIO(b'{"a":"' + b"x" * (line.MAX_LINE + 10)))


def test_brackets_without_end_are_no_message() -> None:
    with pytest.raises(line.BrokenLine, match="not JSON"):
        line.read(io.BytesIO(b"[" * 100_000 + b"\n"))


def test_the_writer_sets_the_count_itself() -> None:
    sink = io.BytesIO()
    line.write(sink, {"event": "page", "bytes": 3}, memoryview(bytearray(b"12345678")).cast("B", (2, 4)))
    message, payload = line.read(io.BytesIO(sink.getvalue()))
    assert message["bytes"] == 8
    assert payload == b"12345678"


def test_wiping_leaves_nothing() -> None:
    buffer = bytearray(b"123456")
    line.wipe(buffer)
    assert buffer == bytes(6)
