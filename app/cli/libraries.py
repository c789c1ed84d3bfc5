# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Libraries that are loaded with their first use, because a process that only serves calls needs none of them.

That they are there is looked at before anything is served, so nobody's page finds out.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Final

LATER: Final = ("alembic", "c2pa", "jinja2", "segno")


def missing(names: Sequence[str] = LATER) -> Sequence[str]:
    """Those of these that are not installed. Loads none."""
    return [name for name in names if find_spec(name) is None]
