# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the TWAIN standard has and pytwain 2.3 lacks: numbers and structures (TWAIN 2.5, twain.h)."""

from __future__ import annotations

import ctypes as ct

CAP_DOUBLEFEEDDETECTION = 0x103F
CAP_DOUBLEFEEDDETECTIONRESPONSE = 0x1042
TWDF_ULTRASONIC, TWDF_INFRARED = 0, 2
TWDP_STOP = 0
#: physical sheets since the session began, told with each picture. (CAP_SHEETCOUNT is no counter: it limits a batch.)
TWEI_PAPERCOUNT = 0x1249

TWCC_INTERLOCK = 24
TWCC_DAMAGEDCORNER = 25
TWCC_DOCTOOLIGHT, TWCC_DOCTOODARK = 27, 28
TWCC_NOMEDIA = 29

TWON_ARRAY = 3
TWPF_CHOCOLATE, TWPF_VANILLA = 0, 1
#: ICAP_AUTODISCARDBLANKPAGES: hand over every side
TWBP_DISABLE = -2
#: "I cannot tell yet" in places of 32 bits
DONT_CARE = 0xFFFFFFFF


class Memory(ct.Structure):
    """TW_MEMORY"""

    _pack_ = 2
    _fields_ = (("Flags", ct.c_uint32), ("Length", ct.c_uint32), ("TheMem", ct.c_void_p))


class ImageMemXfer(ct.Structure):
    """TW_IMAGEMEMXFER"""

    _pack_ = 2
    _fields_ = (
        ("Compression", ct.c_uint16),
        ("BytesPerRow", ct.c_uint32),
        ("Columns", ct.c_uint32),
        ("Rows", ct.c_uint32),
        ("XOffset", ct.c_uint32),
        ("YOffset", ct.c_uint32),
        ("BytesWritten", ct.c_uint32),
        ("Memory", Memory),
    )


class SetupMemXfer(ct.Structure):
    """TW_SETUPMEMXFER"""

    _pack_ = 2
    _fields_ = (("MinBufSize", ct.c_uint32), ("MaxBufSize", ct.c_uint32), ("Preferred", ct.c_uint32))


class Info(ct.Structure):
    """TW_INFO"""

    _pack_ = 2
    _fields_ = (
        ("InfoID", ct.c_uint16),
        ("ItemType", ct.c_uint16),
        ("NumItems", ct.c_uint16),
        ("ReturnCode", ct.c_uint16),
        ("Item", ct.c_size_t),
    )


class ExtImageInfo(ct.Structure):
    """TW_EXTIMAGEINFO with one question"""

    _pack_ = 2
    _fields_ = (("NumInfos", ct.c_uint32), ("Info", Info * 1))
