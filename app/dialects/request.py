# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an OpenAI-shaped request asks for: judged field by field, and passed on as it was judged."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice

from app.domain.errors import Fault, InvalidRequest
from app.domain.generation import Generation
from app.domain.json import Json, JsonObject

OPERATION = "openai.chat.completions"
_MOST_CHOICES = 128
_MOST_FAULTS = 20
"""Faults that are named: a body can hold a million, and each costs more to tell than to send."""
# Fields by which routers, providers and SDKs let a caller choose another address, model, key or source than policy did
# (A11, A14). The last four: Azure, Alibaba, vLLM and xAI.
_STEERING = frozenset({
    "api_base", "api_key", "base_url", "extra_body", "extra_headers", "fallbacks", "models", "plugins", "provider", "route",
    "transforms", "data_sources", "enable_search", "kv_transfer_params", "search_parameters",
})  # fmt: skip
# Members of a content part that hold words. Whatever another one holds is data, or something the provider would fetch.
_NO_WORDS = frozenset({"role", "type"})
_WORDS = frozenset({"content", "context", "filename", "name", "refusal", "text", "thinking", "title"})
# Fields by which vendors and servers bind an answer to a form (vLLM, SGLang, llama.cpp), and those that ask for its tokens.
_FORMS = frozenset({
    "grammar", "json_schema", "structured_outputs", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "ebnf",
    "regex", "logprobs", "top_logprobs", "prompt_logprobs",
})  # fmt: skip
_MOST_LANGUAGES = 20
_PREFERENCE = re.compile(
    r"(?P<tag>[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:[ \t]*;[ \t]*[Qq]=(?P<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?",
    re.ASCII,
)
# What may also be absent. Made once: a union that is written where it is used is made anew for each request.
_FLAG = (bool, type(None))
_LIST = (list, type(None))
_OWN_TOOLS = frozenset({"function", "custom"})


def describe(body: JsonObject, headers: Mapping[str, str]) -> Generation:
    """The generation this body asks for. Raises `InvalidRequest` with its faults, the first twenty at once."""
    found = chain(_shape(body), _steering(body), _tool_faults(body), _media_faults(body), _remote_parts(body))
    faults = tuple(islice(found, _MOST_FAULTS))
    if faults:
        raise InvalidRequest(*faults)
    model, choices = body["model"], body.get("n")
    return Generation(
        dialect="openai",
        operation=OPERATION,
        model=str(model),
        stream=body.get("stream") is True,
        choices=choices if isinstance(choices, int) else 1,
        body=body,
        prompt=tuple(leaves(body["messages"], skip=_NO_WORDS)),
        media=_media(body),
        tools=frozenset(_tools(body)),
        structured=_structured(body),
        stops=tuple(stop for stop in leaves(body.get("stop")) if stop),
        languages=_languages(headers.get("accept-language", "")),
    )


def revise(generation: Generation, change: Callable[[str], str]) -> Generation:
    """The call with the text of its assistant messages changed so: strings, and parts of type `text`."""
    messages = generation.body["messages"]
    revised = [_revised(message, change) for message in messages] if isinstance(messages, list) else messages
    if revised == messages:
        return generation
    prompt = tuple(leaves(revised, skip=_NO_WORDS))
    return replace(generation, body={**generation.body, "messages": revised}, prompt=prompt)


def _revised(message: JsonObject, change: Callable[[str], str]) -> JsonObject:
    content = message.get("content")
    if message.get("role") != "assistant" or not isinstance(content, str | list):
        return message
    if isinstance(content, str):
        return {**message, "content": change(content)}
    return {**message, "content": [_revised_part(part, change) for part in content]}


def _revised_part(part: Json, change: Callable[[str], str]) -> Json:
    if isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str):
        return {**part, "text": change(str(part["text"]))}
    return part


def leaves(value: Json, skip: frozenset[str] = frozenset()) -> list[str]:
    """Every string in a tree as it was parsed, in order, but for the values of the members named in `skip`."""
    found: list[str] = []
    _gather(value, skip, found)
    return found


def _gather(value: Json, skip: frozenset[str], found: list[str]) -> None:
    """One list for all levels: generators in generators would cost more than all else that is done to a request."""
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name in skip:
                continue
            if isinstance(member, str):
                found.append(member)
            else:
                _gather(member, skip, found)
    elif isinstance(value, list):
        for element in value:
            _gather(element, skip, found)


def _shape(body: JsonObject) -> Iterator[Fault]:
    model, messages = body.get("model"), body.get("messages")
    if not isinstance(model, str) or not model:
        yield Fault("/model", "must name a task of this application; GET /v1/models lists them")
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        yield Fault("/messages", "must be a list of at least one message")
    if not isinstance(body.get("stream"), _FLAG):
        yield Fault("/stream", "must be true or false")
    choices = body.get("n")
    if choices is not None and (
        isinstance(choices, bool) or not isinstance(choices, int) or not 1 <= choices <= _MOST_CHOICES
    ):
        yield Fault("/n", f"must be a whole number from 1 to {_MOST_CHOICES}")


