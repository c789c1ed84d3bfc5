# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk serve`: answer calls until told to stop."""

import click

from app.main import listener
from app.settings import Settings
from app.web.server import serve as run


@click.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Serve. SIGTERM lets running calls finish, for at most WAARMERK_DRAIN seconds."""
    run("app.main:application", listener(settings))
