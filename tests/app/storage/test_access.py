# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from app.domain.access import AccessSnapshot, Stop, StopKind
from app.domain.errors import EvidenceUnavailable
from app.storage.access import SqlAccessStore
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.storage_units import MOMENT, ORGANISATION, a_key, a_record, write


async def test_before_the_first_change_nobody_may_come_in(database: Database, ledger: SqlLedger) -> None:
    store = SqlAccessStore(database, ORGANISATION)
    assert await store.load() == AccessSnapshot()
    await write(ledger, a_record())
    assert await store.version() == 0


async def test_keys_and_stops_come_back_as_they_went_in(database: Database, ledger: SqlLedger) -> None:
    store, key = SqlAccessStore(database, ORGANISATION), a_key()
    stop = Stop(StopKind.PROVIDER, "voorbeeld-aanbieder", "proef", MOMENT)
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    await ledger.commit(lambda unit: unit.stop(stop), lambda _: [a_record()])
    assert await store.load() == AccessSnapshot(2, {key.digest: key}, (stop,))
    assert await store.version() == 2


async def test_a_withdrawn_key_is_not_in_force(database: Database, ledger: SqlLedger) -> None:
    store, key = SqlAccessStore(database, ORGANISATION), a_key()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    revoked = await ledger.commit(lambda unit: unit.revoke_key(key.id, MOMENT), lambda _: [a_record()])
    assert revoked.revoked_at == MOMENT
    assert await store.load() == AccessSnapshot(2)


async def test_a_failed_change_changes_no_version(database: Database, ledger: SqlLedger) -> None:
    key = a_key()
    await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    with pytest.raises(EvidenceUnavailable):
        await ledger.commit(lambda unit: unit.add_key(key), lambda _: [a_record()])
    assert await SqlAccessStore(database, ORGANISATION).version() == 1


async def test_each_organisation_has_its_own_access(database: Database, ledger: SqlLedger, engine: str) -> None:
    other = SqlAccessStore(database, "ministerie-voorbeeld")
    key = a_key("ministerie-voorbeeld")
    if engine == "sqlite":
        with pytest.raises(EvidenceUnavailable, match="another organisation"):
            await ledger.commit(lambda unit: unit.add_key(key), lambda _: [])
        assert await other.load() == AccessSnapshot()
    else:
        await ledger.commit(lambda unit: unit.add_key(key), lambda _: [])
        assert await other.load() == AccessSnapshot(1, {key.digest: key})
    assert await SqlAccessStore(database, ORGANISATION).load() == AccessSnapshot()
