# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""One installation for all cells: the example organisation, and each of its applications once more under another name, stopped."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from app.domain.access import StopKind
from app.domain.subject import Scope
from app.settings import Settings
from tests.coverage.answers import Model
from tests.coverage.driving import Request, World, send
from tests.coverage.table import ROWS, usable
from tests.fake_upstream import FakeUpstream
from tests.furnished import furnished
from tests.installation import Installation
from tests.reviewers import CHAT

APPLICATIONS = sorted({row.case.application for row in ROWS})
ASKED = {"model": "balie-concept", "messages": [{"role": "user", "content": "Schrijf een opzet."}]}


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("coverage")
    policies, home = twins(folder / "policies"), folder / "home"
    async with FakeUpstream() as upstream:
        waarmerk = Installation(home, upstream.port, policies=str(policies), trusted_proxies="127.0.0.0/8")
        await waarmerk.prepare()
        async with furnished(home, upstream.port, policies=policies, public_address=waarmerk.address) as desk:
            registrar = desk.house.registrar()
            keys = {
                name: (await registrar.create_key(name, (Scope.CREATE_GENERATION, Scope.LIST_MODELS)))[1]
                for name in [*APPLICATIONS, *map(twin, APPLICATIONS)]
            }
            rightless = {name: (await registrar.create_key(name, (Scope.READ_EVIDENCE,)))[1] for name in APPLICATIONS}
            for name in APPLICATIONS:
                await registrar.stop(StopKind.APPLICATION, twin(name), "Dit gebruik is stopgezet.")
            stopped = {name: keys[twin(name)] for name in APPLICATIONS}
            model = Model(lambda: [record["type"] for record in waarmerk.records()])
            upstream.on(CHAT, model)
            await waarmerk.start()
            try:
                async with httpx.AsyncClient(base_url=waarmerk.address, timeout=60) as client:
                    made = World(
                        waarmerk, upstream, model, desk, client, keys, rightless, stopped, usable(desk.house.policy)
                    )
                    answer, _ = await send(made, Request("POST", CHAT, ASKED), keys["balie"])
                    draft = answer.json()["choices"][0]["message"]["content"]
                    yield replace(made, draft=draft, plain=model.content(0))
            finally:
                await waarmerk.stop()


def twins(folder: Path) -> Path:
    shutil.copytree(Settings().policies, folder)
    for file in sorted((folder / "applications").iterdir()):
        if file.stem in APPLICATIONS:
            (file.parent / f"{twin(file.stem)}.yaml").write_text(
                file.read_text().replace(f"id: {file.stem}\n", f"id: {twin(file.stem)}\n", 1)
            )
    return folder


def twin(application: str) -> str:
    """After its own in the order of names: of tasks that are alike, the first stands in the table."""
    return f"stil-{application}"
