# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A parcel tells how far its connector came with it, so that a cut between two steps is asked about and not guessed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("parcels", sa.Column("trail", sa.Text(), nullable=False, server_default=sa.text("''")))
