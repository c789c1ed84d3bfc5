# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What changed between two editions of a text, in words. Any two texts are compared in bounded time."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORD = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
_LINE = re.compile(r"[^\n]*\n+|[^\n]+")
"""With the empty ones after it: those are all the same, and tell nothing of where a text goes on."""
_MOST_STEPS = 10_000_000
"""Seconds at most, of a hostile text. What would take more counts as changed as a whole."""


class Kind(StrEnum):
    """What happened to a part of a text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Change:
    """One part of the two texts."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> Sequence[Change]:
    """The parts in order: those that are not `ADDED` make up `before`, those that are not `REMOVED` make up `after`."""
    found: list[Change] = []
    for change in _by_word(before, after):
        if found and found[-1].kind is change.kind:
            found[-1] = Change(change.kind, found[-1].text + change.text)
        else:
            found.append(change)
    return found


def _by_word(before: str, after: str) -> Iterator[Change]:
    """Lines first, then the words of those that differ: fast for long texts, and a moved word does not confuse a page."""
    left = _MOST_STEPS
    for line in _compare(_LINE.findall(before), _LINE.findall(after), left):
        if isinstance(line, Change):
            yield line
            continue
        old, new = (_WORD.findall(part) for part in line)
        for word in _compare(old, new, left):
            yield from (word,) if isinstance(word, Change) else _replaced(*word)
        left -= min(left, _steps(old, new))


def _compare(before: Sequence[str], after: Sequence[str], most: int) -> Iterator[Change | tuple[str, str]]:
    """Parts that are the same, removed or added; as a pair what was put in place of what."""
    if _steps(before, after) > most:
        yield "".join(before), "".join(after)
        return
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[new_start:new_end])
        if tag == "replace":
            yield old, new
        else:
            kind = {"equal": Kind.SAME, "delete": Kind.REMOVED, "insert": Kind.ADDED}[tag]
            yield Change(kind, old or new)


def _steps(before: Sequence[str], after: Sequence[str]) -> int:
    """What comparing takes at the very most: `SequenceMatcher` looks at every pair of equals for each part that it finds."""
    others = Counter(after)
    pairs = sum(count * others[piece] for piece, count in Counter(before).items())
    return (pairs + len(before) + len(after)) * (1 + min(len(before), len(after), pairs))


def _replaced(old: str, new: str) -> Iterator[Change]:
    """The white space that both begin with belongs to neither."""
    shared = 0
    while shared < min(len(old), len(new)) and old[shared] == new[shared] and old[shared].isspace():
        shared += 1
    if shared:
        yield Change(Kind.SAME, old[:shared])
    if old[shared:]:
        yield Change(Kind.REMOVED, old[shared:])
    if new[shared:]:
        yield Change(Kind.ADDED, new[shared:])
