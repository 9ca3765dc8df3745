# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What ten thousand waiting parcels cost, and how fast the queue empties against ``curl`` sending the same files.

``python tests/bench/bench_outbox.py [--parcels N] [--files N] [--size BYTES] [--rounds N]`` prints one JSON object a
line; judges nothing. The desk's side of the race is the whole round: cabinet, journal, hashes, receipt; curl only
sends.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import psutil  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from digitizer_desk import assemble, settings  # noqa: E402
from digitizer_desk.desk import Desk  # noqa: E402
from digitizer_desk.lanes import Lanes  # noqa: E402
from digitizer_desk.paths import DeskPaths  # noqa: E402
from digitizer_desk.steps import send  # noqa: E402
from digitizer_desk.steps.outgoing.look import look  # noqa: E402
from digitizer_desk.store.sql.schema import parcels  # noqa: E402
from digitizer_desk.store.sql.values import row_of_parcel  # noqa: E402
from digitizer_desk.store.tray.look import Drawer  # noqa: E402
from digitizer_desk.training.province import LocalProvince  # noqa: E402
from digitizer_desk.ui.bridge import Bridge  # noqa: E402
from digitizer_desk.ui.screens.outbox import Outbox  # noqa: E402
from flow import test_bad_line  # noqa: E402
from store.samples import CLERK, make_dossier  # noqa: E402


def say(what: str, **numbers: Any) -> None:
    print(json.dumps({"bench": "outbox", "what": what, **numbers}), flush=True)


