# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a caller with a valid key may write in a request to be led elsewhere: refused, or answered by the permitted machine (I3, I8)."""

import json
from typing import Any

import httpx
import pytest

from tests.outside.observer import ANSWER, CHAT, SECRET, TASK, Outside, question

pytestmark = [pytest.mark.needs("strace"), pytest.mark.asyncio(loop_scope="session")]

ELSEWHERE = "http://127.0.0.2:{port}/v1"

NAMES = [
    # Other tasks, and what stands behind tasks.
    "proeftuin-samenvatting",
    "oude-samenvatting",
    "SmolLM2-135M-Instruct",
    "demo-smollm2",
    "scaleway-mistral-small",
    "chatgpt-gratis",
    "gpt-4o",
    "openai/gpt-4o",
    "openrouter/auto",
    "ollama/llama3",
    "x:free",
    "x-cloud",
    "*",
    "default",
    "",
    # The permitted task, and more.
    f"{TASK}@evil.example",
    f"{TASK}:free",
    f"{TASK}-cloud",
    f"{TASK}/",
    f"{TASK}/../gpt-4o",
    f"../{TASK}",
    f"{TASK},gpt-4o",
    f"{TASK}?base_url={ELSEWHERE}",
    f"{TASK}#gpt-4o",
    f"{TASK}\x00",
    f"{TASK}\r\nHost: evil.example",
    f"{TASK}\u200b",
    f" {TASK}",
    f"{TASK} ",
    f"{TASK}\n",
    TASK.upper(),
    TASK.title(),
    TASK.replace("-", "\u2010"),
    TASK.replace("a", "\u0430"),
    TASK.replace("k", "\u212a"),
    TASK.replace("b", "\uff42"),
    TASK.replace("i", "\u0131"),
    TASK.replace("-", "%2d"),
    # Addresses.
    "@evil",
    "//evil",
    "\\\\evil",
    ELSEWHERE,
    "https://127.0.0.2",
    "file:///etc/passwd",
    "127.0.0.2",
    "\uff11\uff12\uff17.0.0.2",
    "../../../../127.0.0.2",
    "${DEMO_PORT}",
    "{{deployment}}",
    "x" * 200_000,
]

NO_NAMES: list[Any] = [None, 1, True, [TASK], {"id": TASK}, [TASK, "gpt-4o"]]

STEERING: dict[str, Any] = {
    "api_base": ELSEWHERE,
    "base_url": ELSEWHERE,
    "api_key": SECRET,
    "extra_body": {"base_url": ELSEWHERE},
    "extra_headers": {"Host": "evil.example", "Authorization": SECRET},
    "provider": {"only": ["openai"], "allow_fallbacks": True},
    "route": "fallback",
    "models": [TASK, "gpt-4o"],
    "fallbacks": [{"model": "gpt-4o", "api_base": ELSEWHERE}],
    "plugins": [{"id": "web"}],
    "transforms": ["middle-out"],
    "web_search_options": {},
    "data_sources": [{"type": "azure_search", "parameters": {"endpoint": ELSEWHERE, "key": SECRET}}],
    "search_parameters": {"mode": "on"},
    "enable_search": True,
    "kv_transfer_params": {"do_remote_prefill": True, "remote_host": "127.0.0.2", "remote_port": 1},
}

TOOLS: list[Any] = [
    {"type": "mcp", "server_label": "x", "server_url": ELSEWHERE},
    {"type": "web_search"},
    {"type": "web_search_preview"},
    {"type": "file_search", "vector_store_ids": ["vs_1"], "server_url": ELSEWHERE},
    {"type": "code_interpreter", "container": {"type": "auto"}},
    {"type": "computer_use_preview"},
    {"type": "image_generation"},
    {"type": "openrouter:web_search"},
    {"type": "url_context"},
    {"googleSearch": {}},
    {"server_url": ELSEWHERE},
    {"type": ["function"], "function": {"name": "zoek"}},
    "web_search",
]

