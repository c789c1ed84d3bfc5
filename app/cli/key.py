# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk key`: let an application in, see who is in, shut it out."""

import click

from app.cli.house import fail, opened
from app.domain.access import ApiKey
from app.domain.errors import WaarmerkError
from app.domain.subject import Scope
from app.identity.registrar import APPLICATION_SCOPES
from app.main import House, renew_content_key
from app.settings import Settings


@click.group()
def key() -> None:
    """API keys of applications."""


@key.command()
@click.argument("application")
@click.option("--label", default="", help="What you call it, such as the system that will hold it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="Default: ask models, list models.",
)
@opened
async def create(house: House, application: str, label: str, scopes: tuple[str, ...]) -> None:
    """Make a key for APPLICATION. It is shown once and kept only as a digest."""
    known = sorted(house.policy.applications())
    if application not in known:
        raise click.ClickException(
            f"There is no application {application} in the policy folder. There are: {', '.join(known)}."
        )
    made, secret = await house.registrar().create_key(
        application, map(Scope, scopes) if scopes else APPLICATION_SCOPES, label
    )
    click.echo(secret)
    click.echo(
        f"This is the key {made.id} of {application}. It is shown this once: store it where the application reads it.",
        err=True,
    )


@key.command("list")
@opened
async def list_keys(house: House) -> None:
    """Keys in force."""
    access = await house.identity.refresh()
    for found in sorted(access.keys.values(), key=_age):
        scopes = " ".join(sorted(found.scopes))
        click.echo(f"{found.id}  {found.application:<20} {found.created_at:%Y-%m-%d}  {scopes}  {found.label}".rstrip())
    if not access.keys:
        click.echo("No key is in force. Make one with: waarmerk key create APPLICATION", err=True)


@key.command()
@click.argument("name", metavar="KEY_ID")
@opened
async def revoke(house: House, name: str) -> None:
    """Withdraw a key. No worker lets it in from this moment, and its running calls end."""
    revoked = await house.registrar().revoke_key(name)
    click.echo(f"Key {revoked.id} of {revoked.application} is withdrawn.")


@key.command("renew-content")
@click.pass_obj
def renew_content(settings: Settings) -> None:
    """Put the key of kept content aside and make a new one. What was kept before still opens. Restart the service."""
    try:
        old = renew_content_key(settings)
    except WaarmerkError as error:
        fail(error)
    click.echo(f"A new content key is in use from the next start. Keep {old} for as long as what it sealed.")


def _age(found: ApiKey) -> str:
    return found.id
