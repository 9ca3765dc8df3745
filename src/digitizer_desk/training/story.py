# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Plays the clerk from a terminal: from two receipts to the province's receipts, through everything a day brings.

Apart from the steps, which it only calls as a window would. It asks the cabinet what is next, so that a story cut off
at any moment goes on where it stopped: laying back the sheets that are missing, as a clerk would.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitizer_desk.desk import Desk
from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import AccountCheck, Component, Dossier, Officer, Page, Parcel, ParcelState
from digitizer_desk.dossier.stage import stage
from digitizer_desk.errors import DeskError
from digitizer_desk.imaging.master import as_png
from digitizer_desk.signing.verify import verify_pdf
from digitizer_desk.steps import check, extract, pages, receive, scan, send, sign, tidy
from digitizer_desk.training.papers import draw_paper
from digitizer_desk.training.province import Copy
from digitizer_desk.training.room import TrainingRoom
from digitizer_desk.training.script import SCRIPT, ScriptedDossier, ScriptedPaper

Say = Callable[[str], None]


class StoryFailed(Exception):
    """The story cannot go on; the message says at which point, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Play:
    """The room the story plays in, the seed its papers are drawn with, and where it tells what it does."""

    room: TrainingRoom
    seed: int
    say: Say

    @property
    def desk(self) -> Desk:
        return self.room.desk

    @property
    def officer(self) -> Officer:
        return self.room.officer


def play(room: TrainingRoom, seed: int = 1, say: Say | None = None) -> int:
    """Play the whole story. Returns 0 when the province holds every document byte for byte with valid signatures."""
    try:
        return _play(Play(room, seed, say or _print))
    except StoryFailed as failure:
        (say or _print)(f"✖ Dừng: {failure}")
        return 1


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _play(room: Play) -> int:
    number = int(room.desk.cabinet.settings.get("story") or "1")
    _adopt_recovered(room)
    room.room.province.go_offline()
    room.say("Mất mạng: tỉnh không trả lời. Vẫn làm việc bình thường.")
    ids = [_dossier(room, number, index, script) for index, script in enumerate(SCRIPT)]
    _send(room, online=False)
    room.room.province.go_online()
    room.say("Có mạng trở lại.")
    _send(room, online=True)
    verdict = _report(room, ids)
    if verdict == 0:
        room.desk.cabinet.settings.put("story", str(number + 1))
    return verdict


def receipt_code(day: str, number: int, index: int) -> str:
    """The code on the receipt the (simulated) one-stop system printed: two for each story of a day."""
    return f"000.00.12.H08-{day}-{(number - 1) * len(SCRIPT) + index + 1:04d}"


def _adopt_recovered(room: Play) -> None:
    """Pages that were sealed but not yet entered when the power went: put back, or left in the tray."""
    for page in tidy.recovered(room.desk):
        room.say(f"Khôi phục một trang quét lúc {page.scanned_at:%H:%M:%S} chưa xếp vào hồ sơ.")
        dossier = room.desk.cabinet.dossiers.load(room.desk.cabinet.dossiers.of_component(page.component_id))
        component = dossier.component(page.component_id)
        if stage(component, room.desk.law_of(dossier).order) == "scan":
            tidy.adopt(room.desk, page, dossier.id, component.id, room.officer)
        # else it was a page scanned again in place: it stays in the tray, and the page is scanned once more


def _dossier(room: Play, number: int, index: int, script: ScriptedDossier) -> str:
    """Take one dossier from its receipt to confirmed data. Returns its id."""
    desk = room.desk
    day = desk.cabinet.settings.get(f"story.{number}") or f"{desk.clock():%y%m%d}"
    desk.cabinet.settings.put(f"story.{number}", day)
    code = receipt_code(day, number, index)
    dossier = desk.cabinet.dossiers.by_code(code)
    if dossier is None:
        with _Timed(room, f"Nhận hồ sơ {code} · {script.person.name}"):
            receipt = receive.Receipt(code, script.procedure, script.applicant, account_check=AccountCheck.YES)
            dossier = receive.receive(desk, receipt, room.officer)
    dossier = check.check_unmeasured(desk, dossier.id)
    for paper in script.papers:
        _capture(room, dossier.id, paper, script)
    _sign(room, dossier.id)
    for paper in script.papers:
        _fill(room, dossier.id, paper)
    return dossier.id


def _find(dossier: Dossier, code: str) -> Component:
    return next(c for c in dossier.components if c.code == code)


def _capture(room: Play, dossier_id: str, paper: ScriptedPaper, script: ScriptedDossier) -> None:
    """Scan until every declared side is kept, then re-scan in place what is not fit."""
    desk = room.desk
    component = _find(desk.cabinet.dossiers.load(dossier_id), paper.component)
    law = desk.law_of(desk.cabinet.dossiers.load(dossier_id))
    if component.declared is None:
        dossier = receive.declare(desk, dossier_id, component.id, len(paper.kinds), room.officer)
        component = dossier.component(component.id)
    jam = paper.jam_after
    for _attempt in range(6):
        if stage(component, law.order, law.may_scan(component)) not in ("scan", "not_needed"):
            break
        kept = len(component.pages)
        sheets = [_picture(room, script, paper, side, fault=kept == 0) for side in range(kept, len(paper.kinds))]
        room.room.scanner.lay(sheets)
        if jam is not None and jam > kept:
            room.room.scanner.fault(after=jam - kept, kind="jam")
        with _Timed(room, f"Quét «{component.title}» từ mặt {kept + 1}"):
            outcome = scan.scan(desk, dossier_id, component.id, room.officer, _tell_kept(room), lambda: False)
        if outcome.error is not None:
            safe = len(outcome.kept)
            room.say(f"  ✖ {outcome.error.code}: {safe} trang đã lưu, đặt lại từ mặt {kept + safe + 1}")
            room.room.scanner.clear()
            jam = None
        component = outcome.dossier.component(component.id)
    component = _mend(room, dossier_id, component, paper, script)
    now = stage(component, law.order, law.may_scan(component))
    if now in ("scan", "check", "not_needed"):
        raise StoryFailed(f"«{component.title}» chưa đạt: bước {now}")


def _mend(
    room: Play, dossier_id: str, component: Component, paper: ScriptedPaper, script: ScriptedDossier
) -> Component:
    """Re-scan each page with an open fault, in place, from a clean sheet."""
    for side, page in enumerate(component.pages):
        if not page.open_faults:
            continue
        room.say(f"  ✖ Trang {side + 1} «{component.title}»: {page.open_faults[0].word} {page.open_faults[0].value}")
        room.room.scanner.lay([_picture(room, script, paper, side, fault=False)])
        with _Timed(room, f"Quét lại trang {side + 1} tại chỗ"):
            outcome = scan.scan(
                room.desk,
                dossier_id,
                component.id,
                room.officer,
                _tell_kept(room),
                lambda: False,
                scan.Order(replace=page.id),
            )
        if outcome.error is not None:
            raise StoryFailed(f"quét lại không được: {outcome.error.code}")
        component = outcome.dossier.component(component.id)
    while component.expected is not None and len(component.pages) > component.expected:
        # a cut after the last sheet can leave one page too many in the component
        component = pages.remove(room.desk, dossier_id, component.pages[-1].id, room.officer).component(component.id)
    return component


def _picture(room: Play, script: ScriptedDossier, paper: ScriptedPaper, side: int, *, fault: bool) -> bytes:
    """The side as a PNG at 300 dpi, blurred when the script says so and it is the first try."""
    kind = paper.kinds[side]
    bad = "blur" if fault and paper.blurred == side else None
    seed = room.seed * 1000 + sum(kind.encode()) + side
    return as_png(draw_paper(kind, script.person, seed, fault=bad), (300.0, 300.0))


def _tell_kept(room: Play) -> Callable[[object], None]:
    def report(event: object) -> None:
        if isinstance(event, scan.PageKept):
            room.say(f"  giữ trang {event.page.id} bản {event.page.version} {event.page.sha256[:16]}")
        elif isinstance(event, scan.PageChecked) and event.page.findings:
            room.say("  " + ", ".join(f"{f.severity.value}:{f.word}={f.value}" for f in event.page.findings))

    return report


def _sign(room: Play, dossier_id: str) -> None:
    ready = sign.waiting(room.desk, dossier_id)
    if not ready:
        return
    choice = next((c for c in sign.choices(room.desk, room.officer) if c.problem is None), None)
    if choice is None:
        raise StoryFailed("token tập huấn không có chứng thư dùng được")
    with _Timed(room, f"Ký số {len(ready)} tài liệu, một lần nhập PIN"):
        outcome = sign.sign(
            room.desk,
            dossier_id,
            choice.certificate,
            Pin(bytearray(room.room.token.pin.encode())),
            room.officer,
            lambda _e: None,
            lambda: False,
        )
    if outcome.error is not None:
        raise StoryFailed(f"ký không được: {outcome.error.code}")


def _fill(room: Play, dossier_id: str, paper: ScriptedPaper) -> None:
    desk = room.desk
    dossier = desk.cabinet.dossiers.load(dossier_id)
    component, law = _find(dossier, paper.component), desk.law_of(dossier)
    if stage(component, law.order, law.may_scan(component)) != "extract":
        return
    values = {f.name: f.value for f in extract.guess(desk, dossier, component)}
    values |= {
        "so_ky_hieu": paper.number,
        "ngay_cap": paper.issued,
        "co_quan_cap": paper.issuer,
        "trich_yeu": paper.summary,
    }
    with _Timed(room, f"Nhập dữ liệu «{component.title}», cấp mã, đóng gói"):
        filled = extract.confirm(desk, dossier_id, component.id, values, room.officer)
    code = filled.component(component.id).result_code
    room.say(f"  mã kết quả {code.text if code else '?'} (tạm)")


def _send(room: Play, *, online: bool) -> None:
    """Offline: one round that must change nothing. Online: rounds until nothing waits."""
    for _round in range(40):
        with _Timed(room, "Gửi các gói đến hạn"):
            outcome = send.deliver_due(room.desk, lambda _e: None, lambda: False)
        counts = room.desk.cabinet.outbox.counts()
        if not online:
            room.say(f"  ◌ {counts.waiting} gói chờ mạng")
            return
        for parcel_id in outcome.accepted:
            parcel = room.desk.cabinet.outbox.get(parcel_id)
            room.say(f"  ✔ Tỉnh đã nhận «{parcel.component_title}» · số {parcel.receipt}")
        if counts.waiting == 0 and counts.sending == 0:
            return
        send.send_now(room.desk)
        if not outcome.accepted:
            time.sleep(random.uniform(0.05, 0.2))  # noqa: S311 - the province may be busy for a moment
    raise StoryFailed("còn gói chưa gửi được")


def _report(room: Play, ids: list[str]) -> int:
    """The table at the end, and the proof: copies byte-identical, signatures valid, nothing received twice."""
    desk, good = room.desk, True
    copies = room.room.province.copies()
    room.say("")
    room.say(f"{'Thành phần':<34} {'Trang':>5}  {'Cảnh báo':<18} {'Chữ ký':<8} {'Biên nhận':<18} Giống hệt")
    dossiers = [desk.cabinet.dossiers.load(i) for i in ids]
    documents = [c for dossier in dossiers for c in dossier.components if c.document is not None]
    for component in documents:
        same = _same_at_province(desk, component, copies)
        valid = _valid(desk, component)
        good = good and same and valid
        room.say(
            f"{component.title[:34]:<34} {len(component.pages):>5}  {_warnings(component.pages)[:18]:<18} "
            f"{'hợp lệ' if valid else 'SAI':<8} {component.parcel.receipt if component.parcel else '':<18} "
            f"{'✔' if same else '✖'}"
        )
    good = good and len(documents) == sum(len(script.papers) for script in SCRIPT)
    chain = desk.cabinet.journal.check()
    numbers = [copy.parcel_id for copy in copies]
    good = good and chain.ok and len(numbers) == len(set(numbers))
    room.say(f"Nhật ký: {chain.count} dòng, {'nguyên vẹn' if chain.ok else 'BỊ SỬA'}. Tỉnh giữ {len(numbers)} gói.")
    return 0 if good else 1


def _warnings(kept: tuple[Page, ...]) -> str:
    words = sorted({f.word for page in kept for f in page.findings})
    return ", ".join(words) or "–"


def _same_at_province(desk: Desk, component: Component, copies: Sequence[Copy]) -> bool:
    parcel: Parcel | None = component.parcel
    if parcel is None or parcel.state is not ParcelState.ACCEPTED:
        return False
    there = [c for c in copies if c.parcel_id == parcel.id]
    if len(there) != 1:
        return False
    theirs = there[0].path.read_bytes()
    return bool(hashlib.sha256(theirs).hexdigest() == parcel.file_sha256)


def _valid(desk: Desk, component: Component) -> bool:
    assert component.document is not None
    try:
        pdf = desk.cabinet.documents.pdf(component.document)
        return verify_pdf(pdf, trust=desk.trust, offline=True, at=desk.clock()).valid
    except DeskError:
        return False


class _Timed:
    """Say a step when it is done, with the time it took; say its name first, so that a watcher sees it begin."""

    def __init__(self, room: Play, what: str) -> None:
        self._room, self._what = room, what

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        mark = "·" if kind is None else "✖"
        seconds = f"{time.perf_counter() - self._started:.2f}".replace(".", ",")
        self._room.say(f"{self._room.desk.clock():%H:%M:%S} {mark} {self._what} ({seconds} s)")
