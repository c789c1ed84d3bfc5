# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""A request is described as it will be judged, and every fault in it is named at once."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects.request import describe, revise
from app.domain.errors import InvalidRequest
from app.domain.json import Json, JsonObject

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ASK: Mapping[str, Json] = {"model": "balie-zoekvraag", "messages": [{"role": "user", "content": "Hallo"}]}


def test_the_least_that_can_be_asked() -> None:
    generation = describe(ASK, {})
    assert (generation.model, generation.stream, generation.choices) == ("balie-zoekvraag", False, 1)
    assert (generation.prompt, generation.media, generation.tools) == (("Hallo",), frozenset(), frozenset())
    assert (generation.structured, generation.languages, generation.body) == (False, (), ASK)


def test_everything_that_policy_needs_is_found() -> None:
    tools: list[Json] = [
        {"type": "function", "function": {"name": "zoek", "parameters": {}}},
        {"type": "custom", "custom": {"name": "plan"}},
    ]
    body = {**ASK, "stream": True, "n": 3, "tools": tools, "modalities": ["text", "audio"]}
    generation = describe({**body, "response_format": {"type": "json_object"}}, {"accept-language": "fy-NL, nl;q=0.8"})
    assert (generation.stream, generation.choices, generation.structured) == (True, 3, True)
    assert generation.tools == {"zoek", "plan"}
    assert generation.media == {"audio"}
    assert generation.languages == ("fy-nl", "nl")


@pytest.mark.parametrize(
    "body",
    [
        {"functions": [{"name": "wis", "type": "function", "function": {"name": "zoek"}}]},
        {"tools": [{"type": "custom", "custom": {"name": "zoek"}, "function": {"name": "wis"}}]},
        {"tools": [{"type": "function", "function": {"name": "zoek"}, "name": "wis"}]},
    ],
)
def test_a_tool_is_judged_by_every_name_that_a_server_could_read(body: JsonObject) -> None:
    assert describe({**ASK, **body}, {}).tools == {"zoek", "wis"}


def test_every_text_of_the_prompt_is_found_in_order() -> None:
    messages: list[Json] = [
        {"role": "system", "content": "een"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "twee"}, {"type": "image_url", "image_url": {"url": "data:x"}}],
        },
        {
            "role": "assistant",
            "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        },
    ]
    assert describe({**ASK, "messages": messages}, {}).prompt == ("een", "twee", "data:x", "t1", "f", "{}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"model": None}, "/model"),
        ({"model": ""}, "/model"),
        ({"model": ["a"]}, "/model"),
        ({"messages": None}, "/messages"),
        ({"messages": []}, "/messages"),
        ({"messages": ["Hallo"]}, "/messages"),
        ({"stream": "false"}, "/stream"),
        ({"stream": 1}, "/stream"),
        ({"n": 0}, "/n"),
        ({"n": True}, "/n"),
        ({"n": 1.5}, "/n"),
        ({"n": 129}, "/n"),
        ({"tools": {}}, "/tools"),
        ({"tools": [{"type": "mcp", "server_url": "https://elsewhere.example"}]}, "/tools/0"),
        ({"tools": [{"type": "function", "function": {}}]}, "/tools/0"),
        ({"functions": {}}, "/functions"),
        ({"functions": ["zoek"]}, "/functions"),
        ({"functions": [{"name": ""}]}, "/functions"),
        ({"modalities": "audio"}, "/modalities"),
        ({"modalities": {"image": 1}}, "/modalities"),
        ({"modalities": [["audio"]]}, "/modalities"),
        ({"web_search_options": {}}, "/web_search_options"),
        *(({name: None}, f"/{name}") for name in ("api_base", "base_url", "models", "route", "provider", "extra_body")),
        (
            {"messages": [{"role": "user", "content": [{"image_url": {"url": "https://x.example/a.png"}}]}]},
            "/messages/0/content/0",
        ),
        (
            {"messages": [{"role": "user", "content": [{"image_url": "https://x.example/a.png"}]}]},
            "/messages/0/content/0",
        ),
        ({"messages": [{"role": "user", "content": [{"file": {"file_id": "f"}}]}]}, "/messages/0/content/0"),
        ({"tools": [{"type": ["function"], "function": {"name": "zoek"}}]}, "/tools/0"),
        *(({name: {}}, f"/{name}") for name in ("data_sources", "kv_transfer_params", "search_parameters")),
    ],
)
def test_a_fault_is_named_by_its_place(change: dict[str, Json], pointer: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        describe({**ASK, **change}, {})
    assert [fault.pointer for fault in caught.value.faults] == [pointer]


@pytest.mark.parametrize(
    "part",
    [
        {"type": "audio_url", "audio_url": {"url": "https://x.example/a.wav"}},
        {"type": "video_url", "video_url": {"url": "https://x.example/a.mp4"}},
        {"type": "document_url", "document_url": "https://x.example/a.pdf"},
        {"type": "input_audio", "input_audio": {"data": "https://x.example/a.wav", "format": "wav"}},
        {"type": "video", "video": ["https://x.example/1.png", "data:,x"]},
        {"type": "image", "source": {"type": "url", "url": "x.example/a.png"}},
        {"type": "file", "file": {"file_data": "https://x.example/a.pdf"}},
        {"type": "file", "file": {"file_data": "data:,x", "file_id": "f"}},
    ],
    ids=lambda part: str(part)[:60],
)
def test_whatever_a_provider_would_fetch_is_refused(part: JsonObject) -> None:
    for content in ([{"type": "text", "text": "x"}, part], part):
        with pytest.raises(InvalidRequest):
            describe({**ASK, "messages": [{"role": "user", "content": content}]}, {})


def test_what_carries_its_data_and_what_is_only_said_come_through() -> None:
    parts: list[Json] = [
        {"type": "text", "text": "Wat staat er op https://gemeente-voorbeeld.example?"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}},
        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
        {"type": "file", "file": {"filename": "a: b.pdf", "file_data": "data:application/pdf;base64,AA=="}},
    ]
    messages: list[Json] = [{"role": "user", "content": parts}, {"role": "user", "content": "zie https://x.example"}]
    assert describe({**ASK, "messages": messages}, {}).body["messages"] == messages


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "name", "function", "content", "url", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = ["model", "messages", "stream", "n", "tools", "functions", "modalities", "audio", "response_format"]


