# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Adapters of the ledger: one SQL text for SQLite and PostgreSQL."""
