# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Token manifests: all of ours load, bad ones are refused by name, tokens and libraries find theirs."""

from __future__ import annotations

import struct
import sys
import unicodedata
from pathlib import Path

import pytest

from digitizer_desk.devices.token_manifest import (
    GENERIC,
    ModuleChoice,
    Quirk,
    best_match,
    check_module,
    find_modules,
    load_manifests,
    read_manifest,
)
from digitizer_desk.errors import DeskError

FOLDER = Path(__file__).resolve().parents[3] / "drivers" / "tokens"
OURS = load_manifests([FOLDER])
WHOLE = """
schema = 1
id = "thu"
vendor = "Hãng thử"
help = "gọi 1900"
tested = false
quirks = ["own_pin_window"]
[module]
linux = ["/opt/thu.so"]
[match]
manufacturer = ["Thu*"]
[pin]
least = 6
most = 8
letters = false
tries = 5
"""


def test_the_shipped_families() -> None:
    vietnamese = {"vgca-safenet", "vgca-bit4id", "vnpt-ca", "viettel-ca", "bkav-ca", "fpt-ca", "other-public-ca"}
    assert {m.id for m in OURS} == vietnamese | {"softhsm", "opensc", "maker-libraries"}
    for manifest in OURS:
        assert manifest.modules, manifest.id
        assert manifest.help == unicodedata.normalize("NFC", manifest.help)
        assert manifest.notes
        # nothing is called tested that was not
        assert manifest.tested == (manifest.id == "softhsm")
        assert manifest.tested or "ntested" in manifest.notes.lower()
    assert {m.id: m.pin.tries for m in OURS if m.pin.tries} == {"vgca-safenet": 3, "vgca-bit4id": 3}


def test_values_arrive(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(WHOLE, "utf-8")
    manifest = read_manifest(tmp_path / "a.toml")
    assert manifest.quirks == {Quirk.OWN_PIN_WINDOW}
    assert (manifest.pin.least, manifest.pin.most, manifest.pin.letters, manifest.pin.tries) == (6, 8, False, 5)
    assert manifest.modules == {"linux": ("/opt/thu.so",)}


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ("tested = false", "tested = false\nrun = 'code'", "manifest.unknown_key", "run"),
        ("least = 6", "least = 6\nlength = 3", "manifest.unknown_key", "pin.length"),
        ('linux = ["/opt/thu.so"]', 'beos = ["/opt/thu.so"]', "manifest.unreadable", None),
        ('quirks = ["own_pin_window"]', 'quirks = ["import_os"]', "manifest.unreadable", None),
        ("schema = 1", "schema = 2", "manifest.unreadable", None),
        ("least = 6", "least = 9", "manifest.unreadable", None),
        ("least = 6", 'least = "6"', "manifest.unreadable", None),
        ('vendor = "Hãng thử"', "", "manifest.unreadable", None),
        ("[match]", "[match", "manifest.unreadable", None),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, old: str, new: str, code: str, key: str | None) -> None:
    assert old in WHOLE
    path = tmp_path / "a.toml"
    path.write_text(WHOLE.replace(old, new), "utf-8")
    with pytest.raises(DeskError) as caught:
        read_manifest(path)
    assert caught.value.code == code
    assert caught.value.facts["file"] == "a.toml"
    assert caught.value.facts.get("key") == key


def test_no_text_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "a.toml", tmp_path / "gone.toml"):
        with pytest.raises(DeskError) as caught:
            read_manifest(path)
        assert caught.value.code == "manifest.unreadable"


def test_site_folder_replaces(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(WHOLE.replace('"thu"', '"softhsm"'), "utf-8")
    manifests = {m.id: m for m in load_manifests([FOLDER, tmp_path])}
    assert manifests["softhsm"].vendor == "Hãng thử"
    assert len(manifests) == len(OURS)


@pytest.mark.parametrize(
    ("manufacturer", "model", "label", "id"),
    [
        ("SafeNet, Inc.", "eToken", "Lê Văn An", "vgca-safenet"),
        ("Bit4id", "JS2048", "CNS", "vgca-bit4id"),
        ("EnterSafe", "ePass2003", "VNPT-CA Token", "vnpt-ca"),
        ("EnterSafe", "ePass2003", "Viettel-CA v6", "viettel-ca"),
        ("EnterSafe", "ePass2003", "Token", "opensc"),
        ("SecureMetric", "ST3", "BKAV-CA", "bkav-ca"),
        ("EnterSafe", "ePass2003", "FPT-CA", "fpt-ca"),
        ("EnterSafe", "ePass2003", "SmartSign VN", "other-public-ca"),
        ("Gemalto", "ID Prime MD", "Token", "maker-libraries"),
        ("Nobody", "Nothing", "Token", None),
    ],
)
def test_tokens_find_their_family(manufacturer: str, model: str, label: str, id: str | None) -> None:
    found = best_match(OURS, manufacturer, model, label)
    assert (found.id if found else None) == id


def test_libraries_that_are_there_each_once(tmp_path: Path) -> None:
    real = tmp_path / "lib-1.so"
    real.write_bytes(b"x")
    (tmp_path / "lib.so").symlink_to(real)
    text = WHOLE.replace('"/opt/thu.so"', f'"{tmp_path}/gone.so", "{tmp_path}/lib.so", "{tmp_path}/lib-*.so"')
    (tmp_path / "a.toml").write_text(text, "utf-8")
    manifest = read_manifest(tmp_path / "a.toml")
    assert [choice.path for choice in find_modules([manifest], system="linux")] == [f"{tmp_path}/lib.so"]
    assert find_modules([manifest], system="windows") == ()


def elf(bits: int, machine: int) -> bytes:
    return b"\x7fELF" + bytes([2 if bits == 64 else 1, 1, 1]) + bytes(9) + struct.pack("<HH", 3, machine) + bytes(44)


def pe(machine: int) -> bytes:
    return b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<H", machine) + bytes(20)


@pytest.mark.skipif(sys.maxsize < 2**32, reason="a 64-bit Python is expected here")
@pytest.mark.parametrize(
    ("head", "code"),
    [
        (elf(32, 3), "token.module_bits"),
        (elf(32, 62), "token.module_bits"),
        (elf(64, 21), "token.module_bits"),
        (pe(0x014C), "token.module_bits"),
        (b"\xcf\xfa\xed\xfe" + struct.pack("<I", 0x7F), "token.module_bits"),
        (b"MZ" + bytes(100), "token.module_missing"),
        (b"\x7fELF", "token.module_missing"),
        (b"", "token.module_missing"),
    ],
)
def test_header_is_read_before_loading(tmp_path: Path, head: bytes, code: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(head)
    with pytest.raises(DeskError) as caught:
        check_module(ModuleChoice(str(path), GENERIC))
    assert caught.value.code == code


def test_header_of_this_machine_passes() -> None:
    import _ctypes

    check_module(ModuleChoice(_ctypes.__file__, GENERIC))
