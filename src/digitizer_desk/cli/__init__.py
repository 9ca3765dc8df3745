# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The same steps from a terminal: for IT staff, for scripts, for acceptance (docs/architecture.md, "Terminal").

Apart from the windows, and never importing them: names, options, exit codes and JSON keys are a contract.
"""

from __future__ import annotations

from digitizer_desk.cli.doors import Doors, TrainingKey
from digitizer_desk.cli.main import run

__all__ = ["Doors", "TrainingKey", "run"]
