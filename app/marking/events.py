# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Events on their way through: an envelope around them, and marks in their texts. A stream and a whole body say the same."""

from collections.abc import AsyncIterator, Collection

from app.domain.answer import Dialect, Event
from app.domain.errors import UpstreamFailed
from app.domain.json import JsonObject
from app.marking.choices import Choices
from app.marking.output import MarkedEvent


async def enclosed(
    dialect: Dialect, events: AsyncIterator[Event], said: JsonObject, *, stream: bool
) -> AsyncIterator[MarkedEvent]:
    """Of a whole answer its one event; of a stream a comment before the first event, that event, and each that ends a choice.

    The first one, because a stream that breaks off, or that never says where a choice ends, has been read by then.
    """
    opening = dialect.preamble(said) if stream else b""
    async for event in events:
        data = dialect.enclose(event, said) if opening or event.finishes or not stream else event.raw
        yield MarkedEvent(opening + data, event)
        opening = b""


async def whole(
    dialect: Dialect, events: AsyncIterator[Event], choices: Choices, said: JsonObject
) -> AsyncIterator[MarkedEvent]:
    """A whole answer with its texts marked."""
    async for event in events:
        marked = _marked(dialect, event, choices, {found.choice for found in event.findings})
        yield MarkedEvent(dialect.enclose(marked, {**said, **choices.told()}), event)


async def streamed(
    dialect: Dialect, events: AsyncIterator[Event], choices: Choices, said: JsonObject
) -> AsyncIterator[MarkedEvent]:
    """A stream with its texts marked. What was held back goes out before the event that ends its choice, whatever ends it."""
    opening = dialect.preamble(said)
    last = Event(b"")
    try:
        async for event in events:
            marked = _marked(dialect, event, choices, event.finishes)
            if event.tree is not None:
                last = event
            rest = choices.rest() if event.tree is None else _closed(choices, event.finishes)
            ahead = dialect.ahead(last, rest) if rest else b""
            data = marked.raw
            if event.finishes:
                data = dialect.enclose(marked, {**said, **choices.told(event.finishes)})
            elif opening:
                data = dialect.enclose(marked, said)
            yield MarkedEvent(opening + ahead + data, event)
            opening = b""
    except UpstreamFailed:
        if rest := choices.rest():
            yield MarkedEvent(dialect.ahead(last, rest), Event(b""))
        raise


def _marked(dialect: Dialect, event: Event, choices: Choices, ending: Collection[int]) -> Event:
    """The event with its texts marked, and the rest of a choice that both speaks and ends in it."""
    came: dict[int, str] = {}
    texts: dict[int, str] = {}
    for found in event.findings:
        if found.place == "content" and found.text:
            came[found.choice] = came.get(found.choice, "") + found.text
            texts[found.choice] = texts.get(found.choice, "") + choices.feed(found.choice, found.text)
    for choice in ending:
        if choice in texts:
            texts[choice] += choices.close(choice)
    if texts == came:
        return event
    return dialect.replace(event, {choice: text for choice, text in texts.items() if text != came[choice]})


def _closed(choices: Choices, finishes: Collection[int]) -> dict[int, str]:
    """What is left of the choices that end here without a text of their own in this event."""
    if not finishes:
        return {}
    rest = {choice: choices.close(choice) for choice in finishes}
    return {choice: text for choice, text in rest.items() if text}
