# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps about people in charge: a key is withdrawn, a use is stopped while it runs."""

import re
import time
from collections.abc import Iterator

import openai

from app.cli.demo import screen
from app.cli.demo.calls import TASK, ask, refusal, said, show_refusal
from app.cli.demo.children import Command
from app.cli.demo.expectation import Unexpected, expect
from app.cli.demo.scene import Scene

_STOP = ("stop", "application", "balie", "--reason", "Demo: even stilgezet.")
_START = ("start", "application", "balie", "--reason", "Demo: gaat weer verder.")
_STORY = "Write a long story about a town hall and the people who work there."
_PIECES_BEFORE_THE_ORDER = 12
_LONGEST_STREAM = 1900
"""Tokens: about a minute, so that the stream would go on long after the order."""
_AT_ONCE = 20.0
"""Seconds. An order is in force within one; a busy machine, on which a model also runs, gets some more to show it."""


def revoked(scene: Scene) -> str:
    """A key that is withdrawn opens nothing any more."""
    shown = scene.command("key", "create", "balie", "--label", "laptop")
    secret, key = (re.search(pattern, shown, re.MULTILINE) for pattern in (r"^wmk_\S+", r"\bkey_[0-9a-f-]+"))
    if secret is None or key is None:
        raise Unexpected("The command showed no key.")
    client = scene.client(secret[0])
    names = [model.id for model in client.models.list()]
    screen.say(f"With this key an application is offered {', '.join(names)}: the key works.")
    screen.say("Then the laptop with the key is lost, and an operator withdraws the key:")
    scene.command("key", "revoke", key[0])
    screen.say("Whoever found the laptop tries the key:")
    show_refusal(refusal(openai.AuthenticationError, lambda: ask(client)))
    return "the key worked, was withdrawn, and works no more"


def stopped(scene: Scene) -> str:
    """A supervisor's order ends what runs and refuses what comes, until it is lifted."""
    screen.say("A long answer is coming in. Meanwhile, in another window, a supervisor types:")
    scene.typed(*_STOP)
    order = _Order(scene)
    try:
        late = order.given_while_running()
        screen.say("And a new call, while the stop is in force:")
        problem = refusal(openai.PermissionDeniedError, lambda: ask(scene.balie))
        show_refusal(problem)
        expect(problem.get("code") == "stopped", f"It was refused as {problem.get('code')}, not as stopped.")
    finally:
        order.finish()
        screen.say("The supervisor lifts the stop:")
        scene.command(*_START)
    screen.working("The next call is answered again", lambda: ask(scene.balie, max_tokens=8))
    return f"the running answer ended {late}; new calls were refused until the stop was lifted"


class _Order:
    """The stop, given in the middle of a stream."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._command: Command | None = None
        self._given: float | None = None

    def given_while_running(self) -> str:
        """In words, how soon after the command the stream ended. Raises `Unexpected` when it did not end by the stop."""
        stream = self._scene.balie.chat.completions.create(
            model=TASK,
            messages=said(_STORY),
            stream=True,
            max_tokens=_LONGEST_STREAM,
            extra_body={"ignore_eos": True},  # the model would be done before the order came
        )
        with stream:
            try:
                screen.stream(self._pieces(stream))
            except openai.APIError as error:
                ended = time.monotonic()
                screen.say("Here it broke off. The application got an error, not an end that looks complete:")
                screen.show(error.message)
                return self._lateness(ended)
        raise Unexpected("The running answer went on to its end as if nothing was stopped.")

    def finish(self) -> None:
        """Wait for the command, when it was begun."""
        if self._command is not None:
            status, said_ = self._command.result()
            expect(status == 0, f"The order was not accepted: {said_}")

    def _pieces(self, stream: openai.Stream[openai.types.chat.ChatCompletionChunk]) -> Iterator[str]:
        for number, chunk in enumerate(stream):
            if number == _PIECES_BEFORE_THE_ORDER:
                self._command = self._scene.begin(*_STOP)
            if self._command is not None and self._given is None and self._command.done:
                self._given = time.monotonic()
            for choice in chunk.choices:
                yield choice.delta.content or ""

    def _lateness(self, ended: float) -> str:
        expect(self._command is not None, "The answer broke off before anybody stopped it.")
        if self._given is None:
            return "before the command itself had returned"
        late = ended - self._given
        expect(late < _AT_ONCE, f"The running answer went on for {late:.1f} s after the order.")
        return f"{late:.1f} s after the command had returned"
