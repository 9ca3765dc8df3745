# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The rules of the house that import-linter cannot say: sizes, SPDX headers, one door for each outside thing, NFC."""

from __future__ import annotations

import ast
import sys
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "digitizer_desk"
SOURCES = sorted(SRC.rglob("*.py"))

#: outside thing -> files or rooms that may import it; everything else may not
DOORS = {
    "sane": ("devices/sane/",),
    "_sane": ("devices/sane/",),
    "twain": (),  # GPL: only the separate program in drivers/twain
    "twain_worker": (),
    "pkcs11": ("devices/pkcs11/", "training/token.py"),  # only training writes to a token, in a process of its own
    "pyhanko": ("signing/",),
    "pyhanko_certvalidator": ("signing/",),
    "cv2": ("imaging/", "training/paper"),
    "PIL": ("imaging/", "training/paper"),
    "pikepdf": ("imaging/",),
    "pypdfium2": ("imaging/",),
    "sqlalchemy": ("store/",),
    "sqlcipher3": ("store/",),
    "alembic": ("store/",),
    "keyring": ("store/",),
    "openpyxl": ("province/handover/", "province/reports/"),
    "urllib3": ("province/", "signing/"),
    "PySide6": ("ui/",),
    "typer": ("cli/",),
    "rich": ("cli/",),
}


def _imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def _name(file: Path) -> str:
    return file.relative_to(SRC).as_posix()


@pytest.mark.parametrize("file", SOURCES, ids=_name)
def test_one_door_for_each_outside_thing(file: Path) -> None:
    strangers = {
        thing
        for thing in _imports(file) & DOORS.keys()
        if not any(_name(file).startswith(door) for door in DOORS[thing])
    }
    assert not strangers, f"{_name(file)} imports {strangers}"


def test_the_twain_worker_is_a_program_of_its_own() -> None:
    """It runs under another licence and another Python: standard library and pytwain, nothing of the desk's."""
    worker = ROOT / "drivers" / "twain"
    files = [worker / "__main__.py", *sorted((worker / "twain_worker").glob("*.py"))]
    assert len(files) > 1
    for file in files:
        strangers = _imports(file) - set(sys.stdlib_module_names) - {"twain", "twain_worker"}
        assert not strangers, f"{file.name} imports {strangers}"
        lines = file.read_text("utf-8").splitlines()
        assert len(lines) <= 400
        assert lines[1] == "# SPDX-License-Identifier: GPL-2.0-or-later"
    assert "GNU GENERAL PUBLIC LICENSE" in (worker / "COPYING").read_text("utf-8")


@pytest.mark.parametrize("file", SOURCES, ids=_name)
def test_modules_stay_small_and_carry_the_licence(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    assert len(lines) <= 400, f"{_name(file)} has {len(lines)} lines"
    assert lines[0].startswith("# SPDX-FileCopyrightText:")
    assert lines[1] == "# SPDX-License-Identifier: Apache-2.0"


def test_no_package_has_more_than_a_dozen_modules() -> None:
    for folder in {file.parent for file in SOURCES}:
        modules = [f for f in folder.glob("*.py") if f.name != "__init__.py"]
        if folder != SRC:
            assert len(modules) <= 12, f"{folder.name}: {len(modules)} modules"


@pytest.mark.parametrize(
    "file",
    [*SOURCES, *sorted((ROOT / "resources").rglob("*.toml")), *sorted((ROOT / "drivers").rglob("*.toml"))],
    ids=lambda f: f.name,
)
def test_text_is_nfc(file: Path) -> None:
    text = file.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)


def test_names_the_house_does_not_use() -> None:
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert not node.name.endswith(("Manager", "Helper", "Utils", "Base")), f"{_name(file)}: {node.name}"
