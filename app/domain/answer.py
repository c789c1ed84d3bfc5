# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comes back from a model, and the ports that ask for it and read it."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.domain.call import Call
from app.domain.decision import Deployment
from app.domain.generation import Generation
from app.domain.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """Exactly what is sent: the deployment says where, the dialect says what."""

    deployment: Deployment
    path: str
    """Appended to the deployment's prefix; starts with `/`."""
    body: bytes = field(repr=False)
    stream: bool


class Answer(Protocol):
    """An upstream's answer: the head is read, the body is not."""

    status: int
    headers: Mapping[str, str]
    """Lower-case names, only those on the allowlist."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body as it arrives. Raises `UpstreamFailed`."""
        ...

    async def aclose(self) -> None:
        """Hang up: whatever was not read is not wanted. May be called more than once."""
        ...


class Upstream(Protocol):
    """The one way out."""

    async def forward(self, request: UpstreamRequest) -> Answer:
        """Send once, never twice; return when the head has come. Raises `UpstreamFailed`."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """Generated text at a known place of an answer."""

    choice: int
    place: str
    """`content`, `refusal`, `reasoning` or `tool_calls`."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream, or a whole JSON body: the upstream's own bytes beside what was found in them."""

    raw: bytes = field(repr=False)
    tree: JsonObject | None = field(default=None, repr=False)
    """None for the terminator of a stream."""
    findings: tuple[Finding, ...] = ()
    finishes: tuple[int, ...] = ()
    """Choices that end with this event."""
    closing: bool = False
    """True from the event that ends the last open choice, else the terminator: it waits for `exchange:delivered`."""


class Reader(Protocol):
    """Bytes of one answer in, events out. Sans-IO; raises `UpstreamFailed` on what is not its dialect."""

    model: str | None
    """The model the upstream says it is, once seen."""

    def feed(self, data: bytes) -> Sequence[Event]:
        """Events that are complete now."""
        ...

    def close(self) -> Sequence[Event]:
        """The rest, at the end of the body; raises `UpstreamInvalid` when the answer was cut."""
        ...


class Dialect(Protocol):
    """One vendor's protocol: describe, find, replace, refuse; never translate."""

    name: str

    async def describe(self, call: Call) -> Generation:
        """Read and judge the body. Raises `InvalidRequest`, `TooLarge`."""
        ...

    def prepare(self, generation: Generation, deployment: Deployment) -> UpstreamRequest:
        """The call as it goes out: the tree that was judged, with the deployment's model and forced fields."""
        ...

    def wholly(self, generation: Generation) -> Generation:
        """The same call, asked to be answered in one piece."""
        ...

    def revise(self, generation: Generation, change: Callable[[str], str]) -> Generation:
        """The same call, with every text of an earlier answer in it changed so; nobody else's words."""
        ...

    def reader(self, generation: Generation, answer: Answer) -> Reader:
        """A fresh reader for this answer. Raises `UpstreamInvalid` when the answer is of another kind than was asked."""
        ...

    def rejection(self, body: bytes) -> str | None:
        """The machine code of an upstream error, if it is on the closed list."""
        ...

    def preamble(self, provenance: JsonObject) -> bytes:
        """What opens a stream: a comment that says the output is AI-generated."""
        ...

    def enclose(self, event: Event, provenance: JsonObject) -> bytes:
        """The event with `ai_provenance` beside its content; every other byte as it came."""
        ...

    def replace(self, event: Event, texts: Mapping[int, str]) -> Event:
        """The event with these content texts, by choice, in place of its own; every other byte as it came where that is certain.

        Only choices that are named change. Of a choice in a stream's event that has no content, one is put in. Raises
        `UpstreamInvalid` where content is not a text.
        """
        ...

    def ahead(self, event: Event, texts: Mapping[int, str]) -> bytes:
        """An event of its own, of the same answer as `event`, with these content texts: it goes out before that event."""
        ...

    def asked(self, generation: Generation) -> Sequence[tuple[str, str]]:
        """Role and text of each turn of the call, in order: what a reviewer reads beside the answer."""
        ...

    def reviewed(self, body: bytes, texts: Mapping[int, str], *, calls: Collection[str] | None = None) -> Event:
        """A whole answer with these texts, and with no other member in which a model can put words; its calls of the tools `calls`.

        What nobody reviewed does not leave: reasoning, refusals, log probabilities, next month's fields, and beside a text that
        a human approves the calls of tools, which that human did not see. Raises `UpstreamInvalid`, also for a call of another tool
        and for calls that say as much as a letter.
        """
        ...

    def completed(self, event: Event, identity: str, provenance: JsonObject, review: JsonObject) -> bytes:
        """A whole answer under another id, with `ai_provenance` and `review` beside its content: what is retrieved."""
        ...

    def withheld(self, generation: Generation, identity: str, review: JsonObject) -> bytes:
        """`held_as: in_band`: an answer without content that ends with `content_filter`; a stream where one was asked for."""
        ...

    def streamed(self, body: bytes) -> bytes:
        """A whole answer as the stream its client asked for, terminator included (`held_as: wait`)."""
        ...

    def keepalive(self) -> bytes:
        """A chunk that means nothing to a client and keeps the connection open."""
        ...

    def refuse(self, problem: JsonObject) -> JsonObject:
        """An RFC 9457 problem with the vendor's own error inside, so that its SDK raises its right type."""
        ...

    def refuse_stream(self, problem: JsonObject) -> bytes:
        """The same as the last event of a stream that had begun; never followed by a terminator."""
        ...

    def models(self, names: Sequence[str], owner: str) -> Json:
        """The vendor's list of models."""
        ...

    def model(self, name: str, owner: str) -> JsonObject:
        """The vendor's description of one model."""
        ...
