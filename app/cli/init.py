# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk init`: everything an installation needs before it can start."""

from pathlib import Path

import click

from app.cli.house import fail
from app.domain.errors import WaarmerkError
from app.main import prepare
from app.settings import Environment, Settings

_SETTINGS = """# Settings of this installation; the environment wins over this file. All of them: docs/settings.md
# WAARMERK_PUBLIC_ADDRESS=https://waarmerk.example
# WAARMERK_POLICIES=/etc/waarmerk/policies
"""


@click.command()
@click.option(
    "--production", is_flag=True, help="Make keys that production accepts. Keep a copy of them in a safe place."
)
@click.pass_obj
def init(settings: Settings, *, production: bool) -> None:
    """Make the home folder, its keys and the database. Nothing that exists is overwritten."""
    if settings.environment is Environment.PRODUCTION and not production:
        raise click.ClickException("WAARMERK_ENVIRONMENT is production: add --production to make keys that it accepts.")
    try:
        prepared = prepare(settings, production=production)
    except WaarmerkError as error:
        fail(error)
    if prepared.keys:
        worth = "" if production else " (DEVELOPMENT: what they sign proves nothing to anybody)"
        click.echo(f"Made keys in {settings.home / 'keys'}{worth}")
    if prepared.certificates:
        click.echo("Made certificates for manifests (DEVELOPMENT: their root is known to nobody but you)")
    if prepared.request is not None:
        chain = prepared.request.with_name("claim-chain.pem")
        click.echo(
            f"Wrote {prepared.request}: hand it to a certificate authority, and put the chain it gives in {chain}."
        )
        click.echo("Until then published texts get no C2PA manifest; all else works.")
    if _write_once(settings.home / "settings.env", _SETTINGS):
        click.echo(f"Wrote {settings.home / 'settings.env'}")
    steps = len(prepared.migrations)
    click.echo(f"Database is current ({steps} steps)." if steps else "Database is current.")


def _write_once(path: Path, text: str) -> bool:
    if path.exists():
        return False
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return True
