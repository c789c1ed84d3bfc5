# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers of a scripted model for the marking room, and what a client reads in what leaves."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import orjson

from app.dialects.openai import OpenAIChat
from app.dialects.request import describe
from app.domain.answer import Event
from app.domain.decision import Envelope, Label, Obligation, SentenceMarks
from app.domain.errors import UpstreamFailed
from app.domain.generation import Generation
from app.domain.text import LocalText
from app.marking.output import MarkedEvent, MarkedOutput
from app.marking.room import Marking
from tests.watermark.texts import DISCLOSURES, ORIGIN

CHAT = OpenAIChat()
MARKING = Marking(ORIGIN, lambda: DISCLOSURES)
CODES = {0: "K7Q2-9FXM-3TBW", 1: "0000-0000-0001", 2: "ZZZZ-ZZZZ-ZZZZ"}
ENVELOPE = Envelope(LocalText(nl="Gemaakt met AI.", en="Made with AI."))
LABEL = Label("internal-draft", ("nl",), DISCLOSURES[:4], organisation="Gemeente Voorbeeld", contact="14 000")
DRAFT: tuple[Obligation, ...] = (ENVELOPE, LABEL, SentenceMarks())
DONE = b"data: [DONE]\n\n"


def ask(**more: Any) -> Generation:  # noqa: ANN401 any field of the vendor
    return describe({"model": "t", "messages": [{"role": "user", "content": "x"}], **more}, {})


def whole(*messages: Mapping[str, Any], finish: str = "stop") -> bytes:
    choices = [
        {"index": index, "message": {"role": "assistant", **message}, "finish_reason": finish}
        for index, message in enumerate(messages)
    ]
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1795456683, "model": "m"}
    return orjson.dumps({**head, "choices": choices, "usage": {"total_tokens": 3}})


def part(index: int = 0, finish: str | None = None, **delta: Any) -> bytes:  # noqa: ANN401 any field of the vendor
    choices = [{"index": index, "delta": delta, "finish_reason": finish}]
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1795456683, "model": "m", "next": 1}
    return b"data: " + orjson.dumps({**head, "choices": choices}) + b"\n\n"


def usage() -> bytes:
    return b'data: {"id":"chatcmpl-1","choices":[],"usage":{"total_tokens":3}}\n\n'


class Head:
    """An answer of which only the kind matters."""

    status = 200

    def __init__(self, kind: str) -> None:
        self.headers: Mapping[str, str] = {"content-type": kind}

    async def __aiter__(self) -> AsyncIterator[bytes]:
        return
        yield

    async def aclose(self) -> None:
        """Nothing is open."""


async def events(generation: Generation, *data: bytes) -> AsyncIterator[Event]:
    """As the pipeline reads them."""
    reader = CHAT.reader(generation, Head("text/event-stream" if generation.stream else "application/json"))
    for piece in data:
        for event in reader.feed(piece):
            yield event
    for event in reader.close():
        yield event


def mark(
    generation: Generation, *data: bytes, obligations: Sequence[Obligation] = DRAFT, marking: Marking = MARKING
) -> MarkedOutput:
    return marking.mark(
        CHAT, events(generation, *data), generation, obligations,
        exchange="exc_1", organisation="voorbeeld", codes={index: CODES[index] for index in range(generation.choices)},
    )  # fmt: skip


async def answered(generation: Generation, *data: bytes, obligations: Sequence[Obligation] = DRAFT) -> Any:  # noqa: ANN401
    """The whole body that leaves."""
    (event,) = [event async for event in mark(generation, *data, obligations=obligations).events]
    return orjson.loads(event.data)


async def left(generation: Generation, *data: bytes, obligations: Sequence[Obligation] = DRAFT) -> list[bytes]:
    """The frames that leave, one by one, without comments; a break is where they end."""
    sent: list[MarkedEvent] = []
    try:
        async for event in mark(generation, *data, obligations=obligations).events:
            sent.append(event)  # noqa: PERF401 what left before a break has left
    except UpstreamFailed:
        pass
    frames = b"".join(event.data for event in sent).split(b"\n\n")
    return [frame + b"\n\n" for frame in frames if frame and not frame.startswith(b":")]


def read(frame: bytes) -> Any:  # noqa: ANN401
    return orjson.loads(frame.removeprefix(b"data: "))


def contents(frames: Sequence[bytes]) -> dict[int, str]:
    """What a client puts together, choice by choice. It reads no more of a choice that has ended."""
    texts: dict[int, str] = {}
    ended: set[int] = set()
    for frame in frames:
        if frame == DONE:
            continue
        for choice in read(frame)["choices"]:
            index, text = choice["index"], choice["delta"].get("content")
            if text:
                assert index not in ended
                texts[index] = texts.get(index, "") + text
            if choice["finish_reason"]:
                ended.add(index)
    return texts
