# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A software token with a training certificate: SoftHSM 2, the key born inside, a training CA beside it.

Apart from the real tokens because only here anything is ever written to a token. That is done by a process of its
own (``python -m digitizer_desk.training.token``), so that neither SoftHSM nor its environment enters the desk.
Everything made here says TẬP HUẤN, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ in its subject.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from digitizer_desk.errors import error

#: the training PIN is no secret: it stands in the training guide
PIN = "12345678"
_SO_PIN = "87654321"
HOLDER = "Lê Văn An"
NO_VALUE = "TẬP HUẤN, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
VENDOR = "SoftHSM 2 (gói softhsm2)"

_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    r"C:\SoftHSM2\lib\softhsm2-x64.dll",
)
#: making a token is a matter of a second; longer means it hangs
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class TrainingToken:
    """A ready software token. ``env`` is what a token host needs to see it; ``certificate`` and
    ``root_certificate`` are DER; ``serial`` is the token's; ``key_id`` the CKA_ID in hex."""

    folder: Path
    module: str
    env: Mapping[str, str]
    pin: str
    holder: str
    root_certificate: bytes
    certificate: bytes
    serial: str
    key_id: str


def prepare_token(folder: Path, holder: str = HOLDER, *, module: str = "", pin: str = PIN) -> TrainingToken:
    """The training token of ``holder`` in ``folder``: made when it is not there, else found again.

    A preparation that was cut off is begun anew.

    Raises:
        DeskError: ``token.module_missing`` when SoftHSM 2 is not installed; ``token.unknown`` when it fails.
    """
    folder = folder.absolute()
    module = module or find_softhsm()
    folder.mkdir(parents=True, exist_ok=True)
    if not _officers(folder):
        # nothing was ever finished here: leftovers of a cut-off start are no token
        shutil.rmtree(folder / "tokens", ignore_errors=True)
    _settle(folder)
    known = _officers(folder).get(_key(holder, "rsa"))
    if known:
        return _token(folder, module, known)
    return _make(folder, module, name=holder, pin=pin)


def add_officer(
    token: TrainingToken,
    name: str,
    *,
    organisation: bool = False,
    same_token: bool = False,
    valid: tuple[datetime, datetime] | None = None,
    may_sign: bool = True,
    labels_differ: bool = False,
    key_kind: str = "rsa",
) -> TrainingToken:
    """One more holder, on a token of their own or (``same_token``) beside the first one's certificate.

    ``organisation`` makes the certificate of an office without a person. ``valid``, ``may_sign`` and
    ``labels_differ`` make the awkward ones: expired, not yet valid, no signing usage; a key without a label, with
    strangers of its certificate's label and of the same CKA_ID beside it.

    Raises:
        DeskError: ``token.unknown`` when SoftHSM fails.
    """
    return _make(
        token.folder,
        token.module,
        name=name,
        pin=token.pin,
        organisation=organisation,
        on=token.serial if same_token else "",
        valid=[moment.isoformat() for moment in valid] if valid else None,
        may_sign=may_sign,
        labels_differ=labels_differ,
        key_kind=key_kind,
    )


def find_softhsm() -> str:
    """Path of the SoftHSM 2 library.

    Raises:
        DeskError: ``token.module_missing``.
    """
    for path in _LIBRARIES:
        if Path(path).is_file():
            return path
    raise error("token.module_missing", "SoftHSM 2 not found", vendor=VENDOR)


def _settle(folder: Path) -> None:
    """SoftHSM's own settings and the training CA."""
    (folder / "tokens").mkdir(exist_ok=True)
    _write(
        folder / "softhsm2.conf",
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
        "slots.removable = true\n".encode(),
    )
    if (folder / "ca.der").is_file():
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, NO_VALUE),
            x509.NameAttribute(NameOID.COMMON_NAME, "CA tập huấn Bàn số hóa"),
        ]
    )
    start = datetime.now(UTC) - timedelta(days=3650)
    root = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=12000))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "ca.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _write(folder / "ca.der", root.public_bytes(Encoding.DER))


