# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json

import pytest
from pydantic import TypeAdapter, ValidationError

from app.policy.model import Alias, Contact, Country, DataClass, Entry, HostName, HostPattern, Id, Owner, Source

FINE = {
    Id: ["a", "a-1", "9"],
    Alias: ["balie-antwoord", "gpt-4.1_x"],
    Country: ["NO", "NL", "EU"],
    HostName: ["api.x.nl", "localhost", "127.0.0.1", "::1", "a-b.c", "xn--bcher-kva.example"],
    HostPattern: ["*.a.nl", "*.a-b.c.nl"],
}
WRONG = {
    Id: ["", "A", "a_b", "-a", "a b", "a\n", "a" * 64],
    Alias: ["", "Balie", "a/b", "a*", "a b", ".a"],
    Country: ["no", "NLD", "N", ""],
    HostName: [
        "A.nl",
        "a.nl.",
        "*.a.nl",
        "a..b",
        "a.nl:1",
        "u@a.nl",
        "[::1]",
        "bücher.example",
        "a b",
        "-a.nl",
        "a/b",
        "",
    ],
    HostPattern: ["*", "*.nl", "a.*.nl", "*a.nl", "a.nl", "*.a.nl.", "*.A.nl"],
}


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind, words in FINE.items() for word in words])
def test_a_word_that_is_fine(kind: type[str], word: str) -> None:
    assert TypeAdapter(kind).validate_python(word) == word


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind, words in WRONG.items() for word in words])
def test_a_word_that_is_wrong(kind: type[str], word: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(word)


def test_data_classes_are_ordered() -> None:
    assert [each.rank for each in DataClass] == [0, 1, 2, 3, 4]
    assert DataClass.PUBLIC.rank < DataClass.CONFIDENTIAL.rank < DataClass.STATE_SECRET.rank


class Sample(Entry):
    count: int
    flag: bool


@pytest.mark.parametrize(
    "tree",
    [
        {"count": "1", "flag": True},
        {"count": 1, "flag": 1},
        {"count": 1.5, "flag": True},
        {"count": 1},
        {"count": 1, "flag": True, "x": 1},
    ],
)
def test_an_entry_takes_nothing_for_something_else(tree: object) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate_json(json.dumps(tree))


def test_an_entry_cannot_be_changed_and_its_faults_do_not_repeat_what_was_written() -> None:
    with pytest.raises(ValidationError):
        Sample(count=1, flag=True).count = 2  # type: ignore[misc]
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate_json('{"count": "hunter2", "flag": true}')
    assert "hunter2" not in str(caught.value)


def test_a_contact_is_one_line() -> None:
    assert Contact(telephone="14 000", url="https://x.example").line == "14 000, https://x.example"
    assert Contact().line == ""


@pytest.mark.parametrize(
    ("seen", "fine"), [("2026-10", True), ("2026-10-05", True), ("2026-13", False), ("lately", False)]
)
def test_a_source_was_seen_at_a_date(seen: str, fine: bool) -> None:
    tree = json.dumps({"url": "https://x.example/", "seen": seen})
    if fine:
        assert Source.model_validate_json(tree).seen == seen
    else:
        with pytest.raises(ValidationError):
            Source.model_validate_json(tree)


def test_a_recorded_choice_has_a_reason_an_owner_and_a_date() -> None:
    for missing in ("reason", "owner", "date"):
        tree = {"reason": "x", "owner": "y", "date": "2026-01-01"}
        del tree[missing]
        with pytest.raises(ValidationError, match=missing):
            Owner.model_validate_json(json.dumps(tree))
