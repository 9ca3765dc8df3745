# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A virtual scanner for the whole room, a client before it, and the proof that nothing stays behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from devices.scanning.rig import OURS
from digitizer_desk.devices.client import SaneScanner
from digitizer_desk.devices.manifest import Manifests
from digitizer_desk.training.scanner import VirtualScanner


@pytest.fixture(scope="session")
def _one_virtual() -> Iterator[VirtualScanner]:
    with VirtualScanner() as scanner:
        yield scanner


@pytest.fixture
def virtual(_one_virtual: VirtualScanner) -> VirtualScanner:
    """The virtual scanner, lid closed, tray empty, no fault ordered."""
    _one_virtual.clear()
    return _one_virtual


Make = Callable[..., SaneScanner]


@pytest.fixture(params=["python-sane", "direct"])
def binding(request: pytest.FixtureRequest) -> str:
    """How libsane is called: everything that asks for a client is tried both ways."""
    return str(request.param)


def bound(manifests: Manifests, binding: str) -> Manifests:
    """These manifests, every family through this binding."""
    return Manifests(tuple(manifest.model_copy(update={"binding": binding}) for manifest in manifests.all))


@pytest.fixture
def airscan(virtual: VirtualScanner, tmp_path: Path) -> Make:
    """Makes clients of the virtual scanner; ``manifests`` may be changed ones."""

    def make(manifests: Manifests = OURS) -> SaneScanner:
        return SaneScanner(manifests, env=virtual.sane_env, config_folder=tmp_path / "sane")

    return make


@pytest.fixture
def test_device(tmp_path: Path, binding: str) -> Make:
    """Makes clients of SANE's own test device."""

    def make(manifests: Manifests = OURS, **more: object) -> SaneScanner:
        return SaneScanner(bound(manifests, binding), env={}, config_folder=tmp_path / "sane", **more)  # type: ignore[arg-type]

    return make


@pytest.fixture(autouse=True)
def _nothing_stays_behind(tmp_path: Path, _one_virtual: VirtualScanner) -> Iterator[None]:
    """After every test: no host process, no settings folder of one."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    left = [
        child
        for child in psutil.Process().children(recursive=True)
        if child.pid not in before and "--host" in child.cmdline()
    ]
    assert left == []
    assert list((tmp_path / "sane").glob("*")) == []
