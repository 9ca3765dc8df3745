# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The trial of the whole process: what it does, where it stops, and that nothing of it stays or leaves."""

from __future__ import annotations

import logging
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from digitizer_desk import assemble, settings
from digitizer_desk.devices.token import Pin
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import CODES, DeskError, error
from digitizer_desk.messages.trial import PART_NAMES, STATE_NAMES, TOLD, fault_words, line_words, told_words
from digitizer_desk.paths import DeskPaths
from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.province.link import Health, Later, ProvinceLink, Rehearsed
from digitizer_desk.steps import send, sign
from digitizer_desk.steps.trial import acts, room
from digitizer_desk.steps.trial.course import Course, Line, Part, State, Told
from digitizer_desk.steps.trial.room import TrialRoom, clear, open_room, sweep
from digitizer_desk.training.province import LocalProvince
from stand_ins.machines import ScriptedProvince, paper
from steps.conftest import Bench

RIGHT, WRONG = b"246810", b"135790"


def sign_it(trial: TrialRoom, pin: bytes = RIGHT) -> sign.SignOutcome:
    """As the signing dialog does, with the trial's desk in place of the real one."""
    certificate = next(c.certificate for c in sign.choices(trial.desk, trial.by) if c.problem is None)
    return sign.sign(
        trial.desk, trial.dossier_id, certificate, Pin(bytearray(pin)), trial.by, lambda _e: None, lambda: False
    )


def play(trial: TrialRoom, signing: Callable[[TrialRoom], sign.SignOutcome | None] = sign_it) -> Course:
    """All parts, each as the course says what is next."""
    course = Course()
    while (part := course.next) is not None:
        course = course.begun(part)
        assert course.next is None
        try:
            if part is Part.SIGN:
                told = acts.judge_signing(trial, signing(trial))
            elif part is Part.REMOVE:
                clear(trial)
                told = Told("removed")
            else:
                told = acts.ACTS[part](trial)
        except DeskError as problem:
            course = course.failed(part, problem)
        else:
            course = course.done(part, told)
    assert course.ended
    return course


def states(course: Course) -> dict[Part, State]:
    return {line.part: line.state for line in course.lines}


def nothing_is_left(bench: Bench) -> None:
    """Not a file, not a dossier, not a parcel; two lines in the journal, and its chain holds."""
    assert list(bench.place.trial.iterdir()) == []
    assert bench.desk.cabinet.dossiers.recent(5) == ()
    assert sum(vars_of(bench.desk.cabinet.outbox.counts())) == 0
    actions = [entry.action for entry in bench.desk.cabinet.journal.entries()]
    assert actions.count("trial_begun") == actions.count("trial_removed") == 1
    assert bench.desk.cabinet.journal.check().ok
    assert bench.province.stored == {}


def vars_of(counts: object) -> list[int]:
    return [getattr(counts, name) for name in ("waiting", "sending")]


def test_the_whole_process_is_tried_and_nothing_of_it_stays(bench: Bench) -> None:
    bench.scanner.tray = [paper(seed=1), paper(seed=2)]
    trial = open_room(bench.desk, bench.officer)
    course = play(trial)
    assert set(states(course).values()) <= {State.OK, State.MIND}
    assert states(course)[Part.SEND] is State.MIND
    assert course.passed
    assert [job.settings.max_pages for job in bench.scanner.jobs] == [1]
    assert len(bench.scanner.tray) == 1  # the sheet of somebody else stays in the feeder
    told = course.line(Part.SEND).told
    assert told is not None
    assert "chưa gửi gì" in told_words(told)
    nothing_is_left(bench)


def test_while_it_lasts_nothing_of_it_can_be_read_or_sent(bench: Bench) -> None:
    bench.scanner.tray = [paper(seed=1)]
    trial = open_room(bench.desk, bench.officer)
    acts.scan_sheet(trial)
    sign_it(trial)
    acts.take_data(trial)
    assert trial.component.parcel is not None
    # due in its own outbox, and neither desk finds a way for it
    assert trial.desk.cabinet.outbox.counts().waiting == 1
    send.deliver_due(trial.desk, lambda _e: None, lambda: False)
    send.deliver_due(bench.desk, lambda _e: None, lambda: False)
    assert bench.province.stored == {}
    files = [file for file in trial.folder.rglob("*") if file.is_file()]
    assert files
    # long enough that no sealed byte looks so by chance
    plain = (b"%PDF-1.", b"\xff\xd8\xff\xe0\x00\x10JFIF", b"SQLite format 3")
    assert not any(sign_of in file.read_bytes() for file in files for sign_of in plain)
    assert not (trial.folder / "vault.json").exists()  # no key of it was ever written
    clear(trial)
    nothing_is_left(bench)


def test_the_mark_says_that_it_is_a_trial(shared: Bench) -> None:
    trial = open_room(shared.desk, shared.officer)
    lines = sign.mark_lines(shared.officer, shared.clock(), trial.desk.mark_note)
    assert any("KÝ THỬ" in line for line in lines)
    assert shared.desk.mark_note == ""
    clear(trial)


