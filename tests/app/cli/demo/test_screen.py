# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
from pathlib import Path

import pytest

from app.cli.demo import screen

PROSE = "A town hall keeps records so that everybody can see, later, what was decided and why. " * 4


@pytest.mark.parametrize(
    "tell", [screen.say, screen.show, screen.passed, screen.failed, lambda text: screen.fact("name", text)]
)
def test_no_line_is_wider_than_the_page(tell: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert callable(tell)
    tell(PROSE)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 100


def test_a_long_name_does_not_run_into_what_it_names(capsys: pytest.CaptureFixture[str]) -> None:
    screen.fact("a-name-that-is-longer-than-all-others", "its password")
    assert "others its password" in " ".join(capsys.readouterr().out.split())


def test_a_key_stays_whole(capsys: pytest.CaptureFixture[str]) -> None:
    key = "wmk_" + "x-" * 80
    screen.show(f"the key is {key}")
    assert key in capsys.readouterr().out


def test_what_a_model_says_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    screen.show("\x1b[2Jgone\x07 \x9b31m")
    screen.stream(iter(["\x1b[2J", "gone"]))
    assert {letter for letter in capsys.readouterr().out if not letter.isprintable()} == {"\n"}


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_a_stream_looks_the_same_however_it_is_cut(size: int, capsys: pytest.CaptureFixture[str]) -> None:
    screen.stream(iter([PROSE]))
    whole = capsys.readouterr().out
    words = [f"{word} " for word in PROSE.split()]
    screen.stream("".join(words[at : at + size]) for at in range(0, len(words), size))
    assert capsys.readouterr().out == whole
    assert " ".join(line.removeprefix("  | ") for line in whole.splitlines()) == PROSE.strip()


def test_a_stream_that_breaks_off_ends_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    def pieces() -> object:
        yield "as far as "
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        screen.stream(pieces())  # type: ignore[arg-type]
    assert capsys.readouterr().out == "  | as far as\n"


def test_working_gives_what_the_work_gave(capsys: pytest.CaptureFixture[str]) -> None:
    assert screen.working("Thinking", lambda: 42) == 42
    assert capsys.readouterr().out.startswith("  Thinking")
    with pytest.raises(ZeroDivisionError):
        screen.working("Thinking", lambda: 1 // 0)


def test_waiting_ends() -> None:
    assert not screen.wait_for("Waiting", lambda: False, seconds=0.05, every=0.01)
    assert screen.wait_for("Waiting", lambda: True, seconds=0)


def test_a_path_is_told_as_one_types_it_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert screen.short(tmp_path / "demo" / "x") == "demo/x"
    assert screen.short(tmp_path.parent / "x") == str(tmp_path.parent / "x")
