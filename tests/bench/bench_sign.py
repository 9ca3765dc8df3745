# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How long ``digitizer-desk sign`` takes under one PIN, where the time goes, and how much memory a big file costs;
SoftHSM in place of a token, pyHanko's own command line beside it. Prints one JSON object a line.

PYTHONPATH=src:tests python tests/bench/bench_sign.py [--documents 100] [--peer PATH/TO/pyhanko] [--peer-documents 10]

The peer is ``pip install pyhanko-cli "pyhanko[pkcs11]"`` in an environment of its own: it pins another python-pkcs11.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf

from digitizer_desk.devices.token import Pin
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice
from digitizer_desk.imaging.master import encode_master
from digitizer_desk.imaging.pdf import PdfInfo, PdfPage, build_pdf
from digitizer_desk.rules.load import load_rulebook
from digitizer_desk.signing.sign import clerk_lines, sign_stream
from digitizer_desk.signing.verify import verify_stream
from digitizer_desk.steps.sign import place_mark
from digitizer_desk.training.papers import PEOPLE, draw_paper
from digitizer_desk.training.token import TrainingToken, prepare_token

ROOT = Path(__file__).resolve().parents[2]
FONT = ROOT / "resources" / "fonts" / "Tinos-Desk.ttf"


def tell(what: str, **values: object) -> None:
    print(json.dumps({"what": what, **values}), flush=True)


def five_pages() -> bytes:
    """Five scanned A4 pages of 300 dpi, as the desk makes them."""
    jpeg = encode_master(draw_paper("giay_chung_sinh", PEOPLE[0], 4), (300.0, 300.0))
    made_at = datetime(2026, 11, 21, tzinfo=UTC)
    return build_pdf([PdfPage(jpeg, (210.0, 297.0), 0)] * 5, PdfInfo("Thử", "", "", "", made_at))


def noise(megabytes: int) -> bytes:
    """Pages of about half a megabyte each; the bytes are noise, nobody decodes them here but the first."""
    pdf = pikepdf.new()
    chance = np.random.default_rng(1)
    for _ in range(megabytes * 2):
        pdf.add_blank_page(page_size=(595, 842))
        picture = pikepdf.Stream(pdf, chance.integers(0, 256, 500_000, np.uint8).tobytes())
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = 1654, 2339, 8
        picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page = pdf.pages[-1]
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.obj.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def high_water(pid: int) -> float:
    """MB a running process ever held. The usage a parent is told counts the parent's own memory at the fork."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def command(token: TrainingToken, files: list[Path], out: Path) -> tuple[list[float], float, float]:
    """Run ``digitizer-desk sign``: ms from one file's answer to the next, seconds in all, peak MB."""
    order = [sys.executable, "-m", "digitizer_desk", "sign", *map(str, files), "--out", str(out), "--json"]
    order += ["--module", token.module, "--pin-stdin"]
    env = {**os.environ, **token.env, "PYTHONPATH": str(ROOT / "src")}
    start = time.perf_counter()
    with subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        run.stdin.write(token.pin + "\n")
        run.stdin.close()
        moments, peak = [], 0.0
        for line in run.stdout:
            moments.append(time.perf_counter())
            assert "error" not in json.loads(line), line
            peak = max(peak, high_water(run.pid))
    assert run.returncode == 0
    between = [(b - a) * 1000 for a, b in itertools.pairwise(moments)]
    return between, time.perf_counter() - start, peak


def peer(program: str, token: TrainingToken, file: Path, folder: Path, rounds: int) -> list[float]:
    """pyHanko's command line, one process a file as it is made: ms for each."""
    (folder / "pyhanko.yml").write_text(
        f"pkcs11-setups:\n  desk:\n    module-path: {token.module}\n    slot-no: 0\n"
        f"    cert-id: '{token.key_id}'\n    key-id: '{token.key_id}'\n    user-pin: '{token.pin}'\n"
    )
    order = [program, "--config", str(folder / "pyhanko.yml"), "sign", "addsig", "--field", "1/28,780,198,810/Sig1"]
    order += ["--use-pades", "pkcs11", "--p11-setup", "desk", str(file), str(folder / "peer.pdf")]
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        done = subprocess.run(order, env={**os.environ, **token.env}, capture_output=True, text=True)
        times.append((time.perf_counter() - start) * 1000)
        assert done.returncode == 0, done.stderr
    return times


