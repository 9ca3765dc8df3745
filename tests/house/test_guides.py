# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The guides say what is: every key, command, option, setting, file, link and picture they name exists."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import typer
from typer.main import get_command

from digitizer_desk import app, settings
from digitizer_desk.cli import main as front
from digitizer_desk.rules.load import load_rulebook
from digitizer_desk.ui.commands import COMMANDS, shown
from digitizer_desk.ui.help.guide import BOOKS
from digitizer_desk.ui.help.reading import anchor

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = tuple(file for file, _ in BOOKS)

#: keys of forms, lists and Qt; the rest must stand in the table of commands
_PLAIN = {"Enter", "Esc", "Space", "Backspace", "Del", "Z", "←", "→", "Alt+K", *(f"Ctrl+{n}" for n in range(1, 10))}


def text_of(guide: str) -> str:
    return (DOCS / guide).read_text("utf-8")


@cache
def commands_there() -> dict[str, set[str]]:
    """Each terminal command with its options, from the program itself."""
    made: list[typer.Typer] = []

    def keep(self: typer.Typer, *_args: object, **_more: object) -> int:
        made.append(self)
        return 0

    with patch.object(typer.Typer, "__call__", keep):
        front.run(["--version"], app.doors(ROOT))
    click = get_command(made[0])
    return {name: {option for p in command.params for option in p.opts} for name, command in click.commands.items()}


@pytest.mark.parametrize("guide", GUIDES)
def test_every_key_is_in_the_table_of_commands(guide: str) -> None:
    known = {shown(key) for command in COMMANDS for key in command.keys} | _PLAIN
    # bold words that look like keys; the text itself is bold only for keys and for a few plain words
    named = re.findall(
        r"\*\*((?:(?:Ctrl|Shift|Alt)\+)*(?:F\d+|[A-Z]|\d|\+|-|[←→,]|[A-Z][a-zA-Z]{1,8}))\*\*", text_of(guide)
    )
    words = {"Enter", "Esc", "Space", "Backspace"}
    keys = {name for name in named if "+" in name or re.fullmatch(r"F\d+|[A-Z←→]", name) or name in words | known}
    assert keys - known == set()
    if guide == GUIDES[0]:
        assert len(keys) >= 40, "the clerk's guide names the keys of a day"


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_and_option_is_in_the_terminal(guide: str) -> None:
    there, text = commands_there(), text_of(guide)
    called = re.findall(r"digitizer-desk ([a-z][^\n`]*)", text)
    for call in called:
        name, *rest = call.split()
        assert name in there, call
        for option in re.findall(r"--[a-z][a-z-]*", " ".join(rest)):
            assert option in there[name], call
    every = set().union(*there.values()) | {"--no-deps", "--wheel-dir", "--upgrade"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - every == set()
    assert called or guide not in ("huong-dan-cntt.md", "huong-dan-tinh.md")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_picture_link_and_file_is_there(guide: str) -> None:
    text = text_of(guide)
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text)
    for words, file in pictures:
        assert words, file
        assert (DOCS / file).is_file(), file
    headings = {anchor(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")}
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text):
        file, _, fragment = target.partition("#")
        assert (DOCS / file).is_file() if file else fragment in headings, target
    for name in re.findall(r"`((?:resources|drivers|packaging|docs)/[^`*]*)`", text):
        assert (ROOT / name).exists(), name
    assert len(pictures) >= (25 if guide == GUIDES[0] else 0)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_shown_can_be_set(guide: str, tmp_path: Path) -> None:
    for number, block in enumerate(re.findall(r"```toml\n(.*?)```", text_of(guide), re.S)):
        if "adds_to" in block:
            folder = tmp_path / f"law-{number}"
            folder.mkdir()
            (folder / "tinh.toml").write_text(block, "utf-8")
            book = load_rulebook([ROOT / "resources" / "regulations", folder], [])
            assert any(law.id.endswith(tomllib.loads(block)["id"]) for law in book.regulations)
        else:
            file = tmp_path / f"settings-{number}.toml"
            file.write_text(block, "utf-8")
            assert settings.locks(file).keys


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guides_are_composed_vietnamese_with_one_title(guide: str) -> None:
    text = text_of(guide)
    assert unicodedata.is_normalized("NFC", text)
    titles = re.findall(r"^##+ (.+)$", text, re.M)
    assert len(titles) == len(set(titles)), "a heading is a place to go to"
    assert len(re.findall(r"^# ", re.sub(r"```.*?```", "", text, flags=re.S), re.M)) == 1


def test_the_package_takes_the_guides_and_their_pictures_along() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    taken = built["force-include"]
    for guide in GUIDES:
        assert taken[f"docs/{guide}"] == f"digitizer_desk/_guides/{guide}"
        for file in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text_of(guide)):
            assert file.startswith("pictures/guide/")
    assert taken["docs/pictures/guide"] == "digitizer_desk/_guides/pictures/guide"


def test_the_pictures_kept_with_the_documents_are_small_and_named() -> None:
    texts = [ROOT / "README.md", *DOCS.glob("*.md")]
    named = {name for text in texts for name in re.findall(r"pictures/guide/([\w-]+\.png)", text.read_text("utf-8"))}
    assert {file.name for file in (DOCS / "pictures" / "guide").iterdir()} == named
    assert sum(file.stat().st_size for file in (DOCS / "pictures").rglob("*") if file.is_file()) < 15_000_000
