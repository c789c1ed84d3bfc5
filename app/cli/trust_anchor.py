# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk trust-anchor`: what an outsider needs to check everything that this installation signs, and nothing secret."""

import click

from app.cli.house import opened
from app.main import House


@click.command("trust-anchor")
@opened
async def trust_anchor(house: House) -> None:
    """Show what outsiders verify with: the public key of the log, and the file with the root of manifests."""
    if house.keys.development:
        click.echo("DEVELOPMENT KEYS: what they sign proves nothing to anybody.", err=True)
    for key in house.checkpointer.keys(house.organisation):
        click.echo(f"log        {key.text}")
    root, claim = house.keys.claim_root, house.keys.claim
    if root is not None:
        click.echo(f"manifests  {root}")
    elif claim is not None:
        click.echo(f"manifests  the root of the authority that certified {claim.organisation}: ask it there")
    else:
        click.echo("manifests  none are made: there is no certificate (waarmerk doctor says what to do)")
