# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tables, once, for both engines. Moments are integer milliseconds since 1970 in UTC, days are ISO text: both compare alike.

An index of the log is never a sequence of the database: with several writers a reader would see holes. It is counted in
`log_head`, whose row is locked last in every transaction.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(column_0_label)s",
    }
)

log_head = Table(
    "log_head",
    metadata,
    Column("org", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("nodes", LargeBinary, nullable=False),
    Column("access", BigInteger, nullable=False),
)
"""Per organisation: the tree (`nodes` is the frontier, 32 bytes each), and the version of its keys and stops.

The version stands here because every unit locks this row: what a unit believed about access is checked at no cost.
"""

log_entry = Table(
    "log_entry",
    metadata,
    Column("org", Text, nullable=False),
    Column("index", BigInteger, nullable=False),
    Column("record", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("exchange", Text),
    Column("leaf", LargeBinary, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    PrimaryKeyConstraint("org", "index"),
    UniqueConstraint("record"),
)
"""The log: canonical bytes of each record, exactly as hashed."""

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("org", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("org", "size"),
)
"""Signed notes; one per size, so that no two replicas publish two."""

exchange = Table(
    "exchange",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("task", Text, nullable=False),
    Column("worker", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("salt", LargeBinary),
    Column("erase_after", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("policy", Text),
    Column("shadow", Boolean, nullable=False, server_default=false()),
)
"""Calls, open or closed; without its salt a commitment in the log can no longer be opened."""

Index(
    "ix_exchange_open",
    exchange.c.worker,
    sqlite_where=text("state = 'open'"),
    postgresql_where=text("state = 'open'"),
)
Index(
    "ix_exchange_erase_after",
    exchange.c.erase_after,
    sqlite_where=text("salt IS NOT NULL"),
    postgresql_where=text("salt IS NOT NULL"),
)

content = Table(
    "content",
    metadata,
    Column("exchange", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    PrimaryKeyConstraint("exchange", "kind"),
)
"""Prompt and output outside the log, each under a key of its own."""

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    UniqueConstraint("digest"),
)
"""Keys, by digest; `scopes` is a list with a space between."""

stop = Table(
    "stop",
    metadata,
    Column("org", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    PrimaryKeyConstraint("org", "kind", "name"),
)
"""Stops in force; the log has those that were lifted."""

worker = Table(
    "worker",
    metadata,
    Column("id", Text, primary_key=True),
    Column("beats", BigInteger, nullable=False),
)
"""Processes that serve; one whose `beats` stand still is taken for dead and loses its row."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("ix_outbox_due", "due"),
)
"""What must still be told to others."""
