# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The texts of one answer while they pass: each choice under its own code, whole or in pieces."""

from collections.abc import Iterable, Mapping

from app.domain.errors import UpstreamInvalid
from app.domain.json import JsonObject
from app.marking.envelope import of_texts
from app.marking.wording import Wording
from watermark.model import Content
from watermark.stream import TextMarker


class Choices:
    """A marker for each choice that says something."""

    def __init__(self, wording: Wording, codes: Mapping[int, str]) -> None:
        self._wording = wording
        self._codes = codes
        self._markers: dict[int, TextMarker] = {}
        self._closed: set[int] = set()

    def feed(self, choice: int, text: str) -> str:
        """What can be given out now. Raises `UpstreamInvalid` when this choice has ended: text after the code line is unmarked."""
        if choice in self._closed:
            raise UpstreamInvalid
        marker = self._markers.get(choice)
        if marker is None:
            marker = self._markers[choice] = self._wording.marker(self._codes[choice])
        return marker.feed(text)

    def close(self, choice: int) -> str:
        """The rest of this choice; nothing where there was no text, or it ended before."""
        if choice in self._closed:
            return ""
        self._closed.add(choice)
        marker = self._markers.get(choice)
        return marker.close() if marker else ""

    def rest(self) -> Mapping[int, str]:
        """What is left of every choice that did not end."""
        left = {choice: self.close(choice) for choice in sorted(self._markers)}
        return {choice: text for choice, text in left.items() if text}

    def told(self, choices: Iterable[int] | None = None) -> JsonObject:
        """What `ai_provenance` says of these texts, else of all; of several, what is in any of them."""
        asked = self._markers if choices is None else set(choices)
        known = {choice: marker for choice, marker in self._markers.items() if choice in asked}
        contents = {marker.content for marker in known.values()}
        found = {mark for marker in known.values() for mark in _put_in(marker)}
        content = next((each for each in (Content.PROSE, Content.MACHINE) if each in contents), None)
        return of_texts([mark for mark in MARKS if mark in found], content)


def _put_in(marker: TextMarker) -> Iterable[str]:
    if marker.lined:
        yield from (LABEL, CODE_LINE)
    if marker.sentences:
        yield SENTENCE_IDS


LABEL, SENTENCE_IDS, CODE_LINE = MARKS = ("label", "sentence-ids", "code-line")
