"""The ASN.1 shapes of GOST keys, certificates and signatures.

Object identifiers are all that is particular to GOST; `cryptography` reads the rest of a certificate,
but neither its GOST key nor its signature. Its ASN.1 module may still change between major versions,
so the plugin is pinned to one of them.

Source: RFC 4491, RFC 5280, RFC 5652, RFC 5958; R 1323565.1.023-2018.
"""

from __future__ import annotations

from typing import Annotated, Final

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

__all__ = [
    "CERTIFICATE_SIGNATURE",
    "CURVES",
    "CURVE_WRITTEN",
    "DATA",
    "DIGEST",
    "KEY",
    "SIGNED_DATA",
    "Algorithm",
    "Certificate",
    "ContentInfo",
    "Extension",
    "IssuerAndSerial",
    "KeyAlgorithm",
    "KeyParameters",
    "NoContent",
    "PrivateKeyInfo",
    "SignedData",
    "SignerInfo",
    "SubjectPublicKeyInfo",
    "TbsCertificate",
    "Validity",
]

KEY: Final = ObjectIdentifier("1.2.643.7.1.1.1.1")
"""GOST R 34.10-2012 with a 256-bit key; in CMS also a bare signature by it."""
DIGEST: Final = ObjectIdentifier("1.2.643.7.1.1.2.2")
"""GOST R 34.11-2012, 256 bits."""
CERTIFICATE_SIGNATURE: Final = ObjectIdentifier("1.2.643.7.1.1.3.2")
"""The two together."""
CURVE_WRITTEN: Final = ObjectIdentifier("1.2.643.2.2.35.1")
"""CryptoPro-A, as OpenSSL's gost engine writes `paramset:A`."""
CURVES: Final = frozenset(
    {CURVE_WRITTEN, ObjectIdentifier("1.2.643.2.2.36.0"), ObjectIdentifier("1.2.643.7.1.2.1.1.2")}
)
"""Three names of one curve; ЕСИА's own certificates use the second."""
DATA: Final = ObjectIdentifier("1.2.840.113549.1.7.1")
SIGNED_DATA: Final = ObjectIdentifier("1.2.840.113549.1.7.2")


@asn1.sequence
class Algorithm:
    """An algorithm without parameters; OpenSSL writes a NULL for them, newer rules want nothing."""

    algorithm: ObjectIdentifier
    parameters: asn1.Null | None


@asn1.sequence
class KeyParameters:
    """Parameters of a GOST key."""

    curve: ObjectIdentifier
    digest: ObjectIdentifier | None
    encryption: ObjectIdentifier | None


@asn1.sequence
class KeyAlgorithm:
    """The algorithm of a GOST key."""

    algorithm: ObjectIdentifier
    parameters: KeyParameters


@asn1.sequence
class SubjectPublicKeyInfo:
    """A GOST public key: inside, an OCTET STRING of 64 bytes, x then y, both little-endian."""

    algorithm: KeyAlgorithm
    key: asn1.BitString


@asn1.sequence
class PrivateKeyInfo:
    """A GOST private key in PKCS#8."""

    version: int
    algorithm: KeyAlgorithm
    key: bytes
    attributes: Annotated[asn1.SetOf[asn1.TLV] | None, asn1.Implicit(0)]
    public_key: Annotated[asn1.BitString | None, asn1.Implicit(1)]


@asn1.sequence
class Validity:
    """From when until when, both inclusive; UTCTime ends with 2049."""

    since: asn1.UTCTime | asn1.GeneralizedTime
    until: asn1.UTCTime | asn1.GeneralizedTime


@asn1.sequence
class Extension:
    """One extension of a certificate."""

    id: ObjectIdentifier
    critical: Annotated[bool, asn1.Default(value=False)]
    value: bytes


@asn1.sequence
class TbsCertificate:
    """What the signature of a certificate with a GOST key is over."""

    version: Annotated[int, asn1.Explicit(0), asn1.Default(value=0)]
    serial: int
    signature: asn1.TLV
    issuer: asn1.TLV
    validity: Validity
    subject: asn1.TLV
    key: SubjectPublicKeyInfo
    issuer_id: Annotated[asn1.BitString | None, asn1.Implicit(1)]
    subject_id: Annotated[asn1.BitString | None, asn1.Implicit(2)]
    extensions: Annotated[list[Extension] | None, asn1.Explicit(3)]


@asn1.sequence
class Certificate:
    """A certificate with a GOST key, signed with a GOST key."""

    tbs: TbsCertificate
    algorithm: Algorithm
    signature: asn1.BitString


@asn1.sequence
class NoContent:
    """Encapsulated content that is not there: a detached signature."""

    kind: ObjectIdentifier


@asn1.sequence
class IssuerAndSerial:
    """Which certificate signed."""

    issuer: asn1.TLV
    serial: int


@asn1.sequence
class SignerInfo:
    """One signature, without signed attributes: it is over the content itself."""

    version: int
    signer: IssuerAndSerial
    digest: Algorithm
    algorithm: Algorithm
    signature: bytes


@asn1.sequence
class SignedData:
    """CMS SignedData, detached, with one signer and its certificate."""

    version: int
    digests: asn1.SetOf[Algorithm]
    content: NoContent
    certificates: Annotated[asn1.SetOf[asn1.TLV], asn1.Implicit(0)]
    signers: asn1.SetOf[SignerInfo]


@asn1.sequence
class ContentInfo:
    """The outermost shape of CMS."""

    kind: ObjectIdentifier
    content: Annotated[SignedData, asn1.Explicit(0)]
