# SPDX-FileCopyrightText: 2026 Waarmerk contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kept content: AES-256-GCM under a key per item; the item key is wrapped under the content key (RFC 3394).

Destroying the wrapped key destroys the content, in the write-ahead log and in every backup that lacks it too.
"""

import os
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from app.domain.errors import KeyUnusable
from app.domain.ledger import SealedContent
from app.domain.text import LocalText
from app.keys.symmetric import LENGTH

_NONCE = 12
_ID = 8


class AesContentCipher:
    """Adapter of `app.domain.keys.ContentCipher`. `current` seals; `current` and `retired` open, each 32 bytes."""

    def __init__(self, current: bytes, retired: Sequence[bytes] = ()) -> None:
        self._current = current
        self._keys = {_key_id(key): key for key in (current, *retired)}

    def seal(self, exchange: str, kind: str, plaintext: bytes) -> SealedContent:
        """Encrypt under a fresh key. The ciphertext opens as this kind of this exchange only."""
        item_key, nonce = os.urandom(LENGTH), os.urandom(_NONCE)
        ciphertext = nonce + AESGCM(item_key).encrypt(nonce, plaintext, _bound_to(exchange, kind))
        wrapped = _key_id(self._current) + aes_key_wrap(self._current, item_key)
        return SealedContent(exchange, kind, wrapped, ciphertext)

    def open(self, sealed: SealedContent) -> bytes:
        """The plaintext. Raises `KeyUnusable` when its content key is not here, or anything was altered."""
        key = self._keys.get(sealed.wrapped_key[:_ID])
        if key is None:
            raise _closed("de inhoudssleutel is hier niet", "its content key is not here")
        nonce, ciphertext = sealed.ciphertext[:_NONCE], sealed.ciphertext[_NONCE:]
        try:
            item_key = aes_key_unwrap(key, sealed.wrapped_key[_ID:])
            return AESGCM(item_key).decrypt(nonce, ciphertext, _bound_to(sealed.exchange, sealed.kind))
        except (InvalidUnwrap, InvalidTag, ValueError) as error:
            raise _closed("de inhoud is veranderd", "the content was altered") from error


def _bound_to(exchange: str, kind: str) -> bytes:
    return f"waarmerk content\n{exchange}\n{kind}".encode()


def _key_id(key: bytes) -> bytes:
    """Recognises a content key beside its ciphertext without telling anything of it."""
    return sha256(b"waarmerk content key\n" + key).digest()[:_ID]


def _closed(nl: str, en: str) -> KeyUnusable:
    return KeyUnusable(
        LocalText(
            nl=f"Bewaarde inhoud kan niet worden geopend: {nl}.",
            en=f"Kept content cannot be opened: {en}.",
        )
    )
