# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the Dockerfile says, as far as ours goes: its steps in order, and how what comes out of it is started."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

BASE_PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where the base image looks for programs."""


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction: `FROM`, `RUN`, …, and what follows it as one line."""

    word: str
    rest: str


@dataclass(slots=True)
class Image:
    """How a container of the last stage is started."""

    environment: dict[str, str] = field(default_factory=lambda: {"PATH": BASE_PATH})
    settings: dict[str, str] = field(default_factory=dict)
    """Of `USER`, `VOLUME` and `WORKDIR`."""
    commands: dict[str, list[str]] = field(default_factory=dict)
    """Of `CMD`, `ENTRYPOINT` and `HEALTHCHECK`."""

    def take(self, step: Step) -> None:
        """Let one step change it. Raises `ValueError` for an instruction that is not known here."""
        match step.word:
            case "ENV":
                self.environment |= variables(step.rest, self.environment)
            case "USER" | "VOLUME" | "WORKDIR":
                self.settings[step.word] = step.rest
            case "CMD" | "ENTRYPOINT" | "HEALTHCHECK":
                self.commands[step.word] = json.loads(step.rest[step.rest.index("[") :])
            case "COPY" | "EXPOSE" | "RUN":
                pass
            case _:
                raise ValueError(f"{step.word} is not known here")


def steps(file: Path) -> Sequence[Step]:
    """Comments left out, and lines that end in a backslash joined."""
    lines = [line for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]
    whole = re.sub(r"\\\n", "", "\n".join(lines))
    return [Step(word, rest) for word, _, rest in (line.partition(" ") for line in whole.splitlines())]


def image(file: Path) -> Image:
    """Of the last stage."""
    result = Image()
    for step in steps(file):
        if step.word == "FROM":
            result = Image()
        else:
            result.take(step)
    return result


def variables(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """`NAME=value …`, with `$NAME` replaced by what was known before."""
    pairs = (part.partition("=") for part in shlex.split(text))
    return {name: Template(value).substitute(known) for name, _, value in pairs}


def context(file: Path) -> Sequence[str]:
    """What .dockerignore lets in: it shuts everything out, and names what may come."""
    lines = file.read_text().split()
    if lines[0] != "*":
        raise ValueError(f"{file} does not begin with *")
    return [line.removeprefix("!") for line in lines if line.startswith("!")]
