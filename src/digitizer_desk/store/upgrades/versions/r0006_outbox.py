# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A parcel may be hurried past the hours set for sending; copies that were sent may leave this machine."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("parcels", sa.Column("rush", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("dossiers", sa.Column("removed_at", sa.Text()))
    op.create_table(
        "removed",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("dossier_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_removed"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name="fk_removed_dossier_id"),
    )
    op.create_index("ix_removed_dossier_id", "removed", ["dossier_id"])
