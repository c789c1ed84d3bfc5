# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import KeyUnusable
from app.domain.keys import ContentCipher
from app.keys.content import AesContentCipher

KEY, OTHER = bytes(32), bytes(31) + b"\x01"


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_what_is_sealed_opens(plaintext: bytes, exchange: str) -> None:
    cipher: ContentCipher = AesContentCipher(KEY)
    sealed = cipher.seal(exchange, "prompt", plaintext)
    assert cipher.open(sealed) == plaintext
    assert len(plaintext) < 4 or plaintext not in sealed.ciphertext


def test_equal_content_never_looks_equal() -> None:
    cipher = AesContentCipher(KEY)
    first, second = cipher.seal("exc_1", "prompt", b"text"), cipher.seal("exc_1", "prompt", b"text")
    assert first.ciphertext != second.ciphertext
    assert first.wrapped_key != second.wrapped_key


def test_content_opens_as_this_kind_of_this_exchange_only() -> None:
    cipher = AesContentCipher(KEY)
    sealed = cipher.seal("exc_1", "prompt", b"text")
    for moved in (replace(sealed, exchange="exc_2"), replace(sealed, kind="output")):
        with pytest.raises(KeyUnusable, match="was altered"):
            cipher.open(moved)


def test_every_altered_byte_is_noticed() -> None:
    cipher = AesContentCipher(KEY)
    sealed = cipher.seal("exc_1", "prompt", b"text")
    for place in range(len(sealed.ciphertext)):
        with pytest.raises(KeyUnusable):
            cipher.open(replace(sealed, ciphertext=_flip(sealed.ciphertext, place)))
    for place in range(len(sealed.wrapped_key)):
        with pytest.raises(KeyUnusable):
            cipher.open(replace(sealed, wrapped_key=_flip(sealed.wrapped_key, place)))


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_bytes_of_any_kind_do_not_open(wrapped: bytes, ciphertext: bytes) -> None:
    cipher = AesContentCipher(KEY)
    sealed = cipher.seal("exc_1", "prompt", b"text")
    with pytest.raises(KeyUnusable):
        cipher.open(replace(sealed, wrapped_key=sealed.wrapped_key[:8] + wrapped, ciphertext=ciphertext))


def test_a_retired_key_opens_what_it_sealed_and_seals_no_more() -> None:
    before = AesContentCipher(KEY)
    sealed = before.seal("exc_1", "prompt", b"text")
    after = AesContentCipher(OTHER, retired=[KEY])
    assert after.open(sealed) == b"text"
    with pytest.raises(KeyUnusable, match="its content key is not here"):
        before.open(after.seal("exc_1", "prompt", b"text"))


def _flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
