# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One version at a time, changed whole or not at all; verdicts remembered for a day and not longer."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.decision import Effect, Envelope, Keep, Label
from app.domain.errors import Denied, PolicyInvalid
from app.domain.generation import Generation
from app.domain.subject import Context, Subject
from app.domain.webhook import Webhook
from app.policy.room import MOST_LETTERS, MOST_VERDICTS, PolicyRoom


class Adjustable(Protocol):
    moment: datetime

    def now(self) -> datetime: ...


def subject(application: str, organisation: str = "gemeente-voorbeeld", language: str | None = None) -> Subject:
    return Subject("key_1", organisation, application, frozenset(), Context(language=language))


def asking(model: str, **more: object) -> Generation:
    fixed = {"dialect": "openai", "operation": "chat", "stream": False, "choices": 1, "body": {}}
    return Generation(model=model, **{**fixed, **more})  # type: ignore[arg-type]


@pytest.fixture
def room(clock: Adjustable, baseline: Path, folder: Path) -> PolicyRoom:
    return PolicyRoom(clock, baseline, folder, {"DEMO_PORT": "4711"})


def test_a_permit_names_the_deployment_and_the_version(room: PolicyRoom) -> None:
    decision = room.decide(subject("balie"), asking("balie-concept"))
    deployment = decision.require_permit()
    assert (deployment.host, deployment.port, deployment.cidr) == ("127.0.0.1", 4711, ("127.0.0.0/8",))
    assert (deployment.provider, deployment.offering) == ("self-hosted", "self-llama-cpp")
    assert decision.policy == room.snapshot.sha256
    assert decision.task == "balie-concept"


def test_a_denial_says_which_rule_why_and_what_instead(room: PolicyRoom) -> None:
    with pytest.raises(Denied) as caught:
        room.decide(subject("oude-tool"), asking("oude-samenvatting")).require_permit()
    denied = caught.value
    assert (denied.rule, denied.alternative) == ("consumer-terms", "eigen-samenvatting")
    assert "consumentenvoorwaarden" in denied.reason.nl
    assert "consumer terms" in denied.reason.en
    assert "Q44" in denied.source


def test_a_caller_sees_the_models_that_it_may_use(room: PolicyRoom) -> None:
    offered = room.models(subject("oude-tool"))
    assert "eigen-samenvatting" in offered
    assert "oude-samenvatting" not in offered
    assert "balie-zoekvraag" in room.models(subject("balie"))
    assert room.models(subject("niemand")) == []
    assert room.models(subject("balie", organisation="gemeente-elders")) == []


def test_what_the_house_cannot_do_is_offered_to_nobody(clock: Adjustable, baseline: Path, folder: Path) -> None:
    modest = PolicyRoom(clock, baseline, folder, able={Envelope, Keep})
    assert modest.models(subject("balie")) == ["balie-zoekvraag"]
    decision = modest.decide(subject("balie"), asking("gpt-4o"))
    assert (decision.rule, decision.alternative) == ("unknown-task", "balie-zoekvraag")
    assert modest.decide(subject("balie"), asking("gpt-4o", media=frozenset({"image"}))).alternative is None
    assert modest.decide(subject("balie"), asking("balie-brief")).effect is Effect.PERMIT, "the pipeline refuses that"


def test_applications_and_organisations_are_found_by_id(room: PolicyRoom) -> None:
    assert sorted(room.applications()) == ["balie", "oude-tool", "proeftuin"]
    organisation = room.organisation("gemeente-voorbeeld")
    assert organisation is not None
    assert organisation.name == "Gemeente Voorbeeld"
    assert room.organisation("gemeente-elders") is None


def test_every_line_that_a_permit_shows_is_among_those_that_are_recognised(room: PolicyRoom) -> None:
    known = room.disclosures()
    assert len(known) == len(set(known)) == 12
    for task, languages in (("balie-antwoord", ("en", "nl")), ("balie-brief", ()), ("balie-concept", ())):
        obligations = room.decide(subject("balie"), asking(task, languages=languages)).obligations
        (label,) = (each for each in obligations if isinstance(each, Label))
        assert label.texts
        assert set(label.texts) <= set(known)


def test_an_application_is_told_where_it_asked_to_be(room: PolicyRoom, folder: Path) -> None:
    assert room.webhook("balie") is None
    assert room.webhook("niemand") is None
    with (folder / "applications" / "balie.yaml").open("a") as file:
        file.write("webhook: {url: 'https://zaak.voorbeeld.example/w', secret: 'file:/run/secrets/balie'}\n")
    room.reload()
    expected = Webhook("balie", "https://zaak.voorbeeld.example/w", "file:/run/secrets/balie")
    assert room.webhook("balie") == expected
    assert (room.listens("balie"), room.listens("proeftuin")) == (True, False)
    assert room.webhook("proeftuin") is None


def test_an_invalid_folder_opens_nothing(clock: Adjustable, baseline: Path, folder: Path) -> None:
    (folder / "deployments.yaml").write_text("deployments: []")
    with pytest.raises(PolicyInvalid):
        PolicyRoom(clock, baseline, folder)


def test_a_bad_reload_keeps_the_old_version(room: PolicyRoom, folder: Path) -> None:
    before = room.snapshot
    path = folder / "applications" / "balie.yaml"
    good = path.read_text()
    path.write_text(good.replace("profile: machine", "profile: machien"))
    assert room.changed()
    with pytest.raises(PolicyInvalid):
        room.reload()
    assert room.snapshot is before
    assert room.decide(subject("balie"), asking("balie-zoekvraag")).effect is Effect.PERMIT
    assert not room.changed(), "a bad folder is told once, not at every look"
    path.write_text(good.replace("decision_making: supporting", "decision_making: autonomous"))
    assert room.changed()
    assert room.reload().sha256 != before.sha256
    assert room.decide(subject("balie"), asking("balie-zoekvraag")).rule == "autonomous-decision"


