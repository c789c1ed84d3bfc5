# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk`: every command is there, and settings that cannot be used are told by name."""

from pathlib import Path

from tests.commands import Commands


def test_every_command_is_there_and_explains_itself(tmp_path: Path) -> None:
    run = Commands(tmp_path)
    said = run("--help").output
    for command in (
        "init",
        "serve",
        "migrate",
        "doctor",
        "policy",
        "key",
        "stop",
        "start",
        "evidence",
        "backup",
        "restore",
        "demo",
    ):
        assert f"\n  {command} " in said
        assert "Usage:" in run(command, "--help").output


def test_settings_that_cannot_be_used_are_told_by_name(tmp_path: Path) -> None:
    said = Commands(tmp_path, port="x", workers="0")("doctor", status=1).output
    assert "WAARMERK_PORT" in said
    assert "WAARMERK_WORKERS" in said
    assert "Traceback" not in said


def test_it_says_its_version(tmp_path: Path) -> None:
    assert "waarmerk, version" in Commands(tmp_path)("--version").output
