# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The doors of the room, for those a window starts with: ``signing.sign_pdf``.

What lies behind them (pyHanko: half a second) is loaded when somebody first goes through one, not while a clerk waits
for the window.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digitizer_desk.signing.appearance import Mark as Mark
    from digitizer_desk.signing.appearance import Picture as Picture
    from digitizer_desk.signing.appearance import clerk_lines as clerk_lines
    from digitizer_desk.signing.appearance import copy_line as copy_line
    from digitizer_desk.signing.appearance import mark_size as mark_size
    from digitizer_desk.signing.appearance import seal_lines as seal_lines
    from digitizer_desk.signing.appearance import wrapped as wrapped
    from digitizer_desk.signing.beside.signers import standing as standing
    from digitizer_desk.signing.detached import check_detached as check_detached
    from digitizer_desk.signing.lasting.timestamps import TimestampService as TimestampService
    from digitizer_desk.signing.lasting.upgrade import upgrade_pdf as upgrade_pdf
    from digitizer_desk.signing.rehearse import rehearse_signing as rehearse_signing
    from digitizer_desk.signing.sign import sign_bytes as sign_bytes
    from digitizer_desk.signing.sign import sign_pdf as sign_pdf
    from digitizer_desk.signing.verify import verify_pdf as verify_pdf

#: door -> the module behind it. None is called like a module of the room: that would be hidden once it is loaded
_BEHIND = {
    "Mark": "appearance",
    "Picture": "appearance",
    "TimestampService": "lasting.timestamps",
    "check_detached": "detached",
    "clerk_lines": "appearance",
    "copy_line": "appearance",
    "mark_size": "appearance",
    "rehearse_signing": "rehearse",
    "seal_lines": "appearance",
    "sign_bytes": "sign",
    "sign_pdf": "sign",
    "standing": "beside.signers",
    "upgrade_pdf": "lasting.upgrade",
    "verify_pdf": "verify",
    "wrapped": "appearance",
}


def __getattr__(name: str) -> Any:
    if name not in _BEHIND:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_BEHIND[name]}"), name)
