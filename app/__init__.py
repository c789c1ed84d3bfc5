# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Waarmerk, the proxy. Read `pipeline.py` first: it is what happens to a prompt."""
