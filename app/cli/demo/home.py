# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demo's own home: `demo/` inside the folder that is named, made anew each time, with everything its commands need.

Nothing else in that folder is touched: no keys, no database and no settings of another installation.
"""

import asyncio
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from app import settings as configuration
from app.cli.demo.people import Person, invite
from app.domain.decision import Profile
from app.identity.registrar import APPLICATION_SCOPES
from app.main import House, open_house, prepare
from app.settings import Environment, Settings

_MARK = "made-by-waarmerk-demo"
_DRAIN = 2.0
"""Seconds that a running call gets when the demo ends: nobody waits for it."""
_ANCHOR = """# Trust anchor of the evidence log: the public key with which the log is signed.
# Whoever has this file, from a source that is not the log itself, can check that the log was not altered.
# DEVELOPMENT KEY: what it signs proves nothing to anybody.
"""


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the example organisation, and the key that may ask for it."""

    alias: str
    application: str
    profile: Profile
    key: str


@dataclass(frozen=True, slots=True)
class DemoHome:
    """A prepared home. `settings` are what every command in it goes by."""

    settings: Settings
    tasks: tuple[Task, ...] = ()
    people: Mapping[str, Person] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Keys, database, settings, logs of the demo."""
        return self.settings.home

    @property
    def trust_anchor(self) -> Path:
        """The public key of the log."""
        return self.folder / "trust-anchor.vkey"

    @property
    def base_url(self) -> str:
        """What an OpenAI SDK is pointed at."""
        return f"{self.settings.public_address}/v1"

    @property
    def desk(self) -> str:
        """Where people sign in."""
        return f"{self.settings.public_address}/review/"

    def environment(self, **settings: str) -> Mapping[str, str]:
        """For child processes: that of the demo, but with this home's settings alone."""
        inherited = {name: value for name, value in configuration.environment().items() if not _is_setting(name)}
        return inherited | {"PYTHONUTF8": "1", "WAARMERK_HOME": str(self.folder), **settings}

    def key(self, application: str) -> str:
        """A key of this application. Raises `StopIteration` when the policy folder has no such application."""
        return next(task.key for task in self.tasks if task.application == application)


@contextmanager
def occupied(root: Path) -> Iterator[Path]:
    """An empty folder for a demo home, for as long as this lasts. Raises `click.ClickException` when it cannot be had."""
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (root / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"A demo is running in {root} already. Stop it with Ctrl-C, or give this one a place: --home FOLDER"
            ) from None
        (root / "demo.json").unlink(missing_ok=True)
        yield _emptied(root / "demo")


def furnish(folder: Path, policies: Path, *, model_port: int, port: int) -> DemoHome:
    """Make keys, database and settings in this folder, and an API key for each application. Raises `WaarmerkError`."""
    settings = configuration.load(
        home=folder,
        environment=Environment.DEVELOPMENT,
        database="",
        policies=policies,
        policy_variables={"DEMO_PORT": str(model_port)},
        host="127.0.0.1",
        port=port,
        public_address=f"http://127.0.0.1:{port}",
        drain=_DRAIN,
    )
    _write(folder / "settings.env", _as_file(settings))
    prepare(settings)
    return asyncio.run(_opened(DemoHome(settings)))


def write_card(home: DemoHome, root: Path, *, model_url: str, snippet: str) -> Path:
    """`demo.json`: where everything is and which keys open it, for other programs; readable for its owner only."""
    card = {
        "base_url": home.base_url,
        "address": home.settings.public_address,
        "model_url": model_url,
        "home": str(home.folder),
        "trust_anchor": str(home.trust_anchor),
        "tasks": [{"alias": task.alias, "profile": task.profile, "key": task.key} for task in home.tasks],
        "people": {
            name: {"name": person.name, "password": person.password, "address": home.desk}
            for name, person in home.people.items()
        },
        "snippet": snippet,
    }
    path = root / "demo.json"
    _write(path, json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return path


async def _opened(home: DemoHome) -> DemoHome:
    async with open_house(home.settings) as house:
        tasks = await _let_in(house)
        people = await invite(house)
        keys = "".join(f"{key.text}\n" for key in house.checkpointer.keys(house.organisation))
    _write(home.trust_anchor, _ANCHOR + keys)
    return replace(home, tasks=tasks, people=people)


async def _let_in(house: House) -> tuple[Task, ...]:
    tasks: list[Task] = []
    for name, application in sorted(house.policy.applications().items()):
        _, secret = await house.registrar().create_key(name, APPLICATION_SCOPES, "demo")
        tasks += (Task(alias, name, task.profile, secret) for alias, task in application.tasks.items())
    return tuple(tasks)


def _emptied(folder: Path) -> Path:
    """Only what an earlier demo made is taken away: it carries the demo's mark."""
    if folder.is_symlink() or (folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file()):
        raise click.ClickException(
            f"{folder} was not made by the demo, so it stays as it is. Give the demo another place: --home FOLDER"
        )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    (folder / _MARK).write_text("The next demo replaces this whole folder.\n", encoding="utf-8")
    return folder.resolve()


def _as_file(settings: Settings) -> str:
    """`settings.env`: with WAARMERK_HOME alone, every command finds the rest."""
    said = settings.model_dump(mode="json", include={"policies", "policy_variables", "port", "public_address", "drain"})
    lines = [f"WAARMERK_{name.upper()}={_quoted(value)}" for name, value in said.items()]
    return "# Settings of the demo. The next demo replaces them.\n" + "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _is_setting(name: str) -> bool:
    return name.upper().startswith("WAARMERK_")


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and never readable for others."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)
