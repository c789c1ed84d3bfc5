# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The edge: bytes of HTTP become a call, and a delivery or an error becomes bytes."""
