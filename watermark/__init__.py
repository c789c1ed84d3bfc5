# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Marking and verifying: a library of its own. No network, no database, no web, no import of `app`."""
