# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the worker: ``python drivers/twain [--dsm NAME]``. pytwain may lie beside this file, in ``lib``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent / "lib"))

from twain_worker.main import main

main(sys.argv[1:])
