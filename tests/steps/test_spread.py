# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Work on many files in processes: in order, only so far ahead, and a process that dies costs one file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from digitizer_desk.errors import DeskError
from digitizer_desk.steps.parts.spread import spread


def name_of(file: Path, alive: Callable[[], None]) -> str:
    """What a good, a deadly and an endless file do to the process that reads them."""
    if file.name == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    if file.name == "endless":
        time.sleep(600)
    if file.name == "long":
        for _ in range(8):
            time.sleep(0.25)
            alive()
    return file.name


def said(outcome: str | DeskError) -> str:
    return outcome.code if isinstance(outcome, DeskError) else outcome


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_order_of_the_files_is_kept(jobs: int) -> None:
    files = [Path(f"{number:03}") for number in range(40)]
    assert list(spread(name_of, files, jobs)) == [file.name for file in files]


@pytest.mark.skipif(os.name == "nt", reason="a signal ends the process here")
def test_a_process_that_dies_costs_one_file() -> None:
    files = [Path(name) for name in ("a", "b", "deadly", "c", "deadly", "d", "e", "f", "g", "h")]
    outcomes = list(spread(name_of, files, 2))
    assert [said(outcome) for outcome in outcomes] == [
        "a", "b", "image.damaged", "c", "image.damaged", "d", "e", "f", "g", "h",
    ]  # fmt: skip
    lost = outcomes[2]
    assert isinstance(lost, DeskError)
    assert lost.facts == {"file": "deadly"}


@pytest.mark.skipif(os.name == "nt", reason="a console of Windows tells its processes in another way")
def test_ctrl_c_while_a_process_begins_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = BaseProcess.start

    def start(process: BaseProcess) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        usual(process)

    monkeypatch.setattr(BaseProcess, "start", start)
    with pytest.raises(KeyboardInterrupt):
        list(spread(name_of, [Path("a"), Path("endless")], 2))
    assert multiprocessing.active_children() == []


def test_a_file_that_never_ends_is_given_up() -> None:
    files = [Path(name) for name in ("a", "endless", "b")]
    for jobs in (1, 2):
        outcomes = [said(outcome) for outcome in spread(name_of, files, jobs, silent_s=1.0)]
        assert outcomes == ["a", "image.too_slow", "b"]


def test_a_long_file_that_goes_on_page_by_page_is_not_given_up() -> None:
    assert list(spread(name_of, [Path("long")], 1, silent_s=1.0)) == ["long"]


def test_whoever_asks_no_more_leaves_no_process_behind() -> None:
    results = spread(name_of, [Path("a"), Path("endless")], 2)
    assert next(results) == "a"
    assert multiprocessing.active_children()
    results.close()  # type: ignore[attr-defined]
    assert multiprocessing.active_children() == []


def test_files_are_taken_only_as_far_as_there_is_room() -> None:
    taken = 0

    def files() -> Iterator[Path]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield Path(str(number))

    results = spread(name_of, files(), 2)
    assert next(results) == "0"
    assert taken <= 8
    results.close()  # type: ignore[attr-defined]


def test_nothing_to_do() -> None:
    assert list(spread(name_of, [], 2)) == []