@given(st.dictionaries(st.sampled_from(FIELDS), JSON | st.lists(JSON, max_size=2), max_size=9))
def test_no_body_makes_it_fall_over(body: JsonObject) -> None:
    for change in (body, {**ASK, **body}):
        with suppress(InvalidRequest):
            describe(change, {})


def test_all_faults_come_at_once() -> None:
    with pytest.raises(InvalidRequest) as caught:
        describe({"stream": "yes", "n": -1, "route": "x"}, {})
    assert {fault.pointer for fault in caught.value.faults} == {"/model", "/messages", "/stream", "/n", "/route"}


def test_no_body_is_answered_with_more_than_it_is() -> None:
    parts: list[Json] = [{"url": "https://x.example"}] * 100_000
    with pytest.raises(InvalidRequest) as caught:
        describe({**ASK, "messages": [{"role": "user", "content": parts}]}, {})
    assert len(caught.value.faults) == 20


@pytest.mark.parametrize(
    ("header", "languages"),
    [
        ("", ()),
        ("*", ()),
        ("nl", ("nl",)),
        ("pap-CW;q=1", ("pap-cw",)),
        ("de, nl;q=0.5, en;q=0.9", ("de", "en", "nl")),
        ("nl;q=0.5,en;q=0.5", ("nl", "en")),
        ("en ; q=0.1 ,\tfy", ("fy", "en")),
        ("nl;q=0, en;Q=0.000, fy;q=0.001", ("fy",)),
        ("*;q=0.1, nl-NL, NL-nl;q=0.3", ("nl-nl",)),
        ("nl;q=2, en;q=0.1234, fy;q=-1, de;level=1, 12, ;q=1, nl_NL", ()),
        (",".join(f"l{letter}" for letter in LETTERS), tuple(f"l{letter}" for letter in LETTERS[:20])),
    ],
)  # fmt: skip
def test_languages_come_in_the_order_of_their_weight(header: str, languages: tuple[str, ...]) -> None:
    assert describe(ASK, {"accept-language": header}).languages == languages


@pytest.mark.parametrize(
    "more",
    [
        {"response_format": {"type": "json_object"}},
        {"response_format": {"type": "json_schema"}},
        {"grammar": "root ::= x"},
        {"guided_json": {}},
        {"guided_choice": ["ja", "nee"]},
        {"structured_outputs": {"regex": "x"}},
        {"logprobs": True},
        {"logprobs": True, "top_logprobs": 2},
    ],
)
def test_an_answer_for_a_machine_is_known_by_what_is_asked(more: JsonObject) -> None:
    """Its text cannot carry a mark, so policy has to list it (A9)."""
    assert describe({**ASK, **more}, {}).structured


@pytest.mark.parametrize(
    "more", [{"response_format": {"type": "text"}}, {"logprobs": False}, {"logprobs": None, "top_logprobs": None}]
)
def test_an_answer_for_people_too(more: JsonObject) -> None:
    assert not describe({**ASK, **more}, {}).structured


@pytest.mark.parametrize(
    ("stop", "stops"), [(None, ()), ("", ()), ("x", ("x",)), (["x", "", "y"], ("x", "y")), (3, ())]
)
def test_where_an_answer_stops(stop: Json, stops: tuple[str, ...]) -> None:
    assert describe({**ASK, "stop": stop}, {}).stops == stops


def test_only_earlier_answers_are_revised() -> None:
    parts: list[Json] = [
        {"type": "text", "text": "c"},
        {"type": "image_url", "text": "d"},
        {"type": "text", "text": 1},
        "e",
    ]
    messages: Json = [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b", "name": "b"},
        {"role": "assistant", "content": parts},
        {"role": "assistant", "tool_calls": [{"function": {"arguments": "f"}}]},
        {"role": "tool", "content": "g"},
    ]
    asked = describe({**ASK, "messages": messages}, {})
    revised = revise(asked, str.upper)
    assert revised.body["messages"] == [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "B", "name": "b"},
        {"role": "assistant", "content": [{"type": "text", "text": "C"}, *parts[1:]]},
        {"role": "assistant", "tool_calls": [{"function": {"arguments": "f"}}]},
        {"role": "tool", "content": "g"},
    ]
    assert revised.prompt == ("a", "B", "b", "C", "d", "e", "f", "g")
    assert revise(asked, lambda text: text) is asked
