# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk serve`: answer calls until told to stop."""

import asyncio

import click

from app.cli.house import fail
from app.cli.libraries import missing
from app.domain.errors import WaarmerkError
from app.main import listener, open_house
from app.settings import Settings
from app.web.server import serve as run


@click.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve. SIGTERM lets running calls finish, for at most WAARMERK_DRAIN seconds."""
    if gone := missing():
        raise click.ClickException(f"Not installed: {', '.join(gone)}. Install anew from requirements.lock.")
    try:
        asyncio.run(_look(settings))
    except WaarmerkError as error:
        fail(error)
    try:
        run("app.main:application", listener(settings))
    except OSError as error:
        raise click.ClickException(f"{settings.host} port {settings.port} cannot be used: {error.strerror}") from None


async def _look(settings: Settings) -> None:
    """Open the house once before the server does: what is wrong with it is told in words, and no worker is started in vain."""
    async with open_house(settings) as house:
        await house.checkpointer.issue(house.organisation)
