# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""A source manager with one source, in Python behind real ctypes callbacks: pytwain runs on it unmodified, on Linux.

Strict about the standard's states 2 to 7: what comes in the wrong one fails with TWCC_SEQERROR, as strict drivers do.
Two seams are touched: how pytwain finds the manager's library, and the window (``FakeWindow``).
"""

from __future__ import annotations

import ctypes as ct
import hashlib
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import twain
from twain.lowlevel import constants as tw
from twain.lowlevel import structs
from twain_worker import standard

NAMES = {
    number: name
    for place in (tw, standard)
    for name, number in vars(place).items()
    if name.startswith(("CAP_", "ICAP_"))
}
PROTOTYPE = ct.CFUNCTYPE(*(ct.c_uint16, ct.c_void_p, ct.c_void_p, ct.c_uint32, ct.c_uint16, ct.c_uint16, ct.c_void_p))
SEQERROR = tw.TWCC_SEQERROR
_LIBC = ct.CDLL(None)
_LIBC.malloc.restype, _LIBC.malloc.argtypes = ct.c_void_p, [ct.c_size_t]
_LIBC.free.argtypes = [ct.c_void_p]


@dataclass
class Script:
    """What this scanner is and does. ``trouble``: place ("OPENDS", "XFER:2", "STRIP:2:1", "ENDXFER:1"...) -> condition
    code, or "cancel", "crash", "segfault", "hang"."""

    sides: int = 4
    width: int = 22
    height: int = 9
    pending: str = "exact"  # exact, unknown (65535 until the end), always (65535 even after the last)
    padding: int = 0  # bytes after each row of a strip
    strip_rows: int = 4
    short_rows: int = 0  # rows missing at the end of each picture
    announced: str = "yes"  # yes, unknown (-1), absurd, wrong (one row more than comes... told as it comes)
    vanilla: bool = False  # 0 is white, and it will not be changed
    top_down: bool = False
    loses_sheet: int = 0  # this sheet goes through without a picture
    stays_loaded: bool = False  # the sensor still sees paper at the end
    eager: bool = False  # has a page ready, and is in state 6, before its message has come through
    insists_on_window: bool = False
    closes_at_once: bool = False
    wia_too: bool = False
    lacks: list[str] = field(default_factory=list)
    fixed: dict[str, Any] = field(default_factory=dict)  # capability -> the value it always has
    container: str = "one"  # one, enumeration, range: how resolutions are told
    #: capability -> the container MSG_GET tells it in: one, enumeration, range, array, or nonsense: empty, unknown,
    #: endless, outside, backwards, odd
    told_in: dict[str, str] = field(default_factory=dict)
    failing: dict[str, Any] = field(default_factory=dict)  # capability -> trouble when it is asked for
    no_glass: bool = False  # CAP_FEEDERENABLED stays on
    mute: bool = False  # answers no MSG_QUERYSUPPORT
    glass_mm: float = 297.0
    trouble: dict[str, Any] = field(default_factory=dict)
    slow: float = 0.0  # seconds for each strip


def side_rows(number: int, width: int, height: int, mode: str) -> list[bytes]:
    """Rows of one side (1-based), a byte a sample, nobody can mistake for another's: what the desk must get."""
    samples = 3 if mode == "color" else 1
    rows = []
    for y in range(height):
        noise = b""
        while len(noise) < width * samples:
            noise += hashlib.sha256(f"{number}/{y}/{len(noise)}".encode()).digest()
        row = noise[: width * samples]
        rows.append(bytes(255 if byte > 127 else 0 for byte in row) if mode == "bw" else row)
    return rows


class Capability:
    def __init__(self, kind: int, value: Any, choices: list[Any] | None = None, *, settable: bool = True) -> None:
        self.kind, self.value, self.choices, self.settable = kind, value, choices, settable


class FakeWindow:
    """Every look brings one message, as a real queue does with a worker that posts to itself."""

    handle = 4711

    def messages(self, seconds: float) -> Iterator[Any]:
        yield structs.MSG()

    def dispatch(self, message: Any) -> None:
        """Nobody else listens."""


