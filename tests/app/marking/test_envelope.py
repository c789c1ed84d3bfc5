# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every answer carries its envelope, and nothing inside the content changes."""

from collections.abc import AsyncIterator
from datetime import date

import orjson

from app.dialects.openai import OpenAIChat, StreamReader, WholeReader
from app.domain.answer import Event
from app.domain.decision import Envelope, HoldForReview, Label, Obligation, Sandbox, SentenceMarks
from app.domain.text import LocalText
from app.marking.envelope import GENERATED, Marking

ENVELOPE = Envelope(LocalText(nl="Gemaakt met AI.", en="Made with AI."))
WHOLE = b'{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"Dag"},"finish_reason":"stop"}]}'
PARTS = (
    b'data: {"choices":[{"index":0,"delta":{"content":"Dag"}}]}\n\n',
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    b"data: [DONE]\n\n",
)


async def events(*found: Event) -> AsyncIterator[Event]:
    for event in found:
        yield event


async def marked(*found: Event, stream: bool, obligations: tuple[Obligation, ...] = (ENVELOPE,)) -> list[bytes]:
    output = Marking().mark(
        OpenAIChat(), events(*found), obligations, exchange="exc_1", organisation="voorbeeld", codes={0: "AAAA-BBBB-CCCC"},
        stream=stream,
    )  # fmt: skip
    assert output.headers["x-ai-generated"] == "true"
    assert output.headers["x-ai-provenance-id"] == "exc_1"
    return [event.data async for event in output.events]


def whole() -> Event:
    reader = WholeReader(1)
    reader.feed(WHOLE)
    return reader.close()[0]


async def test_a_whole_answer_says_what_it_is_beside_its_content() -> None:
    (data,) = await marked(whole(), stream=False)
    answer = orjson.loads(data)
    assert answer.pop("ai_provenance") == {
        "generated": True,
        "id": "exc_1",
        "digital_source_type": GENERATED,
        "organisation": "voorbeeld",
        "codes": ["AAAA-BBBB-CCCC"],
        "review": "not-required",
        "disclosure": {"nl": "Gemaakt met AI.", "en": "Made with AI."},
    }
    assert answer == orjson.loads(WHOLE)


async def test_a_stream_says_it_first_and_again_where_a_choice_ends() -> None:
    reader = StreamReader(1)
    found = [event for part in PARTS for event in reader.feed(part)]
    first, second, finish, done = await marked(found[0], *found, stream=True)
    comment, _, data = first.partition(b"\n\n")
    assert comment == b": ai-generated id=exc_1"
    assert orjson.loads(data[6:])["ai_provenance"]["id"] == "exc_1"
    assert second == PARTS[0]
    assert orjson.loads(finish[6:])["ai_provenance"]["id"] == "exc_1"
    assert done == PARTS[2]


async def test_a_sandbox_is_named_in_the_envelope() -> None:
    obligations = (ENVELOPE, Sandbox("fictitious", date(2027, 3, 1)))
    (data,) = await marked(whole(), stream=False, obligations=obligations)
    sandbox = orjson.loads(data)["ai_provenance"]["sandbox"]
    assert sandbox == {"data": "fictitious", "until": "2027-03-01", "publication": False}


def test_what_no_room_can_do_is_not_promised() -> None:
    assert not Marking.fulfils & {Label, SentenceMarks, HoldForReview}
