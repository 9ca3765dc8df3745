# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Ordinary work with real PKCS#11 (SoftHSM), PINs, and what is left of them in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devices.token.rig import DATA, MANIFEST, Shim, fits, of, pin, refusal
from digitizer_desk.devices.token import Pin
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice, PinLimits, TokenManifest
from digitizer_desk.errors import DeskError, error
from digitizer_desk.training.token import PIN, TrainingToken, find_softhsm, prepare_token

try:
    find_softhsm()
except DeskError:
    pytest.skip("SoftHSM 2 is not installed", allow_module_level=True)

# ---- ordinary work ----


def test_tokens_and_certificates_without_a_pin(tokens: Pkcs11Token, soft_token: TrainingToken) -> None:
    seen = tokens.tokens()
    assert len(seen) == 3
    assert {(t.manufacturer, t.model, t.manifest) for t in seen} == {("SoftHSM project", "SoftHSM v2", "soft")}
    assert soft_token.serial in {t.serial for t in seen}
    found = tokens.certificates()
    assert {c.holder for c in found} == {"Lê Văn An", "Trần Thị Bích", "Ngô Văn Lệch", "Phạm Đường Cong"}
    own = of(tokens)
    assert own.der == soft_token.certificate
    assert own.key_id == soft_token.key_id
    assert own.issuer == "CA tập huấn Bàn số hóa"
    assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in own.organisation
    assert own.may_sign
    assert own.not_before < datetime.now(UTC) < own.not_after


@pytest.mark.parametrize("holder", ["Lê Văn An", "Trần Thị Bích", "Ngô Văn Lệch", "Phạm Đường Cong"])
def test_each_certificate_signs_with_its_own_key(tokens: Pkcs11Token, holder: str) -> None:
    """«Ngô Văn Lệch»: the key has no label, strangers have the certificate's label and even the CKA_ID."""
    certificate = of(tokens, holder)
    with tokens.open(certificate, pin()) as session:
        assert session.certificate is certificate
        assert not session.pin_each_time
        for _ in range(3):
            fits(certificate, session.sign(DATA))


def test_lists_while_logged_in(tokens: Pkcs11Token) -> None:
    certificate = of(tokens)
    with tokens.open(certificate, pin()) as session:
        assert len(tokens.tokens()) == 3
        assert len(tokens.certificates()) == 4
        fits(certificate, session.sign(DATA))


def test_end_of_session_is_end_of_host(tokens: Pkcs11Token) -> None:
    session = tokens.open(of(tokens), pin())
    host = session.host_pid
    os.kill(host, 0)
    session.close()
    session.close()
    with pytest.raises(ProcessLookupError):
        os.kill(host, 0)
    assert refusal(lambda: session.sign(DATA)).code == "token.unknown"


def test_same_certificate_through_two_libraries_counts_once(soft_token: TrainingToken, tmp_path: Path) -> None:
    second = tmp_path / "second.so"
    shutil.copy(soft_token.module, second)
    choices = [ModuleChoice(soft_token.module, MANIFEST), ModuleChoice(str(second), MANIFEST)]
    with Pkcs11Token(choices, soft_token.env) as client:
        assert {c.token.module for c in client.certificates()} == {soft_token.module}
        assert len(client.certificates()) == 4


# ---- PIN ----


@pytest.mark.parametrize("wrong", [False, True])
def test_pin_is_wiped_come_what_may(tokens: Pkcs11Token, wrong: bool) -> None:
    buffer = bytearray(b"99999999" if wrong else PIN.encode())
    certificate = of(tokens)
    if wrong:
        assert refusal(lambda: tokens.open(certificate, Pin(buffer))).code == "token.pin_wrong"
        tokens.open(certificate, pin()).close()
    else:
        tokens.open(certificate, Pin(buffer)).close()
    assert buffer == bytes(8)


def test_flags_after_a_wrong_pin(tokens: Pkcs11Token) -> None:
    certificate = of(tokens)
    problem = refusal(lambda: tokens.open(certificate, pin("00000000")))
    assert problem.code == "token.pin_wrong"
    assert (problem.facts["count_low"], problem.facts["final_try"], problem.facts["locked"]) == (True, False, False)
    assert "00000000" not in str(problem) + repr(problem.facts)
    assert next(t for t in tokens.tokens() if t.serial == certificate.token.serial).pin.count_low
    tokens.open(certificate, pin()).close()
    assert not next(t for t in tokens.tokens() if t.serial == certificate.token.serial).pin.count_low


