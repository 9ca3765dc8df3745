# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The set-up script says what it needs, and does nothing when nothing is to be done."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
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
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.2")
    monkeypatch.setattr(dev, "venv_python", lambda: tmp_path)
    (tmp_path / "pyproject.toml").write_text("a")
    assert not dev.is_stamped()
    (tmp_path / "stamp").write_text(dev.wanted_stamp())
    assert dev.is_stamped()
    (tmp_path / "pyproject.toml").write_text("b")
    assert not dev.is_stamped()
    (tmp_path / "stamp").write_text(dev.wanted_stamp())
    (tmp_path / "pyvenv.cfg").write_text("version = 3.12.1")
    assert not dev.is_stamped()


def test_a_fresh_clone_or_a_broken_environment_is_made_anew(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    assert not dev.venv_works()
    python = dev.venv_python()
    python.parent.mkdir(parents=True)
    python.symlink_to(tmp_path / "python-that-was-upgraded-away")
    assert not dev.venv_works()
    python.unlink()
    python.symlink_to(sys.executable)
    assert dev.venv_works()
    monkeypatch.setattr(dev, "LEAST_PYTHON", (99, 0))
    assert not dev.venv_works()


def test_where_python_came_without_ensurepip_another_pip_is_taken(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    real = importlib.util.find_spec
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else real(name))
    assert dev.make_venv() == 0
    assert dev.venv_works()
    pip = dev.pip_for_venv()
    assert pip is not None
    assert pip[-2:] == ["--python", str(dev.venv_python())]


def test_a_child_killed_by_a_signal_is_no_success(dev: ModuleType) -> None:
    assert dev.call([sys.executable, "-c", "import sys; sys.exit(4)"]) == 4
    assert dev.call([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]) == 137


def test_installed_packages_are_found_in_one_question(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("dpkg-query") is None:
        pytest.skip("not a Debian system")
    monkeypatch.setattr(dev, "DEBIAN", {"dpkg": "", "no-such-package-here": ""})
    assert dev.missing_packages() == ["no-such-package-here"]


def test_the_exit_code_of_the_work_is_passed_on(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "set_up", lambda: 0)
    monkeypatch.setattr(dev, "test", lambda rest: 5 if rest == ["-k", "x"] else 0)
    assert dev.main(["test", "-k", "x"]) == 5
    monkeypatch.setattr(dev, "set_up", lambda: 3)
    assert dev.main(["test"]) == 3


def test_without_a_display_the_story_is_played_in_the_terminal(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(dev, "call", lambda command: ran.append(command[1:]) or 0)
    for shown in (False, True):
        monkeypatch.setattr(dev, "has_display", lambda shown=shown: shown)
        assert dev.run(["--seed", "2"]) == 0
    assert ran == [
        ["-m", "digitizer_desk", "train", "--headless", "--seed", "2"],
        ["-m", "digitizer_desk", "train", "--seed", "2"],
    ]
    assert capsys.readouterr().out.count("Không có màn hình") == 1


def test_an_unknown_word_is_refused(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["fly"]) == 2
    assert "Không có việc «fly»" in capsys.readouterr().out
