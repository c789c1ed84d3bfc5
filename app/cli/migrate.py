# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk migrate`: bring the database to the form this version knows."""

from collections.abc import Callable, Sequence

import click

from app.domain.errors import WaarmerkError


def migrate_command(
    address: Callable[[], str],
    pending: Callable[[str], Sequence[str]],
    migrate: Callable[[str], Sequence[str]],
) -> click.Command:
    """The command. `address` gives the database of the settings in force; the other two are storage's."""

    @click.command("migrate")
    @click.option("--database", metavar="URL", help="Another database than that of the settings.")
    @click.option("--check", is_flag=True, help="Change nothing; exit with 1 when there is something to do.")
    def command(database: str | None, *, check: bool) -> None:
        """Take every step that the database lacks, all or none. Make a backup first."""
        url = database or address()
        try:
            steps = pending(url) if check else migrate(url)
        except WaarmerkError as error:
            raise click.ClickException(f"{error.reason.en} {error.remedy.en}") from None
        if not steps:
            click.echo("The database is up to date.")
        elif check:
            click.echo(f"The database lacks: {', '.join(steps)}")
            raise click.exceptions.Exit(1)
        else:
            click.echo(f"Taken: {', '.join(steps)}")

    return command
