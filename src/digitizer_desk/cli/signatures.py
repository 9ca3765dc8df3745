# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on signatures: ``sign``, ``upgrade``, ``verify``."""

from __future__ import annotations

import hashlib
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, tell
from digitizer_desk.devices.token import Certificate, Pin, Token, TokenSession
from digitizer_desk.dossier.model import VIETNAM
from digitizer_desk.durable import whole_file
from digitizer_desk.errors import CODES, DeskError, error
from digitizer_desk.imaging.intake import open_file
from digitizer_desk.imaging.place import first_page, room_on
from digitizer_desk.messages.signatures import signature_line, upgrade_line
from digitizer_desk.rules.regulation import SignatureRule
from digitizer_desk.signing.appearance import clerk_lines
from digitizer_desk.signing.lasting.timestamps import TimestampService
from digitizer_desk.signing.lasting.upgrade import Upgraded, is_due, upgrade_file, upgrade_stream
from digitizer_desk.signing.sign import Mark, sign_stream
from digitizer_desk.signing.trust import load_certificates
from digitizer_desk.signing.verify import Verification, verify_stream
from digitizer_desk.steps.sign import POINTS_A_MM, mark_at, place_mark

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]
Trust = Annotated[list[Path] | None, typer.Option("--trust", help="Chứng thư gốc (PEM), có thể lặp lại")]
Wait = Annotated[float, typer.Option("--wait", min=0.1, help="Số giây chờ nơi cấp dấu thời gian")]

#: how long before its end an archive timestamp is renewed when nobody said otherwise
RENEW_DAYS = 180


