# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from concurrent.futures import ThreadPoolExecutor

from app.domain.ledger import SealedContent, TreeHead
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.log import SqlCheckpoints, SqlContentReader, SqlLogReader
from app.storage.schema import checkpoint, log_entry
from tests.storage_units import ORGANISATION, a_record, encode, fold, leaf, write


async def test_the_log_is_read_as_it_was_written(database: Database, ledger: SqlLedger) -> None:
    reader, records = SqlLogReader(database), [a_record() for _ in range(2345)]
    await write(ledger, *records)
    entries = list(reader.entries(ORGANISATION))
    assert entries == [(index, record.id, encode(record)) for index, record in enumerate(records)]
    assert list(reader.entries(ORGANISATION, 2340)) == entries[2340:]
    assert list(reader.entries(ORGANISATION, 9999)) == []
    assert reader.head(ORGANISATION) == fold(TreeHead(), [leaf(encode(record)) for record in records])
    assert reader.organisations() == [ORGANISATION]


def test_there_is_nothing_where_nobody_wrote(database: Database) -> None:
    reader = SqlLogReader(database)
    assert reader.organisations() == []
    assert reader.head(ORGANISATION) == TreeHead()
    assert list(reader.entries(ORGANISATION)) == []


async def test_one_entry_is_found_by_the_id_of_its_record(database: Database, ledger: SqlLedger) -> None:
    reader, records = SqlLogReader(database), [a_record() for _ in range(5)]
    await write(ledger, *records)
    assert reader.entry(ORGANISATION, records[3].id) == (3, encode(records[3]))
    assert reader.entry("provincie-voorbeeld", records[3].id) is None
    assert reader.entry(ORGANISATION, "rec_0") is None


async def test_a_missing_entry_is_not_hidden(database: Database, ledger: SqlLedger) -> None:
    await write(ledger, *(a_record() for _ in range(5)))
    with database.writing() as connection:
        connection.execute(log_entry.delete().where(log_entry.c.index == 2))
    assert [index for index, _, _ in SqlLogReader(database).entries(ORGANISATION)] == [0, 1, 3, 4]


def test_one_note_per_size_whoever_comes_first(database: Database) -> None:
    checkpoints = SqlCheckpoints(database)
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda name: checkpoints.put(ORGANISATION, 7, f"note {name}"), range(8)))
    assert len(set(told)) == 1
    assert checkpoints.put(ORGANISATION, 7, "later") == told[0]
    assert checkpoints.latest(ORGANISATION) == told[0]


def test_notes_come_in_order_of_size(database: Database) -> None:
    checkpoints = SqlCheckpoints(database)
    assert checkpoints.latest(ORGANISATION) is None
    sizes = [9, 10, 100, *range(1000, 2200)]
    with database.writing() as connection:
        rows = [{"org": ORGANISATION, "size": size, "note": f"note {size}"} for size in reversed(sizes)]
        connection.execute(checkpoint.insert(), rows)
    assert list(checkpoints.published(ORGANISATION)) == [(size, f"note {size}") for size in sizes]
    assert checkpoints.latest(ORGANISATION) == "note 2199"
    assert checkpoints.latest("ministerie-voorbeeld") is None


async def test_content_is_read_by_exchange(database: Database, ledger: SqlLedger) -> None:
    kept = [SealedContent("exc_1", "output", b"k", b"o"), SealedContent("exc_1", "prompt", b"k", b"p")]
    for content in kept:
        await ledger.commit(lambda unit, content=content: unit.keep(content), lambda _: [])  # type: ignore[misc]
    reader = SqlContentReader(database)
    assert reader.sealed("exc_1") == kept
    assert reader.sealed("exc_2") == []
