# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a text shows about where it came from, and what it cannot show. Nothing is looked up."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from watermark import label, text
from watermark.label import OwnLines
from watermark.manifest import Action, ManifestReport, ManifestState
from watermark.model import Check, Finding, Kind, Report

# Format and control characters that show nothing, tags, and variation selectors (Unicode 16, Default_Ignorable_Code_Point).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_JOINERS = frozenset("\u200c\u200d")
_WITH_FORMS = frozenset({"So", "Sm", "Sk", "Lo", "Nd"})
_SHORT = 16


def inspect(content: str, lines: OwnLines | None = None, keys: Mapping[str, bytes] = text.NO_KEYS) -> Report:
    """Everything found. Without `lines` no label is known, and of a code line not whether its address is ours."""
    visible = label.addresses(content) if lines is None else lines.find(content)
    marks = text.find(content, keys)
    ours = {found.start for found in marks}
    found = [*visible, *marks, *_foreign(content, ours)]
    return Report(tuple(sorted(found, key=lambda each: each.start)))


def _foreign(content: str, ours: set[int]) -> Iterator[Finding]:
    for run in _INVISIBLE.finditer(content):
        if run.start() not in ours and not _belongs(content, run):
            yield Finding(Kind.FOREIGN, *run.span(), Check.UNCHECKED, detail=_names(run[0]))


def _belongs(content: str, run: re.Match[str]) -> bool:
    """Whether a single invisible character does what it is for: choose the form of an emoji or an ideograph, join letters."""
    before, character = content[run.start() - 1 : run.start()], run[0]
    if len(character) > 1 and set(character) <= {"\ufe0f", "\u200d"}:
        return _has_forms(before)  # an emoji that is joined to the next
    if len(character) != 1 or not before:
        return character == "\ufeff" and not before  # a byte order mark
    if text.SELECTORS.match(character):
        return _has_forms(before)
    return character in _JOINERS and not before.isascii() and not content[run.end() : run.end() + 1].isascii()


def _has_forms(before: str) -> bool:
    """Symbols, the bases of keycaps, and letters without case, such as ideographs."""
    return bool(before) and (before in "#*\u203c\u2049\u3030" or unicodedata.category(before) in _WITH_FORMS)


def _names(run: str) -> str:
    """`2 x ZERO WIDTH SPACE, 1 x WORD JOINER`."""
    return _of_short(run) if len(run) <= _SHORT else _of(run)


def _of(run: str) -> str:
    counted = Counter(unicodedata.name(character, f"U+{ord(character):04X}") for character in run)
    return ", ".join(f"{count} x {name}" for name, count in counted.items())


_of_short = lru_cache(maxsize=256)(_of)
"""A text can hold very many short runs; a long one is somebody's text, of which nothing is kept."""


def explain(report: Report, content: str) -> Sequence[str]:
    """The report in sentences: what was found, then what that shows and what it does not."""
    found = [*_visible(report, content), *_marks(report), *_invisible(report, content)]
    return [*found, *_conclusion(report)]


def explain_manifest(report: ManifestReport) -> Sequence[str]:
    """What the manifest beside a text says of it, in sentences: whether it holds, then what it claims."""
    holds = {
        ManifestState.TRUSTED: f"Manifest: Trusted. This is exactly the text for which {report.signer or 'its signer'} signed.",
        ManifestState.VALID: (
            "Manifest: Valid, by a stranger. This is exactly the text that was signed, but anybody can have signed: the "
            f"certificate says {report.signer or 'nothing'}, and no root that was given vouches for it."
        ),
        ManifestState.INVALID: (
            f"Manifest: Invalid ({', '.join(report.faults)}). It is of another text, or the text or the manifest was changed."
        ),
    }[report.state]
    if report.state is ManifestState.INVALID:
        return [holds]
    return [holds, *(f"It says: {_action(action)}." for action in report.actions)]


def _action(action: Action) -> str:
    """`c2pa.created on 2026-11-23T10:00:00Z with mistral-large (trainedAlgorithmicMedia)`."""
    source = action.source.rpartition("/")[2]
    parts = [
        action.name,
        f"on {action.when}" if action.when else "",
        f"with {action.agent}" if action.agent else "",
        f"({source})" if source else "",
    ]
    return " ".join(part for part in parts if part)


def _visible(report: Report, content: str) -> Iterator[str]:
    for each in report.of(Kind.LABEL):
        yield f"Line {_line(content, each)}: a label of ours ({each.detail})."
    of_address = {
        Check.VALID: "an address of ours to verify code",
        Check.FAILED: "an address that looks like ours but is another's, with code",
        Check.UNCHECKED: "an address to verify code",
    }
    for each in report.of(Kind.CODE_LINE):
        yield f"Line {_line(content, each)}: {of_address[each.check]} {each.code}: {each.detail}"


def _marks(report: Report) -> Iterator[str]:
    valid = Counter((each.code, each.detail) for each in report.of(Kind.SENTENCE_ID, Check.VALID))
    for (code, key), count in valid.items():
        yield f"{_sentences(count)} the mark of code {code}{f' (key {key})' if key else ''}."
    if count := len(report.of(Kind.SENTENCE_ID, Check.FAILED)):
        yield f"{_sentences(count)} something like a mark, but its check fails: damaged, made up, or of another key."
    if count := len(report.of(Kind.SENTENCE_ID, Check.UNCHECKED)):
        yield f"{_sentences(count)} a mark that can only be checked with its key."


def _invisible(report: Report, content: str) -> Iterator[str]:
    for each in report.of(Kind.FOREIGN):
        yield f"Line {_line(content, each)}: invisible characters that are not ours: {each.detail}."


def _conclusion(report: Report) -> Iterator[str]:
    if report.codes:
        yield f"This text, or a part of it, carries the code of an AI output: {', '.join(report.codes)}."
        yield (
            "A mark can be copied onto another text. It does not show that every sentence was made by AI, nor that "
            "nothing was changed: compare the text with what the address to verify says."
        )
    elif report.of(Kind.CODE_LINE) or report.of(Kind.SENTENCE_ID) or report.of(Kind.LABEL):
        yield "Something like our marks was found, but none that holds by itself. Ask who published the text."
    else:
        yield "No mark of ours was found."
        yield (
            "That does not mean that the text was made by a human: marks are lost by retyping, in PDF and in systems "
            "that remove invisible characters, and other AI systems do not place them."
        )


def _sentences(count: int) -> str:
    return "1 sentence carries" if count == 1 else f"{count} sentences carry"


def _line(content: str, found: Finding) -> int:
    return content.count("\n", 0, found.start) + 1
