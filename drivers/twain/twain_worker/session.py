# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""One source manager, at most one source, and the TWAIN state (2 to 7) they are in: every way out ends in state 2.

pytwain's own idea of the state is wrong after some failures and leaves the source, and so the scanner, open: this one
is kept by what the driver answered.
"""

from __future__ import annotations

import ctypes as ct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import twain
from twain.lowlevel import constants as tw
from twain.lowlevel import structs

from twain_worker import container, standard
from twain_worker.container import Told, Value
from twain_worker.trouble import OF_SCANNER, DriverBroke, Fault, Trouble, driver_words
from twain_worker.window import Window

_MOST_SOURCES = 256
_BEAT_SECONDS = 0.1


class Session:
    """State 3 when made. Not shared between threads: TWAIN belongs to the thread that opened it."""

    def __init__(self, window: Window, dsm: str) -> None:
        self.state = 2
        self._window = window
        self._source: Any = None
        try:
            with driver_words():
                self._manager = twain.SourceManager(
                    window.handle,
                    MajorNum=1,
                    Manufacturer="Digitizer Desk",
                    ProductFamily="Digitizer Desk",
                    ProductName="Digitizer Desk TWAIN",
                    ProtocolMinor=4,
                    dsm_name=dsm or None,
                )
        except Trouble as problem:
            if isinstance(problem.__cause__, OSError | twain.exceptions.SMLoadFileFailed):
                driver = dsm or "TWAIN DSM (twaindsm.dll)"
                raise Fault("scanner.driver_missing", str(problem), driver=driver) from problem
            raise
        self.state = 3

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Back to state 2; but after an access violation nothing may be called any more."""
        try:
            if kind is None or not issubclass(kind, DriverBroke):
                self.unwind()
        finally:
            self._disarm()

    # -- sources ----------------------------------------------------------------------------------------------------

    def sources(self) -> list[tuple[str, str]]:
        """(product name, maker) of each source this manager knows. Loads every vendor's driver there is."""
        return [(self._text(one.ProductName), self._text(one.Manufacturer)) for one in self._identities()]

    def _identities(self) -> list[Any]:
        found: list[Any] = []
        message = tw.MSG_GETFIRST
        while len(found) < _MOST_SOURCES:
            one = structs.TW_IDENTITY()
            try:
                with driver_words():
                    answer = self._manager._call(
                        None, tw.DG_CONTROL, tw.DAT_IDENTITY, message, ct.byref(one), (tw.TWRC_ENDOFLIST,)
                    )
            except Trouble as problem:
                if problem.condition == tw.TWCC_NODS:
                    break
                raise
            if answer == tw.TWRC_ENDOFLIST:
                break
            found.append(one)
            message = tw.MSG_GETNEXT
        return found

    def _text(self, name: bytes) -> str:
        """Names are UTF-8 from new managers, in the machine's own code page from old ones."""
        try:
            return name.decode("utf-8")
        except UnicodeDecodeError:
            return name.decode("mbcs" if sys.platform == "win32" else "latin-1", "replace")

    def open(self, name: str) -> None:
        """State 3 -> 4. By name, so that no other vendor's driver is loaded; else by looking through all."""
        try:
            with driver_words():
                self._source = self._manager.open_source(name)
        except Trouble as problem:
            if problem.condition not in (tw.TWCC_NODS, 0):
                raise
            same = [one for one in self._identities() if self._text(one.ProductName) == name]
            if not same:
                raise Trouble(tw.TWCC_NODS, f"no source named {name}") from problem
            with driver_words():
                self._manager._open_ds(same[0])
                self._source = twain.Source(self._manager, same[0])
        self.state = 4

    # -- capabilities -----------------------------------------------------------------------------------------------

    def told(self, capability: int, message: int = tw.MSG_GET) -> Told | None:
        """What the source says of it; None where it has no such thing, or says it in no form of TWAIN's.

        Raises:
            Trouble: what is wrong is the scanner, not the capability.
        """
        try:
            return self._container(capability, message)
        except container.NoContainer as nonsense:
            print(f"capability {capability:#06x}: {nonsense}", file=sys.stderr)  # noqa: T201 - the log
        except Trouble as trouble:
            if trouble.condition in OF_SCANNER:
                raise
        return None

    def _container(self, capability: int, message: int) -> Told:
        wish = structs.TW_CAPABILITY(capability, tw.TWON_DONTCARE16, 0)
        self.call(tw.DG_CONTROL, tw.DAT_CAPABILITY, message, ct.byref(wish))
        if not wish.hContainer:
            raise container.NoContainer("no container")
        try:
            return container.read(wish.ConType, self.lock(wish.hContainer))
        finally:
            self.release(wish.hContainer)

    def support(self, capability: int) -> int | None:
        """What may be done with it (TWQC bits); None from sources that do not know the question."""
        told = self.told(capability, tw.MSG_QUERYSUPPORT)
        return None if told is None or not isinstance(told.current, int) else told.current

    def may(self, capability: int, bit: int) -> bool | None:
        """Whether this may be done with it (a TWQC bit); None when nobody knows."""
        bits = self.support(capability)
        return None if bits is None else bool(bits & bit)

    def read(self, capability: int) -> Value | None:
        """The current value; None where the source has no such thing, or fails over it."""
        with suppress(Trouble):
            told = self.told(capability, tw.MSG_GETCURRENT)
            return None if told is None else told.current
        return None

    def write(self, capability: int, kind: int, value: Value) -> bool:
        """Set it. False when the source lacks it or refuses the value; "nearly" counts as set: read it back."""
        try:
            with driver_words():
                self._source.set_capability(capability, kind, value)
        except twain.exceptions.CheckStatus:
            return True
        except Trouble:
            return False
        return True

    def write_list(self, capability: int, values: tuple[int, ...]) -> bool:
        """Set an array of 16-bit numbers, which pytwain cannot. False when the source lacks it or refuses."""
        data = b"".join(number.to_bytes(2, "little") for number in values)
        container = bytes(structs.TW_ARRAY(tw.TWTY_UINT16, len(values))) + data
        try:
            with driver_words():
                handle = self._source._alloc(len(container))
                try:
                    ct.memmove(self._source._lock(handle), container, len(container))
                    self._source._unlock(handle)
                    wish = structs.TW_CAPABILITY(capability, standard.TWON_ARRAY, handle)
                    answers = (tw.TWRC_CHECKSTATUS,)
                    self.call(tw.DG_CONTROL, tw.DAT_CAPABILITY, tw.MSG_SET, ct.byref(wish), answers)
                finally:
                    self._source._free(handle)
        except Trouble:
            return False
        return True

    def set_frame(self, inches: tuple[float, float, float, float]) -> bool:
        """The part of the glass to scan: left, top, right, bottom."""
        try:
            with driver_words():
                self._source.set_image_layout(inches)
        except twain.exceptions.CheckStatus:
            return True
        except Trouble:
            return False
        return True

    def frame(self) -> tuple[float, float, float, float] | None:
        try:
            with driver_words():
                left, top, right, bottom = self._source.get_image_layout()[0]
        except Trouble:
            return None
        return left, top, right, bottom

    # -- scanning ---------------------------------------------------------------------------------------------------

    def call(self, group: int, what: int, message: int, data: Any, answers: tuple[int, ...] = ()) -> int:
        """One triplet to the open source. Success and ``answers`` are returned; the rest is trouble."""
        with driver_words():
            return int(self._source._call(group, what, message, data, (tw.TWRC_SUCCESS, *answers)))

    def enable(self, *, show: bool) -> bool:
        """State 4 -> 5. False when the source insists on its own window although none was asked for."""
        ui = structs.TW_USERINTERFACE(ShowUI=show, ModalUI=False, hParent=self._window.handle)
        answers = (tw.TWRC_CHECKSTATUS, tw.TWRC_CANCEL)
        answer = self.call(tw.DG_CONTROL, tw.DAT_USERINTERFACE, tw.MSG_ENABLEDS, ct.byref(ui), answers)
        if answer == tw.TWRC_CANCEL:
            raise Trouble(0, "the source does not start: cancelled")
        self.state = 5
        return show or answer == tw.TWRC_SUCCESS

    def wait(self, stopped: Callable[[], bool]) -> str:
        """State 5 -> 6: pump messages until there is a page (``ready``), the source wants to be closed (``closed``),
        or ``stopped`` says so. It hangs when the source says nothing: the desk watches over that."""
        while not stopped():
            for message in self._window.messages(_BEAT_SECONDS):
                event = structs.TW_EVENT(ct.cast(ct.byref(message), ct.c_void_p), 0)
                answers = (tw.TWRC_DSEVENT, tw.TWRC_NOTDSEVENT)
                answer = self.call(tw.DG_CONTROL, tw.DAT_EVENT, tw.MSG_PROCESSEVENT, ct.byref(event), answers)
                if event.TWMessage == tw.MSG_XFERREADY:
                    self.state = 6
                    return "ready"
                if event.TWMessage in (tw.MSG_CLOSEDSREQ, tw.MSG_CLOSEDSOK):
                    return "closed"
                if answer == tw.TWRC_NOTDSEVENT:
                    self._window.dispatch(message)
        return "stopped"

    def image_info(self) -> Any:
        """TW_IMAGEINFO of the picture at hand (states 6 and 7)."""
        info = structs.TW_IMAGEINFO()
        self.call(tw.DG_IMAGE, tw.DAT_IMAGEINFO, tw.MSG_GET, ct.byref(info))
        return info

    def end_picture(self) -> int:
        """State 7 -> 6 or 5. Returns how many more there are: 0 none, 65535 "some"."""
        pending = structs.TW_PENDINGXFERS()
        self.call(tw.DG_CONTROL, tw.DAT_PENDINGXFERS, tw.MSG_ENDXFER, ct.byref(pending))
        self.state = 6 if pending.Count else 5
        return int(pending.Count)

    def lock(self, handle: int) -> int:
        with driver_words():
            return int(self._source._lock(handle))

    def release(self, handle: int) -> None:
        """Unlock and free a picture the source has given away."""
        with driver_words():
            self._source._unlock(handle)
            self._source._free(handle)

    def size_of(self, handle: int) -> int | None:
        """Bytes behind a handle, where the memory is Windows' own: newer managers bring their own memory."""
        if sys.platform != "win32" or self._source._version2:
            return None
        with driver_words():
            return int(twain.windows.GlobalSize(handle))

    # -- the end ----------------------------------------------------------------------------------------------------

    def unwind(self) -> None:
        """Back to state 2 from any other, whatever fails on the way: an open source is a scanner locked for all.

        Raises:
            DriverBroke: only the end of the process helps.
        """
        again = True
        while self.state > 2:
            before = self.state
            try:
                self._step_down()
                again = True
            except Trouble as problem:
                print(f"leaving state {before}: {problem}", file=sys.stderr)  # noqa: T201 - the log
                # once more: what fails in the middle of a jam may work right after it
                if not again:
                    self.state = min(self.state, before - 1)
                again = not again

    def _disarm(self) -> None:
        """pytwain's objects would call the driver once more when they go."""
        if self._source is not None:
            self._source._state = "closed"
        self._manager._state = "closed"

    def _step_down(self) -> None:
        if self.state == 7:
            self.end_picture()
        elif self.state == 6:
            self._reset()
        elif self.state == 5:
            try:
                self._disable()
            except Trouble:
                # the source may have a page ready, and so be in state 6, without its message having come here
                with suppress(Trouble):
                    self._reset()
                self._disable()
        elif self.state == 4:
            with driver_words():
                self._manager._close_ds(self._source._id)
            self.state = 3
        else:
            with driver_words():
                self._manager._close_dsm()
            self.state = 2

    def _reset(self) -> None:
        pending = structs.TW_PENDINGXFERS()
        self.call(tw.DG_CONTROL, tw.DAT_PENDINGXFERS, tw.MSG_RESET, ct.byref(pending))
        self.state = 5

    def _disable(self) -> None:
        ui = structs.TW_USERINTERFACE()
        self.call(tw.DG_CONTROL, tw.DAT_USERINTERFACE, tw.MSG_DISABLEDS, ct.byref(ui))
        self.state = 4
