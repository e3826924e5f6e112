"""Keys as they stand in files: PKCS#8 and SubjectPublicKeyInfo, in the ways GOST tools write them."""

from __future__ import annotations

import base64
import re
import textwrap
from typing import Final

from cryptography.hazmat import asn1

from diary_gosuslugi.signing.gost import PrivateKey, PublicKey
from diary_gosuslugi.signing.structures import (
    CURVE_WRITTEN,
    CURVES,
    DIGEST,
    KEY,
    KeyAlgorithm,
    KeyParameters,
    PrivateKeyInfo,
    SubjectPublicKeyInfo,
)

__all__ = ["private_key_pem", "public_key_info", "read_private_key", "read_public_key"]

_ARMOUR: Final = re.compile(rb"-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----")
_HALF: Final = 32
_OCTET_STRING: Final = b"\x04"
_WRITTEN: Final = KeyAlgorithm(
    algorithm=KEY, parameters=KeyParameters(curve=CURVE_WRITTEN, digest=DIGEST, encryption=None)
)


def read_private_key(data: bytes) -> PrivateKey:
    """Read a key from PEM or DER.

    Raises:
        ValueError: It is no GOST key of 256 bits on the one curve in use, or it is encrypted;
            the message holds nothing of it.
    """
    armoured = _ARMOUR.search(data)
    try:
        der = base64.b64decode(armoured[1]) if armoured else data
        info = asn1.decode_der(PrivateKeyInfo, der)
        _check(info.algorithm)
        return PrivateKey(_number(info.key))
    except ValueError:
        pass  # raised anew below, so that neither cause nor context holds the key
    raise ValueError("no unencrypted GOST R 34.10-2012 key of 256 bits in PKCS#8")


def private_key_pem(key: PrivateKey) -> bytes:
    """Return a key as OpenSSL's gost engine writes it."""
    info = PrivateKeyInfo(
        version=0,
        algorithm=_WRITTEN,
        key=key.number.to_bytes(_HALF, "little"),
        attributes=None,
        public_key=None,
    )
    lines = textwrap.wrap(base64.b64encode(asn1.encode_der(info)).decode(), 64)
    return "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""]).encode()


def read_public_key(info: SubjectPublicKeyInfo) -> PublicKey:
    """Read the key of a certificate.

    Raises:
        ValueError: It is no GOST key of 256 bits on the one curve in use.
    """
    _check(info.algorithm)
    point = asn1.decode_der(bytes, info.key.as_bytes())
    if len(point) != 2 * _HALF:
        raise ValueError("a public key of 256 bits has 64 bytes")
    return PublicKey(int.from_bytes(point[:_HALF], "little"), int.from_bytes(point[_HALF:], "little"))


def public_key_info(key: PublicKey) -> SubjectPublicKeyInfo:
    """Return a key as a certificate holds it."""
    point = key.x.to_bytes(_HALF, "little") + key.y.to_bytes(_HALF, "little")
    return SubjectPublicKeyInfo(algorithm=_WRITTEN, key=asn1.BitString(asn1.encode_der(point), 0))


def _check(algorithm: KeyAlgorithm) -> None:
    if algorithm.algorithm != KEY:
        raise ValueError("the key is of another algorithm")
    if algorithm.parameters.curve not in CURVES:
        raise ValueError("the key is of another curve")


def _number(content: bytes) -> int:
    """Read the secret number: bare little-endian bytes, the same in an OCTET STRING, or an INTEGER."""
    if len(content) == _HALF:
        return int.from_bytes(content, "little")
    if not content.startswith(_OCTET_STRING):
        return asn1.decode_der(int, content)
    inner = asn1.decode_der(bytes, content)
    if len(inner) != _HALF:
        raise ValueError("a private key of 256 bits has 32 bytes")
    return int.from_bytes(inner, "little")
