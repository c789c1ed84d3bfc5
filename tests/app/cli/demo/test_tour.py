# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import pytest

from app.cli.demo.expectation import Unexpected, expect
from app.cli.demo.home import DemoHome
from app.cli.demo.scene import Scene
from app.cli.demo.tour import INTRODUCTION, STEPS, Step, walk


def test_every_step_is_taken_and_judged_by_itself(home: DemoHome, capsys: pytest.CaptureFixture[str]) -> None:
    taken = []

    def good(scene: Scene) -> str:
        taken.append(scene)
        return "seen"

    def bad(_: Scene) -> str:
        raise Unexpected("it did not happen")

    def broken(_: Scene) -> str:
        raise ConnectionResetError

    scene = Scene(home)
    steps = [
        Step(name, name.title(), "Words.", act) for name, act in [("a", good), ("b", bad), ("c", broken), ("d", good)]
    ]
    outcomes = walk(scene, steps)
    assert [(outcome.step.name, outcome.passed, outcome.said) for outcome in outcomes] == [
        ("a", True, "seen"),
        ("b", False, "b: it did not happen"),
        ("c", False, "c: ConnectionResetError"),
        ("d", True, "seen"),
    ]
    assert taken == [scene, scene]
    shown = capsys.readouterr().out
    assert "1/4  A" in shown
    assert "✗ b: it did not happen" in shown


def test_each_step_has_a_name_of_its_own_and_is_explained_in_a_few_sentences() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS)
    for step in STEPS:
        assert 1 <= step.words.count(". ") + 1 <= 4, step.name


def test_the_introduction_says_what_the_model_is_worth() -> None:
    expect("its Dutch is poor" in INTRODUCTION.replace("\n", " "), "the demo owes its reader this")
