# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The image as its Dockerfile says it: which steps, which user, and a build that stops at what would run unasked.

`./dev check` lints it, and `./dev prove-image` takes its steps in a clean Debian root.
"""

import asyncio
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings
from deploy.dockerfile import Image, context, image, steps
from tests.fake_authority import Authority
from tests.installation import Installation

ROOT = Path(__file__).parents[2]
STEPS = steps(ROOT / "Dockerfile")


@pytest.fixture(scope="module")
def built() -> Image:
    return image(ROOT / "Dockerfile")


def test_one_line_names_the_image_that_it_stands_on() -> None:
    sources = [step.rest.split() for step in STEPS if step.word == "FROM"]
    stages = {words[-1] for words in sources if "AS" in words}
    assert [words[0] for words in sources if words[0] not in stages] == ["python:3.11-slim-bookworm"]


def test_it_runs_as_nobody_special_and_writes_in_one_place(built: Image) -> None:
    assert built.settings["USER"] == "10001:10001"
    assert built.settings["VOLUME"] == built.settings["WORKDIR"] == built.environment["WAARMERK_HOME"]
    assert built.environment["PYTHONSAFEPATH"] == "1"


def test_it_sets_what_exists(built: Image) -> None:
    names = {name.removeprefix("WAARMERK_").lower() for name in built.environment if name.startswith("WAARMERK_")}
    assert names <= Settings.model_fields.keys()
    assert [step.rest for step in STEPS if step.word == "EXPOSE"] == [str(Settings().port)]


def test_everything_installed_is_held_to_a_hash() -> None:
    installs = [part for step in STEPS for part in step.rest.split("&&") if "pip install" in part]
    assert len(installs) == 3
    assert [line for line in installs if "--require-hashes" not in line and "--no-index" not in line] == []


def test_what_it_copies_is_let_in() -> None:
    copied = {
        name
        for step in STEPS
        if step.word == "COPY" and not step.rest.startswith("--from=")
        for name in step.rest.split()[:-1]
    }
    assert copied <= set(context(ROOT / ".dockerignore"))


@pytest.mark.parametrize("name", ["planted.pth", "sitecustomize.py", "usercustomize/__init__.py"])
def test_the_build_stops_at_what_would_run_when_python_starts(name: str, tmp_path: Path) -> None:
    """Before the first command of that environment which could run it."""
    run = next(step.rest for step in STEPS if step.word == "RUN" and "venv" in step.rest)
    installed, look, after = (part.strip() for part in run.split("&&")[2:5])
    assert "-r requirements.lock" in installed
    assert "pip install" in after
    look = look.replace("/opt/waarmerk", str(tmp_path))
    assert subprocess.run(["sh", "-c", look], check=False).returncode == 0
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert subprocess.run(["sh", "-c", look], check=False).returncode == 1


async def test_the_health_check_asks_under_a_name_that_is_answered(tmp_path: Path, built: Image) -> None:
    """Over TLS, where it is on; with a certificate that nothing on this machine vouches for."""
    authority = Authority(tmp_path)
    file = str(authority.issue("127.0.0.1"))
    trust = ssl.create_default_context(cafile=authority.ca_file)
    async with Installation(tmp_path / "home", 1, trust=trust, tls_certificate=file, tls_key=file) as waarmerk:
        environment = {
            "WAARMERK_PORT": str(waarmerk.port),
            "WAARMERK_PUBLIC_ADDRESS": waarmerk.address,
            "WAARMERK_TLS_CERTIFICATE": file,
        }
        assert await health(built, environment) == 0
        assert await health(built, environment | {"WAARMERK_ALLOWED_HOSTS": "elsewhere.example.org"}) == 1


async def health(built: Image, environment: dict[str, str]) -> int:
    """What the container's own question ends with."""
    _, *arguments = built.commands["HEALTHCHECK"]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, env=environment)
    return await process.wait()
