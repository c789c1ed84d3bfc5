# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Adapters of the signing and sealing ports: where secret keys are held."""
