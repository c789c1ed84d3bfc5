# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything the demo starts, in order, and that it ends again: a fresh home, the model, Waarmerk; then the walk and what remains."""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click
import openai

from app.cli.demo import screen
from app.cli.demo.calls import TASK
from app.cli.demo.children import Child, free_port
from app.cli.demo.home import DemoHome, furnish, occupied, write_card
from app.cli.demo.scene import Scene, sdk
from app.cli.demo.tour import INTRODUCTION, Outcome, walk

_STARTED_WITHIN = 120.0
_SNIPPET = """from openai import OpenAI

client = OpenAI(
    base_url="{base_url}",
    api_key="{key}",
)
answer = client.chat.completions.create(
    model="{task}",
    messages=[{{"role": "user", "content": "What is a passport?"}}],
)
print(answer.choices[0].message.content)
print(answer.ai_provenance)
"""


def perform(root: Path, policies: Path, *, preferred_port: int, stay: bool) -> Sequence[Outcome]:
    """Give the demo; return the steps that failed. Raises `click.ClickException` and `WaarmerkError` when it cannot begin."""
    screen.heading("Waarmerk: a demo")
    for paragraph in INTRODUCTION.strip().split("\n\n"):
        screen.say(paragraph)
        click.echo("")
    with occupied(root) as folder, ExitStack() as children:
        screen.heading("Starting")
        model_port, port = free_port(), free_port(preferred_port)
        home = screen.working(
            "Keys and a database are made",
            lambda: furnish(folder, policies.resolve(), model_port=model_port, port=port),
        )
        model_url = f"http://127.0.0.1:{model_port}/v1"
        model = _child(home, children, "app.cli.demo.model", str(model_port))
        waarmerk = _child(home, children, "app.cli.demo.proxy")
        _await("The model is loading", model, model_url, "none")
        _await("Waarmerk is starting", waarmerk, home.base_url, home.key("balie"))
        screen.say(f"The model listens at {model_url}, Waarmerk at {home.base_url}.")
        with Scene(home) as scene:
            failed = _sum_up(walk(scene))
        _hand_over(home, root, model_url)
        if stay:
            _stay((model, waarmerk))
    screen.say("The model and Waarmerk have stopped.")
    return failed


def _child(home: DemoHome, children: ExitStack, module: str, *arguments: str) -> Child:
    log = home.folder / f"{module.rpartition('.')[2]}.log"
    child = Child(module, *arguments, log=log, environment=home.environment())
    children.callback(child.stop)
    return child


def _await(what: str, child: Child, base_url: str, key: str) -> None:
    """Until it answers. Raises `click.ClickException` when it ended, or takes too long."""
    with sdk(base_url, key) as client:
        answers = screen.wait_for(what, lambda: not child.alive or _answers(client), seconds=_STARTED_WITHIN)
    if not (answers and child.alive):
        raise click.ClickException(f"It did not start. The end of its log, {child.log}:\n{child.last_words()}")


def _answers(client: openai.OpenAI) -> bool:
    try:
        client.models.list()
    except openai.OpenAIError:
        return False
    return True


def _sum_up(outcomes: Sequence[Outcome]) -> list[Outcome]:
    screen.heading("What you have seen")
    for number, outcome in enumerate(outcomes, 1):
        tell = screen.passed if outcome.passed else screen.failed
        tell(f"{number:>2}  {outcome.step.title}")
        screen.say(outcome.said, indent=" " * 8)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if failed:
        names = ", ".join(outcome.step.name for outcome in failed)
        screen.failed(f"{len(failed)} of {len(outcomes)} steps did not do what they should: {names}")
    return failed


def _hand_over(home: DemoHome, root: Path, model_url: str) -> None:
    """Say where everything is, and leave it in a file."""
    snippet = _SNIPPET.format(base_url=home.base_url, key=home.key("balie"), task=TASK)
    card = write_card(home, root, model_url=model_url, snippet=snippet)
    screen.heading("Try it yourself")
    screen.fact("Waarmerk", f"{home.base_url} (OpenAI-compatible)")
    screen.fact("the model", f"{model_url} (without Waarmerk; this machine only)")
    for application in dict.fromkeys(task.application for task in home.tasks):
        screen.fact(f"key {application}", home.key(application))
    screen.fact("verify", f"{home.settings.public_address}/verify (for everybody)")
    screen.fact("the desk", f"{home.desk} (in a browser; sign in with a name and the password beside it)")
    for person in home.people.values():
        screen.fact(f"  {person.name}", person.password)
    screen.fact("trust anchor", screen.short(home.trust_anchor))
    screen.say(
        "The trust anchor is the public key of the log: with it an auditor checks the log, and need not take anybody's word."
    )
    click.echo("\n  In Python:\n")
    click.echo("".join(f"    {line}\n" if line else "\n" for line in snippet.splitlines()))
    click.echo("  On the command line:\n")
    click.echo(f"    export WAARMERK_HOME='{screen.short(home.folder)}'")
    click.echo(f"    {screen.short(Path(sys.executable).with_name('waarmerk'))} key list\n")
    screen.say(f"All of this stands in {card}, which only you can read.")


def _stay(running: Sequence[Child]) -> None:
    """Until Ctrl-C, or until one of the children is gone."""
    screen.say("The demo stays up. Press Ctrl-C to stop.")
    try:
        while all(child.alive for child in running):
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("")
        return
    gone = next(child for child in running if not child.alive)
    raise click.ClickException(
        f"A part of the demo ended by itself. The end of its log, {gone.log}:\n{gone.last_words()}"
    )
