# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A stream and a whole body say the same, and what is not prose passes to the letter."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.decision import SentenceMarks
from app.domain.errors import UpstreamInvalid
from tests.app.marking.said import (
    CHAT,
    CODES,
    DONE,
    DRAFT,
    ENVELOPE,
    LABEL,
    answered,
    ask,
    contents,
    left,
    mark,
    part,
    read,
    usage,
    whole,
)
from tests.watermark.texts import DISCLOSURES, LETTER, ORIGIN, TEXTS
from watermark import label, stream, text
from watermark.label import OwnLines
from watermark.model import Mark

OWN = OwnLines(DISCLOSURES, ORIGIN)
PROSE = "Beste lezer. Dit is een zin!"
PLAIN = [
    ("structured", {"response_format": {"type": "json_object"}}, '{"a": "Een zin. Nog een."}'),
    ("structured prose", {"response_format": {"type": "json_object"}}, PROSE),
    ("log probabilities", {"logprobs": True}, PROSE),
    ("JSON unasked", {}, ' {"a": "Een zin."}'),
    ("a tag", {}, "<p>Een zin. Nog een.</p>"),
    ("a fence", {}, "```python\n# Een zin. Nog een.\n```"),
]


def marked(plain: str, index: int = 0) -> str:
    """As the library marks it."""
    return stream.mark(
        plain,
        label.opening(DISCLOSURES[0]),
        label.closing(DISCLOSURES[0], CODES[index], ORIGIN),
        text.insertion(Mark.of_code(CODES[index])),
    )


async def test_a_whole_answer_carries_label_ids_and_code_line() -> None:
    answer = await answered(ask(), whole({"content": PROSE}))
    content = answer["choices"][0]["message"]["content"]
    assert content == marked(PROSE)
    assert content.startswith("AI-concept. Niet gecontroleerd. Niet publiceren.\n\nBeste lezer")
    assert content.endswith(f"!\n\n—\nGemaakt met AI · code {CODES[0]} · {ORIGIN}/v/{CODES[0]}")
    assert stream.unmark(content, OWN) == PROSE
    provenance = answer["ai_provenance"]
    assert provenance["marks"] == ["label", "sentence-ids", "code-line"]
    assert (provenance["content_class"], provenance["verify_url"]) == ("prose", [f"{ORIGIN}/v/{CODES[0]}"])
    assert answer["usage"] == {"total_tokens": 3}


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[str], list[bytes]]:
    """Texts of one to three choices, and a stream that says them: cut anywhere, mixed, each ended or not, in any way."""
    texts = draw(st.lists(TEXTS, min_size=1, max_size=3))
    queues: list[list[bytes]] = []
    for index, said in enumerate(texts):
        cuts = sorted(draw(st.lists(st.integers(0, len(said)), max_size=6)))
        pieces = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
        ending = draw(st.sampled_from(["own", "last", "none"]))
        deltas = [part(index, content=piece) for piece in pieces[:-1]]
        deltas.append(part(index, "length" if ending == "last" else None, content=pieces[-1]))
        if ending == "own":
            deltas.append(
                draw(st.sampled_from([part(index, "stop"), *(part(index, "stop", content=x) for x in ("", None))]))
            )
        queues.append(deltas)
    frames: list[bytes] = []
    while queues:
        queue = draw(st.sampled_from(queues))
        frames.append(queue.pop(0))
        queues = [queue for queue in queues if queue]
    return texts, [*frames, *draw(st.sampled_from([[], [usage()]])), DONE]


@given(streams())
@settings(max_examples=400, deadline=None)
async def test_a_stream_and_a_whole_body_say_the_same(said: tuple[list[str], list[bytes]]) -> None:
    texts, frames = said
    streamed = contents(await left(ask(stream=True, n=len(texts)), *frames))
    answer = await answered(ask(n=len(texts)), whole(*({"content": each} for each in texts)))
    at_once = {choice["index"]: choice["message"]["content"] for choice in answer["choices"]}
    assert streamed == {index: content for index, content in at_once.items() if content}
    assert at_once == {index: marked(each, index) for index, each in enumerate(texts)}


