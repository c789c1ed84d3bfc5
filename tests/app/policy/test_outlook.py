# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from datetime import date

from app.policy.outlook import outlook
from app.policy.snapshot import PolicySnapshot

TODAY = date(2026, 11, 23)


def test_what_is_denied_today_is_told_first(snapshot: PolicySnapshot) -> None:
    (found,) = outlook(snapshot, TODAY)
    assert (found.application, found.task, found.rule) == ("oude-tool", "oude-samenvatting", "consumer-terms")
    assert (found.day, found.denied) == (TODAY, True)


def test_what_a_date_will_bring_is_told_with_its_day(snapshot: PolicySnapshot) -> None:
    found = {(each.task, each.rule): each for each in outlook(snapshot, TODAY, days=365)}
    assert found["proeftuin-zoekvraag", "sandbox-ended"].day == date(2027, 5, 1)
    ageing, stale = (found["balie-concept-eu", rule] for rule in ("supplier-advice-ageing", "supplier-advice-stale"))
    assert (ageing.day, ageing.denied) == (date(2027, 5, 2), False)
    assert (stale.day, stale.denied) == (date(2027, 11, 2), True)


def test_it_looks_no_further_than_asked(snapshot: PolicySnapshot) -> None:
    assert not any(each.rule == "sandbox-ended" for each in outlook(snapshot, date(2027, 2, 28), days=61))
    assert any(each.rule == "sandbox-ended" for each in outlook(snapshot, date(2027, 2, 28), days=62))
