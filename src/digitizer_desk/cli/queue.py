# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Terminal commands on the outbox: listing, sending, pausing, connecting, handing over on a stick and its receipts."""

from __future__ import annotations

import sys
from enum import StrEnum
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from digitizer_desk.assemble import SECRETS, keep_province_secret
from digitizer_desk.cli.doors import Doors
from digitizer_desk.cli.speak import ExitCode, emit, failing, say, table, tell
from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Parcel
from digitizer_desk.dossier.text import fold
from digitizer_desk.errors import CODES, error
from digitizer_desk.messages import parcel_words
from digitizer_desk.messages.outbox import is_overdue, moment_words, open_words
from digitizer_desk.messages.signatures import renewal_line
from digitizer_desk.province.handover.names import Layout
from digitizer_desk.province.national.link import NationalLink
from digitizer_desk.steps import hand_over
from digitizer_desk.steps import send as sending
from digitizer_desk.steps.outgoing.look import look
from digitizer_desk.steps.signatures import renew as renewing
from digitizer_desk.store.tray.look import Drawer

_BY = "terminal"
#: rows read from the cabinet at once
_AT_ONCE = 500

AsJson = Annotated[bool, typer.Option("--json", help="Mỗi dòng một đối tượng JSON")]


class Secret(StrEnum):
    """What can be shown to a province, in the order of the assembly's names."""

    LOGIN = "login"
    KEY = "key"
    PROXY = "proxy"
    PORTAL = "portal"
    LGSP = "lgsp"

    @property
    def words(self) -> str:
        return {
            Secret.LOGIN: "Khóa truy cập hoặc mật khẩu ở tỉnh",
            Secret.KEY: "Mật khẩu của khóa chứng thư",
            Secret.PROXY: "Mật khẩu proxy",
            Secret.PORTAL: "Mật khẩu ở cổng quốc gia",
            Secret.LGSP: "Khóa của nền tảng LGSP",
        }[self]