def shares(token: TrainingToken, file: Path, rounds: int) -> None:
    """Where the time of one document goes, in this process: token, hash of the file, finding room, the PDF itself."""
    rule = load_rulebook([ROOT / "resources" / "regulations"], [ROOT / "resources" / "procedures"])
    law = rule.in_force(datetime.now(UTC).date()).signature
    whole, raw, hashing, placing = [], [], [], []
    with Pkcs11Token([ModuleChoice(token.module)], token.env) as client:
        certificate = client.certificates()[0]
        with client.open(certificate, Pin(bytearray(token.pin.encode()))) as session:

            def signed(data: bytes) -> bytes:
                start = time.perf_counter()
                signature = session.sign(data)
                raw.append((time.perf_counter() - start) * 1000)
                return signature

            for _ in range(rounds):
                now = datetime.now(UTC)
                start = time.perf_counter()
                mark, _ = place_mark(file, law, clerk_lines(certificate.holder, now))
                placing.append((time.perf_counter() - start) * 1000)
                with file.open("rb") as source, tempfile.TemporaryFile() as output:
                    begin = time.perf_counter()
                    sign_stream(
                        source,
                        output,
                        certificate=certificate.der,
                        chain=(),
                        raw_sign=signed,
                        key_kind=certificate.key_kind,
                        mark=mark,
                        field="ClerkCapture1",
                        signed_at=now,
                        captured_at=now,
                        font=FONT.read_bytes(),
                    )
                    whole.append((time.perf_counter() - begin) * 1000)
                    assert verify_stream(output, trust=[token.root_certificate], offline=True, at=now).valid
                start = time.perf_counter()
                hashlib.sha256(file.read_bytes()).digest()
                hashing.append((time.perf_counter() - start) * 1000)
    middle = {name: round(statistics.median(times), 2) for name, times in (
        ("token_ms", raw), ("hash_ms", hashing), ("place_ms", placing), ("sign_ms", whole))}  # fmt: skip
    middle["pdf_ms"] = round(middle["sign_ms"] - middle["token_ms"] - middle["hash_ms"], 2)
    tell("one document, medians", **middle)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--peer", default="")
    parser.add_argument("--peer-documents", type=int, default=10)
    parser.add_argument("--big", type=int, nargs="*", default=[1, 25, 100], help="sizes in MB for the memory")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        token = prepare_token(folder / "token")
        pdf = five_pages()
        files = [folder / f"{number:04d}.pdf" for number in range(wanted.documents)]
        for file in files:
            file.write_bytes(pdf)
        between, seconds, peak = command(token, files, folder / "out")
        ours = statistics.median(between)
        tell(
            f"{len(files)} documents of 5 pages, {len(pdf) / 1e6:.1f} MB each, one PIN",
            median_ms=round(ours, 1),
            p95_ms=round(sorted(between)[int(len(between) * 0.95) - 1], 1),
            seconds=round(seconds, 2),
            ms_a_document_with_start=round(seconds * 1000 / len(files), 1),
            peak_mb=round(peak),
        )
        if wanted.peer:
            theirs = statistics.median(peer(wanted.peer, token, files[0], folder, wanted.peer_documents))
            tell(
                "pyHanko's command line, same file, a process each",
                median_ms=round(theirs, 1),
                ratio=round(theirs / (seconds * 1000 / len(files)), 2),
            )
        shares(token, files[0], 20)
        for megabytes in wanted.big:
            big = folder / f"big-{megabytes}.pdf"
            big.write_bytes(noise(megabytes))
            _, seconds, peak = command(token, [big], folder / "out")
            tell(f"one file of {megabytes} MB", seconds=round(seconds, 2), peak_mb=round(peak))


if __name__ == "__main__":
    main()
