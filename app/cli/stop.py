# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk stop` and `waarmerk start`: the order of a supervisor, in force within a second (Q20, Q35, Q41)."""

import click

from app.cli.house import opened
from app.domain.access import StopKind
from app.main import House

_KINDS = click.Choice([kind.value for kind in StopKind])


@click.command()
@click.argument("kind", type=_KINDS)
@click.argument("name")
@click.option("--reason", required=True, help="Why. Callers see it, and it stands in the log.")
@opened
async def stop(house: House, kind: str, name: str, reason: str) -> None:
    """Stop the use of an application, a deployment or a provider, also in calls that are running."""
    known = _known(house, StopKind(kind))
    if name not in known:
        raise click.ClickException(f"There is no {kind} {name}. There are: {', '.join(sorted(known))}.")
    await house.registrar().stop(StopKind(kind), name, reason)
    click.echo(f"Stopped: {kind} {name}. Lift it with: waarmerk start {kind} {name} --reason ...")


@click.command()
@click.argument("kind", type=_KINDS)
@click.argument("name")
@click.option("--reason", required=True, help="Why it may be used again. It stands in the log.")
@opened
async def start(house: House, kind: str, name: str, reason: str) -> None:
    """Lift a stop."""
    lifted = await house.registrar().start(StopKind(kind), name, reason)
    click.echo(f"In use again: {kind} {name}, stopped since {lifted.since:%Y-%m-%d %H:%M} UTC.")


def _known(house: House, kind: StopKind) -> set[str]:
    """What this kind of stop can name: everything that policy knows, so that a misspelt name stops nothing silently."""
    policy = house.policy.snapshot
    if kind is StopKind.APPLICATION:
        return set(house.policy.applications())
    return set(policy.deployments if kind is StopKind.DEPLOYMENT else policy.providers)
