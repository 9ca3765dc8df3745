# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The recovery passphrase is made anew from the terminal: the new one opens the cabinet, the old one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from digitizer_desk import assemble, paths
from digitizer_desk.app import main
from digitizer_desk.errors import DeskError
from digitizer_desk.paths import DeskPaths
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import recover_vault


def test_a_new_passphrase_is_shown_once_and_takes_the_place_of_the_old(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = DeskPaths(paths.desk_data())
    old = assemble.set_up(place)
    assert main(["passphrase"]) == 2
    assert old not in capsys.readouterr().out
    assert main(["passphrase", "--renew"]) == 0
    said = capsys.readouterr().out
    new = said.partition("mới: ")[2].split()[0]
    elsewhere = FileKeeper(tmp_path / "other.key")
    with pytest.raises(DeskError, match=r"passphrase_wrong"):
        recover_vault(place.cabinet, old, elsewhere)
    recover_vault(place.cabinet, new, elsewhere)
    with assemble.opened(place) as desk:
        (line,) = [entry for entry in desk.cabinet.journal.entries() if entry.action == "passphrase_renewed"]
        assert line.facts == {}
        assert new not in str(line), "a journal tells that, never what"
