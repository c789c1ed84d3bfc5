# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The OpenAI dialect, chat completions: find, replace, refuse. Measured reactions of its SDKs: docs/decisions/0008."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

import orjson

from app.dialects import held, request, splice, strict
from app.dialects.splice import CLAIMS, PROVENANCE
from app.dialects.sse import Frame, Framer, write
from app.domain.answer import Answer, Event, Finding, Reader, UpstreamRequest
from app.domain.call import Call
from app.domain.decision import Deployment
from app.domain.errors import InvalidRequest, UpstreamFailed, UpstreamInvalid
from app.domain.generation import Generation
from app.domain.json import Json, JsonObject

_DONE = b"[DONE]"
_OF_A_STREAM = frozenset({"stream", "stream_options"})
_MUCH = 256 * 1024
"""Bytes of a request above which it is read beside the loop, so that other calls are served meanwhile."""
# Codes a client can act on. Anything else an upstream says about an error stays here: its text may echo the prompt (A30).
_CODES = frozenset(
    {"context_length_exceeded", "rate_limit_exceeded", "insufficient_quota", "content_filter", "model_not_found"}
)
# What a content type may add: bytes that are read here as UTF-8 must not be read as something else by a client.
_UTF_8 = frozenset({"", "charset=utf-8", 'charset="utf-8"', "charset=utf8"})
_EXPLAINED = ("rule", "source", "remedy", "alternative", "faults", "nl", "review")


class OpenAIChat:
    """`POST /v1/chat/completions`, JSON and SSE."""

    name = "openai"

    async def describe(self, call: Call) -> Generation:
        body = await call.body()
        if len(body) <= _MUCH:
            return _described(body, call.headers)
        return await asyncio.to_thread(_described, body, call.headers)

    def prepare(self, generation: Generation, deployment: Deployment) -> UpstreamRequest:
        body = {**generation.body, "model": deployment.model, **dict(deployment.force)}
        return UpstreamRequest(deployment, "/chat/completions", strict.dumps(body), generation.stream)

    def wholly(self, generation: Generation) -> Generation:
        body = {name: value for name, value in generation.body.items() if name not in _OF_A_STREAM}
        return replace(generation, body=body, stream=False)

    def revise(self, generation: Generation, change: Callable[[str], str]) -> Generation:
        return request.revise(generation, change)

    def reader(self, generation: Generation, answer: Answer) -> Reader:
        kind, _, parameters = answer.headers.get("content-type", "").lower().partition(";")
        if kind.strip() != ("text/event-stream" if generation.stream else "application/json"):
            raise UpstreamInvalid
        if parameters.strip() not in _UTF_8:
            raise UpstreamInvalid
        return StreamReader(generation.choices) if generation.stream else WholeReader(generation.choices)

    def rejection(self, body: bytes) -> str | None:
        try:
            tree = orjson.loads(body)
        except orjson.JSONDecodeError:
            return None
        error = tree.get("error") if isinstance(tree, dict) else None
        code = error.get("code") if isinstance(error, dict) else None
        return code if isinstance(code, str) and code in _CODES else None

    def preamble(self, provenance: JsonObject) -> bytes:
        return held.preamble(provenance)

    def enclose(self, event: Event, provenance: JsonObject) -> bytes:
        if event.tree is None:
            return event.raw
        return splice.enclose(event.raw, event.tree, provenance)

    def replace(self, event: Event, texts: Mapping[int, str]) -> Event:
        return splice.retold(event, texts)

    def ahead(self, event: Event, texts: Mapping[int, str]) -> bytes:
        return write(orjson.dumps(splice.chunk(event.tree, texts)))

    def asked(self, generation: Generation) -> Sequence[tuple[str, str]]:
        return held.asked(generation)

    def reviewed(self, body: bytes, texts: Mapping[int, str], *, calls: Collection[str] | None = None) -> Event:
        return held.reviewed(body, texts, calls=calls)

    def completed(self, event: Event, identity: str, provenance: JsonObject, review: JsonObject) -> bytes:
        return splice.changed(event.raw, {"id": identity, PROVENANCE: provenance, "review": review})

    def withheld(self, generation: Generation, identity: str, review: JsonObject) -> bytes:
        return held.withheld(generation, identity, review)

    def streamed(self, body: bytes) -> bytes:
        return held.streamed(body)

    def keepalive(self) -> bytes:
        return b": keepalive\n\n"

    def refuse(self, problem: JsonObject) -> JsonObject:
        status, kind = problem["status"], problem.get("error_type")
        # The SDK shows its caller this object and nothing beside it: what the problem explains is in here too.
        error = {
            **{name: problem[name] for name in _EXPLAINED if name in problem},
            "message": f"{_closed(str(problem['detail']))} {problem['remedy']}",
            "type": kind or _error_type(status if isinstance(status, int) else HTTPStatus.INTERNAL_SERVER_ERROR),
            "param": None,
            "code": problem["code"],
        }
        told = {name: value for name, value in problem.items() if name != "error_type"}
        return {**told, "error": error}

    def refuse_stream(self, problem: JsonObject) -> bytes:
        return b"data: %s\n\n" % orjson.dumps(self.refuse(problem))

    def models(self, names: Sequence[str], owner: str) -> Json:
        return {"object": "list", "data": [self.model(name, owner) for name in names]}

    def model(self, name: str, owner: str) -> JsonObject:
        """One entry of the list."""
        return {"id": name, "object": "model", "created": 0, "owned_by": owner}


