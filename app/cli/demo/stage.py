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

_PORT = 8484
_STARTED_WITHIN = 120.0
_SNIPPET = """from openai import OpenAI

client = OpenAI(base_url="{base_url}", api_key="{key}")
answer = client.chat.completions.create(
    model="{task}", messages=[{{"role": "user", "content": "What is a passport?"}}]
)
print(answer.choices[0].message.content)
print(answer.ai_provenance)
"""


def perform(root: Path, policies: Path, *, stay: bool) -> Sequence[Outcome]:
    """Give the demo; return the steps that failed. Raises `click.ClickException` and `WaarmerkError` when it cannot begin."""
    screen.heading("Waarmerk: a demo")
    for paragraph in INTRODUCTION.strip().split("\n\n"):
        screen.say(paragraph)
        click.echo("")
    with occupied(root) as folder, ExitStack() as children:
        model_port = free_port()
        home = furnish(folder, policies=policies.resolve(), model_port=model_port, port=free_port(_PORT))
        model_url = f"http://127.0.0.1:{model_port}/v1"
        running = _start(home, model_url, model_port, children)
        outcomes = walk(Scene(home))
        failed = _sum_up(outcomes)
        _hand_over(home, root, model_url)
        if stay:
            _stay(running)
    screen.say("Stopped: the model and Waarmerk.")
    return failed


def _start(home: DemoHome, model_url: str, model_port: int, children: ExitStack) -> list[Child]:
    """The two processes that stay; each is there when it answers."""
    screen.heading("Starting")
    running = []
    for what, module, arguments, client in (
        ("The model is loading", "model", (str(model_port),), sdk(model_url, "none")),
        ("Waarmerk is starting", "proxy", (), sdk(home.base_url, home.key("balie"))),
    ):
        child = Child(
            f"app.cli.demo.{module}", *arguments, log=home.folder / f"{module}.log", environment=home.environment()
        )
        children.callback(child.stop)
        running.append(child)
        if not screen.wait_for(what, lambda: not child.alive or _answers(client), seconds=_STARTED_WITHIN) or (  # noqa: B023
            not child.alive
        ):
            raise click.ClickException(f"It did not start. The end of its log, {child.log}:\n{child.last_words()}")
    screen.say(f"The model listens at {model_url}, Waarmerk at {home.base_url}.")
    return running


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
    click.echo(f"  Waarmerk      {home.base_url}   (OpenAI-compatible)")
    click.echo(f"  the model     {model_url}   (the way around Waarmerk; only this machine can reach it)")
    for application in dict.fromkeys(task.application for task in home.tasks):
        click.echo(f"  key of {application:<12} {home.key(application)}")
    click.echo(f"  trust anchor  {home.trust_anchor}")
    screen.say(
        "The trust anchor is the public key of the log: with it, and without trusting us, an auditor checks the log."
    )
    click.echo("\n  In Python:\n")
    click.echo("".join(f"    {line}\n" if line else "\n" for line in snippet.splitlines()))
    click.echo("  On the command line:\n")
    click.echo(f"    export WAARMERK_HOME='{home.folder}'")
    click.echo(f"    {Path(sys.executable).with_name('waarmerk')} key list\n")
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
