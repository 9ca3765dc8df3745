# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""SANE's own test device through a real host: settings, statuses, stacks, stopping."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devices.scanning.rig import manifests, run
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.scanner import BatchClosed, BatchEnd, BatchOpened, Mode, PageProgress, ScanSettings, Source

SMALL = ScanSettings(sheet_mm=(80.0, 60.0), dpi=100)


def options(**values: Any) -> Any:
    """Our manifest of the test device, with these of its options set last."""
    return manifests("test", options={"set_last": {name.replace("_", "-"): value for name, value in values.items()}})


def test_a_stack_of_ten_ends_by_itself(test_device: Any) -> None:
    got = run(test_device(), "test:0", SMALL)
    assert got.end is BatchEnd.EMPTY
    assert len(got.pages) == 10
    first = got.pages[0]
    assert (first.width, first.height, first.samples, first.bilevel) == (314, 236, 3, False)
    assert first.dpi == (100.0, 100.0)
    assert got.opened.got[:3] == (
        ("source", "feeder", "Automatic Document Feeder"),
        ("mode", "color", "Color"),
        ("depth", "", "8"),
    )


def test_the_read_back_tells_what_the_device_made_of_the_sheet(test_device: Any) -> None:
    got = run(test_device(), "test:0", ScanSettings(source=Source.FLATBED, dpi=50))
    # its glass is 200 mm long
    assert ("br-x", "210", "200") in got.opened.got
    assert ("br-y", "297", "200") in got.opened.got


def test_the_glass_gives_one_page(test_device: Any) -> None:
    got = run(test_device(), "test:0", replace(SMALL, source=Source.FLATBED))
    assert (got.end, len(got.pages)) == (BatchEnd.ENOUGH, 1)


def test_no_more_pages_than_asked(test_device: Any) -> None:
    got = run(test_device(), "test:0", replace(SMALL, max_pages=3))
    assert (got.end, len(got.pages)) == (BatchEnd.ENOUGH, 3)


def test_grey_has_one_sample(test_device: Any) -> None:
    got = run(test_device(), "test:0", replace(SMALL, mode=Mode.GRAY, max_pages=1))
    assert got.pages[0].samples == 1
    assert not got.pages[0].bilevel


@pytest.mark.parametrize(("picture", "value"), [("Solid white", 255), ("Solid black", 0)])
def test_one_bit_comes_as_black_and_white_bytes(test_device: Any, picture: str, value: int) -> None:
    scanner = test_device(options(test_picture=picture))
    got = run(scanner, "test:0", replace(SMALL, mode=Mode.BW, max_pages=1))
    assert got.pages[0].bilevel
    assert set(got.pages[0].pixels) == {value}


def test_a_length_known_only_at_the_end_is_lawful(test_device: Any) -> None:
    scanner = test_device(manifests("test", options={"set_first": {"hand-scanner": True}}))
    # a hand scanner has no glass to measure; the device gives as much as it likes
    got = run(scanner, "test:0", replace(SMALL, source=Source.FLATBED, max_pages=1))
    assert got.end is BatchEnd.ENOUGH
    assert got.pages[0].height > 0
    assert len(got.pages[0].pixels) == got.pages[0].width * got.pages[0].height * 3


STATUSES = [
    ("SANE_STATUS_JAMMED", "scanner.jam"),
    ("SANE_STATUS_COVER_OPEN", "scanner.cover_open"),
    ("SANE_STATUS_NO_DOCS", "scanner.empty"),
    ("SANE_STATUS_IO_ERROR", "scanner.offline"),
    ("SANE_STATUS_ACCESS_DENIED", "scanner.denied"),
    ("SANE_STATUS_INVAL", "scanner.refused"),
    ("SANE_STATUS_UNSUPPORTED", "scanner.refused"),
    ("SANE_STATUS_NO_MEM", "scanner.unknown"),
    ("SANE_STATUS_EOF", "scanner.short_page"),
    ("SANE_STATUS_CANCELLED", BatchEnd.STOPPED),
]


@pytest.mark.parametrize(("status", "end"), STATUSES)
def test_every_status_has_its_own_end(test_device: Any, status: str, end: str) -> None:
    got = run(test_device(options(read_return_value=status)), "test:0", SMALL)
    assert got.end == end
    assert got.pages == []


def test_a_manifest_may_know_a_drivers_sentence_better(test_device: Any) -> None:
    known = options(read_return_value="SANE_STATUS_NO_MEM").all[-1]
    known = known.model_copy(update={"faults": {"Out of memory": "scanner.jam"}})
    changed = replace(options(), all=(known,))
    assert run(test_device(changed), "test:0", SMALL).end == "scanner.jam"


