"""Sealing what is personal or secret, so that the database alone opens nothing.

A sealed value is `version(1) | key id(4) | nonce(12) | AES-256-GCM ciphertext and tag`.
The place it belongs to is authenticated with it: moved to another row or column, it does not open.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from diary_core.errors import Misconfigured

KEY_BYTES = 32
KEY_ID_BYTES = 4
_VERSION = b"\x01"
_NONCE_BYTES = 12
_HEAD_BYTES = len(_VERSION) + KEY_ID_BYTES + _NONCE_BYTES


@dataclass
class KeyRing:
    """The keys of one gateway: the newest one seals, any of them opens.

    A ring stays as it was made, but that of a running gateway, which follows its file (`watched_keys`).
    """

    newest: str
    """Id of the sealing key, eight hexadecimal digits."""
    keys: Mapping[str, bytes] = field(repr=False)
    """By id, 32 bytes each."""
    index_key: bytes = field(repr=False)
    """For keyed hashes; stays the same when sealing keys are changed."""

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Seal a value for one place, such as `connections.credentials:con_…`."""
        newest, nonce = self.newest, os.urandom(_NONCE_BYTES)
        body = AESGCM(self.keys[newest]).encrypt(nonce, plain, place.encode())
        return key_head(newest) + nonce + body

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Open a value where it belongs.

        Raises:
            Misconfigured: The ring lacks its key, or the value is damaged or stands in a wrong place.
        """
        key = self.keys.get(key_id_of(sealed))
        if key is None:
            raise Misconfigured("the key ring lacks the key of a sealed value", field="key_file")
        nonce = sealed[len(_VERSION) + KEY_ID_BYTES : _HEAD_BYTES]
        try:
            return AESGCM(key).decrypt(nonce, sealed[_HEAD_BYTES:], place.encode())
        except InvalidTag as error:
            raise Misconfigured("a sealed value does not open in its place") from error

    def index(self, purpose: str, *parts: str) -> str:
        """Return a keyed hash to find or compare a value by, 64 hexadecimal digits.

        Args:
            purpose: Keeps hashes of one value in different uses apart.
            parts: The value; `("ab", "c")` and `("a", "bc")` differ.
        """
        text = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
        return hmac.new(self.index_key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def key_head(key_id: str) -> bytes:
    """Return what every value begins with that a key has sealed."""
    return _VERSION + bytes.fromhex(key_id)


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key a value was sealed with.

    Raises:
        Misconfigured: It is not a sealed value.
    """
    if len(sealed) < _HEAD_BYTES or sealed[:1] != _VERSION:
        raise Misconfigured("a stored value is not sealed as expected")
    return sealed[1 : 1 + KEY_ID_BYTES].hex()


def digest(secret: str) -> str:
    """Return the hash a random secret is stored as; never for anything a person has thought up."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
