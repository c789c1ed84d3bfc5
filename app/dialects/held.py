# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers that a human decides about, in OpenAI's words: withheld, or given later than they were asked for."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import orjson

from app.dialects import request, strict
from app.dialects.splice import PROVENANCE
from app.domain.answer import Event, Finding
from app.domain.errors import InvalidRequest, UpstreamInvalid
from app.domain.generation import Generation
from app.domain.json import Json, JsonObject

DONE = b"data: [DONE]\n\n"
_OF_THE_ANSWER = ("id", "created", "model", "system_fingerprint", "service_tier")
_WITHOUT_WORDS = (*_OF_THE_ANSWER, "object", "usage")
"""Members of an answer that say nothing of what the model wrote."""
_CALLS = ("tool_calls", "function_call")
MOST_CALLED = 2000
"""Characters of all that the calls of one choice say: enough to look something up, and not for much of a letter."""


def withheld(generation: Generation, identity: str, review: JsonObject) -> bytes:
    """An answer without content, in the form that was asked for. `refusal` stays null: the model refused nothing.

    `created` is 0, as of a model's entry: this answer was not made by a model.
    """
    message: JsonObject = {"role": "assistant", "content": None, "refusal": None}
    choices = [
        {"index": index, "message": message, "logprobs": None, "finish_reason": "content_filter"}
        for index in range(generation.choices)
    ]
    answer: JsonObject = {
        "id": identity,
        "object": "chat.completion",
        "created": 0,
        "model": generation.model,
        "choices": choices,
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        "review": review,
    }
    return b"".join(_events(answer)) if generation.stream else orjson.dumps(answer)


def streamed(body: bytes) -> bytes:
    """A whole answer as a stream: each choice says all it has, then ends."""
    return b"".join(_events(strict.loads_exact(body)))


def asked(generation: Generation) -> Sequence[tuple[str, str]]:
    """Role and text of each message."""
    messages = generation.body.get("messages")
    turns = [turn for turn in messages if isinstance(turn, Mapping)] if isinstance(messages, Sequence) else []
    skip = frozenset({"role", "type"})
    return [(str(turn.get("role", "")), "\n".join(request.leaves(turn, skip))) for turn in turns]


def reviewed(body: bytes, texts: Mapping[int, str], *, calls: Collection[str] | None = None) -> Event:
    """An answer of which every word is in `texts`, but for its calls of the tools that `calls` names."""
    try:
        tree = strict.loads_exact(body)
    except InvalidRequest:
        raise UpstreamInvalid from None
    choices = tree.get("choices")
    if not isinstance(choices, Sequence) or isinstance(choices, str):
        raise UpstreamInvalid
    kept = [_reviewed_choice(choice, texts, calls=calls) for choice in choices if isinstance(choice, Mapping)]
    clean: JsonObject = {**{name: tree[name] for name in _WITHOUT_WORDS if name in tree}, "choices": kept}
    found = tuple(Finding(index, "content", text) for index, text in sorted(texts.items()))
    finishes = tuple(index for choice in kept if isinstance(index := choice["index"], int))
    return Event(strict.dumps(clean), clean, found, finishes, closing=True)


def _reviewed_choice(
    choice: Mapping[str, Json], texts: Mapping[int, str], *, calls: Collection[str] | None
) -> dict[str, Json]:
    index, message = choice.get("index", 0), choice.get("message")
    said = message if calls is not None and isinstance(message, Mapping) else {}
    made = {name: said[name] for name in _CALLS if said.get(name)}
    _require_called(made, calls or ())
    text = texts.get(index) if isinstance(index, int) else None
    ended = choice.get("finish_reason") if made else "stop"
    return {
        "index": index,
        "message": {"role": "assistant", "content": text, "refusal": None, **made},
        "logprobs": None,
        "finish_reason": ended,
    }


def _require_called(made: JsonObject, tools: Collection[str]) -> None:
    """Policy judged the tools that were asked for; nobody judged another one, or a letter that is said in a call (A2)."""
    for value in made.values():
        for call in value if isinstance(value, list | tuple) else (value,):
            named = set(request.tool_names(call)) if isinstance(call, Mapping) else set()
            if not named or not named <= set(tools):
                raise UpstreamInvalid
    if sum(map(len, request.leaves(made))) > MOST_CALLED:
        raise UpstreamInvalid


def _events(answer: JsonObject) -> Iterator[bytes]:
    head = {name: answer[name] for name in _OF_THE_ANSWER if name in answer} | {"object": "chat.completion.chunk"}
    told = {name: answer[name] for name in (PROVENANCE, "review") if name in answer}
    choices = answer["choices"]
    provenance = told.get(PROVENANCE)
    if isinstance(provenance, Mapping):
        yield preamble(provenance)
    for choice in choices if isinstance(choices, Sequence) else ():
        if isinstance(choice, Mapping):
            index = choice.get("index", 0)
            spoken = {"index": index, "delta": _delta(choice.get("message")), "finish_reason": None}
            if choice.get("logprobs") is not None:
                spoken["logprobs"] = choice["logprobs"]
            ended: JsonObject = {"index": index, "delta": {}, "finish_reason": choice.get("finish_reason")}
            yield _event({**head, "choices": [spoken], **told})
            yield _event({**head, "choices": [ended], **told})
    yield DONE


def preamble(provenance: JsonObject) -> bytes:
    """What opens a stream: a comment that says the output is AI-generated."""
    return b": ai-generated id=%s\n\n" % str(provenance["id"]).encode()


def _delta(message: Json) -> dict[str, Json]:
    """A message as one delta: its tool calls are numbered, as in a stream they must be."""
    delta = dict(message) if isinstance(message, Mapping) else {}
    calls = delta.get("tool_calls")
    if isinstance(calls, Sequence) and not isinstance(calls, str):
        numbered = [{"index": place, **call} for place, call in enumerate(calls) if isinstance(call, Mapping)]
        delta["tool_calls"] = numbered
    return delta


def _event(tree: JsonObject) -> bytes:
    return b"data: %s\n\n" % strict.dumps(tree)
