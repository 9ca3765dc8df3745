# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A week of work, packed without a network, leaves through a line that is cut, slowed and lied to, while the desk is
killed every few seconds: everything arrives, unchanged, none twice, in order inside each dossier.

The soak run sends a thousand signed documents (2 GB in all), the daily run fifty, with the same seeds.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.desk import Desk
from digitizer_desk.devices.process import surroundings
from digitizer_desk.dossier.model import Document, Field, Metadata, ParcelState, ResultCode, Signature
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps.parts.due import parcel_for
from digitizer_desk.training.province import LocalProvince, stored_parcels
from signing.people import draw_pdf, make_authority, make_person
from soak import rounds, soaking
from stand_ins.bad_line import BadLine
from store.samples import CLERK, START, make_dossier

SEED = 20261121
DOCUMENTS = rounds(1000)
PARTS = 5
#: bytes of a document in the mean: 2 GB for a thousand; the daily ones are smaller, not fewer cuts a byte
MEAN = 2_000_000 if soaking() else 150_000
#: seconds a desk works before it is killed
LIVES = (1.0, 5.0) if soaking() else (0.5, 1.5)
LIMIT_S = 2400 if soaking() else 150


def sizes(count: int, chance: random.Random) -> list[int]:
    """Many small, few large, MEAN in the mean: exactly."""
    drawn = [0.05 + chance.expovariate(1.0) for _ in range(count)]
    return [max(20_000, int(one * MEAN * count / sum(drawn))) for one in drawn]


def signed_documents(count: int) -> Iterator[bytes]:
    """PDFs of a scan with an officer's signature, no two alike."""
    chance = random.Random(SEED)
    officer, draft = make_person(make_authority()), draw_pdf(pages=1)
    for size in sizes(count, chance):
        with pikepdf.open(io.BytesIO(draft)) as pdf:
            pdf.Root.Payload = pikepdf.Stream(pdf, chance.randbytes(max(1, size - len(draft) - 36_000)))
            whole = io.BytesIO()
            pdf.save(whole, deterministic_id=True)
        yield officer.sign(whole.getvalue())


def pack(desk: Desk, dossier_id: str, component_id: str, pdf: bytes) -> None:
    """What signing, data and code leave behind, and the parcel they make due."""
    cabinet = desk.cabinet
    sha256 = hashlib.sha256(pdf).hexdigest()
    signature = Signature("clerk", CLERK.name, "ab" * 32, START, START, CLERK.id)
    pages = ((f"page-{component_id}", "a" * 64, 0),)
    document = Document(f"doc-{component_id}", 1, sha256, len(pdf), pages, START, signatures=(signature,))
    with cabinet.transaction():
        cabinet.documents.freeze(component_id, pdf, document, CLERK)
        data = Metadata((Field("ten_giay_to", "Tờ khai"), Field("so_ky_hieu", "7/2026")), CLERK.id, START, document.id)
        cabinet.dossiers.set_metadata(component_id, data, CLERK)
        code = f"H08.KS.{component_id}"
        cabinet.dossiers.set_result_code(component_id, ResultCode("H08", "KS", component_id, text=code), CLERK)
        dossier = cabinet.dossiers.load(dossier_id)
        cabinet.outbox.add(parcel_for(desk, dossier, dossier.component(component_id), CLERK), CLERK)