@dataclass(frozen=True, slots=True)
class SignOrder:
    """What ``sign`` was asked for. ``stamps`` None: no timestamp is wanted. ``place``: where the mark goes on page 1;
    None: the free room nearest to its corner, and no signature where there is none (R26)."""

    out: Path
    captured_at: str
    name: str
    stamps: TimestampService | None
    trust: tuple[bytes, ...]
    place: tuple[float, float] | None = None


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
        mark_at: Annotated[str, typer.Option("--mark-at", help="Chỗ đặt dấu: mm từ trái,mm từ trên của trang 1")] = "",
        tsa: Annotated[str, typer.Option("--tsa", help="Địa chỉ cấp dấu thời gian")] = "",
        trust: Trust = None,
        wait: Wait = 20.0,
        pin_stdin: Annotated[bool, typer.Option("--pin-stdin", help="Đọc PIN từ dòng đầu của stdin")] = False,
        last_try: Annotated[bool, typer.Option("--last-try", help="Vẫn ký khi token chỉ còn một lần nhập PIN")] = False,
        as_json: AsJson = False,
    ) -> None:
        if training == (module is not None):
            raise typer.BadParameter("chọn đúng một trong hai", param_hint="--module / --training")
        with failing():
            key = doors.training_key() if training else None
            chosen = (token, cert.lower().replace(":", ""))
            stamps = TimestampService(tsa, wait) if tsa else None
            roots = (_roots(doors, trust, pdfs) + ((key.root,) if key else ())) if tsa else ()
            order = SignOrder(out, captured_at, name, stamps, roots, _place(mark_at))
            with closing(key.token if key else doors.token(module)) as source:
                certificate = choose_certificate(source, *chosen)
                if certificate.token.pin.final_try and not last_try:
                    raise error("token.pin_last_try")  # a script must not lock a token that a person could still save
                pin = key.pin() if key else read_pin(pin_stdin)
                _sign(doors, source, certificate, pin, pdfs, order, as_json)

    @program.command(help="Bổ sung dấu thời gian và dữ liệu thu hồi vào PDF đã ký; không cần token")
    def upgrade(
        pdfs: Annotated[list[Path], typer.Argument(help="PDF đã ký")],
        out: Annotated[Path | None, typer.Option("--out", help="Thư mục nhận tệp, giữ nguyên tên")] = None,
        tsa: Annotated[str, typer.Option("--tsa", help="Địa chỉ cấp dấu thời gian")] = "",
        trust: Trust = None,
        renew: Annotated[bool, typer.Option("--renew", help="Gia hạn dấu thời gian lưu trữ sắp hết hạn")] = False,
        due: Annotated[bool, typer.Option("--due", help="Chỉ liệt kê tệp đến hạn gia hạn, không ghi gì")] = False,
        within: Annotated[int, typer.Option("--within", min=1, help="Đến hạn trong bao nhiêu ngày")] = RENEW_DAYS,
        wait: Wait = 20.0,
        as_json: AsJson = False,
    ) -> None:
        if not due and (out is None or not tsa):
            raise typer.BadParameter("cần cả --out và --tsa, trừ khi chỉ liệt kê (--due)", param_hint="--out / --tsa")
        with failing():
            roots = _roots(doors, trust, pdfs)
            if due or out is None:
                _due(pdfs, roots, timedelta(days=within), as_json)
            else:
                _upgrade(
                    pdfs, out, TimestampService(tsa, wait), roots, timedelta(days=within) if renew else None, as_json
                )  # fmt: skip

    @program.command(help="Kiểm tra chữ ký trong PDF; mã thoát 1 khi không hợp lệ")
    def verify(
        pdfs: Annotated[list[Path], typer.Argument(help="PDF cần kiểm tra")],
        trust: Trust = None,
        offline: Annotated[bool, typer.Option("--offline", help="Không hỏi trạng thái thu hồi qua mạng")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing():
            _verify(pdfs, _roots(doors, trust, pdfs), offline, as_json)


def _now() -> datetime:
    return datetime.now(VIETNAM)


def _roots(doors: Doors, trust: list[Path] | None, files: list[Path]) -> tuple[bytes, ...]:
    if trust:
        return tuple(der for file in trust for der in load_certificates(file))
    return doors.trusted(files)


def read_pin(from_stdin: bool) -> Pin:
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


def choose_certificate(token: Token, label: str, sha1: str) -> Certificate:
    found = [c for c in token.certificates() if (not label or c.token.label == label) and (not sha1 or c.sha1 == sha1)]
    if not found:
        raise error("token.none" if not token.tokens() else "token.no_certificate", officer="")
    return found[0]


def _sign(
    doors: Doors, source: Token, certificate: Certificate, pin: Pin, pdfs: list[Path], order: SignOrder, as_json: bool
) -> None:
    """One PIN for all files. A file that cannot be read does not stop the others; a failing token does."""
    with pin:
        session = source.open(certificate, pin)
    code = ExitCode()
    with session:
        for file in pdfs:
            try:
                result = _sign_file(doors, file, order.out / file.name, session, order)
            except DeskError as problem:
                code.add(_failed(file, problem, as_json))
                if problem.code.startswith("token."):
                    break
                continue
            emit(result) if as_json else say(
                f"✔ {result['file']}: {result['signer']}, chụp lúc {result['captured_at']}, mức {result['level']}"
            )
    code.leave()


def _failed(file: Path, problem: DeskError, as_json: bool) -> int:
    code = tell(problem)
    if as_json:
        emit({"file": str(file), "error": problem.code})
    return code


def _not_itself(file: Path, target: Path) -> None:
    """The original is never replaced."""
    if target.exists() and target.resolve() == file.resolve():
        raise error("file.exists", file=file.name)


def _sign_file(doors: Doors, file: Path, target: Path, session: TokenSession, order: SignOrder) -> dict[str, Any]:
    """Sign one file into another; neither is ever in memory as a whole."""
    _not_itself(file, target)
    facts = open_file(file)
    certificate = session.certificate
    moment = _moment(order.captured_at) if order.captured_at else (facts.created_at or _now())
    rule = doors.rulebook().in_force(_now().date()).signature
    mark, ink = _mark(file, rule, clerk_lines(order.name or certificate.holder, moment), order.place)
    with file.open("rb") as source, whole_file(target) as stream:
        sign_stream(
            source,
            stream,
            certificate=certificate.der,
            chain=order.trust,
            raw_sign=session.sign,
            key_kind=certificate.key_kind,
            mark=mark,
            field="ClerkCapture1",
            signed_at=_now(),
            captured_at=moment,
            font=doors.stamp_font(),
        )
        reached = _stamped(stream, order)
    return {
        "file": str(target),
        "signer": certificate.holder,
        "certificate_sha1": certificate.sha1,
        "captured_at": moment.astimezone(VIETNAM).isoformat(timespec="seconds"),
        "sha256": _sha256(target),
        "bytes": target.stat().st_size,
        "level": reached.level,
        "missing": reached.missing,
        "stamp_over_ink": ink,
    }


def _place(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        left, top = (float(part) for part in text.split(","))
    except ValueError as problem:
        raise typer.BadParameter("viết hai số mm, ví dụ 120,15", param_hint="--mark-at") from problem
    return left, top


def _mark(
    file: Path, rule: SignatureRule, lines: tuple[str, ...], wanted: tuple[float, float] | None
) -> tuple[Mark, float]:
    """The mark and the share of ink (0-1) under it.

    Raises:
        DeskError: ``signature.no_room`` when it would cover something and nobody said where it goes.
    """
    if wanted is None:
        mark, place = place_mark(file, rule, lines)
        if place.covers:
            raise error("signature.no_room", component=file.name)
        return mark, place.ink_share
    pixels, (width_pt, height_pt) = first_page(file)
    room = room_on(pixels, (width_pt / POINTS_A_MM, height_pt / POINTS_A_MM))
    place = room.at(*wanted, (rule.width_mm, rule.height_mm), rule.margin_mm)
    return mark_at(place, rule, lines), place.ink_share


def _stamped(stream: Any, order: SignOrder) -> Upgraded:
    """Timestamp and proofs when they were asked for. Without a network the signature stands as it is, and says so."""
    if order.stamps is None:
        return Upgraded(False, "B-B")
    try:
        reached = upgrade_stream(stream, order.stamps, trust=order.trust, clock=_now)
    except DeskError as problem:
        if not problem.code.startswith("signature.") or problem.code == "signature.broken":
            raise
        tell(problem)
        return Upgraded(False, "B-B", problem.code)
    if reached.missing:
        _tell_missing(reached.missing)
    return reached


def _tell_missing(code: str) -> int:
    return tell(error(code, "", **dict.fromkeys(CODES[code], "?")))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise typer.BadParameter(
            "viết theo ISO 8601, ví dụ 2026-11-21T09:38:12+07:00", param_hint="--captured-at"
        ) from problem
    return moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)


def _upgrade(
    pdfs: list[Path],
    out: Path,
    service: TimestampService,
    roots: tuple[bytes, ...],
    renew_within: timedelta | None,
    as_json: bool,
) -> None:
    """Each file by itself. What could be had is written; what is missing is told, and makes the exit code 3."""
    code = ExitCode()
    for file in pdfs:
        target = out / file.name
        try:
            _not_itself(file, target)
            reached = upgrade_file(file, target, service, trust=roots, clock=_now, renew_within=renew_within)
        except DeskError as problem:
            code.add(_failed(file, problem, as_json))
            continue
        if reached.missing:
            code.add(_tell_missing(reached.missing))
        if as_json:
            emit(_upgraded(target, reached))
        else:
            say(upgrade_line(str(target), reached))
    code.leave()


def _upgraded(target: Path, reached: Upgraded) -> dict[str, Any]:
    return {
        "file": str(target),
        "changed": reached.changed,
        "level": reached.level,
        "missing": reached.missing,
        "held_until": _time(reached.held_until),
        "sha256": _sha256(target),
        "bytes": target.stat().st_size,
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds") if moment else None


def _read(file: Path, roots: tuple[bytes, ...], offline: bool) -> Verification:
    if not file.is_file():
        raise error("file.not_found", file=file.name)
    with file.open("rb") as stream:
        return verify_stream(stream, trust=roots, offline=offline, at=_now(), file=file.name)


def _due(pdfs: list[Path], roots: tuple[bytes, ...], within: timedelta, as_json: bool) -> None:
    code = ExitCode()
    for file in pdfs:
        try:
            found = _read(file, roots, offline=True)
        except DeskError as problem:
            code.add(_failed(file, problem, as_json))
            continue
        due, until = is_due(found, _now(), within), found.held_until
        if as_json:
            emit({"file": str(file), "level": found.level, "held_until": _time(until), "due": due})
        else:
            end = f"{until.astimezone(VIETNAM):%d/%m/%Y}" if until else "chưa có dấu thời gian lưu trữ"
            say(f"{'⚠ ĐẾN HẠN' if due else '✔ chưa đến hạn'}  {file}  {end}")
    code.leave()


def _verify(pdfs: list[Path], roots: tuple[bytes, ...], offline: bool, as_json: bool) -> None:
    code = ExitCode()
    for file in pdfs:
        try:
            verdict = _read(file, roots, offline)
        except DeskError as problem:
            code.add(_failed(file, problem, as_json))
            continue
        code.add(0 if verdict.valid else 1)
        if as_json:
            emit({"file": str(file), **verdict.as_json()})
            continue
        say(f"{'✔ hợp lệ' if verdict.valid else '✖ KHÔNG hợp lệ'}  {file}")
        for check in verdict.signatures:
            say(f"    {signature_line(check)}")
    code.leave()
