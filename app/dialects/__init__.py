# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The vendors' own protocols: describe, find, replace, refuse; never translate."""