class WholeReader:
    """A JSON answer: one event, at its end."""

    def __init__(self, choices: int) -> None:
        self.model: str | None = None
        self._asked = choices
        self._parts: list[bytes] = []

    def feed(self, data: bytes) -> Sequence[Event]:
        self._parts.append(data)
        return ()

    def close(self) -> Sequence[Event]:
        raw = b"".join(self._parts)
        tree = _tree(raw)
        choices = tree.get("choices")
        if not isinstance(choices, list) or not 1 <= len(choices) <= self._asked:
            raise UpstreamInvalid
        self.model = _model(tree)
        if not CLAIMS.isdisjoint(tree):
            tree, raw = splice.unclaimed(raw)
        return (Event(raw, tree, *_read(choices, "message", self._asked), closing=True),)


class StreamReader:
    """An SSE answer. Closing starts with the event that ends the last open choice, else with `[DONE]`."""

    def __init__(self, choices: int) -> None:
        self.model: str | None = None
        self._framer = Framer()
        self._asked = choices
        self._open = set(range(choices))
        self._done = False

    def feed(self, data: bytes) -> Sequence[Event]:
        return self._events(self._framer.feed(data))

    def close(self) -> Sequence[Event]:
        events = self._events(self._framer.close())
        if not self._done:
            raise UpstreamInvalid
        return events

    def _events(self, frames: Sequence[Frame]) -> Sequence[Event]:
        events: list[Event] = []
        for frame in frames:
            if frame.data is None:
                continue  # a comment: text that would pass unmarked
            if self._done or frame.name:
                raise UpstreamInvalid
            raw = frame.raw if frame.bare else write(frame.data)
            if frame.data == _DONE:
                self._done = True
                events.append(Event(raw, closing=True))
            else:
                events.append(self._chunk(raw, frame.data))
        return events

    def _chunk(self, raw: bytes, data: bytes) -> Event:
        tree = _tree(data)
        if tree.get("error") is not None:
            raise UpstreamFailed
        choices = tree.get("choices")
        if not isinstance(choices, list):
            raise UpstreamInvalid
        self.model = self.model or _model(tree)
        if not CLAIMS.isdisjoint(tree):
            tree, clean = splice.unclaimed(data)
            raw = write(clean)
        findings, finishes = _read(choices, "delta", self._asked)
        if finishes:
            self._open.difference_update(finishes)
        return Event(raw, tree, findings, finishes, closing=not self._open)


def _described(body: bytes, headers: Mapping[str, str]) -> Generation:
    return request.describe(strict.loads(body), headers)


def _tree(data: bytes) -> JsonObject:
    """An answer that two clients could read as two answers is refused: what was found must be what is read (P23)."""
    try:
        return strict.loads_lossy(data)
    except InvalidRequest:
        raise UpstreamInvalid from None


def _model(tree: JsonObject) -> str | None:
    model = tree.get("model")
    return model[:128] if isinstance(model, str) else None


def _read(choices: Sequence[Json], holder: str, asked: int) -> tuple[tuple[Finding, ...], tuple[int, ...]]:
    """Every text leaf of every choice, and the choices that end here.

    A choice that nobody asked for has no code, and two texts of one choice would be one text under one code: both are refused.
    A finding is named by the field of the message it stands in: tool calls and refusals are output too (A2). Some servers write
    an empty reason for an end where they mean none.
    """
    findings: list[Finding] = []
    finishes: list[int] = []
    seen: set[int] = set()
    for choice in choices:
        if not isinstance(choice, dict):
            raise UpstreamInvalid
        index = choice.get("index", 0)
        if type(index) is not int or not 0 <= index < asked or index in seen:
            raise UpstreamInvalid
        seen.add(index)
        if choice.get("finish_reason") not in (None, ""):
            finishes.append(index)
        message = choice.get(holder)
        if isinstance(message, dict):
            _gather(message, index, findings)
        elif message is not None:
            raise UpstreamInvalid
    return tuple(findings), tuple(finishes)


def _gather(message: Mapping[str, Json], index: int, findings: list[Finding]) -> None:
    for place, value in message.items():
        if place == "role":
            continue
        if isinstance(value, str):
            findings.append(Finding(index, place, value))
        elif value is not None:
            findings += [Finding(index, place, text) for text in request.leaves(value)]


def _closed(sentence: str) -> str:
    """With an end, so that another can follow: a reason may come from a person."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _error_type(status: int) -> str:
    """OpenAI's word for a status, as its documentation of error types uses them."""
    known = {
        HTTPStatus.BAD_REQUEST: "invalid_request_error",
        HTTPStatus.UNAUTHORIZED: "authentication_error",
        HTTPStatus.FORBIDDEN: "permission_error",
        HTTPStatus.NOT_FOUND: "not_found_error",
        HTTPStatus.TOO_MANY_REQUESTS: "rate_limit_error",
    }
    return known.get(
        HTTPStatus(status), "invalid_request_error" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "api_error"
    )
