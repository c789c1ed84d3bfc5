# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One watched installation for the whole folder, in an environment that does all it can to lead it elsewhere."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fake_upstream import FakeUpstream, answer
from tests.installation import Installation
from tests.outside.observer import ANSWER, CHAT, SECRET, Outside, strace

OTHERS = [*(f"127.0.0.{last}" for last in range(2, 10)), "::1"]


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def watched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    folder = tmp_path_factory.mktemp("outside")
    trace = folder / "trace"
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(FakeUpstream())
        canaries = [await stack.enter_async_context(FakeUpstream(host=host, port=model.port)) for host in OTHERS]
        waarmerk = await stack.enter_async_context(
            Installation(
                folder / "home",
                model.port,
                environment=steering(folder, canaries[0]),
                wrapper=strace(trace),
                allowed_hosts="",
            )
        )
        yield Outside(waarmerk, model, canaries, trace)


@pytest.fixture
def outside(watched: Outside) -> Outside:
    message = {"role": "assistant", "content": ANSWER}
    watched.model.on(CHAT, answer({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))
    watched.begin()
    return watched


def steering(folder: Path, canary: FakeUpstream) -> dict[str, str]:
    """Everything in an environment that is known to lead a client, or an SDK of a vendor, to another machine."""
    (folder / ".netrc").write_text(
        f"machine 127.0.0.1 login {SECRET} password {SECRET}\ndefault login x password {SECRET}\n"
    )
    elsewhere = f"http://{canary.host}:{canary.port}"
    proxies = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "WS_PROXY", "FTP_PROXY")
    vendors = ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "AZURE_OPENAI_ENDPOINT", "OLLAMA_HOST")
    return {
        **dict.fromkeys((*proxies, *(name.lower() for name in proxies), *vendors), elsewhere),
        **dict.fromkeys(("OPENAI_API_KEY", "OPENAI_ORG_ID", "AWS_SECRET_ACCESS_KEY"), SECRET),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
        "HOME": str(folder),
        "NETRC": str(folder / ".netrc"),
    }
