# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The recovery passphrase on paper: printed, or written to a file to be printed elsewhere.

Apart from the first run because Qt's printing is not on every machine: without it the file is left.
"""

from __future__ import annotations

import os

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

_FILE = "cum-tu-khoi-phuc.txt"


def can_print() -> bool:
    """Whether Qt can print here and a printer is set up."""
    try:
        from PySide6.QtPrintSupport import QPrinterInfo
    except ImportError:
        return False
    return bool(QPrinterInfo.availablePrinterNames())


def print_secret(passphrase: str, parent: QWidget) -> bool:
    """Ask for the printer and print one page. False when it was called off."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter()
    if not QPrintDialog(printer, parent).exec():
        return False
    page = QTextDocument()
    groups = "".join(f"<p style='font-size:22pt'>{n}. <b>{g}</b></p>" for n, g in enumerate(passphrase.split("-"), 1))
    page.setHtml(f"<h2>{_TITLE}</h2>{groups}<p>{_RULE}</p>")
    page.print_(printer)
    return True


def save_secret(passphrase: str, parent: QWidget) -> str:
    """Ask where to and write the file for its owner's eyes. '' when it was called off.

    Raises:
        OSError: it could not be written.
    """
    file, _kind = QFileDialog.getSaveFileName(parent, "Lưu cụm từ khôi phục", _FILE, "Văn bản (*.txt)")
    if not file:
        return ""
    groups = "\n".join(f"{number}. {group}" for number, group in enumerate(passphrase.split("-"), 1))
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{_TITLE}\n\n{passphrase}\n\n{groups}\n\n{_RULE}\n")
    return file


_TITLE = "BÀN SỐ HÓA - CỤM TỪ KHÔI PHỤC"
_RULE = "Cất vào két của cơ quan. Không chụp ảnh, không gửi qua mạng."
