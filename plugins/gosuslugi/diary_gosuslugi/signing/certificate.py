"""Certificates: our own, and those ЕСИА signs its tokens with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from diary_gosuslugi.signing import gost
from diary_gosuslugi.signing.keys import read_public_key
from diary_gosuslugi.signing.structures import KEY, TbsCertificate

__all__ = ["Certificate", "read_certificate", "read_certificates"]

_ARMOUR: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Certificate:
    """What we need of a certificate; nobody here checks who issued it: it is trusted or it is not."""

    der: bytes
    subject: str
    """Who it was issued to, as RFC 4514 writes it."""
    since: datetime
    until: datetime
    """Last valid moment, inclusive; both aware."""
    key: gost.PublicKey | RSAPublicKey

    @property
    def hash(self) -> str:
        """Streebog-256 of the DER, 64 upper-case hex digits: `client_certificate_hash`, `x5t#St256`."""
        return _hash(self.der)

    def valid_at(self, moment: datetime) -> bool:
        """Tell whether its validity covers a moment."""
        return self.since <= moment <= self.until

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature by its key is that of a message: RS256, or GOST as s‖r."""
        if isinstance(self.key, gost.PublicKey):
            return gost.verify(self.key, message, signature)
        try:
            self.key.verify(signature, message, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def read_certificate(data: bytes) -> Certificate:
    """Read one certificate from PEM or DER.

    Raises:
        ValueError: There is none or more than one, or its key is neither GOST of 256 bits nor RSA.
    """
    found = read_certificates(data)
    if len(found) != 1:
        raise ValueError(f"there are {len(found)} certificates where one is expected")
    return found[0]


def read_certificates(data: bytes) -> tuple[Certificate, ...]:
    """Read certificates from a PEM bundle or one DER; in their order, at least one.

    Raises:
        ValueError: There is none, or the key of one is neither GOST of 256 bits nor RSA.
    """
    armoured = _ARMOUR.findall(data)
    if armoured:
        return tuple(_certificate(x509.load_pem_x509_certificate(one)) for one in armoured)
    return (_certificate(x509.load_der_x509_certificate(data)),)


@lru_cache(maxsize=64)
def _hash(der: bytes) -> str:
    """Return the digest, remembered: files are read anew each time, and a long certificate takes 10 ms."""
    return gost.streebog256(der).hex().upper()


def _certificate(read: x509.Certificate) -> Certificate:
    return Certificate(
        der=read.public_bytes(Encoding.DER),
        subject=read.subject.rfc4514_string(),
        since=read.not_valid_before_utc,
        until=read.not_valid_after_utc,
        key=_key(read),
    )


def _key(read: x509.Certificate) -> gost.PublicKey | RSAPublicKey:
    if read.public_key_algorithm_oid == KEY:
        return read_public_key(asn1.decode_der(TbsCertificate, read.tbs_certificate_bytes).key)
    try:
        key = read.public_key()
    except UnsupportedAlgorithm as error:
        raise ValueError(
            f"the key's algorithm {read.public_key_algorithm_oid.dotted_string} is unknown"
        ) from error
    match key:
        case RSAPublicKey():
            return key
        case _:
            raise ValueError("the key is neither GOST of 256 bits nor RSA")
