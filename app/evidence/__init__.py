# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""No exit without a trace: records, commitments, and the Merkle tree they stand in."""
