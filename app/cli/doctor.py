# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk doctor`: is everything in place, and if not, what to do. It changes nothing and calls no model."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import click

from app.cli.libraries import LATER, missing
from app.cli.startup_hooks import DEVELOPMENT, startup_hooks
from app.domain.clock import SystemClock
from app.domain.decision import Deployment
from app.domain.errors import WaarmerkError
from app.evidence.verify import Trust, verify_log
from app.main import House, check_signature, load_policy, open_house, reach, unusable_credentials
from app.settings import Environment, Settings

_SOON: Final = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `remedy` is empty when it is in order."""

    subject: str
    said: str
    remedy: str = ""
    serious: bool = True


@click.command()
@click.option("--reach", "reaches", is_flag=True, help="Also connect to every deployment's host. Sends no prompt.")
@click.pass_obj
def doctor(settings: Settings, *, reaches: bool) -> None:
    """Look at settings, keys, policy, database, log and deployments. Exit 0: it can serve. Exit 1: it cannot."""
    findings = asyncio.run(_collect(settings, reaches=reaches))
    for finding in findings:
        mark = "ok  " if not finding.remedy else "FAIL" if finding.serious else "note"
        click.echo(f"{mark}  {finding.subject:<12} {finding.said}")
        if finding.remedy:
            click.echo(f"{'':18} -> {finding.remedy}")
    if any(finding.remedy and finding.serious for finding in findings):
        raise click.exceptions.Exit(1)


async def _collect(settings: Settings, *, reaches: bool) -> list[Finding]:
    return [finding async for finding in _examine(settings, reaches=reaches)]


async def _examine(settings: Settings, *, reaches: bool) -> AsyncIterator[Finding]:
    yield _environment(settings)
    yield _python(settings.environment)
    yield _libraries()
    try:
        policy = load_policy(settings, SystemClock())
        yield Finding("policy", f"{len(policy.applications())} applications, {settings.policies}")
    except WaarmerkError as error:
        yield _failed("policy", error)
    try:
        async with open_house(settings) as house:
            yield Finding("database", f"reachable, schema current ({house.database.kind})")
            yield _keys(house)
            yield _manifests(house)
            yield _log(house)
            for finding in _credentials(house):
                yield finding
            if reaches:
                for deployment in house.policy.deployments():
                    yield await _reached(deployment)
    except WaarmerkError as error:
        yield _failed("house", error)


def _environment(settings: Settings) -> Finding:
    if settings.environment is Environment.DEVELOPMENT:
        return Finding(
            "environment", "development", "Set WAARMERK_ENVIRONMENT=production where it matters.", serious=False
        )
    if settings.tls_certificate is None and settings.public_address.startswith("https://"):
        return Finding(
            "environment",
            "production, TLS is ended by another server",
            "See that nothing but that server reaches this port.",
            serious=False,
        )
    return Finding("environment", "production")


def _python(environment: Environment) -> Finding:
    """Whether anything runs by itself when Python starts. A development environment has some of its own."""
    production = environment is Environment.PRODUCTION
    unknown = [path for path in startup_hooks() if production or path.name not in DEVELOPMENT]
    if not unknown:
        return Finding("python", "nothing unknown runs when it starts")
    remedy = "Find out which package brought it. If you do not know it: stop, and install anew from requirements.lock."
    return Finding("python", f"runs when it starts: {', '.join(map(str, unknown))}", remedy, serious=production)


def _libraries() -> Finding:
    """Whether what is loaded with its first use is there."""
    gone = missing()
    if gone:
        return Finding("libraries", f"not installed: {', '.join(gone)}", "Install anew from requirements.lock.")
    return Finding("libraries", f"all there, also those of the first use: {', '.join(LATER)}")


def _keys(house: House) -> Finding:
    if house.keys.development:
        return Finding(
            "keys", "DEVELOPMENT keys: they prove nothing", "Make real ones: waarmerk init --production", serious=False
        )
    return Finding("keys", "present, readable by their owner only")


def _manifests(house: House) -> Finding:
    """Whether published texts get a C2PA manifest, and for how long."""
    folder, claim = house.settings.home / "keys", house.keys.claim
    if claim is None and not (folder / "claim-request.pem").exists():
        remedy = "Run waarmerk init: it makes what is missing and overwrites nothing."
        return Finding("manifests", "there is no key for them, so none are made", remedy, serious=False)
    if claim is None:
        remedy = f"Hand {folder / 'claim-request.pem'} to an authority, put its chain in {folder / 'claim-chain.pem'}."
        return Finding("manifests", "there is no certificate yet, so none are made", remedy, serious=False)
    try:
        claim.require_valid(house.clock.now())
    except WaarmerkError as error:
        return Finding("manifests", f"{error.reason.en} Nothing is released.", error.remedy.en)
    said = f"signed for {claim.organisation}, until {claim.ends:%Y-%m-%d}"
    if claim.ends - house.clock.now() < _SOON:
        return Finding(
            "manifests", said, "Ask for a new certificate in time: without it nothing is released.", serious=False
        )
    return Finding("manifests", said)


def _log(house: House) -> Finding:
    keys = house.checkpointer.keys(house.organisation)
    notes = house.checkpoints.published(house.organisation)
    report = verify_log(house.reader, house.organisation, notes, Trust(keys[0].name, keys, check_signature))
    if report.ok:
        return Finding("log", f"{report.entries} entries, in order")
    return Finding("log", report.discrepancies[0].sentence, "Stop serving and run: waarmerk evidence verify")


def _credentials(house: House) -> list[Finding]:
    return [
        Finding(
            "credential",
            f"{deployment}: {why}",
            "Its calls are refused until this is mended.",
            serious=False,
        )
        for deployment, why in unusable_credentials(house)
    ]


async def _reached(deployment: Deployment) -> Finding:
    why = await reach(deployment)
    if why is None:
        return Finding("reach", f"{deployment.id}: connected")
    return Finding("reach", f"{deployment.id}: {why}", "Its calls fail until it can be reached.", serious=False)


def _failed(subject: str, error: WaarmerkError) -> Finding:
    return Finding(subject, error.reason.en, error.remedy.en)
