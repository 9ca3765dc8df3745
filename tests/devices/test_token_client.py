# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Real PKCS#11: SoftHSM, and a library before it that misbehaves as told."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from digitizer_desk.devices.token import Certificate, Pin
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice, PinLimits, Quirk, TokenManifest
from digitizer_desk.errors import DeskError, error
from digitizer_desk.training.token import PIN, TrainingToken, add_officer, find_softhsm, prepare_token

try:
    find_softhsm()
except DeskError:
    pytest.skip("SoftHSM 2 is not installed", allow_module_level=True)

DATA = b"signed attributes " * 10
MANIFEST = TokenManifest(id="soft", vendor="Hãng thử", help="gọi 1900 xxxx", tested=True, pin=PinLimits(4, 16))


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> TrainingToken:
    """Three tokens: an ordinary officer with a second certificate, a token of misleading labels, an EC one."""
    token = prepare_token(tmp_path_factory.mktemp("token"))
    add_officer(token, "Trần Thị Bích", same_token=True)
    add_officer(token, "Ngô Văn Lệch", labels_differ=True)
    add_officer(token, "Phạm Đường Cong", key_kind="ec")
    return token


@pytest.fixture
def tokens(training: TrainingToken) -> Iterator[Pkcs11Token]:
    with Pkcs11Token([ModuleChoice(training.module, MANIFEST)], training.env, patience=5.0) as client:
        yield client


@pytest.fixture(scope="module")
def shim_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("gcc") or not Path("/usr/include/p11-kit-1/p11-kit/pkcs11.h").is_file():
        pytest.skip("needs gcc and the headers of p11-kit to make a misbehaving library")
    made = tmp_path_factory.mktemp("shim") / "token_shim.so"
    source = Path(__file__).with_name("token_shim.c")
    command = ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-I/usr/include/p11-kit-1", "-o", made, source, "-ldl"]
    subprocess.run(command, check=True)
    return made


