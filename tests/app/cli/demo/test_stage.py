# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demo as a newcomer runs it: its own process, the real model, every step."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli.demo.tour import STEPS
from tests.app.cli.demo.conftest import until
from tests.example import SHIPPED
from tests.ports import reserved_port


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A shell without job control lets what runs in its background ignore Ctrl-C, and every child inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def command(home: Path, *options: str, port: int | None = None) -> list[str]:
    """On a port of its own: two demos that begin together on one port get in each other's way."""
    chosen = str(port or reserved_port())
    return [sys.executable, "-m", "app", "demo", "--home", home.name, "--port", chosen, *options]


def environment() -> dict[str, str]:
    """With a proxy that leads nowhere: the demo needs no network."""
    return without_settings() | {
        "PYTHONUNBUFFERED": "1", "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9"
    }  # fmt: skip


def without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("WAARMERK_")}


def test_once_every_step_does_what_it_should(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = subprocess.run(
        command(home, "--once"), cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count("✓") == 2 * len(STEPS)
    assert "✗" not in run.stdout
    assert "\x1b" not in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 100
    assert running_in(home) == []

    card = home / "demo.json"
    assert stat.S_IMODE(card.stat().st_mode) == 0o600
    told = json.loads(card.read_text())
    assert told["base_url"] in run.stdout
    assert Path(told["trust_anchor"]).read_text().splitlines()[-1].startswith("127.0.0.1/gemeente-voorbeeld+")
    assert set(told["people"]) == {
        "requester", "reviewer", "second-reviewer", "policy-officer", "auditor", "administrator",
    }  # fmt: skip
    assert {tuple(person) for person in told["people"].values()} == {("name", "password", "address")}
    assert {tuple(task) for task in told["tasks"]} == {("alias", "profile", "key")}
    profiles = {task["alias"]: task["profile"] for task in told["tasks"]}
    assert (profiles["balie-zoekvraag"], profiles["balie-brief"]) == ("machine", "correspondence")
    assert all(task["key"].startswith("wmk_") and task["key"] in run.stdout for task in told["tasks"])
    compile(told["snippet"], "snippet", "exec")


def test_a_step_that_fails_is_named(tmp_path: Path) -> None:
    """The refused tool is given a model that it may use; then the demo may not say that it was refused."""
    policies = shutil.copytree(SHIPPED, tmp_path / "policies")
    tool = policies / "applications" / "oude-tool.yaml"
    tool.write_text(tool.read_text().replace("chatgpt-gratis", "demo-smollm2").replace("internal-draft", "machine"))
    run = subprocess.run(
        command(tmp_path / "home", "--once", "--policies", str(policies)),
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    assert "2 of 13 steps did not do what they should: refused, altered" in run.stdout
    assert "✗ refused: The call was answered; it should have been refused." in run.stdout


@pytest.mark.parametrize(
    ("how", "status"),
    [
        (signal.SIGINT, {1, -signal.SIGINT}),
        (signal.SIGTERM, {128 + signal.SIGTERM}),
        (signal.SIGKILL, {-signal.SIGKILL}),
    ],
)
def test_when_the_demo_ends_its_children_end(how: signal.Signals, status: set[int], tmp_path: Path) -> None:
    home = tmp_path / "home"
    with staying(home) as process:
        until(lambda: len(running_in(home)) >= len(("model", "proxy")) or process.poll() is not None)
        assert process.poll() is None, said_in(home)
        process.send_signal(how)
        assert process.wait(180) in status
    until(lambda: running_in(home) == [])


def test_it_stays_up_until_ctrl_c(tmp_path: Path) -> None:
    """With its port taken, it goes elsewhere; what `demo.json` says works as it stands; when it stops, nothing of it remains."""
    home = tmp_path / "home"
    with socket.create_server(("127.0.0.1", 0)) as other, staying(home, port_of(other)) as process:
        until(lambda: (home / "demo.json").exists() or process.poll() is not None, seconds=300)
        assert process.poll() is None, said_in(home)
        told = json.loads((home / "demo.json").read_text())
        pasted = subprocess.run(
            [sys.executable, "-c", told["snippet"]], env=without_settings(), capture_output=True, text=True, check=False
        )
        assert pasted.returncode == 0, pasted.stderr
        assert "'generated': True" in pasted.stdout
        process.send_signal(signal.SIGINT)
        assert process.wait(180) == 0, said_in(home)
        assert "Waarmerk at http://127.0.0.1:" in said_in(home)
        assert f"127.0.0.1:{port_of(other)}" not in said_in(home)
    assert running_in(home) == []


@contextmanager
def staying(home: Path, port: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A demo that runs until the test ends it, and at the latest with the test."""
    with home.with_suffix(".output").open("wb") as output:
        process = subprocess.Popen(
            command(home, port=port), cwd=home.parent, env=environment(), stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def port_of(listening: socket.socket) -> int:
    port: int = listening.getsockname()[1]
    return port


def said_in(home: Path) -> str:
    return home.with_suffix(".output").read_text()


def running_in(home: Path) -> list[str]:
    """Processes whose environment names this home."""
    mark = f"WAARMERK_HOME={home}/demo".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found
