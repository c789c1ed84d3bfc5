# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.errors import EvidenceUnavailable
from app.domain.ledger import OutputReader, Unit
from app.domain.output import OutputStatus, Released
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from app.storage.outputs import SqlOutputReader
from tests.storage_reviews import a_busy_hold, a_hold, an_output, do, outputs_of, released_of
from tests.storage_units import ORGANISATION, a_record, an_exchange, close_exchange, in_turn, open_exchange, written


@pytest.fixture
def reader(database: Database) -> OutputReader:
    return SqlOutputReader(database, ORGANISATION)


async def test_outputs_come_back_as_they_went_in(ledger: SqlLedger, reader: OutputReader) -> None:
    plain = an_output()
    other = an_output(choice=3, hold="rev_1", edited=True, status=OutputStatus.APPROVED, day=date(2024, 2, 29))
    await do(ledger, lambda unit: unit.issue([plain, other]))
    assert [reader.output(plain.code), reader.output(other.code)] == [plain, other]
    assert reader.manifest(plain.code) is None


async def test_nothing_issued_is_nothing_written(ledger: SqlLedger) -> None:
    await do(ledger, lambda unit: unit.issue([]))


async def test_outputs_of_a_crowd_go_in_one_batch(ledger: SqlLedger, reader: OutputReader) -> None:
    """As a delivery does it: an end, a record, an output, and no look at the database."""
    calls = [an_exchange() for _ in range(60)]
    issued = [an_output(exchange=call.id, choice=choice) for call in calls for choice in range(2)]
    await asyncio.gather(*(open_exchange(ledger, call) for call in calls))
    before = ledger.batches
    await asyncio.gather(
        *(
            ledger.commit(
                in_turn(
                    lambda unit, call=call: unit.close_exchange(call.id),  # type: ignore[misc]
                    lambda unit, at=at: unit.issue(issued[at : at + 2]),  # type: ignore[misc]
                ),
                lambda _: [a_record()],
            )
            for at, call in zip(range(0, 120, 2), calls, strict=True)
        )
    )
    assert ledger.batches == before + 1
    assert [reader.output(output.code) for output in issued] == issued


async def test_a_unit_that_fails_has_issued_nothing(ledger: SqlLedger, reader: OutputReader) -> None:
    output = an_output()

    def fails(unit: Unit) -> None:
        unit.issue([output])
        raise LookupError

    with pytest.raises(LookupError):
        await do(ledger, fails)
    assert reader.output(output.code) is None


async def test_a_code_is_issued_once(database: Database, ledger: SqlLedger, reader: OutputReader) -> None:
    first, other = an_output(), an_output()
    second = replace(first, exchange="exc_other")
    outcomes = await asyncio.gather(
        do(ledger, lambda unit: unit.issue([first])),
        do(ledger, lambda unit: unit.issue([second])),
        do(ledger, lambda unit: unit.issue([other])),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), EvidenceUnavailable, type(None)]
    assert [reader.output(first.code), reader.output(other.code)] == [first, other]
    assert len(written(database)) == 2


async def test_what_was_released_is_found_by_text_and_by_code(ledger: SqlLedger, reader: OutputReader) -> None:
    hold = a_busy_hold()
    outputs, released = outputs_of(hold), released_of(hold)
    await do(ledger, lambda unit: unit.release(released, outputs))
    for output, item in zip(outputs, released, strict=True):
        assert reader.output(output.code) == output
        assert reader.manifest(output.code) == item.manifest
        for digest in item.digests:
            assert reader.published([digest]) == [output]
        assert reader.published(item.digests) == [output], "once, however many of its forms are known"
    everything = [digest for item in released for digest in item.digests]
    assert sorted(found.code for found in reader.published(everything)) == sorted(output.code for output in outputs)
    assert reader.published(["f" * 64]) == []
    assert reader.published([]) == []


async def test_one_text_may_have_been_published_twice(ledger: SqlLedger, reader: OutputReader) -> None:
    digest = "d" * 64
    early, late = an_output(status=OutputStatus.APPROVED), an_output(status=OutputStatus.APPROVED)
    late = replace(late, day=early.day + timedelta(days=1))
    for output in (early, late):
        released = Released(output.code, (digest, digest), b"")
        await do(ledger, lambda unit, output=output, released=released: unit.release([released], [output]))  # type: ignore[misc]
    assert reader.published([digest]) == [late, early]
    assert reader.manifest(early.code) is None, "none was made"


async def test_the_public_finds_no_text_that_was_only_delivered(ledger: SqlLedger, reader: OutputReader) -> None:
    delivered = an_output()
    await do(ledger, lambda unit: unit.release([Released(delivered.code, ("d" * 64,), b"")], [delivered]))
    assert reader.published(["d" * 64]) == []
    assert reader.output(delivered.code) == delivered


async def test_what_was_withdrawn_is_said_to_be(ledger: SqlLedger, reader: OutputReader) -> None:
    hold, other = a_busy_hold(), a_hold()
    for each in (hold, other):
        await do(ledger, lambda unit, each=each: unit.release(released_of(each), outputs_of(each)))  # type: ignore[misc]
    await do(ledger, lambda unit: unit.withdraw_outputs(hold.id))
    gone = [replace(output, status=OutputStatus.WITHDRAWN) for output in outputs_of(hold)]
    found = reader.published([digest for item in released_of(hold) for digest in item.digests])
    assert [(output.code, output.status) for output in found] == sorted((output.code, output.status) for output in gone)
    still = reader.output(other.codes[0])
    assert still is not None
    assert still.status is OutputStatus.APPROVED
    await do(ledger, lambda unit: unit.withdraw_outputs("rev_unknown"))


async def test_the_salt_is_there_until_erasure_and_the_rest_after_it(ledger: SqlLedger, reader: OutputReader) -> None:
    call = an_exchange(erase_after=date(2026, 1, 1))
    await open_exchange(ledger, call)
    assert reader.salt(call.id) == call.salt
    hold = a_hold(exchange=call.id, closed_at=None)
    await do(ledger, lambda unit: unit.release(released_of(hold), outputs_of(hold)))
    await close_exchange(ledger, call)
    assert len(await do(ledger, lambda unit: unit.erase(date(2026, 11, 23)))) == 1
    assert reader.salt(call.id) is None
    assert reader.output(hold.codes[0]) == outputs_of(hold)[0]
    assert reader.manifest(hold.codes[0]) == released_of(hold)[0].manifest
    assert reader.published(released_of(hold)[0].digests) == outputs_of(hold)


async def test_another_organisation_finds_nothing(database: Database, ledger: SqlLedger) -> None:
    hold, call = a_hold(), an_exchange()
    await open_exchange(ledger, call)
    await do(ledger, lambda unit: unit.release(released_of(hold), outputs_of(hold)))
    other = SqlOutputReader(database, "ministerie-voorbeeld")
    assert other.output(hold.codes[0]) is None
    assert other.manifest(hold.codes[0]) is None
    assert other.published(released_of(hold)[0].digests) == []
    assert other.salt(call.id) is None


@pytest.mark.parametrize("name", ["", "\0", "\ud800", "K7Q2-9FXM-3TBW"])
def test_what_never_left_is_unknown(reader: OutputReader, name: str) -> None:
    assert reader.output(name) is None
    assert reader.manifest(name) is None
    assert reader.salt(name) is None