class _Entry:
    """Stands where ctypes puts DSM_Entry; raises what ctypes raises on Windows when a driver touches bad memory."""

    restype: Any = None
    argtypes: Any = None

    def __init__(self, dsm: FakeDsm) -> None:
        self._dsm = dsm
        self._function = PROTOTYPE(dsm.enter)

    def __call__(self, *arguments: Any) -> int:
        self._function.argtypes = self.argtypes
        answer = int(self._function(*arguments))
        if self._dsm.crashed:
            raise OSError("exception: access violation reading 0x0000000000000000")
        return answer


class FakeDsm:
    """One manager, one feeder scanner. ``state``, ``alive`` (memory given out) and ``log`` are for the tests to see."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.state, self.condition, self.alive, self.crashed = 2, 0, 0, False
        self.log: list[tuple[int, str]] = []
        self.bugs: list[BaseException] = []
        self.times: dict[str, int] = {}
        self.fed, self.sent, self.row = 0, 0, 0
        self.told = False
        self.frame = structs.TW_FRAME()
        self.caps = self._capabilities()
        self.entry = _Entry(self)
        self._memory = (
            ct.CFUNCTYPE(ct.c_void_p, ct.c_uint32)(self.allocate),
            ct.CFUNCTYPE(None, ct.c_void_p)(self.free),
            ct.CFUNCTYPE(ct.c_void_p, ct.c_void_p)(lambda handle: handle),
            ct.CFUNCTYPE(None, ct.c_void_p)(lambda handle: None),
        )

    def _capabilities(self) -> dict[int, Capability]:
        u16, boolean, fix, i32 = tw.TWTY_UINT16, tw.TWTY_BOOL, tw.TWTY_FIX32, tw.TWTY_INT32
        dpis = [100.0, 200.0, 300.0, 600.0]
        return {
            tw.CAP_XFERCOUNT: Capability(tw.TWTY_INT16, -1),
            tw.ICAP_XFERMECH: Capability(u16, 0, [0, 2]),
            tw.ICAP_UNITS: Capability(u16, 0, [0, 1]),
            tw.ICAP_COMPRESSION: Capability(u16, 0, [0]),
            tw.ICAP_PIXELTYPE: Capability(u16, 0, [0, 1, 2]),
            tw.ICAP_BITDEPTH: Capability(u16, 1, [1, 8, 24]),
            tw.ICAP_PIXELFLAVOR: Capability(u16, int(self.script.vanilla), settable=not self.script.vanilla),
            tw.ICAP_XRESOLUTION: Capability(fix, 100.0, dpis),
            tw.ICAP_YRESOLUTION: Capability(fix, 100.0, dpis),
            tw.ICAP_PHYSICALWIDTH: Capability(fix, 8.5, settable=False),
            tw.ICAP_PHYSICALHEIGHT: Capability(fix, 14.0, settable=False),
            tw.ICAP_AUTODISCARDBLANKPAGES: Capability(i32, -1, [-2, -1]),
            tw.ICAP_AUTOMATICDESKEW: Capability(boolean, 1),
            tw.ICAP_SUPPORTEDSIZES: Capability(u16, 0),
            tw.CAP_FEEDERENABLED: Capability(boolean, 0),
            tw.CAP_FEEDERLOADED: Capability(boolean, 0, settable=False),
            tw.CAP_PAPERDETECTABLE: Capability(boolean, 1, settable=False),
            tw.CAP_AUTOFEED: Capability(boolean, 0),
            tw.CAP_DUPLEXENABLED: Capability(boolean, 0),
            tw.CAP_INDICATORS: Capability(boolean, 1),
            standard.CAP_DOUBLEFEEDDETECTION: Capability(u16, [], [0]),
            standard.CAP_DOUBLEFEEDDETECTIONRESPONSE: Capability(u16, 1, [0, 1]),
            tw.ICAP_EXTIMAGEINFO: Capability(boolean, 0),
            tw.CAP_DEVICEONLINE: Capability(boolean, 1, settable=False),
            tw.ICAP_AUTOMATICLENGTHDETECTION: Capability(boolean, 0),
            tw.ICAP_AUTOMATICBORDERDETECTION: Capability(boolean, 1),
            tw.ICAP_AUTOSIZE: Capability(u16, 1, [0, 1]),
            tw.ICAP_UNDEFINEDIMAGESIZE: Capability(boolean, 0),
            tw.ICAP_OVERSCAN: Capability(u16, 0, [0, 1]),
            tw.ICAP_SUPPORTEDEXTIMAGEINFO: Capability(u16, [standard.TWEI_PAPERCOUNT], settable=False),
            tw.CAP_SERIALNUMBER: Capability(tw.TWTY_STR255, "SN-4711", settable=False),
            tw.ICAP_FRAMES: Capability(tw.TWTY_FRAME, (0.0, 0.0, 8.5, 11.0)),
            0x8001: Capability(u16, 7),
        }

    # -- what a test may ask ----------------------------------------------------------------------------------------

    def install(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(twain, "_get_dsm", lambda *_, **__: {"DSM_Entry": self.entry})

    def value(self, capability: int) -> Any:
        return self.caps[capability].value

    # -- memory -----------------------------------------------------------------------------------------------------

    def allocate(self, count: int) -> int:
        self.alive += 1
        place = _LIBC.malloc(count)
        ct.memset(place, 0xA5, count)
        return int(place)

    def free(self, handle: int) -> None:
        self.alive -= 1
        _LIBC.free(handle)

    # -- the one door -----------------------------------------------------------------------------------------------

    def enter(self, app: Any, dest: Any, dg: int, dat: int, msg: int, data: Any) -> int:
        try:
            return self._call(app, dat, msg, data)
        except Exception as problem:
            self.bugs.append(problem)
            return self._fail(tw.TWCC_BUMMER)

    def _fail(self, code: int) -> int:
        self.condition = code
        return int(tw.TWRC_FAILURE)

    def _hurt(self, place: str) -> int | None:
        """The trouble scripted for this place, the n-th time it is passed; None when there is none."""
        self.times[place] = self.times.get(place, 0) + 1
        kind = self.script.trouble.get(f"{place}:{self.times[place]}", self.script.trouble.get(place))
        if kind is None:
            return None
        if kind == "cancel":
            return int(tw.TWRC_CANCEL)
        if kind == "crash":
            self.crashed = True
            return 0
        if kind == "segfault":
            ct.string_at(0)
        if kind == "hang":
            time.sleep(3600)
        return self._fail(int(kind))

    def _call(self, app: Any, dat: int, msg: int, data: Any) -> int:
        if dat == tw.DAT_STATUS:
            self._at(structs.TW_STATUS, data).ConditionCode, self.condition = self.condition, 0
            return 0
        names = {
            (tw.DAT_PARENT, tw.MSG_OPENDSM): ("OPENDSM", (2,)),
            (tw.DAT_PARENT, tw.MSG_CLOSEDSM): ("CLOSEDSM", (3,)),
            (tw.DAT_ENTRYPOINT, tw.MSG_GET): ("ENTRYPOINT", (3,)),
            (tw.DAT_IDENTITY, tw.MSG_GETFIRST): ("GETFIRST", (3, 4, 5, 6, 7)),
            (tw.DAT_IDENTITY, tw.MSG_GETNEXT): ("GETNEXT", (3, 4, 5, 6, 7)),
            (tw.DAT_IDENTITY, tw.MSG_OPENDS): ("OPENDS", (3,)),
            (tw.DAT_IDENTITY, tw.MSG_CLOSEDS): ("CLOSEDS", (4,)),
            (tw.DAT_CAPABILITY, tw.MSG_GET): ("CAPGET", (4, 5, 6, 7)),
            (tw.DAT_CAPABILITY, tw.MSG_GETCURRENT): ("CAPGET", (4, 5, 6, 7)),
            (tw.DAT_CAPABILITY, tw.MSG_QUERYSUPPORT): ("CAPQUERY", (4, 5, 6, 7)),
            (tw.DAT_CAPABILITY, tw.MSG_SET): ("CAPSET", (4,)),
            (tw.DAT_IMAGELAYOUT, tw.MSG_SET): ("LAYOUTSET", (4,)),
            (tw.DAT_IMAGELAYOUT, tw.MSG_GET): ("LAYOUTGET", (4, 5, 6)),
            (tw.DAT_USERINTERFACE, tw.MSG_ENABLEDS): ("ENABLEDS", (4,)),
            (tw.DAT_USERINTERFACE, tw.MSG_DISABLEDS): ("DISABLEDS", (5,)),
            (tw.DAT_EVENT, tw.MSG_PROCESSEVENT): ("EVENT", (5, 6, 7)),
            (tw.DAT_IMAGEINFO, tw.MSG_GET): ("IMAGEINFO", (6, 7)),
            (tw.DAT_SETUPMEMXFER, tw.MSG_GET): ("SETUPMEM", (4, 5, 6)),
            (tw.DAT_IMAGEMEMXFER, tw.MSG_GET): ("STRIP", (6, 7)),
            (tw.DAT_IMAGENATIVEXFER, tw.MSG_GET): ("NATIVE", (6,)),
            (tw.DAT_EXTIMAGEINFO, tw.MSG_GET): ("EXTINFO", (7,)),
            (tw.DAT_PENDINGXFERS, tw.MSG_ENDXFER): ("ENDXFER", (6, 7)),
            (tw.DAT_PENDINGXFERS, tw.MSG_RESET): ("RESET", (6,)),
        }
        name, states = names.get((dat, msg), ("", ()))
        self.log.append((self.state, name or f"{dat:#x}/{msg:#x}"))
        if not name:
            return self._fail(tw.TWCC_BADPROTOCOL)
        if self.state not in states:
            return self._fail(SEQERROR)
        if name not in ("STRIP", "NATIVE"):
            hurt = self._hurt(name)
            if hurt is not None:
                return hurt
        self._message = msg
        return int(getattr(self, "_" + name.lower())(data, app) or 0)

    @staticmethod
    def _at(kind: Any, data: Any) -> Any:
        return ct.cast(data, ct.POINTER(kind)).contents

    # -- states 2 to 5 ----------------------------------------------------------------------------------------------

    def _opendsm(self, data: Any, app: Any) -> None:
        self._at(structs.TW_IDENTITY, app).SupportedGroups |= tw.DF_DSM2
        self.state = 3

    def _closedsm(self, data: Any, app: Any) -> None:
        self.state = 2

    def _entrypoint(self, data: Any, app: Any) -> None:
        entry = self._at(structs.TW_ENTRYPOINT, data)
        for name, function in zip(("Allocate", "Free", "Lock", "Unlock"), self._memory, strict=True):
            kind = dict(structs.TW_ENTRYPOINT._fields_)[f"DSM_Mem{name}"]
            setattr(entry, f"DSM_Mem{name}", ct.cast(function, kind))

    def _getfirst(self, data: Any, app: Any) -> int | None:
        self._listed = ["WIA-Fake ADF"] if self.script.wia_too else []
        self._listed.append("Fake ADF")
        return self._getnext(data, app)

    def _getnext(self, data: Any, app: Any) -> int | None:
        if not self._listed:
            return int(tw.TWRC_ENDOFLIST)
        one = self._at(structs.TW_IDENTITY, data)
        one.ProductName, one.Manufacturer = self._listed.pop(0).encode(), b"Digitizer Desk tests"
        return None

    def _opends(self, data: Any, app: Any) -> int | None:
        one = self._at(structs.TW_IDENTITY, data)
        if one.ProductName not in (b"Fake ADF", b"WIA-Fake ADF"):
            return self._fail(tw.TWCC_NODS)
        one.Id, one.SupportedGroups = 1, tw.DF_DS2 | 3
        self.state = 4
        return None

    def _closeds(self, data: Any, app: Any) -> None:
        self.state = 3

    def _capability(self, number: int) -> Capability | None:
        name = NAMES.get(number, "")
        if name == "CAP_SUPPORTEDCAPS" and name not in self.script.lacks:
            known = [one for one in self.caps if self._capability(one) is not None]
            return Capability(tw.TWTY_UINT16, [number, *known], settable=False)
        capability = None if name in self.script.lacks else self.caps.get(number)
        if capability is not None and name in self.script.fixed:
            capability.value = self.script.fixed[name]
        if capability is not None and number == tw.CAP_FEEDERLOADED:
            capability.value = int(self._left() > 0 or (self.script.stays_loaded and self.sent > 0))
            if "CAP_FEEDERENABLED" not in self.script.lacks and not self.value(tw.CAP_FEEDERENABLED):
                return None
        if capability is not None and number == tw.CAP_FEEDERENABLED and self.script.no_glass:
            capability.value = 1
        if capability is not None and number == tw.ICAP_PHYSICALHEIGHT and name not in self.script.fixed:
            capability.value = 14.0 if self.value(tw.CAP_FEEDERENABLED) else self.script.glass_mm / 25.4
        return capability

    def _trouble_of(self, number: int) -> int | None:
        kind = self.script.failing.get(NAMES.get(number, ""))
        if kind is None:
            return None
        self.script.trouble["CAP"] = kind
        return self._hurt("CAP")

    def _capget(self, data: Any, app: Any) -> int | None:
        wish = self._at(structs.TW_CAPABILITY, data)
        capability = self._capability(wish.Cap)
        hurt = self._trouble_of(wish.Cap)
        if hurt is not None:
            return hurt
        if capability is None:
            return self._fail(tw.TWCC_CAPUNSUPPORTED)
        value, kind = capability.value, capability.kind
        told_in = self.script.told_in.get(NAMES.get(wish.Cap, "")) if self._message == tw.MSG_GET else None
        if told_in:
            listed = value if isinstance(value, list) else [value]
            form, content = told(told_in, kind, [*listed, 0][0], capability.choices or listed)
            return self._give(wish, form, content)
        if isinstance(value, list):
            form, content = standard.TWON_ARRAY, bytes(structs.TW_ARRAY(kind, len(value)))
            content += b"".join(_item(kind, one)[:2] for one in value)
        elif kind == tw.TWTY_FIX32 and capability.choices and self.script.container == "enumeration":
            place = capability.choices.index(value) if value in capability.choices else 0
            form = tw.TWON_ENUMERATION
            content = bytes(structs.TW_ENUMERATION(kind, len(capability.choices), place, 0))
            content += b"".join(_item(kind, one) for one in capability.choices)
        elif kind == tw.TWTY_FIX32 and self.script.container == "range":
            bits = [int.from_bytes(_item(kind, one), "little") for one in (50.0, 1200.0, 1.0, 300.0, value)]
            form, content = tw.TWON_RANGE, bytes(structs.TW_RANGE(kind, *bits))
        else:
            form, content = tw.TWON_ONEVALUE, struct.pack("<H", kind) + _item(kind, value)
        return self._give(wish, form, content)

    def _give(self, wish: Any, form: int, content: bytes) -> None:
        handle = self.allocate(len(content)) if content else 0
        ct.memmove(handle, content, len(content))
        wish.ConType, wish.hContainer = form, handle

    def _capquery(self, data: Any, app: Any) -> int | None:
        wish = self._at(structs.TW_CAPABILITY, data)
        capability = self._capability(wish.Cap)
        if self.script.mute or capability is None:
            return self._fail(tw.TWCC_CAPUNSUPPORTED)
        may = tw.TWQC_GET | tw.TWQC_GETCURRENT | (tw.TWQC_SET if capability.settable else 0)
        self._give(wish, tw.TWON_ONEVALUE, struct.pack("<HI", tw.TWTY_INT32, may))
        return None

    def _capset(self, data: Any, app: Any) -> int | None:
        wish = self._at(structs.TW_CAPABILITY, data)
        capability = self._capability(wish.Cap)
        if capability is None:
            return self._fail(tw.TWCC_CAPUNSUPPORTED)
        if not capability.settable:
            return self._fail(tw.TWCC_CAPBADOPERATION)
        if isinstance(capability.value, list):
            if wish.ConType != standard.TWON_ARRAY:
                return self._fail(tw.TWCC_BADVALUE)
            array = structs.TW_ARRAY.from_buffer_copy(ct.string_at(wish.hContainer, ct.sizeof(structs.TW_ARRAY)))
            raw = ct.string_at(wish.hContainer + ct.sizeof(structs.TW_ARRAY), 2 * array.NumItems)
            capability.value = [int.from_bytes(raw[i : i + 2], "little") for i in range(0, len(raw), 2)]
            return None
        if wish.ConType != tw.TWON_ONEVALUE:
            return self._fail(tw.TWCC_BADVALUE)
        kind = int.from_bytes(ct.string_at(wish.hContainer, 2), "little")
        if kind != capability.kind:
            return self._fail(tw.TWCC_BADVALUE)
        value = _value(kind, ct.string_at(wish.hContainer + 2, 4))
        if capability.choices and value not in capability.choices:
            return self._fail(tw.TWCC_BADVALUE)
        if wish.Cap == tw.ICAP_PIXELTYPE:
            self.caps[tw.ICAP_BITDEPTH].value = {0: 1, 1: 8, 2: 24}[value]
        capability.value = value
        self._capability(wish.Cap)  # what is fixed stays
        return None

    def _layoutset(self, data: Any, app: Any) -> None:
        self.frame = structs.TW_FRAME.from_buffer_copy(self._at(structs.TW_IMAGELAYOUT, data).Frame)

    def _layoutget(self, data: Any, app: Any) -> None:
        self._at(structs.TW_IMAGELAYOUT, data).Frame = self.frame

    def _enableds(self, data: Any, app: Any) -> int | None:
        if not self._left():
            return self._fail(standard.TWCC_NOMEDIA)
        self.state = 6 if self.script.eager else 5
        self.told = False
        shown = self._at(structs.TW_USERINTERFACE, data).ShowUI
        return int(tw.TWRC_CHECKSTATUS) if self.script.insists_on_window and not shown else None

    def _disableds(self, data: Any, app: Any) -> None:
        self.state = 4

    def _event(self, data: Any, app: Any) -> int:
        event = self._at(structs.TW_EVENT, data)
        event.TWMessage = 0
        if self.state == 5 and self.script.closes_at_once:
            event.TWMessage = tw.MSG_CLOSEDSREQ
        elif not self.told:
            self.state, event.TWMessage, self.told = 6, tw.MSG_XFERREADY, True
        return int(tw.TWRC_DSEVENT if event.TWMessage else tw.TWRC_NOTDSEVENT)

    # -- states 6 and 7 ---------------------------------------------------------------------------------------------

    def _step(self) -> int:
        """How many sides of the stack one picture uses up: one-sided scans pass every second by."""
        feeder = self.value(tw.CAP_FEEDERENABLED)
        return 2 if feeder and not self.value(tw.CAP_DUPLEXENABLED) else 1

    def _left(self) -> int:
        return max(0, self.script.sides - self.fed)

    @property
    def _mode(self) -> str:
        return {0: "bw", 1: "gray", 2: "color"}[self.value(tw.ICAP_PIXELTYPE)]

    def _rows(self) -> list[bytes]:
        return side_rows(self.fed + 1, self.script.width, self.script.height, self._mode)[
            : self.script.height - self.script.short_rows
        ]

    def _imageinfo(self, data: Any, app: Any) -> None:
        info = self._at(structs.TW_IMAGEINFO, data)
        info.XResolution = structs.float2fix(self.value(tw.ICAP_XRESOLUTION))
        info.YResolution = structs.float2fix(self.value(tw.ICAP_YRESOLUTION))
        size = (self.script.width, self.script.height)
        told = {"unknown": (-1, -1), "absurd": (300_000, 300_000), "none": (0, 0)}.get(self.script.announced, size)
        info.ImageWidth, info.ImageLength = told
        info.PixelType, info.Planar, info.Compression = self.value(tw.ICAP_PIXELTYPE), 0, 0
        info.BitsPerPixel = {"bw": 1, "gray": 8, "color": 24}[self._mode]
        info.SamplesPerPixel = 3 if self._mode == "color" else 1

    def _setupmem(self, data: Any, app: Any) -> None:
        sizes = self._at(standard.SetupMemXfer, data)
        sizes.MinBufSize = self._stride() * 2
        sizes.MaxBufSize = standard.DONT_CARE
        sizes.Preferred = self._stride() * self.script.strip_rows

    def _stride(self) -> int:
        bits = {"bw": 1, "gray": 8, "color": 24}[self._mode]
        return (self.script.width * bits + 7) // 8 + self.script.padding

    def _memory_row(self, row: bytes) -> bytes:
        if self.script.vanilla and self._mode != "color":
            row = bytes(255 - byte for byte in row)
        if self._mode == "bw":
            row = _packed(row)
        return row + b"\xee" * self.script.padding

    def _memory_flags_wrong(self, memory: Any) -> bool:
        wrong = memory.Flags != tw.TWMF_APPOWNS | tw.TWMF_POINTER
        return wrong or memory.Length < self._stride() or not memory.TheMem

    def _memory_xfer_wrong(self) -> bool:
        return bool(self.value(tw.ICAP_XFERMECH) != tw.TWSX_MEMORY)

    def _memory_transfer(self, strip: Any) -> int:
        rows = self._rows()
        count = min(strip.Memory.Length // self._stride(), len(rows) - self.row, self.script.strip_rows)
        data = b"".join(self._memory_row(row) for row in rows[self.row : self.row + count])
        ct.memmove(strip.Memory.TheMem, data, len(data))
        strip.Compression, strip.BytesPerRow, strip.Columns = 0, self._stride(), self.script.width
        strip.Rows, strip.XOffset, strip.YOffset, strip.BytesWritten = count, 0, self.row, len(data)
        self.row += count
        self.state = 7
        return int(tw.TWRC_XFERDONE) if self.row >= len(rows) else 0

    def _transfer_hurt(self) -> int | None:
        """Paper moves at the first strip: there XFER:n; STRIP:n:m is a later one."""
        if self.row == 0:
            hurt = self._hurt("XFER")
            if hurt is None and self._left() == 0:
                hurt = self._fail(standard.TWCC_NOMEDIA)
        else:
            hurt = self._hurt(f"STRIP:{self.sent + 1}")
        if hurt == tw.TWRC_CANCEL:
            self.state = 7
        return hurt

    def _strip(self, data: Any, app: Any) -> int:
        strip = self._at(standard.ImageMemXfer, data)
        if self._memory_xfer_wrong():
            return self._fail(SEQERROR)
        if self._memory_flags_wrong(strip.Memory):
            return self._fail(tw.TWCC_BADVALUE)
        hurt = self._transfer_hurt()
        if hurt is not None:
            return hurt
        time.sleep(self.script.slow)
        return self._memory_transfer(strip)

    def _native(self, data: Any, app: Any) -> int:
        if self.value(tw.ICAP_XFERMECH) != tw.TWSX_NATIVE:
            return self._fail(SEQERROR)
        hurt = self._transfer_hurt()
        if hurt is not None:
            return hurt
        content = dib(self._rows(), self.script.width, self._mode, top_down=self.script.top_down)
        handle = self.allocate(len(content))
        ct.memmove(handle, content, len(content))
        self._at(ct.c_void_p, data).value = handle
        self.state = 7
        return int(tw.TWRC_XFERDONE)

    def _extinfo(self, data: Any, app: Any) -> None:
        info = self._at(standard.ExtImageInfo, data).Info[0]
        if info.InfoID != standard.TWEI_PAPERCOUNT:
            info.ReturnCode = tw.TWRC_INFONOTSUPPORTED
            return
        sheet = self.fed // 2 + 1
        sheet += bool(self.script.loses_sheet and sheet >= self.script.loses_sheet)
        info.ItemType, info.NumItems, info.ReturnCode, info.Item = tw.TWTY_UINT32, 1, 0, sheet

    def _endxfer(self, data: Any, app: Any) -> None:
        if self.state == 7:
            self.fed += self._step()
            self.sent += 1
            self.row = 0
        left = self._left()
        wanted = self.value(tw.CAP_XFERCOUNT)
        if wanted > 0 and self.sent >= wanted:
            left = 0
        count = {"exact": (left + self._step() - 1) // self._step(), "unknown": 65535 if left else 0}
        number = count.get(self.script.pending, 65535)
        self._at(structs.TW_PENDINGXFERS, data).Count = number
        self.state = 6 if number else 5

    def _reset(self, data: Any, app: Any) -> None:
        self._at(structs.TW_PENDINGXFERS, data).Count = 0
        self.state = 5


def told(form: str, kind: int, value: Any, choices: list[Any]) -> tuple[int, bytes]:
    """A container of this form, as drivers make them and as they should not."""
    size = {tw.TWTY_FIX32: 4, tw.TWTY_INT32: 4, tw.TWTY_UINT32: 4}.get(kind, 2)
    items = b"".join(_item(kind, one)[:size] for one in choices)
    place = choices.index(value) if value in choices else 0
    if form == "one":
        return tw.TWON_ONEVALUE, struct.pack("<H", kind) + _item(kind, value)
    if form == "array":
        return standard.TWON_ARRAY, bytes(structs.TW_ARRAY(kind, len(choices))) + items
    if form in ("range", "backwards"):
        limits = (min(choices), max(choices)) if form == "range" else (max(choices) + 1, min(choices))
        bits = [int.from_bytes(_item(kind, one), "little") for one in (*limits, 1, value, value)]
        return tw.TWON_RANGE, bytes(structs.TW_RANGE(kind, *bits))
    if form == "empty":
        return tw.TWON_ENUMERATION, b""
    if form == "unknown":
        return 17, b"\0" * 16
    count, kind = {"endless": 0xFFFFFFFF}.get(form, len(choices)), 99 if form == "odd" else kind
    place = 77 if form == "outside" else place
    return tw.TWON_ENUMERATION, bytes(structs.TW_ENUMERATION(kind, count, place, 0)) + items


def _item(kind: int, value: Any) -> bytes:
    if kind == tw.TWTY_STR255:
        return str(value).encode().ljust(256, b"\0")
    if kind == tw.TWTY_FRAME:
        return b"".join(bytes(structs.float2fix(side)) for side in value)
    if kind == tw.TWTY_FIX32:
        return bytes(structs.float2fix(float(value)))
    return (int(value) & 0xFFFFFFFF).to_bytes(4, "little")


def _value(kind: int, raw: bytes) -> Any:
    if kind == tw.TWTY_FIX32:
        return structs.fix2float(structs.TW_FIX32.from_buffer_copy(raw))
    if kind in (tw.TWTY_INT32, tw.TWTY_UINT32):
        return int.from_bytes(raw, "little", signed=kind == tw.TWTY_INT32)
    return int.from_bytes(raw[:2], "little", signed=kind == tw.TWTY_INT16)


def _packed(row: bytes) -> bytes:
    bits = "".join("1" if byte else "0" for byte in row).ljust((len(row) + 7) // 8 * 8, "0")
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def dib(rows: list[bytes], width: int, mode: str, *, top_down: bool = False, clr_used: int = 0) -> bytes:
    """A DIB as drivers make them: bottom-up, BGR, rows padded to four bytes, ``biClrUsed`` 0 for a full palette."""
    bits = {"bw": 1, "gray": 8, "color": 24}[mode]
    stride = (width * bits + 31) // 32 * 4
    colours = {1: 2, 8: 256, 24: 0}[bits]
    palette = b"".join(bytes([i * 255 // (colours - 1)] * 3 + [0]) for i in range(colours))
    packed = []
    for row in rows:
        turned = b"".join(row[i : i + 3][::-1] for i in range(0, len(row), 3)) if mode == "color" else row
        packed.append((_packed(row) if mode == "bw" else turned).ljust(stride, b"\xdd"))
    height = -len(rows) if top_down else len(rows)
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, 0, 0, 11811, 11811, clr_used, 0)
    return header + palette + b"".join(packed if top_down else reversed(packed))
