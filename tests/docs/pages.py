# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a page tells its reader to do, done as it stands there, and held against what the page says one then sees."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?:```(\w+)\n(.*?)^```$|## (.+?)$)", re.MULTILINE | re.DOTALL)
_ANY_LINES = r"(?:.*\n)*"
_NAMED = re.compile(r"(?:#|//) (add to )?([\w./-]+\.\w+)\n")
# Our marks do not show on paper.
_UNSEEN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code, and the heading that it stands under."""

    heading: str
    language: str
    text: str

    def write(self, folder: Path) -> None:
        """The file that its first line names, or what it says to add to one; without such a line nothing."""
        named = _NAMED.match(self.text)
        if named is None:
            return
        path = folder / named[2]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if named[1] else "w", encoding="utf-8") as file:
            file.write(self.text)


def blocks(page: str, heading: str = "") -> list[Block]:
    """Of this page of the repository, in order; only those under one heading when it is given."""
    found = list(_blocks((ROOT / page).read_text(encoding="utf-8")))
    chosen = [block for block in found if heading in {"", block.heading}]
    assert chosen, f"{page} has no code under {heading!r}"
    return chosen


def _blocks(text: str) -> Iterator[Block]:
    heading = ""
    for language, code, title in _FENCE.findall(text):
        heading = title or heading
        if language:
            yield Block(heading, language, code)


async def follow(steps: list[Block], folder: Path, environment: Mapping[str, str]) -> int:
    """Write each file and give each command, in this folder; how many commands were given.

    A `console` block is commands after `$ ` with what they say. `…` stands for what differs from place to place: alone on a line for
    any lines, within a line for any characters.
    """
    given = 0
    for step in steps:
        if step.language == "console":
            for command, shown in _session(step.text):
                matches(shown, await run(["bash", "-c", command], folder, environment), command)
                given += 1
        else:
            step.write(folder)
    return given


def _session(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command = re.match(r"(?:.*\\\n)*.*\n?", part)
        assert command is not None
        yield command[0].strip(), part[command.end() :]


async def run(
    command: list[str], folder: Path, environment: Mapping[str, str], given: str = "", *, status: int | None = None
) -> str:
    """What it said on both streams. It finds `waarmerk` and `python` where these tests run. Fails on another status, if one is named."""
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env={"PATH": search, "LANG": "C.UTF-8", **environment},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said = (await asyncio.wait_for(process.communicate(given.encode()), 240))[0].decode()
    assert status in {None, process.returncode}, said
    return said


def matches(shown: str, said: str, what: str) -> None:
    """Fails unless what was said is what is shown."""
    pattern = "".join(_ANY_LINES if line.strip() == "…" else _line(line) for line in _lines(shown))
    seen = _lines(_UNSEEN.sub("", said).replace("\r", ""))
    assert re.fullmatch(pattern, "\n".join([*seen, ""])), f"{what}\nsays:\n{said}\nbut the page shows:\n{shown}"


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip("\n").split("\n")]


def _line(line: str) -> str:
    return re.escape(line).replace("…", ".*") + "\n"
