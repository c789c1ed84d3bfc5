# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.review import Attestation, ReviewClass
from app.domain.text import LocalText
from app.policy.review import ReviewFile
from app.policy.snapshot import PolicySnapshot

SAID = [{"id": name, "text": {"nl": f"nl {name}", "en": f"en {name}"}} for name in ("facts", "tone_and_bias")]


def a_class(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401  (any field of a class)
    fixed = {"sign_offs": 1, "editor_may_approve": True, "lease_minutes": 5, "expires_days": 9}
    return {"id": name, "attestations": ["facts", "tone_and_bias"], **fixed, **more}


def review(*classes: dict[str, Any], said: object = SAID) -> ReviewFile:
    chosen = classes or tuple(map(a_class, ("one", "two", "three")))
    return ReviewFile.model_validate_json(json.dumps({"attestations": said, "classes": chosen}))


def test_a_class_says_what_each_sign_off_declares() -> None:
    read = review(a_class("one", attestations=["facts"]), a_class("two", sign_offs=2), a_class("three")).of()
    facts = Attestation("facts", LocalText(nl="nl facts", en="en facts"))
    tone = Attestation("tone_and_bias", LocalText(nl="nl tone_and_bias", en="en tone_and_bias"))
    assert read["one"] == ReviewClass(
        "one", 1, editor_may_approve=True, attestations=(facts,), lease_minutes=5, expires_days=9
    )
    assert (read["two"].sign_offs, read["two"].attestations) == (2, (facts, tone))


@pytest.mark.parametrize(
    ("classes", "fault"),
    [
        ([a_class("one"), a_class("two")], "each of the classes one, two, three once"),
        ([a_class("one"), a_class("two"), a_class("three"), a_class("one")], "each of the classes"),
        ([a_class("one"), a_class("two"), a_class("four")], "id"),
        ([a_class("one", attestations=["tone_and_bias"]), a_class("two"), a_class("three")], "class 'one' names"),
        ([a_class("one"), a_class("two", attestations=[]), a_class("three")], "class 'two' names"),
        ([a_class("one"), a_class("two"), a_class("three", attestations=["facts", "facts"])], "class 'three' names"),
        ([a_class("one", attestations=["facts", "law"]), a_class("two"), a_class("three")], "described once, and used"),
        ([a_class(name, attestations=["facts"]) for name in ("one", "two", "three")], "described once, and used"),
        ([a_class("one", sign_offs=0), a_class("two"), a_class("three")], "sign_offs"),
        ([a_class("one", expires_days=0), a_class("two"), a_class("three")], "expires_days"),
        ([a_class("one", lease_minutes=0), a_class("two"), a_class("three")], "lease_minutes"),
        ([a_class("one", editor_may_approve="no"), a_class("two"), a_class("three")], "editor_may_approve"),
        ([a_class("one", exempt=["admin"]), a_class("two"), a_class("three")], "exempt"),
    ],
)
def test_classes_that_would_leave_something_open(classes: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        review(*classes)


def test_an_attestation_is_described_once() -> None:
    with pytest.raises(ValidationError, match="described once"):
        review(said=[*SAID, SAID[0]])


@pytest.mark.parametrize(("name", "sign_offs", "editor"), [("one", 1, True), ("two", 2, False), ("three", 3, False)])
def test_the_shipped_classes(name: str, sign_offs: int, editor: bool, snapshot: PolicySnapshot) -> None:
    shipped = snapshot.review_classes[name]
    assert (shipped.id, shipped.sign_offs, shipped.editor_may_approve) == (name, sign_offs, editor)
    assert (shipped.lease_minutes, shipped.expires_days) == (15, 30)
    assert [attestation.id for attestation in shipped.attestations] == ["facts", "sources", "tone_and_bias"]
    assert "feiten gecontroleerd" in shipped.attestations[0].text.nl
    assert "checked the facts" in shipped.attestations[0].text.en


def test_there_are_no_others(snapshot: PolicySnapshot) -> None:
    assert set(snapshot.review_classes) == {"one", "two", "three"}
