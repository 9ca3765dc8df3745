# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A real practice province for the tests of this room, and links to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from digitizer_desk.province.http import GatewayLink, GatewayProfile
from digitizer_desk.training.province import LocalProvince


@pytest.fixture(scope="module")
def shared_province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvince]:
    with LocalProvince(tmp_path_factory.mktemp("province"), max_bytes=1 << 20) as running:
        yield running


@pytest.fixture
def province(shared_province: LocalProvince) -> Iterator[LocalProvince]:
    yield shared_province
    shared_province.clear_faults()


@pytest.fixture
def link_to() -> Callable[..., GatewayLink]:
    def make(running: LocalProvince, **changes: Any) -> GatewayLink:
        values = {"base_url": running.url, "secret": running.token, "timeout_s": 10.0, **changes}
        return GatewayLink(GatewayProfile("Tỉnh mô phỏng", desk_id="quay-1", **values))

    return make


@pytest.fixture
def link(province: LocalProvince, link_to: Callable[..., GatewayLink]) -> GatewayLink:
    return link_to(province)


@pytest.fixture
def contract() -> Path:
    return Path(__file__).parents[2] / "resources" / "contracts" / "gateway.openapi.yaml"
