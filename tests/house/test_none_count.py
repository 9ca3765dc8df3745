# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The installed Qt binding must not lose references to None (6.12.0 on Python 3.11 does, and ends the process)."""

from __future__ import annotations

import os
import subprocess
import sys

_PROBE = """
import sys
from PySide6.QtGui import QGuiApplication, QImage, QPainter
app = QGuiApplication([])
picture = QImage(8, 8, QImage.Format.Format_RGB32)
before = sys.getrefcount(None)
for _ in range(300):
    picture.fill(0)
    painter = QPainter(picture)
    painter.fillRect(0, 0, 4, 4, 0)
    painter.end()
print(before - sys.getrefcount(None))
"""


def test_void_qt_calls_keep_their_reference_to_none() -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    probe = subprocess.run([sys.executable, "-c", _PROBE], env=env, capture_output=True, text=True, timeout=60)
    assert probe.returncode == 0, probe.stderr
    assert int(probe.stdout) < 100
