# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Libraries that hang, crash and lie, tokens pulled out: each ends in its own code, and the next call works."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.token.rig import DATA, MANIFEST, Shim, fits, of, pin, refusal
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice, Quirk, TokenManifest
from digitizer_desk.errors import DeskError
from digitizer_desk.training.token import TrainingToken, add_officer, find_softhsm, prepare_token

try:
    find_softhsm()
except DeskError:
    pytest.skip("SoftHSM 2 is not installed", allow_module_level=True)

# ---- faults of libraries and tokens ----


@pytest.mark.parametrize("quirks", [frozenset(), frozenset({Quirk.RAW_RSA_ONLY})])
def test_token_that_does_not_hash(shim: Shim, quirks: frozenset[Quirk]) -> None:
    shim.fault(raw_rsa_only=1)
    with shim.make(patience=5.0, quirks=quirks) as client:
        certificate = of(client)
        with client.open(certificate, pin()) as session:
            fits(certificate, session.sign(DATA))
    assert [n for n in shim.noted() if n in ("raw rsa", "hashing")] == ["hashing", "raw rsa"][bool(quirks) :]


def test_library_that_tells_no_lengths(shim: Shim) -> None:
    """python-pkcs11 asks for each length first and reads nothing from such a library: the thin binding takes over."""
    shim.fault(no_lengths=1)
    found = shim.client.certificates()
    assert {c.holder for c in found} == {"Lê Văn An", "Trần Thị Bích", "Ngô Văn Lệch", "Phạm Đường Cong"}
    for certificate in found:
        with shim.client.open(certificate, pin()) as session:
            fits(certificate, session.sign(DATA))
    assert refusal(lambda: shim.client.open(of(shim.client), pin("00000000"))).code == "token.pin_wrong"


@pytest.mark.parametrize("answer", [0x32, 0x30, 0xB3, 0x05])
def test_pulled_out_while_signing(shim: Shim, answer: int) -> None:
    """Libraries answer a pulled token with all sorts of codes."""
    certificate = of(shim.client)
    session = shim.client.open(certificate, pin())
    session.sign(DATA)
    shim.fault(removed=1, removed_answer=answer)
    problem = refusal(lambda: session.sign(DATA))
    assert (problem.code, problem.facts["signed"]) == ("token.removed", 1)
    assert shim.client.tokens() == ()
    assert shim.client.certificates() == ()
    assert refusal(lambda: shim.client.open(certificate, pin())).code == "token.none"
    shim.fault()
    with shim.client.open(of(shim.client), pin()) as again:
        fits(certificate, again.sign(DATA))
    assert shim.noted().count("login") == 2


def test_plugged_in_and_out_is_seen_by_the_next_look(shim: Shim) -> None:
    """Nothing is started anew for it: the same client, the same library."""
    for _ in range(2):
        shim.fault(removed=1)
        assert shim.client.tokens() == ()
        assert shim.client.certificates() == ()
        shim.fault()
        assert len(shim.client.tokens()) == 3
        assert "Lê Văn An" in {c.holder for c in shim.client.certificates()}
    assert "login" not in shim.noted(), "looking costs no PIN"


def test_fault_while_the_token_is_there(shim: Shim) -> None:
    session = shim.client.open(of(shim.client), pin())
    shim.fault(sign_answer=0x30)
    assert refusal(lambda: session.sign(DATA)).code == "token.unknown"


def test_library_that_hangs_while_signing(shim: Shim) -> None:
    with shim.make(patience=1.0) as client:
        certificate = of(client)
        session = client.open(certificate, pin())
        host = session.host_pid
        shim.fault(hang_sign=1)
        assert refusal(lambda: session.sign(DATA)).code == "token.stuck"
        with pytest.raises(ProcessLookupError):
            os.kill(host, 0)
        shim.fault()
        with client.open(certificate, pin()) as again:
            fits(certificate, again.sign(DATA))


def test_library_that_hangs_while_listing(shim: Shim) -> None:
    with shim.make(patience=1.0) as client:
        shim.fault(hang_list=1)
        assert refusal(client.tokens).code == "token.stuck"
        assert refusal(client.certificates).code == "token.stuck"
        shim.fault()
        assert len(client.tokens()) == 3


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no SIGSTOP on this system")
def test_host_that_is_stopped(soft_token: TrainingToken) -> None:
    with Pkcs11Token([ModuleChoice(soft_token.module, MANIFEST)], soft_token.env, patience=0.5) as client:
        certificate = of(client)
        session = client.open(certificate, pin())
        os.kill(session.host_pid, signal.SIGSTOP)
        assert refusal(lambda: session.sign(DATA)).code == "token.stuck"
        client.open(certificate, pin()).close()


