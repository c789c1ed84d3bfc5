# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk serve` looks before it opens the door."""

import shutil
import socket
from pathlib import Path

import pytest

from tests.commands import Commands


def test_a_house_that_cannot_open_is_told_in_words(tmp_path: Path) -> None:
    assert "waarmerk init" in Commands(tmp_path / "home")("serve", status=1).stderr


def test_a_port_that_is_taken_is_told_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = Commands(tmp_path / "home", port=str(port))
        run("init")
        assert f"port {port} cannot be used" in run("serve", status=1).stderr


@pytest.mark.parametrize("before", [(), ("key", "create", "balie")])
def test_a_log_older_than_what_was_signed_is_not_served(tmp_path: Path, before: tuple[str, ...]) -> None:
    run = Commands(tmp_path / "home")
    run("init")
    if before:
        run(*before)
    shutil.copy(run.home / "waarmerk.db", tmp_path / "older.db")
    run("key", "create", "balie")
    run("evidence", "export", str(tmp_path / "export"))
    shutil.copy(tmp_path / "older.db", run.home / "waarmerk.db")
    for rest in run.home.glob("waarmerk.db-*"):
        rest.unlink()
    said = run("serve", status=78).stderr
    assert "signed" in said
