# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on finished files: ``sign``, ``upgrade``, ``verify``, ``extract``."""

from __future__ import annotations

import hashlib
import sys
from contextlib import closing
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, tell, write_whole
from digitizer_desk.devices.token import Certificate, Pin, Token
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.errors import DeskError, error
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.signing.appearance import clerk_lines
from digitizer_desk.signing.sign import sign_pdf
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps.sign import place_mark

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Ký PDF bằng chữ ký số cá nhân của người sao chụp")
    def sign(
        pdfs: Annotated[list[Path], typer.Argument(help="PDF cần ký")],
        out: Annotated[Path, typer.Option("--out", help="Thư mục nhận tệp đã ký, giữ nguyên tên")],
        module: Annotated[str | None, typer.Option("--module", help="Thư viện PKCS#11 của token")] = None,
        token: Annotated[str, typer.Option("--token", help="Nhãn token")] = "",
        cert: Annotated[str, typer.Option("--cert", help="SHA-1 của chứng thư")] = "",
        training: Annotated[bool, typer.Option("--training", help="Dùng token tập huấn")] = False,
        captured_at: Annotated[str, typer.Option("--captured-at", help="Thời điểm sao chụp, ISO 8601")] = "",
        name: Annotated[str, typer.Option("--name", help="Tên hiện trong dấu ký")] = "",
        tsa: Annotated[str, typer.Option("--tsa", help="Địa chỉ cấp dấu thời gian")] = "",
        pin_stdin: Annotated[bool, typer.Option("--pin-stdin", help="Đọc PIN từ dòng đầu của stdin")] = False,
        as_json: AsJson = False,
    ) -> None:
        if training == (module is not None):
            raise typer.BadParameter("chọn đúng một trong hai", param_hint="--module / --training")
        if tsa:
            with failing():
                raise error("program.not_built", what="dấu thời gian (--tsa)")
        with failing():
            key = doors.training_key() if training else None
            chosen = (token, cert.lower().replace(":", ""))
            with closing(key.token if key else doors.token(module)) as source:
                pin = key.pin() if key else _read_pin(pin_stdin)
                _sign(doors, source, pin, pdfs, out, chosen, captured_at, name, as_json)

    @program.command(help="Bổ sung dấu thời gian và dữ liệu thu hồi vào PDF đã ký")
    def upgrade(
        pdfs: Annotated[list[Path], typer.Argument()],
        out: Annotated[Path, typer.Option("--out")],
        tsa: Annotated[str, typer.Option("--tsa")],
        trust: Annotated[list[Path] | None, typer.Option("--trust")] = None,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            raise error("program.not_built", what="nâng cấp chữ ký (upgrade)")

    @program.command(help="Kiểm tra chữ ký trong PDF; mã thoát 1 khi không hợp lệ")
    def verify(
        pdfs: Annotated[list[Path], typer.Argument(help="PDF cần kiểm tra")],
        trust: Annotated[list[Path] | None, typer.Option("--trust", help="Chứng thư gốc (PEM), có thể lặp lại")] = None,
        offline: Annotated[bool, typer.Option("--offline", help="Không hỏi trạng thái thu hồi qua mạng")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            _verify(doors, pdfs, trust or [], offline, as_json)

    @program.command(help="Bóc tách dữ liệu từ ảnh hoặc PDF")
    def extract(path: Annotated[Path, typer.Argument()], as_json: AsJson = False) -> None:
        with failing():
            raise error("program.not_built", what="bóc tách dữ liệu (extract)")


def _read_pin(from_stdin: bool) -> Pin:
    """The PIN from the first line of stdin or from a hidden prompt. Letters with marks are refused (windows.md 6)."""
    if from_stdin:
        line = bytearray(sys.stdin.buffer.readline())
        while line and line[-1] in b"\r\n":
            line.pop()
    else:
        line = bytearray(getpass("Mã PIN: ").encode())
    pin = Pin(line)
    if any(byte > 0x7E or byte < 0x20 for byte in line):
        pin.wipe()
        raise error("token.pin_letters")
    return pin


def _choose(token: Token, label: str, sha1: str) -> Certificate:
    found = [c for c in token.certificates() if (not label or c.token.label == label) and (not sha1 or c.sha1 == sha1)]
    if not found:
        raise error("token.none" if not token.tokens() else "token.no_certificate", officer="")
    return found[0]


def _sign(
    doors: Doors,
    source: Token,
    pin: Pin,
    pdfs: list[Path],
    out: Path,
    wanted: tuple[str, str],
    captured_at: str,
    name: str,
    as_json: bool,
) -> None:
    """One PIN for all files. A file that cannot be read does not stop the others; a failing token does."""
    with pin:
        certificate = _choose(source, *wanted)
        session = source.open(certificate, pin)
    out.mkdir(parents=True, exist_ok=True)
    code = ExitCode()
    with session:
        for file in pdfs:
            try:
                result = _sign_file(doors, file, out / file.name, session, captured_at, name)
            except DeskError as problem:
                code.add(tell(problem))
                if as_json:
                    emit({"file": str(file), "error": problem.code})
                if problem.code.startswith("token."):
                    break
                continue
            emit(result) if as_json else say(
                f"✔ {result['file']}: {result['signer']}, chụp lúc {result['captured_at']}"
            )
    code.leave()


def _sign_file(doors: Doors, file: Path, target: Path, session: Any, captured_at: str, name: str) -> dict[str, Any]:
    if target.exists() and target.resolve() == file.resolve():
        raise error("file.exists", file=file.name)
    facts = open_file(file)
    pdf = file.read_bytes()
    certificate: Certificate = session.certificate
    moment = _moment(captured_at) if captured_at else (facts.created_at or datetime.now(VIETNAM))
    rule = doors.rulebook().in_force(datetime.now(VIETNAM).date()).signature
    mark, ink = place_mark(pdf, rule, clerk_lines(name or certificate.holder, moment))
    signed = sign_pdf(
        pdf,
        certificate=certificate.der,
        chain=(),
        raw_sign=session.sign,
        key_kind=certificate.key_kind,
        mark=mark,
        field="ClerkCapture1",
        signed_at=datetime.now(VIETNAM),
        captured_at=moment,
        font=doors.stamp_font(),
    )
    write_whole(target, signed)
    return {
        "file": str(target),
        "signer": certificate.holder,
        "certificate_sha1": certificate.sha1,
        "captured_at": moment.astimezone(VIETNAM).isoformat(timespec="seconds"),
        "sha256": hashlib.sha256(signed).hexdigest(),
        "bytes": len(signed),
        "level": "B-B",
        "stamp_over_ink": ink,
    }


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise typer.BadParameter(
            "viết theo ISO 8601, ví dụ 2026-11-21T09:38:12+07:00", param_hint="--captured-at"
        ) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _verify(doors: Doors, pdfs: list[Path], trust: list[Path], offline: bool, as_json: bool) -> None:
    code = ExitCode()
    roots = _load_roots(trust) if trust else doors.trusted(pdfs)
    for file in pdfs:
        try:
            if not file.is_file():
                raise error("file.not_found", file=file.name)
            verdict = verify_pdf(file.read_bytes(), trust=roots, offline=offline, at=datetime.now(VIETNAM))
        except DeskError as problem:
            code.add(tell(problem))
            if as_json:
                emit({"file": str(file), "error": problem.code})
            continue
        code.add(0 if verdict.valid else 1)
        if as_json:
            emit({"file": str(file), **_plain(verdict)})
            continue
        say(f"{'✔ hợp lệ' if verdict.valid else '✖ KHÔNG hợp lệ'}  {file}")
        for s in verdict.signatures:
            trusted = "tin cậy" if s.trusted else "chưa tin cậy"
            whole = "nguyên vẹn" if s.intact else "ĐÃ BỊ SỬA"
            say(f"    {s.signer} · {s.role} · {s.level} · {whole} · {trusted} · thu hồi: {s.revocation}")
    code.leave()


def _load_roots(files: list[Path]) -> tuple[bytes, ...]:
    from digitizer_desk.signing.trust import load_certificates

    return tuple(der for file in files for der in load_certificates(file))


def _plain(verdict: Any) -> dict[str, Any]:
    """The verification as JSON values, keys as the contract names them."""

    def time(value: datetime | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "signatures": [
            {
                "role": s.role,
                "signer": s.signer,
                "intact": s.intact,
                "covers_whole_file": s.covers_whole_file,
                "trusted": s.trusted,
                "valid_at": time(s.valid_at),
                "signed_at": time(s.signed_at),
                "captured_at": time(s.captured_at),
                "revocation": s.revocation,
                "level": s.level,
            }
            for s in verdict.signatures
        ],
        "modified_after_signing": verdict.modified_after_signing,
        "valid": verdict.valid,
    }