def _make(folder: Path, module: str, **job: Any) -> TrainingToken:
    """Let the maker process do it, then note it down: only what is noted exists."""
    environment = {**os.environ, **_env(folder), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable, "--training", "token"] if frozen else [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            program,
            input=json.dumps({"folder": str(folder), "module": module, **job}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**environment, "PYTHONUTF8": "1"},
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise error("token.unknown", f"training token: {type(problem).__name__}") from problem
    if done.returncode:
        raise error("token.unknown", f"training token: {done.stderr.strip().rpartition(chr(10))[2][:200]}")
    made = json.loads(done.stdout)
    officers = _officers(folder)
    officers[_key(job["name"], job.get("key_kind", "rsa"))] = made
    _write(folder / "token.json", json.dumps(officers, ensure_ascii=False, indent=1).encode())
    return _token(folder, module, made)


def _key(name: str, kind: str) -> str:
    return f"{unicodedata.normalize('NFC', name)}|{kind}"


def _token(folder: Path, module: str, made: dict[str, str]) -> TrainingToken:
    return TrainingToken(
        folder=folder,
        module=module,
        env=_env(folder),
        pin=made["pin"],
        holder=made["holder"],
        root_certificate=(folder / "ca.der").read_bytes(),
        certificate=bytes.fromhex(made["certificate"]),
        serial=made["serial"],
        key_id=made["key_id"],
    )


def _env(folder: Path) -> dict[str, str]:
    return {"SOFTHSM2_CONF": str(folder / "softhsm2.conf")}


def _officers(folder: Path) -> dict[str, dict[str, str]]:
    try:
        read = json.loads((folder / "token.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, readable by this user only."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(data)
    os.replace(part, path)


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign "
        "encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names.split()})


# ---- the maker process ----


def main() -> int:
    """Read a job from stdin, make the token, write what was made to stdout (both JSON)."""
    made = _Maker(json.load(sys.stdin)).make()
    json.dump(made, sys.stdout)
    return 0


class _Maker:
    """Writes key and certificate into a token. Runs in its own process, with SOFTHSM2_CONF set by the parent."""

    def __init__(self, job: dict[str, Any]) -> None:
        self._job = job
        self._folder = Path(job["folder"])
        self._name = unicodedata.normalize("NFC", job["name"])
        self._kind = job.get("key_kind", "rsa")

    def make(self) -> dict[str, str]:
        import pkcs11
        from pkcs11.util import x509 as token_x509

        serial = self._job.get("on") or self._new_token()
        library = pkcs11.lib(self._job["module"])
        token = next(
            slot.get_token()
            for slot in library.get_slots(token_present=True)
            if slot.get_token().serial.decode().strip() == serial
        )
        with token.open(rw=True, user_pin=self._job["pin"]) as session:
            key_id = os.urandom(20)
            label = f"{self._name} - chứng thư tập huấn"
            if self._job.get("labels_differ"):
                self._key(session, os.urandom(20), label)
                self._key(session, key_id, "le-mot-khoa-khac")
                public = self._key(session, key_id, "")
            else:
                public = self._key(session, key_id, label)
            der = self._certificate(public)
            template = token_x509.decode_x509_certificate(der)
            template.update({pkcs11.Attribute.ID: key_id, pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True})
            session.create_object(template)
        return {
            "holder": self._name,
            "pin": self._job["pin"],
            "serial": serial,
            "key_id": key_id.hex(),
            "certificate": der.hex(),
        }

    def _new_token(self) -> str:
        """Initialise the free slot SoftHSM always offers; python-pkcs11 has no call for it."""
        library = Path(self._job["module"])
        beside = [library.parent.parent / "bin" / "softhsm2-util.exe", library.parent.parent / "bin" / "softhsm2-util"]
        tool = shutil.which("softhsm2-util") or next((str(path) for path in beside if path.is_file()), "")
        if not tool:
            raise SystemExit("softhsm2-util not found")
        before = {path.name for path in (self._folder / "tokens").iterdir()}
        where = ["--module", str(library), "--free", "--label", f"TAP HUAN {len(before) + 1}"]
        subprocess.run(  # noqa: S603 - found on the path, arguments are ours
            [tool, "--init-token", *where, "--pin", self._job["pin"], "--so-pin", _SO_PIN],
            check=True,
            capture_output=True,
            timeout=_PATIENCE,
        )
        (new,) = {path.name for path in (self._folder / "tokens").iterdir()} - before
        # SoftHSM names the folder by a UUID whose end is the serial number
        return new.replace("-", "")[-16:]

    def _key(self, session: Any, key_id: bytes, label: str) -> Any:
        """A key pair born in the token, whose private half can never leave it; gives the public half."""
        import pkcs11
        from pkcs11.util import ec as token_ec
        from pkcs11.util import rsa as token_rsa

        inside = {pkcs11.Attribute.SENSITIVE: True, pkcs11.Attribute.EXTRACTABLE: False}
        if self._kind == "ec":
            curve = {pkcs11.Attribute.EC_PARAMS: token_ec.encode_named_curve_parameters("secp256r1")}
            source = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
            public, _ = source.generate_keypair(id=key_id, label=label, store=True, private_template=inside)
            return load_der_public_key(token_ec.encode_ec_public_key(public))
        public, _ = session.generate_keypair(
            pkcs11.KeyType.RSA, 2048, id=key_id, label=label, store=True, private_template=inside
        )
        return load_der_public_key(token_rsa.encode_rsa_public_key(public))

    def _certificate(self, public: Any) -> bytes:
        root = x509.load_der_x509_certificate((self._folder / "ca.der").read_bytes())
        ca_key = load_pem_private_key((self._folder / "ca.key").read_bytes(), None)
        assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
        now = datetime.now(UTC)
        given = self._job.get("valid")
        start, end = map(datetime.fromisoformat, given) if given else (now - timedelta(days=30), now + timedelta(3650))
        may_sign = self._job.get("may_sign", True)
        usage = {"digital_signature": True, "content_commitment": True} if may_sign else {"key_encipherment": True}
        unit = "Cơ quan" if self._job.get("organisation") else "Bộ phận Một cửa"
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"UBND phường tập huấn – {NO_VALUE}"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
                x509.NameAttribute(NameOID.COMMON_NAME, self._name),
            ]
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
            .sign(ca_key, hashes.SHA256())
        )
        return certificate.public_bytes(Encoding.DER)


if __name__ == "__main__":
    raise SystemExit(main())