def test_a_reload_without_a_change_of_content_keeps_the_version(room: PolicyRoom, folder: Path) -> None:
    before = room.snapshot
    os.utime(folder / "cases.yaml", ns=(1, 1))
    assert room.changed()
    assert room.reload() is before
    assert not room.changed()


def test_a_verdict_does_not_outlive_its_day(room: PolicyRoom, clock: Adjustable) -> None:
    clock.moment = datetime(2027, 4, 30, 23, 59, 59, tzinfo=UTC)
    pilot = asking("proeftuin-zoekvraag")
    assert room.decide(subject("proeftuin"), pilot).effect is Effect.PERMIT
    clock.moment = datetime(2027, 5, 1, tzinfo=UTC)
    assert room.decide(subject("proeftuin"), pilot).rule == "sandbox-ended"
    assert room.models(subject("proeftuin")) == []
    clock.moment = datetime(2027, 4, 30, tzinfo=UTC)
    assert room.decide(subject("proeftuin"), pilot).effect is Effect.PERMIT


def test_a_verdict_is_remembered_within_its_day_and_version(room: PolicyRoom, folder: Path) -> None:
    first = room.decide(subject("balie"), asking("balie-concept"))
    assert room.decide(subject("balie"), asking("balie-concept", prompt=("other words",))) is first
    assert room.decide(subject("balie"), asking("balie-concept", structured=True)).effect is Effect.DENY
    with (folder / "cases.yaml").open("a") as file:
        file.write("# another version\n")
    room.reload()
    assert room.decide(subject("balie"), asking("balie-concept")) is not first


@pytest.mark.parametrize(
    "more",
    [
        {"structured": True},
        {"media": frozenset({"image"})},
        {"model": "balie-brief", "tools": frozenset({"zoek-kennisbank"})},
    ],
)
def test_what_is_remembered_never_answers_another_question(room: PolicyRoom, more: dict[str, object]) -> None:
    plain = asking(str(more.get("model", "balie-concept")))
    assert room.decide(subject("balie"), plain).effect is Effect.PERMIT
    assert room.decide(subject("balie"), asking(**{"model": "balie-concept", **more})).effect is Effect.DENY  # type: ignore[arg-type]
    assert room.decide(subject("balie", language="de"), plain).effect is Effect.DENY
    assert room.decide(subject("balie"), plain).effect is Effect.PERMIT


def test_personal_data_in_a_pilot_is_seen_in_every_prompt(room: PolicyRoom) -> None:
    clean, found = (
        asking("proeftuin-zoekvraag", prompt=("Hallo",)),
        asking("proeftuin-zoekvraag", prompt=("", "111222333")),
    )
    assert room.decide(subject("proeftuin"), clean).effect is Effect.PERMIT
    denied = room.decide(subject("proeftuin"), found)
    assert denied.rule == "sandbox-personal-data"
    assert "111222333" not in repr(denied)
    assert room.decide(subject("proeftuin"), clean).effect is Effect.PERMIT


def test_ever_new_questions_do_not_make_it_grow(room: PolicyRoom) -> None:
    for number in range(MOST_VERDICTS + 10):
        assert room.decide(subject("niemand"), asking(f"m{number}")).effect is Effect.DENY
    assert len(room._version.verdicts) <= MOST_VERDICTS  # noqa: SLF001  (memory has no other window)
    long = asking("m" * (MOST_LETTERS + 1))
    assert room.decide(subject("niemand"), long) is not room.decide(subject("niemand"), long)


WORDS = st.text(max_size=40) | st.sampled_from(
    ["balie-concept", "balie-chat", "proeftuin-zoekvraag", "{task}", "fy", "pap", "nl"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whose=st.sampled_from(["gemeente-voorbeeld", "", "x"]) | WORDS,
    application=st.sampled_from(["balie", "proeftuin", "oude-tool"]) | WORDS,
    model=WORDS,
    prompt=st.lists(st.text(max_size=200), max_size=3),
    media=st.frozensets(st.sampled_from(["image", "audio", "video", "smell"]) | WORDS, max_size=3),
    tools=st.frozensets(WORDS, max_size=40),
    structured=st.booleans(),
    languages=st.tuples(st.none() | WORDS, st.lists(WORDS, max_size=4)),
    days=st.integers(-5000, 5000),
)
def test_it_never_raises_and_permits_only_what_is_known(
    room: PolicyRoom,
    clock: Adjustable,
    whose: str,
    application: str,
    model: str,
    prompt: list[str],
    media: frozenset[str],
    tools: frozenset[str],
    structured: bool,
    languages: tuple[str | None, list[str]],
    days: int,
) -> None:
    clock.moment = datetime.fromtimestamp(1_795_000_000 + days * 86_400, UTC)
    generation = asking(
        model, prompt=tuple(prompt), media=media, tools=tools, structured=structured, languages=tuple(languages[1])
    )
    decision = room.decide(subject(application, whose, languages[0]), generation)
    known = room.snapshot.applications.get((whose, application))
    if decision.effect is Effect.PERMIT:
        assert known is not None
        assert model in known.tasks
        assert {type(each).__name__ for each in decision.obligations} >= {"Envelope", "Keep"}
    else:
        assert decision.deployment is None
        assert decision.obligations == ()
        assert all([decision.rule, decision.reason.nl, decision.reason.en, decision.remedy.nl, decision.remedy.en])
        assert decision.alternative != model
