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
    literal_column,
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

RUNNING = exchange.c.state == literal_column("'open'")
"""Written out, not bound: SQLite uses an index of some rows only where it reads the same words."""

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

hold = Table(
    "hold",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("application", Text, nullable=False),
    Column("exchange", Text, nullable=False),
    Column("same", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("claimed_by", Text),
    Column("claimed_until", BigInteger),
    Column("closed_at", BigInteger),
    Column("fetched_at", BigInteger),
    Column("rest", Text, nullable=False),
    UniqueConstraint("exchange"),
)
"""Answers that wait or waited for a human: a column for what is searched, `rest` (JSON) for what is only shown. No content."""

UNDECIDED = hold.c.state.in_(
    [literal_column(f"'{state}'") for state in ("collecting", "pending", "claimed", "changes_requested")]
)
"""Nobody has decided yet. Written out as well."""

Index("ix_hold_same", hold.c.org, hold.c.application, hold.c.same)
Index(
    "ix_hold_open_same",
    hold.c.org,
    hold.c.application,
    hold.c.same,
    unique=True,
    sqlite_where=UNDECIDED,
    postgresql_where=UNDECIDED,
)
Index("ix_hold_open", hold.c.org, hold.c.expires_at, sqlite_where=UNDECIDED, postgresql_where=UNDECIDED)
Index(
    "ix_hold_closed",
    hold.c.org,
    hold.c.closed_at,
    sqlite_where=text("closed_at IS NOT NULL"),
    postgresql_where=text("closed_at IS NOT NULL"),
)

output = Table(
    "output",
    metadata,
    Column("code", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("exchange", Text, nullable=False),
    Column("choice", Integer, nullable=False),
    Column("application", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("hold", Text),
    Column("edited", Boolean, nullable=False),
)
"""What left the house, by code. No content, so it outlives the term."""

Index(
    "ix_output_hold",
    output.c.hold,
    sqlite_where=text("hold IS NOT NULL"),
    postgresql_where=text("hold IS NOT NULL"),
)

digest = Table(
    "digest",
    metadata,
    Column("org", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("code", Text, nullable=False),
    PrimaryKeyConstraint("org", "digest", "code"),
)
"""Keyed digests of published texts: by these, and these only, verify finds a text."""

manifest = Table(
    "manifest",
    metadata,
    Column("code", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("store", LargeBinary, nullable=False),
)
"""C2PA manifest stores of published outputs."""

user_account = Table(
    "user_account",
    metadata,
    Column("id", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("uses", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("setup", Text, nullable=False),
    Column("setup_until", BigInteger),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger),
    Column("disabled_at", BigInteger),
    Column("version", Integer, nullable=False),
    UniqueConstraint("org", "name"),
)
"""People who sign in; `roles` and `uses` are lists with a space between. Passwords and setup links as digests only."""

session = Table(
    "session",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("org", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("ix_session_user", "user"),
)
"""Browsers that are signed in, by the digest of their cookie; one that signed out loses its row."""

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
