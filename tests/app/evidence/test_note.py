# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.keys import KeySigner
from app.evidence.note import NoteInvalid, VerifierKey, open_note, parse_key, sign_note
from app.keys.signer import check_signature

# The example in the documentation of Go's sumdb/note package.
KEY = parse_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_implementation_opens() -> None:
    assert open_note(NOTE, [KEY], check_signature).startswith("If you think cryptography")
    assert KEY.text == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_what_is_signed_opens(signer: KeySigner) -> None:
    key = VerifierKey("waarmerk.example/gemeente", signer.public_key)
    note = sign_note("één\n\ntwee\n", key.name, signer)
    assert open_note(note, [KEY, key], check_signature) == "één\n\ntwee\n"
    assert parse_key(key.text) == key


def test_every_flipped_bit_closes_it(signer: KeySigner) -> None:
    key = VerifierKey("waarmerk.example/gemeente", signer.public_key)
    note = sign_note("waarmerk.example/gemeente\n12\nabc\n", key.name, signer).encode()
    for place in range(len(note)):
        for bit in range(8):
            flipped = note[:place] + bytes([note[place] ^ 1 << bit]) + note[place + 1 :]
            with pytest.raises(ValueError):  # noqa: PT011
                open_note(flipped.decode(), [key], check_signature)


def test_an_unknown_signature_beside_a_known_one_is_passed_over(signer: KeySigner) -> None:
    key = VerifierKey("waarmerk.example/gemeente", signer.public_key)
    note = sign_note("text\n", key.name, signer)
    witness = f"— witness.example {base64.b64encode(bytes(76)).decode()}\n"
    assert open_note(note + witness, [key], check_signature) == "text\n"
    with pytest.raises(NoteInvalid, match="not signed by a trusted key"):
        open_note(note, [KEY], check_signature)


def test_a_wrong_signature_of_a_known_key_closes_it_whatever_stands_beside(signer: KeySigner) -> None:
    key = VerifierKey("waarmerk.example/gemeente", signer.public_key)
    good, wrong = sign_note("text\n", key.name, signer), sign_note("test\n", key.name, signer)
    line = wrong.splitlines()[-1] + "\n"
    with pytest.raises(NoteInvalid, match="the note was altered"):
        open_note(good + line, [key], check_signature)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("—", "-"),
        NOTE.replace("— ", "—  "),
        NOTE.replace("=\n", "\n"),
        NOTE.replace("JnAM=", "JnAN="),
        NOTE.replace("If", "I\tf"),
        NOTE.replace("If", "\ud800"),
        NOTE + NOTE.splitlines()[-1].join(["", "\n"]) * 64,
        "x" * 70_000 + NOTE,
    ],
)
def test_a_note_has_one_spelling(note: str) -> None:
    with pytest.raises(NoteInvalid):
        open_note(note, [KEY], check_signature)


@given(st.text(max_size=200))
def test_text_of_any_kind_is_refused_without_a_crash(text: str) -> None:
    for attempt in (text, f"{text}\n\n— {text}\n", f"a\n\n— {text} {text}\n"):
        with pytest.raises(NoteInvalid):
            open_note(attempt, [KEY], check_signature)
    with pytest.raises(NoteInvalid):
        parse_key(text)
    with pytest.raises(NoteInvalid):
        parse_key(f"{text}+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u00a0b", "\ud800"])
def test_a_key_name_has_no_spaces_and_no_plus(name: str) -> None:
    with pytest.raises(NoteInvalid, match="key name"):
        VerifierKey(name, bytes(32))


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(NoteInvalid, match="32 bytes"):
        VerifierKey("name", bytes(31))


@pytest.mark.parametrize("text", ["no newline", "tab\t\n", "\ud800\n"])
def test_what_could_not_be_read_back_is_not_signed(text: str, signer: KeySigner) -> None:
    with pytest.raises(NoteInvalid):
        sign_note(text, "name", signer)
