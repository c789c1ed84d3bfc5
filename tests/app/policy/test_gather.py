# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from dataclasses import replace
from datetime import date

from app.domain.generation import Generation
from app.domain.subject import Context, Subject
from app.policy.gather import ask, gather
from app.policy.snapshot import PolicySnapshot

TODAY = date(2026, 11, 23)
CALL = Generation("openai", "chat", "balie-antwoord", stream=False, choices=1, body={}, prompt=("bsn 111222333",))
CALLER = Subject("key_1", "gemeente-voorbeeld", "balie", frozenset())


def asked_in(snapshot: PolicySnapshot, demanded: str | None, preferred: str | None) -> tuple[str, ...]:
    caller = replace(CALLER, context=Context(language=demanded))
    return ask(snapshot, caller, replace(CALL, language=preferred)).languages


def test_a_demanded_language_is_the_language(snapshot: PolicySnapshot) -> None:
    assert asked_in(snapshot, "FY-nl", "en") == ("fy",)
    assert asked_in(snapshot, "pap_AW", None) == ("pap",)
    assert asked_in(snapshot, "de", None) == ("de",), "even one that the task does not have: a rule says so"


def test_a_preferred_language_yields_where_the_task_lacks_it(snapshot: PolicySnapshot) -> None:
    assert asked_in(snapshot, None, "en-US") == ("en",)
    assert asked_in(snapshot, None, "de-DE") == ()
    assert asked_in(snapshot, None, None) == ()


def test_the_prompt_is_read_in_a_sandbox_only(snapshot: PolicySnapshot) -> None:
    assert ask(snapshot, CALLER, CALL).personal_data == frozenset()
    assert ask(snapshot, replace(CALLER, application="proeftuin"), CALL).personal_data == {"bsn"}


def test_nothing_of_the_prompt_stays_behind(snapshot: PolicySnapshot) -> None:
    assert "111222333" not in repr(ask(snapshot, replace(CALLER, application="proeftuin"), CALL))


def test_the_chain_is_walked_as_far_as_it_is_known(snapshot: PolicySnapshot) -> None:
    whole = gather(snapshot, ask(snapshot, CALLER, CALL), TODAY)
    assert whole.complete
    assert whole.host_owners == frozenset()
    unknown = gather(snapshot, ask(snapshot, CALLER, replace(CALL, model="x")), TODAY)
    assert not unknown.complete
    assert (unknown.task, unknown.deployment, unknown.contract) == (None, None, None)
    elsewhere = gather(snapshot, ask(snapshot, replace(CALLER, organisation="x"), CALL), TODAY)
    assert (elsewhere.organisation, elsewhere.application) == (None, None)


def test_an_application_of_another_organisation_is_nobodys(snapshot: PolicySnapshot) -> None:
    caller = replace(CALLER, organisation="gemeente-elders")
    assert gather(snapshot, ask(snapshot, caller, CALL), TODAY).application is None
