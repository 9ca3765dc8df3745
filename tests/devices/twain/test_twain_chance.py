# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Any scanner, any order, any trouble anywhere, a stop at any moment: whole pages in order, one end, nothing open."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.twain.fake_dsm import Script
from devices.twain.stage import play, sides
from soak import rounds

PLACES = (
    *("GETFIRST", "OPENDS", "CAPGET:9", "CAPSET:3", "CAPSET:12", "LAYOUTSET", "LAYOUTGET", "ENABLEDS", "EVENT"),
    *("IMAGEINFO:1", "IMAGEINFO:2", "SETUPMEM:2", "XFER:1", "XFER:2", "XFER:3", "STRIP:1:1", "STRIP:2:2", "EXTINFO:2"),
    *("ENDXFER:1", "ENDXFER:2", "RESET:1", "DISABLEDS:1", "CLOSEDS:1", "CLOSEDSM:1"),
)
KINDS = (1, 2, 4, 5, 9, 10, 11, 12, 16, 20, 21, 23, 24, 29, 0x8001, "crash")
STOPS = ("", '"event":"opened"', '"page_started","number":2', '"progress"', '"page","number":1', '"page","number":3')

scripts = st.builds(
    Script,
    sides=st.integers(0, 9),
    width=st.integers(1, 40),
    height=st.integers(1, 12),
    pending=st.sampled_from(["exact", "unknown", "always"]),
    padding=st.integers(0, 3),
    strip_rows=st.integers(1, 20),
    short_rows=st.sampled_from([0, 0, 0, 1]),
    announced=st.sampled_from(["yes", "unknown"]),
    vanilla=st.booleans(),
    top_down=st.booleans(),
    eager=st.booleans(),
    stays_loaded=st.booleans(),
    container=st.sampled_from(["one", "enumeration", "range"]),
    lacks=st.lists(st.sampled_from(["CAP_PAPERDETECTABLE", "CAP_DUPLEXENABLED", "ICAP_BITDEPTH"]), max_size=2),
    trouble=st.dictionaries(st.sampled_from(PLACES), st.sampled_from(KINDS), max_size=2),
)
orders = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["feeder", "feeder-duplex", "flatbed"]),
        "mode": st.sampled_from(["color", "gray", "bw"]),
        "transfer": st.sampled_from(["memory", "native"]),
        "max_pages": st.sampled_from([None, 1, 3]),
    }
)


@settings(max_examples=rounds(6000))
@given(scripts, orders, st.sampled_from(STOPS))
def test_whole_pages_one_end_nothing_open(script: Script, order: dict[str, Any], stop_at: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        got = play(patched, script, stop_at=stop_at, **order)
    step = 2 if order["source"] == "feeder" else 1
    stack = sides(script, order["mode"], list(range(1, script.sides + 1, step)))
    pages = [content for _, content in got.pages]
    # what nobody announced cannot be missed
    if script.announced == "yes" and not any(place.startswith("IMAGEINFO") for place in script.trouble):
        assert pages == stack[: len(pages)]
    if not got.broke:
        assert got.dsm.state == 2
    if got.last["event"] == "closed":
        assert got.last["pages"] == len(pages)
    if got.end == "empty" and not any(place.startswith("CAP") for place in script.trouble):
        # "the stack is through" is only said when it is, or when the driver itself said so
        assert len(pages) == len(stack) or 29 in script.trouble.values()