def test_last_try_and_lock(shim: Shim) -> None:
    shim.fault(most_tries=3)
    certificate = of(shim.client)
    codes, finals = [], []
    for _ in range(3):
        problem = refusal(lambda: shim.client.open(certificate, pin("00000000")))
        codes.append(problem.code)
        finals.append(problem.facts["final_try"])
    assert codes == ["token.pin_wrong", "token.pin_wrong", "token.pin_locked"]
    assert finals == [False, True, False]
    assert problem.facts["help"] == "gọi 1900 xxxx"
    assert refusal(lambda: shim.client.open(certificate, pin())).code == "token.pin_locked"
    assert next(t for t in shim.client.tokens() if t.serial == certificate.token.serial).pin.locked
    # one try for each time a person asked, not one more
    assert shim.noted().count("login") == 4


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (0xA2, "token.pin_length"),
        (0xA3, "token.pin_must_change"),
        (0xA4, "token.pin_locked"),
        (0x102, "token.pin_must_change"),
        (0xE0, "token.none"),
        (0x32, "token.removed"),
        (0x30, "token.unknown"),
    ],
)
def test_answers_to_a_login(shim: Shim, answer: int, code: str) -> None:
    certificate = of(shim.client)
    shim.fault(login_answer=answer)
    problem = refusal(lambda: shim.client.open(certificate, pin()))
    assert problem.code == code
    from digitizer_desk.errors import CODES

    assert set(CODES[code]) <= set(problem.facts)
    shim.fault()
    shim.client.open(certificate, pin()).close()


@pytest.mark.parametrize(
    ("text", "code"), [("123", "token.pin_length"), ("1" * 17, "token.pin_length"), ("mậtkhẩu", "token.pin_letters")]
)
def test_what_cannot_be_right_costs_no_try(shim: Shim, text: str, code: str) -> None:
    certificate = of(shim.client)
    problem = refusal(lambda: shim.client.open(certificate, pin(text)))
    assert problem.code == code
    assert "login" not in shim.noted()


def test_only_digits_where_the_manifest_says_so(soft_token: TrainingToken) -> None:
    digits = TokenManifest("soft", "Hãng thử", "gọi", True, pin=PinLimits(4, 16, letters=False))
    with Pkcs11Token([ModuleChoice(soft_token.module, digits)], soft_token.env) as client:
        assert refusal(lambda: client.open(of(client), pin("abcdefgh"))).code == "token.pin_letters"


def test_sessions_are_read_only(shim: Shim) -> None:
    shim.fault(no_rw=1)
    with shim.client.open(of(shim.client), pin()) as session:
        session.sign(DATA)
    assert set(shim.noted()) == {"open ro", "login", "hashing"}


# ---- memory ----

_SCAN = """
    import os, re, sys
    def copies(pid, needle):
        count = 0
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for row in maps:
                start, end, mode = re.match(r"(\\w+)-(\\w+) (\\S+)", row).groups()
                if "rw" not in mode or "[v" in row:
                    continue
                memory.seek(int(start, 16))
                try:
                    block = memory.read(int(end, 16) - int(start, 16))
                except OSError:
                    continue
                count += block.count(needle)
        return count
"""


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no /proc")
def test_no_pin_left_in_memory(tmp_path: Path) -> None:
    """A desk that logged in holds no copy of the PIN, nor does our part of the host.

    The PIN goes from this process straight into a buffer of the desk's; the memory is searched from here.
    """
    secret = "vK#7qZ2w%Lm9"
    token = prepare_token(tmp_path / "t", pin=secret)
    desk = textwrap.dedent(
        """
        import os, sys
        from digitizer_desk.devices.token import Pin
        from digitizer_desk.devices.token_client import Pkcs11Token
        from digitizer_desk.devices.token_manifest import ModuleChoice
        with Pkcs11Token([ModuleChoice(sys.argv[1])]) as client:
            certificate = client.certificates()[0]
            buffer = bytearray(12)
            kept = bytearray(b"control" * 3)
            os.readv(0, [buffer])
            session = client.open(certificate, Pin(buffer))
            session.sign(b"x" * 180)
            print(session.host_pid, flush=True)
            os.read(0, 1)
        """
    )
    env = {**os.environ, **token.env, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    child = subprocess.Popen(
        [sys.executable, "-c", desk, token.module], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    scan: dict[str, Any] = {}
    exec(textwrap.dedent(_SCAN), scan)
    try:
        child.stdin.write(secret.encode())
        child.stdin.flush()
        host = int(child.stdout.readline())
        try:
            control = scan["copies"](child.pid, b"control" * 3)
            counts = scan["copies"](child.pid, secret.encode()), scan["copies"](host, secret.encode())
        except PermissionError:
            pytest.skip("the system does not let a process look into its children")
    finally:
        child.communicate(b"\n")
    assert control, "the search finds what is there"
    assert counts == (0, 0)


def test_errors_travel_between_processes() -> None:
    assert error("token.pin_wrong", count_low=True).facts == {"count_low": True}
