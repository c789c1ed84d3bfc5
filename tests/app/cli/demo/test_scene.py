# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.cli.demo.expectation import Unexpected
from app.cli.demo.home import DemoHome
from app.cli.demo.scene import Scene


def test_a_step_that_needs_another_says_which(home: DemoHome) -> None:
    scene = Scene(home)
    with pytest.raises(Unexpected, match="The refused call of an earlier step is needed"):
        scene.exchange("refused")
    with pytest.raises(Unexpected, match="the id of the call"):
        scene.remember("refused", None)
    scene.remember("refused", "exc_1")
    assert scene.exchange("refused") == "exc_1"


def test_a_command_is_shown_as_one_types_it(home: DemoHome, capsys: pytest.CaptureFixture[str]) -> None:
    said = Scene(home).command("stop", "application", "balie", "--reason", "een proef")
    shown = capsys.readouterr().out
    assert '$ waarmerk stop application balie --reason "een proef"' in shown
    assert said.startswith("Stopped: application balie")
    assert said.split(". ")[0] in shown


def test_a_command_that_ends_otherwise_is_a_fault(home: DemoHome) -> None:
    scene = Scene(home)
    with pytest.raises(Unexpected, match="`waarmerk start` ended with status 1, not 0"):
        scene.command("start", "application", "balie", "--reason", "niets te starten")
    assert "Check the name." in scene.command("start", "application", "balie", "--reason", "x", status=1)


def test_a_long_answer_is_shown_in_part_and_given_whole(home: DemoHome, capsys: pytest.CaptureFixture[str]) -> None:
    said = Scene(home).command("key", "list", lines=1)
    shown = capsys.readouterr().out.splitlines()
    assert len(said.splitlines()) == 3
    assert shown[-1] == "  | ..."
    assert sum("key_" in line for line in shown) == 1


def test_a_proxy_that_the_environment_names_is_not_used(bare: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert [found.id for found in bare.client("any").models.list()] == ["SmolLM2-135M-Instruct"]
