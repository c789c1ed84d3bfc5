# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The vocabulary and the ports. Imports nothing of ours but `watermark.model`."""
