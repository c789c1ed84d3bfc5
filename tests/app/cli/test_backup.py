# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result

from app.cli.backup import backup_command, read_backup, restore_command, write_backup
from app.domain.errors import EvidenceInconsistent, EvidenceUnavailable
from app.keys.folder import COMMITMENT, CONTENT, LOG
from app.keys.signer import check_signature
from app.main import House, open_house, prepare
from app.settings import Settings
from app.storage.dump import dump, restore
from tests.memory_log import ORGANISATION, story


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("prepared") / "home"
    prepare(Settings(home=home))
    return home


@pytest.fixture
def house(prepared: Path, tmp_path: Path) -> Settings:
    """A house with five calls that nobody signed yet."""
    settings = Settings(home=shutil.copytree(prepared, tmp_path / "home"))
    inside(settings, grow(0))
    return settings


@pytest.fixture
def empty(house: Settings, prepared: Path, tmp_path: Path) -> Settings:
    """The same keys and the same memory of what was signed, with a new database: after a disaster."""
    home = shutil.copytree(prepared, tmp_path / "new-home")
    shutil.rmtree(home / "keys")
    (home / "keys").symlink_to(house.home / "keys")
    (home / "anchor").symlink_to(house.home / "anchor")
    return Settings(home=home)


def inside(settings: Settings, work: Callable[[House], Awaitable[object]]) -> None:
    async def run() -> None:
        async with open_house(settings) as house:
            await work(house)

    asyncio.run(run())


def grow(first: int) -> Callable[[House], Awaitable[object]]:
    async def work(house: House) -> None:
        records = list(story(5, first))
        await house.ledger.commit(lambda _: None, lambda _: records)

    return work


async def sign(house: House) -> None:
    await house.checkpointer.issue(ORGANISATION)


def back_up(settings: Settings, file: Path) -> Result:
    command = backup_command(lambda house, target: dump(house.database, target))
    return CliRunner().invoke(command, [str(file)], obj=settings)


def bring_back(settings: Settings, file: Path, *options: str) -> Result:
    command = restore_command(lambda house, source: restore(source, house.database), check_signature)
    return CliRunner().invoke(command, [str(file), *options], obj=settings)


def test_what_was_backed_up_comes_back_and_is_in_order(house: Settings, empty: Settings, tmp_path: Path) -> None:
    made = back_up(house, tmp_path / "backup.zip")
    assert made.exit_code == 0
    assert "10 of them entries of the log" in made.output
    assert "The keys are not in it." in made.stderr
    restored = bring_back(empty, tmp_path / "backup.zip")
    assert restored.exit_code == 0
    assert f"{ORGANISATION}: 10 entries" in restored.output
    assert "the largest covers 10 entries" in restored.output
    inside(empty, grow(5))
    inside(empty, sign)


def test_a_backup_is_for_its_owner_and_holds_no_keys(house: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    assert back_up(house, file).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    with ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    for name in (LOG, CONTENT, COMMITMENT):
        secret = (house.home / "keys" / name).read_bytes().splitlines()[-2 if name == LOG else -1]
        assert secret not in content, name


def test_a_backup_takes_nobodys_place(house: Settings, tmp_path: Path) -> None:
    (tmp_path / "backup.zip").write_bytes(b"an older backup")
    assert "The backup was not made" in back_up(house, tmp_path / "backup.zip").output
    assert (tmp_path / "backup.zip").read_bytes() == b"an older backup"
    assert not (tmp_path / "backup.zip.partial").exists()


def test_a_database_that_is_not_empty_stays_as_it_is(house: Settings, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup.zip")
    result = bring_back(house, tmp_path / "backup.zip")
    assert (result.exit_code, "the database is not empty" in result.output) == (1, True)


def test_an_older_backup_is_found_out_and_never_signed_on(house: Settings, empty: Settings, tmp_path: Path) -> None:
    """The rollback guard: what was signed after the backup was made is known outside the database."""
    back_up(house, tmp_path / "backup.zip")
    inside(house, grow(5))
    inside(house, sign)
    restored = bring_back(empty, tmp_path / "backup.zip")
    assert restored.exit_code == 1
    assert "A checkpoint of 20 entries was signed, and there are 10" in restored.output
    for work in (sign, grow(50)):
        if work is not sign:
            inside(empty, work)
        with pytest.raises(EvidenceInconsistent):
            inside(empty, sign)


def test_an_older_backup_of_a_house_that_remembers_nothing_passes(
    house: Settings, empty: Settings, tmp_path: Path
) -> None:
    """Why the guard needs its memory: this shows what the test above would be without it."""
    back_up(house, tmp_path / "backup.zip")
    inside(house, grow(5))
    inside(house, sign)
    (empty.home / "anchor").unlink()
    assert bring_back(empty, tmp_path / "backup.zip").exit_code == 0
    inside(empty, sign)


def test_a_damaged_backup_is_refused_or_harmless(tmp_path: Path) -> None:
    """A flip in what the archive does not use changes nothing; every other flip is refused."""
    content = b"".join(b"line %d of the database\n" % number for number in range(60))
    file = tmp_path / "backup.zip"
    about = {"format": "waarmerk-backup-1", "checkpoints": {}}

    def put(target: BinaryIO) -> dict[str, int]:
        target.write(content)
        return {}

    write_backup(file, about, put)
    whole, refused = file.read_bytes(), 0
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        found: list[bytes] = []
        try:
            said = read_backup(file, partial(_take, found))
        except EvidenceUnavailable:
            refused += 1
        else:
            assert (found, said) == ([content], about)
    assert refused > len(whole) / 2


def _take(found: list[bytes], source: BinaryIO) -> dict[str, int]:
    found.append(source.read())
    return {}


def test_without_an_audit_when_asked(house: Settings, empty: Settings, tmp_path: Path) -> None:
    back_up(house, tmp_path / "backup.zip")
    result = bring_back(empty, tmp_path / "backup.zip", "--no-verify")
    assert (result.exit_code, "IN ORDER" in result.output) == (0, False)
