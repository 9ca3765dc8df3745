# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""What comes from the province: waiting dossiers, decisions after receipt, reuse of its papers, packs of rules."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def upgrade() -> None:
    _lists()
    _reuses()
    _packs()
    for table in ("decisions", "reuses", "packs", "dossier_packs"):
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} are kept'); END"
        )
    op.execute(
        "CREATE TRIGGER decisions_applied_once BEFORE UPDATE ON decisions WHEN OLD.outcome <> '' "
        "BEGIN SELECT RAISE(ABORT, 'it was applied'); END"
    )
    op.execute("CREATE TRIGGER packs_whole BEFORE UPDATE ON packs BEGIN SELECT RAISE(ABORT, 'packs are kept'); END")
    op.execute(
        "CREATE TRIGGER dossier_packs_for_ever BEFORE UPDATE ON dossier_packs "
        "BEGIN SELECT RAISE(ABORT, 'a dossier keeps its law'); END"
    )


def _lists() -> None:
    op.create_table(
        "waiting_dossiers",
        *_text("code"),
        _number("number"),
        *_text("value", "search"),
        sa.Column("withdrawn_at", sa.Text()),
        *_text("said"),
        sa.PrimaryKeyConstraint("code", name="pk_waiting_dossiers"),
    )
    op.create_table("fetched", *_text("name", "mark", "at"), sa.PrimaryKeyConstraint("name", name="pk_fetched"))
    op.create_table(
        "decisions",
        *_text("id"),
        _number("number"),
        *_text("parcel_id", "value", "outcome"),
        sa.Column("applied_at", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_parcel_id", "decisions", ["parcel_id"])
    op.create_index("ix_decisions_outcome", "decisions", ["outcome"])


def _reuses() -> None:
    op.create_table(
        "reuses",
        *_text("id"),
        _number("number"),
        *_text("dossier_id", "component_id", "paper", "by", "at", "body", "state"),
        _number("tries"),
        sa.Column("next_try_at", sa.Text()),
        *_text("error", "said", "receipt"),
        sa.PrimaryKeyConstraint("id", name="pk_reuses"),
        sa.UniqueConstraint("number", name="uq_reuses_number"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name="fk_reuses_dossier_id"),
        sa.ForeignKeyConstraint(["component_id"], ["components.id"], name="fk_reuses_component_id"),
    )
    op.create_index("ix_reuses_state", "reuses", ["state"])
    op.create_index("ix_reuses_component_id_state", "reuses", ["component_id", "state"])


def _packs() -> None:
    op.create_table(
        "packs",
        *_text("id"),
        _number("sequence"),
        *_text("title", "valid_from", "sha256"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        *_text("signer", "signer_sha256", "taken_at"),
        sa.PrimaryKeyConstraint("id", "sequence", name="pk_packs"),
    )
    op.create_table(
        "dossier_packs",
        *_text("dossier_id", "packs"),
        sa.PrimaryKeyConstraint("dossier_id", name="pk_dossier_packs"),
        sa.ForeignKeyConstraint(["dossier_id"], ["dossiers.id"], name="fk_dossier_packs_dossier_id"),
    )
