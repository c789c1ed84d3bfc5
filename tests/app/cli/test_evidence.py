# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The commands on a real database, which is then tampered with by somebody who may write in it and has no key."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.evidence import evidence_commands
from app.domain.ledger import OpenExchange, Unit
from app.domain.record import Record
from app.evidence.tree import leaf
from app.keys.signer import check_signature
from app.main import House, open_house, prepare
from app.settings import Settings
from tests.memory_log import ORGANISATION, story

CANARY = b"the canary sang in the coal mine"


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty house, and one with fifteen calls and a checkpoint after every five: at 10, 20 and 30 entries."""

    async def fill(house: House) -> None:
        for first in range(0, 15, 5):
            await append(house, *story(5, first))
            await house.checkpointer.issue(ORGANISATION)

    folder = tmp_path_factory.mktemp("homes")
    prepare(Settings(home=folder / "empty"))
    shutil.copytree(folder / "empty", folder / "filled")
    inside(Settings(home=folder / "filled"), fill)
    return folder


@pytest.fixture
def settings(homes: Path, tmp_path: Path) -> Settings:
    return Settings(home=shutil.copytree(homes / "empty", tmp_path / "home"))


@pytest.fixture
def log(homes: Path, tmp_path: Path) -> Settings:
    return Settings(home=shutil.copytree(homes / "filled", tmp_path / "home"))


def inside(settings: Settings, work: Callable[[House], object]) -> None:
    async def run() -> None:
        async with open_house(settings) as house:
            await work(house)  # type: ignore[misc]

    asyncio.run(run())


async def append(house: House, *records: Record) -> None:
    await house.ledger.commit(lambda _: None, lambda _: records)


def evidence(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(evidence_commands(check_signature), arguments, obj=settings)


def tamper(settings: Settings, *statements: str) -> None:
    with closing(sqlite3.connect(settings.home / "waarmerk.db", isolation_level=None)) as database:
        database.create_function("leaf", 1, lambda data: leaf(bytes(data)), deterministic=True)
        for statement in statements:
            database.execute(statement)


def test_a_log_as_it_was_written_is_in_order(log: Settings) -> None:
    result = evidence(log, "verify")
    assert result.exit_code == 0
    assert f"{ORGANISATION}: 30 entries" in result.output
    assert "3 checkpoints are signed and right; the largest covers 30 entries." in result.output
    assert "  IN ORDER" in result.output


RENUMBER_DOWN = 'UPDATE log_entry SET "index" = "index" - 1 WHERE "index" > 13'
RENUMBER_UP = (
    'UPDATE log_entry SET "index" = -"index" WHERE "index" > 12',
    'UPDATE log_entry SET "index" = 1 - "index" WHERE "index" < 0',
)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        pytest.param(
            ["UPDATE log_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'guus', 'guur') AS BLOB) WHERE \"index\" = 14"],
            "Entry 14 was altered",
            id="altered",
        ),
        pytest.param(
            [
                "UPDATE log_entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'guus', 'guur') AS BLOB) WHERE \"index\" = 14",
                'UPDATE log_entry SET leaf = leaf(bytes) WHERE "index" = 14',
            ],
            "Entries 10 to 19 are not what was signed",
            id="altered with its hash",
        ),
        pytest.param(['DELETE FROM log_entry WHERE "index" = 13'], "Entry 13 is missing.", id="deleted"),
        pytest.param(
            ['DELETE FROM log_entry WHERE "index" = 13', RENUMBER_DOWN, "UPDATE log_head SET size = 29"],
            "Entries 10 to 19 are not what was signed",
            id="deleted and renumbered",
        ),
        pytest.param(
            [
                'UPDATE log_entry SET "index" = -1 WHERE "index" = 12',
                'UPDATE log_entry SET "index" = 12 WHERE "index" = 13',
                'UPDATE log_entry SET "index" = 13 WHERE "index" = -1',
            ],
            "Entry 12: it closes",
            id="swapped",
        ),
        pytest.param(
            [
                *RENUMBER_UP,
                "INSERT INTO log_entry SELECT org, 13, 'rec_forged', type, exchange, leaf, bytes FROM log_entry WHERE \"index\" = 4",
            ],
            "Entry 13: it stands under the id of another record.",
            id="duplicated",
        ),
        pytest.param(
            [
                *RENUMBER_UP,
                "INSERT INTO log_entry SELECT org, 13, 'rec_forged', type, NULL, leaf, bytes FROM log_entry WHERE \"index\" = 4",
                """UPDATE log_entry SET bytes = CAST('{"id":"rec_forged","org":"gemeente-voorbeeld","ts":"2026-11-23T09:00:00.000Z",'
                || '"type":"policy:loaded","v":1}' AS BLOB) WHERE "index" = 13""",
                'UPDATE log_entry SET leaf = leaf(bytes) WHERE "index" = 13',
            ],
            "Entries 10 to 19 are not what was signed",
            id="inserted",
        ),
        pytest.param(['DELETE FROM log_entry WHERE "index" > 25'], "counts 30 entries, and there are 26", id="cut off"),
        pytest.param(
            ['DELETE FROM log_entry WHERE "index" > 9', "DELETE FROM checkpoint WHERE size > 10", "UPDATE log_head SET size = 10"],
            "A checkpoint of 30 entries was signed, and there are 10",
            id="cut off with its checkpoints: the house remembers",
        ),
        pytest.param(["UPDATE log_entry SET bytes = 'text' WHERE \"index\" = 14"], "Entry 14 was altered", id="not bytes"),
        pytest.param(["DELETE FROM log_head"], "The head of the log counts 0 entries, and there are 30", id="head deleted"),
        pytest.param(
            ["DELETE FROM log_head", "DELETE FROM log_entry", "DELETE FROM checkpoint"],
            "A checkpoint of 30 entries was signed, and there are 0",
            id="everything deleted",
        ),
        pytest.param(["UPDATE log_head SET nodes = zeroblob(128)"], "not the head of these entries", id="head altered"),
        pytest.param(
            ["UPDATE checkpoint SET note = replace(note, '20', '19') WHERE size = 20"],
            "The checkpoint of 20 entries cannot be trusted",
            id="checkpoint altered",
        ),
    ],
)  # fmt: skip
def test_tampering_is_found_and_named(log: Settings, statements: list[str], said: str) -> None:
    tamper(log, *statements)
    result = evidence(log, "verify")
    assert said in result.output
    assert result.exit_code == 1


def test_an_export_is_audited_without_the_house_by_whoever_has_the_key(log: Settings, tmp_path: Path) -> None:
    result = evidence(log, "export", str(tmp_path / "out"))
    assert result.exit_code == 0
    assert (tmp_path / "out" / ORGANISATION / "checkpoint").is_file()
    (tmp_path / "keys.txt").write_text("# the municipality\n" + evidence(log, "key").stdout)
    arguments = ("verify", "--folder", str(tmp_path / "out"), "--vkey", str(tmp_path / "keys.txt"))
    auditor = CliRunner().invoke(evidence_commands(check_signature), arguments)
    assert (auditor.exit_code, "  IN ORDER" in auditor.output) == (0, True)
    bundle = tmp_path / "out" / ORGANISATION / "tile/entries/000.p/30"
    bundle.write_bytes(bundle.read_bytes().replace(b"guus", b"guur", 1))
    auditor = CliRunner().invoke(evidence_commands(check_signature), arguments)
    assert (auditor.exit_code, "NOT IN ORDER" in auditor.output) == (1, True)


def test_an_export_is_not_audited_on_its_own_word(log: Settings, tmp_path: Path) -> None:
    result = evidence(log, "verify", "--folder", str(tmp_path))
    assert result.exit_code == 2
    assert "add --vkey FILE" in result.output


def test_an_export_does_not_mix_with_an_older_one(log: Settings, tmp_path: Path) -> None:
    assert evidence(log, "export", str(tmp_path / "out")).exit_code == 0
    again = evidence(log, "export", str(tmp_path / "out"))
    assert (again.exit_code, "is not empty" in again.output) == (1, True)


def test_a_file_that_holds_no_key_is_named(log: Settings, tmp_path: Path) -> None:
    (tmp_path / "keys.txt").write_text("no key")
    result = evidence(log, "verify", "--vkey", str(tmp_path / "keys.txt"))
    assert (result.exit_code, "is not a file of public keys" in result.output) == (1, True)


def test_a_development_key_says_so(log: Settings) -> None:
    assert "DEVELOPMENT KEYS" in evidence(log, "key").stderr


def test_what_happened_to_a_call_is_told_in_words(log: Settings) -> None:
    exchange = next(iter(story(1, 7))).exchange
    assert exchange is not None
    result = evidence(log, "show", exchange)
    assert result.exit_code == 0
    assert "Entry 14 · 2026-11-23T09:00:07.000Z · exchange:opened" in result.output
    assert "task: guus-antwoord  (task of the application, named by the model alias)" in result.output
    assert "The answer was marked and delivered whole." in result.output
    assert evidence(log, "show", "exc_unknown").exit_code == 1


def test_erasure_destroys_what_was_kept_and_leaves_the_log_in_order(settings: Settings) -> None:
    sealed: list[bytes] = []

    async def keep(house: House) -> None:
        opened, delivered = story(1)
        assert opened.exchange is not None
        ended = house.clock.now().date() - timedelta(days=2)
        exchange = OpenExchange(opened.exchange, ORGANISATION, "guus", "antwoord", opened.id, CANARY, ended)
        content = house.keys.cipher.seal(opened.exchange, "prompt", CANARY)
        sealed.extend((content.wrapped_key, content.ciphertext))

        def open_it(unit: Unit) -> None:
            unit.open_exchange(exchange)
            unit.keep(content)

        await house.ledger.commit(open_it, lambda _: (opened,))
        await house.ledger.commit(lambda unit: unit.close_exchange(exchange.id), lambda _: (delivered,))
        await house.checkpointer.issue(ORGANISATION)

    inside(settings, keep)
    before = _bytes_on_disk(settings)
    assert before.count(CANARY) == 1, "the salt; the same text as content is encrypted"
    assert all(part in before for part in sealed)
    assert "1 call has kept data" in evidence(settings, "erase", "--dry-run").output
    assert _bytes_on_disk(settings).count(CANARY) == 1
    assert "Erased what was kept of 1 call." in evidence(settings, "erase").output
    after = _bytes_on_disk(settings)
    assert not any(part in after for part in (CANARY, *sealed))
    result = evidence(settings, "verify")
    assert (result.exit_code, "3 entries" in result.output) == (0, True)


def test_a_term_that_has_not_ended_is_not_cut_short(log: Settings) -> None:
    result = evidence(log, "erase", "--before", "2999-01-01")
    assert (result.exit_code, "have not ended yet" in result.output) == (1, True)


def _bytes_on_disk(settings: Settings) -> bytes:
    """The database once its write-ahead log is folded back, and whatever lies beside it."""
    tamper(settings, "PRAGMA wal_checkpoint(TRUNCATE)")
    return b"".join(path.read_bytes() for path in sorted(settings.home.glob("waarmerk.db*")))
