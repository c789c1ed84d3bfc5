# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every step of the demo works with."""

from contextlib import ExitStack
from functools import cached_property
from typing import Self

import openai

from app.cli.demo import screen
from app.cli.demo.children import Command
from app.cli.demo.expectation import expect
from app.cli.demo.home import DemoHome
from app.cli.demo.visitor import Visitor

_LONGEST_CALL = 120.0


class Scene:
    """The house, its applications, and what earlier steps learned. Leave it, and its connections close."""

    def __init__(self, home: DemoHome) -> None:
        self.home = home
        self._clients = ExitStack()
        self._exchanges: dict[str, str] = {}
        self._kept: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._clients.close()

    @cached_property
    def balie(self) -> openai.OpenAI:
        """The counter's application."""
        return self.client(self.home.key("balie"))

    @cached_property
    def old_tool(self) -> openai.OpenAI:
        """The application that somebody once connected to a consumer account."""
        return self.client(self.home.key("oude-tool"))

    def client(self, key: str) -> openai.OpenAI:
        """The vendor's own SDK, unmodified."""
        return self._clients.enter_context(sdk(self.home.base_url, key))

    def remember(self, call: str, exchange: str | None) -> None:
        """Keep the id of a call for a later step."""
        expect(bool(exchange), "The answer did not say the id of the call.")
        self._exchanges[call] = str(exchange)

    def exchange(self, call: str) -> str:
        """The id of a call of an earlier step."""
        expect(call in self._exchanges, f"The {call} call of an earlier step is needed, and that step failed.")
        return self._exchanges[call]

    def keep(self, name: str, value: str) -> None:
        """Something else that a later step needs."""
        self._kept[name] = value

    def kept(self, name: str) -> str:
        """What an earlier step kept."""
        expect(name in self._kept, f"The {name} of an earlier step is needed, and that step failed.")
        return self._kept[name]

    def visitor(self) -> Visitor:
        """A browser that nobody has used yet."""
        return self._clients.enter_context(Visitor(self.home.settings.public_address))

    def review(self, review: str) -> str:
        """Where a review stands, as its application may know it."""
        address = f"{self.home.settings.public_address}/api/v1/reviews/{review}"
        found = self.balie.get(address, cast_to=dict[str, object])
        return str(found.get("status"))

    def typed(self, *arguments: str, **settings: str) -> None:
        """Show a command as one would type it."""
        line = " ".join(["waarmerk", *(f'"{word}"' if " " in word else word for word in arguments)])
        screen.command(" \\\n      ".join([*(f"{name}={value}" for name, value in settings.items()), line]))

    def begin(self, *arguments: str, **settings: str) -> Command:
        """Run a command without waiting for it."""
        return Command(*arguments, environment=self.home.environment(**settings))

    def command(self, *arguments: str, status: int = 0, lines: int | None = None, **settings: str) -> str:
        """Show a command, run it, show what it says or its first lines, and return all of it.

        Raises `Unexpected` when it ends with another status.
        """
        self.typed(*arguments, **settings)
        ended, output = screen.working("Working", self.begin(*arguments, **settings).result)
        told = output.splitlines()
        screen.show("\n".join([*told[:lines], "..."] if told[lines or len(told) :] else told))
        expect(ended == status, f"`waarmerk {arguments[0]}` ended with status {ended}, not {status}.")
        return output


def sdk(base_url: str, key: str) -> openai.OpenAI:
    """Talks to this machine only, whatever proxy the environment names; tries once, so that one sees what happens."""
    return openai.OpenAI(
        base_url=base_url,
        api_key=key,
        max_retries=0,
        timeout=_LONGEST_CALL,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    )
