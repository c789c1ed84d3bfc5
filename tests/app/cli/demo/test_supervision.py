# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each step notices when an order is not obeyed: the applications reach the model directly, which heeds nobody."""

import sqlite3
from contextlib import closing

import pytest

from app.cli.demo import supervision
from app.cli.demo.expectation import Unexpected
from app.cli.demo.scene import Scene


def test_a_withdrawn_key_that_still_works_is_noticed(bare: Scene) -> None:
    with pytest.raises(Unexpected, match="should have been refused"):
        supervision.revoked(bare)


def test_a_stream_that_is_not_stopped_is_noticed_and_the_stop_is_lifted(
    bare: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Unexpected, match="went on to its end"):
        supervision.stopped(bare)
    assert "In use again: application balie" in capsys.readouterr().out
    with closing(sqlite3.connect(bare.home.folder / "waarmerk.db")) as database:
        assert database.execute("SELECT count(*) FROM stop").fetchone() == (0,)
