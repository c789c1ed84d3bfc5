# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demo's other processes: the model and Waarmerk, which stay, and commands, which end."""

import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

_PATIENCE = 10.0
"""Seconds a child gets to end when it is asked to."""
_LONGEST_COMMAND = 120.0
_WORDS_OF_A_CHILD = 2000


class Child:
    """`python -m MODULE …` with a log file, on a leash (`app.cli.demo.leash`), out of reach of the terminal's Ctrl-C."""

    def __init__(self, module: str, *arguments: str, log: Path, environment: Mapping[str, str]) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603  # nosec B603  # our own module, under our own interpreter
                [sys.executable, "-P", "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-_WORDS_OF_A_CHILD:]

    def stop(self) -> None:
        """Ask it to end; make it end when it does not."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


class Command:
    """`waarmerk …` as an operator types it."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # nosec B603  # our own command, under our own interpreter
            [sys.executable, "-P", "-m", "app", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
            encoding="utf-8",
        )

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def result(self) -> tuple[int, str]:
        """Exit status and everything it printed, once it has ended. Raises `subprocess.TimeoutExpired`."""
        try:
            output, _ = self._process.communicate(timeout=_LONGEST_COMMAND)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise
        return self._process.returncode, output.strip()


def free_port(preferred: int = 0) -> int:
    """A port of this machine that nobody listens on: the preferred one, or else any."""
    try:
        listening = socket.create_server(("127.0.0.1", preferred))
    except OSError:
        listening = socket.create_server(("127.0.0.1", 0))
    with listening:
        port: int = listening.getsockname()[1]
        return port
