# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What the settings do: a value given is written at once, a button asks the machine it is about.

Apart from the screen (rows and words) and from ``rooms.py``: while settings are open the desk here runs ahead of the
windows; they get it when the officer leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QWidget

import digitizer_desk
from digitizer_desk import assemble, paths, settings
from digitizer_desk.desk import Desk
from digitizer_desk.devices.token_manifest import find_modules, load_manifests
from digitizer_desk.dossier.model import Officer, Role
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Lane, Task
from digitizer_desk.messages import sentence
from digitizer_desk.messages.findings import short
from digitizer_desk.steps import sign, tidy
from digitizer_desk.steps.parts import choices
from digitizer_desk.steps.parts.trial import TrialPage, trial_page
from digitizer_desk.store import disk
from digitizer_desk.store.backup import BackupInfo
from digitizer_desk.ui import theme
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.incoming import pack_desk
from digitizer_desk.ui.screens.setup.sections import SectionScreen
from digitizer_desk.ui.screens.setup.table import BY_KEY, HOURS, Kind, Value, resolutions, with_present
from digitizer_desk.ui.setup.reaching import Way, reached
from digitizer_desk.ui.widgets.picture import as_image

_FOR_IT = "Chỉ vai trò CNTT được đổi"
_KEPT = "Đã lưu"


