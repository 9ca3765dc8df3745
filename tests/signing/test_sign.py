# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A signature is what PAdES asks for, and programs nobody here wrote agree."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from digitizer_desk.errors import DeskError
from digitizer_desk.signing.sign import CAPTURED_AT, RESERVED, ROLE, Mark, clerk_lines
from digitizer_desk.signing.verify import verify_pdf
from signing.people import CAPTURED, NAME, NOW, Authority, Person, draw_pdf, make_person, rsa_key


def reserved(pdf: bytes) -> tuple[int, int]:
    """Where the hex digits of the last signature begin and end."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    return start, pdf.index(b">", start)


def content_info(pdf: bytes) -> cms.SignedData:
    start, end = reserved(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()))["content"]


def attribute(data: cms.SignedData, name: str) -> object:
    attributes = data["signer_infos"][0]["signed_attrs"]
    return next(a["values"] for a in attributes if a["type"].native == name)


def jpegs(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [page.Resources.XObject.Im0.read_raw_bytes() for page in opened.pages]


def test_nothing_of_the_draft_is_touched(draft: bytes, signed: bytes) -> None:
    assert signed.startswith(draft)
    assert jpegs(signed) == jpegs(draft)


def test_one_moment_everywhere_and_capture_kept_apart(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        dictionary = pdf.Root.AcroForm.Fields[0].V
        assert str(dictionary.M) == "D:20261121101542+07'00'"
        assert str(dictionary[CAPTURED_AT]) == "2026-11-21T09:38:12+07:00"
        assert str(dictionary[ROLE]) == "/clerk"
        assert str(dictionary.SubFilter) == "/ETSI.CAdES.detached"
        assert str(pdf.Root.AcroForm.Fields[0].T) == "CanBo"
    # EN 319 142-1, 6.3: in PAdES the claimed time stands in /M and the CMS must not carry another
    kinds = {a["type"].native for a in content_info(signed)["signer_infos"][0]["signed_attrs"]}
    assert "signing_time" not in kinds
    check = verify_pdf(signed, trust=[], offline=True, at=NOW).signatures[0]
    assert (check.signed_at, check.captured_at) == (NOW.replace(microsecond=0), CAPTURED)


def test_cms_is_pades(signed: bytes, officer: Person) -> None:
    data = content_info(signed)
    binding = attribute(data, "signing_certificate_v2")[0]["certs"][0]
    assert binding["cert_hash"].native == officer.certificate.fingerprint(SHA256())
    info = data["signer_infos"][0]
    assert info["digest_algorithm"]["algorithm"].native == "sha256"
    assert info["signature_algorithm"]["algorithm"].native == "sha256_rsa"


def test_room_for_a_timestamp(signed: bytes) -> None:
    start, end = reserved(signed)
    assert end - start == RESERVED == 32768


def test_chain_goes_in_but_not_the_root_nor_strangers(authority: Authority, draft: bytes) -> None:
    middle_key = ec.generate_private_key(ec.SECP256R1())
    middle = make_person(authority, "CA trung gian", key=middle_key)
    person = make_person(Authority(middle_key, middle.certificate), key=rsa_key(1))
    stranger = make_person(authority, "CA không liên quan", key=rsa_key(3))
    data = content_info(person.sign(draft, chain=(stranger.der, authority.der, middle.der)))
    inside = {certificate.chosen.dump() for certificate in data["certificates"]}
    assert inside == {person.der, middle.der}


def test_elliptic_curve(authority: Authority, draft: bytes) -> None:
    person = make_person(authority, "Trần Văn Bình", key=ec.generate_private_key(ec.SECP256R1()))
    check = verify_pdf(person.sign(draft), trust=[authority.der], offline=True, at=NOW)
    assert check.valid
    assert check.signatures[0].signer == "Trần Văn Bình"


def test_second_signature_leaves_the_first_whole(authority: Authority, signed: bytes) -> None:
    office = make_person(authority, "UBND phường Hòa Bình", key=rsa_key(2))
    mark = Mark(("SAO Y; UBND phường Hòa Bình; 21/11/2026; 10:20:00 +07:00",), 330, 28, 240, 30, 10)
    twice = office.sign(signed, mark=mark, field="CoQuan", role="organisation", captured_at=None)
    assert twice.startswith(signed)
    check = verify_pdf(twice, trust=[authority.der], offline=True, at=NOW)
    assert check.valid
    assert [(s.role, s.covers_whole_file) for s in check.signatures] == [("clerk", False), ("organisation", True)]


def test_same_field_name_again_takes_the_next(officer: Person, signed: bytes) -> None:
    thrice = officer.sign(officer.sign(signed))
    with pikepdf.open(io.BytesIO(thrice)) as pdf:
        assert [str(f.T) for f in pdf.Root.AcroForm.Fields] == ["CanBo", "CanBo-2", "CanBo-3"]


def test_only_the_signed_attributes_leave(officer: Person, draft: bytes) -> None:
    seen: list[bytes] = []

    def raw_sign(data: bytes) -> bytes:
        seen.append(data)
        return officer.raw_sign(data)

    officer.sign(draft, raw_sign=raw_sign)
    assert len(seen) == 1
    assert len(seen[0]) < 300


def test_token_error_passes_through(officer: Person, draft: bytes) -> None:
    def pulled(_: bytes) -> bytes:
        from digitizer_desk.errors import error

        raise error("token.removed", signed=0)

    with pytest.raises(DeskError) as caught:
        officer.sign(draft, raw_sign=pulled)
    assert caught.value.code == "token.removed"


def test_signature_of_another_key_is_refused(authority: Authority, officer: Person, draft: bytes) -> None:
    stranger = make_person(authority, "Người khác", key=rsa_key(3))
    with pytest.raises(DeskError) as caught:
        officer.sign(draft, raw_sign=stranger.raw_sign)
    assert caught.value.code == "signature.broken"


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (b"", "image.unreadable"),
        (b"\xff\xd8\xff\xe0 a picture", "image.unreadable"),
        (b"%PDF-1.7\n1 0", "image.damaged"),
    ],
)
def test_no_pdf(officer: Person, pdf: bytes, code: str) -> None:
    with pytest.raises(DeskError) as caught:
        officer.sign(pdf)
    assert caught.value.code == code


def test_encrypted_pdf(officer: Person, draft: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(DeskError) as caught:
        officer.sign(out.getvalue())
    assert caught.value.code == "image.encrypted"


def test_cross_reference_streams(officer: Person, authority: Authority, draft: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    check = verify_pdf(officer.sign(out.getvalue()), trust=[authority.der], offline=True, at=NOW)
    assert check.valid


async def _pyhanko(pdf: bytes, root: bytes) -> object:
    from asn1crypto import x509

    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[-1]
    context = ValidationContext(trust_roots=[x509.Certificate.load(root)], moment=NOW)
    return await async_validate_pdf_signature(embedded, context)


def test_pyhanko_agrees_in_strict_mode(signed: bytes, authority: Authority) -> None:
    import asyncio

    status = asyncio.run(_pyhanko(signed, authority.der))
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler-utils not installed")
def test_poppler_agrees(signed: bytes, officer: Person, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(officer.sign(signed, mark=Mark(clerk_lines(NAME, CAPTURED), 300, 28, 170, 30, 10)))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid.") == 2
    assert said.count(f"Signer Certificate Common Name: {NAME}") == 2
    assert "Signature Type: ETSI.CAdES.detached" in said
    path.write_bytes(bytes(b ^ 1 if i == 400 else b for i, b in enumerate(path.read_bytes())))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." not in said


@pytest.mark.skipif(not shutil.which("mutool"), reason="mupdf-tools not installed")
def test_mupdf_agrees(signed: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(signed)
    said = subprocess.run(["mutool", "sign", "-v", path], capture_output=True, text=True, check=False)
    assert "The document is unchanged since signing" in re.sub(r"\s+", " ", said.stdout + said.stderr)


def test_moments_need_a_zone(officer: Person, draft: bytes) -> None:
    with pytest.raises(ValueError, match="time zone"):
        officer.sign(draft, signed_at=NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        officer.sign(draft, captured_at=CAPTURED.replace(tzinfo=None))


@pytest.mark.parametrize("field", ["", "a.b", "Cán bộ"])
def test_field_names_that_would_make_trees(officer: Person, draft: bytes, field: str) -> None:
    with pytest.raises(ValueError, match="field name"):
        officer.sign(draft, field=field)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_imported_pages_keep_whole_signatures(officer: Person, authority: Authority, rotate: int) -> None:
    pdf = officer.sign(draw_pdf(rotate=rotate, box=(-20, 30, 575, 872)))
    assert verify_pdf(pdf, trust=[authority.der], offline=True, at=NOW + timedelta(minutes=1)).valid
