# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.domain.account import User
from app.domain.errors import NotSignedIn, TooManyAttempts
from app.domain.ledger import Unit
from app.domain.review import Role
from app.identity.authentication import digest
from app.identity.passwords import Passwords
from app.identity.sessions import Sessions, csrf
from tests.people import CHEAP, OPERATOR, ORGANISATION, PASSWORD, PEER, People, commit, people


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[People]:
    async with people(tmp_path) as opened:
        await opened.reviewer()
        yield opened


def stored(house: People) -> User:
    found = house.reader.user("anna")
    assert found is not None
    return found


async def wrong(house: People, times: int, name: str = "anna", peer: str = PEER) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            await house.cookie(name, password="wrong", peer=peer)


async def locked(house: People, name: str = "anna", password: str = PASSWORD) -> None:
    with pytest.raises(TooManyAttempts):
        await house.cookie(name, password)


async def test_name_and_password_make_a_reviewer(house: People) -> None:
    reviewer = await house.sessions.reviewer(await house.cookie(" Anna "))
    account = stored(house)
    assert (reviewer.id, reviewer.organisation, reviewer.name) == (account.id, ORGANISATION, "anna")
    assert (reviewer.roles, reviewer.uses, reviewer.actor) == (
        frozenset({Role.REVIEWER}),
        frozenset({"balie"}),
        commit("actor", "anna"),
    )


async def test_every_sign_in_has_a_cookie_of_its_own_which_is_kept_as_a_digest(house: People) -> None:
    first, second = await house.cookie(), await house.cookie()
    assert first != second
    assert len(first) >= 43
    assert house.reader.session(first) is None
    assert house.reader.session(digest(first)) is not None
    assert await house.sessions.reviewer(first) == await house.sessions.reviewer(second)


async def test_a_sign_in_ends_the_session_the_browser_had(house: People) -> None:
    before = await house.cookie()
    after, _ = await house.sessions.sign_in("anna", PASSWORD, PEER, previous=before)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(before)
    assert (await house.sessions.reviewer(after)).name == "anna"
    assert [record["cause"] for record in house.records("session:closed")] == ["replaced"]


@pytest.mark.parametrize("name", ["anna", "piet", "", "\0", "{id}"])
async def test_what_is_wrong_is_told_in_the_same_words_whoever_was_named(house: People, name: str) -> None:
    account = stored(house)
    with pytest.raises(NotSignedIn) as refused:
        await house.cookie(name.format(id=account.id), "wrong")
    assert refused.value.reason.en == "Name or password is not right."


async def test_nobody_signs_in_by_the_id_of_an_account(house: People) -> None:
    with pytest.raises(NotSignedIn):
        await house.cookie(stored(house).id)


async def test_a_cookie_that_is_none_is_nobody(house: People) -> None:
    cookie = await house.cookie()
    for given in ("", "x", digest(cookie), cookie + "x"):
        with pytest.raises(NotSignedIn):
            await house.sessions.reviewer(given)


async def test_five_wrong_passwords_lock_also_the_right_one_out(house: People) -> None:
    await wrong(house, 5)
    await locked(house)
    house.clock.forward(minutes=14, seconds=59)
    await locked(house)
    house.clock.forward(seconds=1)
    assert await house.cookie()
    assert (stored(house).failures, stored(house).locked_until) == (0, None)


async def test_the_lock_grows_and_a_right_password_starts_anew(house: People) -> None:
    await wrong(house, 5)
    house.clock.forward(minutes=15)
    await wrong(house, 1)
    house.clock.forward(minutes=29)
    await locked(house)
    house.clock.forward(minutes=1)
    await house.cookie()
    await wrong(house, 4)
    assert await house.cookie()


async def test_a_stranger_is_locked_after_as_many(house: People) -> None:
    await wrong(house, 5, name="piet")
    await locked(house, name="piet")
    house.clock.forward(minutes=15)
    await wrong(house, 1, name="piet")
    await locked(house, name="piet")


