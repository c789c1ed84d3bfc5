# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typing_extensions import override

from app.domain.account import User
from app.domain.errors import FormRefused, InvalidRequest, NotSignedIn, ReviewConflict, UnknownName
from app.domain.review import Role
from app.identity.accounts import Accounts, Changes
from app.identity.passwords import Passwords
from app.storage.accounts import SqlAccountReader
from tests.people import CHEAP, OPERATOR, ORGANISATION, PASSWORD, People, commit, people

NEW = "zeven blauwe fietsen buiten"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[People]:
    async with people(tmp_path) as opened:
        yield opened


async def made(house: People) -> str:
    """The secret of a setup link of anna."""
    _, secret = await house.accounts.create("anna", [Role.REVIEWER], by=OPERATOR)
    return secret


async def test_an_account_begins_without_a_password(house: People) -> None:
    await made(house)
    with pytest.raises(NotSignedIn):
        await house.cookie(password="")
    account = (await house.accounts.users())[0]
    assert (account.name, account.password, account.roles) == ("anna", "", frozenset({Role.REVIEWER}))


async def test_a_link_sets_the_password_once(house: People) -> None:
    secret = await made(house)
    await house.accounts.set_password(secret, PASSWORD)
    assert await house.cookie()
    with pytest.raises(FormRefused) as refused:
        await house.accounts.set_password(secret, NEW)
    assert "new link" in refused.value.remedy.en
    assert await house.cookie()


async def test_a_link_that_was_used_meanwhile_is_refused_in_the_transaction(house: People) -> None:
    """Both pass the first look; the second finds the account changed."""
    secret = await made(house)
    before = house.reader.user("anna")
    await house.accounts.set_password(secret, PASSWORD)

    class Late(SqlAccountReader):
        """A look that was taken before."""

        @override
        def user(self, name: str) -> User | None:
            return before

    late = Accounts(
        house.ledger,
        Late(house.database, ORGANISATION),
        house.clock,
        ORGANISATION,
        commit=commit,
        passwords=Passwords(CHEAP),
    )
    with pytest.raises(FormRefused):
        await late.set_password(secret, NEW)
    assert await house.cookie()


@pytest.mark.parametrize(("hours", "works"), [(71.9, True), (72, False)])
async def test_a_link_works_for_three_days(house: People, hours: float, works: bool) -> None:
    secret = await made(house)
    house.clock.forward(hours=hours)
    if works:
        await house.accounts.set_password(secret, PASSWORD)
        assert await house.cookie()
        return
    with pytest.raises(FormRefused):
        await house.accounts.set_password(secret, PASSWORD)


@pytest.mark.parametrize("wrong", ["", ".", "anna", "anna.", "usr_1.x", "{id}.", "{id}.wrong", "x", "\0", "{digest}"])
async def test_a_secret_that_is_none_sets_nothing(house: People, wrong: str) -> None:
    await made(house)
    account = house.reader.user("anna")
    assert account is not None
    with pytest.raises(FormRefused):
        await house.accounts.set_password(wrong.format(id=account.id, digest=account.setup), PASSWORD)
    assert house.reader.user("anna") == account


async def test_a_used_link_leaves_no_secret_of_which_nothing_is_the_digest(house: People) -> None:
    user = await house.reviewer()
    with pytest.raises(FormRefused):
        await house.accounts.set_password(f"{user}.", NEW)


async def test_a_weak_password_leaves_the_link_as_it_was(house: People) -> None:
    secret = await made(house)
    for weak in ("kort", "anna" * 5, "gemeente-voorbeeld"):
        with pytest.raises(FormRefused):
            await house.accounts.set_password(secret, weak)
    await house.accounts.set_password(secret, PASSWORD)
    assert await house.cookie()


async def test_a_new_link_ends_password_sessions_and_lock_and_replaces_the_old_one(house: People) -> None:
    old = await made(house)
    newer = await house.accounts.renew_link("anna", by=OPERATOR)
    with pytest.raises(FormRefused):
        await house.accounts.set_password(old, PASSWORD)
    await house.accounts.set_password(newer, PASSWORD)
    cookie = await house.cookie()
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            await house.cookie(password="wrong")
    newest = await house.accounts.renew_link("anna", by=OPERATOR)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)
    with pytest.raises(NotSignedIn):
        await house.cookie()
    await house.accounts.set_password(newest, NEW)
    assert await house.cookie(password=NEW)


