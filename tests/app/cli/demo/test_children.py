# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import os
import signal
import socket
from pathlib import Path

import pytest

from app.cli.demo.children import Child, Command, free_port
from tests.app.cli.demo.conftest import until
from tests.ports import reserved_port

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("WAARMERK_")}


def test_a_child_that_fails_leaves_its_last_words(tmp_path: Path) -> None:
    child = Child("app.cli.demo.model", "no port", log=tmp_path / "log", environment=ENVIRONMENT)
    try:
        until(lambda: not child.alive)
        assert "invalid literal for int()" in child.last_words()
    finally:
        child.stop()


def test_a_child_is_stopped(tmp_path: Path) -> None:
    child = Child("http.server", "0", "--bind", "127.0.0.1", log=tmp_path / "log", environment=ENVIRONMENT)
    assert child.alive
    child.stop()
    until(lambda: not child.alive)
    child.stop()


def test_a_child_stands_outside_the_terminals_ctrl_c(tmp_path: Path) -> None:
    child = Child("http.server", "0", "--bind", "127.0.0.1", log=tmp_path / "log", environment=ENVIRONMENT)
    try:
        assert os.getpgid(child.pid) != os.getpgid(0)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.stop()


def test_a_command_gives_its_status_and_words() -> None:
    status, said = Command("--version", environment=ENVIRONMENT).result()
    assert (status, said.startswith("waarmerk, version")) == (0, True)
    status, said = Command("no-such-thing", environment=ENVIRONMENT).result()
    assert (status, "No such command" in said) == (2, True)


def test_a_command_does_not_take_modules_from_where_it_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('the wrong app')")
    monkeypatch.chdir(tmp_path)
    assert Command("--version", environment=ENVIRONMENT).result()[0] == 0


def test_the_preferred_port_is_taken_where_it_is_free() -> None:
    preferred = reserved_port()
    assert free_port(preferred) == preferred
    with socket.create_server(("127.0.0.1", preferred)):
        assert free_port(preferred) != preferred