async def test_after_a_hundred_only_a_new_link_helps(house: People) -> None:
    def work(unit: Unit) -> None:
        account = unit.user("anna")
        unit.put_user(replace(account, failures=100, version=account.version + 1))

    await house.ledger.commit(work, lambda _: ())
    house.clock.forward(days=30)
    await locked(house)
    await house.accounts.set_password(await house.accounts.renew_link("anna", by=OPERATOR), PASSWORD)
    assert await house.cookie()


async def test_many_attempts_at_once_are_counted_as_many(house: People) -> None:
    """No more than the free ones are looked at, however they arrive; the hash is slow, so that they overlap."""
    slow = Passwords(PasswordHasher(time_cost=3, memory_cost=4096, parallelism=1))
    sessions = Sessions(house.ledger, house.reader, house.clock, ORGANISATION, commit=commit, passwords=slow, slowest=0)
    attempts = (sessions.sign_in("anna", f"wrong {number}", PEER) for number in range(15))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(result, NotSignedIn) for result in results) == 5
    assert sum(isinstance(result, TooManyAttempts) for result in results) == 10


async def test_one_address_gets_fifty_attempts_over_all_names(house: People) -> None:
    for number in range(50):
        await wrong(house, 1, name=f"piet{number}")
    await locked(house)
    assert await house.cookie(peer="192.0.2.8")
    house.clock.forward(minutes=15)
    for _ in range(60):
        await house.cookie()


async def test_what_is_refused_takes_its_time(house: People) -> None:
    sessions = Sessions(
        house.ledger, house.reader, house.clock, ORGANISATION, commit=commit, passwords=Passwords(CHEAP), slowest=0.2
    )
    loop = asyncio.get_running_loop()
    for name in ("anna", "piet"):
        begun = loop.time()
        with pytest.raises(NotSignedIn):
            await sessions.sign_in(name, "wrong", PEER)
        assert loop.time() - begun >= 0.19


@pytest.mark.parametrize(("minutes", "alive"), [(29.9, True), (30, False)])
async def test_a_session_ends_when_it_is_idle(house: People, minutes: float, alive: bool) -> None:
    cookie = await house.cookie()
    house.clock.forward(minutes=minutes)
    if alive:
        assert (await house.sessions.reviewer(cookie)).name == "anna"
        return
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)


async def test_use_keeps_a_session_alive_for_ten_hours_and_no_longer(house: People) -> None:
    cookie = await house.cookie()
    for _ in range(29):
        house.clock.forward(minutes=20)
        assert (await house.sessions.reviewer(cookie)).name == "anna"
    house.clock.forward(minutes=20)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)


async def test_use_is_noted_once_a_minute(house: People) -> None:
    cookie = await house.cookie()
    seen = []
    for _ in range(5):
        house.clock.forward(seconds=30)
        await house.sessions.reviewer(cookie)
        found = house.reader.session(digest(cookie))
        assert found is not None
        seen.append(int((house.clock.now() - found[0].seen_at).total_seconds()))
    assert seen == [30, 0, 30, 0, 30]


async def test_a_session_ends_with_the_account_also_when_it_was_left_behind(house: People) -> None:
    cookie = await house.cookie()

    def work(unit: Unit) -> None:
        account = unit.user("anna")
        unit.put_user(replace(account, disabled_at=house.clock.now(), version=account.version + 1))

    await house.ledger.commit(work, lambda _: ())
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)


async def test_a_disabled_account_with_a_password_does_not_sign_in(house: People) -> None:
    def work(unit: Unit) -> None:
        account = unit.user("anna")
        unit.put_user(replace(account, disabled_at=house.clock.now(), version=account.version + 1))

    await house.ledger.commit(work, lambda _: ())
    with pytest.raises(NotSignedIn):
        await house.cookie()
    assert [record["cause"] for record in house.records("session:refused")] == ["disabled"]


