# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The import contracts hold, and each of them notices the import it is there for."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import grimp
import pytest

PACKAGES = ("app", "watermark", "policies")
MINTED = {"app.marking.output", "app.review.release"}

# Contract, file that breaks it, the import planted there.
PLANTS = [
    ("house", "app/policy/planted.py", "import app.evidence"),
    ("house", "app/identity/planted.py", "import app.review"),
    ("house", "app/tasks/planted.py", "import app.pipeline"),
    ("house", "app/domain/planted.py", "import app.policy"),
    ("house", "app/pipeline.py", "import app.web"),
    ("house", "app/web/planted.py", "import app.main"),
    ("house", "app/planted.py", ""),
    ("watermark", "watermark/planted.py", "import app.domain.text"),
    ("watermark", "watermark/planted.py", "import policies"),
    ("watermark", "policies/planted.py", "import app.domain.text"),
    ("adapters", "app/web/planted.py", "import app.storage"),
    ("adapters", "app/cli/planted.py", "import app.keys"),
    ("adapters", "app/pipeline.py", "from app.upstream import client"),
    ("settings", "app/web/planted.py", "import app.settings"),
    ("settings", "app/pipeline.py", "from app.settings import load"),
    ("marked", "app/pipeline.py", "from app.marking.output import MarkedOutput"),
    ("released", "app/web/planted.py", "import app.review.release"),
    ("guests-of-upstream", "app/identity/planted.py", "import httpx"),
    ("guests-of-upstream", "app/web/planted.py", "import httpx"),
    ("guests-of-upstream", "watermark/planted.py", "import httpx"),
    ("guests-of-upstream", "app/policy/planted.py", "import idna"),
    ("guests-of-upstream", "app/main.py", "import idna"),
    ("guests-of-storage", "app/evidence/planted.py", "import sqlalchemy"),
    ("guests-of-storage", "app/cli/planted.py", "import alembic"),
    ("guests-of-policy", "app/cli/planted.py", "import yaml"),
    ("guests-of-keys", "app/evidence/planted.py", "import cryptography"),
    ("guests-of-web", "app/evidence/planted.py", "from fastapi import FastAPI"),
    ("guests-of-web", "app/pipeline.py", "import starlette.responses"),
    ("guests-of-web", "app/tasks/planted.py", "import uvicorn"),
    ("guests-of-both-edges", "app/pipeline.py", "import httptools"),
    ("guests-of-both-edges", "watermark/planted.py", "import httptools"),
    ("guests-of-cli", "app/main.py", "import click"),
    ("guests-of-settings", "app/main.py", "import pydantic_settings"),
    ("guests-of-manifest", "app/keys/planted.py", "import c2pa"),
    ("guests-of-manifest", "watermark/planted.py", "import c2pa"),
    ("guests-of-identity", "app/web/planted.py", "import argon2"),
    ("guests-of-pages", "app/review/planted.py", "import jinja2"),
    ("guests-of-pages", "app/marking/planted.py", "import segno"),
    ("guests-of-manifest", "app/marking/planted.py", "import c2pa"),
    ("guests-of-manifest", "watermark/planted.py", "import c2pa"),
    ("guests-of-identity", "app/web/planted.py", "import argon2"),
    ("guests-of-pages", "app/evidence/planted.py", "import jinja2"),
    ("guests-of-pages", "app/cli/planted.py", "import segno"),
    ("guests-of-demo", "app/dialects/planted.py", "import openai"),
    ("guests-of-demo", "app/cli/planted.py", "import xllamacpp"),
    ("edges", "app/domain/planted.py", "import pydantic"),
    ("json", "app/storage/planted.py", "import orjson"),
]


@pytest.fixture
def tree(root: Path, tmp_path: Path) -> Path:
    """A copy of the packages and their contracts, to plant imports in."""
    for package in PACKAGES:
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_house_keeps_its_contracts(tree: Path, contracts: dict[str, str]) -> None:
    assert broken(tree, contracts) == set()


@pytest.mark.parametrize(("contract", "file", "line"), PLANTS, ids=[f"{row[1]}: {row[2]}" for row in PLANTS])
def test_a_contract_notices(contract: str, file: str, line: str, tree: Path, contracts: dict[str, str]) -> None:
    with (tree / file).open("a") as planted:
        planted.write(f"\n{line}\n")
    assert broken(tree, contracts) == {contract}


def test_each_contract_has_a_plant(contracts: dict[str, str]) -> None:
    assert set(contracts.values()) == {contract for contract, _, _ in PLANTS}


def test_a_name_taken_for_typing_alone_is_a_minted_type() -> None:
    """The contracts leave imports for typing aside, for the sake of the minted types: that leave goes no further."""
    seen = edges(typing=True) - edges(typing=False)
    between_rooms = {
        (importer, imported)
        for importer, imported in seen
        if importer.count(".") > 1 and importer.split(".")[1] not in {"web", "cli", imported.split(".")[1]}
    }
    assert {(a, b) for a, b in between_rooms if not b.startswith("app.domain.") and b not in MINTED} == set()


@pytest.fixture(scope="session")
def contracts(pyproject: dict[str, Any]) -> dict[str, str]:
    """Names of the contracts, as the linter prints them, and their ids."""
    return {contract["name"]: contract["id"] for contract in pyproject["tool"]["importlinter"]["contracts"]}


def broken(tree: Path, contracts: dict[str, str]) -> set[str]:
    """Ids of the contracts that this tree breaks."""
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "COLUMNS": "500", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = dict(re.findall(r"^(.*) (KEPT|BROKEN)\b.*$", run.stdout, re.MULTILINE))
    assert verdicts.keys() == contracts.keys(), run.stdout + run.stderr
    return {contracts[name] for name, verdict in verdicts.items() if verdict == "BROKEN"}


def edges(*, typing: bool) -> set[tuple[str, str]]:
    graph = grimp.build_graph("app", exclude_type_checking_imports=not typing, cache_dir=None)
    return {
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
