# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A decision gives its deployment only when it permits."""

import pytest

from app.domain.decision import Decision, Deployment, Effect
from app.domain.errors import Denied
from app.domain.text import LocalText

TEXT = LocalText(nl="Nee.", en="No.")
DEPLOYMENT = Deployment(
    id="d", provider="p", offering="o", contract="c", dialect="openai", scheme="https", host="a.example", port=443,
    path="/v1", model="m", region="NL",
)  # fmt: skip


def decide(effect: Effect, deployment: Deployment | None) -> Decision:
    return Decision(effect, "some-rule", TEXT, TEXT, "0" * 64, "Q44", "t", deployment, alternative="other")


def test_a_permit_gives_the_deployment() -> None:
    assert decide(Effect.PERMIT, DEPLOYMENT).require_permit() is DEPLOYMENT


@pytest.mark.parametrize(
    ("effect", "deployment"), [(Effect.DENY, DEPLOYMENT), (Effect.DENY, None), (Effect.PERMIT, None)]
)
def test_anything_else_is_denied_with_rule_source_and_alternative(
    effect: Effect, deployment: Deployment | None
) -> None:
    with pytest.raises(Denied) as caught:
        decide(effect, deployment).require_permit()
    assert (caught.value.rule, caught.value.source, caught.value.alternative) == ("some-rule", "Q44", "other")