PARTS: list[Any] = [
    {"type": "image_url", "image_url": {"url": ELSEWHERE}},
    {"type": "image_url", "image_url": ELSEWHERE},
    {"type": "image_url", "image_url": {"url": "file:///etc/passwd"}},
    {"type": "image_url", "image_url": {"url": " data:image/png;base64,AA", "detail": "low"}},
    {"type": "image_url", "image_url": {"url": ["data:", ELSEWHERE]}},
    {"type": "input_image", "image_url": ELSEWHERE},
    {"type": "text", "text": "x", "image_url": ELSEWHERE},
    {"type": "file", "file": {"file_id": "file-1"}},
    {"type": "file", "file": {"file_data": ELSEWHERE}},
    {"type": "file", "file": {"file_data": "data:,x", "file_url": ELSEWHERE}},
    {"type": "file", "file": {"file_data": "data:,x", "file_id": "file-1"}},
    {"type": "input_file", "file_url": ELSEWHERE},
    {"type": "input_file", "file_id": "file-1"},
    {"type": "document_url", "document_url": ELSEWHERE},
    {"type": "audio_url", "audio_url": {"url": ELSEWHERE}},
    {"type": "video_url", "video_url": {"url": ELSEWHERE}},
    {"type": "image", "source": {"type": "url", "url": ELSEWHERE}},
    {"type": "document", "source": {"type": "url", "url": ELSEWHERE}},
]

HARMLESS: dict[str, Any] = {
    "store": True,
    "background": True,
    "metadata": {"base_url": ELSEWHERE, "redirect": ELSEWHERE},
    "user": ELSEWHERE,
    "service_tier": "flex",
    "proxy": ELSEWHERE,
    "callback_url": ELSEWHERE,
    "webhook": ELSEWHERE,
    "litellm_metadata": {"api_base": ELSEWHERE},
    "prediction": {"type": "content", "content": ELSEWHERE},
    "stop": ["//evil.example", "\r\nHost: evil.example"],
    "tools": [{"type": "function", "function": {"name": "zoek", "parameters": {"$ref": ELSEWHERE}}}],
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "x", "schema": {"$schema": ELSEWHERE, "$ref": ELSEWHERE}},
    },
}
"""Fields that lead nobody anywhere, whatever they say: they go where the call goes."""

HEADERS = {
    "api-key": SECRET,
    "x-api-key": SECRET,
    "cookie": f"session={SECRET}",
    "proxy-authorization": f"Bearer {SECRET}",
    "x-goog-api-key": SECRET,
    "openai-organization": SECRET,
    "openai-project": SECRET,
    "openai-beta": SECRET,
    "x-portkey-provider": "openai",
    "x-portkey-api-key": SECRET,
    "x-portkey-config": json.dumps({"custom_host": ELSEWHERE, "api_key": SECRET}),
    "x-portkey-custom-host": ELSEWHERE,
    "x-litellm-api-key": SECRET,
    "x-litellm-api-base": ELSEWHERE,
    "x-litellm-tags": SECRET,
    "helicone-auth": SECRET,
    "helicone-target-url": ELSEWHERE,
    "cf-aig-authorization": SECRET,
    "x-target-url": ELSEWHERE,
    "x-upstream": ELSEWHERE,
    "x-base-url": ELSEWHERE,
    "x-forwarded-host": "127.0.0.2",
    "x-forwarded-for": "127.0.0.2",
    "x-forwarded-server": "127.0.0.2",
    "x-forwarded-prefix": "//evil.example",
    "x-real-ip": "127.0.0.2",
    "x-host": "127.0.0.2",
    "forwarded": "host=127.0.0.2",
    "via": "1.1 127.0.0.2",
    "referer": ELSEWHERE,
    "origin": "http://evil.example",
    "idempotency-key": SECRET,
    "x-request-id": SECRET,
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "baggage": f"key={SECRET}",
    "x-ai-generated": "false",
    "waarmerk-deployment": "chatgpt-gratis",
    "accept-encoding": "gzip, br",
    "accept-language": f"nl-{SECRET[:6]}",
    "user-agent": SECRET,
}
"""Each goes nowhere."""

