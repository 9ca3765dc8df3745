# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""No number of the law stands in Python, and the table for the lawyer shows every one of the files."""

import ast
import importlib.util
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("dossier", "rules", "messages")
#: counting, halves and percents, a full turn, bytes of a megabyte, months of a year, lengths of identifiers in shapes
PLAIN = {0, 1, 2, -1, 100, 360, 1024, 12}


def numbers(path: Path) -> Iterator[tuple[int, float]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
            yield node.lineno, node.value


def law_numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for one in value.values():
            yield from law_numbers(one)
    elif isinstance(value, list):
        for one in value:
            yield from law_numbers(one)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def laws() -> list[Path]:
    return sorted((ROOT / "resources" / "regulations").glob("*.toml"))


@pytest.mark.parametrize("room", ["rules"])
def test_the_judges_hold_no_number_at_all(room: str) -> None:
    for path in sorted((ROOT / "src" / "digitizer_desk" / room).rglob("*.py")):
        if path.name == "schema.py":  # shapes of the files, no limits
            continue
        odd = [(line, number) for line, number in numbers(path) if number not in PLAIN]
        assert odd == [], path


@pytest.mark.parametrize("room", ROOMS)
def test_no_limit_of_the_law_is_repeated_in_python(room: str) -> None:
    limits = {n for path in laws() for n in law_numbers(tomllib.loads(path.read_text(encoding="utf-8")))}
    limits = {number for number in limits if number > 12 or number != int(number)}
    assert {200, 300, 31457280} <= limits
    for path in sorted((ROOT / "src" / "digitizer_desk" / room).rglob("*.py")):
        assert [(line, n) for line, n in numbers(path) if n in limits] == [], path


@pytest.fixture(scope="module")
def drawer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rules_table", ROOT / "packaging" / "rules_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in ("schema", "name", "id", "kind", "hint", "unit", "instead_of"):
                yield from leaves(one)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def test_the_table_shows_every_value_of_every_law(drawer: ModuleType) -> None:
    for path in laws():
        law = tomllib.loads(path.read_text(encoding="utf-8"))
        part = drawer.draw().split(f"\n## {law['title']}\n")[1].split("\n## ")[0]
        for value in leaves(law):
            if value not in ("", law["title"]) and value != []:
                assert drawer.shown(value) in part, (path.name, value)


def test_a_changed_number_changes_the_table(drawer: ModuleType, tmp_path: Path) -> None:
    source = laws()[0].read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(source.replace("min = 200", "min = 240", 1), encoding="utf-8")
    assert "từ 240 dpi" in drawer.draw(tmp_path)
    assert "từ 240 dpi" not in drawer.draw()


def test_the_committed_table_is_up_to_date() -> None:
    script = ROOT / "packaging" / "rules_table.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
