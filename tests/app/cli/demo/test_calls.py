# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each step notices when Waarmerk is not there: the applications reach the model directly, and everything is answered."""

from collections.abc import Callable

import openai
import pytest

from app.cli.demo import calls
from app.cli.demo.expectation import Unexpected
from app.cli.demo.scene import Scene


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        (calls.models, "does not hold balie-zoekvraag"),
        (calls.allowed, "x-ai-generated is missing"),
        (calls.streamed, "x-ai-generated is missing"),
        (calls.refused, "should have been refused"),
    ],
)
def test_a_step_fails_without_waarmerk(step: Callable[[Scene], str], fault: str, bare: Scene) -> None:
    with pytest.raises(Unexpected, match=fault):
        step(bare)


def test_another_error_is_not_the_refusal_that_was_expected(bare: Scene) -> None:
    with pytest.raises(openai.BadRequestError):
        calls.refusal(openai.PermissionDeniedError, lambda: calls.ask(bare.balie, max_tokens="many"))  # type: ignore[arg-type]


def test_a_refusal_without_a_reason_is_a_fault() -> None:
    with pytest.raises(Unexpected, match="does not say why in both languages"):
        calls.show_refusal({"detail": "Because.", "nl": {"detail": ""}})


def test_the_models_words_are_shown(bare: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unexpected):
        calls.streamed(bare)
    shown = capsys.readouterr().out
    answer = shown.partition("as it comes in:\n")[2].partition("The headers came")[0]
    assert len(answer.split()) > 3
