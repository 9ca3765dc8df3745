# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The hidden window TWAIN wants, and the messages of its thread. Windows only: the one door to user32.

Without a real window the newer source managers never tell that a page is ready.
"""

from __future__ import annotations

import ctypes as ct
import sys
from collections.abc import Iterator
from typing import Any, Protocol

from twain.lowlevel import structs

from twain_worker.trouble import Fault


class Window(Protocol):
    """What a session needs of a window."""

    handle: int

    def messages(self, seconds: float) -> Iterator[Any]:
        """Messages of this thread as they come, for ``seconds`` at most; at least one, so that sources are asked."""
        ...

    def dispatch(self, message: Any) -> None:
        """A message that was none of the source's."""
        ...


class HiddenWindow:
    """Made in the thread that drives TWAIN, and pumped there."""

    def __init__(self) -> None:
        if sys.platform != "win32":
            raise Fault("scanner.driver_missing", "there is no TWAIN on this system", driver="TWAIN (Windows)")
        # sources are written for window programs, where COM stands ready in this thread
        single_threaded = 2
        ct.windll.ole32.CoInitializeEx(None, single_threaded)
        self._user32 = user32 = ct.WinDLL("user32", use_last_error=True)
        user32.CreateWindowExW.restype = ct.c_void_p
        user32.CreateWindowExW.argtypes = (
            *(ct.c_uint32, ct.c_wchar_p, ct.c_wchar_p, ct.c_uint32),
            *[ct.c_int] * 4,
            *[ct.c_void_p] * 4,
        )
        user32.PostMessageW.argtypes = (ct.c_void_p, ct.c_uint, ct.c_size_t, ct.c_ssize_t)
        user32.PeekMessageW.argtypes = (ct.c_void_p, ct.c_void_p, ct.c_uint, ct.c_uint, ct.c_uint)
        user32.MsgWaitForMultipleObjects.argtypes = (*(ct.c_uint32, ct.c_void_p, ct.c_int), ct.c_uint32, ct.c_uint32)
        popup = 0x80000000
        self.handle = user32.CreateWindowExW(
            *(0, "STATIC", "Digitizer Desk TWAIN", popup, 0, 0, 0, 0), None, None, None, None
        )
        if not self.handle:
            raise Fault("scanner.unknown", f"no window: {ct.WinError(ct.get_last_error())}")

    def messages(self, seconds: float) -> Iterator[Any]:
        """See the protocol. An empty message of our own wakes managers that only look when one comes by."""
        all_input, remove = 0x04FF, 1
        self._user32.MsgWaitForMultipleObjects(0, None, False, int(seconds * 1000), all_input)
        self._user32.PostMessageW(self.handle, 0, 0, 0)
        message = structs.MSG()
        while self._user32.PeekMessageW(ct.byref(message), None, 0, 0, remove):
            yield message

    def dispatch(self, message: Any) -> None:
        self._user32.TranslateMessage(ct.byref(message))
        self._user32.DispatchMessageW(ct.byref(message))
