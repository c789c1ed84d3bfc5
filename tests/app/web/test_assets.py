# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files of the pages: each at the address of its content, nothing else."""

import re
from pathlib import Path

import pytest

from app.web.assets import Assets
from app.web.pages import ASSETS
from tests.pages import client

STATIC = Path(__file__).parents[3] / "app" / "web" / "static"


async def test_a_file_is_found_at_its_address_and_kept_for_ever() -> None:
    async with client(ASSETS.router()) as browser:
        answer = await browser.get(ASSETS.address("theme.css"))
    assert answer.content == (STATIC / "theme.css").read_bytes()
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["vendor/README.md", "vendor/LICENSE.md", "../pages.py", "nothing.css", ""])
async def test_nothing_else_is_served(name: str) -> None:
    digest = ASSETS.address("theme.css").split("/")[2]
    async with client(ASSETS.router()) as browser:
        assert (await browser.get(f"/static/{digest}/{name}")).status_code == 404


async def test_a_file_is_not_found_under_another_digest() -> None:
    async with client(ASSETS.router()) as browser:
        assert (await browser.get("/static/0000000000000000/theme.css")).status_code == 404


def test_another_content_has_another_address(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = Assets(tmp_path).address("a.css")
    (tmp_path / "a.css").write_text("b {}")
    assert Assets(tmp_path).address("a.css") != before


@pytest.mark.parametrize(
    "path", sorted(STATIC.rglob("*.css")) + sorted(STATIC.rglob("*.js")), ids=lambda path: path.name
)
def test_no_file_names_another_place(path: Path) -> None:
    text = path.read_text()
    assert re.findall(r"url\(|@import|https?://|fetch\(|XMLHttpRequest|WebSocket|innerHTML", text) == []