async def test_choosing_a_password_ends_other_sessions(house: People) -> None:
    await house.reviewer()
    account = house.reader.user("anna")
    assert account is not None
    secret = await house.accounts.renew_link("anna", by=OPERATOR)
    await house.accounts.set_password(secret, NEW)
    cookie = await house.cookie(password=NEW)
    secret = await house.accounts.renew_link("anna", by=OPERATOR)
    await house.accounts.set_password(secret, PASSWORD)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)


async def test_who_is_disabled_is_out_at_once_until_enabled(house: People) -> None:
    await house.reviewer()
    cookie = await house.cookie()
    await house.accounts.disable("anna", by=OPERATOR)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)
    with pytest.raises(NotSignedIn):
        await house.cookie()
    with pytest.raises(ReviewConflict):
        await house.accounts.renew_link("anna", by=OPERATOR)
    secret = await house.accounts.enable("anna", by=OPERATOR)
    await house.accounts.set_password(secret, PASSWORD)
    assert await house.cookie()


async def test_a_link_of_a_disabled_account_is_void(house: People) -> None:
    secret = await made(house)
    await house.accounts.disable("anna", by=OPERATOR)
    with pytest.raises(FormRefused):
        await house.accounts.set_password(secret, PASSWORD)


async def test_a_change_names_what_changes_and_ends_sessions(house: People) -> None:
    await house.reviewer()
    cookie = await house.cookie()
    await house.accounts.change("anna", Changes(roles=frozenset({Role.AUDITOR})), by=OPERATOR)
    with pytest.raises(NotSignedIn):
        await house.sessions.reviewer(cookie)
    reviewer = await house.sessions.reviewer(await house.cookie())
    assert (reviewer.roles, reviewer.uses) == (frozenset({Role.AUDITOR}), frozenset({"balie"}))
    await house.accounts.change("anna", Changes(uses=frozenset(), actor="p-4711"), by=OPERATOR)
    reviewer = await house.sessions.reviewer(await house.cookie())
    assert (reviewer.roles, reviewer.actor) == (frozenset({Role.AUDITOR}), commit("actor", "p-4711"))
    assert reviewer.uses == frozenset()


async def test_names_are_plain_and_roles_are_given(house: People) -> None:
    for name in ("", "Anna", "an na", "-anna", "usr_1", "a" * 65, "anna\n", "ánna"):
        with pytest.raises(InvalidRequest):
            await house.accounts.create(name, [Role.REVIEWER], by=OPERATOR)
    with pytest.raises(InvalidRequest):
        await house.accounts.create("anna", [], by=OPERATOR)
    for actor in ("Jos\u00e9", "p-1\n", "p" * 257):  # no application could ever say it
        with pytest.raises(InvalidRequest):
            await house.accounts.create("anna", [Role.REVIEWER], by=OPERATOR, actor=actor)
    await made(house)
    with pytest.raises(InvalidRequest):
        await house.accounts.change("anna", Changes(roles=frozenset()), by=OPERATOR)
    with pytest.raises(ReviewConflict) as taken:
        await made(house)
    assert "another name" in taken.value.remedy.en


async def test_who_is_not_there_is_not_changed(house: People) -> None:
    accounts = house.accounts
    for order in (accounts.renew_link, accounts.enable, accounts.disable):
        with pytest.raises(UnknownName):
            await order("piet", by=OPERATOR)
    with pytest.raises(UnknownName):
        await accounts.change("piet", Changes(actor="x"), by=OPERATOR)
    assert house.records() == []


async def test_every_change_is_a_record_that_names_nobody(house: People) -> None:
    secret = await made(house)
    await house.accounts.set_password(secret, PASSWORD)
    await house.accounts.change("anna", Changes(actor="p-4711"), by=OPERATOR)
    await house.accounts.renew_link("anna", by=OPERATOR)
    await house.accounts.disable("anna", by=OPERATOR)
    await house.accounts.enable("anna", by=OPERATOR)
    records = house.records()
    account = house.reader.user("anna")
    assert account is not None
    person = commit("reviewer", account.id)
    assert [(record["type"], record.get("changed"), record["by"]) for record in records] == [
        ("user:created", None, OPERATOR),
        ("user:changed", "password", person),
        ("user:changed", "standing", OPERATOR),
        ("user:changed", "link", OPERATOR),
        ("user:changed", "disabled", OPERATOR),
        ("user:changed", "enabled", OPERATOR),
    ]
    assert {record["user"] for record in records} == {person}
    for said in ("anna", "p-4711", account.id, account.setup, secret, "argon2"):
        assert said not in str(records)
