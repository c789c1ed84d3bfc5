# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from contextlib import closing

import pytest

from app.evidence.chains import Chains


@pytest.fixture
def chains() -> Iterator[Chains]:
    with closing(Chains()) as made:
        yield made


def fields(kind: str, record: str, exchange: str | None = None, previous: str | None = None) -> dict[str, object]:
    given = {"type": kind, "id": record, "exchange": exchange, "prev": previous}
    return {name: value for name, value in given.items() if value is not None}


OPENED = fields("exchange:opened", "rec_1", "exc_1")
DELIVERED = fields("exchange:delivered", "rec_2", "exc_1", "rec_1")
ERASED = fields("content:erased", "rec_3", "exc_1", "rec_1")


def test_an_exchange_that_is_opened_closed_and_erased_is_in_order(chains: Chains) -> None:
    assert [chains.feed(index, one) for index, one in enumerate((OPENED, DELIVERED, ERASED))] == [None] * 3
    assert chains.open == 0


def test_an_exchange_that_still_runs_is_counted(chains: Chains) -> None:
    assert chains.feed(0, OPENED) is None
    assert chains.open == 1


def test_records_that_stand_alone_are_in_order(chains: Chains) -> None:
    assert chains.feed(0, fields("policy:loaded", "rec_1")) is None
    assert chains.feed(1, fields("exchange:refused", "rec_2", "exc_2")) is None


@pytest.mark.parametrize(
    ("before", "record", "why"),
    [
        ([OPENED], {**OPENED, "exchange": "exc_2"}, "the id of entry 0: it was put in twice"),
        ([OPENED], {**OPENED, "id": "rec_9"}, "exc_1 began before"),
        ([], DELIVERED, "closes exc_1, which is not opened before it"),
        ([OPENED, DELIVERED], {**DELIVERED, "id": "rec_9"}, "closes exc_1, which was closed before"),
        ([OPENED], {**DELIVERED, "prev": "rec_7"}, "does not follow the record that opened exc_1"),
        ([OPENED], fields("exchange:aborted", "rec_2", "exc_1"), "does not follow the record that opened exc_1"),
        ([], ERASED, "erases an exchange that is not before it"),
        ([], {**OPENED, "prev": "rec_7"}, "begins something and yet names a record before it"),
        ([], fields("policy:loaded", "rec_1", previous="rec_0"), "begins something and yet names a record before it"),
        ([], fields("policy:loaded", "rec_1", "exc_1"), "not about an exchange and yet names one"),
        ([], fields("exchange:opened", "rec_1"), "names no exchange"),
        ([], fields("exchange:refused", "rec_1"), "names no exchange"),
        ([], fields("exchange:failed", "rec_1"), "which is not opened before it"),
    ],
)
def test_what_is_out_of_order_is_said(
    chains: Chains, before: list[dict[str, object]], record: dict[str, object], why: str
) -> None:
    assert [chains.feed(index, one) for index, one in enumerate(before)] == [None] * len(before)
    assert why in str(chains.feed(len(before), record))


HELD = fields("exchange:held", "rec_2", "exc_1", "rec_1")
WAITS = fields("hold:opened", "rec_3", "exc_1", "rec_1")
CLAIMED = fields("hold:claimed", "rec_4", "exc_1", "rec_3")
SEEN = fields("hold:seen", "rec_5", "exc_1", "rec_4")
APPROVED = fields("hold:approved", "rec_6", "exc_1", "rec_4")
FETCHED = fields("hold:fetched", "rec_7", "exc_1", "rec_6")
AGAIN = fields("hold:fetched", "rec_8", "exc_1", "rec_6")
WITHDRAWN = fields("hold:withdrawn", "rec_9", "exc_1", "rec_6")


@pytest.mark.parametrize(
    "story",
    [
        [OPENED, HELD, WAITS, CLAIMED, SEEN, APPROVED, FETCHED, AGAIN, WITHDRAWN],
        [OPENED, WAITS, HELD, CLAIMED],
        [
            OPENED,
            WAITS,
            fields("exchange:aborted", "rec_2", "exc_1", "rec_1"),
            fields("hold:failed", "rec_9", "exc_1", "rec_3"),
        ],
    ],
)
def test_the_story_of_a_hold_is_in_order(chains: Chains, story: list[dict[str, object]]) -> None:
    assert [chains.feed(index, one) for index, one in enumerate(story)] == [None] * len(story)
    assert chains.open == 0


@pytest.mark.parametrize(
    ("before", "record", "why"),
    [
        ([], WAITS, "does not follow the record that opened exc_1"),
        ([OPENED], {**WAITS, "prev": "rec_9"}, "does not follow the record that opened exc_1"),
        ([OPENED], fields("hold:opened", "rec_3", "exc_1"), "does not follow the record that opened exc_1"),
        ([OPENED, HELD, WAITS], {**WAITS, "id": "rec_9"}, "exc_1 was held before"),
        ([OPENED, HELD], CLAIMED, "tells of a hold of exc_1, which was not opened before it"),
        ([OPENED, HELD, WAITS], {**CLAIMED, "prev": "rec_1"}, "does not follow the last record of the hold"),
        ([OPENED, HELD, WAITS, CLAIMED, APPROVED], {**WITHDRAWN, "prev": "rec_4"}, "does not follow the last record"),
        ([OPENED, HELD, WAITS, CLAIMED, SEEN], {**APPROVED, "prev": "rec_5"}, "does not follow the last record"),
        ([OPENED, HELD, WAITS, CLAIMED], {**FETCHED, "prev": "rec_4"}, "a text was fetched that was not approved"),
        ([OPENED, HELD, WAITS, CLAIMED, APPROVED, WITHDRAWN], {**FETCHED, "prev": "rec_9"}, "that was not approved"),
        ([OPENED, HELD], DELIVERED | {"id": "rec_9"}, "which was closed before"),
    ],
)
def test_what_is_out_of_order_in_the_story_of_a_hold_is_said(
    chains: Chains, before: list[dict[str, object]], record: dict[str, object], why: str
) -> None:
    assert [chains.feed(index, one) for index, one in enumerate(before)] == [None] * len(before)
    assert why in str(chains.feed(len(before), record))