def test_busy_is_tried_again_by_itself_then_told(test_device: Any) -> None:
    slept: list[float] = []
    waits: list[tuple[str, float]] = []
    scanner = test_device(
        options(read_return_value="SANE_STATUS_DEVICE_BUSY"),
        sleep=slept.append,
        on_wait=lambda code, seconds: waits.append((code, seconds)),
    )
    got = run(scanner, "test:0", SMALL)
    assert got.end == "scanner.busy"
    assert got.fault is not None
    assert got.fault.facts["seconds"] == 5
    assert waits == [("scanner.busy", 5.0)] * 3
    assert sum(slept) == pytest.approx(15.0)
    assert len([event for event in got.events if isinstance(event, BatchOpened)]) == 1


def test_a_scanner_no_longer_busy_gives_its_pages(test_device: Any, tmp_path: Path) -> None:
    busy, free = options(read_return_value="SANE_STATUS_DEVICE_BUSY"), options()

    class Freed:
        """The device as another program leaves it: busy at first, then free."""

        def __init__(self) -> None:
            self.now = busy

        def __getattr__(self, name: str) -> Any:
            return getattr(self.now, name)

    state = Freed()

    def sleep(_seconds: float) -> None:
        state.now = free

    scanner = SaneScanner(state, env={}, config_folder=tmp_path / "sane", sleep=sleep)  # type: ignore[arg-type]
    got = run(scanner, "test:0", SMALL)
    assert (got.end, len(got.pages)) == (BatchEnd.EMPTY, 10)


def test_waiting_for_a_busy_scanner_can_be_stopped(test_device: Any) -> None:
    slept: list[float] = []
    scanner = test_device(options(read_return_value="SANE_STATUS_DEVICE_BUSY"), sleep=slept.append)
    got = run(scanner, "test:0", SMALL, stop=lambda: len(slept) >= 2)
    assert got.end is BatchEnd.STOPPED
    assert len(slept) == 2


@pytest.mark.parametrize("binding", ["python-sane"], indirect=True)
def test_padded_lines_are_refused_not_sheared(test_device: Any) -> None:
    got = run(test_device(options(ppl_loss=7)), "test:0", SMALL)
    assert got.end == "scanner.refused"
    assert got.fault is not None
    assert got.fault.facts["option"] == "khổ giấy (80 x 60 mm)"


def test_three_pass_colour_is_refused(test_device: Any) -> None:
    got = run(test_device(options(three_pass=True)), "test:0", SMALL)
    assert got.end == "scanner.refused"


def test_sixteen_bits_are_refused(test_device: Any) -> None:
    got = run(test_device(options(depth=16)), "test:0", SMALL)
    assert got.end == "scanner.refused"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (replace(SMALL, dpi=2400), "độ phân giải (2400 dpi)"),
        (replace(SMALL, source=Source.FEEDER_DUPLEX), "nguồn giấy (khay nạp hai mặt)"),
    ],
)
def test_what_it_cannot_do_is_refused_before_any_paper_moves(
    test_device: Any, settings: ScanSettings, words: str
) -> None:
    got = run(test_device(), "test:0", settings)
    assert got.end == "scanner.refused"
    assert got.events == []
    assert got.fault is not None
    assert got.fault.facts["option"] == words


def test_stop_inside_a_page_drops_that_page_only(test_device: Any) -> None:
    scanner = test_device(options(read_delay=True, read_delay_duration=20000))
    seen: list[object] = []
    got = run(
        scanner,
        "test:0",
        ScanSettings(dpi=300),
        stop=lambda: any(isinstance(event, PageProgress) for event in seen),
        watch=seen.append,
    )
    assert got.end is BatchEnd.STOPPED
    assert got.pages == []


def test_stop_between_pages_keeps_what_came(test_device: Any) -> None:
    seen: list[object] = []
    got = run(test_device(), "test:0", SMALL, stop=lambda: len(seen) > 5, watch=seen.append)
    assert got.end in (BatchEnd.STOPPED, BatchEnd.EMPTY)
    assert isinstance(got.events[-1], BatchClosed)
    assert got.pages


def test_stop_before_the_first_page_gives_none(test_device: Any) -> None:
    got = run(test_device(options(read_delay=True, read_delay_duration=20000)), "test:0", stop=lambda: True)
    assert got.end is BatchEnd.STOPPED
    assert got.pages == []


def test_the_device_is_free_again_after_every_end(test_device: Any) -> None:
    for status in ("SANE_STATUS_JAMMED", "SANE_STATUS_IO_ERROR", "SANE_STATUS_CANCELLED"):
        run(test_device(options(read_return_value=status)), "test:0", SMALL)
        assert len(run(test_device(), "test:0", SMALL).pages) == 10


@pytest.mark.parametrize(
    ("device", "code"),
    [
        ("test:99", "scanner.none"),
        ("nosuchdriver:0", "scanner.driver_missing"),
        ("", "scanner.none"),
        ("bad\nname:0", "scanner.none"),
    ],
)
def test_a_device_that_is_not_there(test_device: Any, device: str, code: str) -> None:
    got = run(test_device(), device, SMALL)
    assert got.end == code


def test_the_test_device_is_not_offered_to_clerks(test_device: Any) -> None:
    assert [info for info in test_device().find() if info.backend == "test"] == []