class SettingsWork(QObject):
    """Signals:
    bug(object): a failure that has no place in a row.
    settled(str): the key of a value that was set.
    elsewhere(str): a button that leads out of the settings.
    answered(str, str): a button, and the role of what it found (ok, mind, stop).
    """

    bug = Signal(object)
    settled = Signal(str)
    elsewhere = Signal(str)
    answered = Signal(str, str)

    def __init__(self, desk: Desk, bridge: Bridge, screen: SectionScreen, window: QWidget) -> None:
        super().__init__(window)
        self.desk, self._bridge, self._screen, self._window = desk, bridge, screen, window
        self._officer: Officer | None = None
        self._vendors = ""
        self._undo: list[tuple[str, Value]] = []
        self.changed = False
        screen.changed.connect(self.give)
        screen.act_asked.connect(self.act)
        screen.shown.connect(self._opened)

    # -- showing --------------------------------------------------------------------------------------------------

    def open(self, officer: Officer, section: str = "") -> None:
        """Fill the screen for this officer and show a section."""
        self._officer = officer
        self._vendors = self._token_vendors()
        self._fill()
        self._screen.tell(self._facts())
        self._screen.open_section(section or self._screen.section)
        self._opened(self._screen.section)

    def _fill(self) -> None:
        desk, chosen = self.desk, self.desk.settings
        law = desk.law_today()
        types = tuple((t.id, t.name) for t in desk.work_types.all)
        laws = tuple(
            (law.id, f"{law.title} (từ {law.in_force_from:%d/%m/%Y})") for law in desk.book_today().regulations
        )
        scanner = chosen.scanner.id
        self._screen.set_choices("scanner.id", with_present((), scanner, scanner))
        self._screen.set_choices("scanner.dpi", resolutions(law.scan.least_dpi))
        self._screen.set_choices("scanner.work_type", (("", "Do thủ tục và loại giấy"), *types))
        self._screen.set_choices("regulation", (("", "Theo ngày tiếp nhận"), *laws))
        for key, row in BY_KEY.items():
            if row.choices:  # a file may hold what is not among the usual ones
                now = self._value(key)
                self._screen.set_choices(key, with_present(row.choices, now, str(now)))
        self._screen.show_values(self._value, self._closed)

    def _value(self, key: str) -> Value:
        if BY_KEY[key].kind in (Kind.TOLD, Kind.HIDDEN):
            return self._facts().get(key, "")
        if key == HOURS:
            hours = self.desk.settings.sending
            return f"{hours.only_from}-{hours.only_until}" if hours.only_from else ""
        return settings.value_of(self.desk.settings, key)  # type: ignore[return-value]

    def _closed(self, key: str) -> str:
        if BY_KEY[key].kind is Kind.TOLD:
            return ""
        held = settings.locks(self.desk.paths.fixed_settings)
        if key in held.keys or (key == HOURS and "sending.only_from" in held.keys):
            return f"Do {held.by or 'tỉnh'} quy định"
        by = self._officer
        if key == "secret":
            return "" if by is not None and Role.IT in by.roles else _FOR_IT
        return "" if by is not None and choices.may_set(key, by) else _FOR_IT

    def _facts(self) -> dict[str, str]:
        """Words of the rows that are only shown, as far as they are known without asking a machine."""
        desk = self.desk
        law = desk.law_today()
        refused = "; ".join(sentence(problem) for problem in desk.work_types.refused)
        free = disk.free_bytes(desk.paths.data) / 1e9
        return {
            "data": str(desk.paths.data),
            "colour": "Màu 24 bit, do quy định",
            "size": "Ctrl và +, Ctrl và −",
            "law": f"{law.title}, từ {law.in_force_from:%d/%m/%Y}",
            "rules_of": f"{law.title}, từ {law.in_force_from:%d/%m/%Y}",
            "procedures": f"{len(desk.book_today().procedures)} thủ tục",
            "refused": refused or "Không có",
            "packs": self._packs(),
            "last_backup": self._last_backup(),
            "modules": self._vendors,
            "free": f"Còn {free:.0f} GB",
            "version": digitizer_desk.__version__,
            "licence": "Apache-2.0, mã nguồn mở",
            "files": str(desk.paths.settings_file),
        }

    def _token_vendors(self) -> str:
        """Whose token library is on this machine: a token that is not seen most often lacks its own."""
        found = find_modules(load_manifests([paths.drivers() / "tokens", self.desk.paths.site / "tokens"]))
        return ", ".join(dict.fromkeys(module.manifest.vendor for module in found)) or "Chưa có phần mềm token nào"

    def _last_backup(self) -> str:
        last = tidy.last_backup(self.desk)
        return f"{last:%H:%M %d/%m/%Y}" if last is not None else "Chưa có"

    def _opened(self, section: str) -> None:
        """A section that shows machines looks for them when it is opened."""
        if self._officer is not None and section in ("scanner", "token"):
            self.act(f"find_{section}")

    # -- changing -------------------------------------------------------------------------------------------------

    def give(self, key: str, value: Value) -> None:
        """A value came from a hand."""
        if key == "secret":
            self._give_secret(str(value))
            return
        before = self._value(key)
        if self._set(key, value):
            self._undo.append((key, before))
            self._screen.accept(key, f"{_KEPT} · Ctrl+Z hoàn tác")

    def undo(self) -> None:
        """Take the last change back."""
        if not self._undo:
            return
        key, before = self._undo.pop()
        if self._set(key, before):
            self._fill()
            self._screen.accept(key, "Đã hoàn tác")

    def _set(self, key: str, value: Value) -> bool:
        if self._officer is None:
            return False
        try:
            if key == HOURS:
                first, _, last = str(value).partition("-")
                both = {"only_from": first, "only_until": last}
                chosen = choices.change(self.desk, "sending", both, self._officer)
            else:
                chosen = choices.change(self.desk, key, value, self._officer)
        except DeskError as problem:
            self._screen.refuse(key, sentence(problem), self._value(key))
            return False
        self.desk, self.changed = assemble.rejoined(self.desk, chosen), True
        self.settled.emit(key)
        if key == "scheme":
            dark = theme.system_is_dark() if chosen.scheme == "system" else chosen.scheme == "dark"
            application = QApplication.instance()
            assert isinstance(application, QApplication)
            theme.apply(application, dark=dark, scale=application.font().pixelSize() / theme.TEXT)
        return True

    def _give_secret(self, secret: str) -> None:
        if self._officer is None:
            return
        try:
            choices.set_secret(self._keep_secret, secret, self._officer)
        except DeskError as problem:
            self._screen.refuse("secret", sentence(problem), "")
            return
        self.desk, self.changed = assemble.rejoined(self.desk, self.desk.settings), True
        self._screen.pages["province"].rows["secret"].show_value("")
        self._screen.accept("secret", "Đã cất khóa mới trong kho")
        self.settled.emit("secret")

    def _keep_secret(self, name: str, text: str, by: Officer) -> None:
        assemble.keep_province_secret(self.desk.paths, self.desk.cabinet, name, text, by)

    # -- buttons --------------------------------------------------------------------------------------------------

    def act(self, act: str) -> None:
        """A button was pressed."""
        acts: dict[str, Callable[[], None]] = {
            "find_scanner": lambda: self._ask(
                act, "scanner", "scanner", "Đang tìm máy quét…", self.desk.scanner.find, self._scanners
            ),
            "add_scanner": self._add_scanner,
            "trial": lambda: self._ask(act, "scanner", "scanner", "Đang quét thử…", trial_page, self._tried, self.desk),
            "find_token": lambda: self._ask(
                act, "token", "token", "Đang tìm token…", sign.choices, self._tokens, self.desk, self._officer
            ),
            "try_province": lambda: self._ask(
                act, "province", "network", "Đang hỏi hệ thống tỉnh…", reached, self._connected, self.desk
            ),
            "back_up": lambda: self._ask(
                act, "data", "pool", "Đang sao lưu…", tidy.back_up, self._backed_up, self.desk
            ),
            "take_pack": self._take_pack,
            "fetch_packs": lambda: self._ask(
                act,
                "law",
                "network",
                "Đang hỏi hệ thống tỉnh…",
                pack_desk.fetch,
                self._fetched,
                self.desk,
                self._officer,
            ),
        }
        if act in acts:
            acts[act]()
        else:
            self.elsewhere.emit(act)

    def _ask(
        self,
        act: str,
        section: str,
        lane: Lane,
        words: str,
        step: Callable[..., Any],
        show: Callable[[Any], tuple[str, str]],
        *args: Any,
    ) -> None:
        """Do a step on its lane; the section says what came of it."""
        page = self._screen.pages[section]
        page.busy("on", words)

        def done(task: Task[Any]) -> None:
            page.busy("", "")
            try:
                role, told = show(task.result())
                page.say(role, told)
                self.answered.emit(act, role)
            except DeskError as problem:
                page.say("stop", sentence(problem))
                self.answered.emit(act, "stop")
            except Exception as problem:
                page.say("", "")
                self.bug.emit(problem)

        self._bridge.run(lane, step, *args, on_done=done)

    def _scanners(self, found: Any) -> tuple[str, str]:
        now = self.desk.settings.scanner.id
        known = tuple((s.id, f"{s.vendor} {s.model}".strip() or s.id) for s in found)
        self._screen.set_choices("scanner.id", with_present(known, now, f"{now} (chưa thấy)"))
        if not known:
            return "mind", "Chưa thấy máy quét nào. Bật máy, cắm dây, hoặc thêm theo địa chỉ."
        untested = next((s.untested for s in found if s.id == now and s.untested), "")
        return ("mind", untested) if untested else ("ok", f"Thấy {len(known)} máy quét.")

    def _add_scanner(self) -> None:
        address, given = QInputDialog.getText(
            self._window, "Thêm máy quét mạng", "Địa chỉ IP, tên máy, hoặc http://…/eSCL:"
        )
        if given and address.strip():
            self._ask(
                "add_scanner",
                "scanner",
                "network",
                "Đang gọi máy quét…",
                assemble.add_scanner,
                self._added,
                self.desk.paths,
                address,
            )

    def _added(self, found: Any) -> tuple[str, str]:
        self.give("scanner.id", found.id)
        self._screen.set_choices("scanner.id", ((found.id, found.name),))
        self._screen.pages["scanner"].rows["scanner.id"].show_value(found.id)
        return "ok", f"Đã thêm {found.name}."

    def _tried(self, page: TrialPage) -> tuple[str, str]:
        self._screen.pages["scanner"].sheet.show_sheet(_pixmap(page.picture))
        took = f"{page.seconds:.1f}".replace(".", ",")
        size = f"{page.size[0]} × {page.size[1]} điểm, {page.dpi[0]:.0f} dpi, {took} giây"
        if not page.findings:
            return "ok", f"Đạt · {size}"
        return "mind", f"{', '.join(short(f) for f in page.findings[:3])} · {size}"

    def _tokens(self, found: Any) -> tuple[str, str]:
        names = ", ".join(dict.fromkeys(c.certificate.token.label for c in found))
        held = "\n".join(_certificate_words(c) for c in found)
        self._screen.tell({"token": names, "certificate": held})
        if not found:
            return "mind", "Chưa thấy token. Cắm USB Token; nếu đã cắm, cài phần mềm của nhà cung cấp."
        bad = next((c.problem for c in found if c.problem is not None), None)
        return ("mind", sentence(bad)) if bad is not None else ("ok", "Token dùng được.")

    def _connected(self, way: Way) -> tuple[str, str]:
        most = self.desk.settings.timestamps.clock_s
        return way.role(most), way.words(most)

    def _packs(self) -> str:
        """The packs in force today, and those that cannot be used any more."""
        return pack_desk.told(self.desk)

    def _take_pack(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self._window, "Gói quy định", "", "Gói quy định (*.zip)")
        if name and self._officer is not None:
            args = (self.desk, Path(name), self._officer)
            self._ask("take_pack", "law", "pool", "Đang kiểm tra gói…", pack_desk.take, self._pack_taken, *args)

    def _pack_taken(self, words: str) -> tuple[str, str]:
        self.changed = True  # the window is made anew with the rules of the pack
        self._fill()
        self._screen.tell(self._facts())
        return "ok", words

    def _fetched(self, words: str) -> tuple[str, str]:
        return self._pack_taken(words) if words else ("ok", "Tỉnh không có gói mới.")

    def _backed_up(self, info: BackupInfo | None) -> tuple[str, str]:
        if info is None:
            return "mind", "Chọn nơi sao lưu trước."
        self._screen.tell({"last_backup": self._last_backup()})
        return "ok", f"Đã sao lưu {info.files} tệp, {info.size / 1e6:.0f} MB."


def _certificate_words(choice: sign.CertificateChoice) -> str:
    certificate = choice.certificate
    until = f"hạn {certificate.not_after:%d/%m/%Y}, còn {choice.days_left} ngày"
    return f"{certificate.holder} · {certificate.issuer} · {until}"


def _pixmap(pixels: NDArray[np.uint8]) -> QPixmap:
    return QPixmap.fromImage(as_image(pixels))