TURNED_AWAY = {
    "x-original-url": "/v1/models",
    "x-rewrite-url": "/v1/models",
    "x-http-method-override": "GET",
    "x-http-method": "DELETE",
    "x-method-override": "PUT",
    "connection": "keep-alive, authorization",
    "host": "127.0.0.2",
    "authorization": f"Bearer {SECRET}",
    "upgrade": "h2c",
    "expect": "127.0.0.2",
}
"""Each would change what the request means."""


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:40])
async def test_a_model_that_is_no_task_of_the_caller_is_refused(name: str, outside: Outside) -> None:
    response = await outside.ask(addressed(outside, question(model=name)))
    assert response.status_code == (403 if name else 400)
    assert outside.refused()["name"] == ("denied" if name else "invalid-request")


@pytest.mark.parametrize("name", NO_NAMES, ids=repr)
async def test_a_model_that_is_no_name_is_refused(name: Any, outside: Outside) -> None:  # noqa: ANN401
    assert (await outside.ask(question(model=name))).status_code == 400
    assert outside.refused()["name"] == "invalid-request"


@pytest.mark.parametrize("field", STEERING)
async def test_a_field_that_chooses_another_way_is_refused(field: str, outside: Outside) -> None:
    response = await outside.ask(addressed(outside, question(**{field: STEERING[field]})))
    assert response.status_code == 400
    assert outside.refused()["name"] == "invalid-request"


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: json.dumps(tool)[:40])
async def test_a_tool_that_a_provider_runs_is_refused(tool: Any, outside: Outside) -> None:  # noqa: ANN401
    assert (await outside.ask(addressed(outside, question(tools=[tool])))).status_code == 400
    assert outside.refused()["name"] == "invalid-request"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: json.dumps(part)[:60])
async def test_a_part_that_a_provider_fetches_is_refused(part: Any, outside: Outside) -> None:  # noqa: ANN401
    body = question(messages=[{"role": "user", "content": [part]}])
    assert (await outside.ask(addressed(outside, body))).status_code == 400
    assert outside.refused()["name"] == "invalid-request"


@pytest.mark.parametrize("field", HARMLESS)
async def test_a_field_that_says_an_address_goes_where_the_call_goes(field: str, outside: Outside) -> None:
    response = await outside.ask(addressed(outside, question(**{field: HARMLESS[field]})))
    assert_answered(response)
    outside.delivered()


@pytest.mark.parametrize("name", HEADERS)
async def test_a_header_of_the_client_goes_nowhere(name: str, outside: Outside) -> None:
    value = HEADERS[name].replace("{port}", str(outside.model.port))
    assert_answered(await outside.ask(None, **{name: value}))
    outside.delivered()
    (request,) = outside.model.requests
    allowed = {"host", "accept", "accept-encoding", "content-type", "content-length", "user-agent"}
    assert {sent.lower() for sent, _ in request.headers} <= allowed
    assert request.header("accept-encoding") == "identity"
    assert str(request.header("user-agent")).startswith("waarmerk/")


@pytest.mark.parametrize("name", TURNED_AWAY)
async def test_a_header_that_changes_the_request_is_turned_away(name: str, outside: Outside) -> None:
    response = await outside.ask(None, **{name: TURNED_AWAY[name]})
    assert response.status_code in {400, 401, 417, 421}
    assert outside.waarmerk.records("exchange:") == []
    outside.silent()


async def test_one_field_twice_is_refused(outside: Outside) -> None:
    body = b'{"model":"%b","model":"gpt-4o","messages":[{"role":"user","content":"x"}]}' % TASK.encode()
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        response = await client.post(outside.waarmerk.address + CHAT, content=body, headers=outside.headers())
    assert response.status_code == 400
    assert outside.refused()["name"] == "invalid-request"


async def test_after_all_of_it_only_the_permitted_machine_was_ever_spoken_to(outside: Outside) -> None:
    assert_answered(await outside.ask())
    outside.delivered()
    assert outside.ever_reached() == {("127.0.0.1", outside.model.port)}


def addressed(outside: Outside, body: Any) -> Any:  # noqa: ANN401 any JSON
    """The body with the port at which canaries listen."""
    return json.loads(json.dumps(body).replace("{port}", str(outside.model.port)))


def assert_answered(response: httpx.Response) -> None:
    assert response.status_code == 200, response.text
    assert response.json()["choices"][0]["message"]["content"] == ANSWER
