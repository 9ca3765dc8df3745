# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How long pages take: measured, kept, shown, put into a PDF. Prints one JSON object a line.

PYTHONPATH=src:tests python tests/bench/bench_imaging.py [ROUNDS]

``limit_ms`` is what the work asks for, ``floor_ms`` the bare decode or copy it cannot be faster than on the same
machine at the same moment: machines differ, their ratio hardly does. A feeder of 60 sheets a minute, both sides,
leaves 500 ms a page; a commune's computer is about 2.3 times slower than the one the limits were set on.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime

import cv2
import numpy as np

from accuracy.scans import scanned
from digitizer_desk import memory
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.imaging.master import as_png, decode, encode_master
from digitizer_desk.imaging.measure import measure_page
from digitizer_desk.imaging.page.blank import is_blank
from digitizer_desk.imaging.page.colour import has_note, measure_cast, measure_colour, measure_ink_tone
from digitizer_desk.imaging.page.edges import cut_edges
from digitizer_desk.imaging.page.lines import measure_lean
from digitizer_desk.imaging.page.seal import find_seal
from digitizer_desk.imaging.page.sharpness import ink_patches, measure_sharpness
from digitizer_desk.imaging.page.streaks import find_streaks
from digitizer_desk.imaging.page.twin import make_sketch
from digitizer_desk.imaging.page.upright import measure_rotation
from digitizer_desk.imaging.page.upscaled import resolution_before
from digitizer_desk.imaging.page.views import make_views
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.imaging.place import first_page, free_corner
from digitizer_desk.imaging.thumbnail import thumbnail
from digitizer_desk.training.papers import PEOPLE, draw_paper

A4 = (210.0, 297.0)


def median(run: Callable[[], object], rounds: int) -> float:
    """Median in ms of the processor's time for one thread: what else the machine does meanwhile hardly counts."""
    times = []
    for _ in range(rounds):
        start = time.thread_time()
        run()
        times.append((time.thread_time() - start) * 1000)
    return statistics.median(times)


def tell(what: str, found: float, *, limit: float | None = None, floor: float | None = None) -> None:
    line: dict[str, object] = {"what": what, "median_ms": round(found, 1)}
    if limit is not None:
        line |= {"limit_ms": limit, "within": found <= limit}
    if floor is not None:
        line |= {"floor_ms": round(floor, 1)}
    print(json.dumps(line), flush=True)


def single_checks(page: np.ndarray, dpi: int) -> dict[str, Callable[[], object]]:
    """Each measure by itself, on views made before."""
    views = make_views(page, dpi)
    lean = measure_lean(views)
    patches = ink_patches(views)
    sharpness = measure_sharpness(views, patches).score
    return {
        "small views": lambda: make_views(page, dpi),
        "blank": lambda: is_blank(views),
        "skew": lambda: measure_lean(views),
        "sharpness": lambda: measure_sharpness(views, ink_patches(views)),
        "colour": lambda: measure_colour(views, False),
        "ink tone": lambda: measure_ink_tone(views),
        "paper tone": lambda: measure_cast(views),
        "seal": lambda: find_seal(views),
        "note": lambda: has_note(views),
        "cut edges": lambda: cut_edges(views, None, ()),
        "enlargement": lambda: resolution_before(views, sharpness, patches),
        "enlargement of a page that is less crisp": lambda: resolution_before(views, None, patches),
        "streaks": lambda: find_streaks(views),
        "sketch": lambda: make_sketch(views, lean, 0),
    }


