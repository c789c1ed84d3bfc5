# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""An empty, migrated database to begin from; it is closed, so it is one file."""

import pytest

from app.storage.migrate import migrate


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of that file."""
    file = tmp_path_factory.mktemp("empty") / "waarmerk.db"
    migrate(f"sqlite:///{file}")
    assert list(file.parent.iterdir()) == [file]
    return file.read_bytes()
