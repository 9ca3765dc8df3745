# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What Alembic runs to reach our connection; it never opens one of its own, for only we hold the key."""

from __future__ import annotations

from alembic import context

_given = context.config.attributes
context.configure(connection=_given["connection"], render_as_batch=True, on_version_apply=_given.get("applied", ()))
with context.begin_transaction():
    context.run_migrations()
