# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import User
from app.domain.errors import ReviewConflict, UnknownName
from app.domain.ledger import AccountReader
from app.domain.review import Role
from app.storage.accounts import SqlAccountReader
from app.storage.database import Database
from app.storage.ledger import SqlLedger
from tests.app.storage.conftest import OpenLedger
from tests.storage_reviews import a_session, a_user, do
from tests.storage_units import MOMENT, ORGANISATION, written


@pytest.fixture
def reader(database: Database) -> AccountReader:
    return SqlAccountReader(database, ORGANISATION)


def somebody() -> User:
    """An account in which every field says something."""
    return a_user(
        roles=frozenset(Role),
        actor="j.voorbeeld@gemeente.example",
        uses=frozenset({"guus", "hans"}),
        password="$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
        setup="e" * 64,
        setup_until=MOMENT + timedelta(days=3),
        failures=4,
        locked_until=MOMENT + timedelta(minutes=5),
        disabled_at=MOMENT + timedelta(days=1),
        version=9,
    )


@pytest.mark.parametrize("user", [a_user(), somebody(), a_user(roles=frozenset())])
async def test_an_account_comes_back_as_it_went_in(ledger: SqlLedger, reader: AccountReader, user: User) -> None:
    await do(ledger, lambda unit: unit.add_user(user))
    for name in (user.name, user.id):
        assert reader.user(name) == user
        assert await do(ledger, lambda unit, name=name: unit.user(name)) == user  # type: ignore[misc]
    assert reader.users() == [user]


async def test_a_name_is_of_one_person(database: Database, ledger: SqlLedger, reader: AccountReader) -> None:
    first, second = a_user(name="anna"), a_user(name="anna")
    await do(ledger, lambda unit: unit.add_user(first))
    with pytest.raises(ReviewConflict):
        await do(ledger, lambda unit: unit.add_user(second))
    assert reader.users() == [first]
    assert len(written(database)) == 1


async def test_of_two_that_take_a_name_at_once_one_has_it(
    database: Database, open_ledger: OpenLedger, reader: AccountReader
) -> None:
    workers = [await open_ledger(database), await open_ledger(database)]
    for number in range(10):
        outcomes = await asyncio.gather(
            *(add(worker, a_user(name=f"anna-{number}")) for worker in workers), return_exceptions=True
        )
        assert {type(outcome) for outcome in outcomes} == {type(None), ReviewConflict}
    assert [user.name for user in reader.users()] == [f"anna-{number}" for number in range(10)]


async def test_nobody_answers_to_the_id_of_another(ledger: SqlLedger, reader: AccountReader) -> None:
    victim = a_user(name="anna")
    impostor = a_user(name=victim.id)
    for user in (impostor, victim):
        await add(ledger, user)
    assert reader.user(victim.id) == victim
    assert await do(ledger, lambda unit: unit.user(victim.id)) == victim


async def test_an_account_is_changed_from_the_version_before_only(ledger: SqlLedger, reader: AccountReader) -> None:
    user = a_user()
    second, third = replace(user, failures=1, version=2), replace(user, failures=2, version=3)
    await do(ledger, lambda unit: unit.add_user(user))
    for wrong in (user, third, replace(second, id="usr_other"), replace(second, organisation="elders")):
        with pytest.raises(ReviewConflict):
            await do(ledger, lambda unit, wrong=wrong: unit.put_user(wrong))  # type: ignore[misc]
    await do(ledger, lambda unit: unit.put_user(second))
    with pytest.raises(ReviewConflict):
        await do(ledger, lambda unit: unit.put_user(second))
    await do(ledger, lambda unit: unit.put_user(third))
    assert reader.user(user.name) == third


async def test_no_wrong_password_goes_uncounted(
    database: Database, open_ledger: OpenLedger, reader: AccountReader
) -> None:
    """Who looks has the row until the commit: two workers that count at once both count."""
    user = a_user()
    workers = [await open_ledger(database), await open_ledger(database)]
    await do(workers[0], lambda unit: unit.add_user(user))

    def count(unit: Any) -> None:  # noqa: ANN401
        now = unit.user(user.name)
        unit.put_user(replace(now, failures=now.failures + 1, version=now.version + 1))

    await asyncio.gather(*(do(worker, count) for _ in range(20) for worker in workers))
    assert reader.user(user.id) == replace(user, failures=40, version=41)


@pytest.mark.parametrize("name", ["nobody", "usr_nobody", "", "\0", "\ud800"])
async def test_somebody_who_is_not_there_has_no_name(ledger: SqlLedger, reader: AccountReader, name: str) -> None:
    assert reader.user(name) is None
    with pytest.raises(UnknownName):
        await do(ledger, lambda unit: unit.user(name))


