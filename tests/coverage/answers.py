# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A model that answers in the form of a case, whole or streamed, and notes what stood in the log when it was reached."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from app.domain.control import Says
from tests.fake_upstream import Exchange, answer, sse

CANARY = "kanarie"
SENTENCES = 3
TOOL_ARGUMENTS = '{"vraag": "Waar is kanarie %d? En de andere?"}'


class Model:
    """Says what it is told to; each choice says something else."""

    def __init__(self, log: Callable[[], Sequence[str]]) -> None:
        """`log` gives the types of the records that are durable now."""
        self.says = Says.PROSE
        self.tool = ""
        self.at_contact: list[Sequence[str]] = []
        self._log = log

    async def __call__(self, exchange: Exchange) -> None:
        self.at_contact.append(self._log())
        asked = json.loads(exchange.request.body)
        choices = range(asked.get("n") or 1)
        if asked.get("stream"):
            await sse(list(self._chunks(choices)))(exchange)
        else:
            await answer(_answer("chat.completion", [self._choice(index) for index in choices]))(exchange)

    def content(self, choice: int) -> str:
        """What this choice says."""
        if self.says is Says.CALLS:
            return ""
        if self.says is Says.DATA:
            return f'{{"{CANARY}": {choice}, "zin": "Dit is hier een zin. Dit is er nog een! Is dit de derde zin? Ja"}}'
        return f"Hier zingt {CANARY} {choice} heel mooi. Dat is een tweede zin, met een komma! Is dit de derde zin?"

    def arguments(self, choice: int) -> str:
        """What this choice gives to the tool that it calls."""
        return TOOL_ARGUMENTS % choice if self.says in {Says.CALLS, Says.BOTH} else ""

    def _choice(self, index: int) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": self.content(index) or None}
        if arguments := self.arguments(index):
            function = {"name": self.tool, "arguments": arguments}
            message["tool_calls"] = [{"id": f"call_{index}", "type": "function", "function": function}]
        return {"index": index, "message": message, "finish_reason": self._finish}

    def _chunks(self, choices: range) -> Iterator[dict[str, Any]]:
        """The choices take turns, and the last one ends first: nothing of one may depend on the other being silent."""
        for turn in zip_longest(*map(self._deltas, choices)):
            yield from (_chunk(index, **delta) for index, delta in enumerate(turn) if delta is not None)
        yield from (_chunk(index, self._finish) for index in reversed(choices))

    def _deltas(self, index: int) -> Iterator[dict[str, Any]]:
        yield {"role": "assistant", "content": ""}
        content, arguments = self.content(index), self.arguments(index)
        yield from ({"content": content[start : start + 7]} for start in range(0, len(content), 7))
        if arguments:
            function = {"name": self.tool, "arguments": ""}
            yield {"tool_calls": [{"index": 0, "id": f"call_{index}", "type": "function", "function": function}]}
            for half in (arguments[:9], arguments[9:]):
                yield {"tool_calls": [{"index": 0, "function": {"arguments": half}}]}

    @property
    def _finish(self) -> str:
        return "tool_calls" if self.says in {Says.CALLS, Says.BOTH} else "stop"


def _chunk(index: int, finish: str | None = None, **delta: Any) -> dict[str, Any]:  # noqa: ANN401 any field of the vendor
    return _answer("chat.completion.chunk", [{"index": index, "delta": delta, "finish_reason": finish}])


def _answer(kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1795456683, "model": "m", "choices": choices}
