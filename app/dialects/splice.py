# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Changes in an answer that leave every other byte as the upstream wrote it (architecture section 4).

An object that comes out as it came when it is written anew, is written anew with the change. Of any other the bytes are changed,
and that is proved by reading them back; where it is not certain, the object is written anew with its numbers spelled as they came.
"""

import json
from collections.abc import Callable, Mapping

import orjson

from app.dialects import strict
from app.domain.answer import Event, Finding
from app.domain.errors import InvalidRequest, UpstreamInvalid
from app.domain.json import Json, JsonObject

PROVENANCE = "ai_provenance"
CLAIMS = frozenset({PROVENANCE, "review"})
"""Members of an answer in which only the house says what the house did (A10, A16)."""
_TEXT = (str, type(None))
# Of a chunk, what says which answer it belongs to. The rest is about the chunk itself.
_OF_THE_ANSWER = ("id", "object", "created", "model", "system_fingerprint", "service_tier")


def enclose(raw: bytes, tree: JsonObject, provenance: JsonObject) -> bytes:
    """The object with one more member before its last brace.

    `raw` was read as `tree`, which has no such member. Behind an object there is nothing but blanks (RFC 8259 2), so that its
    last brace is its own.
    """
    if _is_framed(raw) and len(raw.strip().splitlines()) > 1:
        return _anew(raw, lambda exact: {**exact, PROVENANCE: provenance})
    brace = raw.rfind(b"}")
    comma = b"," if tree else b""
    return b'%s%s"%s":%s%s' % (raw[:brace], comma, PROVENANCE.encode(), orjson.dumps(provenance), raw[brace:])


def unclaimed(data: bytes) -> tuple[JsonObject, bytes]:
    """The object without `CLAIMS`, and its bytes. Raises `UpstreamInvalid`."""
    tree = {member: value for member, value in _exact(data).items() if member not in CLAIMS}
    return tree, strict.dumps(tree)


def changed(raw: bytes, changes: JsonObject) -> bytes:
    """A whole object, written anew, with these members in place of its own."""
    return strict.dumps({**_exact(raw), **changes})


def retold(event: Event, texts: Mapping[int, str]) -> Event:
    """The event with these content texts, by choice. Raises `UpstreamInvalid` where the content is not a text."""
    if event.tree is None:
        raise UpstreamInvalid
    framed = _is_framed(event.raw)
    holder = "delta" if framed else "message"
    tree = _with_texts(event.tree, holder, texts)
    as_we_do = _written(event.tree, framed=framed) == event.raw  # then what does not change comes out as it came
    raw = _written(tree, framed=framed) if as_we_do else _edited(event, tree, holder, texts)
    return Event(raw, tree, _found(event, texts), event.finishes, event.closing)


def chunk(tree: JsonObject | None, texts: Mapping[int, str]) -> JsonObject:
    """A chunk of the same answer, with these texts and nothing else."""
    of_the_answer = {name: tree[name] for name in _OF_THE_ANSWER if name in tree} if tree else {}
    choices = [
        {"index": index, "delta": {"content": text}, "finish_reason": None} for index, text in sorted(texts.items())
    ]
    return {**of_the_answer, "choices": choices}


def _with_texts(tree: JsonObject, holder: str, texts: Mapping[int, str]) -> JsonObject:
    choices = tree["choices"]
    return {**tree, "choices": [_with_text(choice, holder, texts) for choice in choices]}  # type: ignore[union-attr,arg-type]


def _with_text(choice: JsonObject, holder: str, texts: Mapping[int, str]) -> Json:
    text = texts.get(choice.get("index", 0))  # type: ignore[arg-type]  # the reader let whole numbers pass only
    if text is None:
        return choice
    message = choice.get(holder)
    if message is None:
        message = {}
    if not isinstance(message, dict) or not isinstance(message.get("content"), _TEXT):
        raise UpstreamInvalid
    return {**choice, holder: {**message, "content": text}}


def _edited(event: Event, tree: JsonObject, holder: str, texts: Mapping[int, str]) -> bytes:
    """In the bytes as they came, where that makes what it must become; else written anew."""
    raw = _spliced(event, texts)
    if raw is not None and _payload(raw) == tree:
        return raw
    return _anew(event.raw, lambda exact: _with_texts(exact, holder, texts))


def _spliced(event: Event, texts: Mapping[int, str]) -> bytes | None:
    """Each text in place of the one that came, or None where it is not found; what else that changed, reading back shows."""
    raw = event.raw
    for found in event.findings:
        if found.place != "content" or found.choice not in texts:
            continue
        old = _member(raw, found.text)
        if old is None:
            return None
        raw = raw.replace(old, b'"content":' + orjson.dumps(texts[found.choice]))
    return raw


def _member(raw: bytes, text: str) -> bytes | None:
    """The member `content` with this text as it was written: in UTF-8 or in escapes, spaced or not."""
    for spell in (orjson.dumps, _escaped):
        words = spell(text)
        for name in (b'"content":', b'"content": '):
            if name + words in raw:
                return name + words
    return None


def _escaped(text: str) -> bytes:
    return json.dumps(text).encode()


def _found(event: Event, texts: Mapping[int, str]) -> tuple[Finding, ...]:
    kept = [found for found in event.findings if found.place != "content" or found.choice not in texts]
    return (*kept, *(Finding(index, "content", text) for index, text in sorted(texts.items())))


def _anew(raw: bytes, change: Callable[[JsonObject], JsonObject]) -> bytes:
    framed = _is_framed(raw)
    payload = b"\n".join(part.partition(b":")[2] for part in raw.split(b"\n") if part) if framed else raw
    return _written(change(_exact(payload)), framed=framed)


def _written(tree: JsonObject, *, framed: bool) -> bytes:
    whole = strict.dumps(tree)
    return b"data: %s\n\n" % whole if framed else whole


def _exact(data: bytes) -> JsonObject:
    try:
        return strict.loads_exact(data)
    except InvalidRequest:
        raise UpstreamInvalid from None


def _payload(raw: bytes) -> Json:
    try:
        tree: Json = orjson.loads(raw[5:] if _is_framed(raw) else raw)
    except orjson.JSONDecodeError:
        return None
    return tree


def _is_framed(raw: bytes) -> bool:
    return raw.startswith(b"data:")
