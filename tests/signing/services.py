# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A whole certificate authority on loopback: root, issuing CA, OCSP responder, revocation lists, timestamps.

Everything is served by certomancer from one configuration; each service has a fault that can be switched on, so that a
test meets a server that is down, slow, stale or lying, and not a stand-in for one.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from asn1crypto import tsp
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509 import ocsp

from signing.people import NAME, Person

OFFICE = "ỦY BAN NHÂN DÂN XÃ ĐẠI ĐỒNG"
_HOLDERS = ("officer", "office", "revoked", "expired", "early", "listed")
_RSA = ("officer", "office", "revoked", "expired", "early", "listed")


def _when(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _holder(subject: str, begin: float, end: float, **more: Any) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "schema": "aia-urls",
        "params": {"ocsp-responder-names": ["interm"], "ca-issuer-links": [{"repo": "interm"}]},
    }
    lists = {"schema": "crl-dist-url", "params": {"crl-repo-names": ["interm"]}}
    usage = {"schema": "key-usage", "params": ["digital_signature", "non_repudiation"]}
    extensions: list[dict[str, Any]] = [{"id": "key_usage", "critical": True, "smart-value": usage}]
    if not more.pop("only_lists", False):
        extensions.append({"id": "authority_information_access", "smart-value": asked})
    extensions.append({"id": "crl_distribution_points", "smart-value": lists})
    validity = {"valid-from": _when(begin), "valid-to": _when(end)}
    return {"subject": subject, "issuer": "interm", "validity": validity, "extensions": extensions, **more}


def _authority(subject: str, issuer: str, end: float, *extensions: dict[str, Any]) -> dict[str, Any]:
    usage = {"schema": "key-usage", "params": ["digital_signature", "key_cert_sign", "crl_sign"]}
    return {
        "subject": subject,
        "issuer": issuer,
        "validity": {"valid-from": _when(-2000), "valid-to": _when(end)},
        "extensions": [
            {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
            {"id": "key_usage", "critical": True, "smart-value": usage},
            *extensions,
        ],
    }


def _service(subject: str, issuer: str, use: str, end: float, *more: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": subject,
        "issuer": issuer,
        "validity": {"valid-from": _when(-1000), "valid-to": _when(end)},
        "extensions": [
            {
                "id": "key_usage",
                "critical": True,
                "smart-value": {"schema": "key-usage", "params": ["digital_signature"]},
            },
            {"id": "extended_key_usage", "critical": True, "value": [use]},
            *more,
        ],
    }


def _configuration(url: str) -> dict[str, Any]:
    root_list = {
        "id": "crl_distribution_points",
        "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": ["root"]}},
    }
    root_files = {
        "id": "authority_information_access",
        "smart-value": {"schema": "aia-urls", "params": {"ca-issuer-links": [{"repo": "root"}]}},
    }
    names = ("root", "interm", "ocsp", "tsa", "tsa-short", "tsa-stranger", "stranger", *_HOLDERS)
    return {
        "external-url-prefix": url,
        "keysets": {"k": {"path-prefix": "keys", "keys": {n: {"path": f"{n}.pem"} for n in names}}},
        "pki-architectures": {
            "pki": {
                "keyset": "k",
                "entity-defaults": {"country-name": "VN", "organization-name": "THỬ NGHIỆM"},
                "entities": {
                    "root": {"common-name": "CA gốc thử nghiệm"},
                    "interm": {"common-name": "CA phục vụ cơ quan thử nghiệm"},
                    "ocsp": {"common-name": "OCSP thử nghiệm"},
                    "tsa": {"common-name": "Cấp dấu thời gian thử nghiệm"},
                    "tsa-short": {"common-name": "Cấp dấu thời gian sắp hết hạn"},
                    "tsa-stranger": {"common-name": "Cấp dấu thời gian lạ"},
                    "stranger": {"common-name": "CA lạ"},
                    "officer": {"common-name": NAME},
                    "office": {"common-name": OFFICE},
                    "revoked": {"common-name": "Trần Văn Bị Thu Hồi"},
                    "expired": {"common-name": "Đỗ Thị Hết Hạn"},
                    "early": {"common-name": "Vũ Văn Chưa Đến Hạn"},
                    "listed": {"common-name": "Lý Thị Chỉ Có CRL"},
                },
                "certs": {
                    "root": _authority("root", "root", 9000),
                    "stranger": _authority("stranger", "stranger", 9000),
                    "interm": _authority("interm", "root", 8000, root_list, root_files),
                    "ocsp": _service("ocsp", "interm", "ocsp_signing", 8000, {"id": "ocsp_no_check"}),
                    "tsa": _service("tsa", "root", "time_stamping", 4000, root_list),
                    "tsa-short": _service("tsa-short", "root", "time_stamping", 40, root_list),
                    "tsa-stranger": _service("tsa-stranger", "stranger", "time_stamping", 4000),
                    "officer": _holder("officer", -300, 700),
                    "office": _holder("office", -300, 1000),
                    "expired": _holder("expired", -700, -30),
                    "early": _holder("early", 30, 700),
                    "listed": _holder("listed", -300, 700, only_lists=True),
                    "revoked": _holder(
                        "revoked", -300, 700, revocation={"revoked-since": _when(-10), "reason": "key_compromise"}
                    ),
                },
                "services": {
                    "ocsp": {"interm": {"for-issuer": "interm", "responder-cert": "ocsp", "signing-key": "ocsp"}},
                    "crl-repo": {
                        "root": {"for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P90D"},
                        "interm": {
                            "for-issuer": "interm",
                            "signing-key": "interm",
                            "simulated-update-schedule": "P1D",
                        },
                    },
                    "cert-repo": {
                        "root": {"for-issuer": "root", "publish-issued-certs": True},
                        "interm": {"for-issuer": "interm", "publish-issued-certs": False},
                    },
                    "time-stamping": {
                        name: {"signing-key": name, "signing-cert": name}
                        for name in ("tsa", "tsa-short", "tsa-stranger")
                    },
                },
            }
        },
    }


