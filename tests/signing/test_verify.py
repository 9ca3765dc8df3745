# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What verification says of whole, foreign, expired, revoked and tampered files."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import crl
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.validation.dss import DocumentSecurityStore

from digitizer_desk.errors import DeskError
from digitizer_desk.signing import sign
from digitizer_desk.signing.verify import Verification, verify_pdf
from signing.people import CAPTURED, NAME, NOW, Authority, Person, draw_pdf, make_authority, make_person, rsa_key

LATER = NOW + timedelta(minutes=2)


@pytest.fixture
def check(authority: Authority) -> Callable[..., Verification]:
    def run(pdf: bytes, *, at: datetime = LATER) -> Verification:
        return verify_pdf(pdf, trust=[authority.der], offline=True, at=at)

    return run


@pytest.mark.parametrize(
    ("written", "stated"),
    [
        ("D:20261121101542", "2026-11-21T10:15:42+07:00"),  # no offset: allowed by ISO 32000-1, 7.9.4
        ("D:20261121031542Z00'00'", "2026-11-21T10:15:42+07:00"),
        ("D:20261121101542+0700", "2026-11-21T10:15:42+07:00"),
        ("D:20261121031542Z", "2026-11-21T10:15:42+07:00"),
        ("D:202611", "2026-11-01T00:00:00+07:00"),
        ("D:20261321101542+07'00'", None),
        ("D:20261121101542+99'00'", None),
        ("hôm nay", None),
        ("", None),
    ],
)
def test_a_date_written_otherwise_breaks_no_signature(
    check: Callable[..., Verification],
    officer: Person,
    draft: bytes,
    monkeypatch: pytest.MonkeyPatch,
    written: str,
    stated: str | None,
) -> None:
    with monkeypatch.context() as patched:
        made = sign._dictionary

        def dictionary(*given: object) -> object:
            found = made(*given)  # type: ignore[arg-type]
            found["/M"] = generic.pdf_string(written)
            return found

        patched.setattr(sign, "_dictionary", dictionary)
        foreign = officer.sign(draft)
    for pdf in (foreign, officer.sign(foreign, field="Second")):
        said = check(pdf)
        first = said.signatures[0]
        assert first.intact
        assert first.trusted
        assert not said.modified_after_signing, "a result of another office would be refused as forged"
        assert first.signed_at == (datetime.fromisoformat(stated) if stated else None)


def test_whole_and_trusted(check: Callable[..., Verification], signed: bytes) -> None:
    said = check(signed).as_json()
    json.dumps(said)
    assert said == {
        "signatures": [
            {
                "role": "clerk",
                "signer": NAME,
                "intact": True,
                "covers_whole_file": True,
                "trusted": True,
                "valid_at": "2026-11-21T10:15:42+07:00",
                "signed_at": "2026-11-21T10:15:42+07:00",
                "captured_at": "2026-11-21T09:38:12+07:00",
                "revocation": "unknown",
                "level": "B-B",
            }
        ],
        "modified_after_signing": False,
        "valid": True,
    }


def test_roots_in_pem(authority: Authority, signed: bytes) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    text = authority.root.public_bytes(Encoding.PEM)
    assert verify_pdf(signed, trust=[text], offline=True, at=LATER).valid


@pytest.mark.parametrize("trust", ["none", "stranger"])
def test_untrusted_is_not_valid_but_intact(signed: bytes, trust: str) -> None:
    # same name as the right authority, another key
    roots = [make_authority().der] if trust == "stranger" else []
    said = verify_pdf(signed, trust=roots, offline=True, at=LATER)
    assert not said.valid
    assert (said.signatures[0].intact, said.signatures[0].trusted, said.modified_after_signing) == (True, False, False)


def test_no_signature_is_not_valid(check: Callable[..., Verification], draft: bytes) -> None:
    assert check(draft) == Verification((), False)
    assert not check(draft).valid


