# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Files at the counter: chosen (Ctrl+O), dropped on it, or pushed by a scanner to the watched folder.

Apart from ``counter_work.py`` because no machine runs and nobody may be acting: here lies which component was open, and
since when, which decides whether a pushed file may go into it by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.errors import DeskError
from digitizer_desk.lanes import Task
from digitizer_desk.messages import sentence
from digitizer_desk.steps.intake import files, folder, tray
from digitizer_desk.steps.intake.files import FileProgress, IntakeOutcome
from digitizer_desk.steps.intake.source import Source, from_paths
from digitizer_desk.store.intake.arrivals import Arrival
from digitizer_desk.ui.bridge import Bridge
from digitizer_desk.ui.commands import Place
from digitizer_desk.ui.models import came_as_file as words
from digitizer_desk.ui.rooms import Rooms
from digitizer_desk.ui.screens.tray import TrayDialog, replace_asked
from digitizer_desk.ui.widgets.frame import Notice

_FILTER = "Ảnh và PDF (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp);;Mọi tệp (*)"
_LOOK_MS = 1000


class IntakeWork(QObject):
    """Runs the steps of the intake for one window.

    Signals:
        changed(): what the frame says may have changed.
    """

    changed = Signal()

    def __init__(self, desk: Desk, bridge: Bridge, rooms: Rooms, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._bridge, self._rooms, self._window = desk, bridge, rooms, window
        self._task: Task[Any] | None = None
        self._progress: Notice | None = None
        self._refusal: Notice | None = None
        self._refused_for = ""
        self._place = Path.home()
        self._target: folder.Target | None = None
        self._look: folder.Look | None = None
        self._looking = False
        self._away = True
        self._folder_trouble: Notice | None = None
        self.waiting: tuple[Arrival, ...] = ()
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        rooms.counter.setAcceptDrops(True)
        rooms.counter.installEventFilter(self)
        rooms.work.changed.connect(self._follow)
        rooms.moved.connect(self._follow)

    # -- by hand --------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether files are being read."""
        return self._task is not None

    def choose(self) -> None:
        """Ctrl+O: pick files on a disk, a stick or a share."""
        if not self._ready():
            return
        sheet = QFileDialog(self._window, "Nhập tệp vào thành phần này", str(self._place), _FILTER)
        sheet.setFileMode(QFileDialog.FileMode.ExistingFiles)
        try:
            if sheet.exec() == QDialog.DialogCode.Accepted:
                self._place = Path(sheet.directory().absolutePath())
                self.take([Path(name) for name in sheet.selectedFiles()])
        finally:
            sheet.deleteLater()

    def take(self, paths: Sequence[Path]) -> None:
        """Take these files into the component that lies open."""
        if paths and self._ready():
            self._run(from_paths(paths))

    def _ready(self) -> bool:
        if self._rooms.at_start or self._rooms.work.dossier is None or self._rooms.work.officer is None:
            return False
        if self._rooms.work.scanning or self.busy:
            self._rooms.work.flashed.emit(Notice("mind", "Đang nhận trang. Nhấn Esc để dừng trước.", "back"))
            return False
        return True

    def _run(self, sources: Sequence[Source], *, replace_all: bool = False, arrival: Arrival | None = None) -> None:
        dossier, part = self._rooms.work.dossier, self._rooms.counter.current
        assert dossier is not None
        self._refusal = None
        self._progress = Notice("work", "Đang đọc tệp…", "back")
        self._task = self._bridge.run(
            "pool",
            files.bring,
            self._desk,
            dossier.id,
            part,
            sources,
            self._rooms.work.officer,
            replace_all=replace_all,
            first_time=arrival is not None,
            on_event=self._read,
            on_done=lambda task: self._ended(task, dossier.id, part, sources, arrival),
        )
        self.changed.emit()

    def _read(self, event: object) -> None:
        if isinstance(event, FileProgress) and self._task is not None and not self._task.stopping:
            self._progress = Notice("work", words.progress(event), "back")
            self.changed.emit()

    def stop(self) -> bool:
        """Esc: nothing of these files goes in. False when none is being read."""
        if self._task is None:
            return False
        self._task.stop()
        self._progress = Notice("work", "Đang dừng, chưa nhập tệp nào")
        self.changed.emit()
        return True

    def _ended(
        self, task: Task[Any], dossier_id: str, part: str, sources: Sequence[Source], arrival: Arrival | None
    ) -> None:
        self._task, self._progress = None, None
        try:
            outcome: IntakeOutcome = task.result()
        except DeskError as problem:
            self._rooms.work.refresh()
            if problem.code in ("dossier.has_pages", "dossier.is_file") and self._still(dossier_id, part):
                component = self._rooms.counter.component
                if component is not None and replace_asked(component, self._window):
                    self._run(sources, replace_all=True, arrival=arrival)
                    return
            else:
                self._refuse(Notice("stop", sentence(problem)), part)
        except Exception as problem:
            self._rooms.work.bug.emit(problem)
        else:
            self._brought(outcome, part)
        self.changed.emit()

    def _still(self, dossier_id: str, part: str) -> bool:
        dossier = self._rooms.work.dossier
        return dossier is not None and dossier.id == dossier_id and self._rooms.counter.current == part

    def _brought(self, outcome: IntakeOutcome, part: str) -> None:
        if outcome.refused:
            self._refuse(Notice("stop", words.refused(outcome)), part)
        elif outcome.stopped:
            self._rooms.work.flashed.emit(Notice("mind", "Đã dừng: chưa nhập tệp nào"))
        else:
            self._rooms.work.saved.emit()
            self._rooms.work.flashed.emit(Notice("ok", words.brought(outcome)))
        self._rooms.work.refresh()
        self.look_tray()

    def _refuse(self, notice: Notice, part: str) -> None:
        self._refusal, self._refused_for = notice, part

    def withdraw(self) -> bool:
        """Del on a page of a PDF takes out the PDF: its pages stay together. False when there is none."""
        component, work = self._rooms.counter.component, self._rooms.work
        if self._rooms.at_start or component is None or component.file is None or work.dossier is None or self.busy:
            return False
        part = component.id
        self._bridge.run(
            "keys", files.withdraw, self._desk, work.dossier.id, part, work.officer, on_done=self._withdrawn
        )
        return True

    def _withdrawn(self, task: Task[Any]) -> None:
        try:
            task.result()
        except DeskError as problem:
            self._rooms.work.flashed.emit(Notice("mind", sentence(problem)))
        else:
            self._rooms.work.flashed.emit(
                Notice("ok", "Đã rút tệp khỏi thành phần. Nhấn Ctrl+Z để lấy lại.", answers=True)
            )
            self._rooms.work.saved.emit()
        self._rooms.work.refresh()
        self.look_tray()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files dragged over the counter and dropped on it."""
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.Drop) and isinstance(event, QDropEvent):
            paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
            if paths:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    # later: the program the files come from waits until the drop has been answered
                    QTimer.singleShot(0, self, lambda: self.take(paths))
                return True
        return super().eventFilter(watched, event)

    # -- the watched folder ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to look; what waits from before is shown in any case."""
        self._away = False
        self.look_tray()
        self._follow()
        if self._desk.settings.intake.folder:
            self._timer.start()

    def leave(self) -> None:
        """The clerk locked the desk or goes: nothing is put into a component by itself any more."""
        self._away, self._target = True, None

    def close(self) -> None:
        self._timer.stop()

    def _follow(self) -> None:
        """Another component is open, or none: the time from which it lies there begins anew."""
        dossier, part = self._rooms.work.dossier, self._rooms.counter.current
        here = self._rooms.place is Place.COUNTER and not self._rooms.at_start and not self._away
        if here and dossier is not None and part:
            now = self._target
            if now is None or (now.dossier_id, now.component_id) != (dossier.id, part):
                self._target = folder.Target(dossier.id, part, self._desk.clock())
        else:
            self._target = None
        if part != self._refused_for:
            self._refusal = None

    def look(self) -> None:
        """One look into the folder, never two at once."""
        if self._looking or self.busy or self._rooms.work.scanning:
            return
        self._looking = True
        self._bridge.run(
            "pool",
            folder.look,
            self._desk,
            self._look,
            lambda: self._target,
            self._rooms.work.officer,
            sentence,
            on_done=self._looked,
        )

    def _looked(self, task: Task[Any]) -> None:
        self._looking = False
        try:
            look: folder.Look = task.result()
        except DeskError as problem:
            self._look, self._folder_trouble = None, Notice("mind", sentence(problem))
            self.changed.emit()
            return
        except Exception as problem:
            self._look = None
            self._rooms.work.bug.emit(problem)
            return
        before, self._look = self.waiting, look
        self.waiting = look.waiting
        told = [*look.aside, *look.troubles]
        self._folder_trouble = Notice("mind", sentence(told[0])) if told else self._lasting(look)
        for name in look.again:
            self._rooms.work.flashed.emit(Notice("idle", f"«{name}» đã nhận trước đó; không nhận lần hai."))
        for outcome in look.brought:
            self._rooms.work.saved.emit()
            self._rooms.work.flashed.emit(Notice("ok", words.brought(outcome)))
        if look.brought:
            self._rooms.work.refresh()
        if told or look.brought or before != self.waiting:
            self.changed.emit()

    def _lasting(self, look: folder.Look) -> Notice | None:
        """What was told stays until something new came or the clerk opened the tray."""
        return None if look.brought or self._look is None else self._folder_trouble

    def look_tray(self) -> None:
        def came(task: Task[Any]) -> None:
            self.waiting = task.result()
            self.changed.emit()

        self._bridge.run("pool", tray.waiting, self._desk, on_done=came)

    def open_tray(self) -> None:
        """Ctrl+Shift+O: what arrived and belongs nowhere yet."""
        self._folder_trouble = None
        if not self.waiting:
            self._rooms.work.flashed.emit(Notice("idle", "Không có tệp nào chờ xếp.", answers=True))
            return
        component = None if self._rooms.at_start else self._rooms.counter.component
        title = component.title if component is not None and self._rooms.work.dossier is not None else ""
        sheet = TrayDialog(self.waiting, title, lambda one: tray.preview(self._desk, one, 900), self._bridge.run)
        sheet.setParent(self._window, sheet.windowFlags())
        try:
            done = sheet.exec()
            chosen = sheet.chosen()
        finally:
            sheet.deleteLater()
        if chosen is None:
            return
        if done == TrayDialog.ASSIGN and self._ready():
            self._run((tray.source(self._desk, chosen),), arrival=chosen)
        elif done == TrayDialog.DROP:
            self._bridge.run(
                "pool", tray.drop, self._desk, chosen, self._rooms.work.officer, on_done=lambda _task: self.look_tray()
            )

    # -- what the banner may say ------------------------------------------------------------------------------------

    def notices(self) -> list[Notice]:
        """What is being read, what was refused, what waits in the tray."""
        if self._progress is not None:
            return [self._progress]
        found = [notice for notice in (self._refusal, self._folder_trouble) if notice is not None]
        return found + words.in_tray(len(self.waiting))
