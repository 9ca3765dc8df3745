# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Software tokens made once, and the library before them that misbehaves as told."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from devices.token.rig import MANIFEST, THIN, Shim
from digitizer_desk.devices.token_client import Pkcs11Token
from digitizer_desk.devices.token_manifest import ModuleChoice, Quirk
from digitizer_desk.training.token import TrainingToken, add_officer, prepare_token


@pytest.fixture(scope="session")
def soft_token(tmp_path_factory: pytest.TempPathFactory) -> TrainingToken:
    """Three tokens: an ordinary officer with a second certificate, a token of misleading labels, an EC one."""
    token = prepare_token(tmp_path_factory.mktemp("token"))
    add_officer(token, "Trần Thị Bích", same_token=True)
    add_officer(token, "Ngô Văn Lệch", labels_differ=True)
    add_officer(token, "Phạm Đường Cong", key_kind="ec")
    return token


@pytest.fixture(params=[frozenset(), THIN], ids=["python-pkcs11", "thin"])
def binding(request: pytest.FixtureRequest) -> frozenset[Quirk]:
    """Which of the two bindings the manifest asks for: everything must hold with both."""
    chosen: frozenset[Quirk] = request.param
    return chosen


@pytest.fixture
def tokens(soft_token: TrainingToken, binding: frozenset[Quirk]) -> Iterator[Pkcs11Token]:
    manifest = replace(MANIFEST, quirks=binding)
    with Pkcs11Token([ModuleChoice(soft_token.module, manifest)], soft_token.env, patience=5.0) as client:
        yield client


@pytest.fixture(scope="session")
def shim_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not shutil.which("gcc") or not Path("/usr/include/p11-kit-1/p11-kit/pkcs11.h").is_file():
        pytest.skip("needs gcc and the headers of p11-kit to make a misbehaving library")
    made = tmp_path_factory.mktemp("shim") / "token_shim.so"
    source = Path(__file__).with_name("token_shim.c")
    command = ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-I/usr/include/p11-kit-1", "-o", made, source, "-ldl"]
    subprocess.run(command, check=True)
    return made


@pytest.fixture
def shim(shim_library: Path, tmp_path: Path, soft_token: TrainingToken, binding: frozenset[Quirk]) -> Iterator[Shim]:
    made = Shim(shim_library, tmp_path, soft_token, binding)
    yield made
    made.client.close()
