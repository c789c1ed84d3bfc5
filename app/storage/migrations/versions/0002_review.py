# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Holds, outputs as verify knows them, accounts and sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_UNDECIDED = "state IN ('collecting', 'pending', 'claimed', 'changes_requested')"


def upgrade() -> None:
    """Make the tables; what was there stays as it is."""
    _holds()
    _outputs()
    _accounts()


def _holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("exchange", sa.Text, nullable=False),
        sa.Column("same", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("fetched_at", sa.BigInteger),
        sa.Column("rest", sa.Text, nullable=False),
        sa.UniqueConstraint("exchange"),
    )
    op.create_index("ix_hold_same", "hold", ["org", "application", "same"])
    for name, columns, where in (
        ("ix_hold_open_same", ["org", "application", "same"], _UNDECIDED),
        ("ix_hold_open", ["org", "expires_at"], _UNDECIDED),
        ("ix_hold_closed", ["org", "closed_at"], "closed_at IS NOT NULL"),
    ):
        only = sa.text(where)
        unique = name == "ix_hold_open_same"
        op.create_index(name, "hold", columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _outputs() -> None:
    op.create_table(
        "output",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("exchange", sa.Text, nullable=False),
        sa.Column("choice", sa.Integer, nullable=False),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("hold", sa.Text),
        sa.Column("edited", sa.Boolean, nullable=False),
    )
    held = sa.text("hold IS NOT NULL")
    op.create_index("ix_output_hold", "output", ["hold"], sqlite_where=held, postgresql_where=held)
    op.create_table(
        "digest",
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("org", "digest", "code"),
    )
    op.create_table(
        "manifest",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("store", sa.LargeBinary, nullable=False),
    )


def _accounts() -> None:
    op.create_table(
        "user_account",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("uses", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("setup", sa.Text, nullable=False),
        sa.Column("setup_until", sa.BigInteger),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.BigInteger),
        sa.Column("disabled_at", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint("org", "name"),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("org", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_session_user", "session", ["user"])
