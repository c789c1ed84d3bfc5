# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk demo`: the product at work with a real, small model, explained to a newcomer."""
