# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk`: the commands of operators, policy officers and auditors."""

import importlib.metadata

import click
from pydantic import ValidationError

from app import settings as configuration
from app.cli.backup import backup_command, restore_command
from app.cli.coverage import coverage
from app.cli.demo.command import demo
from app.cli.doctor import doctor
from app.cli.evidence import evidence_commands
from app.cli.init import init
from app.cli.key import key
from app.cli.migrate import migrate_command
from app.cli.policy import policy
from app.cli.serve import serve
from app.cli.stop import start, stop
from app.cli.trust_anchor import trust_anchor
from app.cli.user import user
from app.main import check_signature, dump_house, migrate, pending, restore_house


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


for command in (
    demo,
    init,
    serve,
    migrate_command(lambda: configuration.load().database_url, pending, migrate),
    doctor,
    policy,
    coverage,
    key,
    user,
    stop,
    start,
    evidence_commands(check_signature),
    backup_command(dump_house),
    restore_command(restore_house, check_signature),
    trust_anchor,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