def add(program: typer.Typer, doors: Doors) -> None:
    """Register the commands of this module."""

    @program.command(help="Các gói trong hàng chờ gửi")
    def outbox(
        drawer: Annotated[Drawer, typer.Option("--drawer", help="Chỉ các gói loại này")] = Drawer.ALL,
        find: Annotated[str, typer.Option("--find", help="Chỉ các gói có những chữ này, không cần dấu")] = "",
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            _list(desk, drawer, find, as_json)

    @program.command(help="Gửi các gói đến hạn; không có --once thì gửi đến khi hết hoặc mất mạng")
    def send(
        once: Annotated[bool, typer.Option("--once")] = False,
        now: Annotated[bool, typer.Option("--now", help="Gửi ngay: bỏ tạm dừng, giờ gửi và các lần chờ")] = False,
        again: Annotated[
            bool, typer.Option("--again", help="Gửi lại cả các gói được giữ lại, sau khi đã sửa điều làm chúng bị giữ")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            if again:
                sending.send_again(desk, _BY)
            if now:
                sending.send_now(desk, _BY)
            _send(desk, once, as_json)

    @program.command(help="Tạm dừng gửi, cho đến khi resume hoặc send --now")
    def pause() -> None:
        with failing(), doors.open_desk() as desk:
            sending.pause(desk, _BY)
            say("Đã tạm dừng gửi. Các gói được giữ an toàn; gửi tiếp bằng lệnh resume.")

    @program.command(help="Gửi tiếp sau khi tạm dừng, theo giờ và các lần chờ đã định")
    def resume() -> None:
        with failing(), doors.open_desk() as desk:
            sending.go_on(desk, _BY)
            say("Hàng chờ sẽ gửi tiếp.")

    @program.command(
        help="Tài liệu trong kho có dấu thời gian lưu trữ sắp hết hạn; --renew gia hạn ngay, không cần token"
    )
    def renewals(
        renew: Annotated[bool, typer.Option("--renew", help="Gia hạn ngay các tài liệu đến hạn")] = False,
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            _renewals(desk, renew, as_json)

    @program.command(help="Lưu khóa truy cập tỉnh cấp vào kho đã mã hóa, rồi thử kết nối")
    def connect(
        secret_stdin: Annotated[bool, typer.Option("--secret-stdin", help="Đọc khóa từ stdin")] = False,
        what: Annotated[
            Secret,
            typer.Option(
                "--what", help="Bí mật nào: khóa hoặc mật khẩu ở tỉnh, khóa chứng thư, proxy, cổng quốc gia, LGSP"
            ),
        ] = Secret.LOGIN,
    ) -> None:
        secret = sys.stdin.readline().strip() if secret_stdin else getpass(f"{what.words}: ")
        with failing():
            with doors.open_desk() as desk:
                keep_province_secret(desk.paths, desk.cabinet, SECRETS[list(Secret).index(what)], secret)
            with doors.open_desk() as desk:
                _try_connection(desk)

    @program.command(help="Dựng lại kho dữ liệu trên máy mới từ bản sao lưu, bằng cụm từ khôi phục")
    def restore(
        backup: Annotated[Path, typer.Argument(help="Thư mục bản sao lưu")],
        passphrase_stdin: Annotated[bool, typer.Option("--passphrase-stdin", help="Đọc cụm từ từ stdin")] = False,
    ) -> None:
        passphrase = sys.stdin.readline().strip() if passphrase_stdin else getpass("Cụm từ khôi phục: ")
        with failing():
            back = doors.restore(backup, passphrase)
            say(f"Đã khôi phục {back.files} tệp vào {doors.data}. Mở chương trình để làm tiếp.")
            if back.passed_over:
                at = f"{back.at:%H:%M %d/%m/%Y}"
                say(f"{back.passed_over} bản sao mới hơn bị hỏng. Kho này của lúc {at}, việc sau đó không có ở đây.")
            if back.damaged:
                say(f"{back.damaged} tệp trong bản sao bị hỏng hoặc thiếu: trang hoặc văn bản đó sẽ được báo khi mở.")
            if back.passed_over or back.damaged:
                raise typer.Exit(1)

    @program.command(help="Chép tệp đã ký, dữ liệu, danh sách và bảng SHA-256 ra thư mục bàn giao")
    def export(
        to: Annotated[Path, typer.Option("--to", help="Thư mục bàn giao")],
        layout: Annotated[Layout, typer.Option("--layout", help="Cách đặt tên tệp")] = Layout.TT02,
        encrypt_to: Annotated[
            Path | None, typer.Option("--encrypt-to", help="Chứng thư của nơi nhận: chỉ nơi đó mở được")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        with failing(), doors.open_desk() as desk:
            _export(hand_over.hand_over(desk, to, "terminal", layout=layout, recipient=encrypt_to), to, as_json)

    @program.command(help="Ghi nhận tệp biên nhận mà nơi nhận gửi lại cho một lần bàn giao")
    def receipts(
        file: Annotated[Path, typer.Argument(help="Tệp biên nhận (.json)")],
        as_json: AsJson = False,
    ) -> None:
        with failing():
            with doors.open_desk() as desk:
                read = hand_over.take_receipts(desk, file)
            _tell_receipts(read, as_json)
        if read.refused:
            raise typer.Exit(2)


def _try_connection(desk: Desk) -> None:
    """Ask the province one cheap question with the new secret, and the national portal where it is told too."""
    if desk.link is None:
        raise error("province.not_set")
    asked = [desk.link.health]
    if isinstance(desk.link, NationalLink):
        asked.append(desk.link.portal_health)
    for ask in asked:
        health = ask()
        if health.code:
            raise error(health.code, "", **dict.fromkeys(CODES[health.code], ""))
        say(f"Đã nối với «{health.name}»" + (" (tập huấn)." if health.training else "."))


def _renewals(desk: Desk, renew: bool, as_json: bool) -> None:
    """What is due; with ``renew`` what came of it, exit 3 when something could not be renewed."""
    if not renew:
        for held in renewing.due(desk):
            facts = {
                "dossier": held.parcel.dossier_code,
                "component": held.parcel.component_title,
                "version": held.document.version,
                "sha256": held.document.sha256,
                "held_until": held.until.isoformat(timespec="seconds"),
                "here_only": held.here_only,
            }
            emit(facts) if as_json else say(f"⚠ {renewal_line(held.parcel, held.until, here_only=held.here_only)}")
        return
    if desk.stamps is None:
        raise error("signature.timestamp_offline", "no service set")
    outcome = renewing.renew(desk, lambda _held: None, lambda: False)
    code = ExitCode()
    for _, problem in outcome.failed:
        code.add(tell(problem))
    summary = {"renewed": len(outcome.done), "failed": len(outcome.failed), "left": outcome.left}
    emit(summary) if as_json else say(f"Đã gia hạn {len(outcome.done)} tài liệu, còn {outcome.left} tài liệu đến hạn.")
    code.leave()


def _row(parcel: Parcel) -> dict[str, object]:
    return {
        "id": parcel.id,
        "dossier": parcel.dossier_code,
        "component": parcel.component_title,
        "version": parcel.version,
        "bytes": parcel.file_size,
        "sha256": parcel.file_sha256,
        "signed_sha256": parcel.signed_sha256,
        "sent_sha256": parcel.sent_sha256,
        "level": parcel.level,
        "state": parcel.state.value,
        "tries": parcel.tries,
        "error": parcel.error,
        "said": parcel.said,
        "receipt": parcel.receipt,
        "made_at": parcel.made_at.isoformat(),
        "next_try_at": parcel.next_try_at.isoformat() if parcel.next_try_at else None,
        "accepted_at": parcel.accepted_at.isoformat() if parcel.accepted_at else None,
    }


def _list(desk: Desk, drawer: Drawer, find: str, as_json: bool) -> None:
    queue, outbox = look(desk), desk.cabinet.outbox
    ids = outbox.find(drawer, fold(find).split(), queue.overdue_before)
    rows = []
    for at in range(0, len(ids), _AT_ONCE):
        found = outbox.rows(ids[at : at + _AT_ONCE])
        for seen in (found[one] for one in ids[at : at + _AT_ONCE] if one in found):
            parcel, waits = seen.parcel, open_words(seen, queue)
            if as_json:
                emit({**_row(parcel), "overdue": is_overdue(parcel, queue), "waits": waits})
            else:
                size = f"{parcel.file_size / 1e6:.1f} MB".replace(".", ",")
                rows.append((parcel.dossier_code, parcel.component_title, size, waits or parcel_words(parcel)))
    if not as_json:
        table("Hàng chờ gửi", ("Hồ sơ", "Tài liệu", "Dung lượng", "Trạng thái"), rows)
        overdue = queue.totals.drawers[Drawer.OVERDUE]
        if overdue:
            say(f"Chú ý: {overdue} gói quá hạn gửi.")


def _send(desk: Desk, once: bool, as_json: bool) -> None:
    if desk.link is None:
        raise error("province.not_set")
    accepted: list[str] = []
    while True:
        outcome = sending.deliver_due(desk, lambda _event: None, lambda: False)
        accepted += outcome.accepted
        if once or not (outcome.accepted or outcome.refused) or outcome.offline or outcome.paused:
            break
    counts = desk.cabinet.outbox.counts()
    waits_until = outcome.waits_until if counts.waiting else None
    if as_json:
        emit(
            {
                "accepted": accepted,
                "waiting": counts.waiting,
                "attention": counts.attention,
                "offline": outcome.offline,
                "paused": outcome.paused,
                "waits_until": waits_until.isoformat() if waits_until else None,
            }
        )
    else:
        until = f" Gửi tiếp lúc {moment_words(waits_until, desk.clock())}." if waits_until else ""
        say(f"Tỉnh đã nhận {len(accepted)} gói; còn {counts.waiting} gói chờ, {counts.attention} gói cần xử lý.{until}")
    if outcome.offline:
        raise error("province.offline", waiting=counts.waiting)
    if outcome.paused:
        raise error(outcome.paused)


def _export(handed: hand_over.HandedOver, to: Path, as_json: bool) -> None:
    for parcel, name in handed.files:
        if as_json:
            emit({"file": name, "sha256": parcel.file_sha256, "dossier": parcel.dossier_code})
    if as_json:
        return
    say(f"Đã chép {len(handed.files)} tài liệu vào {to}; kiểm tra bằng SHA256SUMS.")
    if handed.encrypted:
        say("Tài liệu đã mã hóa, chỉ nơi nhận mở được.")
    else:
        say("Chú ý: các tệp này không mã hóa, giữ USB cẩn thận; dùng --encrypt-to để mã hóa cho nơi nhận.")


def _tell_receipts(read: hand_over.ReceiptsRead, as_json: bool) -> None:
    if as_json:
        emit({"accepted": list(read.accepted), "known": list(read.known), "refused": [list(r) for r in read.refused]})
        return
    say(f"Ghi nhận {len(read.accepted)} biên nhận mới, {len(read.known)} đã có từ trước.")
    for parcel_id, why in read.refused:
        say(f"Không nhận: {parcel_id}: {why}")
