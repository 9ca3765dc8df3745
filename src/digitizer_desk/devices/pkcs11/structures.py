# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The C structures and numbers of PKCS#11 2.40 that the thin binding needs.

Apart because this is the standard's text, not ours. On Windows structures are packed and CK_ULONG has 32 bits
(PKCS#11 2.40, platform- and compiler-dependent directives); elsewhere both are natural.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, c_char, c_ubyte, c_ulong, c_void_p
from typing import Any, ClassVar

_PACKED = sys.platform == "win32"

CKU_USER, CKU_CONTEXT_SPECIFIC = 1, 2
CKF_SERIAL_SESSION, CKF_OS_LOCKING_OK = 0x4, 0x2
CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY = 1, 2, 3
CKA_CLASS, CKA_VALUE, CKA_KEY_TYPE, CKA_ID = 0x0, 0x11, 0x100, 0x102
CKA_MODULUS, CKA_EC_POINT, CKA_ALWAYS_AUTHENTICATE = 0x120, 0x181, 0x202
CKK_RSA, CKK_EC = 0, 3

CKR_OK, CKR_CANT_LOCK, CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x0, 0xA, 0x191
CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL = 0x11, 0x12, 0x150
#: names of answers, for the log
NAMES = {
    0x3: "SlotIDInvalid",
    0x5: "GeneralError",
    0x6: "FunctionFailed",
    0x30: "DeviceError",
    0x31: "DeviceMemory",
    0x32: "DeviceRemoved",
    0x70: "MechanismInvalid",
    0xA0: "PinIncorrect",
    0xA1: "PinInvalid",
    0xA2: "PinLenRange",
    0xA3: "PinExpired",
    0xA4: "PinLocked",
    0xB3: "SessionHandleInvalid",
    0xE0: "TokenNotPresent",
    0xE1: "TokenNotRecognised",
    0x100: "UserAlreadyLoggedIn",
    0x101: "UserNotLoggedIn",
    0x102: "UserPinNotInitialized",
    0x150: "BufferTooSmall",
}
#: place of each function in CK_FUNCTION_LIST, behind the version
FUNCTIONS = {
    "C_Initialize": 0,
    "C_GetSlotList": 4,
    "C_GetTokenInfo": 6,
    "C_OpenSession": 12,
    "C_CloseSession": 13,
    "C_Login": 18,
    "C_GetAttributeValue": 24,
    "C_FindObjectsInit": 26,
    "C_FindObjects": 27,
    "C_FindObjectsFinal": 28,
    "C_SignInit": 42,
    "C_Sign": 43,
}
_COUNT = 68


class _Structure(ctypes.Structure):
    if _PACKED:
        _pack_ = 1


class Version(_Structure):
    _fields_: ClassVar[Any] = [("major", c_ubyte), ("minor", c_ubyte)]


class TokenInfo(_Structure):
    _fields_: ClassVar[Any] = [
        ("label", c_char * 32),
        ("manufacturer", c_char * 32),
        ("model", c_char * 16),
        ("serial", c_char * 16),
        ("flags", c_ulong),
        ("numbers", c_ulong * 10),
        ("hardware", Version),
        ("firmware", Version),
        ("time", c_char * 16),
    ]


class Attribute(_Structure):
    _fields_: ClassVar[Any] = [("type", c_ulong), ("value", c_void_p), ("length", c_ulong)]


class Mechanism(_Structure):
    _fields_: ClassVar[Any] = [("mechanism", c_ulong), ("parameter", c_void_p), ("length", c_ulong)]


class InitializeArgs(_Structure):
    _fields_: ClassVar[Any] = [("mutex", c_void_p * 4), ("flags", c_ulong), ("reserved", c_void_p)]


class FunctionList(_Structure):
    _fields_: ClassVar[Any] = [("version", Version), ("functions", c_void_p * _COUNT)]


FunctionListPointer = POINTER(FunctionList)
