# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the public may know of a code, a text, or both (architecture section 6: verify is no oracle).

- Known is what left: what is held, rejected or expired is no different from what never was, in the answer and in the work.
- By text alone only published texts are found. Of other outputs a mark in a text says its organisation, no more.
- A letter to one person is told of to who has its code *and* its text. Its code alone says that there is such a letter.
- No content leaves, and nothing that is asked stays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeAlias

from app.domain.decision import Profile
from app.domain.errors import EvidenceInconsistent
from app.domain.keys import CommitmentKey
from app.domain.ledger import LogReader, OutputReader
from app.domain.normal import normalized
from app.domain.output import Output, OutputStatus
from app.evidence.commitments import of_place
from app.evidence.digests import digests_of
from app.evidence.receipt import Receipt, Receipts
from app.evidence.record import decode
from watermark.errors import ManifestUnreadable
from watermark.label import RULE, OwnLines
from watermark.manifest import ManifestReport, ManifestState
from watermark.model import Kind, Report
from watermark.stream import unmark
from watermark.verify import inspect

MOST_CODES = 8
"""Codes of one text that are looked up; a text that was put together from more says so in its report."""

ReadManifest: TypeAlias = Callable[[str, bytes], ManifestReport]
"""`watermark.manifest.read_text` with the roots that are trusted. Raises `ManifestUnreadable`."""


class Standing(StrEnum):
    """How much of a code is told."""

    UNKNOWN = "unknown"
    """Nothing left the house under it."""
    LETTER = "letter"
    """It belongs to a letter, and the text that belongs to it was not given."""
    MARKED = "marked"
    """A text carries it, and what it belongs to was not published: the organisation, no more."""
    TOLD = "told"


class Comparison(StrEnum):
    """A text, held against what left under a code."""

    SAME = "same"
    """To the letter; or so when our marks are left aside, and the text has none."""
    SAME_WORDS = "same-words"
    """The words are, layout and capitals may not be. Of a label in the text it is not known whether its contact is the real one."""
    DIFFERENT = "different"
    """A part, or changed, or another text onto which the mark was copied."""
    OTHER_CODE = "other-code"
    """It was published under another code: the mark was copied."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of an output: never its content, nor who asked or approved."""

    profile: Profile
    day: date
    """Of sign-off where it was reviewed, else of delivery."""
    status: OutputStatus
    edited: bool
    receipt: Receipt | None
    """None until the log is signed again, within seconds."""


@dataclass(frozen=True, slots=True)
class Told:
    """The answer about one code."""

    code: str
    standing: Standing
    organisation: str = ""
    """Id; known of every output, so empty for `UNKNOWN`."""
    facts: Facts | None = None
    """Of what is `TOLD`."""
    comparison: Comparison | None = None
    """None: no text was given, or there is nothing left to compare it with."""
    manifest: ManifestReport | None = None
    """What the manifest that was published says of the text; None where there is none, or the text is not the same to the letter."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one question."""

    codes: Sequence[Told] = ()
    """First the code that was typed, then those in the text."""
    marks: Report | None = None
    """What the text shows by itself; None when there was no text."""
    found: Sequence[Told] = ()
    """Published under these codes, though no code that was given says so."""
    more_codes: bool = False
    manifest: ManifestReport | None = None
    """What a manifest that was handed in says of the text."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text, as far as it is known here. The sets hold the codes it left under."""

    spellings: tuple[str, ...] = ()
    """The text as it came, and as it may have been before a form and a browser changed its line breaks and letters."""
    exact: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    """To the letter, without marks on either side."""
    alike: frozenset[str] = frozenset()
    public: Sequence[Output] = field(default=())
    """Outputs among these that are found without a code."""