def median_ms(call: Callable[[], object], rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return round(statistics.median(times) * 1000, 1)


def race(place: DeskPaths, folder: Path, files: int, size: int) -> tuple[float, float, float]:
    """The same files to two like provinces, by one round of the desk and by one curl process: MB/s of each, and the
    processor time of the desk for a parcel in ms."""
    test_bad_line.MEAN = size
    with LocalProvince(folder / "province") as province, LocalProvince(folder / "other") as other:
        chosen = settings.ProvinceChoice(name="T", base_url=province.url, desk_id="quay-1")
        settings.write(place.settings_file, settings.Settings(province=chosen))
        with assemble.opened(place) as desk:
            desk.cabinet.settings.put("province.secret", province.token, CLERK)
        with assemble.opened(place) as desk:
            needed = test_bad_line.fill(desk, files)
            batch = _for_curl(desk, folder, other)
            start, cpu = time.perf_counter(), time.process_time()
            outcome = send.deliver_due(desk, lambda _event: None, lambda: False)
            ours, cpu = time.perf_counter() - start, time.process_time() - cpu
            assert len(outcome.accepted) == files, outcome
        start = time.perf_counter()
        subprocess.run(
            ["curl", "--silent", "--fail", "--show-error", "--config", batch], check=True, capture_output=True
        )
        theirs = time.perf_counter() - start
    return needed / ours / 1e6, needed / theirs / 1e6, cpu / files * 1000


def races(folder: Path, rounds: int, files: int, size: int) -> None:
    """Several races, each in a new cabinet: the disk of a busy machine makes single ones worth little."""
    ran = []
    for number in range(rounds):
        place = DeskPaths(folder / f"desk-{number}")
        assemble.set_up(place)
        ran.append(race(place, folder / f"race-{number}", files, size))
    ours, theirs, cpu = (round(statistics.median(column), 1) for column in zip(*ran, strict=True))
    ratios = sorted(round(mine / curl, 2) for mine, curl, _cpu in ran)
    say(
        "desk against curl",
        files=files,
        size=size,
        rounds=rounds,
        desk_mb_per_s=ours,
        curl_mb_per_s=theirs,
        ratio=round(statistics.median(ratios), 2),
        ratios=ratios,
        desk_cpu_ms_per_parcel=cpu,
    )


def _for_curl(desk: Desk, folder: Path, province: LocalProvince) -> Path:
    """A configuration by which one curl process sends every file and record over one connection."""
    lines = []
    for number, parcel in enumerate(reversed(desk.cabinet.outbox.all())):
        pdf, record = folder / f"{number}.pdf", folder / f"{number}.json"
        pdf.write_bytes(desk.cabinet.documents.pdf_by_hash(parcel.file_sha256))
        record.write_text(parcel.body, "utf-8")
        for path, file, media in (
            (f"/v1/files/{parcel.file_sha256}", pdf, "application/pdf"),
            (f"/v1/parcels/{parcel.id}", record, "application/json"),
        ):
            lines += ["next"] if lines else []
            lines += [f'url = "{province.url}{path}"', f'upload-file = "{file}"', f'output = "{folder / "answer"}"']
            lines += [f'header = "Content-Type: {media}"', f'header = "Authorization: Bearer {province.token}"']
            lines += ['header = "Desk-Id: quay-1"', 'header = "Expect:"']
    batch = folder / "curl.txt"
    batch.write_text("\n".join(lines), "utf-8")
    return batch


def waiting(place: DeskPaths, count: int) -> None:
    """So many small parcels wait without a network: looking at them, and letting them wait."""
    nowhere = settings.ProvinceChoice(name="T", base_url="http://127.0.0.1:9", desk_id="quay-1")
    settings.write(place.settings_file, settings.Settings(province=nowhere))
    me = psutil.Process()
    with assemble.opened(place) as desk:
        start = time.perf_counter()
        _lay_down(desk, count)
        say("packed", parcels=count, seconds=round(time.perf_counter() - start, 1))
        now = desk.clock()
        say(
            "with them waiting",
            order_ms=median_ms(lambda: desk.cabinet.outbox.due(now)),
            look_ms=median_ms(lambda: look(desk)),
            find_all_ms=median_ms(lambda: desk.cabinet.outbox.find(Drawer.ALL, (), now)),
            search_ms=median_ms(lambda: desk.cabinet.outbox.find(Drawer.ALL, ("giay", "261121"), now)),
            rows_ms=median_ms(lambda: desk.cabinet.outbox.rows(desk.cabinet.outbox.find(Drawer.ALL, (), now)[:30])),
            offline_round_ms=median_ms(lambda: send.deliver_due(desk, lambda _e: None, lambda: False)),
        )
        _open_screen(desk)
        before, cpu, start = me.memory_info().rss, sum(me.cpu_times()[:2]), time.perf_counter()
        rounds = 0
        while time.perf_counter() - start < 20:  # what a window does every 15 s, for as long as 40 of them
            send.deliver_due(desk, lambda _e: None, lambda: False)
            look(desk)
            rounds += 1
            time.sleep(0.5)
        used = (sum(me.cpu_times()[:2]) - cpu) / rounds
        grown = (me.memory_info().rss - before) / 1e6
        say("idle", rounds=rounds, cpu_percent=round(used / 15 * 100, 2), memory_grown_mb=round(grown, 1))


def _lay_down(desk: Desk, count: int) -> None:
    """Rows as packing writes them, all of one small document: what waits is rows, files are not looked at."""
    desk.cabinet.dossiers.add(make_dossier(1000, 5), CLERK)
    test_bad_line.pack(desk, "d1000", "d1000c1", b"%PDF-1.7 waits")
    first = next(p for p in desk.cabinet.outbox.all() if p.component_id == "d1000c1")
    with desk.cabinet.database.writing() as connection:
        for number in range(1001, 1001 + count // 5):
            desk.cabinet.dossiers.add(make_dossier(number, 5), CLERK)
            rows = []
            for part in range(1, 6):
                place = (number - 1000) * 5 + part
                made = replace(first, id=str(uuid.UUID(int=place)), dossier_id=f"d{number}")
                made = replace(made, dossier_code=make_dossier(number).code, component_id=f"d{number}c{part}")
                rows.append({"number": 100_000 + place, **row_of_parcel(made)})
            connection.execute(insert(parcels), rows)


def _open_screen(desk: Desk) -> None:
    app = QApplication.instance() or QApplication([])
    lanes = Lanes()
    bridge = Bridge(lanes)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        screen = Outbox(desk.cabinet.outbox, bridge.run)
        screen.resize(1366, 700)
        screen.show()
        screen.show_queue(look(desk))
        while not screen.model.rowCount() or not len(screen.model._rows):
            app.processEvents()
        screen.repaint()
        times.append(time.perf_counter() - start)
        longest = _scroll(app, screen)
        screen.close()
        screen.deleteLater()
    lanes.close()
    say("screen", open_ms=round(statistics.median(times) * 1000), longest_step_scrolling_ms=round(longest * 1000, 1))


def _scroll(app: Any, screen: Outbox) -> float:
    bar, longest = screen.table.verticalScrollBar(), 0.0
    for step in range(60):
        start = time.perf_counter()
        bar.setValue(bar.maximum() * step // 60)
        app.processEvents()
        longest = max(longest, time.perf_counter() - start)
    return longest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parcels", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--size", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = f"{folder}/config"
        place = DeskPaths(Path(folder) / "desk")
        assemble.set_up(place)
        if shutil.which("curl"):
            for size in (options.size, options.size // 10):
                races(Path(folder) / str(size), options.rounds, options.files, size)
        waiting(place, options.parcels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
