# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The composition root opens what is whole, and refuses what is not."""

import shutil
from pathlib import Path

import pytest

from app.domain.errors import EvidenceUnavailable, KeyUnusable, PolicyInvalid
from app.main import ABLE, listener, open_house, prepare
from app.settings import Environment, Settings
from tests.furnished import settings


async def test_a_prepared_house_opens(tmp_path: Path) -> None:
    wanted = settings(tmp_path / "home", 1)
    prepared = prepare(wanted)
    assert prepared.keys
    assert prepared.migrations
    again = prepare(wanted)
    assert not again.keys
    assert not again.migrations
    async with open_house(wanted) as house:
        assert house.organisation == "gemeente-voorbeeld"
        assert house.keys.development


async def test_it_does_not_open_without_keys(tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable):
        async with open_house(settings(tmp_path / "home", 1)):
            pass


async def test_it_does_not_open_on_a_database_that_was_not_migrated(tmp_path: Path) -> None:
    wanted = settings(tmp_path / "home", 1)
    prepare(wanted)
    (wanted.home / "waarmerk.db").unlink()
    with pytest.raises(EvidenceUnavailable):
        async with open_house(wanted):
            pass


async def test_production_refuses_development_keys(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(Settings().policies, folder)
    changes = {"environment": Environment.PRODUCTION, "policies": folder}
    prepare(settings(tmp_path / "home", 1))
    with pytest.raises(KeyUnusable, match="development keys"):
        async with open_house(settings(tmp_path / "home", 1, **changes)):
            pass
    prepare(settings(tmp_path / "other", 1), production=True)
    async with open_house(settings(tmp_path / "other", 1, **changes)) as house:
        assert not house.keys.development


async def test_it_serves_exactly_one_organisation(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(Settings().policies, folder)
    (own,) = (folder / "organisations").iterdir()
    other = own.read_text().replace("id: gemeente-voorbeeld", "id: gemeente-elders")
    (folder / "organisations" / "elders.yaml").write_text(other)
    prepare(settings(tmp_path / "home", 1))
    with pytest.raises(PolicyInvalid):
        async with open_house(settings(tmp_path / "home", 1, policies=folder)):
            pass


async def test_a_deployment_that_no_socket_may_be_opened_for_is_a_fault_of_the_policy(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(Settings().policies, folder)
    deployments = folder / "deployments.yaml"
    deployments.write_text(deployments.read_text().replace("cidr: [127.0.0.0/8]", "cidr: []"))
    prepare(settings(tmp_path / "home", 1))
    with pytest.raises(PolicyInvalid):
        async with open_house(settings(tmp_path / "home", 1, policies=folder)):
            pass


def test_settings_become_bounds_of_the_edge(tmp_path: Path) -> None:
    wanted = Settings(home=tmp_path, port=9000, max_headers=1000, header_timeout=3.0, drain=7.0, workers=2)
    listens = listener(wanted)
    assert (listens.port, listens.limits.header_bytes, listens.limits.header_seconds) == (9000, 1000, 3.0)
    assert (listens.grace_seconds, listens.workers, listens.tls) == (7.0, 2, None)
    secure = listener(settings(tmp_path, 1, tls_certificate=tmp_path / "c.pem", tls_key=tmp_path / "k.pem"))
    assert secure.tls is not None


def test_the_house_is_able_to_do_no_more_than_its_rooms_say() -> None:
    able = {"Envelope", "HoldForReview", "Keep", "Label", "Sandbox", "SentenceMarks"}
    assert {kind.__name__ for kind in ABLE} == able
