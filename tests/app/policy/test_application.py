# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.decision import Profile
from app.policy.application import Application, Task
from app.policy.snapshot import PolicySnapshot


def task(**more: Any) -> Task:  # noqa: ANN401  (any field of a task)
    return Task.model_validate_json(json.dumps({"profile": "machine", "deployment": "d"} | more))


@pytest.mark.parametrize("profile", Profile)
def test_publications_and_letters_are_held(profile: Profile) -> None:
    assert task(profile=profile.value).held is (profile in {Profile.PUBLICATION, Profile.CORRESPONDENCE})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"chat": {"owner": "x", "decided_on": "2026-01-01", "review_by": "2027-01-01"}}, "'chat' belongs to"),
        ({"review": {"review_class": "one"}}, "'review' belongs to"),
        ({"plain": {"reason": "x"}}, "owner"),
        ({"plain": True}, "plain"),
        ({"media": ["smell"]}, "media"),
        ({"languages": []}, "languages"),
        ({"keep": {"days": 0}}, "days"),
    ],
)
def test_a_task_that_contradicts_itself(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        task(**more)


@pytest.mark.parametrize(
    "key", ["personal_data", "data_class", "decision_making", "practices", "citizen_facing", "provider", "deployer", "operated_by", "tasks"]
)  # fmt: skip
def test_what_decides_over_safeguards_has_no_default(key: str, snapshot: PolicySnapshot) -> None:
    tree = snapshot.applications["gemeente-voorbeeld", "balie"].model_dump(mode="json")
    del tree[key]
    with pytest.raises(ValidationError, match=key):
        Application.model_validate_json(json.dumps(tree))


@pytest.mark.parametrize(
    "key", ["purpose", "public_value", "editorially_responsible", "raci", "risk_analysis", "dpia", "evaluation_date"]
)  # fmt: skip
def test_what_is_missing_denies_and_does_not_refuse_the_folder(key: str, snapshot: PolicySnapshot) -> None:
    tree = snapshot.applications["gemeente-voorbeeld", "balie"].model_dump(mode="json")
    del tree[key]
    assert not getattr(Application.model_validate_json(json.dumps(tree)), key)


def test_an_alias_is_exact(snapshot: PolicySnapshot) -> None:
    tree = snapshot.applications["gemeente-voorbeeld", "balie"].model_dump(mode="json")
    tree["tasks"] = {"balie-*": tree["tasks"]["balie-concept"]}
    with pytest.raises(ValidationError, match="tasks"):
        Application.model_validate_json(json.dumps(tree))


@pytest.mark.parametrize(
    ("url", "development", "accepted"),
    [
        ("https://zaak.voorbeeld.example/", False, True),
        ("http://127.0.0.1:9000/", True, True),
        ("http://127.0.0.1:9000/", False, False),
        ("http://zaak.voorbeeld.example/", True, False),
    ],
)
def test_a_webhook_is_encrypted_but_for_this_machine_in_development(
    url: str, development: bool, accepted: bool, snapshot: PolicySnapshot
) -> None:
    tree = snapshot.applications["gemeente-voorbeeld", "balie"].model_dump(mode="json")
    tree |= {"development": development, "webhook": {"url": url, "secret": "env:X"}}
    if accepted:
        read = Application.model_validate_json(json.dumps(tree)).webhook
        assert read is not None
        assert read.url == url
    else:
        with pytest.raises(ValidationError, match=r"webhook(?s:.)*plain http"):
            Application.model_validate_json(json.dumps(tree))
