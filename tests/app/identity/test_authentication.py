# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A key lets in its own application, with its own scopes, for as long as it is in force."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.access import AccessSnapshot, ApiKey
from app.domain.call import Call
from app.domain.errors import InvalidRequest, NotAuthenticated, NotPermitted
from app.domain.subject import Scope, Subject
from app.identity.authentication import Identity, make_key

KEY = make_key()
ROW = ApiKey(
    "key_1", "voorbeeld", "balie", KEY.digest, frozenset({Scope.CREATE_GENERATION}), datetime(2026, 11, 23, tzinfo=UTC)
)


class MemoryAccess:
    """An access store that holds one snapshot and counts how often it was read."""

    def __init__(self, access: AccessSnapshot) -> None:
        self.access = access
        self.loads = 0

    async def version(self) -> int:
        return self.access.version

    async def load(self) -> AccessSnapshot:
        self.loads += 1
        return self.access


def call(**headers: str) -> Call:
    async def body() -> bytes:
        return b""

    return Call(
        "POST", "/v1/chat/completions", {name.replace("_", "-"): value for name, value in headers.items()}, body
    )


def authenticated(room: Identity, asked: Call, scope: Scope = Scope.CREATE_GENERATION) -> Subject:
    return room.authorise(room.authenticate(asked), asked, scope)


async def identity(access: AccessSnapshot | None = None) -> Identity:
    room = Identity(MemoryAccess(access or AccessSnapshot(7, {KEY.digest: ROW})))
    await room.refresh()
    return room


def test_a_key_is_long_random_and_stored_as_its_digest() -> None:
    keys = {make_key().secret for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith("wmk_") and len(key) == 47 for key in keys)
    assert KEY.secret not in repr(ROW)


async def test_a_key_names_its_application_scopes_and_version() -> None:
    subject = authenticated(await identity(), call(authorization=f"Bearer {KEY.secret}"))
    assert (subject.key, subject.organisation, subject.application) == ("key_1", "voorbeeld", "balie")
    assert (subject.scopes, subject.access) == (ROW.scopes, 7)


async def test_the_context_comes_with_the_subject() -> None:
    header = call(authorization=f"bearer {KEY.secret}", waarmerk_context='actor="p-1", lang="fy"')
    subject = authenticated(await identity(), header)
    assert (subject.context.actor, subject.context.language) == ("p-1", "fy")


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param("", id="nothing"),
        pytest.param("Bearer", id="no key"),
        pytest.param("Bearer ", id="an empty key"),
        pytest.param(f"Basic {KEY.secret}", id="another scheme"),
        pytest.param(KEY.secret, id="no scheme"),
        pytest.param(f"Bearer {KEY.secret}x", id="one letter more"),
        pytest.param(f"Bearer {KEY.digest}", id="the digest"),
        pytest.param(f"Bearer {KEY.secret}, Bearer {KEY.secret}", id="twice"),
        pytest.param(f"Bearer {make_key().secret}", id="a key nobody made"),
    ],
)
async def test_any_other_credential_is_refused(authorization: str) -> None:
    with pytest.raises(NotAuthenticated):
        (await identity()).authenticate(call(authorization=authorization))


async def test_a_scope_that_the_key_lacks_is_named() -> None:
    with pytest.raises(NotPermitted, match="app:model:list"):
        authenticated(await identity(), call(authorization=f"Bearer {KEY.secret}"), Scope.LIST_MODELS)


async def test_a_context_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidRequest):
        authenticated(await identity(), call(authorization=f"Bearer {KEY.secret}", waarmerk_context="x"))


async def test_a_revoked_key_is_out_after_a_refresh() -> None:
    store = MemoryAccess(AccessSnapshot(7, {KEY.digest: ROW}))
    room = Identity(store)
    await room.refresh()
    store.access = replace(store.access, version=8, keys={})
    await room.refresh()
    with pytest.raises(NotAuthenticated):
        room.authenticate(call(authorization=f"Bearer {KEY.secret}"))


async def test_an_unchanged_store_is_not_read_again() -> None:
    store = MemoryAccess(AccessSnapshot(7, {KEY.digest: ROW}))
    room = Identity(store)
    await room.refresh()
    await room.refresh()
    assert store.loads == 1