def as_a_driver_gives_it(page: np.ndarray, rounds: int) -> None:
    """Softened by its optics, with the noise of its sensor, as a JPEG of halved chroma: the middle of what comes."""
    soft = scanned(page, np.random.default_rng(2026), clip=False)
    views = make_views(soft, 300)
    lean = measure_lean(views)

    def both() -> tuple[float, float]:
        """One after the other, so that both see the same machine."""
        start = time.thread_time()
        measure_page(soft, dpi=(300, 300), sheet_mm=A4)
        middle = time.thread_time()
        measure_rotation(views, lean)
        return middle - start, time.thread_time() - middle

    times = [both() for _ in range(rounds)]
    whole = statistics.median(whole - up for whole, up in times) * 1000
    tell("300 dpi A4 as a driver gives it: every check from decoded pixels, without which way is up", whole, limit=25,
         floor=median(lambda: cv2.sumElems(soft), rounds))  # fmt: skip


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    cv2.setNumThreads(1)
    for dpi in (300, 200):
        page = draw_paper("quyet_dinh", PEOPLE[0], 1, dpi)
        jpeg = encode_master(page, dpi)
        stored = np.frombuffer(jpeg, np.uint8)
        bare = median(lambda stored=stored: cv2.imdecode(stored, cv2.IMREAD_COLOR), rounds)  # type: ignore[misc]

        def check(jpeg: bytes = jpeg, dpi: int = dpi) -> object:
            return measure_page(decode(jpeg), dpi=(dpi, dpi), sheet_mm=A4)

        views = make_views(page, dpi)
        lean = measure_lean(views)
        up = median(lambda views=views, lean=lean: measure_rotation(views, lean), rounds)  # type: ignore[misc]
        every = median(check, rounds)
        tell(f"{dpi} dpi A4: every check with decoding, without which way is up", every - up, limit=60, floor=bare)
        tell(f"{dpi} dpi A4: which way is up", up, limit=20)
        read = median(lambda page=page: cv2.sumElems(page), rounds)  # type: ignore[misc]
        tell(f"{dpi} dpi A4: reading the page once", read)
        whole = median(lambda page=page, dpi=dpi: measure_page(page, dpi=(dpi, dpi), sheet_mm=A4), rounds)  # type: ignore[misc]
        tell(
            f"{dpi} dpi A4: every check from decoded pixels, without which way is up", whole - up, limit=25, floor=read
        )
        if dpi == 300:
            as_a_driver_gives_it(page, rounds)
        for name, run in single_checks(page, dpi).items():
            tell(f"{dpi} dpi A4: {name}", median(run, rounds))
        tell(f"{dpi} dpi A4: decode the master", median(lambda jpeg=jpeg: decode(jpeg), rounds), floor=bare)  # type: ignore[misc]
        keep = median(lambda page=page, dpi=dpi: encode_master(page, dpi), rounds)  # type: ignore[misc]
        tell(f"{dpi} dpi A4: encode the master ({len(jpeg) // 1024} kB)", keep, floor=median(page.copy, rounds))
        tell(f"{dpi} dpi A4: thumbnail of 240 px", median(lambda jpeg=jpeg: thumbnail(jpeg, 240), rounds), limit=16)  # type: ignore[misc]
    info = PdfInfo("Tờ khai", "Lý Quốc Đệ", "", "", datetime(2026, 11, 21, tzinfo=VIETNAM))
    pages = [PdfPage(encode_master(draw_paper("don_de_nghi", PEOPLE[1], seed), 300), A4) for seed in range(20)]
    joined = b"".join(page.jpeg for page in pages)
    copying = median(lambda: bytearray(joined), rounds)
    tell(f"PDF of 20 pages ({len(joined) >> 20} MB)", median(lambda: build_pdf(pages, info), rounds), floor=copying)
    pdf = build_pdf(pages[:1], info)
    shown, _ = first_page(pdf)
    tell("first page of a PDF drawn", median(lambda: first_page(pdf), rounds))
    tell("place for the mark", median(lambda: free_corner(shown, A4, (50.0, 12.0), 5.0), rounds))
    grey = draw_paper("quyet_dinh", PEOPLE[0], 1)
    tell("lossless PNG of a 300 dpi page", median(lambda: as_png(grey, 300), 3))


if __name__ == "__main__":
    memory.keep_freed()  # as the program does
    main()