class Shim:
    """The misbehaving library and its control files."""

    def __init__(self, library: Path, folder: Path, behind: TrainingToken) -> None:
        self._faults, self._log = folder / "faults", folder / "log"
        self.env = {
            **behind.env,
            "TOKEN_BEHIND": behind.module,
            "TOKEN_FAULTS": str(self._faults),
            "TOKEN_TRIES": str(folder / "tries"),
            "TOKEN_LOG": str(self._log),
        }
        self.library = str(library)
        self.client = self.make(patience=5.0)

    def make(self, *, patience: float, quirks: frozenset[Quirk] = frozenset()) -> Pkcs11Token:
        manifest = TokenManifest("shim", "Hãng thử", "gọi 1900 xxxx", True, quirks=quirks)
        return Pkcs11Token([ModuleChoice(self.library, manifest)], self.env, patience=patience)

    def fault(self, **wanted: int) -> None:
        part = self._faults.with_suffix(".part")
        part.write_text("".join(f"{name}={value}\n" for name, value in wanted.items()))
        part.replace(self._faults)

    def noted(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.is_file() else []


@pytest.fixture
def shim(shim_library: Path, tmp_path: Path, training: TrainingToken) -> Iterator[Shim]:
    made = Shim(shim_library, tmp_path, training)
    yield made
    made.client.close()


def pin(text: str = PIN) -> Pin:
    return Pin(bytearray(text.encode()))


def of(client: Pkcs11Token, holder: str = "Lê Văn An") -> Certificate:
    return next(c for c in client.certificates() if c.holder == holder)


def refusal(call: Callable[[], Any]) -> DeskError:
    with pytest.raises(DeskError) as caught:
        call()
    return caught.value


def fits(certificate: Certificate, signature: bytes) -> None:
    key: Any = x509.load_der_x509_certificate(certificate.der).public_key()
    if certificate.key_kind == "rsa":
        key.verify(signature, DATA, padding.PKCS1v15(), hashes.SHA256())
    else:
        key.verify(signature, DATA, ec.ECDSA(hashes.SHA256()))


# ---- ordinary work ----


def test_tokens_and_certificates_without_a_pin(tokens: Pkcs11Token, training: TrainingToken) -> None:
    seen = tokens.tokens()
    assert len(seen) == 3
    assert {(t.manufacturer, t.model, t.manifest) for t in seen} == {("SoftHSM project", "SoftHSM v2", "soft")}
    assert training.serial in {t.serial for t in seen}
    found = tokens.certificates()
    assert {c.holder for c in found} == {"Lê Văn An", "Trần Thị Bích", "Ngô Văn Lệch", "Phạm Đường Cong"}
    own = of(tokens)
    assert own.der == training.certificate
    assert own.key_id == training.key_id
    assert own.issuer == "CA tập huấn Bàn số hóa"
    assert "KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in own.organisation
    assert own.may_sign
    assert own.not_before < datetime.now(UTC) < own.not_after


@pytest.mark.parametrize("holder", ["Lê Văn An", "Trần Thị Bích", "Ngô Văn Lệch", "Phạm Đường Cong"])
def test_each_certificate_signs_with_its_own_key(tokens: Pkcs11Token, holder: str) -> None:
    """«Ngô Văn Lệch»: the key has another label, strangers share the label and even the CKA_ID."""
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


def test_same_certificate_through_two_libraries_counts_once(training: TrainingToken, tmp_path: Path) -> None:
    second = tmp_path / "second.so"
    shutil.copy(training.module, second)
    choices = [ModuleChoice(training.module, MANIFEST), ModuleChoice(str(second), MANIFEST)]
    with Pkcs11Token(choices, training.env) as client:
        assert {c.token.module for c in client.certificates()} == {training.module}
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


def test_only_digits_where_the_manifest_says_so(training: TrainingToken) -> None:
    digits = TokenManifest("soft", "Hãng thử", "gọi", True, pin=PinLimits(4, 16, letters=False))
    with Pkcs11Token([ModuleChoice(training.module, digits)], training.env) as client:
        assert refusal(lambda: client.open(of(client), pin("abcdefgh"))).code == "token.pin_letters"


def test_sessions_are_read_only(shim: Shim) -> None:
    shim.fault(no_rw=1)
    with shim.client.open(of(shim.client), pin()) as session:
        session.sign(DATA)
    assert set(shim.noted()) == {"open ro", "login", "hashing"}


# ---- faults of libraries and tokens ----


@pytest.mark.parametrize("quirks", [frozenset(), frozenset({Quirk.RAW_RSA_ONLY})])
def test_token_that_does_not_hash(shim: Shim, quirks: frozenset[Quirk]) -> None:
    shim.fault(raw_rsa_only=1)
    with shim.make(patience=5.0, quirks=quirks) as client:
        certificate = of(client)
        with client.open(certificate, pin()) as session:
            fits(certificate, session.sign(DATA))
    assert [n for n in shim.noted() if n in ("raw rsa", "hashing")] == ["hashing", "raw rsa"][bool(quirks) :]


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
def test_host_that_is_stopped(training: TrainingToken) -> None:
    with Pkcs11Token([ModuleChoice(training.module, MANIFEST)], training.env, patience=0.5) as client:
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


def test_one_bad_library_does_not_hide_the_other(training: TrainingToken, tmp_path: Path) -> None:
    text = tmp_path / "driver.so"
    text.write_text("no library")
    choices = [ModuleChoice(str(text), MANIFEST), ModuleChoice(training.module, MANIFEST)]
    with Pkcs11Token(choices, training.env) as client:
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


def test_library_of_other_bits(tmp_path: Path, training: TrainingToken) -> None:
    head = bytearray(Path(training.module).read_bytes()[:64])
    head[4] = 1
    head[18:20] = (3).to_bytes(2, "little")
    path = tmp_path / "x.so"
    path.write_bytes(head)
    with Pkcs11Token([ModuleChoice(str(path), MANIFEST)]) as client:
        assert refusal(client.certificates).code == "token.module_bits"
        assert client.tokens() == ()


def test_nothing_in_the_readers(tmp_path: Path, training: TrainingToken) -> None:
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    with Pkcs11Token([ModuleChoice(training.module, MANIFEST)], {"SOFTHSM2_CONF": str(conf)}) as client:
        assert client.tokens() == ()
        assert client.certificates() == ()


def test_certificate_whose_key_is_another(tokens: Pkcs11Token) -> None:
    """Same CKA_ID asked for, public key of somebody else: no signature is made."""
    import dataclasses

    own, other = of(tokens), of(tokens, "Trần Thị Bích")
    false = dataclasses.replace(own, der=other.der)
    assert refusal(lambda: tokens.open(false, pin())).code == "token.no_certificate"


def test_pin_for_every_signature(training: TrainingToken) -> None:
    each = TokenManifest("soft", "Hãng thử", "gọi", True, quirks=frozenset({Quirk.LOGIN_FOR_EACH_SIGNATURE}))
    with Pkcs11Token([ModuleChoice(training.module, each)], training.env) as client:
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
