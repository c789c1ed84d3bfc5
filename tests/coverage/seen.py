# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a call left behind, on every side: at its client, at the model, in the log, at the desk."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx

from app.domain.control import Case
from tests.fake_upstream import Received


@dataclass(frozen=True)
class Answer:
    """An answer as its client reads it, whole or streamed."""

    response: httpx.Response

    @cached_property
    def comments(self) -> list[str]:
        """Of a stream."""
        return [line for line in self.response.text.splitlines() if line.startswith(":")]

    @cached_property
    def frames(self) -> list[str]:
        """Of a stream, in order; the last one is its end."""
        lines = self.response.text.splitlines()
        return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]

    @cached_property
    def trees(self) -> list[dict[str, Any]]:
        """Every JSON object: one, or those of a stream."""
        parts = self.frames if self.streamed else [self.response.text]
        return [json.loads(part) for part in parts if part != "[DONE]"]

    @property
    def streamed(self) -> bool:
        return self.response.headers["content-type"].startswith("text/event-stream")

    @cached_property
    def choices(self) -> list[dict[str, Any]]:
        return [choice for tree in self.trees for choice in tree.get("choices", ())]

    @cached_property
    def contents(self) -> dict[int, str]:
        """The text of each choice."""
        texts: dict[int, str] = {}
        for choice in self.choices:
            said = (choice.get("message") or choice.get("delta") or {}).get("content") or ""
            texts[choice["index"]] = texts.get(choice["index"], "") + said
        return texts

    @cached_property
    def arguments(self) -> dict[int, str]:
        """What each choice gives to the tool that it calls."""
        given: dict[int, str] = {}
        for choice in self.choices:
            for call in (choice.get("message") or choice.get("delta") or {}).get("tool_calls") or ():
                given[choice["index"]] = given.get(choice["index"], "") + call["function"].get("arguments", "")
        return given

    @cached_property
    def finishes(self) -> Counter[int]:
        """How often each choice ends."""
        return Counter(choice["index"] for choice in self.choices if choice.get("finish_reason"))

    @property
    def problem(self) -> str:
        """Name of the problem; empty where there is none."""
        return str(self.trees[0].get("type", "")).rpartition("/problems/")[2] if self.response.is_error else ""


@dataclass(frozen=True)
class Probe:
    """The same call by somebody who may not make it."""

    answer: Answer
    reached: bool
    """Whether a model was."""
    records: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Seen:
    """Everything that one case left behind."""

    case: Case
    answer: Answer
    address: str
    said: Mapping[int, str]
    """What the model said, by choice."""
    called: Mapping[int, str]
    """What it gave to tools, by choice."""
    sent: Sequence[Received]
    """Calls that reached the model."""
    at_contact: Sequence[Sequence[str]]
    """Types of the records that were durable when it was reached."""
    records: Sequence[Mapping[str, Any]]
    """In the log, from the call to the moment its last byte had come."""
    at_end: Sequence[str]
    """Types of the records that were durable when the event arrived that ends the answer."""
    before: Sequence[Mapping[str, Any]]
    """In the log of an answer that is fetched: from the time that it was asked for."""
    waiting: Answer | None
    """What the same call gave while a human had not decided yet."""
    shown: Mapping[int, str]
    """What a reviewer sees of a text that was handed in."""
    kept: Sequence[str]
    """Kinds of content that are kept of it outside the log, and `salt`."""
    known: Mapping[str, Mapping[str, Any]]
    """What verify tells of each code."""
    by_code: Mapping[str, httpx.Response]
    """The manifest that everybody can fetch, by code."""
    by_text: Mapping[str, httpx.Response]
    """The manifest that one gets who brings the text, by code."""
    keyless: Probe
    rightless: Probe
    stopped: Probe
    usable: frozenset[str] = field(default=frozenset())
    """Tasks of the application that can be used."""

    @property
    def opened(self) -> Mapping[str, Any] | None:
        """The record that a call began: of this one, or of the one whose answer it fetches."""
        return next((each for each in (*self.records, *self.before) if each["type"] == "exchange:opened"), None)

    def of(self, *kinds: str) -> list[Mapping[str, Any]]:
        """Its records of these types."""
        return [record for record in self.records if record["type"] in kinds]

    @property
    def provenances(self) -> list[dict[str, Any]]:
        return [tree["ai_provenance"] for tree in self.answer.trees if "ai_provenance" in tree]

    @property
    def codes(self) -> dict[int, str]:
        """The code of each choice, as the answer itself says."""
        return dict(enumerate(self.provenances[0]["codes"])) if self.provenances else {}

    @property
    def texts(self) -> dict[int, str]:
        """Choices that have a text."""
        return {index: text for index, text in self.answer.contents.items() if text}
