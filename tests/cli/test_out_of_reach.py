# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A data folder nobody may use is told in words: by every command, by the window, and part by part by the doctor."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from digitizer_desk import app, assemble, paths
from digitizer_desk.app import main
from digitizer_desk.errors import DeskError
from digitizer_desk.paths import DeskPaths
from digitizer_desk.store import disk
from digitizer_desk.store.vault import FILE, open_vault


@pytest.fixture
def place() -> DeskPaths:
    """A desk whose folders somebody else keeps: a file stands where the log would lie."""
    here = DeskPaths(paths.desk_data())
    assemble.set_up(here)
    shutil.rmtree(here.logs)
    here.logs.write_bytes(b"")
    return here


def test_a_command_says_what_is_the_matter(place: DeskPaths, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["outbox"]) == 3
    assert capsys.readouterr().err.startswith("store.no_access: Không mở được thư mục dữ liệu. «")


def test_the_doctor_goes_on_with_what_can_be_looked_at(place: DeskPaths, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 3
    said = capsys.readouterr().out
    assert "store.no_access" in said
    for part in ("Chương trình", "Phông chữ dấu ký", "Ổ đĩa"):
        assert part in said


def test_the_window_shows_a_calm_page_and_none_is_made_anew(place: DeskPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("digitizer_desk.ui.application.run_window", lambda **doors: given.update(doors) or 0)
    assert main([]) == 0
    assert given["set_up"] is None, "it is there"
    with pytest.raises(DeskError, match=r"store\.no_access"), given["open_desk"](lambda *_: None):  # type: ignore[operator]
        pass

    def foreign(_place: DeskPaths) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(assemble, "is_set_up", foreign)
    given.clear()
    assert main([]) == 0
    assert given["set_up"] is None, "nobody knows what lies in there"


def test_a_cabinet_of_another_user_is_not_called_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    here = DeskPaths(paths.desk_data())
    assemble.set_up(here)
    with app._opened(here):
        pass
    with monkeypatch.context() as patched:
        patched.setattr(disk.os, "access", lambda _path, _mode: False)
        with pytest.raises(DeskError, match=r"store\.no_access"), app._opened(here):
            pass
    read = Path.read_bytes

    def foreign(path: Path) -> bytes:
        if path.name == FILE:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_bytes", foreign)
        with pytest.raises(PermissionError):
            open_vault(here.cabinet, assemble.keeper(here))
    with app._opened(here):
        pass
