# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""kill -9 of the app at random moments of the story, restarted each time: no kept page lost, nothing received twice."""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from digitizer_desk import assemble
from digitizer_desk.dossier.model import ParcelState
from digitizer_desk.paths import DeskPaths
from digitizer_desk.training.province import stored_parcels
from flow.story_run import StoryRun
from soak import rounds

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="SANE and SoftHSM2 are Linux parts of the training room"
)

#: ten kills a day, two hundred in the soak run; the first four are aimed
KILLS = rounds(200)
ACTS = ("keep", "sign", "pack", "send")
_KEPT = re.compile(r"giữ trang (\w+) bản (\d+) ([0-9a-f]{16})")


def test_kill_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(20261121)
    data = tmp_path / "room"
    said: list[str] = []
    inside: Counter[str] = Counter()
    kills = 0
    while kills < KILLS or not all(inside[act] for act in ACTS):
        run = StoryRun(data, seed=3)
        missing = [act for act in ACTS if not inside[act]]
        if missing:
            act = missing[0]
            inside[act] += run.kill_inside(act, chance.randint(1, 2), chance.uniform(0.0, 0.003))
        else:
            run.kill_after(chance.uniform(0.8, 9.0))
        run.kill()
        kills += 1
        said.append(run.said)
        assert kills < KILLS + 40, f"never inside {missing}: {said[-1]}"
    last = StoryRun(data, seed=3)
    assert last.wait() == 0, last.said
    said.append(last.said)
    print(f"{kills} kills, inside {dict(inside)}")
    _nothing_lost(data, "\n".join(said))
    _nothing_twice(data)


def _nothing_lost(data: Path, said: str) -> None:
    """Every page the program said it had kept is there, whole."""
    promised = set(_KEPT.findall(said))
    assert len(promised) >= 10
    with assemble.opened(DeskPaths(data / "desk")) as desk:
        for page_id, version, start in promised:
            versions = {str(p.version): p for p in desk.cabinet.pages.versions(page_id)}
            assert version in versions, f"page {page_id} version {version} is lost"
            assert versions[version].sha256.startswith(start)
            assert desk.cabinet.pages.jpeg(versions[version]).startswith(b"\xff\xd8")
        assert desk.cabinet.journal.check().ok


def _nothing_twice(data: Path) -> None:
    """The province holds one parcel for each document version, and every one of them is ours."""
    there = stored_parcels(data / "province")
    assert len({p.parcel_id for p in there}) == len(there)
    assert len({p.sha256 for p in there}) == len(there)
    with assemble.opened(DeskPaths(data / "desk")) as desk:
        ours = {p.id: p for p in desk.cabinet.outbox.all() if p.state is ParcelState.ACCEPTED}
        assert {p.parcel_id for p in there} == set(ours)
        documents = Counter((p.document_id, p.version) for p in ours.values())
        assert max(documents.values()) == 1
