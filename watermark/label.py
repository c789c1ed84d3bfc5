# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The visible lines (AI Act 50(4)): a label as the first line of a text, a code line with the address to verify as its last.

    AI-concept. Niet gecontroleerd. Niet publiceren.

    The text.

    —
    Gemaakt met AI · code K7Q2-9FXM-3TBW · https://waarmerk.example.nl/v/K7Q2-9FXM-3TBW

Plain text, so that it survives print; paragraphs of their own, so that Markdown shows them as they are, also after a list
or a table. The words come from policy as a `Disclosure`; what they may look like is decided here.
"""

import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from watermark.model import Check, Disclosure, Finding, Kind, read_code, spell_code
from watermark.text import SELECTORS

LABEL_PLACES = frozenset({"organisation", "date", "contact"})
"""What a label may leave open."""
CODE_LINE_PLACES = frozenset({"code", "url"})
"""What a code line leaves open: each once."""
LONGEST = 400
"""Characters of a line, filled in."""
_LONGEST_IN_PLACE = {"date": 40}
"""Characters that may fill a place, where that is fewer: what every reader of a text has to try."""
RULE = "\u2014"
"""Stands on a line of its own above the code line."""

_CODE = "-".join(["[0-9A-HJKMNP-TV-Z]{4}"] * 3)
_IS_SPELLED = re.compile(_CODE).fullmatch
_ADDRESS = re.compile(rf"https?://[^\s/?#@]+/v/(?P<code>{_CODE})(?![\w-])")
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")
_AI = re.compile(r"\bAI\b")
_MARKUP = re.compile(rf"[*_`\[\]<>|#\\~&${RULE}]|\A(?:[-+=]|\d+[.)]|\s)")
_GROWN = re.compile(r"\{url\}[^\s.,;:!?)]")
_FEWEST_WORDS = 3
_END = r"\s{0,99}\Z"
"""Bounded: after an open place the search for the end is tried at every character of what may fill it."""
_BREAKS = ("\r\n\r\n", "\n\n", "\r\n", "\n")


def faults(disclosure: Disclosure) -> Sequence[str]:
    """Why these lines cannot be shown; empty when they can."""
    found = [f"label: {fault}" for fault in _faults_of(disclosure.label, LABEL_PLACES)]
    found += [f"code line: {fault}" for fault in _faults_of(disclosure.code_line, CODE_LINE_PLACES)]
    for place in sorted(CODE_LINE_PLACES):
        if disclosure.code_line.count(f"{{{place}}}") != 1:
            found.append(f"code line: must leave {{{place}}} open, once")
    if _GROWN.search(disclosure.code_line):
        found.append("code line: goes on right after {url}, so that the address would be read as another")
    return found


def opening(disclosure: Disclosure, **values: str) -> str:
    """What stands before the text, its places filled in. Raises `ValueError` with what is wrong."""
    _require_sound(disclosure)
    filled = {place: value.strip() for place, value in values.items() if value.strip()}
    missing = sorted(place for place in LABEL_PLACES - filled.keys() if f"{{{place}}}" in disclosure.label)
    _refuse([f"label: {{{place}}} is not filled in" for place in missing])
    _refuse(
        [
            f"label: {{{place}}} is filled in with more than {longest} characters"
            for place, longest in _LONGEST_IN_PLACE.items()
            if len(filled.get(place, "")) > longest
        ]
    )
    line = disclosure.label.format(**filled)
    _refuse([f"label, filled in: {fault}" for fault in _faults_of_line(line)])
    return f"{line}\n\n"


def closing(disclosure: Disclosure, code: str, origin: str) -> str:
    """What stands after the text: the rule and the code line. Raises `ValueError` with what is wrong."""
    if not _IS_SPELLED(code):
        bits = read_code(code)
        if bits is None:
            raise ValueError(f"{code!r} is no code")
        code = spell_code(bits)
    return code.join(_around_code(disclosure, origin))


def addresses(text: str, origin: str = "") -> Sequence[Finding]:
    """Every address that looks like one of a code line; without an origin it is not known whether it is ours."""
    unlike = Check.FAILED if origin else Check.UNCHECKED
    return [
        Finding(
            Kind.CODE_LINE,
            *match.span(),
            Check.VALID if origin and match[0].startswith(f"{origin}/v/") else unlike,
            match["code"],
            match[0],
        )
        for match in _ADDRESS.finditer(text)
    ]


class OwnLines:
    """Recognises the lines of these disclosures, with a code line that points to this origin; nothing else."""

    def __init__(self, disclosures: Iterable[Disclosure], origin: str) -> None:
        """Raises `ValueError` with what is wrong."""
        shown = list(disclosures)
        _refuse([fault for disclosure in shown for fault in faults(disclosure)] + list(_faults_of_origin(origin)))
        self._origin = origin
        labels = {disclosure.label: disclosure.language for disclosure in shown}
        self._labels = [re.compile(f"{_label(label)}(?:{'|'.join(_BREAKS)}|{_END})") for label in labels]
        self._labels_anywhere = [(*_anywhere(label), language) for label, language in labels.items()]
        self._code_lines = [
            re.compile(rf"{RULE}\r?\n{_code_line(line, origin)}\s*\Z")
            for line in dict.fromkeys(disclosure.code_line for disclosure in shown)
        ]

    def remove(self, text: str) -> str:
        """The text without the label at its beginning and the code line at its end, as `opening` and `closing` put them.

        Breaks may have become CRLF, or one instead of two. A line in the middle, of another origin or with other words stays.
        """
        for label in self._labels:
            if found := label.match(text):
                text = text[found.end() :]
                break
        rule = text.rfind(RULE)
        if rule >= 0 and any(line.match(text, rule) for line in self._code_lines):
            for line_break in _BREAKS:
                if text.endswith(line_break, 0, rule):
                    return text[: rule - len(line_break)]
        return text

    def find(self, text: str) -> Sequence[Finding]:
        """Our labels, and all addresses like ours, anywhere in the text, also where white space was changed."""
        return [*self._found_labels(text), *addresses(text, self._origin)]

    def _found_labels(self, text: str) -> Iterator[Finding]:
        for beginning, label, language in self._labels_anywhere:
            at = 0
            # One search for the whole label would keep all other threads waiting for as long as it takes in a text that is
            # full of beginnings.
            while begun := beginning.search(text, at):
                found = label.match(text, begun.start())
                at = found.end() if found else begun.start() + 1
                if found:
                    yield Finding(Kind.LABEL, *found.span(), Check.VALID, detail=language)


def _label(template: str) -> str:
    """What stands in an open place stands in the next one of that name too."""
    known: set[str] = set()

    def of_place(place: str) -> str:
        if place in known:
            return f"(?P={place})"
        known.add(place)
        # No blank is its first or its last: else those around it would be read anew for each that it might hold.
        return rf"(?P<{place}>(?=\S)[^\r\n]{{1,{_LONGEST_IN_PLACE.get(place, LONGEST)}}}?(?<=\S))"

    return _pattern(template, of_place)


def _anywhere(template: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How the label begins, and all of it, with white space of any kind. One that begins with an open place begins anywhere."""
    words, *_ = next(iter(string.Formatter().parse(template)))
    beginning, label = (pattern.replace(r"\ ", r"\s+") for pattern in (re.escape(words.rstrip()), _label(template)))
    return re.compile(beginning or label), re.compile(label)


