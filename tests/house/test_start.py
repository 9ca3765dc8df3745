# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The window is waited for: what only signing, reports and PDFs need is loaded when it is first needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from digitizer_desk import signing

_LATER = ("pyhanko", "openpyxl", "aiohttp", "cv2", "pikepdf", "pypdfium2", "typer", "sqlalchemy.orm")


def test_the_window_starts_without_what_it_does_not_need_yet() -> None:
    asked = (
        "import sys, digitizer_desk.ui.application, digitizer_desk.assemble; "
        f"print(*[name for name in {_LATER} if name in sys.modules])"
    )
    path = os.pathsep.join(entry for entry in sys.path if entry)
    answer = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout.strip()) == (0, ""), answer.stderr


@pytest.mark.parametrize("door", sorted(signing._BEHIND))
def test_every_door_of_the_signing_room_leads_somewhere(door: str) -> None:
    assert callable(getattr(signing, door))


def test_there_is_no_other_door() -> None:
    with pytest.raises(AttributeError):
        signing.sign_anything  # noqa: B018
