# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A supervisor's lots, the pages in them, judgements, a clerk's answers, and causes that were found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _lots()
    _judgements()
    _refuse("lots_closed", "UPDATE ON lots WHEN OLD.verdict <> ''", "the verdict was given")
    _refuse("judgements_only_taken_back", f"UPDATE OF {_SAID} ON judgements", "a judgement is not rewritten")
    for table in ("lots", "lot_pages", "judgements", "answers", "causes"):
        _refuse(f"{table}_no_delete", f"DELETE ON {table}", f"{table} are kept")


_SAID = "lot_id, page_id, version, fault, kind, rule, mended_by, note, by, at"


def _refuse(name: str, what: str, why: str) -> None:
    op.execute(f"CREATE TRIGGER {name} BEFORE {what} BEGIN SELECT RAISE(ABORT, '{why}'); END")


def _lots() -> None:
    op.create_table(
        "lots",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("desk", "first_day", "last_day")),
        sa.Column("size", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("level", "scheme")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("sample_size", "accept")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("seed", "made_by", "made_at", "verdict")),
        sa.Column("judged_by", sa.Text(), nullable=False),
        sa.Column("judged_at", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lots"),
        sa.UniqueConstraint("number", name="uq_lots_number"),
    )
    op.create_table(
        "lot_pages",
        sa.Column("lot_id", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("page", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lot_id", "page_id", "version", name="pk_lot_pages"),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="fk_lot_pages_lot_id"),
    )
    op.create_index("ix_lot_pages_component_id", "lot_pages", ["component_id"])
    op.create_index("ix_lot_pages_page_id_version", "lot_pages", ["page_id", "version"])


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("lot_id", "page_id")),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("fault", "kind", "rule", "mended_by")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("note", "by", "at")),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_judgements"),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name="fk_judgements_lot_id"),
    )
    op.create_index("ix_judgements_lot_id", "judgements", ["lot_id"])
    op.create_table(
        "answers",
        sa.Column("judgement", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("note", "by", "at")),
        sa.PrimaryKeyConstraint("judgement", name="pk_answers"),
        sa.ForeignKeyConstraint(["judgement"], ["judgements.number"], name="fk_answers_judgement"),
    )
    op.create_table(
        "causes",
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("desk", "note", "by", "at")),
        sa.PrimaryKeyConstraint("number", name="pk_causes"),
    )
