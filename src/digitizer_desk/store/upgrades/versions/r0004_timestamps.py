# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""A parcel tells the hash its file was signed with and the one it left with, how lasting its signatures are, and the
agency's signature over its record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("signed_sha256", "sent_sha256", "level", "body_signature"):
        op.add_column("parcels", sa.Column(name, sa.Text(), nullable=False, server_default=sa.text("''")))
    # whether an older parcel ever left is not known for sure: its bytes stay what they are
    op.execute("UPDATE parcels SET signed_sha256 = file_sha256, sent_sha256 = file_sha256")
