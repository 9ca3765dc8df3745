# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of what comes from the province.

Apart from ``sql/schema.py``, which is full; they belong to the same database.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from digitizer_desk.store.sql.schema import Moment, metadata

#: the province's list as last fetched
waiting_dossiers = Table(
    "waiting_dossiers",
    metadata,
    Column("code", Text, primary_key=True),
    Column("number", Integer, nullable=False),  # order in the province's list
    Column("value", Text, nullable=False),  # WaitingDossier as JSON
    Column("search", Text, nullable=False),  # folded words
    Column("withdrawn_at", Moment),
    Column("said", Text, nullable=False),
)

#: how far each list was read: the province's mark of it, and when
fetched = Table(
    "fetched",
    metadata,
    Column("name", Text, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

#: the province's decisions; ``outcome`` is '' until one is applied, and a row is applied once
decisions = Table(
    "decisions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("parcel_id", Text, nullable=False, index=True),
    Column("value", Text, nullable=False),  # Decision as JSON
    Column("outcome", Text, nullable=False, index=True),
    Column("applied_at", Moment),
)

#: decisions to use a paper the province keeps
reuses = Table(
    "reuses",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("dossier_id", Text, ForeignKey("dossiers.id"), nullable=False),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False),
    Column("paper", Text, nullable=False),  # Reusable as JSON
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Text, nullable=False),  # what the province is told, frozen
    Column("state", Text, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("error", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Index(None, "component_id", "state"),
)

#: signed packs of rules, kept whole; the newest of each id that has begun is in force
packs = Table(
    "packs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("signer", Text, nullable=False),
    Column("signer_sha256", Text, nullable=False),
    Column("taken_at", Moment, nullable=False),
)

#: the packs a dossier was begun under; a dossier without a row was begun under none
dossier_packs = Table(
    "dossier_packs",
    metadata,
    Column("dossier_id", Text, ForeignKey("dossiers.id"), primary_key=True),
    Column("packs", Text, nullable=False),  # "id#sequence", with spaces between
)
