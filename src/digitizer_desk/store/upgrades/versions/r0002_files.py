# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Paper that comes as files: where a picture came from, PDFs that are components, arrivals in the watched folder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # plain ADD COLUMN: the table is not copied, however many pictures it names
    op.add_column("page_versions", sa.Column("file_sha256", sa.Text()))
    op.add_column("page_versions", sa.Column("origin", sa.Text()))
    op.create_index("ix_page_versions_file_sha256", "page_versions", ["file_sha256"])
    op.create_table(
        "files",
        sa.Column("component_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("component_id", "sha256", name="pk_files"),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name="fk_files_component_id"),
    )
    op.create_table(
        "arrivals",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("came_at", sa.Text(), nullable=False),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_arrivals"),
        sa.UniqueConstraint("number", name="uq_arrivals_number"),
    )