def fill(desk: Desk, count: int) -> int:
    """Pack so many documents, packed round and round the dossiers. Returns their bytes."""
    dossiers = -(-count // PARTS)
    for number in range(1, dossiers + 1):
        desk.cabinet.dossiers.add(make_dossier(number, PARTS), CLERK)
    total = 0
    for place, pdf in enumerate(signed_documents(count)):
        number, part = place % dossiers + 1, place // dossiers + 1
        pack(desk, f"d{number}", f"d{number}c{part}", pdf)
        total += len(pdf)
    return total


def live(log: Path, seconds: float, enough: Callable[[], bool]) -> bool:
    """One life of the desk: until nothing waits, or it is killed so many seconds after it began to work, or as soon as
    enough has arrived (a fast machine would be done before the seconds are over). Tells whether it was killed."""
    seen = log.stat().st_size
    with tempfile.TemporaryFile() as failed:
        child = subprocess.Popen(
            [sys.executable, "-m", "flow.send_child"],
            stdin=subprocess.DEVNULL,
            stderr=failed,
            env=surroundings({key: os.environ[key] for key in ("DIGITIZER_DESK_DATA", "XDG_CONFIG_HOME")}),
        )
        try:
            while child.poll() is None and log.stat().st_size <= seen:  # how long a start takes is the machine's matter
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(0.02)
            code = _ended(child, seconds, enough)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return True
        failed.seek(0)
        assert code == 0, failed.read().decode() or "the line cannot speak the province's words"
        return False


def _ended(child: subprocess.Popen[bytes], seconds: float, enough: Callable[[], bool]) -> int:
    """Its exit code.

    Raises:
        TimeoutExpired: its time is over, or enough has arrived.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and not enough():
        with contextlib.suppress(subprocess.TimeoutExpired):
            return child.wait(0.02)
    raise subprocess.TimeoutExpired(child.args, seconds)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_everything_arrives_once_through_a_line_nobody_should_have(tmp_path: Path) -> None:
    place = DeskPaths(Path(os.environ["DIGITIZER_DESK_DATA"]))
    assemble.set_up(place)
    chance = random.Random(SEED)
    with LocalProvince(tmp_path / "province") as province, BadLine(province.port, SEED) as line:
        url = f"http://127.0.0.1:{line.port}"
        chosen = settings.ProvinceChoice(name="Tỉnh", base_url=url, desk_id="quay-1", timeout_s=5.0, settle_s=0.2)
        settings.write(place.settings_file, settings.Settings(province=chosen))
        with assemble.opened(place) as desk:
            desk.cabinet.settings.put("province.secret", province.token, CLERK)
            needed = fill(desk, DOCUMENTS)
        started, kills = time.monotonic(), 0

        def enough(before: int, more: int) -> bool:
            return not soaking() and len(province.copies()) >= before + more

        while live(
            place.logs / "desk.log",
            chance.uniform(*LIVES),
            partial(enough, len(province.copies()), chance.randint(4, 12)),
        ):
            kills += 1
            assert time.monotonic() - started < LIMIT_S, f"{len(province.copies())} of {DOCUMENTS} after {kills} kills"
        seconds = time.monotonic() - started
        went_up, fates = line.went_up, dict(line.fates)
    print(
        f"{DOCUMENTS} documents, {needed / 1e6:.1f} MB, {seconds:.0f} s, {kills} kills; "
        f"sent / needed {went_up / needed:.2f}; {fates}"
    )
    assert kills >= (20 if soaking() else 2)
    _all_there_once_in_order(place, tmp_path / "province")


def _all_there_once_in_order(place: DeskPaths, province: Path) -> None:
    there = stored_parcels(province)
    assert len(there) == len({one.parcel_id for one in there}) == len({one.sha256 for one in there}) == DOCUMENTS
    with assemble.opened(place) as desk:
        ours = {parcel.id: parcel for parcel in desk.cabinet.outbox.all()}
        assert {parcel.state for parcel in ours.values()} == {ParcelState.ACCEPTED}
        order: dict[str, list[int]] = defaultdict(list)
        for one in there:
            parcel = ours[one.parcel_id]
            assert one.path.read_bytes() == desk.cabinet.documents.pdf_by_hash(parcel.file_sha256)
            order[parcel.dossier_id].append(int(parcel.component_id.rpartition("c")[2]))
        assert all(parts == list(range(1, len(parts) + 1)) for parts in order.values()), "order inside a dossier"
        assert len({parcel.receipt for parcel in ours.values()}) == DOCUMENTS
        assert desk.cabinet.journal.check().ok
