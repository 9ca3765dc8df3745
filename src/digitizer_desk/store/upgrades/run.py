# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the upgrades that a file still lacks, inside the caller's transaction.

Apart from the revisions because this is the only place that calls Alembic.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def run(connection: Connection, applied: Callable[[], None] = lambda: None) -> None:
    """Bring the database behind this connection to the newest revision: all of it or, when one fails, none.

    ``applied`` is called after each revision.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["applied"] = lambda **_facts: applied()
    command.upgrade(config, "head")
