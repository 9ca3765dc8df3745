# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How long the cabinet takes: medians, printed. Not a test: nothing here fails for being slow.

PYTHONPATH=src:tests python tests/bench/bench_store.py [FOLDER]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from digitizer_desk.store.backup import back_up
from digitizer_desk.store.cabinet import open_cabinet
from digitizer_desk.store.keepers import FileKeeper
from digitizer_desk.store.vault import create_vault
from store.room import Clock
from store.samples import CLERK, FAULT, MEASURES, make_dossier, new_page, picture

MASTER = 1_500_000


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def median(work: Callable[[int], object], times: int) -> float:
    return statistics.median(milliseconds(lambda n=n: work(n)) for n in range(times))  # type: ignore[misc]


def main(place: Path) -> None:
    folder = place / "cabinet"
    vault = create_vault(folder, "BENCH", FileKeeper(place / "bench.key"))
    cabinet = open_cabinet(folder, vault, Clock())
    cabinet.dossiers.add(make_dossier(), CLERK)
    master = picture(0, MASTER)
    pictures = [n.to_bytes(8, "big") + master for n in range(40)]

    def show(what: str, value: float) -> None:
        print(f"{what:<58}{value:9.2f} ms")

    show("seal 1.5 MB", median(lambda n: vault.seal(pictures[n]), 40))
    sealed = vault.seal(master)
    show("unseal 1.5 MB", median(lambda n: vault.unseal(sealed), 40))
    show("keep a page of 1.5 MB", median(lambda n: cabinet.pages.keep("d1c1", pictures[n], new_page(), CLERK), 40))
    page = cabinet.dossiers.load("d1").component("d1c1").pages[0]
    show("read a page of 1.5 MB", median(lambda n: cabinet.pages.jpeg(page), 40))
    show("500 durable rows, together", milliseconds(lambda: [cabinet.settings.put(f"k{n}", "v") for n in range(500)]))
    for n in range(500):
        kept = cabinet.pages.keep("d1c2", n.to_bytes(8, "big"), new_page(), CLERK)
        cabinet.pages.set_measures(kept.id, MEASURES, [FAULT])
    show("load a dossier of 540 pages, measured", median(lambda n: cabinet.dossiers.load("d1"), 30))
    show("find by name", median(lambda n: cabinet.dossiers.find("huong", 20), 30))
    lines = cabinet.journal.head()[0]
    show(f"check {lines} journal lines", median(lambda n: cabinet.journal.check(), 5))
    (place / "stick").mkdir()
    show("first backup of 60 MB", milliseconds(lambda: back_up(cabinet, place / "stick")))
    show("backup with nothing new", median(lambda n: back_up(cabinet, place / "stick"), 5))
    show("close", milliseconds(cabinet.close))
    opened = []
    show("open", milliseconds(lambda: opened.append(open_cabinet(folder, vault, Clock()))))
    opened[0].close()
    (folder / "lock").write_bytes(b"in use")
    show("open after an unclean end", milliseconds(lambda: opened.append(open_cabinet(folder, vault, Clock()))))
    opened[1].close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as own:
        main(Path(own))
