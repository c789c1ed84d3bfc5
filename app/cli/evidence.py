# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk evidence`: prove the log, hand it over, read what happened to a call, let go of what need not be kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click

from app.cli.house import opened
from app.domain.keys import SignatureCheck
from app.evidence.explain import explain, records_of
from app.evidence.folder import verify_folder
from app.evidence.note import NoteInvalid, VerifierKey, parse_key
from app.evidence.published import PublishedLog
from app.evidence.retention import count_due, erase_due
from app.evidence.verify import Report, Trust, verify_log
from app.main import House

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def evidence_commands(check: SignatureCheck) -> click.Group:
    """The commands. `check` verifies an Ed25519 signature."""

    @click.group("evidence")
    def group() -> None:
        """The evidence log: prove it, hand it over, read it."""

    @group.command()
    @click.option("--org", help="Only the log of this organisation.")
    @click.option(
        "--vkey",
        "key_file",
        type=_FILE,
        help="File with the public keys you trust, one a line. Default: this house's own.",
    )
    @click.option(
        "--checkpoint", "notes", type=_FILE, multiple=True, help="A checkpoint that you kept. May be repeated."
    )
    @click.option("--folder", type=_FOLDER, help="Audit an export instead of the database. Needs --vkey.")
    def verify(org: str | None, key_file: Path | None, notes: tuple[Path, ...], folder: Path | None) -> None:
        """Read every entry again and compare it with what was signed. Exit 0: in order. Exit 1: not."""
        keys = _keys(key_file) if key_file else None
        kept = [path.read_text(encoding="utf-8") for path in notes]
        if folder is None:
            _verify_house(check, org, keys, kept)
        elif keys is None:
            raise click.UsageError("An export is audited with the public key that you were given: add --vkey FILE.")
        else:
            conclude(verify_export(folder, keys, check, kept, only=org))

    for command in (export, key, show, erase):
        group.add_command(command)
    return group


@opened
async def _verify_house(
    house: House, check: SignatureCheck, org: str | None, keys: Sequence[VerifierKey] | None, kept: Sequence[str]
) -> None:
    names = [org] if org else sorted({house.organisation, *house.reader.organisations()})
    conclude([verify_own(house, name, check, kept, keys) for name in names])


def verify_own(
    house: House, name: str, check: SignatureCheck, kept: Iterable[str], keys: Sequence[VerifierKey] | None = None
) -> Report:
    """Audit a log of this house, also against the last checkpoint that it remembers; its own keys count when none are given."""
    own = house.checkpointer.keys(name)
    return verify_log(
        house.reader,
        name,
        house.checkpoints.published(name),
        Trust(own[0].name, own if keys is None else keys, check),
        kept=[*kept, *house.checkpointer.remembered(name)],
        leaves=house.reader.leaves(name),
    )


def verify_export(
    folder: Path,
    keys: Sequence[VerifierKey],
    check: SignatureCheck,
    kept: Iterable[str] = (),
    *,
    only: str | None = None,
) -> list[Report]:
    """Audit every log in a folder that `waarmerk evidence export` wrote; the last part of a key's name says whose log it is."""
    by_organisation = {key.name.rpartition("/")[2]: key.name for key in keys}
    wanted = [only] if only else sorted(path.name for path in folder.iterdir() if path.is_dir())
    return [
        verify_folder(folder / name, name, Trust(by_organisation.get(name, name), keys, check), kept=kept)
        for name in wanted
    ]


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@opened
async def export(house: House, folder: Path) -> None:
    """Write each log into FOLDER as it is served (C2SP tlog-tiles), up to a checkpoint of this moment."""
    published = PublishedLog(house.reader, house.checkpoints)
    for name in house.reader.organisations():
        if any((folder / name).glob("*")):
            raise click.ClickException(f"{folder / name} is not empty. Take a folder of its own for each export.")
        await house.checkpointer.issue(name)
        checkpoint = published.export(name, folder / name)
        if checkpoint is not None:
            click.echo(f"{folder / name}: {checkpoint.size} entries, root {checkpoint.root.hex()}")
    click.echo(
        "The public keys are not in it, for who alters the one could alter the other: waarmerk evidence key", err=True
    )


@click.command()
@opened
async def key(house: House) -> None:
    """Show the public keys of the logs: hand them to auditors by another way than the log itself."""
    if house.keys.development:
        click.echo("DEVELOPMENT KEYS: what they sign proves nothing to anybody.", err=True)
    for name in house.reader.organisations():
        for found in house.checkpointer.keys(name):
            click.echo(found.text)


@click.command()
@click.argument("exchange")
@opened
async def show(house: House, exchange: str) -> None:
    """Tell in words what happened to the call EXCHANGE (exc_...)."""
    found = False
    for name in house.reader.organisations():
        for index, record in records_of(house.reader, name, exchange):
            found = True
            click.echo("\n".join(explain(index, record)))
    if not found:
        raise click.ClickException(f"The log says nothing of {exchange}.")


@click.command()
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="Terms that ended before this day. Default: today.")
@click.option("--dry-run", is_flag=True, help="Only say how many calls it concerns.")
@opened
async def erase(house: House, before: datetime | None, *, dry_run: bool) -> None:
    """Destroy salts and kept content whose term has ended. The log itself stays whole."""
    today = house.clock.now().date()
    day = before.date() if before else today
    if day > today:
        raise click.ClickException(f"On {day} terms will have ended that have not ended yet. Take today or earlier.")
    if dry_run:
        due = _count(await count_due(house.ledger, day), "call has", "calls have")
        click.echo(f"{due} kept data whose term ended before {day}. Nothing was erased.")
    else:
        erased = _count(await erase_due(house.ledger, house.clock, day), "call", "calls")
        click.echo(f"Erased what was kept of {erased}.")


def conclude(reports: Sequence[Report]) -> None:
    """Tell each report, and end with 1 when one of them is not in order."""
    for report in reports:
        click.echo("\n".join(told(report)))
    if not reports:
        click.echo("There is no log here.")
    if not reports or not all(report.ok for report in reports):
        raise SystemExit(1)


def told(report: Report) -> list[str]:
    """A report in words."""
    lines = [f"{report.organisation}: {_count(report.entries, 'entry', 'entries')}, root {report.root or 'unknown'}"]
    if report.checkpoints:
        right = _count(report.checkpoints, "checkpoint is", "checkpoints are")
        covered = _count(report.signed, "entry", "entries")
        lines.append(f"  {right} signed and right; the largest covers {covered}.")
    if report.entries > report.signed:
        loose = _count(report.entries - report.signed, "entry is", "entries are")
        lines.append(f"  {loose} not covered by a checkpoint: nobody signed for that yet.")
    if report.open_exchanges:
        calls = _count(report.open_exchanges, "call was", "calls were")
        lines.append(f"  {calls} opened and not closed: running, or lost with a worker.")
    if report.ok:
        return [*lines, "  IN ORDER"]
    return [*lines, "  NOT IN ORDER", *(f"  - {found.sentence}" for found in report.discrepancies)]


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _keys(path: Path) -> list[VerifierKey]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    try:
        return [parse_key(line) for line in lines if line and not line.startswith("#")]
    except NoteInvalid as error:
        raise click.ClickException(f"{path} is not a file of public keys: {error}.") from None
