# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demo's real model, once, and a home that nobody serves: what its steps say when Waarmerk is not there to do its work."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import openai
import pytest

from app.cli.demo.children import Child
from app.cli.demo.home import DemoHome, furnish
from app.cli.demo.scene import Scene, sdk
from tests.example import SHIPPED
from tests.ports import reserved_port


@dataclass(frozen=True)
class Model:
    """The model as it runs."""

    child: Child
    port: int
    client: openai.OpenAI


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    port = reserved_port()
    log = tmp_path_factory.mktemp("model") / "model.log"
    child = Child("app.cli.demo.model", str(port), log=log, environment=dict(os.environ))
    try:
        with sdk(f"http://127.0.0.1:{port}/v1", "none") as client:
            until_it_answers(child, client)
            yield Model(child, port, client)
    finally:
        child.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "demo"
    made.mkdir()
    return made


@pytest.fixture
def home(folder: Path) -> DemoHome:
    return furnish(folder, SHIPPED, model_port=reserved_port(), port=reserved_port())


@pytest.fixture
def bare(home: DemoHome, model: Model) -> Iterator[Scene]:
    """A scene in which the applications reach the model directly: everything is answered, and nothing marked or recorded."""
    around = home.settings.model_copy(update={"public_address": f"http://127.0.0.1:{model.port}"})
    with Scene(replace(home, settings=around)) as scene:
        yield scene


def until_it_answers(child: Child, client: openai.OpenAI) -> None:
    """Wait, for a bounded time."""

    def answers() -> bool:
        assert child.alive, child.last_words()
        try:
            client.models.list()
        except openai.OpenAIError:
            return False
        return True

    until(answers)


def until(fact: Callable[[], bool], *, seconds: float = 180) -> None:
    """Wait, for a bounded time, until this is so."""
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, f"it took more than {seconds} seconds"
        time.sleep(0.05)