def test_signature_of_others_has_role_other(
    check: Callable[..., Verification], officer: Person, draft: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitizer_desk.signing.sign.ROLE", "/SomebodysRole")
    said = check(officer.sign(draft, captured_at=None))
    assert (said.signatures[0].role, said.signatures[0].captured_at, said.valid) == ("other", None, True)


@pytest.mark.parametrize(("days", "word"), [((-400, -1), "expired"), ((1, 400), "not yet valid")])
def test_certificate_out_of_its_time(
    check: Callable[..., Verification], authority: Authority, draft: bytes, days: tuple[int, int], word: str
) -> None:
    person = make_person(authority, days=days)
    said = check(person.sign(draft))
    assert not said.valid, word
    assert (said.signatures[0].valid_at, said.signatures[0].trusted, said.signatures[0].intact) == (None, True, True)


def test_still_valid_after_the_certificate_has_run_out(check: Callable[..., Verification], signed: bytes) -> None:
    assert check(signed, at=NOW + timedelta(days=2000)).valid


def test_stated_time_ahead_of_ours_is_not_believed(check: Callable[..., Verification], signed: bytes) -> None:
    # other programs write local time as if it were UTC: seven hours ahead, and no forgery
    early = NOW - timedelta(hours=7)
    said = check(signed, at=early)
    assert said.signatures[0].valid_at == early
    assert said.valid


def test_certificate_not_made_for_signing(
    check: Callable[..., Verification], authority: Authority, draft: bytes
) -> None:
    assert not check(make_person(authority, usage=("key_encipherment",)).sign(draft)).signatures[0].trusted
    assert check(make_person(authority, usage=("content_commitment",)).sign(draft)).valid
    assert check(make_person(authority, usage=None).sign(draft)).valid


def test_no_name_reaches_a_log(authority: Authority, draft: bytes, tmp_path: Path) -> None:
    """pyHanko logs certificate subjects when it does not like one: neither our log file nor stderr gets them."""
    pdf, log = tmp_path / "a.pdf", tmp_path / "log"
    pdf.write_bytes(make_person(authority, usage=("key_encipherment",), days=(-9, -2)).sign(draft))
    code = (
        "import sys, logging; from datetime import datetime, UTC; from pathlib import Path\n"
        "from digitizer_desk.signing.verify import verify_pdf\n"
        "if len(sys.argv) > 2: logging.basicConfig(filename=sys.argv[2], level=logging.DEBUG, encoding='utf-8')\n"
        "logging.getLogger('desk').info('control')\n"
        "said = verify_pdf(Path(sys.argv[1]).read_bytes(), trust=[], offline=True, at=datetime.now(UTC))\n"
        "assert not said.valid\n"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    for arguments in ([pdf], [pdf, log]):
        done = subprocess.run([sys.executable, "-c", code, *arguments], env=env, capture_output=True, check=True)
        assert done.stdout + done.stderr == b""
    assert "control" in log.read_text("utf-8")
    assert "Common Name" not in log.read_text("utf-8")
    assert NAME not in log.read_text("utf-8")


def with_evidence(pdf: bytes, *lists: bytes) -> bytes:
    out = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        out, None, certs=(), crls=[crl.CertificateList.load(one) for one in lists], force_write=True
    )
    return out.getvalue()


def test_revocation_from_what_the_file_carries(
    check: Callable[..., Verification], authority: Authority, officer: Person, signed: bytes
) -> None:
    said = check(with_evidence(signed, authority.crl()))
    assert (said.signatures[0].revocation, said.valid) == ("good", True)
    said = check(with_evidence(signed, authority.crl(officer.certificate.serial_number)))
    assert (said.signatures[0].revocation, said.valid) == ("revoked", False)
    assert said.signatures[0].intact
    # a list of somebody else proves nothing
    said = check(with_evidence(signed, make_authority("CA khác").crl()))
    assert (said.signatures[0].revocation, said.valid) == ("unknown", True)


def test_online_without_any_address_in_the_certificate(authority: Authority, signed: bytes) -> None:
    said = verify_pdf(signed, trust=[authority.der], offline=False, at=LATER)
    assert (said.signatures[0].revocation, said.valid) == ("unknown", True)


class ListServer:
    """Serves one revocation list on loopback."""

    def __init__(self) -> None:
        self.body, self.asked = b"", 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(200 if outer.body else 503)
                self.send_header("Content-Type", "application/pkix-crl")
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/list.crl"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def test_revocation_asked_over_the_network(authority: Authority, draft: bytes) -> None:
    server = ListServer()
    try:
        person = make_person(authority, lists=server.url)
        pdf = person.sign(draft)

        def ask(*, offline: bool = False) -> tuple[str, bool]:
            said = verify_pdf(pdf, trust=[authority.der], offline=offline, at=LATER)
            return said.signatures[0].revocation, said.valid

        assert ask() == ("unknown", True), "a service that is down does not make a signature bad"
        server.body = authority.crl()
        assert ask() == ("good", True)
        server.body = authority.crl(person.certificate.serial_number)
        assert ask() == ("revoked", False)
        asked = server.asked
        assert ask(offline=True) == ("unknown", True)
        assert server.asked == asked, "offline is offline"
    finally:
        server.close()


# ---- attacks ----


def flip_in_picture(pdf: bytes) -> bytes:
    at = pdf.index(b"\xff\xda") + 200
    return pdf[:at] + bytes([pdf[at] ^ 0x01]) + pdf[at + 1 :]


def saved_again(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out)
    return out.getvalue()


def text_layer(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    layer = writer.add_object(generic.StreamObject(stream_data=b"BT 3 Tr ET"))
    writer.add_stream_to_page(0, layer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def other_page_in_place(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 500 500 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def bytes_behind(pdf: bytes) -> bytes:
    return pdf + b"\n% more\n"


def last_byte_gone(pdf: bytes) -> bytes:
    return pdf[:-1]


def other_date(pdf: bytes) -> bytes:
    assert pdf.count(b"\\07220261121101542") == 1
    return pdf.replace(b"\\07220261121101542", b"\\07220251121101542")


def other_capture(pdf: bytes) -> bytes:
    assert pdf.count(b"21T09\\07238") == 1
    return pdf.replace(b"21T09\\07238", b"21T08\\07238")


@pytest.mark.parametrize(
    "attack",
    [
        flip_in_picture,
        saved_again,
        text_layer,
        other_page_in_place,
        bytes_behind,
        last_byte_gone,
        other_date,
        other_capture,
    ],
)
def test_attack_is_caught(check: Callable[..., Verification], signed: bytes, attack: Callable[[bytes], bytes]) -> None:
    said = check(attack(signed))
    assert said.modified_after_signing
    assert not said.valid


def test_attack_between_two_signatures_is_caught(
    check: Callable[..., Verification], authority: Authority, signed: bytes
) -> None:
    office = make_person(authority, "UBND phường", key=rsa_key(2))
    said = check(office.sign(other_page_in_place(signed), field="CoQuan", role="organisation"))
    assert [s.intact for s in said.signatures] == [True, True]
    assert said.modified_after_signing
    assert not said.valid


def zeros(pdf: bytes) -> bytes:
    """What a token pulled in the middle leaves: everything there but the signature."""
    start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", start)
    return pdf[:start] + b"0" * (end - start) + pdf[end:]


def test_signature_of_zeros(check: Callable[..., Verification], signed: bytes) -> None:
    said = check(zeros(signed))
    assert not said.valid
    assert [(s.role, s.intact, s.captured_at) for s in said.signatures] == [("clerk", False, CAPTURED)]


def test_another_files_signature(check: Callable[..., Verification], officer: Person, signed: bytes) -> None:
    """The right officer's whole signature, cut out of one file and laid into another."""

    def contents(pdf: bytes) -> tuple[int, int]:
        start = pdf.rindex(b"/Contents <") + len(b"/Contents <")
        return start, pdf.index(b">", start)

    target = officer.sign(draw_pdf(pages=1))
    (a, b), (c, d) = contents(target), contents(signed)
    said = check(target[:a] + signed[c:d] + target[b:])
    assert not said.signatures[0].intact
    assert not said.valid


@pytest.mark.parametrize("cut", [8, 40, 3000, 20000, 36000])
def test_cut_off_file(check: Callable[..., Verification], signed: bytes, cut: int) -> None:
    with pytest.raises(DeskError) as caught:
        check(signed[:-cut])
    assert caught.value.code == "image.damaged"


@pytest.mark.parametrize(
    ("pdf", "code"),
    [(b"", "image.unreadable"), (b"GIF89a", "image.unreadable"), (b"%PDF-1.4 and nothing more", "image.damaged")],
)
def test_no_pdf(check: Callable[..., Verification], pdf: bytes, code: str) -> None:
    with pytest.raises(DeskError) as caught:
        verify_pdf(pdf, trust=[], offline=True, at=LATER, file="a.pdf")
    assert (caught.value.code, caught.value.facts) == (code, {"file": "a.pdf"})


def test_encrypted(draft: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(draft)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(DeskError) as caught:
        verify_pdf(out.getvalue(), trust=[], offline=True, at=LATER)
    assert caught.value.code == "image.encrypted"


def test_moment_needs_a_zone(signed: bytes) -> None:
    with pytest.raises(ValueError, match="zone"):
        verify_pdf(signed, trust=[], offline=True, at=NOW.replace(tzinfo=None))
