# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A model's output for the eyes of a reviewer: as text only, and with everything in it that eyes would miss.

Output is hostile: whoever wrote what the model read may want the reviewer to sign something else than is seen. So characters
that show nothing, turn the reading direction, or look like others become pieces of their own, which a page shows with a name.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from watermark.model import Check, Finding
from watermark.model import Kind as Found
from watermark.text import remove
from watermark.verify import inspect

MOST_PIECES = 2000
"""So many are shown one by one; the rest of a text that is full of them is shown with a sign in place of each run."""
SIGN = "\u25af"

_TAGS = re.compile("[\U000e0020-\U000e007e]+")
# Format characters that verify leaves alone, blanks that are no space, and what has no meaning for anybody (Unicode 16).
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u1680\u2000-\u200a\u2028\u2029\u205f"
    "\u2800\u3000\ufff9-\ufffc\ud800-\udfff\ue000-\uf8ff\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U000f0000-\U0010ffff]+"
)
_STACK = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
_WORD = re.compile("[^\\W\\d_\u115f\u1160\u3164\uffa0]+")
_TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
_LIKE_LATIN = frozenset(
    "асеорхуіјѕԁԛԝһӏгАВЕКМНОРСТУХІЈЅԌ"  # noqa: RUF001  Cyrillic
    "οαινκρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
    "ցհոսօԼՕՏ"  # Armenian
)


class Kind(StrEnum):
    """What a piece is."""

    TEXT = "text"
    MARK = "mark"
    """Invisible, and ours: a code of this very text."""
    STRANGE_MARK = "strange-mark"
    """Like a mark of ours, but of another text, or damaged."""
    UNSEEN = "unseen"
    """Characters that show nothing, or that change how others are shown."""
    LOOK_ALIKE = "look-alike"
    """A word of letters that look like others."""
    STACK = "stack"
    """So many accents on one letter that they cover what stands near."""


FOREIGN = frozenset({Kind.STRANGE_MARK, Kind.UNSEEN, Kind.LOOK_ALIKE, Kind.STACK})
"""What a reviewer has to say to have seen before signing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. What eyes can read is in `text`, what they would miss is named in `detail`."""

    kind: Kind
    text: str = ""
    detail: str = ""


def pieces(content: str, codes: Collection[str] = ()) -> Sequence[Piece]:
    """The text in order; `codes` are its own. At most `MOST_PIECES` are named, so that a page stays readable."""
    content = content.replace("\r\n", "\n")
    found: list[Piece] = []
    place = 0
    spots = iter(sorted(_spots(content, codes), key=lambda spot: spot[:2]))
    for start, end, piece in spots:
        if start < place:
            continue
        if place < start:
            found.append(Piece(Kind.TEXT, content[place:start]))
        place = end
        found.append(piece)
        if len(found) >= MOST_PIECES:
            break
    return [*found, *_rest(content, place, spots)]


def foreign(found: Sequence[Piece]) -> Sequence[Piece]:
    """Pieces that need a look of their own."""
    return [piece for piece in found if piece.kind in FOREIGN]


def _spots(content: str, codes: Collection[str]) -> Iterator[tuple[int, int, Piece]]:
    for finding in inspect(content).findings:
        if finding.kind is Found.SENTENCE_ID:
            yield finding.start, finding.end, _mark(finding, codes)
        elif finding.kind is Found.FOREIGN:
            yield finding.start, finding.end, Piece(Kind.UNSEEN, detail=_names(content[finding.start : finding.end]))
    for run in _UNSEEN.finditer(content):
        yield *run.span(), Piece(Kind.UNSEEN, detail=_names(run[0]))
    for run in _STACK.finditer(content):
        yield *run.span(), Piece(Kind.STACK, detail=str(len(run[0])))
    for word in _WORD.finditer(content):
        if not word[0].isascii() and (detail := _look_alike(word[0])):
            yield *word.span(), Piece(Kind.LOOK_ALIKE, word[0], detail)


def _mark(finding: Finding, codes: Collection[str]) -> Piece:
    ours = finding.check is Check.VALID and finding.code in codes
    return Piece(Kind.MARK if ours else Kind.STRANGE_MARK, detail=finding.code)


def _rest(content: str, place: int, spots: Iterable[tuple[int, int, Piece]]) -> Iterator[Piece]:
    """What cannot be named one by one any more: a sign before each word, and in place of each run, and how many need a look."""
    parts: list[str] = []
    strange = 0
    for start, end, piece in spots:
        if start >= place:
            parts += [content[place:start], SIGN if piece.kind is not Kind.MARK else "", piece.text]
            strange += piece.kind in FOREIGN
            place = end
    if strange:
        yield Piece(Kind.UNSEEN, detail=f"{strange} × {SIGN}")
    if rest := "".join([*parts, content[place:]]):
        yield Piece(Kind.TEXT, rest)


def _names(run: str) -> str:
    """`2 × ZERO WIDTH SPACE, WORD JOINER`; letters that are hidden as tags are spelled out."""
    hidden = [
        f"TAG \u201c{''.join(chr(ord(each) - 0xE0000) for each in tags)}\u201d"  # escaped by the template, like any text
        for tags in _TAGS.findall(run)
    ]
    counted: dict[str, int] = {}
    for character in _TAGS.sub("", run):
        name = _name(character)
        counted[name] = counted.get(name, 0) + 1
    return ", ".join([*hidden, *(name if count == 1 else f"{count} × {name}" for name, count in counted.items())])


_CONTROLS = {0x00: "NULL", 0x08: "BACKSPACE", 0x0B: "LINE TABULATION", 0x0C: "FORM FEED", 0x0D: "CARRIAGE RETURN",
             0x1B: "ESCAPE", 0x7F: "DELETE", 0x85: "NEXT LINE"}  # fmt: skip


def _name(character: str) -> str:
    code = ord(character)
    return unicodedata.name(character, "") or _CONTROLS.get(code, f"U+{code:04X}")


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The first word of its name: near enough to the script, and in the standard library."""
    name = unicodedata.name(letter, "")
    if unicodedata.normalize("NFKC", letter).isascii() and not name.startswith(("FEMININE", "MASCULINE")):
        return name.split(" ", 1)[0] if not letter.isascii() and "LIGATURE" not in name else "LATIN"
    script = name.split(" ", 1)[0]
    return "CJK" if script in _TOGETHER else "LATIN" if script in {"FEMININE", "MASCULINE", "MODIFIER"} else script


def _look_alike(word: str) -> str:
    """The scripts of a word whose letters come from several, or that can pass for a Latin one; else nothing."""
    scripts = list(dict.fromkeys(_script(letter) for letter in word if unicodedata.category(letter).startswith("L")))
    if len(scripts) > 1 or any(script in {"MATHEMATICAL", "FULLWIDTH"} for script in scripts):
        return " + ".join(script.capitalize() for script in scripts)
    if all(letter in _LIKE_LATIN for letter in word):
        return scripts[0].capitalize() if scripts else ""
    return ""


@dataclass(frozen=True, slots=True)
class Framed:
    """A text as it will be published: what is put above it, the text itself with its marks, and what is put below it."""

    above: str
    body: str
    below: str


def framed(published: str, content: str) -> Framed:
    """Find the content (without our marks) in its published form; where it is not there as it is, all of it is body."""
    plain = remove(published)
    above, found, below = plain.partition(remove(content))
    if found and published.startswith(above) and published.endswith(below):
        return Framed(above.strip(), published[len(above) : len(published) - len(below)], below.strip())
    return Framed("", published, "")
