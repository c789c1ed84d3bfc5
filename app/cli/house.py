# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a command reaches the house: it opens before the command and closes after it, and errors are told in words."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Concatenate, NoReturn, ParamSpec

import click

from app.domain.errors import EvidenceInconsistent, WaarmerkError
from app.main import House, open_house
from app.settings import Settings

P = ParamSpec("P")

_CONFIGURATION = 78
"""EX_CONFIG of sysexits: starting again changes nothing, an operator has to look."""


def opened(command: Callable[Concatenate[House, P], Awaitable[None]]) -> Callable[P, None]:
    """A command that works in an open house."""

    @functools.wraps(command)
    @click.pass_obj
    def run(settings: Settings, /, *args: P.args, **kwargs: P.kwargs) -> None:
        async def inside() -> None:
            async with open_house(settings) as house:
                await house.identity.refresh()
                await command(house, *args, **kwargs)

        try:
            asyncio.run(inside())
        except WaarmerkError as error:
            fail(error)

    return run


def fail(error: WaarmerkError) -> NoReturn:
    """End the command with the error in words: what, why, what now."""
    click.echo(f"{error.reason.en}\n{error.remedy.en}", err=True)
    raise SystemExit(_CONFIGURATION if isinstance(error, EvidenceInconsistent) else 1)
