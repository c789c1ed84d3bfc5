# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ask the model: the one way out, to an exact host at an address that was checked."""
