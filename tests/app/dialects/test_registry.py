# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Only what is on the list exists."""

import pytest

from app.dialects.openai import OpenAIChat
from app.dialects.registry import Dialects
from app.domain.call import Call
from app.domain.control import Kind
from app.domain.errors import UnknownRoute

DIALECTS = Dialects(OpenAIChat())


def call(method: str, path: str) -> Call:
    async def body() -> bytes:
        raise AssertionError("the body is not read to find a route")

    return Call(method, path, {}, body)


@pytest.mark.parametrize(
    ("method", "path", "kind", "name"),
    [
        ("POST", "/v1/chat/completions", Kind.GENERATION, ""),
        ("GET", "/v1/chat/completions/chatcmpl-rev_0193", Kind.RETRIEVAL, "chatcmpl-rev_0193"),
        ("GET", "/v1/models", Kind.MODELS, ""),
        ("GET", "/v1/models/balie-antwoord", Kind.MODEL, "balie-antwoord"),
    ],
)
def test_what_is_on_the_list(method: str, path: str, kind: Kind, name: str) -> None:
    route = DIALECTS.recognise(call(method, path))
    assert (route.kind, route.name) == (kind, name)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/chat/completions"),
        ("POST", "/v1/chat/completions/"),
        ("GET", "/v1/chat/completions/"),
        ("GET", "/v1/chat/completions/a/messages"),
        ("POST", "/v1/chat/completions/chatcmpl-rev_0193"),
        ("DELETE", "/v1/chat/completions/chatcmpl-rev_0193"),
        ("POST", "/v1/completions"),
        ("POST", "/v1/embeddings"),
        ("POST", "/v1/responses"),
        ("GET", "/v1/models/"),
        ("GET", "/v1/models/{name}"),
        ("GET", "/v1/models/a/b"),
        ("GET", "/v1/models/.."),
        ("DELETE", "/v1/models/balie-antwoord"),
        ("POST", "/V1/chat/completions"),
        ("POST", ""),
    ],
)
def test_everything_else_does_not_exist(method: str, path: str) -> None:
    with pytest.raises(UnknownRoute):
        DIALECTS.recognise(call(method, path))


def test_an_unknown_route_is_refused_in_the_accent_of_its_prefix() -> None:
    assert DIALECTS.accent("/v1/embeddings") is not None
    assert DIALECTS.accent("/health/live") is None