@given(streams())
@settings(max_examples=200, deadline=None)
async def test_no_event_has_empty_choices_that_had_none_and_nothing_comes_after_an_end(
    said: tuple[list[str], list[bytes]],
) -> None:
    texts, frames = said
    sent = await left(ask(stream=True, n=len(texts)), *frames)
    assert sent[-1] == DONE
    assert sum(frame != DONE and read(frame)["choices"] == [] for frame in sent) == frames.count(usage())
    contents(sent)  # it asserts that nothing is said by who has ended


@pytest.mark.parametrize(("asked", "said"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
async def test_what_is_for_a_machine_passes_to_the_letter(asked: dict[str, Any], said: str) -> None:
    answer = await answered(ask(**asked), whole({"content": said}))
    assert answer["choices"][0]["message"]["content"] == said
    assert (answer["ai_provenance"]["marks"], answer["ai_provenance"]["content_class"]) == ([], "machine")
    pieces = [part(content=character) for character in said]
    assert contents(await left(ask(stream=True, **asked), *pieces, part(0, "stop"), DONE)) == {0: said}


CALL = {"id": "t1", "type": "function", "function": {"name": "zoek", "arguments": '{"q":  "Een zin. Nog een."}'}}


async def test_tool_calls_refusals_and_reasoning_pass_to_the_letter() -> None:
    beside: dict[str, Any] = {
        "tool_calls": [CALL],
        "refusal": "Nee. Dat kan niet.",
        "reasoning_content": "Een zin. Nog een.",
    }
    for content in (None, ""):
        answer = await answered(ask(), whole({"content": content, **beside}, finish="tool_calls"))
        assert answer["choices"][0]["message"] == {"role": "assistant", "content": content, **beside}
        assert (answer["ai_provenance"]["marks"], answer["ai_provenance"]["content_class"]) == ([], None)
    answer = await answered(ask(), whole({"content": PROSE, **beside}))
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": marked(PROSE), **beside}
    frames = [part(**beside), part(0, "tool_calls")]
    sent = await left(ask(stream=True), *frames, DONE)
    assert [read(frame)["choices"] for frame in sent[:-1]] == [read(frame)["choices"] for frame in frames]


async def test_each_choice_is_judged_by_itself() -> None:
    answer = await answered(ask(n=3), whole({"content": PROSE}, {"content": "[1]"}, {"content": None}))
    assert [choice["message"]["content"] for choice in answer["choices"]] == [marked(PROSE), "[1]", None]
    assert answer["ai_provenance"]["content_class"] == "prose"


async def test_what_was_held_back_goes_out_in_a_chunk_of_its_own_before_the_end() -> None:
    sent = await left(
        ask(stream=True), part(role="assistant", content=""), part(content="Een zin."), part(0, "stop"), DONE
    )
    opening, spoken, rest, finish, done = map(bytes, sent)
    assert read(opening)["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "marks" not in read(opening)["ai_provenance"]
    assert spoken == part(content=f"{label.opening(DISCLOSURES[0])}Een zin")
    assert read(rest) == {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1795456683,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "delta": {"content": f".{label.closing(DISCLOSURES[0], CODES[0], ORIGIN)}"},
                "finish_reason": None,
            }
        ],
    }
    ended = read(finish)
    assert ended["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert ended["ai_provenance"]["marks"] == ["label", "code-line"]
    assert done == DONE


async def test_only_what_changes_is_touched() -> None:
    frames = [
        part(content="Be"),
        part(content="ste "),
        part(content="lezer, hier"),
        part(content=" is het"),
        part(0, "stop"),
    ]
    sent = await left(ask(stream=True), *frames, DONE)
    assert sent[1:4] == frames[1:4]


async def test_a_stream_that_breaks_off_gives_out_what_it_held_and_tells_of_the_break() -> None:
    passing = aiter(mark(ask(stream=True), part(content="Een zin.")).events)
    spoken, rest = await anext(passing), await anext(passing)
    assert contents([spoken.data.partition(b"\n\n")[2], rest.data]) == {0: marked("Een zin.")}
    assert (rest.event.raw, rest.event.closing) == (b"", False)
    with pytest.raises(UpstreamInvalid):
        await anext(passing)


async def test_text_after_the_end_of_its_choice_is_refused() -> None:
    frames = [part(content="Een zin."), part(0, "stop"), part(content="Nog een."), DONE]
    with pytest.raises(UpstreamInvalid):
        async for _ in mark(ask(stream=True, n=2), *frames).events:
            pass
    frames[2] = part(0, "stop", content="")
    assert contents(await left(ask(stream=True, n=2), *frames)) == {0: marked("Een zin.")}


async def test_a_content_of_parts_is_refused_where_it_would_leave_unmarked() -> None:
    parts = [{"type": "text", "text": "Een zin."}]
    with pytest.raises(UpstreamInvalid):
        await answered(ask(), whole({"content": parts}))
    answer = await answered(ask(), whole({"content": parts}), obligations=(ENVELOPE,))
    assert answer["choices"][0]["message"]["content"] == parts


@pytest.mark.parametrize("stop", ["AI-concept", "\n\n", "·", ["x", "/v/"], CODES[0][:4]])
async def test_a_line_that_would_end_the_text_is_not_shown_and_the_envelope_says_so(stop: str | list[str]) -> None:
    answer = await answered(ask(stop=stop), whole({"content": PROSE}))
    content = answer["choices"][0]["message"]["content"]
    assert text.remove(content) == PROSE != content
    assert answer["ai_provenance"]["marks"] == ["sentence-ids"]
    frames = [part(content=PROSE), part(0, "stop"), DONE]
    assert contents(await left(ask(stream=True, stop=stop), *frames)) == {0: content}


async def test_a_stop_that_stands_in_no_line_changes_nothing() -> None:
    answer = await answered(ask(stop=["", "###"]), whole({"content": PROSE}))
    assert answer["choices"][0]["message"]["content"] == marked(PROSE)


async def test_a_plain_task_shows_its_lines_and_carries_no_ids() -> None:
    answer = await answered(ask(), whole({"content": PROSE}), obligations=(ENVELOPE, LABEL))
    content = answer["choices"][0]["message"]["content"]
    assert text.find(content) == []
    assert OWN.remove(content) == PROSE
    assert answer["ai_provenance"]["marks"] == ["label", "code-line"]


async def test_ids_alone_change_nothing_that_people_see() -> None:
    answer = await answered(ask(), whole({"content": LETTER}), obligations=(ENVELOPE, SentenceMarks()))
    content = answer["choices"][0]["message"]["content"]
    assert text.remove(content) == LETTER
    assert {found.code for found in text.find(content)} == {CODES[0]}


async def test_an_envelope_alone_leaves_every_byte() -> None:
    raw = whole({"content": PROSE})
    (event,) = [event async for event in mark(ask(), raw, obligations=(ENVELOPE,)).events]
    assert event.data.startswith(raw[:-1] + b',"ai_provenance":{')
    assert orjson.loads(event.data)["ai_provenance"]["marks"] == []
    frames = [part(content="Een zin. "), part(content="Nog een."), part(0, "stop"), DONE]
    sent = b"".join([event.data async for event in mark(ask(stream=True), *frames, obligations=(ENVELOPE,)).events])
    assert sent.startswith(CHAT.preamble({"id": "exc_1"}))
    assert frames[1] in sent


async def test_what_is_recorded_is_what_the_model_said() -> None:
    frames = [part(content="Een zin. "), part(content="Nog een."), part(0, "stop"), DONE]
    output = mark(ask(stream=True), *frames, obligations=DRAFT)
    assert b"".join([event.event.raw async for event in output.events]) == b"".join(frames)
