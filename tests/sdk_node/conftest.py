# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The SDK for JavaScript, installed by its lock."""

from pathlib import Path

import pytest

from tests.node import installed


@pytest.fixture(scope="session")
def sdk() -> Path:
    """The folder with what the lock names."""
    return installed(Path(__file__).parent)
