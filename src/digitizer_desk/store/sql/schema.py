# SPDX-FileCopyrightText: 2026 The Digitizer Desk authors
# SPDX-License-Identifier: Apache-2.0
"""The tables of the cabinet, as they stand today.

Apart from the upgrades (which lead older files here) so that a reader sees the whole in one place; a test holds both
equal. Moments are text in ISO 8601 with their offset, so that what was written in Vietnam time is read in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A timezone-aware datetime as ISO text; a naive one is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def _text(name: str, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default)


officers = Table(
    "officers",
    metadata,
    Column("id", Text, primary_key=True),
    _text("login"),
    Column("login_key", Text, nullable=False, unique=True),  # folded: "An" and "an" are one officer
    _text("name"),
    _text("roles"),
    Column("active", Boolean, nullable=False),
    _text("password"),  # Argon2id in PHC form
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("paused_until", Moment),
)

dossiers = Table(
    "dossiers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # order of arrival at this desk
    Column("code", Text, nullable=False, unique=True),
    _text("code_kind"),
    _text("procedure"),
    _text("procedure_title"),
    _text("applicant_name"),
    _text("applicant_kind"),
    _text("applicant_identifier"),
    _text("applicant_born"),
    Column("received_at", Moment, nullable=False),
    _text("received_by"),
    _text("rules_id"),
    _text("channel"),
    _text("account_check"),
    Column("handed_on", Text),  # HandedOn as JSON
    _text("search"),  # folded words F3 looks in
    Column("removed_at", Moment),  # when its pictures and documents last left this machine
    Column("granted", Text),  # Granted as JSON
)

components = Table(
    "components",
    metadata,
    Column("id", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossiers.id"), nullable=False),
    Column("number", Integer, nullable=False),
    _text("code"),
    _text("title"),
    Column("mandatory", Boolean, nullable=False),
    _text("paper_type"),
    _text("form"),
    Column("declared", Integer),
    Column("not_digitised", Text),  # NotDigitised as JSON
    Column("metadata", Text),  # Metadata as JSON
    Column("result_code", Text),  # ResultCode as JSON
    _text("draft", "[]"),  # fields being typed, as JSON
    Column("kind", Text, nullable=False, server_default=text("'TP'")),
    Column("cancelled", Text),  # Cancelled as JSON
    UniqueConstraint("dossier_id", "number"),
)

#: a place in a component; ``position`` is None when the page was taken out
pages = Table(
    "pages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False),
    Column("position", Integer),
    Column("version", Integer, nullable=False),  # the one in use
    _text("note"),
    Index(None, "component_id", "position"),
)

#: each picture ever taken for that place
page_versions = Table(
    "page_versions",
    metadata,
    Column("page_id", Text, ForeignKey("pages.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("dpi_x", Float, nullable=False),
    Column("dpi_y", Float, nullable=False),
    Column("sheet_width_mm", Float, nullable=False),
    Column("sheet_height_mm", Float, nullable=False),
    Column("scanned_at", Moment, nullable=False),
    _text("scanner"),
    _text("batch"),
    Column("size", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("measures", Text),  # PageMeasures as JSON
    _text("findings", "[]"),
    _text("keeps", "[]"),
    Column("file_sha256", Text, index=True),  # of the file the picture came in; None from a scanner
    Column("origin", Text),  # Origin as JSON
    Column("mended", Text),  # Mended as JSON; None: the picture is as it came
)

#: PDFs that came in as components; the bytes lie sealed under ``sha256``
files = Table(
    "files",
    metadata,
    Column("component_id", Text, ForeignKey("components.id"), primary_key=True),
    Column("sha256", Text, primary_key=True),
    _text("facts"),  # PaperFile as JSON
)

#: files a scanner pushed to the watched folder; the bytes lie sealed under ``sha256``
arrivals = Table(
    "arrivals",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # order of arrival
    _text("name"),
    Column("size", Integer, nullable=False),
    Column("came_at", Moment, nullable=False),
    Column("cleared", Boolean, nullable=False),  # its plain copy in the folder is gone
    Column("dropped", Boolean, nullable=False),  # somebody decided that it belongs nowhere
)

documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False, index=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("size", Integer, nullable=False),
    _text("pages"),
    Column("made_at", Moment, nullable=False),
    _text("signatures"),
    Column("acts", Integer, nullable=False),  # the last act with pages before it was frozen
)

parcels = Table(
    "parcels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # order of packing
    Column("dossier_id", Text, ForeignKey("dossiers.id"), nullable=False, index=True),
    _text("dossier_code"),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False, index=True),
    _text("component_title"),
    _text("document_id"),
    Column("version", Integer, nullable=False),
    _text("file_sha256"),
    Column("file_size", Integer, nullable=False),
    _text("body"),
    _text("digest"),
    Column("made_at", Moment, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("next_try_at", Moment),
    _text("error"),
    _text("said"),
    _text("receipt"),
    Column("accepted_at", Moment),
    Column("signed_sha256", Text, nullable=False, server_default=text("''")),
    Column("sent_sha256", Text, nullable=False, server_default=text("''")),
    Column("level", Text, nullable=False, server_default=text("''")),
    Column("body_signature", Text, nullable=False, server_default=text("''")),
    Column("trail", Text, nullable=False, server_default=text("''")),
    Column("rush", Integer, nullable=False, server_default=text("0")),  # a Rush
    ForeignKeyConstraint(["document_id", "version"], ["documents.id", "documents.version"]),
)

#: sealed content that left this machine after the province had confirmed it; ``gone`` once its file is removed
removed = Table(
    "removed",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossiers.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("gone", Boolean, nullable=False),
)

#: what was done with pages, to be undone: the places it changed, before and after
acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dossier_id", Text, ForeignKey("dossiers.id"), nullable=False),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False),
    _text("name"),  # Vietnamese, as the clerk reads it
    _text("before"),
    _text("after"),
    _text("state"),  # done | undone | gone (undone, and something else was done since)
    Index(None, "dossier_id", "state"),
)

#: batches of paper; a row is closed once, with exactly one outcome, and never again
batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # order at this desk
    Column("component_id", Text, ForeignKey("components.id"), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    _text("work_type"),
    Column("once", Boolean, nullable=False),
    _text("source"),
    Column("declared", Integer),
    Column("had", Integer, nullable=False),
    _text("half"),
    _text("stack"),
    _text("outcome"),  # '' while it runs
    Column("kept", Integer, nullable=False),
    _text("evidence"),  # [[witness, number], …]
    Column("closed_at", Moment),
)

#: second counts by the clerk, only ever added
recounts = Table(
    "recounts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False, index=True),
    Column("sides", Integer, nullable=False),
    Column("after", Integer, nullable=False),  # the newest batch of the component then
    _text("by"),
    Column("at", Moment, nullable=False),
)

#: stacks scanned one side after the other
stacks = Table(
    "stacks",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("component_id", Text, ForeignKey("components.id"), nullable=False, index=True),
    _text("turned"),
    _text("state"),
)

#: older results still in force, as a list named them; ``component_id`` is what a line became
listed_results = Table(
    "listed_results",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # order of listing
    Column("key", Text, nullable=False, unique=True),  # what a line is known again by: code, kind and number
    _text("dossier_code"),
    _text("procedure"),
    _text("applicant_kind"),
    _text("values_json"),  # [[field, text], …]
    _text("source"),  # SHA-256 of the workbook
    Column("row", Integer, nullable=False),
    Column("listed_at", Moment, nullable=False),
    _text("search"),  # folded words
    Column("component_id", Text, ForeignKey("components.id"), index=True),
)

#: a supervisor's lots; the verdict is given once
lots = Table(
    "lots",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    _text("desk"),
    _text("first_day"),
    _text("last_day"),
    Column("size", Integer, nullable=False),
    _text("level"),
    _text("scheme"),
    Column("sample_size", Integer, nullable=False),
    Column("accept", Integer, nullable=False),
    _text("seed"),
    _text("made_by"),
    Column("made_at", Moment, nullable=False),
    _text("verdict"),  # '' while it is open
    _text("judged_by"),
    Column("judged_at", Moment),
    _text("note"),
)

#: the pages of lots as they stood when the lot was made; they may lie in another desk's cabinet
lot_pages = Table(
    "lot_pages",
    metadata,
    Column("lot_id", Text, ForeignKey("lots.id"), primary_key=True),
    Column("page_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("component_id", Text, nullable=False, index=True),
    Column("place", Integer),  # in the sample; None = not drawn
    _text("page"),  # SignedPage as JSON
    Index(None, "page_id", "version"),
)

#: what was said of a page; a judgement taken back stays, marked
judgements = Table(
    "judgements",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("lot_id", Text, ForeignKey("lots.id"), nullable=False, index=True),
    Column("page_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _text("fault"),
    _text("kind"),
    _text("rule"),
    _text("mended_by"),  # '' = does not go back
    _text("note"),
    _text("by"),
    Column("at", Moment, nullable=False),
    Column("taken_back", Boolean, nullable=False),
)

#: why a clerk leaves a page that came back as it is
answers = Table(
    "answers",
    metadata,
    Column("judgement", Integer, ForeignKey("judgements.number"), primary_key=True),
    _text("note"),
    _text("by"),
    Column("at", Moment, nullable=False),
)

#: the cause of many refused lots was found
causes = Table(
    "causes",
    metadata,
    Column("number", Integer, primary_key=True),
    _text("desk"),
    _text("note"),
    _text("by"),
    Column("at", Moment, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True),
    _text("at"),
    _text("action"),
    Column("subject", Text, nullable=False, index=True),
    _text("by"),
    _text("facts"),
    _text("hash"),
)

settings = Table("settings", metadata, Column("key", Text, primary_key=True), _text("value"))
