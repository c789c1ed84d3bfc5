# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.decision import Timeouts
from app.policy.organisation import Contract, DeploymentEntry, Organisation
from app.policy.snapshot import PolicySnapshot

ENTRY: dict[str, Any] = {
    "id": "d",
    "offering": "o",
    "contract": "c",
    "dialect": "openai",
    "host": "api.x.example",
    "model": "m",
    "region": "eu",
}


def entry(**more: Any) -> DeploymentEntry:  # noqa: ANN401  (any field of a deployment)
    return DeploymentEntry.model_validate_json(json.dumps(ENTRY | more))


def test_it_becomes_the_deployment_that_the_house_knows() -> None:
    deployment = entry(force={"store": False, "a": "b"}, timeouts={"connect": 1, "total": 9}, path="/v1").of("p")
    assert (deployment.provider, deployment.offering, deployment.contract) == ("p", "o", "c")
    assert (deployment.scheme, deployment.host, deployment.port, deployment.path) == (
        "https",
        "api.x.example",
        443,
        "/v1",
    )
    assert deployment.force == (("a", "b"), ("store", False))
    assert deployment.timeouts == Timeouts(1, 60, 30, 9)
    assert entry(contract=None).of("p").contract == ""


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"scheme": "http"}, "plain http only on own networks"),
        ({"scheme": "ftp"}, "scheme"),
        ({"host": "10.0.0.1"}, "an IP address only on own networks"),
        ({"host": "::1"}, "an IP address only on own networks"),
        ({"host": "2130706433"}, "an IP address only on own networks"),
        ({"host": "0x7f000001"}, "an IP address only on own networks"),
        ({"cidr": ["10.0.0.0/33"]}, "10.0.0.0/33"),
        ({"path": "v1"}, "path"),
        ({"path": "/v1/"}, "path"),
        ({"path": "/../v1"}, "path"),
        ({"path": "//v1"}, "path"),
        ({"credential": "sk-secret"}, "credential"),
        ({"proxy": "http://user:secret@proxy"}, "proxy"),
        ({"ca_file": "ca.pem"}, "ca_file"),
        ({"port": 0}, "port"),
        ({"force": {"provider": {"order": []}}}, "force"),
    ],
)
def test_an_entry_that_no_socket_should_open_for(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        entry(**more)


def test_own_networks_allow_addresses_and_plain_http() -> None:
    assert entry(scheme="http", host="10.0.0.1", cidr=["10.0.0.0/8"]).host == "10.0.0.1"


def test_a_contract_does_not_end_before_it_begins(snapshot: PolicySnapshot) -> None:
    tree = snapshot.contracts["voorbeeld-2026-scaleway"].model_dump(mode="json")
    with pytest.raises(ValidationError, match="valid_to lies before valid_from"):
        Contract.model_validate_json(json.dumps(tree | {"valid_to": "2025-12-31"}))
    one_day = Contract.model_validate_json(json.dumps(tree | {"valid_to": "2026-01-01"}))
    assert one_day.valid_from == one_day.valid_to


@pytest.mark.parametrize("oin", ["1", "0" * 19, "0" * 21, "0000000100000000000x"])
def test_an_oin_has_twenty_digits(oin: str) -> None:
    with pytest.raises(ValidationError, match="oin"):
        Organisation.model_validate_json(json.dumps({"id": "x", "name": "X", "oin": oin}))


def test_an_organisation_names_native_reviewers(snapshot: PolicySnapshot) -> None:
    organisation = snapshot.organisations["gemeente-voorbeeld"]
    assert organisation.reviews("fy")
    assert not organisation.reviews("pap")
