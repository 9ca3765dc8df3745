# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The TWAIN worker beside the desk's sources, for tests only: in service they are two programs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

WORKER = Path(__file__).resolve().parents[3] / "drivers" / "twain"
sys.path.insert(0, str(WORKER))
sys.path.insert(1, str(WORKER / "lib"))

pytest.importorskip("twain", reason="pytwain is not installed: pip install 'pytwain>=2.3,<2.4'")
