# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.keys import KeySigner
from app.evidence.checkpoint import Checkpoint, open_checkpoint, origin_of, parse_checkpoint
from app.evidence.note import NoteInvalid, VerifierKey
from app.keys.signer import check_signature

ROOT = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_the_example_of_the_specification() -> None:
    assert parse_checkpoint(TEXT) == Checkpoint("example.com/behind-the-sofa", 20852163, ROOT)
    assert Checkpoint("example.com/behind-the-sofa", 20852163, ROOT).text == TEXT


def test_a_signed_checkpoint_opens(signer: KeySigner) -> None:
    origin = origin_of("waarmerk.example", "gemeente")
    checkpoint = Checkpoint(origin, 7, bytes(32))
    key = VerifierKey(origin, signer.public_key)
    assert open_checkpoint(checkpoint.sign(signer), [key], check_signature) == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "extension\n",
        TEXT + "\n",
        TEXT.replace("20852163", "020852163"),
        TEXT.replace("20852163", "+20852163"),
        TEXT.replace("20852163", "-1"),
        TEXT.replace("20852163", "2_0852163"),
        TEXT.replace("20852163", "٣"),
        TEXT.replace("20852163", "9" * 30),
        TEXT.replace("q2I=", "q2J="),
        TEXT.replace("q2I=", "q2I"),
        TEXT.replace("CsUY", ""),
        TEXT.replace("example.com/behind-the-sofa", ""),
    ],
)
def test_a_checkpoint_has_one_spelling(text: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_checkpoint(text)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_text_of_any_kind_is_refused_without_a_crash(first: str, second: str, third: str) -> None:
    with pytest.raises(NoteInvalid):
        parse_checkpoint(f"{first}\n{second}\n{third}\n")


@given(
    st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=40),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_is_read_back(origin: str, size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin, size, root)
    assert parse_checkpoint(checkpoint.text) == checkpoint
