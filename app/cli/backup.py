# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk backup` and `waarmerk restore`: the whole database in one file, with what was signed when it was made.

Keys are never in it: who finds the file reads no content and signs no log.
"""

import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, TypeAlias
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import click

from app.cli.evidence import conclude, verify_own
from app.cli.house import opened
from app.domain.clock import timestamp
from app.domain.errors import EvidenceUnavailable
from app.domain.keys import SignatureCheck
from app.domain.text import LocalText
from app.evidence.verify import Report
from app.main import House

Dump: TypeAlias = Callable[[House, BinaryIO], Mapping[str, int]]
Restore: TypeAlias = Callable[[House, BinaryIO], Mapping[str, int]]

_FORMAT = "waarmerk-backup-1"
_ABOUT = "about.json"
_DATABASE = "database.jsonl"
_LONGEST_ABOUT = 1 << 20
_DAMAGE = (BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, RuntimeError)
"""What reading an archive raises on bytes that are not one; RuntimeError is its word for what it cannot unpack."""


def backup_command(dump: Dump) -> click.Command:
    """The command. `dump` writes every table of the house's database."""

    @click.command("backup")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    @opened
    async def command(house: House, file: Path) -> None:
        """Write the database to FILE, with a checkpoint of each log as of this moment. Keys are not in it."""
        checkpoints = {name: await house.checkpointer.issue(name) for name in house.reader.organisations()}
        about = {
            "format": _FORMAT,
            "made": timestamp(house.clock.now()),
            "policy": house.policy.snapshot.sha256,
            "checkpoints": {name: note for name, note in checkpoints.items() if note},
        }
        rows = write_backup(file, about, lambda target: dump(house, target))
        click.echo(f"{file}: {sum(rows.values())} rows, {rows.get('log_entry', 0)} of them entries of the log.")
        click.echo(
            "The keys are not in it. Keep a copy of the keys folder in another place: without the content key kept content"
            " cannot be read, without the log key the log cannot go on.",
            err=True,
        )

    return command


def restore_command(restore: Restore, check: SignatureCheck) -> click.Command:
    """The command. `restore` fills the house's empty database, all or nothing; `check` verifies an Ed25519 signature."""

    @click.command("restore")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--verify/--no-verify", default=True, help="Audit what was restored. Default: yes.")
    @opened
    async def command(house: House, file: Path, *, verify: bool) -> None:
        """Fill an empty database from FILE, and audit it against the checkpoints that were signed."""
        about = read_backup(file, lambda source: restore(house, source))
        click.echo(f"Restored what was backed up at {about['made']}.")
        if verify:
            conclude(_audits(house, about["checkpoints"], check))

    return command


def write_backup(
    file: Path, about: Mapping[str, object], dump: Callable[[BinaryIO], Mapping[str, int]]
) -> Mapping[str, int]:
    """Write a new file that only its owner reads; the name is there when it is whole. Raises `EvidenceUnavailable`."""
    partial = file.with_name(f"{file.name}.partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as target:
                rows = _write(target, about, dump)
            os.link(partial, file)  # unlike a rename, this never takes the place of an older backup
        finally:
            partial.unlink()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise EvidenceUnavailable(
            LocalText(nl=f"De back-up is niet gemaakt: {said}.", en=f"The backup was not made: {said}.")
        ) from None
    return rows


def read_backup(file: Path, restore: Callable[[BinaryIO], Mapping[str, int]]) -> Mapping[str, object]:
    """Hand the database in a backup to `restore`; return what the backup says of itself. Raises `EvidenceUnavailable`."""
    try:
        with ZipFile(file) as archive:
            if archive.getinfo(_ABOUT).file_size > _LONGEST_ABOUT:
                raise _strange()
            about = json.loads(archive.read(_ABOUT))
            if not isinstance(about, dict) or about.get("format") != _FORMAT:
                raise _strange()
            with archive.open(_DATABASE) as source:
                restore(source)  # type: ignore[arg-type]  # a file in an archive reads as any other
    except _DAMAGE as error:
        raise _strange() from error
    return about


def _write(
    target: BinaryIO, about: Mapping[str, object], dump: Callable[[BinaryIO], Mapping[str, int]]
) -> Mapping[str, int]:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_ABOUT, json.dumps(about, indent=2))
        with archive.open(_DATABASE, "w", force_zip64=True) as database:
            rows = dump(database)  # type: ignore[arg-type]  # a file in an archive writes as any other
    target.flush()
    os.fsync(target.fileno())
    return rows


def _audits(house: House, signed: object, check: SignatureCheck) -> list[Report]:
    """Each log also against the checkpoint that was signed with the backup."""
    notes = signed if isinstance(signed, dict) else {}
    names = sorted({house.organisation, *house.reader.organisations(), *notes})
    return [verify_own(house, name, check, [str(notes[name])] if name in notes else []) for name in names]


def _strange() -> EvidenceUnavailable:
    return EvidenceUnavailable(
        LocalText(
            nl="Dit bestand is geen hele back-up van Waarmerk.", en="This file is not a whole backup of Waarmerk."
        ),
        remedy=LocalText(nl="Neem een andere back-up.", en="Take another backup."),
    )
