# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the demo speaks: plain lines of at most 100 columns, colour only on a terminal."""

import math
import re
import textwrap
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import click

T = TypeVar("T")

_WIDTH = 96
_BAR = "  | "
_REST_OF_A_WORD = 12
"""Columns kept free where words come in pieces: what was shown of a word cannot be moved to the next line."""
_NAMES = 18
"""Columns for the names of facts."""


def heading(text: str) -> None:
    """Begin a part."""
    click.secho(f"\n{text}", bold=True)


def say(text: str, *, indent: str = "  ") -> None:
    """A paragraph."""
    click.echo(_filled(text, indent))


def show(text: str) -> None:
    """Something as it is: an answer, a sentence that people see, the output of a command."""
    for line in readable(text).splitlines() or [""]:
        click.secho(_filled(line, _BAR, hanging=_hanging(line)), fg="cyan")


def fact(name: str, *sentences: str) -> None:
    """A named thing, one sentence a line; what wraps goes on under its beginning."""
    for place, sentence in enumerate(sentences):
        first = f"{_BAR}{'' if place else name:<{_NAMES - 1}} "
        click.secho(_filled(readable(sentence), first, hanging=_BAR + " " * _NAMES), fg="cyan")


def command(text: str) -> None:
    """What one would type to get the same."""
    click.secho(f"  $ {text}", fg="yellow")


def passed(text: str) -> None:
    """A thing that is as it should be."""
    click.secho(_filled(text, "  ✓ ", hanging="    "), fg="green")


def failed(text: str) -> None:
    """A thing that is not."""
    click.secho(_filled(text, "  ✗ ", hanging="    "), fg="red", bold=True)


def stream(pieces: Iterator[str]) -> None:
    """Show pieces of text as they come, as `show` would the whole."""
    line = ""
    blank = ""
    try:
        for piece in pieces:
            for part in re.split(r"(\s+)", readable(piece)):
                if part.isspace():
                    blank += part
                elif part:
                    wraps = not line or "\n" in blank or (blank and len(line + blank + part) > _WIDTH - _REST_OF_A_WORD)
                    lead = ("\n" if line else "") + _BAR if wraps else blank
                    click.secho(lead + part, fg="cyan", nl=False)
                    line = (_BAR if wraps else line + blank) + part
                    blank = ""
    finally:
        click.echo("")


def wait_for(what: str, ready: Callable[[], bool], *, seconds: float, every: float = 0.1) -> bool:
    """Ask `ready` until it says yes, with a dot each second so that one sees that something happens. False: it took too long."""
    click.echo(f"  {what} ", nl=False)
    begun = told = time.monotonic()
    while not (done := ready()) and time.monotonic() - begun < seconds:
        if time.monotonic() - told >= 1:
            click.echo(".", nl=False)
            told = time.monotonic()
        time.sleep(every)
    click.echo(f" {time.monotonic() - begun:.1f} s" if done else " no")
    return done


def working(what: str, work: Callable[[], T]) -> T:
    """Do something that takes a while, with a dot each second; return or raise what it does."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(work)
    pool.shutdown(wait=False)  # so that Ctrl-C is heard: the thread ends when what it waits for does
    wait_for(what, future.done, seconds=math.inf)
    return future.result()


def readable(text: str) -> str:
    """Without characters that a terminal would obey."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "�" for letter in text.replace("\t", "    "))


def short(path: Path) -> str:
    """As one would type it here."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _filled(text: str, indent: str, *, hanging: str | None = None) -> str:
    """Long words stay whole: an address or a key that is cut in two cannot be copied."""
    following = indent if hanging is None else hanging
    return (
        textwrap.fill(
            text,
            _WIDTH,
            initial_indent=indent,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        )
        or indent.rstrip()
    )


def _hanging(line: str) -> str:
    """A line that wraps goes on a little further in than it began."""
    return _BAR + " " * (len(line) - len(line.lstrip()) + 2)
