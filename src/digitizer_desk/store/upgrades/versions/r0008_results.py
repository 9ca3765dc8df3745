# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A paper tells whether it is a result and whether it was cancelled, a dossier whether it was granted; and the list of
older results still in force."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("components", sa.Column("kind", sa.Text(), nullable=False, server_default=sa.text("'TP'")))
    op.add_column("components", sa.Column("cancelled", sa.Text()))
    op.add_column("dossiers", sa.Column("granted", sa.Text()))
    op.create_table(
        "listed_results",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("dossier_code", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("applicant_kind", sa.Text(), nullable=False),
        sa.Column("values_json", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("listed_at", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("component_id", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_listed_results"),
        sa.UniqueConstraint("number", name="uq_listed_results_number"),
        sa.UniqueConstraint("key", name="uq_listed_results_key"),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name="fk_listed_results_component_id"),
    )
    op.create_index("ix_listed_results_component_id", "listed_results", ["component_id"])