def _code_line(template: str, origin: str) -> str:
    """The same code stands in the line and in the address, whichever comes first."""
    codes = iter((f"(?P<code>{_CODE})", "(?P=code)"))
    return _pattern(template, lambda place: (f"{re.escape(origin)}/v/" if place == "url" else "") + next(codes))


def _pattern(template: str, of_place: Callable[[str], str]) -> str:
    parts = string.Formatter().parse(template)
    return "".join(re.escape(words) + (of_place(place) if place else "") for words, place, _, _ in parts)


def _faults_of(template: str, places: frozenset[str]) -> Iterator[str]:
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError:
        yield "has a loose brace"
        return
    words = "".join(part[0] for part in parts)
    for _, place, layout, conversion in parts:
        if place is not None and (place not in places or layout or conversion):
            yield f"leaves {{{place}}} open; it may leave open {', '.join(sorted(places))}, without a layout"
    if _AI.search(words) is None:
        yield "does not contain the word AI"
    if _MARKUP.search(words):
        yield "holds or begins with a character that Markdown or HTML would take for its own"
    if len(re.findall(r"\w+", words)) < _FEWEST_WORDS:
        yield f"has fewer than {_FEWEST_WORDS} words of its own, so it would be recognised where it is not"
    yield from _faults_of_line(template)


def _faults_of_line(line: str) -> Iterator[str]:
    if len(line) > LONGEST:
        yield f"is longer than {LONGEST} characters"
    if not line.isprintable() or SELECTORS.search(line):
        yield "is not one line of visible characters"


def _faults_of_origin(origin: str) -> Iterator[str]:
    if not _ORIGIN.fullmatch(origin):
        yield f"{origin!r} is no address to verify at: scheme, host and port only, in lower case"


@lru_cache(maxsize=256)
def _require_sound(disclosure: Disclosure) -> None:
    """The same few lines are shown all day: once is enough to look at them."""
    _refuse(faults(disclosure))


@lru_cache(maxsize=256)
def _around_code(disclosure: Disclosure, origin: str) -> Sequence[str]:
    """What stands before, between and after the two places of the code. Raises `ValueError` with what is wrong."""
    _require_sound(disclosure)
    _refuse(list(_faults_of_origin(origin)))
    return f"\n\n{RULE}\n{disclosure.code_line}".format(code="\0", url=f"{origin}/v/\0").split("\0")


def _refuse(found: Sequence[str]) -> None:
    if found:
        raise ValueError("; ".join(found))