@dataclass
class Faults:
    """What is wrong now. ``tsa``: down | busy | slow | nonce | imprint | past | garbage | refuse; ``ocsp``: down |
    unknown | stale | slow; ``crl``: down | stale."""

    tsa: str = ""
    ocsp: str = ""
    crl: str = ""
    asked: list[str] = field(default_factory=list)


class Services:
    """The running authority."""

    def __init__(self, folder: Path) -> None:
        keys = folder / "keys"
        keys.mkdir()
        self.faults = Faults()
        self.release = threading.Event()
        self._app: Callable[..., Iterable[bytes]] | None = None
        self._server = make_server("127.0.0.1", 0, self._serve, _Threaded, _Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        config = _configuration(self.url)
        for name in config["keysets"]["k"]["keys"]:
            key: Any = (
                rsa.generate_private_key(65537, 2048) if name in _RSA else ec.generate_private_key(ec.SECP256R1())
            )
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (keys / f"{name}.pem").write_bytes(pem)
        self._keys = keys
        self.arch = CertomancerConfig(config, key_search_dir=str(folder)).get_pki_arch(ArchLabel("pki"))
        self._app = Animator(AnimatorArchStore({ArchLabel("pki"): self.arch}), with_web_ui=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    @property
    def tsa(self) -> str:
        return f"{self.url}/pki/tsa/tsa"

    @property
    def tsa_short(self) -> str:
        """A timestamper whose certificate ends in 40 days."""
        return f"{self.url}/pki/tsa/tsa-short"

    @property
    def tsa_stranger(self) -> str:
        """A timestamper under a root nobody trusts."""
        return f"{self.url}/pki/tsa/tsa-stranger"

    def der(self, name: str) -> bytes:
        return bytes(self.arch.get_cert(CertLabel(name)).dump())

    def key(self, name: str) -> Any:
        return load_pem_private_key((self._keys / f"{name}.pem").read_bytes(), None)

    def person(self, name: str) -> Person:
        return Person(self.key(name), x509.load_der_x509_certificate(self.der(name)), (self.der("interm"),))

    @contextmanager
    def fault(self, **what: str) -> Iterator[Faults]:
        """These faults while the block runs."""
        self.release.clear()
        for service, fault in what.items():
            setattr(self.faults, service, fault)
        try:
            yield self.faults
        finally:
            self.faults.tsa = self.faults.ocsp = self.faults.crl = ""
            self.release.set()

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # the services, with their faults

    def _serve(self, environ: dict[str, Any], answer: Callable[..., Any]) -> Iterable[bytes]:
        assert self._app is not None
        service = environ["PATH_INFO"].split("/")[2]
        service = {"crls": "crl"}.get(service, service)
        self.faults.asked.append(service)
        fault = getattr(self.faults, service, "")
        if fault in ("down", "busy"):
            answer("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"later"]
        if fault == "slow":
            self.release.wait(20)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        if fault in ("stale", "past"):
            then = datetime.now(UTC) - timedelta(days=365)
            environ["HTTP_X_CERTOMANCER_FAKE_TIME"] = then.isoformat(timespec="seconds")
        if service == "tsa" and fault in ("nonce", "imprint"):
            environ["wsgi.input"] = io.BytesIO(_altered(body, fault))
        if service == "tsa" and fault in ("garbage", "refuse"):
            refused = bytes.fromhex("30053003020102")  # TimeStampResp with status rejection and no token (RFC 3161)
            answer("200 OK", [("Content-Type", "application/timestamp-reply")])
            return [b"no timestamp" if fault == "garbage" else refused]
        if service == "ocsp" and fault == "unknown":
            answer("200 OK", [("Content-Type", "application/ocsp-response")])
            return [self._unknown(body)]
        return self._app(environ, answer)

    def _unknown(self, body: bytes) -> bytes:
        """A signed answer: never heard of this certificate."""
        asked = ocsp.load_der_ocsp_request(body)
        holder = next(n for n in _HOLDERS if self._serial(n) == asked.serial_number)
        now = datetime.now(UTC)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=x509.load_der_x509_certificate(self.der(holder)),
            issuer=x509.load_der_x509_certificate(self.der("interm")),
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.UNKNOWN,
            this_update=now,
            next_update=now + timedelta(days=1),
            revocation_time=None,
            revocation_reason=None,
        )
        responder = x509.load_der_x509_certificate(self.der("ocsp"))
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder).certificates([responder])
        for extension in asked.extensions:
            builder = builder.add_extension(extension.value, extension.critical)
        return builder.sign(self.key("ocsp"), hashes.SHA256()).public_bytes(Encoding.DER)

    def _serial(self, name: str) -> int:
        return x509.load_der_x509_certificate(self.der(name)).serial_number


def _altered(request: bytes, what: str) -> bytes:
    """The request as a lying server would rather have had it."""
    asked = tsp.TimeStampReq.load(request)
    if what == "nonce":
        asked["nonce"] = asked["nonce"].native + 1
    else:
        imprint = asked["message_imprint"]
        imprint["hashed_message"] = bytes(32)
        asked["message_imprint"] = imprint
    return bytes(asked.dump(force=True))


class _Threaded(WSGIServer):
    """One thread for each request: a slow answer must not hold up the others."""

    def process_request(self, request: Any, client_address: Any) -> None:
        threading.Thread(target=self._work, args=(request, client_address), daemon=True).start()

    def _work(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is no news."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: tests print what matters."""
