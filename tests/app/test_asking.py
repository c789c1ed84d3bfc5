# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the head of an answer to its events."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

import orjson
import pytest

from app.asking import events_of, passed_on, reader_of
from app.dialects.openai import OpenAIChat
from app.domain.errors import UpstreamRejected
from app.domain.generation import Generation
from tests.reviewers import completion

GENERATION = Generation("openai", "openai.chat.completions", "m", stream=False, choices=1, body={})


@dataclass
class Canned:
    """An upstream's answer, read before it is asked for."""

    parts: tuple[bytes, ...]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    read: int = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            self.read += 1
            yield part

    async def aclose(self) -> None:
        return None


async def test_an_answer_becomes_its_events() -> None:
    body = orjson.dumps(completion("ja"))
    answer = Canned((body[:10], body[10:]))
    reader = await reader_of(OpenAIChat(), GENERATION, answer)
    assert [event.raw async for event in events_of(reader, answer)] == [body]


async def test_an_error_status_is_a_rejection_with_what_may_be_told_of_it() -> None:
    told = b'{"error": {"code": "rate_limit_exceeded", "message": "geheim"}}'
    with pytest.raises(UpstreamRejected) as caught:
        await reader_of(OpenAIChat(), GENERATION, Canned((told,), 429, {"retry-after": "7"}))
    assert (caught.value.status, caught.value.code, caught.value.retry_after) == (429, "rate_limit_exceeded", "7")
    assert "geheim" not in str(caught.value)


async def test_of_a_long_rejection_not_all_is_read() -> None:
    answer = Canned((b"x" * 50_000,) * 10, 500, {})
    with pytest.raises(UpstreamRejected):
        await reader_of(OpenAIChat(), GENERATION, answer)
    assert answer.read == 2


def test_all_that_came_is_passed_on_but_its_length() -> None:
    assert passed_on(Canned((), headers={"content-length": "3", "x-ok": "1"})) == {"x-ok": "1"}