def _steering(body: JsonObject) -> Iterator[Fault]:
    for name in () if _STEERING.isdisjoint(body) else sorted(_STEERING & body.keys()):
        yield Fault(f"/{name}", "is decided by policy, not by the caller; leave it out")
    if body.get("web_search_options") is not None:
        yield Fault("/web_search_options", "lets the provider fetch other sources; not permitted")


def _tool_faults(body: JsonObject) -> Iterator[Fault]:
    tools, functions = body.get("tools"), body.get("functions")
    if not isinstance(tools, _LIST):
        yield Fault("/tools", "must be a list")
        tools = None
    for place, tool in enumerate(tools or ()):
        if not isinstance(tool, dict) or str(tool.get("type")) not in _OWN_TOOLS or not any(tool_names(tool)):
            yield Fault(
                f"/tools/{place}",
                "must be a function or custom tool with a name; tools run by a provider are not permitted",
            )
    if not isinstance(functions, _LIST) or not all(
        isinstance(function, dict) and any(tool_names(function)) for function in functions or ()
    ):
        yield Fault("/functions", "must be a list of functions with a name")


def _media_faults(body: JsonObject) -> Iterator[Fault]:
    kinds = body.get("modalities")
    if not isinstance(kinds, _LIST) or not all(isinstance(kind, str) for kind in kinds or ()):
        yield Fault("/modalities", "must be a list of names")


def _remote_parts(body: JsonObject) -> Iterator[Fault]:
    """Addresses in a message would be fetched by the provider, past every rule about hosts (A11)."""
    messages = body.get("messages")
    for at, message in enumerate(messages if isinstance(messages, list) else ()):
        parts = message.get("content") if isinstance(message, dict) else None
        if isinstance(parts, str):
            continue  # words, whatever they say
        for place, part in enumerate(parts if isinstance(parts, list) else [parts]):
            if _is_fetched(part, "content"):
                yield Fault(
                    f"/messages/{at}/content/{place}", "must carry its data (data: URL); the provider fetches nothing"
                )


def _is_fetched(value: Json, name: str) -> bool:
    """Whether the provider would fetch something for this member of a part: an address, or a file that it keeps.

    Base64 holds no colon and every address does, so that also a vendor's own kind of part is judged (audio_url, video_url, ...).
    """
    if isinstance(value, dict):
        return any(_is_fetched(member, key) for key, member in value.items())
    if isinstance(value, list):
        return any(_is_fetched(element, name) for element in value)
    if not isinstance(value, str) or name in _WORDS or value.startswith("data:"):
        return False
    return ":" in value or name == "file_id" or name.endswith("url")


def _tools(body: JsonObject) -> Iterator[str]:
    for field in ("tools", "functions"):
        tools = body.get(field)
        for tool in tools if isinstance(tools, list) else ():
            if isinstance(tool, dict):
                yield from tool_names(tool)


def tool_names(tool: Mapping[str, Json]) -> Iterator[str]:
    """Every name that some server could read as this tool's own: which of them it reads is not ours to guess."""
    for holder in (tool, *(tool.get(kind) for kind in sorted(_OWN_TOOLS))):
        name = holder.get("name") if isinstance(holder, dict) else None
        if isinstance(name, str) and name:
            yield name


def _media(body: JsonObject) -> frozenset[str]:
    kinds = body.get("modalities")
    asked = {kind for kind in kinds if isinstance(kind, str)} if isinstance(kinds, list) else set()
    if body.get("audio") is not None:
        asked.add("audio")
    return frozenset(asked - {"text"})


def _structured(body: JsonObject) -> bool:
    """Log probabilities too: they spell the answer token by token, and a mark would not be among them."""
    form = body.get("response_format")
    kind = form.get("type") if isinstance(form, dict) else None
    if kind not in (None, "text"):
        return True
    return not _FORMS.isdisjoint(body) and any(body[name] not in (None, False) for name in _FORMS & body.keys())


@lru_cache(maxsize=64)
def _languages(accepted: str) -> tuple[str, ...]:
    """The tags of Accept-Language, the best first (RFC 9110, 12.5.4). What is unwanted (`q=0`), `*` or unreadable is left out."""
    offered = accepted.split(",", _MOST_LANGUAGES)[:_MOST_LANGUAGES]
    read = [_PREFERENCE.fullmatch(preference.strip()) for preference in offered]
    weighed = [(float(found["weight"] or 1), found["tag"].lower()) for found in read if found]
    best_first = sorted(weighed, key=lambda preference: -preference[0])
    return tuple(dict.fromkeys(tag for weight, tag in best_first if weight > 0))
