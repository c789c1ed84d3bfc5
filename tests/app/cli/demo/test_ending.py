# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An order to end is heard, also when the exception that carries it is swallowed on its way."""

import signal
import subprocess
import sys

import pytest

SWALLOWED = """
import signal, sys
from app.cli.demo import ending
ending.listen()
ending.check()
try:
    signal.raise_signal(int(sys.argv[1]))
except KeyboardInterrupt:
    print("raised")
try:
    ending.check()
except KeyboardInterrupt:
    print("raised again")
"""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_order_to_end_cannot_be_missed(kind: signal.Signals) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SWALLOWED, str(int(kind))], capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.splitlines() == ["raised", "raised again"]
