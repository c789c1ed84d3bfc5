# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The example organisation with a pilot that runs: a pilot lasts half a year at most, and these tests are run for longer."""

import atexit
import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import policies

SHIPPED = Path(next(iter(policies.__path__))) / "example"
_DATES = {"starts": timedelta(days=-1), "until": timedelta(days=150), "evaluation_date": timedelta(days=170)}


@cache
def example_of_today() -> Path:
    """Its policy folder, for everybody: not to be changed."""
    folder = Path(tempfile.mkdtemp(prefix="waarmerk-policies-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return copy_of_the_example(folder / "example")


def copy_of_the_example(to: Path) -> Path:
    """Its policy folder, for a test that may change it."""
    pilot = shutil.copytree(SHIPPED, to) / "applications" / "proeftuin.yaml"
    text, today = pilot.read_text(), datetime.now(UTC).date()
    for name, later in _DATES.items():
        text, changed = re.subn(rf"^( *{name}:) .*$", rf"\1 {today + later}", text, flags=re.MULTILINE)
        assert changed == 1
    pilot.write_text(text)
    return to
