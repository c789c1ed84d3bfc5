# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""`waarmerk policy`: check, explain and test the policy, in words of whoever writes it."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import assert_never

import click

from app.domain.clock import SystemClock
from app.domain.decision import (
    CompareWithInput,
    Decision,
    Effect,
    Envelope,
    HoldForReview,
    Keep,
    Label,
    Notice,
    Obligation,
    Sandbox,
    SentenceMarks,
)
from app.domain.errors import ObligationUnsupported, PolicyInvalid
from app.domain.generation import Generation
from app.domain.subject import Context, Subject
from app.main import ABLE, load_policy
from app.policy.cases import run_case
from app.policy.gather import ask, gather
from app.policy.judge import Trial, judge, try_rules
from app.policy.outlook import outlook
from app.policy.schema import schemas
from app.policy.snapshot import PolicySnapshot
from app.settings import Settings

DENIED = 3
"""Exit code of `explain` when such a call is refused; 1 is for a policy that cannot be loaded, 2 for a wrong command."""


@click.group()
def policy() -> None:
    """The policy folder: check it, ask it, test it."""


_FOLDER = click.option(
    "--policies",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The organisation's folder. Default: WAARMERK_POLICIES.",
)


@policy.command()
@click.option("--days", default=60, show_default=True, type=click.IntRange(0, 3660), help="How far to look ahead.")
@_FOLDER
@click.pass_obj
def check(settings: Settings, folder: Path | None, days: int) -> None:
    """Check every file, and look ahead: what is denied today, what will be when a date passes.

    Exit code 0: the folder can be used, warnings or not. 1: it cannot, and each fault says where.
    """
    snapshot, today = _load(settings, folder), _today()
    prospects = sorted(outlook(snapshot, today, days), key=lambda each: (each.day, each.application, each.task))
    for prospect in prospects:
        when = "today" if prospect.day == today else f"from {prospect.day}"
        what = "denied" if prospect.denied else "warning"
        click.echo(f"{what:7}  {prospect.application}/{prospect.task}, {when}: {prospect.reason} [{prospect.rule}]")
    tasks = sum(len(application.tasks) for application in snapshot.applications.values())
    click.echo(
        f"Valid: {_count(len(snapshot.organisations), 'organisation')}, {_count(len(snapshot.applications), 'application')}, "
        f"{_count(tasks, 'task')}, {_count(len(snapshot.rules), 'rule')}, {_count(len(snapshot.cases), 'case')}."
    )
    click.echo(f"Version {snapshot.sha256}")


@policy.command()
@click.argument("application")
@click.argument("task")
@click.option("--organisation", help="Needed only when it is not the one that the application belongs to.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day. Default: today.")
@click.option("--language", help="Language of the text that is asked for.")
@click.option(
    "--media", multiple=True, type=click.Choice(["image", "audio", "video"]), help="Kind asked for beside text."
)
@click.option("--tool", "tools", multiple=True, help="Tool that the model may call.")
@click.option("--structured", is_flag=True, help="Ask for JSON.")
@_FOLDER
@click.pass_obj
def explain(  # noqa: PLR0913  (click hands over one parameter for each option)
    settings: Settings,
    folder: Path | None,
    application: str,
    task: str,
    *,
    organisation: str | None,
    day: datetime | None,
    language: str | None,
    media: tuple[str, ...],
    tools: tuple[str, ...],
    structured: bool,
) -> None:
    """Say what the verdict would be on TASK of APPLICATION, why, and what every rule said.

    Exit code 0: permitted. 3: denied, or permitted and still refused, because this version cannot do what is asked.
    """
    snapshot = _load(settings, folder)
    whose = organisation or next((owner for owner, name in snapshot.applications if name == application), "-")
    subject = Subject("-", whose, application, frozenset(), Context(language=language))
    generation = Generation(
        dialect="-",
        operation="-",
        model=task,
        stream=False,
        choices=1,
        body={},
        media=frozenset(media),
        tools=frozenset(tools),
        structured=structured,
    )
    today = day.date() if day else _today()
    asked = ask(snapshot, subject, generation)
    decision = judge(snapshot, asked, today, ABLE)
    click.echo(f"{application}/{task} of {whose}, on {today}: {_verdict(decision)}\n")
    _echo_all(_told(decision))
    click.echo("\nEvery rule, in order:")
    _echo_all(_tried(try_rules(snapshot, gather(snapshot, asked, today))))
    raise SystemExit(0 if decision.usable(ABLE) else DENIED)