def test_library_that_crashes(shim: Shim) -> None:
    certificate = of(shim.client)
    session = shim.client.open(certificate, pin())
    shim.fault(crash=1)
    assert refusal(lambda: session.sign(DATA)).code == "token.unknown"
    shim.fault()
    with shim.client.open(certificate, pin()) as again:
        fits(certificate, again.sign(DATA))


def test_one_bad_library_does_not_hide_the_other(soft_token: TrainingToken, tmp_path: Path) -> None:
    text = tmp_path / "driver.so"
    text.write_text("no library")
    choices = [ModuleChoice(str(text), MANIFEST), ModuleChoice(soft_token.module, MANIFEST)]
    with Pkcs11Token(choices, soft_token.env) as client:
        assert len(client.certificates()) == 4
        assert len(client.tokens()) == 3


@pytest.mark.parametrize("kind", ["missing", "text", "no pkcs11", "none"])
def test_library_missing(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.so"
    if kind == "text":
        path.write_text("<html>")
    if kind == "no pkcs11":
        import _ctypes

        path = Path(_ctypes.__file__)
    choices = [] if kind == "none" else [ModuleChoice(str(path), MANIFEST)]
    with Pkcs11Token(choices) as client:
        problem = refusal(client.certificates)
        assert problem.code == "token.module_missing"
        assert problem.facts["vendor"]
        assert client.tokens() == ()


def test_library_of_other_bits(tmp_path: Path, soft_token: TrainingToken) -> None:
    head = bytearray(Path(soft_token.module).read_bytes()[:64])
    head[4] = 1
    head[18:20] = (3).to_bytes(2, "little")
    path = tmp_path / "x.so"
    path.write_bytes(head)
    with Pkcs11Token([ModuleChoice(str(path), MANIFEST)]) as client:
        assert refusal(client.certificates).code == "token.module_bits"
        assert client.tokens() == ()


def test_nothing_in_the_readers(tmp_path: Path, soft_token: TrainingToken) -> None:
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    with Pkcs11Token([ModuleChoice(soft_token.module, MANIFEST)], {"SOFTHSM2_CONF": str(conf)}) as client:
        assert client.tokens() == ()
        assert client.certificates() == ()


def test_certificate_whose_key_is_another(tokens: Pkcs11Token) -> None:
    """Same CKA_ID asked for, public key of somebody else: no signature is made."""
    import dataclasses

    own, other = of(tokens), of(tokens, "Trần Thị Bích")
    false = dataclasses.replace(own, der=other.der)
    assert refusal(lambda: tokens.open(false, pin())).code == "token.no_certificate"


def test_pin_for_every_signature(soft_token: TrainingToken) -> None:
    each = TokenManifest("soft", "Hãng thử", "gọi", True, quirks=frozenset({Quirk.LOGIN_FOR_EACH_SIGNATURE}))
    with Pkcs11Token([ModuleChoice(soft_token.module, each)], soft_token.env) as client:
        session = client.open(of(client), pin())
        assert session.pin_each_time
        given = pin()
        # SoftHSM's ordinary key refuses a second login: what matters is that the PIN went its way and was wiped
        assert refusal(lambda: session.sign(DATA, given)).code == "token.unknown"
        assert given.buffer == bytes(8)


def test_certificate_times_and_usage(tmp_path: Path) -> None:
    token = prepare_token(tmp_path / "t")
    now = datetime.now(UTC)
    add_officer(token, "Hết Hạn", valid=(now - timedelta(days=90), now - timedelta(days=1)), same_token=True)
    add_officer(token, "Chưa Đến", valid=(now + timedelta(days=1), now + timedelta(days=90)), same_token=True)
    add_officer(token, "Không Ký", may_sign=False, same_token=True)
    with Pkcs11Token([ModuleChoice(token.module, MANIFEST)], token.env) as client:
        found = {c.holder: c for c in client.certificates()}
    assert found["Hết Hạn"].not_after < now < found["Chưa Đến"].not_before
    assert [found[n].may_sign for n in ("Lê Văn An", "Hết Hạn", "Không Ký")] == [True, True, False]