async def test_people_are_listed_by_name(ledger: SqlLedger, reader: AccountReader) -> None:
    for name in ("cor", "anna", "bea"):
        await do(ledger, lambda unit, name=name: unit.add_user(a_user(name=name)))  # type: ignore[misc]
    assert [user.name for user in reader.users()] == ["anna", "bea", "cor"]


async def test_a_session_comes_back_with_whose_it_is(ledger: SqlLedger, reader: AccountReader) -> None:
    anna, bea = a_user(name="anna"), a_user(name="bea")
    of_anna, of_bea = a_session(anna, seen_at=MOMENT + timedelta(minutes=1)), a_session(bea)
    for user, session in ((anna, of_anna), (bea, of_bea)):
        await add(ledger, user)
        await do(ledger, lambda unit, session=session: unit.open_session(session))  # type: ignore[misc]
    assert reader.session(of_anna.digest) == (of_anna, anna)
    assert reader.session(of_bea.digest) == (of_bea, bea)
    assert reader.session("f" * 64) is None


async def test_a_session_that_is_used_is_seen(ledger: SqlLedger, reader: AccountReader) -> None:
    user, later = a_user(), MOMENT + timedelta(minutes=5)
    used, idle = a_session(user), a_session(user)
    await do(ledger, lambda unit: unit.add_user(user))
    for session in (used, idle):
        await do(ledger, lambda unit, session=session: unit.open_session(session))  # type: ignore[misc]
    await do(ledger, lambda unit: unit.touch_session(used.digest, later))
    assert reader.session(used.digest) == (replace(used, seen_at=later), user)
    assert reader.session(idle.digest) == (idle, user)
    await do(ledger, lambda unit: unit.touch_session("f" * 64, later))
    assert reader.session("f" * 64) is None


@pytest.mark.parametrize("way", ["digest", "user", "unseen_since"])
async def test_sessions_end_in_three_ways(ledger: SqlLedger, reader: AccountReader, way: str) -> None:
    anna, bea = a_user(name="anna"), a_user(name="bea")
    later = MOMENT + timedelta(hours=1)
    old, new = a_session(anna), a_session(anna, seen_at=later)
    of_bea = a_session(bea, seen_at=later)
    for user in (anna, bea):
        await add(ledger, user)
    for session in (old, new, of_bea):
        await do(ledger, lambda unit, session=session: unit.open_session(session))  # type: ignore[misc]
    named: Any = {"digest": new.digest, "user": anna.id, "unseen_since": later}[way]
    gone = {"digest": {new.digest}, "user": {old.digest, new.digest}, "unseen_since": {old.digest}}[way]
    assert await do(ledger, lambda unit: unit.close_sessions(**{way: named})) == len(gone)
    assert await do(ledger, lambda unit: unit.close_sessions(**{way: named})) == 0
    left = {session.digest for session in (old, new, of_bea) if reader.session(session.digest) is not None}
    assert left == {old.digest, new.digest, of_bea.digest} - gone


@pytest.mark.parametrize("named", [{}, {"digest": "a", "user": "b"}, {"user": "b", "unseen_since": MOMENT}])
async def test_sessions_do_not_end_by_mistake(ledger: SqlLedger, reader: AccountReader, named: dict[str, Any]) -> None:
    user = a_user()
    session = a_session(user)
    await do(ledger, lambda unit: unit.add_user(user))
    await do(ledger, lambda unit: unit.open_session(session))
    with pytest.raises(ValueError, match="closed by"):
        await do(ledger, lambda unit: unit.close_sessions(**named))
    assert reader.session(session.digest) is not None


async def test_another_organisation_knows_nobody_here(
    database: Database, open_ledger: OpenLedger, ledger: SqlLedger, engine: str
) -> None:
    user = a_user(name="anna")
    session = a_session(user)
    await do(ledger, lambda unit: unit.add_user(user))
    await do(ledger, lambda unit: unit.open_session(session))
    other = SqlAccountReader(database, "ministerie-voorbeeld")
    assert (other.user("anna"), other.user(user.id), other.session(session.digest)) == (None, None, None)
    assert other.users() == []
    if engine == "postgresql":
        elsewhere = await open_ledger(database, "ministerie-voorbeeld")
        namesake = a_user(name="anna", organisation="ministerie-voorbeeld")
        await elsewhere.commit(lambda unit: unit.add_user(namesake), lambda _: [])
        assert await elsewhere.commit(lambda unit: unit.user("anna"), lambda _: []) == namesake
        for named in ({"digest": session.digest}, {"user": user.id}):
            assert await elsewhere.commit(lambda unit, named=named: unit.close_sessions(**named), lambda _: []) == 0  # type: ignore[misc]
        assert other.users() == [namesake]


async def add(ledger: SqlLedger, user: User) -> None:
    """In a unit of its own."""
    await do(ledger, lambda unit: unit.add_user(user))