@pytest.mark.parametrize("code", ["scanner.cover_open", "scanner.empty"])
def test_a_scanner_that_fails_leaves_the_rest_untried(shared: Bench, code: str) -> None:
    shared.scanner.tray = [error(code)] if code != "scanner.empty" else []
    course = play(open_room(shared.desk, shared.officer))
    line = course.line(Part.SCAN)
    assert line.problem is not None
    assert line.problem.code == code
    after = [Part.CHECK, Part.PDF, Part.SIGN, Part.DATA, Part.SEND]
    assert {course.line(part).state for part in after} == {State.UNTRIED}
    assert course.line(Part.REMOVE).state is State.OK
    assert not course.passed
    assert list(shared.place.trial.iterdir()) == []


def test_no_scanner_chosen_is_said_before_anything_moves(shared: Bench) -> None:
    bare = replace(shared.desk, settings=settings.Settings())
    course = play(open_room(bare, shared.officer))
    problem = course.line(Part.SCAN).problem
    assert problem is not None
    assert problem.code == "scanner.none"
    assert shared.scanner.jobs == []


def test_a_bad_sheet_stops_with_what_is_wrong_and_what_to_do(shared: Bench) -> None:
    blank = paper(seed=0)
    blank[:] = 250
    shared.scanner.tray = [blank[:900, :600].copy()]
    course = play(open_room(shared.desk, shared.officer))
    line = course.line(Part.CHECK)
    assert line.state is State.STOP
    assert line.told is not None
    assert line.told.findings
    assert "thử lại" in line_words(line)
    assert course.line(Part.PDF).state is State.UNTRIED


def test_no_token_and_put_off_leave_data_and_sending_untried(shared: Bench) -> None:
    shared.scanner.tray = [paper(seed=3)]
    shared.token.present = False
    try:
        course = play(open_room(shared.desk, shared.officer), lambda _trial: None)
    finally:
        shared.token.present = True
    assert course.line(Part.SIGN).state is State.LATER
    assert [course.line(part).state for part in (Part.DATA, Part.SEND)] == [State.UNTRIED] * 2
    assert not course.passed
    assert "token" in line_words(course.line(Part.SIGN))


def test_a_wrong_pin_is_tried_once_and_told(shared: Bench) -> None:
    shared.scanner.tray = [paper(seed=4)]
    before = shared.token.log_ins
    course = play(open_room(shared.desk, shared.officer), lambda trial: sign_it(trial, WRONG))
    problem = course.line(Part.SIGN).problem
    assert problem is not None
    assert problem.code == "token.pin_wrong"
    assert shared.token.log_ins == before + 1
    assert course.line(Part.DATA).state is State.UNTRIED


def test_a_token_pulled_out_while_it_signs(shared: Bench) -> None:
    shared.scanner.tray = [paper(seed=5)]
    shared.token.fail_after = 0
    try:
        course = play(open_room(shared.desk, shared.officer))
    finally:
        shared.token.fail_after = None
    problem = course.line(Part.SIGN).problem
    assert problem is not None
    assert problem.code == "token.removed"


class Rehearsing(ScriptedProvince):
    """A province that can take a file and give it up again."""

    def __init__(self, came: Rehearsed | Later | None) -> None:
        super().__init__()
        self.came = came

    def rehearse(self, data: bytes, progress: Callable[[int, int], None]) -> Rehearsed | Later | None:
        progress(len(data), len(data))
        return self.came


class Away(ScriptedProvince):
    """No line to the province."""

    def health(self) -> Health:
        return Health(reachable=False, code="province.offline")


def test_sending_says_honestly_what_was_done(shared: Bench) -> None:
    shared.scanner.tray = [paper(seed=6)]
    trial = open_room(shared.desk, shared.officer)
    acts.scan_sheet(trial)
    sign_it(trial)

    def sent(link: ProvinceLink | None) -> Told:
        return acts.send_trial(replace(trial, home=replace(trial.home, link=link)))

    assert (sent(Rehearsing(Rehearsed(5000, gone=True))).code) == "sent_and_taken_back"
    kept = sent(Rehearsing(Rehearsed(5000, gone=False)))
    assert (kept.code, kept.state) == ("sent_not_taken_back", State.MIND)
    assert "chưa xác nhận" in told_words(kept)
    assert sent(Rehearsing(None)).code == "only_connected"
    assert sent(ScriptedProvince()).code == "only_connected"
    assert (sent(None).code, sent(None).state) == ("province_not_set", State.LATER)
    for link, code in (
        (Rehearsing(Later("province.timeout", attempt=True)), "province.timeout"),
        (Away(), "province.offline"),
    ):
        with pytest.raises(DeskError) as failure:
            sent(link)
        assert failure.value.code == code
        assert "làm sau khi có mạng" in fault_words(failure.value).do
    clear(trial)


def test_a_failed_sending_ends_in_removal_and_is_no_pass() -> None:
    course = Course()
    for part in (Part.SCAN, Part.CHECK, Part.PDF, Part.SIGN, Part.DATA):
        course = course.done(part, Told("sheet_fine"))
    away = course.failed(Part.SEND, error("province.offline", waiting=0))
    assert away.next is Part.REMOVE
    assert not away.done(Part.REMOVE, Told("removed")).passed
    later = course.done(Part.SEND, Told("province_not_set", State.LATER))
    assert later.next is Part.REMOVE
    assert later.done(Part.REMOVE, Told("removed")).passed


