# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Each step notices a log that does not say, or is not, what it should."""

import pytest

from app.cli.demo import proof
from app.cli.demo.expectation import Unexpected
from app.cli.demo.home import DemoHome, furnish
from app.cli.demo.scene import Scene
from tests.example import SHIPPED
from tests.ports import reserved_port


def test_a_call_that_is_not_in_the_log_is_noticed(home: DemoHome) -> None:
    scene = Scene(home)
    scene.remember("allowed", "exc_of-nobody")
    scene.remember("refused", "exc_of-nobody")
    for step in (proof.told, proof.altered):
        with pytest.raises(Unexpected, match="ended with status 1, not 0"):
            step(scene)


def test_the_log_is_held_against_the_trust_anchor(home: DemoHome) -> None:
    other = home.folder / "other"
    other.mkdir()
    stranger = furnish(other, SHIPPED, model_port=reserved_port(), port=reserved_port())
    home.trust_anchor.write_text(stranger.trust_anchor.read_text())
    Scene(home).command("backup", str(home.folder / "backup.zip"))  # signs a checkpoint
    with pytest.raises(Unexpected, match="ended with status 1, not 0"):
        proof.verified(Scene(home))


def test_what_cannot_be_found_is_not_altered(home: DemoHome) -> None:
    copy = home.folder / "copy.db"
    copy.write_bytes((home.folder / "waarmerk.db").read_bytes())
    with pytest.raises(Unexpected, match="exactly once"):
        proof.blame_another(copy, "exc_of-nobody")
