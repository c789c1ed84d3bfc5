# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys and stops change together with their records, or not at all."""

from pathlib import Path

import pytest

from app.domain.access import StopKind
from app.domain.errors import UnknownName
from app.identity.authentication import digest
from app.identity.registrar import APPLICATION_SCOPES
from tests.furnished import furnished


async def test_a_key_is_recorded_without_its_secret(tmp_path: Path) -> None:
    async with furnished(tmp_path / "home", 1) as house:
        key, secret = await house.house.registrar().create_key("balie", APPLICATION_SCOPES, "zaaksysteem")
        access = await house.house.identity.refresh()
        record = house.records()[-1]
    assert key.digest == digest(secret)
    assert access.keys[key.digest].application == "balie"
    assert (record["type"], record["key"], record["label"]) == ("key:created", key.id, "zaaksysteem")
    assert record["scopes"] == ["app:generation:create", "app:model:list"]
    assert secret not in str(record)
    assert key.digest not in str(record)


async def test_a_key_is_withdrawn_once(tmp_path: Path) -> None:
    async with furnished(tmp_path / "home", 1) as house:
        registrar = house.house.registrar()
        key, _ = await registrar.create_key("balie", APPLICATION_SCOPES)
        await registrar.revoke_key(key.id)
        before = len(house.records())
        with pytest.raises(UnknownName):
            await registrar.revoke_key(key.id)
        assert (await house.house.identity.refresh()).keys == {}
        assert len(house.records()) == before
        assert house.records()[-1]["type"] == "key:revoked"


async def test_a_stop_is_in_force_until_it_is_lifted(tmp_path: Path) -> None:
    async with furnished(tmp_path / "home", 1) as house:
        registrar = house.house.registrar()
        await registrar.stop(StopKind.APPLICATION, "balie", "incident")
        stops = (await house.house.identity.refresh()).stops
        await registrar.start(StopKind.APPLICATION, "balie", "opgelost")
        with pytest.raises(UnknownName):
            await registrar.start(StopKind.APPLICATION, "balie", "nog eens")
        stopped, started = house.records()[-2:]
        assert (await house.house.identity.refresh()).stops == ()
    assert [(stop.name, stop.reason) for stop in stops] == [("balie", "incident")]
    assert (stopped["type"], stopped["reason"]) == ("policy:stopped", "incident")
    assert (started["type"], started["reason"]) == ("policy:started", "opgelost")
    assert stopped["by"] == started["by"]
