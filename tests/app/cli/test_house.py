# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A command that cannot open the house says why in words, and ends with a code of its own."""

from pathlib import Path

import pytest

from app.cli.house import fail
from app.domain.errors import EvidenceInconsistent, EvidenceUnavailable
from tests.commands import Commands


def test_a_house_without_keys(tmp_path: Path) -> None:
    result = Commands(tmp_path / "home")("key", "list", status=1)
    assert "cannot be read" in result.stderr
    assert "waarmerk init" in result.stderr
    assert "Traceback" not in result.output


def test_a_database_of_an_older_version(tmp_path: Path) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    (run.home / "waarmerk.db").unlink()
    result = run("key", "list", status=1)
    assert "waarmerk migrate" in result.stderr


@pytest.mark.parametrize(("error", "code"), [(EvidenceUnavailable(), 1), (EvidenceInconsistent(), 78)])
def test_a_log_that_contradicts_itself_has_a_code_of_its_own(error: EvidenceUnavailable, code: int) -> None:
    with pytest.raises(SystemExit) as caught:
        fail(error)
    assert caught.value.code == code
