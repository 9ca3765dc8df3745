# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The monthly report's acts: counting on the pool lane, numbers kept, a workbook or pages written.

Apart from the review's acts because a month is counted, not judged.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from digitizer_desk.desk import Desk
from digitizer_desk.dossier.model import Officer
from digitizer_desk.errors import DeskError
from digitizer_desk.messages.form import text_of
from digitizer_desk.messages.monthly import added_words, cell_words, tables, workbook
from digitizer_desk.province.reports.tables import as_csv, as_workbook
from digitizer_desk.steps.review import monthly
from digitizer_desk.steps.review.adding import Added, add_up
from digitizer_desk.steps.review.monthly import Month, MonthReport, Stated
from digitizer_desk.ui.review import outlets
from digitizer_desk.ui.review.printing import pdf_of, table_of
from digitizer_desk.ui.screens.review.monthly import Monthly

#: a step, what to do with its value
Runs = Callable[[Callable[[], Any], Callable[[Any], object]], None]


class MonthlyWork:
    """Runs the report of one window. ``run`` puts a step on the pool lane and tells its failures."""

    def __init__(self, desk: Desk, run: Runs, officer: Callable[[], Officer], window: QWidget) -> None:
        self._desk, self._run, self._officer, self._window = desk, run, officer, window
        self.told: Callable[[str | DeskError], None] = lambda _outcome: None
        self.screen = Monthly()
        self.screen.month_asked.connect(self.show_month)
        self.screen.stated.connect(self._state)
        self.screen.save_asked.connect(self._save)
        self.screen.pdf_asked.connect(self._pdf)
        self.screen.merge_asked.connect(self._merge)

    def refresh(self) -> None:
        """The month shown last, or this one, counted anew."""
        self.show_month(self.screen.month or monthly.month_of(self._desk))

    def show_month(self, month: Month) -> None:
        """Count a month and show it."""
        self._run(lambda: monthly.report(self._desk, month), self.screen.show_report)

    def _state(self, numbers: Stated) -> None:
        month = self.screen.month
        if month is None:
            return

        def step() -> MonthReport:
            monthly.state(self._desk, month, numbers, self._officer())
            return monthly.report(self._desk, month)

        self._run(step, self.screen.show_report)

    def _save(self) -> None:
        report = self.screen.report
        if report is None:
            return
        path = outlets.ask_name(
            "Lưu báo cáo", f"bao-cao-{report.month}.xlsx", (outlets.XLSX, outlets.CSV), self._window
        )
        if path is not None:
            made = workbook(report)
            self.told(outlets.write(path, as_csv(made) if path.suffix == ".csv" else as_workbook(made)))

    def _merge(self) -> None:
        """Workbooks of several desks, chosen by hand, written as one."""
        names, _kind = QFileDialog.getOpenFileNames(self._window, "Báo cáo của các bàn", "", outlets.XLSX)
        if names:
            self._run(lambda: _added([Path(name) for name in names]), self._merged)

    def _merged(self, added: Added | DeskError) -> None:
        if isinstance(added, DeskError):
            self.told(added)
            return
        name = f"gop-{added.report.month}.xlsx"
        path = outlets.ask_name("Lưu báo cáo gộp", name, (outlets.XLSX, outlets.CSV), self._window)
        if path is None:
            return
        made = workbook(added.report)
        outcome = outlets.write(path, as_csv(made) if path.suffix == ".csv" else as_workbook(made))
        self.told(outcome if isinstance(outcome, DeskError) else f"{outcome}. {' '.join(added_words(added, None))}")

    def _pdf(self) -> None:
        report = self.screen.report
        if report is None:
            return
        path = outlets.ask_name("Lưu PDF", f"bao-cao-{report.month}.pdf", (outlets.PDF,), self._window)
        if path is not None:
            self.told(outlets.write(path, month_pdf(report)))


def _added(files: list[Path]) -> Added | DeskError:
    """A failure is a value here: which file is wrong is said where the files were asked for."""
    try:
        return add_up(files)
    except DeskError as problem:
        return problem


def month_pdf(report: MonthReport) -> bytes:
    """The report as PDF/A-1b, A4 landscape; the window and the terminal write these. A QGuiApplication must exist."""
    return pdf_of(month_html(report), f"Báo cáo tháng {report.month.words}", landscape=True)[0]


def month_html(report: MonthReport) -> str:
    """The report for A4 landscape: the table, its notes, the reasons."""
    form, why = tables(report)
    rows = [[cell_words(value, column) for column, value in enumerate(row, 1)] for row in form.rows]
    header = [f"{number}\n{name}" for number, name in zip(form.numbers, form.header, strict=True)]
    below = "<br>".join(escape(note) for note in form.notes)
    reasons = (
        table_of(why.header, [[str(value) for value in row] for row in why.rows], numbers_from=2) if why.rows else ""
    )
    return "".join(
        (
            f"<h1>{escape(form.title)}</h1>",
            table_of(header, rows, numbers_from=2).replace("\n", "<br>"),
            f"<p>{below}<br>Lập lúc {text_of(report.made_at)}.</p>",
            f"<h2>{escape(why.title)}</h2>{reasons}<p>{escape(' '.join(why.notes))}</p>",
            "<table width='100%'><tr><td>Người lập: …………………………</td><td>Thủ trưởng đơn vị: …………………………</td></tr></table>",
        )
    )
