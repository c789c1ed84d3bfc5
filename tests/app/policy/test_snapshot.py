# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from app.policy.snapshot import PolicySnapshot


def test_an_offering_is_found_with_who_offers_it(snapshot: PolicySnapshot) -> None:
    found = snapshot.offering("chatgpt-consumer")
    assert found is not None
    provider, offering = found
    assert (provider.id, offering.id) == ("openai", "chatgpt-consumer")
    assert snapshot.offering("praatpaal") is None


def test_a_host_belongs_to_every_offering_that_uses_it(snapshot: PolicySnapshot) -> None:
    assert snapshot.owners("api.mistral.ai") == {"mistral-api", "mistral-api-experiment"}
    assert snapshot.owners("x.ifr.fr-par.scaleway.com") == {"scaleway"}
    assert snapshot.owners("evil-api.mistral.ai") == frozenset()
    assert snapshot.owners("127.0.0.1") == frozenset()
