# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
import json
import stat
from contextlib import ExitStack
from pathlib import Path

import click
import pytest

from app.cli.demo.children import Command
from app.cli.demo.home import DemoHome, furnish, occupied, write_card
from app.evidence.note import parse_key
from tests.example import SHIPPED
from tests.ports import reserved_port


def test_the_next_demo_replaces_what_the_last_one_made(tmp_path: Path) -> None:
    with occupied(tmp_path) as folder:
        (folder / "waarmerk.db").write_text("of the last one")
        (tmp_path / "demo.json").write_text("of the last one")
    with occupied(tmp_path) as folder:
        assert folder == tmp_path / "demo"
        assert [path.name for path in folder.iterdir()] == ["made-by-waarmerk-demo"]
        assert not (tmp_path / "demo.json").exists()


def test_nothing_else_in_the_folder_is_touched(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    for name in ("keys/log.pem", "waarmerk.db", "settings.env"):
        (tmp_path / name).write_text("of an installation")
    with occupied(tmp_path) as folder:
        furnish(folder, SHIPPED, model_port=reserved_port(), port=reserved_port())
    for name in ("keys/log.pem", "waarmerk.db", "settings.env"):
        assert (tmp_path / name).read_text() == "of an installation"


@pytest.mark.parametrize("link", [False, True])
def test_a_folder_that_the_demo_did_not_make_stays(link: bool, tmp_path: Path) -> None:
    root, theirs = tmp_path / "root", tmp_path / ("elsewhere" if link else "root/demo")
    theirs.mkdir(parents=True)
    (theirs / "keep").write_text("me")
    if link:
        (theirs / "made-by-waarmerk-demo").touch()
        root.mkdir()
        (root / "demo").symlink_to(theirs)
    with pytest.raises(click.ClickException, match="was not made by the demo"), occupied(root):
        pass
    assert (theirs / "keep").read_text() == "me"


def test_two_demos_do_not_share_a_home(tmp_path: Path) -> None:
    with ExitStack() as first:
        first.enter_context(occupied(tmp_path))
        (tmp_path / "demo.json").write_text("of the first")
        with pytest.raises(click.ClickException, match="running"), occupied(tmp_path):
            pass
        assert (tmp_path / "demo.json").read_text() == "of the first"
    with occupied(tmp_path):
        pass


def test_its_commands_need_nothing_but_the_home(home: DemoHome) -> None:
    status, said = Command("key", "list", environment=home.environment()).result()
    assert status == 0, said
    assert sorted(line.split()[1] for line in said.splitlines()) == ["balie", "oude-tool", "proeftuin"]


def test_settings_of_another_installation_do_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAARMERK_DATABASE", f"sqlite:///{tmp_path}/theirs.db")
    monkeypatch.setenv("WAARMERK_HOME", str(tmp_path / "theirs"))
    monkeypatch.setenv("WAARMERK_POLICIES", str(tmp_path / "theirs"))
    with occupied(tmp_path / 'it\'s a \\ "home" $HOME') as folder:
        home = furnish(folder, SHIPPED, model_port=reserved_port(), port=reserved_port())
        status, said = Command("key", "list", environment=home.environment()).result()
    assert (status, len(said.splitlines())) == (0, 3), said
    assert [path.name for path in tmp_path.iterdir()] == [folder.parent.name]


def test_it_has_a_key_for_each_task(home: DemoHome) -> None:
    profiles = {task.alias: task.profile for task in home.tasks}
    assert (profiles["balie-zoekvraag"], profiles["balie-antwoord"]) == ("machine", "publication")
    assert len({task.key for task in home.tasks}) == len({task.application for task in home.tasks}) == 3
    assert home.key("oude-tool") == next(task.key for task in home.tasks if task.alias == "oude-samenvatting")


def test_the_trust_anchor_is_the_public_key_of_the_log(home: DemoHome) -> None:
    lines = [line for line in home.trust_anchor.read_text().splitlines() if not line.startswith("#")]
    assert [parse_key(line).name for line in lines] == ["127.0.0.1/gemeente-voorbeeld"]
    assert lines[0] in Command("evidence", "key", environment=home.environment()).result()[1]


def test_the_card_is_for_its_owner_only(home: DemoHome, tmp_path: Path) -> None:
    old = tmp_path / "demo.json"
    old.write_text("open to all")
    old.chmod(0o644)
    card = write_card(home, tmp_path, model_url="http://127.0.0.1:1/v1", snippet="print()")
    assert stat.S_IMODE(card.stat().st_mode) == 0o600
    assert json.loads(card.read_text())["base_url"] == f"http://127.0.0.1:{home.settings.port}/v1"
    for path in (home.folder / "settings.env", home.trust_anchor):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
