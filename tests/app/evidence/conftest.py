# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from pathlib import Path

import pytest

from app.keys.signer import FileKeySigner


@pytest.fixture
def signer(tmp_path: Path) -> FileKeySigner:
    return FileKeySigner.create(tmp_path / "log.pem", development=True)
