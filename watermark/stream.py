# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A whole text of one choice, marked while it passes: label first, a mark in each sentence, code line last. Sans-IO.

For any way of cutting a text into pieces, `"".join([*map(marker.feed, pieces), marker.close()])` is `mark(text)`: the class
of the content is decided on its first characters, and the rest as `watermark.sentences` says. No more than HELD characters
wait: white space at the very beginning, or the end of a sentence.
"""

import re
from collections.abc import Mapping

from watermark.label import OwnLines
from watermark.model import Content
from watermark.sentences import Sentences
from watermark.text import NO_KEYS, remove

_MOST_BLANKS = 256
_MOST_INDENT = 32
HELD = _MOST_BLANKS + _MOST_INDENT + 5
"""The most characters that wait for what follows them."""

_BLANKS = re.compile(rf"[\s\ufeff]{{0,{_MOST_BLANKS}}}")
# JSON, a tag, a fenced block, a script. `[Naam]` and `[Lees meer](…)` begin no list of JSON (RFC 8259 sections 2 and 3).
_MACHINE = re.compile(
    rf"""\{{ | \[\s{{0,{_MOST_INDENT}}} (?: [\[{{"\-0-9\]] | (?:true|false|null)\b | (?<=\s{{{_MOST_INDENT}}}) )
      | <[A-Za-z/!?] | ``` | ~~~ | \#!""",
    re.VERBOSE,
)
_UNDECIDED = re.compile(
    rf"<? | `{{1,2}} | ~{{1,2}} | \# | \[\s{{0,{_MOST_INDENT - 1}}} (?: t(?:r(?:ue?)?)? | f(?:a(?:l(?:se?)?)?)? | n(?:u(?:ll?)?)? )?",
    re.VERBOSE,
)


def content_of(beginning: str) -> Content | None:
    """What a text that begins so is, or None when that is not certain yet. More text never changes what was certain."""
    blanks = _BLANKS.match(beginning).end()  # type: ignore[union-attr]  # it matches the empty text too
    if blanks == _MOST_BLANKS:
        return Content.PROSE
    if _UNDECIDED.fullmatch(beginning, blanks):
        return None
    return Content.MACHINE if _MACHINE.match(beginning, blanks) else Content.PROSE


class TextMarker:
    """Marks the text of one choice. What is left out is not put in: no opening, no label; no insertion, no ids.

    `opening` and `closing` come from `watermark.label`, `insertion` from `watermark.text`. `known` is what the caller knows
    better than the first characters tell: structured output is for a machine, a text that a reviewer approved is for people.
    """

    __slots__ = ("_closed", "_closing", "_held", "_known", "_opening", "_sentences", "content")

    def __init__(
        self, opening: str = "", closing: str = "", insertion: str = "", *, known: Content | None = None
    ) -> None:
        self._opening = opening
        self._closing = closing
        self._sentences = Sentences(insertion)
        self._held = ""
        self._closed = False
        self._known = known
        self.content: Content | None = known if known is Content.MACHINE else None
        """What the text was taken for; None as long as it is not certain, and for a text without any character."""

    @property
    def lined(self) -> bool:
        """Whether a label stands before the text, and a code line after it."""
        return self.content is Content.PROSE and bool(self._opening or self._closing)

    @property
    def sentences(self) -> int:
        """How many sentences carry the mark so far."""
        return self._sentences.count

    def feed(self, piece: str) -> str:
        """What can be given out now. Raises `ValueError` after `close`."""
        if self._closed:
            raise ValueError("this text was closed")
        if self.content is Content.PROSE:
            return self._sentences.feed(piece)
        if self.content is Content.MACHINE:
            return piece
        beginning = self._held + piece
        found = content_of(beginning)
        self.content = found and (self._known or found)
        if self.content is None:
            self._held = beginning
            return ""
        self._held = ""
        return self._begin(beginning)

    def close(self) -> str:
        """The rest and the closing. Raises `ValueError` when it was asked before."""
        if self._closed:
            raise ValueError("this text was closed")
        rest = ""
        if self.content is None and self._held.strip().strip("\ufeff"):
            self.content = Content.PROSE
            rest = self._begin(self._held)
        elif self.content is None:
            rest = self._held
        self._closed = True
        if self.content is not Content.PROSE:
            return rest
        return rest + self._sentences.close() + self._closing

    def _begin(self, beginning: str) -> str:
        if self.content is Content.MACHINE:
            return beginning
        return self._opening + self._sentences.feed(beginning)


def mark(text: str, opening: str = "", closing: str = "", insertion: str = "", *, known: Content | None = None) -> str:
    """A whole text as `TextMarker` marks it."""
    marker = TextMarker(opening, closing, insertion, known=known)
    return marker.feed(text) + marker.close()


def unmark(text: str, lines: OwnLines, keys: Mapping[str, bytes] = NO_KEYS) -> str:
    """The text without our label, code line and sentence ids: of `mark` what it was given. For what an application sends back."""
    return remove(lines.remove(text), keys)
