# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""The manual's tables are the code's own: settings, records, problems, commands. A test that fails shows the rows as they must be."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from app.__main__ import main
from app.evidence.catalogue import ENVELOPE, FIELDS
from app.settings import Settings
from app.web.problem_pages import EXPLANATIONS
from app.web.verify_words import VERIFY


def test_every_setting_is_told_with_its_purpose_and_default(root: Path) -> None:
    """What production and test environments set is advice, and not compared."""
    told = [" | ".join(row.split(" | ")[:3]) for row in rows(root, "settings.md")]
    assert told == [
        f"`WAARMERK_{name.upper()}` | {field.description} | {default(name, field.get_default(call_default_factory=True))}"
        for name, field in Settings.model_fields.items()
    ]


def test_every_setting_that_is_named_exists(root: Path) -> None:
    """In what the product says, in the documentation and in what is deployed."""
    existing = {f"WAARMERK_{name.upper()}" for name in Settings.model_fields}
    existing.add("WAARMERK_NAME")  # of compose.yaml itself
    places = [root / "README.md", root / "Dockerfile", *(root / "app").rglob("*.py")]
    for folder in ("docs", "deploy", "policies"):
        places += filter(Path.is_file, (root / folder).rglob("*.*"))
    named = {
        (name, str(file.relative_to(root)))
        for file in places
        for name in re.findall(r"WAARMERK_[A-Z_]+", file.read_text(errors="replace"))
    }
    assert {each for each in named if each[0] not in existing} == set()


def test_every_field_of_every_record_is_told(root: Path) -> None:
    page = (root / "docs" / "records.md").read_text()
    sections = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    expected = {"Every record": ENVELOPE} | {f"`{kind}`": fields for kind, fields in FIELDS.items()}
    assert {name: re.findall(r"^\| `(.+?)` \| (.+) \|$", text, re.MULTILINE) for name, text in sections.items()} == {
        name: list(fields.items()) for name, fields in expected.items()
    }


def test_every_problem_is_told(root: Path) -> None:
    assert rows(root, "problems.md") == [
        f"`{name}` | {problem.title.en} | {problem.cause.en} | {problem.remedy.en}"
        for name, problem in sorted(EXPLANATIONS.items())
    ]


def test_every_command_is_told(root: Path) -> None:
    assert rows(root, "commands.md") == [f"`{usage}` | {said}" for usage, said in commands(main, "waarmerk")]


def test_every_word_that_verify_answers_with_is_explained_to_citizens(root: Path) -> None:
    page = (root / "docs" / "citizen.md").read_text()
    badges = [text for name, text in VERIFY.items() if name.startswith("badge.")]
    assert badges
    assert [text for badge in badges for text in (badge.nl, badge.en) if f"\n| {text} | " not in page] == []


def test_the_page_on_coverage_is_what_the_command_prints(root: Path) -> None:
    """As of a day on which the shipped example is in force; on other days its verdicts may be others."""
    printed = CliRunner().invoke(main, ["coverage", "--date", "2026-12-01"])
    assert printed.output == (root / "docs" / "coverage.md").read_text()


def rows(root: Path, page: str) -> list[str]:
    """Rows of the tables of a page that begin with code."""
    return re.findall(r"^\| (`.*) \|$", (root / "docs" / page).read_text(), re.MULTILINE)


def default(name: str, value: object) -> str:
    if name == "policies":
        return "the shipped example"
    if value is None or value in ("", (), {}):
        return "empty"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def commands(command: click.Command, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from commands(command.commands[name], f"{path} {name}")
        return
    with click.Context(command) as context:
        yield (
            " ".join([path, *command.collect_usage_pieces(context)]),
            (command.help or "").partition("\n\n")[0].replace("\n", " "),
        )
