# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The envelope: what is said beside the content, so that no client can be broken by it (AI Act 50(2), 50(5))."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeVar

from app.domain.answer import Dialect, Event
from app.domain.decision import Envelope, Obligation, Sandbox
from app.domain.json import Json, JsonObject
from app.marking.output import MarkedEvent, MarkedOutput

# IPTC NewsCodes, Digital Source Type: "created using generative AI".
GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_Found = TypeVar("_Found", bound=Obligation)


class Marking:
    """Marks whatever it is given; what it cannot mark is not in `fulfils`, and then nothing is asked of a model."""

    fulfils: frozenset[type[Obligation]] = frozenset({Envelope, Sandbox})

    def mark(
        self,
        dialect: Dialect,
        events: AsyncIterator[Event],
        obligations: Sequence[Obligation],
        *,
        exchange: str,
        organisation: str,
        codes: Mapping[int, str],
        stream: bool,
    ) -> MarkedOutput:
        """The same events, in an envelope. `codes` names each choice."""
        provenance = _provenance(obligations, exchange, organisation, codes)
        headers = {
            "x-ai-generated": "true",
            "x-ai-provenance-id": exchange,
            "x-ai-review": "not-required",
            "x-request-id": exchange,
        }
        return MarkedOutput(headers, _enclosed(dialect, events, provenance, stream=stream), stream)


async def _enclosed(
    dialect: Dialect, events: AsyncIterator[Event], provenance: JsonObject, *, stream: bool
) -> AsyncIterator[MarkedEvent]:
    """Of a whole answer its one event; of a stream a comment before the first event, that event, and each that ends a choice.

    The first one, because a stream that breaks off, or that never says where a choice ends, has been read by then.
    """
    opening = dialect.preamble(provenance) if stream else b""
    async for event in events:
        enclosed = dialect.enclose(event, provenance) if opening or event.finishes or not stream else event.raw
        yield MarkedEvent(opening + enclosed, event)
        opening = b""


def _provenance(
    obligations: Sequence[Obligation], exchange: str, organisation: str, codes: Mapping[int, str]
) -> JsonObject:
    said: dict[str, Json] = {
        "generated": True,
        "id": exchange,
        "digital_source_type": GENERATED,
        "organisation": organisation,
        "codes": [codes[index] for index in sorted(codes)],
        "review": "not-required",
    }
    if envelope := _find(obligations, Envelope):
        said["disclosure"] = {"nl": envelope.disclosure.nl, "en": envelope.disclosure.en}
    if sandbox := _find(obligations, Sandbox):
        said["sandbox"] = {"data": sandbox.data, "until": sandbox.until.isoformat(), "publication": False}
    return said


def _find(obligations: Sequence[Obligation], kind: type[_Found]) -> _Found | None:
    return next((obligation for obligation in obligations if isinstance(obligation, kind)), None)
