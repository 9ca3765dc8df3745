# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""How long signing and verifying take, with SoftHSM in place of a token. Prints one JSON object a line.

PYTHONPATH=src:tests python tests/bench/bench_sign.py [ROUNDS]
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pikepdf

from digitizer_desk.devices.token import Pin
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice
from digitizer_desk.signing.sign import Mark, clerk_lines, sign_pdf
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.training.token import prepare_token

FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "Tinos-Desk.ttf"


def draft(megabytes: int) -> bytes:
    """Pages of about half a megabyte each, as scans are; the bytes are noise, nobody decodes them here."""
    pdf = pikepdf.new()
    noise = np.random.default_rng(1)
    for _ in range(megabytes * 2):
        pdf.add_blank_page(page_size=(595, 842))
        picture = pikepdf.Stream(pdf, noise.integers(0, 256, 500_000, np.uint8).tobytes())
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = 1654, 2339, 8
        picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
        page = pdf.pages[-1]
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.obj.Contents = pikepdf.Stream(pdf, b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def measure(what: str, run: Callable[[], object], rounds: int) -> None:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"what": what, "median_ms": round(statistics.median(times), 2), "most_ms": round(max(times), 2)}))


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    font, now = FONT.read_bytes(), datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        token = prepare_token(Path(folder))
        print(json.dumps({"what": "training token made", "median_ms": round((time.perf_counter() - start) * 1000, 1)}))
        with Pkcs11Token([ModuleChoice(token.module)], token.env) as client:
            measure("tokens, library loaded", client.tokens, rounds)
            certificate = client.certificates()[0]

            def log_in() -> None:
                client.open(certificate, Pin(bytearray(token.pin.encode()))).close()

            measure("new host, login, logout", log_in, rounds)
            with client.open(certificate, Pin(bytearray(token.pin.encode()))) as session:
                measure("raw signature, through the host", lambda: session.sign(bytes(180)), rounds * 5)
                for megabytes in (1, 10):
                    pdf = draft(megabytes)

                    def sign(pdf: bytes = pdf) -> bytes:
                        return sign_pdf(
                            pdf,
                            certificate=certificate.der,
                            chain=(),
                            raw_sign=session.sign,
                            key_kind=certificate.key_kind,
                            mark=Mark(clerk_lines(certificate.holder, now), 28, 28, 170, 30, 10),
                            field="CanBo",
                            signed_at=now,
                            captured_at=now,
                            font=font,
                        )

                    signed = sign()
                    measure(f"sign {megabytes} MB (+{(len(signed) - len(pdf)) // 1024} KB)", sign, rounds)

                    def verify(signed: bytes = signed) -> None:
                        assert verify_pdf(signed, trust=[token.root_certificate], offline=True, at=now).valid

                    measure(f"verify {megabytes} MB", verify, rounds)


if __name__ == "__main__":
    main()
