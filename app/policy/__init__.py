# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""May they: facts, contracts and rules from YAML, judged without I/O. Deny by default."""