async def test_another_organisations_session_is_none_here(house: People) -> None:
    cookie = await house.cookie()
    neighbour = Sessions(
        house.ledger, house.reader, house.clock, "provincie-voorbeeld", commit=commit, passwords=Passwords(CHEAP)
    )
    with pytest.raises(NotSignedIn):
        await neighbour.reviewer(cookie)


async def test_who_signs_out_is_out_and_only_he(house: People) -> None:
    cookie, other = await house.cookie(), await house.cookie()
    await house.sessions.sign_out(cookie)
    await house.sessions.sign_out(cookie)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)
    assert (await house.sessions.reviewer(other)).name == "anna"
    assert [record["cause"] for record in house.records("session:closed")] == ["signed-out"]


async def test_idle_sessions_are_swept(house: People) -> None:
    old = await house.cookie()
    house.clock.forward(minutes=20)
    fresh = await house.cookie()
    assert await house.sessions.sweep() == 0
    house.clock.forward(minutes=11)
    assert await house.sessions.sweep() == 1
    assert house.reader.session(digest(old)) is None
    assert house.reader.session(digest(fresh)) is not None
    assert [(record["cause"], record["count"]) for record in house.records("session:closed")] == [("idle", 1)]


async def test_a_hash_of_old_parameters_is_renewed_at_sign_in(house: People) -> None:
    before = stored(house).password
    dearer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    sessions = Sessions(
        house.ledger, house.reader, house.clock, ORGANISATION, commit=commit, passwords=dearer, slowest=0
    )
    await sessions.sign_in("anna", PASSWORD, PEER)
    assert stored(house).password != before
    assert "m=16,t=2" in stored(house).password
    await sessions.sign_in("anna", PASSWORD, PEER)


async def test_a_password_that_was_replaced_meanwhile_opens_nothing(house: People) -> None:
    class Slow(Passwords):
        """While it looks, an operator makes a new link."""

        async def verify(self, kept: str, password: str) -> bool:  # type: ignore[explicit-override]
            right = await super().verify(kept, password)
            await house.accounts.renew_link("anna", by=OPERATOR)
            return right

    sessions = Sessions(
        house.ledger, house.reader, house.clock, ORGANISATION, commit=commit, passwords=Slow(CHEAP), slowest=0
    )
    with pytest.raises(NotSignedIn):
        await sessions.sign_in("anna", PASSWORD, PEER)


async def test_records_tell_of_sign_ins_and_name_nobody(house: People) -> None:
    cookie = await house.cookie()
    await wrong(house, 5)
    await locked(house)
    await house.sessions.sign_out(cookie)
    records = house.records("session:opened", "session:refused", "session:closed")
    person, session = commit("reviewer", stored(house).id), commit("session", digest(cookie))
    assert [(record["type"], record.get("user"), record.get("session"), record.get("cause")) for record in records] == [
        ("session:opened", person, session, None),
        *[("session:refused", person, None, "password")] * 5,
        ("session:refused", person, None, "locked"),
        ("session:closed", None, session, "signed-out"),
    ]
    for said in ("anna", cookie, digest(cookie), PASSWORD, "wrong"):
        assert said not in str(records)


async def test_refusals_fill_no_log(house: People) -> None:
    for _ in range(20):
        with pytest.raises((NotSignedIn, TooManyAttempts)):
            await house.cookie(password="wrong")
        with pytest.raises((NotSignedIn, TooManyAttempts)):
            await house.cookie("piet", password="wrong")
    assert len(house.records("session:refused")) == 6
    house.clock.forward(minutes=1)
    await locked(house)
    assert len(house.records("session:refused")) == 7


async def test_the_token_of_a_form_is_of_one_cookie(house: People) -> None:
    cookie, other = await house.cookie(), await house.cookie()
    assert csrf(cookie) == csrf(cookie)
    assert csrf(cookie) != csrf(other)
    assert cookie not in csrf(cookie)
    assert csrf(cookie) != digest(cookie)
