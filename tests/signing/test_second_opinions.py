# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Programs nobody here wrote judge what was signed here: pyHanko's own validator, poppler, MuPDF, OpenSSL, iText."""

from __future__ import annotations

import asyncio
import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESStatus
from pyhanko.sign.validation import ades
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from digitizer_desk.signing.appearance import Mark, clerk_lines, copy_line, mark_size, wrapped
from digitizer_desk.signing.lasting.timestamps import TimestampService
from digitizer_desk.signing.lasting.upgrade import upgrade_pdf
from signing.people import FONT, NAME, draw_pdf
from signing.services import OFFICE, Services

JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("itext5", "bcprov", "bcpkix", "bcutil")]
#: every Vietnamese letter once, as names that could be
ALL_LETTERS = (
    "Àn Áo Ải Ãng Ạ Ăn Ằng Ắc Ẳng Ẵ Ặc Ân Ầm Ấn Ẩn Ẫ Ậu",
    "Đạt È Én Ẻ Ẽ Ẹ Ê Ề Ế Ể Ễ Ệ Ì Í Ỉ Ĩ Ị Ò Ó Ỏ Õ Ọ Ô",
    "Ồ Ố Ổ Ỗ Ộ Ơ Ờ Ớ Ở Ỡ Ợ Ù Ú Ủ Ũ Ụ Ư Ừ Ứ Ử Ữ Ự Ỳ Ý Ỷ Ỹ Ỵ",
    "à á ả ã ạ ă ằ ắ ẳ ẵ ặ â ầ ấ ẩ ẫ ậ đ è é ẻ ẽ ẹ ê ề ế ể ễ ệ",
    "ì í ỉ ĩ ị ò ó ỏ õ ọ ô ồ ố ổ ỗ ộ ơ ờ ớ ở ỡ ợ ù ú ủ ũ ụ",
    "ư ừ ứ ử ữ ự ỳ ý ỷ ỹ ỵ",
)
KINDS = ("bb", "lta", "both", "long", "letters")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def signed(services: Services, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The five files to be judged."""
    folder = tmp_path_factory.mktemp("signed")
    trust, service = [services.der("root")], TimestampService(services.tsa)
    officer, office, font = services.person("officer"), services.person("office"), FONT.read_bytes()

    def clerk(pdf: bytes, lines: tuple[str, ...] = ()) -> bytes:
        size = (240.0, 80.0) if lines else (170.0, 30.0)
        mark = Mark(lines or clerk_lines(NAME, now()), 28.0, 28.0, *size, 10.0)
        return officer.sign(pdf, mark=mark, signed_at=now(), captured_at=now())

    def better(pdf: bytes) -> bytes:
        return upgrade_pdf(pdf, service, trust=trust, clock=now)[0]

    text = wrapped(copy_line(OFFICE, now()), font, 10.0, 240.0)
    width, height = mark_size(text, font, 10.0)
    corner = Mark(text, 595.28 - 28.0 - width, 28.0, width, height, 10.0)
    bb = clerk(draw_pdf())
    lta = better(bb)
    both = better(
        office.sign(lta, mark=corner, field="CoQuan", role="organisation", signed_at=now(), captured_at=None)
    )  # fmt: skip
    made = {
        "bb": bb,
        "lta": lta,
        "both": both,
        "long": better(clerk(draw_pdf(pages=200))),
        "letters": better(clerk(draw_pdf(empty=True), ALL_LETTERS)),
    }
    for name, pdf in made.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    (folder / "root.der").write_bytes(services.der("root"))
    (folder / "root.pem").write_bytes(pem.armor("CERTIFICATE", services.der("root")))
    return {name: folder / f"{name}.pdf" for name in made} | {"root": folder / "root.der", "pem": folder / "root.pem"}


def embedded(file: Path) -> list[Any]:
    found = PdfFileReader(io.BytesIO(file.read_bytes())).embedded_signatures
    return sorted(found, key=lambda one: one.signed_revision)


def stamps(kind: str) -> int:
    return {"bb": 0, "both": 2}.get(kind, 1)


def people(kind: str) -> int:
    return 2 if kind == "both" else 1


@pytest.mark.parametrize("kind", KINDS)
def test_pyhankos_validator(signed: dict[str, Path], services: Services, kind: str) -> None:
    for one in embedded(signed[kind]):
        if one.sig_object_type == "/DocTimeStamp":
            continue
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(services.der("root"))],
            other_certs=[x509.Certificate.load(services.der("interm"))],
        )
        status = asyncio.run(async_validate_pdf_signature(one, context))
        assert status.bottom_line, status.pretty_print_details()


@pytest.mark.parametrize("kind", ["lta", "both", "long"])
@pytest.mark.parametrize("years", [0, 12])
def test_pyhankos_long_term_check_years_ahead(
    signed: dict[str, Path], services: Services, kind: str, years: int
) -> None:
    """Past the end of the certificates, without a network. TSA and CA are kept in time by the simulation."""
    trust = SimpleTrustManager.build([x509.Certificate.load(services.der("root"))])
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=trust, revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO)
            )
        )
    )
    for one in embedded(signed[kind]):
        if one.sig_object_type == "/DocTimeStamp":
            continue
        if years:
            later = now() + timedelta(days=365 * years)
            result = asyncio.run(ades.simulate_future_ades_lta_validation(one, spec, later))
        else:
            result = asyncio.run(ades.ades_lta_validation(one, spec))
        assert result.ades_subindic.status is AdESStatus.PASSED, result.ades_subindic


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("kind", KINDS)
def test_poppler(signed: dict[str, Path], kind: str) -> None:
    said = subprocess.run(["pdfsig", "-nocert", signed[kind]], capture_output=True, text=True).stdout
    assert said.count("Signature is Valid") == people(kind), said
    assert said.count("ETSI.CAdES.detached") == people(kind)
    assert "Digest Mismatch" not in said
    assert "Invalid" not in said
    assert ("Total document signed" in said) == (kind == "bb" or stamps(kind) > 0), said


@pytest.mark.skipif(shutil.which("mutool") is None, reason="mupdf-tools is not installed")
@pytest.mark.parametrize("kind", ["bb", "both"])
def test_mupdf(signed: dict[str, Path], kind: str) -> None:
    said = subprocess.run(["mutool", "sign", "-v", signed[kind]], capture_output=True, text=True)
    text = said.stdout + said.stderr
    # "valid but there have been edits" is all it says of an earlier signature: it does not look at what was added
    assert text.count("signature is valid") + text.count("document is unchanged") == people(kind), text


@pytest.mark.parametrize("kind", KINDS)
def test_openssl_over_the_bytes_themselves(signed: dict[str, Path], kind: str, tmp_path: Path) -> None:
    """The CMS and the signed bytes cut out of the file by its byte range: no PDF library is asked."""
    pdf = signed[kind].read_bytes()
    for number, one in enumerate(embedded(signed[kind])):
        _, before, after, rest = (int(value) for value in one.byte_range)
        (tmp_path / "bytes").write_bytes(pdf[:before] + pdf[after : after + rest])
        der = bytes.fromhex(pdf[before + 1 : after - 1].decode())
        length = 4 + int.from_bytes(der[2:4], "big")  # the digits behind it are padding
        (tmp_path / "cms").write_bytes(der[:length])
        ca = ["-CAfile", signed["pem"]]
        if one.sig_object_type == "/DocTimeStamp":
            order = ["openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "cms", "-data", tmp_path / "bytes", *ca]
        else:
            order = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms", "-content",
                     tmp_path / "bytes", "-purpose", "any", "-out", tmp_path / "out", *ca]  # fmt: skip
        said = subprocess.run(order, capture_output=True, text=True)
        assert said.returncode == 0, (number, said.stdout + said.stderr)


@pytest.mark.skipif(not all(jar.is_file() for jar in JARS) or not shutil.which("java"), reason="iText is not installed")
def test_itext(signed: dict[str, Path]) -> None:
    source = Path(__file__).parent / "java" / "Check.java"
    path = ":".join(map(str, JARS))
    order = ["java", "-cp", path, str(source), str(signed["root"]), *(str(signed[kind]) for kind in KINDS)]
    said = subprocess.run(order, capture_output=True, text=True, timeout=120)
    assert said.returncode == 0, said.stderr
    lines = [line.split() for line in said.stdout.splitlines()]
    for number, kind in enumerate(KINDS, start=1):
        here = [line[1:] for line in lines if line[0] == str(number)]
        assert len(here) == people(kind) + stamps(kind)
        assert all(line[0] == "whole" for line in here), here
        assert all(line[1] == "chain" for line in here), here
        assert sum(line[2] == "timestamp" for line in here) == stamps(kind)
        assert sum(line[2] == "own-stamp" for line in here) == (0 if kind == "bb" else people(kind))


def test_every_letter_can_be_read_out_of_the_mark(signed: dict[str, Path]) -> None:
    order = ["pdftotext", "-raw", "-l", "1", str(signed["letters"]), "-"]
    said = subprocess.run(order, capture_output=True, text=True, check=True).stdout
    letters = {c for line in ALL_LETTERS for c in line if not c.isspace()}
    assert {c for c in letters if ord(c) > 127} <= set(said)
    assert len({c for c in letters if ord(c) > 127}) == 134
