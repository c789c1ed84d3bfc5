# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""From an upstream's answer to its events: the head is judged, the body is read as its dialect reads it."""

from collections.abc import AsyncIterator

from app.domain.answer import Answer, Dialect, Event, Reader
from app.domain.errors import UpstreamRejected
from app.domain.generation import Generation

_OK = 200
_MOST_REJECTION = 1 << 16


async def reader_of(dialect: Dialect, generation: Generation, answer: Answer) -> Reader:
    """A reader for this answer. Raises `UpstreamRejected` for an error status, `UpstreamInvalid` for another kind of answer."""
    if answer.status == _OK:
        return dialect.reader(generation, answer)
    body = bytearray()
    async for data in answer:
        body += data
        if len(body) > _MOST_REJECTION:
            break
    raise UpstreamRejected(
        answer.status, code=dialect.rejection(bytes(body)), retry_after=answer.headers.get("retry-after")
    )


async def events_of(reader: Reader, answer: Answer) -> AsyncIterator[Event]:
    """Every event of an answer, as it becomes complete. Raises `UpstreamFailed`."""
    async for data in answer:
        for event in reader.feed(data):
            yield event
    for event in reader.close():
        yield event


def passed_on(answer: Answer) -> dict[str, str]:
    """The upstream's own headers that a client may see; the connector let only an allowlist through."""
    return {name: value for name, value in answer.headers.items() if name != "content-length"}