def test_the_practice_province_takes_a_trial_and_keeps_nothing(tmp_path: Path) -> None:
    with LocalProvince(tmp_path / "province") as province:
        link = GatewayLink(GatewayProfile("Thử", province.url, "quay-1", province.token, piece_bytes=1000))
        sent: list[int] = []
        came = link.rehearse(b"x" * 4321, lambda done, _total: sent.append(done))
        assert came == Rehearsed(4321, gone=True)
        assert sent[-1] == 4321
        assert list(province.copies()) == []
        files = [file for file in (tmp_path / "province").rglob("*") if file.is_file()]
        assert not any(b"x" * 100 in file.read_bytes() for file in files)
        wrong = GatewayLink(GatewayProfile("Thử", province.url, "quay-1", "khoa-sai"))
        refused = wrong.rehearse(b"x", lambda _d, _t: None)
        assert isinstance(refused, Later)
        assert refused.code == "province.login"
        province.go_offline()
        away = link.rehearse(b"x", lambda _d, _t: None)
        assert isinstance(away, Later)


def test_what_a_cut_left_is_swept_at_the_next_start_and_told(shared: Bench) -> None:
    shared.scanner.tray = [paper(seed=9)]
    trial = open_room(shared.desk, shared.officer)
    acts.scan_sheet(trial)
    trial.desk.cabinet.close()  # the process is gone: what lies on the disk is all there is
    assert trial.folder.is_dir()
    assert sweep(shared.place.trial, shared.desk.cabinet, logging.getLogger("test")) == 1
    assert list(shared.place.trial.iterdir()) == []
    line = shared.desk.cabinet.journal.entries(f"trial:{trial.id}")[0]
    assert (line.action, line.facts) == ("trial_swept", {"whole": True})
    assert sweep(shared.place.trial, shared.desk.cabinet, logging.getLogger("test")) == 0


def test_what_cannot_be_swept_keeps_no_counter_shut(shared: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    (shared.place.trial / "123456789012").mkdir(parents=True)  # even a name that looks like somebody's number
    monkeypatch.setattr(room.shutil, "rmtree", lambda *_args, **_more: None)
    assert sweep(shared.place.trial, shared.desk.cabinet, logging.getLogger("test")) == 1
    monkeypatch.undo()
    sweep(shared.place.trial, shared.desk.cabinet, logging.getLogger("test"))


def test_files_that_stay_are_told(shared: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = open_room(shared.desk, shared.officer)
    monkeypatch.setattr(room.shutil, "rmtree", lambda *_args, **_more: None)
    with pytest.raises(DeskError) as failure:
        clear(trial)
    assert failure.value.code == "store.trial_left"
    monkeypatch.undo()
    sweep(shared.place.trial, shared.desk.cabinet, logging.getLogger("test"))


def test_only_who_may_do_the_steps_may_try_them(shared: Bench) -> None:
    it = Officer(id="it", login="it", name="Trần Văn Tin", roles=frozenset({Role.IT}))
    with pytest.raises(DeskError) as failure:
        open_room(shared.desk, it)
    assert failure.value.code == "officer.not_allowed"
    assert not shared.place.trial.is_dir() or list(shared.place.trial.iterdir()) == []


def test_every_word_is_there_and_no_counter_key_is_named() -> None:
    assert set(PART_NAMES) == set(Part)
    assert set(STATE_NAMES) == set(State)
    for code in CODES:
        if code.startswith(("scanner.", "token.", "province.")):
            assert not re.search(r"\bF[469]\b", fault_words(error(code)).do), code
    assert line_words(Line(Part.SCAN)) == ""
    assert all(words for words in TOLD.values())


_KILLED = """
import os, signal, sys
from pathlib import Path
from digitizer_desk import assemble
from digitizer_desk.paths import DeskPaths
from digitizer_desk.steps import officers
from digitizer_desk.steps.trial.room import open_room
place = DeskPaths(Path(sys.argv[1]))
assemble.set_up(place)
with assemble.opened(place) as desk:
    open_room(desk, officers.first(desk, "an", "Lê Văn An", "mat-khau-dai"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_program_killed_in_a_trial_starts_without_it(tmp_path: Path) -> None:
    (tmp_path / assemble.TRAINING_KEY).touch(mode=0o600)  # a key in a file: no secret store is asked
    place = DeskPaths(tmp_path / "desk")
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(place.data)], check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(place.trial.iterdir())) == 1
    with assemble.opened(place) as desk:
        assert list(place.trial.iterdir()) == []
        actions = [entry.action for entry in desk.cabinet.journal.entries()]
        assert actions[0] == "trial_swept"
        assert "trial_begun" in actions
        assert desk.cabinet.outbox.counts().waiting == 0
        assert desk.cabinet.dossiers.recent(5) == ()
        assert desk.cabinet.journal.check().ok
