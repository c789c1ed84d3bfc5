# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from dataclasses import replace
from datetime import date

import pytest

from app.dialects.request import describe
from app.domain.generation import Generation
from app.domain.json import JsonObject
from app.domain.subject import Context, Subject
from app.policy.cases import change
from app.policy.gather import ask, gather
from app.policy.snapshot import PolicySnapshot

TODAY = date(2026, 11, 23)
CALL = Generation("openai", "chat", "balie-antwoord", stream=False, choices=1, body={}, prompt=("bsn 111222333",))
ASK: JsonObject = {"model": "balie-antwoord", "messages": [{"role": "user", "content": "Hallo"}]}
CALLER = Subject("key_1", "gemeente-voorbeeld", "balie", frozenset())


@pytest.mark.parametrize(
    ("demanded", "accepted", "languages"),
    [
        ("FY-nl", "en", ("fy",)),
        ("pap_AW", "", ("pap",)),
        ("de", "nl", ("de",)),  # even one that the task does not have: a rule says so
        (None, "en-US", ("en",)),
        (None, "de-DE", ("nl",)),
        (None, "", ("nl",)),
        (None, "*", ("nl",)),
        (None, "de, nl;q=0.5, en;q=0.9", ("en", "nl")),
        (None, "en-GB, en-US;q=0.9, nl;q=0.1", ("en", "nl")),
        (None, "nl;q=0, en;q=0.1", ("en",)),
        (None, "fy, en;q=0.8", ("fy", "en")),
        (None, "pap, en;q=0.8", ("en",)),  # nobody reads Papiamentu as a native speaker
        (None, "pap", ("nl",)),
    ],
)
def test_the_language_is_demanded_or_preferred_or_the_first_of_the_task(
    demanded: str | None, accepted: str, languages: tuple[str, ...], snapshot: PolicySnapshot
) -> None:
    """With the preferences as the dialect reads them from the header."""
    preferred = describe(ASK, {"accept-language": accepted}).languages
    asked = ask(snapshot, replace(CALLER, context=Context(language=demanded)), replace(CALL, languages=preferred))
    assert gather(snapshot, asked, TODAY).languages == languages


def test_a_preference_for_what_is_still_being_made_needs_no_native_reviewer(snapshot: PolicySnapshot) -> None:
    facts = gather(snapshot, ask(snapshot, CALLER, CALL), TODAY)
    developed = change(snapshot, facts, {"application.development": True})
    assert ask(developed, CALLER, replace(CALL, languages=("pap",))).languages == ("pap",)


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
