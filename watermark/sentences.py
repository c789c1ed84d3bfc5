# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a sentence of prose ends, in a text that comes in pieces.

A sentence ends at `.`, `!`, `?` or `…` (with quotes, brackets or emphasis that close after it) before white space or the end
of the text, when a word of Latin letters stands before it. Not taken for prose, because an invisible character there breaks
something or because the words are another's: code (fenced, indented, between backticks), tables, headings (anchors are made
from them), quotations (`>`), the text and address of links, tags, and words that hold a digit, a point, an at sign or a slash
(addresses, IBAN, numbers, file names, abbreviations).

Every decision rests on what came before, a bounded look behind and at most HELD characters ahead, so that any way of
cutting the text into pieces gives the same result (architecture section 4).
"""

import re

HELD = 8
"""The most characters that wait for what follows them."""

_BEHIND = 48
"""How far back the word before the end of a sentence is looked for; a longer one is no word."""
_HEAD = 80
"""How much of the beginning of a line tells what kind of line it is."""
_FEWEST = 10
"""Characters between two marks: a sentence of one short word shares the mark of the next."""

LATIN = r"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u1E00-\u1EFF"

# Where a text may turn. Most pieces of a stream hold none of these, and pass.
_TURNS = r"[\n.!?\u2026`\\\]<\[|]"
_TURN = re.compile(_TURNS)
# What may change the state in prose; no alternative is longer than HELD. The first character stands in front of the
# alternatives, because only then the engine skips to it: five times as fast.
_PROSE = re.compile(
    rf"""
    {_TURNS}
    (?: (?<=[.!?\u2026]) (?<=[{LATIN}].) [.!?\u2026]{{0,2}} ["'\u201D\u2019\u00BB)*_]{{0,3}} (?=\s|\Z)
      | (?<=`) `{{0,7}}
      | (?<=\\) [^\n]?
      | (?<=\]) \(?
      | (?<=<) [A-Za-z/!?]?
      | (?<=[\n\[|])
    )""",
    re.VERBOSE,
)
_LINE_END = re.compile(r"\n")
# What may change the state inside something that is not prose, by the first character of what closes it.
_INSIDE = {
    "": _PROSE,
    "`": re.compile(r"\n|`{1,8}"),
    "]": re.compile(r"\n|`{1,8}|\\[^\n]?|\]\(?"),
    ")": re.compile(r"\n|`{1,8}|\\[^\n]?|\)"),
    ">": re.compile(r"\n|>"),
    "\n": _LINE_END,
}

# Lines, with tabs expanded (CommonMark 0.31: 4.5 fences, 5.1 quotations, 5.2 list items, 4.2 headings, 4.7 definitions).
_QUOTATION = re.compile(r"(?: {0,3}> ?)+")
_ITEMS = re.compile(r" *(?:(?:[-*+]|\d{1,9}[.)])(?: {1,4}(?! )| |\s*\Z))+")
_FENCE = re.compile(r"`{3,}(?=[^`]*\Z)|~{3,}")
_FENCE_END = re.compile(r" *(`{3,}|~{3,})\s*")
_NO_PROSE = re.compile(r" *(?:(?:[-*+]|\d{1,9}[.)]) {1,4})*(?:(?:[-*+]|\d{1,9}[.)]) {5}|>|\#{1,6} |\[[^\]]*\]:|~{3})")

_WORD = re.compile(rf"[{LATIN}]+(?:[-'\u2019][{LATIN}]+)*")
_OPENING = "(\"'\u201c\u201e\u2018\u00ab*_"
_NO_END = (
    "afb apr art artt aug bijl bijv blz bv bzw ca dec dhr dr drs evt excl feb fig hfst incl ing inz ir jl kol max mevr "
    "mld mln mr mrs mrt mw nov nr nrs okt oct pag pct pp prof resp sept st str subs tel vgl vs zgn"
)
_ABBREVIATIONS = frozenset(_NO_END.split())
_LONGEST = max(map(len, _ABBREVIATIONS))


class Sentences:
    """Puts `insertion` before the punctuation that ends each sentence. Sans-IO: `feed` the pieces, then `close`."""

    __slots__ = (
        "_behind",
        "_fence",
        "_held",
        "_insertion",
        "_judged",
        "_line",
        "_offset",
        "_pipe",
        "_prose",
        "_quoted",
        "_shelters",
        "_since",
        "count",
    )

    def __init__(self, insertion: str) -> None:
        self._insertion = insertion
        self.count = 0
        """How many sentences got the insertion so far."""
        self._behind = ""  # the last characters that were given out
        self._held = ""  # what waits for the character after it
        self._line = ""  # the beginning of the line, as far as it was given out
        self._fence = ""  # the fence of the code block we are in
        self._offset = 0  # how far the text of the list item we are in is indented
        self._quoted = False  # whether the line before this one is in a quotation, and its code block if there is one
        self._shelters: list[str] = []  # what closes the code span, link or tag we are in, the innermost last
        self._pipe = False  # whether this line is a row of a table
        self._judged = ""  # the beginning of this line that was judged last, and the verdict
        self._prose = False
        self._since = 0  # characters given out since the last insertion

    def feed(self, piece: str) -> str:
        """What can be given out now; at most HELD characters of what came in are kept."""
        if not self._insertion:
            return piece
        if self._held or self._shelters or _TURN.search(piece):
            return self._scan(piece, last=False)
        if len(self._line) < _HEAD:
            self._line = self._head(piece, 0, len(piece))
        self._since += len(piece)
        self._behind = (self._behind + piece)[-_BEHIND:]
        return piece

    def close(self) -> str:
        """The rest."""
        return self._scan("", last=True)

    def _scan(self, piece: str, *, last: bool) -> str:
        text = self._behind + self._held + piece
        begin = at = copied = line = len(self._behind)
        marked, end, given = begin - self._since, len(text), []
        pattern, prose = self._pattern(), None
        while (token := pattern.search(text, at)) is not None:
            start, at = token.span()
            found = token[0]
            if found == "\n":
                self._end_line(self._head(text, line, start))
                self._line, line = "", at
                pattern, prose = self._pattern(), None
            elif at == end and not last:
                at = start  # it may go on in the next piece
                break
            elif found[0] not in ".!?\u2026":
                self._turn(found)
                pattern, prose = self._pattern(), None
            elif start - marked >= _FEWEST:
                if prose is None or start - line < _HEAD:
                    prose = self._is_prose(self._head(text, line, start))
                if prose and _is_word(text[start - _BEHIND if start > _BEHIND else 0 : start], found):
                    given.append(text[copied:start])
                    copied = marked = start
        else:
            at = end
        self.count += len(given)
        given.append(text[copied:at])
        self._line = self._head(text, line, at)
        self._since = at - marked
        self._held, self._behind = text[at:], text[max(0, at - _BEHIND) : at]
        return self._insertion.join(given)

    def _pattern(self) -> re.Pattern[str]:
        """What may change the state we are in."""
        return _LINE_END if self._fence else _INSIDE[self._shelters[-1][0] if self._shelters else ""]

    def _turn(self, found: str) -> None:
        """Into or out of what is not prose. Not closed on its own line, it lasts to the end of the paragraph."""
        inside = self._shelters[-1] if self._shelters else ""
        if found == "](":
            self._shelters[-1:] = [")"]
        elif found == inside:
            self._shelters.pop()
        elif found[0] == "`" and inside[:1] != "`":
            self._shelters.append(found)
        elif found == "[":
            self._shelters.append("]")
        elif found[0] == "<" and len(found) > 1:
            self._shelters.append(">")
        elif found == "|":
            self._pipe = True

    def _head(self, text: str, line: int, until: int) -> str:
        """The beginning of the line of which `text[line:until]` is what was not given out before."""
        return (self._line + text[line : min(until, line + _HEAD)])[:_HEAD]

    def _is_prose(self, head: str) -> bool:
        """Whether a line that begins so holds sentences of its own. A long line begins the same for each of them."""
        if head != self._judged:
            self._judged, line = head, head.expandtabs(4)
            self._prose = _is_plain(head) or not (
                _NO_PROSE.match(line) or _is_code(line, 0 if self._quoted else self._offset)
            )
        return self._prose and not self._pipe

    def _end_line(self, head: str) -> None:
        """Notes which kind of line it was."""
        self._pipe = False
        self._judged = ""
        head = self._unquoted(head.expandtabs(4))
        if self._fence:
            self._end_fence(head)
            return
        if not head.strip():
            self._shelters.clear()
            return
        if self._shelters:
            self._shelters[:] = ["\n"]
        if _is_plain(head):
            self._offset = 0
        elif not _is_code(head, self._offset):
            self._begin_block(head)

    def _unquoted(self, head: str) -> str:
        """The line without the signs of its quotation. A fence in a quotation ends with the quotation."""
        quotation = _QUOTATION.match(head)
        if self._quoted and quotation is None:
            self._fence = ""
        if self._fence and not self._quoted:
            return head
        if self._quoted != bool(quotation):
            self._offset = 0
        self._quoted = bool(quotation)
        return head[quotation.end() :] if quotation else head

    def _end_fence(self, head: str) -> None:
        """A fence that stands left of its list item is no end: the item, and the code in it, ended before; it begins another."""
        found = _FENCE_END.fullmatch(head)
        if found and _indent(head) < self._offset:
            self._fence, self._offset = found[1], 0
        elif found and _indent(head) < self._offset + 4 and found[1].startswith(self._fence):
            self._fence = ""

    def _begin_block(self, head: str) -> None:
        items, indent = _ITEMS.match(head), _indent(head)
        if items and items.end() < len(head.rstrip()):
            self._offset = indent = items.end()
        else:
            self._offset = 0 if items else min(self._offset, indent)
        if opening := _FENCE.match(head, indent):
            self._fence = opening[0]
            self._shelters.clear()


def _is_plain(head: str) -> bool:
    """Whether a line is text by its first character already: no block begins with a letter (CommonMark 0.31: 4, 5)."""
    return head[:1].isalpha()


def _is_code(head: str, offset: int) -> bool:
    """Whether a line is indented so far that it may be code: from the list item we are in, or from the margin."""
    indent = _indent(head)
    return indent >= offset + 4 or (4 <= indent < offset and not _ITEMS.match(head))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _is_word(before: str, found: str) -> bool:
    """Whether a word that ends a sentence stands at the end of `before`, which is followed by `found`."""
    words = before.rsplit(None, 1)
    word = words[-1].lstrip(_OPENING)
    if len(words) == 1 and len(before) == _BEHIND:
        return False
    if not (word.isascii() and word.isalpha()) and not _WORD.fullmatch(word):
        return False
    if found[0] == "." and len(word) <= _LONGEST and (len(word) == 1 or word.lower() in _ABBREVIATIONS):
        return False
    # The last part of a code that is written in parts: a postcode, an account number.
    return not (word.isupper() and len(words) > 1 and words[-2][-1].isdigit())
