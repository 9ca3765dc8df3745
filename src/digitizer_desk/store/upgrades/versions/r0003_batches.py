# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""Batches with their one outcome, second counts, stacks turned by hand; what was done with pages is never rewritten."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _batches()
    _recounts_and_stacks()
    _refuse("batches_once", "UPDATE ON batches", "a batch has one outcome", "OLD.outcome <> ''")
    for table in ("batches", "recounts", "acts"):
        _refuse(f"{table}_no_delete", f"DELETE ON {table}", f"{table} is append-only")
    _refuse("recounts_no_update", "UPDATE ON recounts", "recounts is append-only")
    # an act may be taken back and done again; what it did stays as it was written
    kept = "id, dossier_id, component_id, name, before, after"
    _refuse("acts_no_rewrite", f"UPDATE OF {kept} ON acts", "acts are not rewritten")


def _refuse(name: str, what: str, why: str, when: str = "") -> None:
    condition = f"WHEN {when} " if when else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {what} {condition}BEGIN SELECT RAISE(ABORT, '{why}'); END")


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("work_type", sa.Text(), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("declared", sa.Integer()),
        sa.Column("had", sa.Integer(), nullable=False),
        sa.Column("half", sa.Text(), nullable=False),
        sa.Column("stack", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name="fk_batches_component_id"),
        sa.UniqueConstraint("number", name="uq_batches_number"),
    )
    op.create_index("ix_batches_component_id", "batches", ["component_id"])


def _recounts_and_stacks() -> None:
    op.create_table(
        "recounts",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Text(), nullable=False),
        sa.Column("sides", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_recounts"),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name="fk_recounts_component_id"),
    )
    op.create_index("ix_recounts_component_id", "recounts", ["component_id"])
    op.create_table(
        "stacks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("component_id", sa.Text(), nullable=False),
        sa.Column("turned", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_stacks"),
        sa.UniqueConstraint("id", name="uq_stacks_id"),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name="fk_stacks_component_id"),
    )
    op.create_index("ix_stacks_component_id", "stacks", ["component_id"])