class Verification:
    """Answers the public about one organisation. Blocking, and of a long text slow: call it off the event loop."""

    def __init__(
        self,
        outputs: OutputReader,
        log: LogReader,
        receipts: Receipts,
        key: CommitmentKey,
        organisation: str,
        *,
        lines: Callable[[], OwnLines],
        read_manifest: ReadManifest,
    ) -> None:
        """`lines` knows every label that may stand in a text, and the address to verify at."""
        self.organisation = organisation
        self._outputs = outputs
        self._log = log
        self._receipts = receipts
        self._key = key.of(organisation)
        self._lines = lines
        self._read_manifest = read_manifest

    def verify(self, code: str = "", text: str = "", manifest: bytes = b"") -> Verdict:
        """What may be told of this code (canonical), this text and this manifest store; each may be empty.

        Raises `EvidenceUnavailable`, `EvidenceInconsistent`, and `ManifestUnreadable` for bytes that are no store.
        """
        lines = self._lines()
        marks = inspect(text, lines) if text.strip() else None
        reading = self._read(text, lines) if marks else _Reading()
        carried = [each for each in marks.codes if each != code] if marks else []
        told = [self._tell(code, reading, typed=True)] if code else []
        told += [self._tell(each, reading, typed=False) for each in carried[:MOST_CODES]]
        return Verdict(
            codes=told,
            marks=marks,
            found=[] if _recognised(told) else list(self._found(reading, {each.code for each in told})),
            more_codes=len(carried) > MOST_CODES,
            manifest=self._of_manifest(reading, manifest) if manifest else None,
        )

    def _read(self, text: str, lines: OwnLines) -> _Reading:
        """Three look-ups, whatever the text is."""
        unbroken = text.replace("\r\n", "\n")
        spellings = tuple(dict.fromkeys((text, unbroken, normalized("NFC", unbroken))))
        of = partial(digests_of, self._key, unmark=partial(unmark, lines=lines))
        digests = [(each, *of(each)) for each in spellings]
        exact = self._outputs.published([digest for _, digest, _, _ in digests])
        bare = self._outputs.published([digest for each, _, _, digest in digests if lines.remove(each) == each])
        normal = {digest for _, _, digest, _ in digests} | {of(reflowed(text, lines))[1]}
        alike = self._outputs.published(sorted(normal))
        known = dict.fromkeys((*exact, *bare, *alike))
        return _Reading(
            spellings,
            _codes(exact),
            _codes(bare),
            _codes(alike),
            [each for each in known if each.profile != Profile.CORRESPONDENCE],
        )

    def _tell(self, code: str, reading: _Reading, *, typed: bool) -> Told:
        output = self._outputs.output(code)
        comparison = _compare(code, reading)
        if output is None:
            return Told(code, Standing.UNKNOWN, comparison=comparison)
        if output.status is OutputStatus.DELIVERED and not typed:
            return Told(code, Standing.MARKED, output.organisation, comparison=comparison)
        if comparison is None and reading.spellings:
            comparison = self._recompute(output, reading)
        matches = comparison in {Comparison.SAME, Comparison.SAME_WORDS}
        if output.profile == Profile.CORRESPONDENCE and not matches:
            return Told(code, Standing.LETTER, output.organisation, comparison=comparison)
        manifest = self._published_manifest(code, reading) if code in reading.exact else None
        return Told(code, Standing.TOLD, output.organisation, self._facts(output), comparison, manifest)

    def _recompute(self, output: Output, reading: _Reading) -> Comparison | None:
        """Of what was not published only the commitment in the log is kept, and of that the salt until the term has ended."""
        if output.status is not OutputStatus.DELIVERED:
            return Comparison.DIFFERENT
        salt, wanted = self._outputs.salt(output.exchange), self._commitment(output)
        if not salt or wanted is None:
            return None
        lines = self._lines()
        texts = (*reading.spellings, *(unmark(each, lines) for each in reading.spellings))
        made = [of_place(salt, output.choice, "content", each).hexdigest() for each in texts]
        return Comparison.SAME if wanted in made else Comparison.DIFFERENT

    def _commitment(self, output: Output) -> str | None:
        """To the unmarked content of this choice (`output` of `exchange:delivered`). Raises `EvidenceInconsistent`."""
        entry = self._log.entry(output.organisation, output.record)
        if entry is None:
            return None
        try:
            outputs = decode(entry[1]).body.get("output")
        except ValueError as error:
            raise EvidenceInconsistent from error
        choice = outputs.get(str(output.choice)) if isinstance(outputs, dict) else None
        content = choice.get("content") if isinstance(choice, dict) else None
        return content if isinstance(content, str) else None

    def _found(self, reading: _Reading, given: set[str]) -> Iterator[Told]:
        for output in reading.public[:MOST_CODES]:
            if output.code not in given:
                comparison = _compare(output.code, reading)
                yield Told(output.code, Standing.TOLD, output.organisation, self._facts(output), comparison)

    def _facts(self, output: Output) -> Facts:
        return Facts(
            Profile(output.profile),
            output.day,
            output.status,
            output.edited,
            self._receipts.of(output.organisation, output.record),
        )

    def _published_manifest(self, code: str, reading: _Reading) -> ManifestReport | None:
        store = self._outputs.manifest(code)
        try:
            return self._of_manifest(reading, store) if store else None
        except ManifestUnreadable as error:
            raise EvidenceInconsistent from error

    def _of_manifest(self, reading: _Reading, store: bytes) -> ManifestReport:
        """Of the spelling for which it holds, else of the text as it came."""
        reports = [self._read_manifest(each, store) for each in reading.spellings or ("",)]
        return next((each for each in reports if each.state is not ManifestState.INVALID), reports[0])


def reflowed(text: str, lines: OwnLines) -> str:
    """The text as one paragraph between our own lines, also where a program broke those or joined them: PDF, mail, a browser."""
    flat = " ".join(text.split())
    found = lines.find(flat)
    body = max((each.end for each in found if each.kind is Kind.LABEL and each.start == 0), default=0)
    address = max((each.start for each in found if each.kind is Kind.CODE_LINE), default=0)
    rule = flat.rfind(f" {RULE} ", body, address)
    if rule < 0:
        return f"{flat[:body]}\n\n{flat[body:].lstrip()}"
    return f"{flat[:body]}\n\n{flat[body:rule].strip()}\n\n{RULE}\n{flat[rule:].removeprefix(f' {RULE} ')}"


def _codes(outputs: Sequence[Output]) -> frozenset[str]:
    return frozenset(each.code for each in outputs)


def _compare(code: str, reading: _Reading) -> Comparison | None:
    """With what was published; None when the text is not among it."""
    if code in reading.exact | reading.bare:
        return Comparison.SAME
    if code in reading.alike:
        return Comparison.SAME_WORDS
    return Comparison.OTHER_CODE if reading.public else None


def _recognised(told: Sequence[Told]) -> bool:
    return any(each.comparison in {Comparison.SAME, Comparison.SAME_WORDS} for each in told)
