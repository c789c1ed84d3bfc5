# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk`: the commands of operators, policy officers and auditors."""

import importlib.metadata

import click
from pydantic import ValidationError

from app import settings as configuration
from app.cli.init import init
from app.cli.key import key
from app.cli.serve import serve
from app.cli.stop import start, stop


@click.group()
@click.version_option(importlib.metadata.version("waarmerk"), prog_name="waarmerk")
@click.pass_context
def main(context: click.Context) -> None:
    """Waarmerk: judges, records and marks every AI answer a government application receives."""
    try:
        context.obj = configuration.load()
    except ValidationError as error:
        faults = "\n".join(f"  {_name(fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise click.ClickException(f"These settings cannot be used (see docs/settings.md):\n{faults}") from None


def _name(place: tuple[int | str, ...]) -> str:
    return "WAARMERK_" + str(place[0]).upper() if place else "settings"


for command in (init, serve, key, stop, start):
    main.add_command(command)

if __name__ == "__main__":
    main()
