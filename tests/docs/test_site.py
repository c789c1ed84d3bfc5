# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation as one site: complete, without a dead link, and asking nobody else for anything."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

FRONT = "A government that uses language models has to answer three questions"
ASKED_FOR = re.compile(
    r"""<(?:script|img|link|iframe)\b[^>]*?(?:src|href)="([^"#?]*)|url\(["']?([^"')]*)|@import\s+["']?([^"';]*)"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = build(ROOT, folder)
    assert (built.returncode, built.stdout + built.stderr) == (0, "")
    return folder


def build(source: Path, target: Path) -> "subprocess.CompletedProcess[str]":
    """As `./dev docs` does."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", str(source / "docs")]
    return subprocess.run(
        [*command, "-d", str(target / ".doctrees"), str(source), str(target)],
        cwd=source, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_every_page_is_in_the_menu_of_the_front_page(site: Path) -> None:
    front = (site / "index.html").read_text()
    assert FRONT in front
    menu = set(re.findall(r'class="reference internal" href="([\w/.-]+)\.html"', front))
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "policies" / "README.md"]
    written = {str(page.relative_to(ROOT).with_suffix("")) for page in pages}
    assert len(written) > 20
    assert written - menu - {"README"} == set()


def test_the_menu_is_grouped_by_who_reads(site: Path) -> None:
    captions = re.findall(r'class="caption-text">([^<]+)<', (site / "index.html").read_text())
    readers = re.findall(r"^\| (an? [^|]+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(readers) >= 7
    assert captions[: len(readers)] == [f"For {reader}" for reader in readers]


def test_nobody_else_is_asked_for_anything(site: Path) -> None:
    asked = {
        found
        for page in [*site.rglob("*.html"), *site.rglob("*.css")]
        for groups in ASKED_FOR.findall(page.read_text())
        for found in groups
    }
    assert len(asked) > 10
    assert [found for found in asked if re.match(r"(?!data:)[a-z]*:?//|[a-z]+:(?!image)", found)] == []


def test_a_dead_link_fails_the_build(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT / "docs" / "static", source / "docs" / "static")
    for needed in ("docs/conf.py", "app/web/static/theme.css", "app/web/static/mark.svg"):
        (source / needed).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / needed, source / needed)
    (source / "README.md").write_text("# Front\n\n[here](#front) [gone](gone.md) [away](#away)\n")
    built = build(source, tmp_path / "site")
    assert built.returncode == 1
    assert len(re.findall(r"WARNING: .*(?:gone.md|away)", built.stderr)) == 2
