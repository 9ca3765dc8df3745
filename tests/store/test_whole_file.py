# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A file written in pieces has its name when it is whole, and never takes one that is taken."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from digitizer_desk import durable
from digitizer_desk.errors import DeskError


def test_it_gets_its_name_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.pdf"
    with durable.whole_file(target) as stream:
        stream.write(b"half")
        assert not target.exists()
        stream.seek(0)
        stream.write(b"the whole")
    assert target.read_bytes() == b"the whole"
    assert [entry.name for entry in target.parent.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (OSError(errno.ENOSPC, "no space"), "store.disk_full"),
        (OSError(errno.EDQUOT, "quota"), "store.disk_full"),
        (OSError(errno.EIO, "stick gone"), "file.not_written"),
    ],
)
def test_a_disk_that_fails_half_way_leaves_the_good_file(tmp_path: Path, broken: OSError, code: str) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"good")

    def write_half() -> None:
        with durable.whole_file(target) as stream:
            stream.write(b"half of another")
            raise broken

    with pytest.raises(DeskError) as told:
        write_half()
    assert told.value.code == code
    assert target.read_bytes() == b"good"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.pdf"]


def test_a_new_file_never_takes_a_name_that_is_taken(tmp_path: Path) -> None:
    target = tmp_path / "0001.jpg"
    target.write_bytes(b"the first scan")
    with pytest.raises(DeskError) as told, durable.whole_file(target, new=True) as stream:
        stream.write(b"the second scan")
    assert told.value.code == "file.exists"
    assert target.read_bytes() == b"the first scan"
    assert [entry.name for entry in tmp_path.iterdir()] == ["0001.jpg"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DeskError) as told, durable.whole_file(tmp_path / "file" / "a.pdf"):
        pass
    assert told.value.code == "file.not_written"
