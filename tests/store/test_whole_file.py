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


def test_a_name_that_was_only_reserved_is_given_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_part: Path, _path: Path) -> None:
        raise OSError(errno.EIO, "stick gone")

    monkeypatch.setattr(durable, "put_in_place", gone)
    with pytest.raises(DeskError) as told, durable.whole_file(tmp_path / "0001.jpg", new=True) as stream:
        stream.write(b"a scan")
    assert told.value.code == "file.not_written"
    assert list(tmp_path.iterdir()) == [], "an empty file would look like a scan"


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    name = ("Đơn đề nghị đăng ký biến động đất đai " * 9).encode()[:250].decode("utf-8", "ignore").strip() + ".pdf"
    assert len(name.encode()) > 250
    with durable.whole_file(tmp_path / name) as stream:
        stream.write(b"signed")
    durable.write_whole(tmp_path / name, b"signed again")
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [(name, b"signed again")]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DeskError) as told, durable.whole_file(tmp_path / "file" / "a.pdf"):
        pass
    assert told.value.code == "file.not_written"
