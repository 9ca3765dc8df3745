# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The set-up script says what it needs, and does nothing when nothing is to be done."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_windows_skips_the_debian_part_with_a_sentence(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.os, "name", "nt")
    code = dev.debian_packages()
    monkeypatch.setattr(dev.os, "name", os.name)
    assert code == 0
    assert "Trên Windows" in capsys.readouterr().out


def test_without_rights_the_command_to_run_is_named(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "missing_packages", lambda: ["softhsm2"])
    monkeypatch.setattr(dev, "as_root", lambda: None)
    monkeypatch.setattr(dev.shutil, "which", lambda _name: "/usr/bin/dpkg-query")
    assert dev.debian_packages() == 3
    assert "apt-get install --no-install-recommends softhsm2" in capsys.readouterr().out


def test_a_changed_project_file_means_install_again(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "venv_python", lambda: tmp_path)
    (tmp_path / "pyproject.toml").write_text("a")
    assert not dev.is_stamped()
    (tmp_path / "stamp").write_text(dev.wanted_stamp())
    assert dev.is_stamped()
    (tmp_path / "pyproject.toml").write_text("b")
    assert not dev.is_stamped()


def test_an_unknown_word_is_refused(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["fly"]) == 2
    assert "Không có việc «fly»" in capsys.readouterr().out
