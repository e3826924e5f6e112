"""Certificates with GOST keys: reading those of systems, making the sandbox's own."""

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from diary_sandbox.esia.signing import der
from diary_sandbox.esia.signing.gost import PrivateKey, PublicKey, streebog256

KEY: Final = der.oid("1.2.643.7.1.1.1.1")
DIGEST: Final = der.oid("1.2.643.7.1.1.2.2")
_CERTIFICATE_SIGNATURE: Final = der.oid("1.2.643.7.1.1.3.2")
_CURVE: Final = der.oid("1.2.643.2.2.35.1")
_CURVES: Final = frozenset({_CURVE, der.oid("1.2.643.2.2.36.0"), der.oid("1.2.643.7.1.2.1.1.2")})
"""Three names of one curve."""
_BASIC_CONSTRAINTS: Final = der.oid("2.5.29.19")
_TRUE: Final = b"\x01\x01\xff"
_LIFE: Final = timedelta(days=3650)


class BadCertificate(ValueError):
    """Not an X.509 certificate with a GOST key of 256 bits."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with a GOST key; who issued it is not looked at."""

    der: bytes
    key: PublicKey
    since: datetime
    until: datetime
    issuer: bytes
    """DER of its issuer's name."""
    serial: bytes
    """DER of its serial number."""

    @property
    def hash(self) -> str:
        """Streebog-256 of the DER, 64 upper-case hex digits."""
        return hash_of(self.der)

    def valid_at(self, moment: datetime) -> bool:
        """Tell whether its validity covers a moment."""
        return self.since <= moment <= self.until

    def pem(self) -> str:
        """Return it in PEM."""
        return armoured("CERTIFICATE", self.der)


@lru_cache(maxsize=256)
def hash_of(data: bytes) -> str:
    """Return Streebog-256 in upper-case hex, remembered: it takes milliseconds."""
    return streebog256(data).hex().upper()


def read_certificate(data: bytes) -> Certificate:
    """Read a certificate from DER.

    Raises:
        BadCertificate: It is none, or its key is not GOST.
    """
    try:
        parsed = x509.load_der_x509_certificate(data)
        fields = der.read(parsed.tbs_certificate_bytes).expect(der.SEQUENCE).inside()
        if fields[0].tag == 0xA0:  # the version, absent in the first one
            fields = fields[1:]
        key = _public_key(fields[5])
        since, until = parsed.not_valid_before_utc, parsed.not_valid_after_utc
    except (ValueError, IndexError) as error:
        raise BadCertificate("not a certificate with a GOST R 34.10-2012 key of 256 bits") from error
    return Certificate(data, key, since, until, fields[2].raw, fields[0].raw)


def self_signed(key: PrivateKey, common_name: str, since: datetime) -> Certificate:
    """Make a certificate that signs itself; valid for ten years."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "RU"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "SANDBOX"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    ).public_bytes()
    algorithm = der.write(der.SEQUENCE, _CERTIFICATE_SIGNATURE)
    extension = der.write(
        der.SEQUENCE,
        _BASIC_CONSTRAINTS,
        _TRUE,
        der.write(der.OCTET_STRING, der.write(der.SEQUENCE, _TRUE)),
    )
    tbs = der.write(
        der.SEQUENCE,
        der.write(0xA0, der.whole_number(2)),
        der.whole_number(secrets.randbits(120) + 1),
        algorithm,
        name,
        der.write(der.SEQUENCE, _utc_time(since), _utc_time(since + _LIFE)),
        name,
        _key_info(key.public()),
        der.write(0xA3, der.write(der.SEQUENCE, extension)),
    )
    signature = der.write(der.BIT_STRING, b"\0", key.sign(tbs))
    return read_certificate(der.write(der.SEQUENCE, tbs, algorithm, signature))


def private_key_pem(key: PrivateKey) -> str:
    """Return a key in PKCS#8, as OpenSSL's gost engine writes it."""
    number = der.write(der.OCTET_STRING, key.written())
    return armoured("PRIVATE KEY", der.write(der.SEQUENCE, der.whole_number(0), _algorithm(), number))


def armoured(label: str, data: bytes) -> str:
    """Return DER in PEM."""
    text = base64.b64encode(data).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _public_key(info: der.Element) -> PublicKey:
    algorithm, bits = info.expect(der.SEQUENCE).inside()
    kind, parameters = algorithm.inside()
    if kind.raw != KEY or parameters.inside()[0].raw not in _CURVES or bits.content[:1] != b"\0":
        raise BadCertificate("another kind of key")
    return PublicKey.read(der.read(bits.content[1:]).expect(der.OCTET_STRING).content)


def _key_info(key: PublicKey) -> bytes:
    point = der.write(der.OCTET_STRING, key.written())
    return der.write(der.SEQUENCE, _algorithm(), der.write(der.BIT_STRING, b"\0", point))


def _algorithm() -> bytes:
    return der.write(der.SEQUENCE, KEY, der.write(der.SEQUENCE, _CURVE, DIGEST))


def _utc_time(moment: datetime) -> bytes:
    return der.write(der.UTC_TIME, f"{moment.astimezone(UTC):%y%m%d%H%M%SZ}".encode())
