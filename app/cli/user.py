# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk user`: let a person in, see who is in, shut somebody out. An operator never knows a password."""

from collections.abc import Callable
from typing import TypeVar

import click

from app.cli.house import opened
from app.domain.account import User
from app.domain.review import Role
from app.identity.accounts import SETUP_TERM, Changes
from app.main import House

C = TypeVar("C", bound=Callable[..., object])
_HOURS = int(SETUP_TERM.total_seconds()) // 3600


def _roles(*, required: bool) -> Callable[[C], C]:
    said = "What the person may do; give it again for another." + ("" if required else " In place of those before.")
    known = click.Choice([role.value for role in Role])
    return click.option("--role", "roles", multiple=True, required=required, type=known, help=said)


@click.group()
def user() -> None:
    """Accounts of people: reviewers, policy officers, auditors, administrators."""


@user.command()
@click.argument("name")
@_roles(required=True)
@click.option(
    "--actor", default="", help="Name by which applications call this person (Waarmerk-Context). Default: NAME."
)
@click.option(
    "--uses", multiple=True, metavar="APPLICATION", help="An application the person works with; repeat for more."
)
@opened
async def add(house: House, name: str, roles: tuple[str, ...], actor: str, uses: tuple[str, ...]) -> None:
    """Make an account for NAME, and the link by which that person chooses a password."""
    _require_known(house, uses)
    made, secret = await house.accounts.create(name, map(Role, roles), by=house.operator, actor=actor, uses=uses)
    _hand_over(house, made.name, secret)


@user.command("list")
@opened
async def list_users(house: House) -> None:
    """Accounts, with what each may do and how each stands."""
    found = await house.accounts.users()
    for account in found:
        roles = " ".join(sorted(account.roles))
        uses = f"  uses {' '.join(sorted(account.uses))}" if account.uses else ""
        click.echo(f"{account.name:<20} {_standing(house, account):<9} {account.created_at:%Y-%m-%d}  {roles}{uses}")
    if not found:
        click.echo("There is no account. Make one with: waarmerk user add NAME --role reviewer", err=True)


@user.command()
@click.argument("name")
@opened
async def link(house: House, name: str) -> None:
    """Make a new setup link for NAME: the password is void, sessions end, a lock is lifted."""
    _hand_over(house, name, await house.accounts.renew_link(name, by=house.operator))


@user.command()
@click.argument("name")
@_roles(required=False)
@click.option("--actor", help="Name by which applications call this person (Waarmerk-Context).")
@click.option(
    "--uses", multiple=True, metavar="APPLICATION", help="In place of the applications before; repeat for more."
)
@click.option("--no-uses", is_flag=True, help="The person works with no application.")
@opened
async def change(
    house: House, name: str, roles: tuple[str, ...], actor: str | None, uses: tuple[str, ...], *, no_uses: bool
) -> None:
    """Change what NAME may do or works with. The person's sessions end at once."""
    if not (roles or uses or no_uses or actor is not None) or (uses and no_uses):
        raise click.UsageError("Say what to change: --role, --actor, and either --uses or --no-uses.")
    _require_known(house, uses)
    changes = Changes(
        roles=frozenset(map(Role, roles)) if roles else None,
        actor=actor,
        uses=frozenset(uses) if uses or no_uses else None,
    )
    changed = await house.accounts.change(name, changes, by=house.operator)
    click.echo(f"{changed.name} is now: {' '.join(sorted(changed.roles))}. Sessions have ended.")


@user.command()
@click.argument("name")
@opened
async def disable(house: House, name: str) -> None:
    """Shut NAME out. Sessions end at once, and the password is void."""
    disabled = await house.accounts.disable(name, by=house.operator)
    click.echo(f"{disabled.name} is shut out. Let in again with: waarmerk user enable {disabled.name}")


@user.command()
@click.argument("name")
@opened
async def enable(house: House, name: str) -> None:
    """Let NAME in again, by a new setup link."""
    _hand_over(house, name, await house.accounts.enable(name, by=house.operator))


def _hand_over(house: House, name: str, secret: str) -> None:
    """Behind the `#`, so that no proxy on the way and no log of ours ever has it."""
    click.echo(f"{house.settings.public_address}/review/setup#{secret}")
    click.echo(
        f"With this link {name} chooses a password, once, within {_HOURS} hours. It is shown this once: "
        "hand it over in a way that only this person reads.",
        err=True,
    )


def _require_known(house: House, uses: tuple[str, ...]) -> None:
    """A misspelt application would separate nobody from anything."""
    known = sorted(house.policy.applications())
    for name in uses:
        if name not in known:
            raise click.ClickException(
                f"There is no application {name} in the policy folder. There are: {', '.join(known)}."
            )


def _standing(house: House, account: User) -> str:
    moment = house.clock.now()
    if account.disabled_at is not None:
        return "disabled"
    if not account.password:
        return "invited" if account.setup_until is not None and account.setup_until > moment else "no link"
    return "locked" if account.locked_until is not None and account.locked_until > moment else "active"
