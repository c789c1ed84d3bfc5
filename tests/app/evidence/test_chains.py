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
