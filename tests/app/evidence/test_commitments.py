# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import hmac
import re
import runpy
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.evidence.commitments import Commitments, commit, keyed
from tests.fake_upstream import FakeUpstream, answer
from tests.furnished import furnished
from tests.reviewers import CHAT, completion, held

PARTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=5)


def test_the_commitment_of_a_known_text() -> None:
    """Worked out with OpenSSL: HMAC-SHA-256 of two parts, each after its length in eight bytes."""
    assert commit(bytes(32), "ab", "c") == "57cb2a935abcbdc6835412cfbedba101a4eda4ae3439c2d1921ecfb9dd9aa37d"


@given(PARTS, PARTS)
def test_other_parts_give_another_commitment(first: list[str], second: list[str]) -> None:
    assert (commit(b"salt", *first) == commit(b"salt", *second)) == (first == second)


def test_text_and_its_bytes_are_the_same_part() -> None:
    assert commit(b"salt", "één") == commit(b"salt", "één".encode())


def test_another_salt_gives_another_commitment() -> None:
    assert commit(b"salt", "text") != commit(b"tlas", "text")


def test_a_pseudonym_is_found_again_in_its_own_field_only() -> None:
    assert keyed(b"key", "actor", "p-1") == keyed(b"key", "actor", "p-1")
    assert keyed(b"key", "actor", "p-1") != keyed(b"key", "data_subject", "p-1")
    assert keyed(b"key", "actor", "p-1") != keyed(b"other", "actor", "p-1")


def test_the_manual_computes_the_same_commitments(tmp_path: Path) -> None:
    """An auditor who follows docs/evidence.md must arrive where the house did."""
    page = (Path(__file__).parents[3] / "docs" / "evidence.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "manual.py").write_text(code, encoding="utf-8")
    manual = runpy.run_path(str(tmp_path / "manual.py"))
    assert manual["prompt_commitment"](b"salt", "één", "twee") == commit(b"salt", "prompt", "één", "twee")
    output = hmac.new(b"salt", b"0\0content\0", "sha256")
    output.update("één".encode())
    assert manual["output_commitment"](b"salt", 0, "content", "één") == output.hexdigest()
    received = hmac.new(b"salt", b"received\0", "sha256")
    received.update(b"data: ")
    assert manual["received_commitment"](b"salt", b"data: ") == received.hexdigest()


async def test_who_has_neither_key_nor_salt_in_hand_gets_the_same_commitments(tmp_path: Path) -> None:
    async with FakeUpstream() as model, furnished(tmp_path / "home", model.port) as house:
        model.on(CHAT, answer(completion("Een zin.")))
        hold = await held(house, await house.key())
        key = house.house.keys.commitment.of(house.house.organisation)
        commitments = Commitments(key, house.house.outputs)
        assert commitments.keyed("reviewer", "usr_1") == keyed(key, "reviewer", "usr_1")
        salt = house.house.outputs.salt(hold.exchange)
        assert salt is not None
        assert commitments.salted(hold.exchange, "content", "0", "x") == commit(salt, "content", "0", "x")
        assert commitments.salted("exc_0", "content", "0", "x") is None
