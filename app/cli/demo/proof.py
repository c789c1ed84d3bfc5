# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps about the log: what it tells of a call, that it is whole, and that one changed byte is found."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from app.cli.demo import screen
from app.cli.demo.calls import QUESTION
from app.cli.demo.expectation import Unexpected, expect
from app.cli.demo.scene import Scene

_COPY = "altered-copy.db"


def told(scene: Scene) -> str:
    """The log tells of the allowed call, and holds not a word of it."""
    shown = scene.command("evidence", "show", scene.exchange("allowed"))
    expect("exchange:opened" in shown, "The log does not say that the call was permitted.")
    expect("exchange:delivered" in shown, "The log does not say that the answer was delivered.")
    found = [path.name for path in _database_files(scene) if QUESTION.encode() in path.read_bytes()]
    expect(not found, f"The question itself was found in {', '.join(found)}.")
    screen.say(
        "Each line is a name, a value, and in brackets what it means. The question itself is nowhere in the database: the demo"
        " searched every file of it. Only a fingerprint is kept: whoever has the text can prove that it is the same, and nobody"
        " can read it back."
    )
    return "both records are there, and not a word of the question"


def verified(scene: Scene) -> str:
    """Every entry is read again and compared with what was signed."""
    shown = scene.command("evidence", "verify", "--vkey", screen.short(scene.home.trust_anchor))
    expect("IN ORDER" in shown, "The log was not found in order.")
    entries = re.search(r"(\d+) entries", shown)
    return f"{entries[1] if entries else 'all'} entries, all as they were signed"


def altered(scene: Scene) -> str:
    """One byte of a copy is changed; the same check says which entry it is."""
    exchange = scene.exchange("refused")
    shown = scene.command("evidence", "show", exchange, lines=3)
    entry = re.search(r"Entry (\d+)", shown)
    if entry is None:
        raise Unexpected("The log does not tell of the refused call.")
    copy = scene.home.folder / _COPY
    _copy(scene.home.folder / "waarmerk.db", copy)
    blame_another(copy, exchange)
    screen.say(
        "The demo copies the database, and in the copy changes one letter of that entry: 'oude-tool' becomes 'oude-pool', as if"
        " another application had done it. Then the same check, on the copy:"
    )
    verdict = scene.command(
        "evidence",
        "verify",
        "--vkey",
        screen.short(scene.home.trust_anchor),
        status=1,
        WAARMERK_DATABASE=f"sqlite:///{screen.short(copy)}",
    )
    expect(f"Entry {entry[1]} was altered" in verdict, f"The check did not name entry {entry[1]}.")
    return f"one changed byte, found and named: entry {entry[1]}"


def _database_files(scene: Scene) -> list[Path]:
    return sorted(scene.home.folder.glob("waarmerk.db*"))


def _copy(source: Path, target: Path) -> None:
    """A copy as of one moment, without the stale pages of the original: what is changed in it, is what is read."""
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as database:
        database.execute("VACUUM INTO ?", (str(target),))


def blame_another(copy: Path, exchange: str) -> None:
    """Change the one byte. Raises `Unexpected` when the entry is not where it should be."""
    content = copy.read_bytes()
    entry = f'"application":"oude-tool","exchange":"{exchange}"'.encode()
    expect(content.count(entry) == 1, "The copy does not hold the entry exactly once.")
    place = content.index(entry) + entry.index(b"tool")
    with copy.open("r+b") as file:
        file.seek(place)
        file.write(b"p")
