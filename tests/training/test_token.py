# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The training token: made once, found again, born inside, plainly worthless in law."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from digitizer_desk.devices.token import Pin
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice
from digitizer_desk.errors import DeskError
from digitizer_desk.signing.sign import Mark, clerk_lines, sign_pdf
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.training.token import NO_VALUE, TrainingToken, add_officer, find_softhsm, prepare_token

try:
    find_softhsm()
except DeskError:
    pytest.skip("SoftHSM 2 is not installed", allow_module_level=True)

FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "Tinos-Desk.ttf"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> TrainingToken:
    # a folder with a space and Vietnamese letters, as home folders have them
    return prepare_token(tmp_path_factory.mktemp("Bàn số hóa") / "tập huấn")


def test_certificate_says_it_is_worthless(token: TrainingToken) -> None:
    certificate = x509.load_der_x509_certificate(token.certificate)
    root = x509.load_der_x509_certificate(token.root_certificate)
    certificate.verify_directly_issued_by(root)
    for subject in (certificate.subject, root.subject):
        assert NO_VALUE in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value
    assert certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == token.holder == "Lê Văn An"
    assert certificate.not_valid_before_utc < datetime.now(UTC) < certificate.not_valid_after_utc


def test_found_again_not_made_again(token: TrainingToken) -> None:
    before = sorted(str(p) for p in token.folder.rglob("*"))
    assert prepare_token(token.folder) == token
    assert sorted(str(p) for p in token.folder.rglob("*")) == before


def test_cut_off_preparation_is_begun_anew(tmp_path: Path) -> None:
    first = prepare_token(tmp_path)
    (tmp_path / "token.json").unlink()
    (tmp_path / "ca.key.part").write_text("half")
    second = prepare_token(tmp_path)
    assert second.serial != first.serial
    with Pkcs11Token([ModuleChoice(second.module)], second.env) as client:
        assert [t.serial for t in client.tokens()] == [second.serial]


def test_several_officers_and_an_office(token: TrainingToken) -> None:
    beside = add_officer(token, "Trần Thị Bích", same_token=True)
    office = add_officer(token, "UBND phường Hòa Bình", organisation=True)
    assert beside.serial == token.serial != office.serial
    assert prepare_token(token.folder, "Trần Thị Bích") == beside
    unit = x509.load_der_x509_certificate(office.certificate).subject.get_attributes_for_oid(
        NameOID.ORGANIZATIONAL_UNIT_NAME
    )
    assert unit[0].value == "Cơ quan"


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_key_of_the_authority_is_this_users(token: TrainingToken) -> None:
    assert stat.S_IMODE((token.folder / "ca.key").stat().st_mode) == 0o600


def test_private_key_cannot_leave(token: TrainingToken) -> None:
    """Not by our code, and not by another program that knows the PIN."""
    import subprocess
    import sys

    code = (
        "import sys, pkcs11\n"
        "session = next(s.get_token() for s in pkcs11.lib(sys.argv[1]).get_slots(True)).open(user_pin=sys.argv[2])\n"
        "key = next(iter(list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}))))\n"
        "assert key[pkcs11.Attribute.NEVER_EXTRACTABLE] and key[pkcs11.Attribute.ALWAYS_SENSITIVE]\n"
        "assert key[pkcs11.Attribute.LOCAL]\n"
        "try:\n    key[pkcs11.Attribute.PRIVATE_EXPONENT]\n"
        "except pkcs11.exceptions.AttributeSensitive:\n    print('kept')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, token.module, token.pin],
        env={**os.environ, **token.env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "kept"


def test_from_token_to_verified_file(token: TrainingToken) -> None:
    """The whole way: certificate, PIN, raw signature in the host, PDF, verification against the training root."""
    from signing.people import draw_pdf

    now = datetime.now(UTC)
    with Pkcs11Token([ModuleChoice(token.module)], token.env) as client:
        certificate = next(c for c in client.certificates() if c.holder == token.holder)
        with client.open(certificate, Pin(bytearray(token.pin.encode()))) as session:
            signed = sign_pdf(
                draw_pdf(),
                certificate=certificate.der,
                chain=(),
                raw_sign=session.sign,
                key_kind=certificate.key_kind,
                mark=Mark(clerk_lines(certificate.holder, now), 28, 28, 170, 30, 10),
                field="CanBo",
                signed_at=now,
                captured_at=now,
                font=FONT.read_bytes(),
            )
    said = verify_pdf(signed, trust=[token.root_certificate], offline=True, at=now)
    assert said.valid
    assert said.signatures[0].signer == "Lê Văn An"


def test_no_softhsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitizer_desk.training.token._LIBRARIES", (str(tmp_path / "none.so"),))
    with pytest.raises(DeskError) as caught:
        prepare_token(tmp_path / "t")
    assert caught.value.code == "token.module_missing"
    assert not (tmp_path / "t").exists()


def test_softhsm_that_fails(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.so"
    wrong.write_text("no library")
    with pytest.raises(DeskError) as caught:
        prepare_token(tmp_path / "t", module=str(wrong))
    assert caught.value.code == "token.unknown"
    assert not (tmp_path / "t" / "token.json").exists()
