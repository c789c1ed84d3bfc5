# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Facts and decisions in YAML, as package data: `baseline` ships with the product, `example` shows an organisation."""