@policy.command("test")
@_FOLDER
@click.pass_obj
def run_tests(settings: Settings, folder: Path | None) -> None:
    """Run cases.yaml: the verdicts that this policy must reach. Exit code 1 when one differs, or when there is none."""
    snapshot = _load(settings, folder)
    failed = [outcome for outcome in (run_case(snapshot, case) for case in snapshot.cases) if outcome.failures]
    for outcome in failed:
        click.echo(f"FAILED  {outcome.case.name}")
        _echo_all(f"        {failure}" for failure in outcome.failures)
    if not snapshot.cases:
        raise click.ClickException("There is no case to run. Write down expected verdicts in cases.yaml.")
    click.echo(f"{_count(len(snapshot.cases), 'case')}, {len(failed)} failed.")
    raise SystemExit(1 if failed else 0)


@policy.command()
@click.option("--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
def schema(output: Path) -> None:
    """Write JSON Schemas of all policy files, for editors."""
    output.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (output / name).write_text(text, encoding="utf-8")
        click.echo(output / name)


def _load(settings: Settings, folder: Path | None) -> PolicySnapshot:
    """The policy as it would be served, or the end of the command with every fault and its place."""
    chosen = settings.model_copy(update={"policies": folder}) if folder else settings
    try:
        return load_policy(chosen, SystemClock()).snapshot
    except PolicyInvalid as error:
        for fault in error.faults:
            click.echo(f"{fault.pointer}: {fault.detail}", err=True)
        click.echo(f"\n{_count(len(error.faults), 'fault')}. Correct these places; nothing was loaded.", err=True)
        raise SystemExit(1) from None


def _verdict(decision: Decision) -> str:
    if decision.effect is not Effect.PERMIT:
        return f"DENIED by the rule {decision.rule}"
    return "permitted" if decision.usable(ABLE) else "permitted, but REFUSED by this version"


def _unable(decision: Decision) -> str:
    """Obligations of a permit that no room of this version fulfils; empty when there are none."""
    return ", ".join(type(each).__name__ for each in decision.obligations if type(each) not in ABLE)


def _told(decision: Decision) -> Iterable[str]:
    unable = _unable(decision)
    said = ObligationUnsupported() if unable else decision
    yield f"  Reason       {said.reason.en}"
    yield f"  Reden        {said.reason.nl}"
    yield f"  What now     {said.remedy.en}"
    yield f"  Wat nu       {said.remedy.nl}"
    if decision.source:
        yield f"  Source       {decision.source}"
    if decision.alternative:
        yield f"  Use instead  {decision.alternative}"
    if decision.deployment:
        where = decision.deployment
        yield f"  Goes to      {where.model} at {where.host}:{where.port} ({where.id}, contract {where.contract})"
    for obligation in decision.obligations:
        yield f"  Obligation   {_words(obligation)}"
    if unable:
        yield f"  Refused      {ObligationUnsupported.name}: this version cannot do {unable}"
    yield f"  Policy       {decision.policy}"


def _words(obligation: Obligation) -> str:  # noqa: C901, PLR0911  (one sentence for each kind)
    match obligation:
        case Envelope(disclosure):
            return f'beside the content: "{disclosure.nl}"'
        case Label(variant, languages, data=data):
            unless = "; not on a text that begins as data" if data else ""
            return f"a visible label, '{variant}', in {', or '.join(languages)}{unless}"
        case SentenceMarks():
            return "an invisible mark in every sentence"
        case HoldForReview(review_class):
            return f"held until a human has signed off (review class '{review_class.id}')"
        case Notice(contact):
            return f"first tell the person that this is AI, and how to reach a human: {contact}"
        case CompareWithInput(most):
            return f"compared with the input: at most {most} percent may be new"
        case Sandbox(data, until):
            return f"a pilot with {data} data until {until}: a banner, and no publication"
        case Keep(days, content):
            return f"{'prompt and output' if content else 'the proof, not the content,'} kept for {days} days"
    assert_never(obligation)


def _tried(trials: Iterable[Trial]) -> Iterable[str]:
    decided = False
    for trial in trials:
        if not trial.held:
            word = "no objection"
        elif trial.observed:
            word = "would deny (observed)"
        elif not trial.denies:
            word = "WARNS"
        else:
            word = "also denies" if decided else "DENIES"
            decided = True
        yield f"  {word:21}  {trial.rule.id}"


def _echo_all(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _today() -> date:
    return SystemClock().now().date()
